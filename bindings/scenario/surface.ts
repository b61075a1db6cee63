// What an account gains as prices and volatilities move: a surface over both, and curves over the price, now and at later dates.
// Said from the account's side: a profit is positive.
import type { BookBase } from '../book/book.js';
import { decimal, Fields, type Range } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { KIND, NONE } from '../layout.js';
import { checkBook } from '../margin.js';
import { type Holding, NOW, type Point, Revaluation } from './revalue.js';

/** Relative moves: -0.1 is a fall of 10 %. */
export type Moves = readonly number[] | Float64Array;

/** An underlying that moves, and where it stands now, in quote. */
export interface MovedUnderlying {
  /** Its name. */
  underlying: string;
  /** Price now, quote. */
  spot: number;
}

/** The grid of a profit surface. */
export interface SurfaceOptions {
  /** Relative moves of the spot, -1 or more; forwards and linear markets move with it. Prices stop a millionth above 0. */
  prices: Moves;
  /** Relative moves of volatilities, -1 or more: volatility * (1 + move). */
  volatilities: Moves;
  /** The only underlying that moves; default: all that the account holds, by the same share. */
  underlying?: string;
  /** true: the profit of each position and balance as well. */
  legs?: boolean;
}

/** A position, or a balance that moves, and what it gains: as many numbers as the whole. */
export interface ProfitLeg extends Holding {
  /** Numeraire, against now; in the order of the whole's. */
  profit: Float64Array;
}

/** Profits of an account by moves of prices and of volatilities. */
export interface ProfitSurface {
  /** Its id. */
  account: string;
  /** What moves. */
  underlyings: MovedUnderlying[];
  /** Relative moves of the spot, as asked. */
  prices: Float64Array;
  /** Relative moves of volatilities, as asked. */
  volatilities: Float64Array;
  /** Numeraire, against now. Row-major, a row a volatility: `profit[v * prices.length + p]`. */
  profit: Float64Array;
  /** Their sum in this order is `profit`. */
  legs?: ProfitLeg[];
}

/** The prices and dates of profit curves. */
export interface CurveOptions {
  /** Relative moves of the spot, -1 or more. */
  prices: Moves;
  /** Days from now, 0 or more; default: now and every expiry that the account holds. */
  days?: Moves;
  /** The only underlying that moves; default: all that the account holds, by the same share. */
  underlying?: string;
}

/** Profits of an account by price, a curve a date. */
export interface ProfitCurve {
  /** Its id. */
  account: string;
  /** What moves. */
  underlyings: MovedUnderlying[];
  /** Relative moves of the spot, as asked. */
  prices: Float64Array;
  /** One a date, the next first. */
  curves: {
    days: number;
    /** Ids of what expires on it. */
    expiries: string[];
    /** Numeraire, against now; one a price. */
    profit: Float64Array;
  }[];
}

const AT_LEAST_ALL: Range = { min: -1 };
const DAYS: Range = { min: 0, max: 1e6 };
const DAY = 86_400;
/** Points of a surface or of all curves; more would be a mistake. */
const MOST_POINTS = 1_000_000;

function numbersOf(f: Fields, key: string, range: Range): Float64Array {
  const value = f.raw(key);
  if (value === undefined) throw new MarginError('missing-key', { path: f.at(key), expected: 'a list of numbers' });
  if (!Array.isArray(value) && !(value instanceof Float64Array))
    throw new MarginError('type', { path: f.at(key), got: value, expected: 'a list of numbers' });
  const list = value as Moves;
  if (list.length === 0) throw new MarginError('range', { path: f.at(key), got: [], expected: 'at least one number' });
  return Float64Array.from(list, (x, i) => decimal(x, `${f.at(key)}[${i}]`, range));
}

interface Head {
  account: string;
  underlyings: MovedUnderlying[];
}

/** What is asked of one account, with prices moved and put back. */
class Question {
  readonly #book: BookBase;
  readonly #account: number;
  readonly #scope: number;

  /** @throws MarginError unknown-id */
  constructor(book: BookBase, account: string | number, f: Fields) {
    checkBook(book);
    this.#book = book;
    this.#account = book.account(account);
    book.refresh();
    this.#scope = f.has('underlying') ? book.underlying(f.string('underlying'), f.at('underlying')) : NONE;
  }

  #spotOf(underlying: number): number {
    const { market, asset, expiry } = this.#book.store.columns;
    for (let m = 0; m < this.#book.markets; m++) {
      if (market.underlying[m] !== underlying) continue;
      const e = market.expiry[m] ?? NONE;
      if ((market.kind[m] ?? 0) >= KIND.call) return asset.price[expiry.asset[e] ?? 0] ?? 0;
      return market.index[m] ?? 0;
    }
    for (let a = 0; a < this.#book.assets; a++) if (asset.underlying[a] === underlying) return asset.price[a] ?? 0;
    return 0;
  }

  /** Runs `work` on the account's holdings and says whose they are; prices stand where they stood after it. */
  ask<T>(work: (of: Revaluation) => T): Head & T {
    const of = new Revaluation(this.#book, this.#book.unitsOf(this.#account), this.#scope);
    // Before anything moves.
    const head: Head = {
      account: this.#book.accountId(this.#account),
      underlyings: of.underlyings.map((u) => ({ underlying: this.#book.underlyingId(u), spot: this.#spotOf(u) })),
    };
    try {
      return { ...head, ...work(of) };
    } finally {
      of.close();
    }
  }
}

/** Profit of each row at each point, a row's numbers together; and their sums. */
function profits(of: Revaluation, points: readonly Point[]): { legs: Float64Array[]; sum: Float64Array } {
  const base = of.at(NOW);
  const legs = of.rows.map(() => new Float64Array(points.length));
  const sum = new Float64Array(points.length);
  points.forEach((point, i) => {
    const values = of.at(point);
    let total = 0;
    values.forEach((value, row) => {
      const profit = value - (base[row] ?? 0);
      (legs[row] as Float64Array)[i] = profit;
      total += profit;
    });
    sum[i] = total + 0;
  });
  return { legs, sum };
}

function checkCount(points: number, path: string): void {
  if (points > MOST_POINTS)
    throw new MarginError('too-many', { path, got: points, expected: `at most ${MOST_POINTS} points` });
}

/**
 * What an account gains for moves of the spot and of volatilities, against now: its positions at their marks, options valued
 * anew, and balances in what moves. What an account is paid in coin is worth the coin's price after the move.
 * @param account - id or row; its isolated buckets count too
 * @returns profits in the numeraire, gains positive
 * @throws MarginError unknown-id; type, not-finite, range and missing-key with the path of the move
 * @example
 * const { profit } = profitSurface(book, 'a1', { prices: [-0.1, 0, 0.1], volatilities: [0, 0.5] });
 * console.log(profit[0]); // -10
 */
export function profitSurface(book: BookBase, account: string | number, options: SurfaceOptions): ProfitSurface {
  const f = new Fields(options, 'options', ['prices', 'volatilities', 'underlying', 'legs']);
  const prices = numbersOf(f, 'prices', AT_LEAST_ALL);
  const volatilities = numbersOf(f, 'volatilities', AT_LEAST_ALL);
  const withLegs = f.boolean('legs', false);
  checkCount(prices.length * volatilities.length, 'options.prices');
  const question = new Question(book, account, f);
  return question.ask((of) => {
    const points = Array.from(volatilities).flatMap((volatility) =>
      Array.from(prices, (price): Point => ({ price, volatility, seconds: 0 })),
    );
    const { legs, sum } = profits(of, points);
    const told = of.rows.map(({ holding }, row): ProfitLeg => ({ ...holding, profit: legs[row] as Float64Array }));
    return { prices, volatilities, profit: sum, ...(withLegs ? { legs: told } : {}) };
  });
}

/**
 * What an account gains at other prices of the spot: now, and on later dates, the expiries of what it holds if none are named.
 * On a date that an option expires it is worth its payoff at that price, also on later ones. Forwards near the spot evenly, in
 * logarithms; volatilities stay.
 * @param account - id or row
 * @returns a curve a date; profits in the numeraire against now, gains positive
 * @throws MarginError unknown-id; type, not-finite, range and missing-key with the path of the move or day
 * @example
 * const { curves } = profitCurve(book, 'a1', { prices: [-0.2, -0.1, 0, 0.1, 0.2] });
 * console.log(curves.map(({ days, profit }) => [days, profit[4]])); // [ [ 0, 20 ] ]
 */
export function profitCurve(book: BookBase, account: string | number, options: CurveOptions): ProfitCurve {
  const f = new Fields(options, 'options', ['prices', 'days', 'underlying']);
  const prices = numbersOf(f, 'prices', AT_LEAST_ALL);
  const given = f.has('days') ? numbersOf(f, 'days', DAYS) : undefined;
  const question = new Question(book, account, f);
  return question.ask((of) => {
    const seconds = given ? Array.from(given, (day) => day * DAY) : [0, ...of.expiries.map((e) => e.seconds)];
    const dates = [...new Set(seconds)].sort((x, y) => x - y);
    checkCount(prices.length * dates.length, 'options.prices');
    const points = dates.flatMap((time) =>
      Array.from(prices, (price): Point => ({ price, volatility: 0, seconds: time })),
    );
    const { sum } = profits(of, points);
    return {
      prices,
      curves: dates.map((time, d) => ({
        days: time / DAY,
        expiries: of.expiries.filter((e) => e.seconds === time).map(({ row }) => book.expiryId(row)),
        profit: sum.slice(d * prices.length, (d + 1) * prices.length),
      })),
    };
  });
}
