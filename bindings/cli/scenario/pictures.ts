// What the page draws of an account that a model margins: its profit over prices and volatilities, where the scenarios of its model
// stand among them, its profit by price now and at expiries, and where it is liquidated. Only drawn, never computed with.
import type { BookBase } from '../../book/book.js';
import { KIND } from '../../layout.js';
import { liquidationPrices } from '../../liquidation.js';
import {
  type ModelJSON,
  type MovedUnderlying,
  type ProfitCurve,
  type ProfitSurface,
  profitCurve,
  profitSurface,
  scenarioTable,
  volatilityMove,
} from '../../scenario.js';
import { priceNow } from '../prices.js';
import type { Modelled } from './modelled.js';

/** Half widths of the surface: price moves, and volatility moves up and down. The first that holds the model's own is taken. */
const PRICE_REACH = [0.1, 0.16, 0.2, 0.24, 0.32, 0.4] as const;
const UP_REACH = [0.25, 0.5, 0.75, 1, 1.5, 2] as const;
const DOWN_REACH = [0.25, 0.5, 0.75] as const;
/** Steps from the middle of the surface to its edges. */
export const GRID = { wide: { price: 8, volatility: 4 }, narrow: { price: 2, volatility: 2 } } as const;
/** A curve goes further than the surface, in so many steps each way. */
const CURVE_REACH = 1.75;
const CURVE_STEPS = 48;
const MOST_CURVES = 3;
/** Expiries with a line of their own. */
const MOST_DATES = 4;
const DAY = 86_400;

/** A scenario of the model where it stands on the surface. */
export interface Mark {
  price: number;
  volatility: number;
  what: string;
  gain: number;
  /** Counts in full. */
  full: boolean;
}

/** A scenario that decides, where it moves the underlying that it decides for; null: all that is held. */
export interface Ring {
  price: number;
  volatility: number;
  underlying: string | null;
}

/** Profit by the price of one underlying. */
export interface UnderlyingCurve {
  underlying: string;
  spot: number;
  curve: ProfitCurve;
  /** Whether the account is liquidatable now; and if not the prices of the underlying at which it is, null: none. */
  liquidatable: boolean;
  down: number | null;
  up: number | null;
  /** Strikes that are held, with what is held of them: below 0 it is short. */
  strikes: { strike: number; size: number }[];
}

export interface Picture extends Modelled {
  /** Its number among the pictures, for ids on the page. */
  id: string;
  /** Nothing where no option is held: no volatility counts then. */
  surface: { wide: ProfitSurface; narrow: ProfitSurface } | null;
  marks: Mark[];
  rings: Ring[];
  curves: UnderlyingCurve[];
}

/** An option that the unit holds, as moves of volatility see it. */
interface Held {
  underlying: string;
  strike: number;
  size: number;
  weight: number;
  volatility: number;
  seconds: number;
}

function heldOptions(book: BookBase, unit: number): Held[] {
  const { unit: units, position, market, expiry } = book.store.columns;
  const held: Held[] = [];
  const first = units.positionStart[unit] as number;
  for (let p = first; p < first + (units.positionCount[unit] as number); p++) {
    const m = (position.key[p] as number) >>> 2;
    const size = position.size[p] as number;
    if ((market.kind[m] as number) < KIND.call || size === 0) continue;
    held.push({
      underlying: book.underlyingId(market.underlying[m] as number),
      strike: market.strike[m] as number,
      size,
      weight: Math.abs(size) * (market.multiplier[m] as number) * priceNow(book, m),
      volatility: market.volatility[m] as number,
      seconds: expiry.seconds[market.expiry[m] as number] as number,
    });
  }
  return held;
}

/** Relative moves of an option's volatility, by the names of moves. Skews go both ways and are drawn where nothing moves. */
function moverOf(model: ModelJSON): (name: string | null, held: Held) => number {
  const sizes = new Map<string, number>();
  return (name, { seconds, underlying, volatility }) => {
    const move = name === null ? undefined : model.volatility?.[name];
    if (name === null || !move || 'skew' in move) return 0;
    const key = `${name} ${underlying} ${seconds}`;
    const size = sizes.get(key) ?? volatilityMove(model, name, { days: seconds / DAY, underlying });
    sizes.set(key, size);
    return Math.max(-1, 'scale' in move ? size : volatility === 0 ? 0 : size / volatility);
  };
}

function marksOf({ model, explanation, words }: Modelled, held: readonly Held[], underlying: string): Mark[] {
  const weight = held.reduce((sum, each) => sum + each.weight, 0);
  const mover = moverOf(model);
  return scenarioTable(model, underlying).map(({ move, volatility, weight: counts }, index) => ({
    price: Math.max(-1, move),
    // A mean over what is held, by what it is on.
    volatility: weight === 0 ? 0 : held.reduce((sum, each) => sum + each.weight * mover(volatility, each), 0) / weight,
    what: words({ index }),
    gain: explanation.scenarios[index]?.gain ?? 0,
    full: counts === 1,
  }));
}

/** Each underlying has moves of its own, and is ringed at them. */
function ringsOf(row: Modelled, held: readonly Held[], first: string): Ring[] {
  const rings = new Map<string, Ring>();
  const marks = new Map<string | null, Mark[]>();
  for (const { index, underlying } of row.deciding) {
    const own = underlying === null ? held : held.filter((each) => each.underlying === underlying);
    const table = marks.get(underlying) ?? marksOf(row, own, underlying ?? first);
    marks.set(underlying, table);
    const mark = table[index];
    const key = JSON.stringify([index, underlying]);
    if (mark) rings.set(key, { price: mark.price, volatility: mark.volatility, underlying });
  }
  return [...rings.values()];
}

const reachOf = (reaches: readonly number[], sizes: readonly number[]): number =>
  reaches.find((reach) => sizes.every((size) => size <= reach * 1.001)) ?? (reaches.at(-1) as number);

/** Evenly spaced moves; up and down may reach differently far. */
const movesOf = (steps: number, down: number, up: number): number[] =>
  Array.from({ length: 2 * steps + 1 }, (_, i) =>
    i < steps ? (-down * (steps - i)) / steps : (up * (i - steps)) / steps,
  );

/** What moves the account, the largest deltas of positions first. */
function underlyingsOf(book: BookBase, { account, explanation }: Modelled): MovedUnderlying[] {
  const delta = ({ underlying }: MovedUnderlying): number => {
    const found = explanation.deltas.find((each) => each.underlying === underlying);
    return found ? found.gross * found.spot : 0;
  };
  const { underlyings } = profitCurve(book, account, { prices: [0], days: [0] });
  return underlyings.sort((a, b) => delta(b) - delta(a));
}

/** Where the account is liquidated as the price of an underlying moves: any of its markets says so. */
function endsOf(
  book: BookBase,
  { account, bucket }: Modelled,
  underlying: string,
  spot: number,
): Pick<UnderlyingCurve, 'liquidatable' | 'down' | 'up'> {
  const { market } = book.store.columns;
  const row = book.underlying(underlying);
  const found = liquidationPrices(book, account).find(
    (price) => price.bucket === bucket && price.size !== 0 && market.underlying[book.market(price.market)] === row,
  );
  const liquidatable = found?.status === 'liquidatable';
  if (!found || liquidatable) return { liquidatable, down: null, up: null };
  const now = found.mark;
  const asSpot = (price: number | null): number | null => (price === null ? null : (price / now) * spot);
  return { liquidatable, down: asSpot(found.down), up: asSpot(found.up) };
}

function curveOf(
  book: BookBase,
  row: Modelled,
  { underlying, spot }: MovedUnderlying,
  reach: number,
  held: readonly Held[],
): UnderlyingCurve {
  const own = held.filter((each) => each.underlying === underlying);
  // A payoff has its corners at the strikes.
  const corners = own.map(({ strike }) => strike / spot - 1).filter((move) => Math.abs(move) < reach);
  const prices = [...new Set([...movesOf(CURVE_STEPS, reach, reach), ...corners])].sort((a, b) => a - b);
  const curve = profitCurve(book, row.account, { prices, underlying });
  const strikes = new Map<number, number>();
  for (const { strike, size } of own) strikes.set(strike, (strikes.get(strike) ?? 0) + size);
  const dates = curve.curves.slice(0, MOST_DATES);
  // The last expiry is what it all ends with: it is drawn before those in between.
  const last = curve.curves.at(-1);
  if (last && curve.curves.length > MOST_DATES) dates[MOST_DATES - 1] = last;
  return {
    underlying,
    spot,
    curve: { ...curve, curves: dates },
    ...endsOf(book, row, underlying, spot),
    strikes: [...strikes].map(([strike, size]) => ({ strike, size })).sort((a, b) => a.strike - b.strike),
  };
}

/** Pictures of units that models margin; isolated buckets are drawn with their accounts. */
export function picturesOf(book: BookBase, rows: readonly Modelled[]): Picture[] {
  return rows
    .filter(({ bucket }) => bucket === 0)
    .map((row, i) => {
      const held = heldOptions(book, book.unit(row.account, row.bucket));
      const underlyings = underlyingsOf(book, row);
      const first = underlyings[0]?.underlying ?? '*';
      const marks = marksOf(row, held, first);
      const whole = marks.filter(({ full }) => full);
      const reach = reachOf(
        PRICE_REACH,
        whole.map(({ price }) => Math.abs(price)),
      );
      const up = reachOf(
        UP_REACH,
        whole.map(({ volatility }) => volatility),
      );
      const down = reachOf(
        DOWN_REACH,
        whole.map(({ volatility }) => -volatility),
      );
      const surface = ({ price, volatility }: (typeof GRID)['wide' | 'narrow']): ProfitSurface =>
        profitSurface(book, row.account, {
          prices: movesOf(price, reach, reach),
          volatilities: movesOf(volatility, down, up),
        });
      return {
        ...row,
        id: String(i + 1),
        surface: held.length === 0 ? null : { wide: surface(GRID.wide), narrow: surface(GRID.narrow) },
        marks,
        rings: ringsOf(row, held, first),
        curves: underlyings.slice(0, MOST_CURVES).map((each) => curveOf(book, row, each, reach * CURVE_REACH, held)),
      };
    });
}
