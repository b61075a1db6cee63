// Positions by how far their market may move before their unit is liquidatable: made from the columns of all of them, with the
// certificate of a row when somebody asks for it. Text, JSON and page read this.
import type { BookBase } from '../book/book.js';
import { type LiquidationPrice, liquidationPrices } from '../liquidation.js';
import { type Margin, margin } from '../margin.js';
import { ROOT } from '../reference/lanes.js';
import { eachHeld } from '../watch/views/held.js';
import { evenMoves, type LiquidationLadder, ladderOf } from '../watch/views/ladder.js';
import { largest } from './collect.js';
import { LIQUIDATABLE } from './model.js';
import { type LevelName, priceAt, priceNow, pricesOf } from './prices.js';
import { type HeldMarket, heldMarkets, sumAt } from './reach.js';

/** A position with its prices and their certificates. */
export interface PriceRow extends LiquidationPrice {
  account: string;
  /** |size| at the mark, numeraire. */
  notional: number;
  /** Share of the mark that it may move before the unit is liquidatable: 0 where it is so now, null where no move does it. */
  distance: number | null;
}

/** What a move of so large a share of the mark, each market alone, makes liquidatable that is not so now. */
export interface Move {
  share: number;
  down: { positions: number; notional: number };
  up: { positions: number; notional: number };
}

/** Moves of the summary, as shares of the mark; steps of the ladder that has them all. */
const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
export const REACH = 0.5;
export const STEPS = 100;

export interface Ranking {
  title: string;
  numeraire: string;
  time: string | null;
  level: LevelName;
  /** The only account that was asked for. */
  account: string | null;
  size: { accounts: number; units: number; positions: number };
  /** Accounts with a unit below the requirement, in book order. */
  liquidatable: string[];
  /** Positions of units below it, largest first; the others, nearest first, those without a price last. Numbers for `row`. */
  ill: number[];
  near: number[];
  counts: { liquidatable: number; priced: number; without: number };
  /** Notional at the mark of the positions of units below the requirement. */
  illNotional: number;
  seconds: number;
  row(i: number): PriceRow;
  /** Every position of a healthy unit that has a price: its move (a fall is negative) and its notional. */
  eachMove(visit: (move: number, notional: number) => void): void;
  /** Markets that are held, the largest first, and what their moves make liquidatable: `STEPS` each way, up to `REACH`. */
  markets: HeldMarket[];
  ladder: LiquidationLadder;
  moves: Move[];
}

export interface Question {
  title: string;
  level: LevelName;
  /** Rows of `ill` and of `near` at most. */
  most: number;
  account?: string;
  done?: (units: number) => void;
}

/** Accounts whose prices are kept for the next row of the same account. */
const MOST_KEPT = 10_000;

const isIll = (code: number): boolean => (code & ROOT.liquidatable) !== 0;

/** Distance of the nearer price as a share of the mark, null where there is none. */
function distanceOf(mark: number, down: number | null, up: number | null): number | null {
  const fall = down === null ? Number.POSITIVE_INFINITY : (mark - down) / mark;
  const rise = up === null ? Number.POSITIVE_INFINITY : (up - mark) / mark;
  const least = Math.min(fall, rise);
  return Number.isFinite(least) ? least : null;
}

/** Whether a unit is below its requirement of the level. */
function below(risk: Margin, level: LevelName, unit: number): boolean {
  if (level === 'maintenance') return ((risk.status[unit] as number) & 3) >= LIQUIDATABLE;
  const [collateral, need] =
    level === 'initial' ? [risk.initialCollateral, risk.initialMargin] : [risk.endCollateral, risk.endMargin];
  return (collateral[unit] as number) < (need[unit] as number);
}

/** What is held, a position an entry. */
interface Held {
  row: Uint32Array;
  unit: Uint32Array;
  notional: Float64Array;
}

function heldOf(book: BookBase, units: readonly number[] | null): Held {
  const rows: number[] = [];
  const owners: number[] = [];
  const notional: number[] = [];
  const add = (unit: number): void =>
    eachHeld(book.store.columns, unit, (p, _, __, value) => {
      rows.push(p);
      owners.push(unit);
      notional.push(value);
    });
  if (units) units.forEach(add);
  else for (let u = 0; u < book.units; u++) add(u);
  return { row: Uint32Array.from(rows), unit: Uint32Array.from(owners), notional: Float64Array.from(notional) };
}

/** Prices with certificates, an account at a time, kept while rows of it may follow. */
function certificates(book: BookBase, level: LevelName): (unit: number, row: number) => LiquidationPrice {
  const kept = new Map<number, LiquidationPrice[]>();
  return (unit, row) => {
    const account = book.unitAccount(unit);
    let prices = kept.get(account);
    if (!prices) {
      if (kept.size >= MOST_KEPT) kept.clear();
      prices = liquidationPrices(book, account, { level });
      kept.set(account, prices);
    }
    const { market, side } = book.position(row);
    const [id, bucket] = [book.marketId(market), book.unitBucket(unit)];
    return prices.find((p) => p.market === id && p.side === side && p.bucket === bucket) as LiquidationPrice;
  };
}

/** Ids of the accounts of some units, each once. */
function accountsOf(book: BookBase, units: readonly number[]): string[] {
  const rows = Uint32Array.from(new Set(units.map((u) => book.unitAccount(u)))).sort();
  return Array.from(rows, (account) => book.accountId(account));
}

function unitsBelow(book: BookBase, risk: Margin, level: LevelName, units: readonly number[] | null): number[] {
  const found: number[] = [];
  if (units) return units.filter((u) => below(risk, level, u));
  for (let u = 0; u < book.units; u++) if (below(risk, level, u)) found.push(u);
  return found;
}

/** Margins the book and asks for all its prices, or those of one account. @throws MarginError unknown-id */
export function rank(book: BookBase, { title, level, most, account, done }: Question): Ranking {
  const start = performance.now();
  const units = account === undefined ? null : book.unitsOf(account);
  const liquidatable = accountsOf(book, unitsBelow(book, margin(book), level, units));
  const prices = pricesOf(book, units, level, done);
  const { row, unit, notional } = heldOf(book, units);
  const { position } = book.store.columns;
  const marketOf = (i: number): number => (position.key[row[i] as number] as number) >>> 2;
  const markOf = (i: number): number => priceNow(book, marketOf(i));
  const ends = (i: number): [down: number | null, up: number | null] => {
    const { down, up } = priceAt(prices, row[i] as number);
    return [down, up];
  };
  const all = Uint32Array.from(row, (_, i) => i);
  const ill = all.filter((i) => isIll(prices.code[row[i] as number] as number));
  const well = all.filter((i) => !isIll(prices.code[row[i] as number] as number));
  const distance = Float64Array.from(row, (_, i) => distanceOf(markOf(i), ...ends(i)) ?? Number.POSITIVE_INFINITY);
  const priced = well.reduce((n, i) => n + (Number.isFinite(distance[i]) ? 1 : 0), 0);
  const ladder = ladderOf(book, prices, evenMoves(REACH, STEPS), units ?? undefined);
  const seconds = (performance.now() - start) / 1000;
  const held = new Float64Array(book.markets);
  row.forEach((_, i) => {
    held[marketOf(i)] = (held[marketOf(i)] as number) + (notional[i] as number);
  });
  const certified = certificates(book, level);
  const eachMove: Ranking['eachMove'] = (visit) => {
    for (const i of well)
      for (const end of ends(i)) if (end !== null) visit((end - markOf(i)) / markOf(i), notional[i] as number);
  };
  return {
    title,
    numeraire: book.numeraire,
    time: book.time ?? null,
    level,
    account: account ?? null,
    size: {
      accounts: units ? 1 : book.accounts,
      units: units ? units.length : book.units,
      positions: row.length,
    },
    liquidatable,
    ill: largest(ill, (i) => notional[i] as number, most),
    near: largest(well, (i) => -(distance[i] as number), most),
    counts: { liquidatable: ill.length, priced, without: well.length - priced },
    illNotional: ill.reduce((sum, i) => sum + (notional[i] as number), 0),
    seconds,
    row: (i) => {
      const price = certified(unit[i] as number, row[i] as number);
      return {
        account: book.accountId(book.unitAccount(unit[i] as number)),
        ...price,
        notional: notional[i] as number,
        distance: price.status === 'liquidatable' ? 0 : distanceOf(price.mark, price.down, price.up),
      };
    },
    eachMove,
    markets: heldMarkets(book, (m) => held[m] as number),
    ladder,
    moves: SHARES.map((share): Move => ({ share, down: sumAt(ladder, -share), up: sumAt(ladder, share) })),
  };
}
