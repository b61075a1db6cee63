// The venue of real tables and real prices: perpetual markets of a leverage-tier file, marked at a day's closes. What has no
// close that day is left out by name; what is assumed is said.

import { parseLeverageTiers, parseSymbol, unitsOf } from '../../adapters/ccxt.js';
import { type Closes, closeOn, dayOf, parseCloses } from '../../adapters/closes.js';
import type { AssetJSON, Bracket } from '../../book/types.js';
import { MarginError } from '../../errors.js';
import { COLLATERAL } from './synthetic.js';
import { HISTORY_DAYS, type LeftOut, lotsFor, type Seat, STABLE, stepsFor, type Venue } from './venue.js';

export interface RealSource {
  bracketsText: string;
  bracketsName: string;
  closesText: string;
  closesName: string;
  date: string;
}

/** Coins that open interest gathers in; the others share what is left evenly. */
const POPULARITY: Record<string, number> = { BTC: 30, ETH: 22, SOL: 8, BNB: 4, XRP: 4, DOGE: 4 };

/** Closes of the thirty days up to a row, in units of the contract's base. */
function pathOf(closes: Closes, symbol: string, row: number, units: number): Float64Array | null {
  const days = Math.min(HISTORY_DAYS, row);
  const path = new Float64Array(days + 1);
  for (let d = 0; d <= days; d++) path[d] = (closeOn(closes, symbol, row - days + d) ?? Number.NaN) * units;
  return (path[days] as number) > 0 ? path : null;
}

class Sieve {
  readonly #names = new Map<string, Set<string>>();
  put(reason: string, name: string): null {
    const names = this.#names.get(reason) ?? new Set();
    this.#names.set(reason, names.add(name));
    return null;
  }
  get leftOut(): LeftOut[] {
    return [...this.#names].map(([reason, names]) => ({ reason, names: [...names].sort() }));
  }
}

function seatOf(symbol: string, brackets: Bracket[], closes: Closes, row: number, sieve: Sieve): Seat | null {
  const parts = parseSymbol(symbol);
  if (!parts) return sieve.put('not the symbol of a derivative (BASE/QUOTE:SETTLE)', symbol);
  const { base, quote, settle, expiry } = parts;
  if (expiry !== null) return sieve.put('dated contracts, only perpetual ones are taken', symbol);
  const { asset, units } = unitsOf(base);
  const whole = closes.symbols.includes(base) ? { asset: base, units: 1 } : { asset, units };
  const path = pathOf(closes, whole.asset, row, whole.units);
  if (!path) {
    const known = closes.symbols.includes(whole.asset);
    const reason = known ? 'in the closes, but without a price on that day' : 'not in the closes';
    return sieve.put(`base asset ${reason}`, base);
  }
  let marks = path;
  if (!STABLE.has(quote)) {
    // Quoted in a coin: the closes are dollars, so the mark is the ratio of two of them.
    const quoted = pathOf(closes, quote, row, 1);
    if (!quoted) return sieve.put('quote asset without a price on that day', symbol);
    marks = path.map((price, d) => price / (quoted[d] as number));
  }
  if (settle !== quote) return sieve.put('inverse and quanto contracts, whose size the tables do not tell', symbol);
  const mark = marks[marks.length - 1] as number;
  return {
    market: { id: symbol, kind: 'linear', underlying: whole.asset, quote, settle, mark, brackets },
    path: marks,
    funding: null,
    lots: lotsFor(STABLE.has(quote) ? mark : (path[path.length - 1] as number)),
    ticks: stepsFor(mark, 6),
    popularity: (POPULARITY[whole.asset] ?? 1) * (settle === 'USDT' ? 1 : 0.2),
  };
}

/**
 * Builds the venue of a day.
 * @throws MarginError where a file is malformed or the day is not in it
 */
export function realVenue(source: RealSource): Venue {
  const tables = parseLeverageTiers(source.bracketsText, source.bracketsName);
  const closes = parseCloses(source.closesText, { path: source.closesName });
  const row = dayOf(closes, source.date);
  const sieve = new Sieve();
  const seats = [...tables].flatMap(([symbol, brackets]) => seatOf(symbol, brackets, closes, row, sieve) ?? []);
  if (seats.length === 0) {
    const expected = 'at least one perpetual market whose base asset has a close on the day';
    throw new MarginError('conflict', {
      path: source.bracketsName,
      expected,
      hint: `${source.closesName} has: ${closes.symbols.join(', ')}`,
    });
  }

  const notes = [`Bracket tables: ${source.bracketsName}. Closes of ${source.date}: ${source.closesName}.`];
  const prices = new Map<string, Float64Array>();
  const held = new Set([
    ...Object.keys(COLLATERAL),
    ...seats.flatMap((s) => [s.market.settle, s.market.quote as string]),
  ]);
  for (const id of held) {
    const path = pathOf(closes, id, row, 1);
    if (path) prices.set(id, path);
    else if (STABLE.has(id)) {
      prices.set(id, new Float64Array(Math.min(HISTORY_DAYS, row) + 1).fill(1));
      notes.push(`${id} has no close on ${source.date}: taken at 1.`);
    }
  }
  for (const id of ['USDT', 'USDC']) {
    const price = closeOn(closes, id, row);
    if (price !== null && prices.has(id)) notes.push(`${id} at its own close: ${price}.`);
  }
  notes.push(
    'The accounts are invented: entered at closes of the thirty days before, margin calls met at the close of the day before.',
  );
  notes.push('Closes are dollar prices; they stand as the marks of contracts quoted in a stablecoin.');
  const assets = [...prices].map(
    ([id, path]): AssetJSON => ({ id, price: path[path.length - 1] as number, ...COLLATERAL[id] }),
  );
  return {
    name: `venue of ${source.date}`,
    numeraire: 'USD',
    time: `${source.date}T00:00:00Z`,
    assets,
    markets: seats.map((s) => s.market),
    seats,
    spots: [],
    orders: true,
    prices,
    notes,
    leftOut: sieve.leftOut,
  };
}
