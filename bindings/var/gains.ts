// Gains of everything that is held, by scenario: rows in the book's memory that all tails are made of, once for all accounts. Every
// instrument is revalued in full: futures at their moved mark, options by Black-76 at the moved forward and volatility, and all
// that is paid in an asset whose price moves at that price. Made anew when the book, the scenarios or what is held have changed.
import type { BookBase } from '../book/book.js';
import { isObject } from '../book/fields.js';
import type { TailEngine } from '../engine.js';
import { MarginError } from '../errors.js';
import { KIND, MEASURE, NONE, QUOTE, SCENARIO_BLOCK } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { larger, smaller } from '../reference/lanes.js';
import { LEAST_TIMES } from '../reference/scenario/arrays.js';
import { forwardOf, grown, isOption, markValue, paysCoin, yearsOf } from '../reference/scenario/terms.js';
import { checkColumn, checkScenarios } from './check-scenarios.js';
import { FactorMap, type Factors } from './factors.js';
import type { Scenarios } from './types.js';

/** What is held, and so needs a row: 1 by market, then by asset. */
export type Held = Uint8Array;

interface Opened {
  changes: number;
  scenarios: Scenarios;
  /** A copy, since the caller may write to theirs. */
  factors: Factors;
  held: Held;
  /** What stays where it is, as `held` counts it. */
  still: readonly number[];
}
const opened = /* @__PURE__ */ new WeakMap<BookBase, Opened>();
/** Sets that have been checked as a whole, half a million moves where there are 500 coins; the columns in use are checked each time. */
const checked = /* @__PURE__ */ new WeakSet<Scenarios>();

/** @throws MarginError engine, where the book has nothing for tails */
export function tailEngine(book: BookBase): TailEngine {
  const { tails } = book.store.engine;
  if (tails) return tails;
  throw new MarginError('engine', {
    path: 'book',
    expected: 'a book that measures value at risk',
    hint: "Make it with the Book of 'margin-kernel/var' or 'margin-kernel/reference/var'",
  });
}

/** Adds what a unit holds. */
export function addHeld(book: BookBase, u: number, held: Held): void {
  const { unit, position, balance, market } = book.store.columns;
  const p0 = unit.positionStart[u] ?? 0;
  for (let p = p0; p < p0 + (unit.positionCount[u] ?? 0); p++) {
    const m = (position.key[p] ?? 0) >>> 2;
    if (position.size[p] !== 0 && market.kind[m] !== KIND.spot) held[m] = 1;
  }
  const b0 = unit.balanceStart[u] ?? 0;
  for (let b = b0; b < b0 + (unit.balanceCount[u] ?? 0); b++) held[book.markets + (balance.asset[b] ?? 0)] = 1;
}

/** Rows of what is held, from one on, of so many. */
const rowsOf = (held: Held, from: number, count: number): number[] => {
  const rows: number[] = [];
  for (let i = 0; i < count; i++) if (held[from + i] === 1) rows.push(i);
  return rows;
};

/**
 * Makes the rows, unless they stand.
 * @returns what stays where it is, by id
 * @throws MarginError with the path of what is wrong in the scenarios; unknown-id where they do not know what is held
 */
export function openGains(book: BookBase, scenarios: Scenarios, held: Held, factors?: Factors): string[] {
  const last = opened.get(book);
  const stands =
    last && last.changes === book.changes && last.scenarios === scenarios && sameFactors(last.factors, factors)
      ? last
      : undefined;
  if (stands?.held.every((has, thing) => has >= (held[thing] ?? 0))) return stillOf(book, held, stands.still);
  // What was asked for before stays: questions about one account and another do not take turns in making rows.
  const all = held.map((asked, thing) => asked | (stands?.held[thing] ?? 0));
  if (!checked.has(scenarios)) {
    checkScenarios(scenarios);
    checked.add(scenarios);
  }
  book.refresh();
  opened.delete(book);
  const still = new Gains(book, scenarios, new FactorMap(book, scenarios, factors)).make(all);
  opened.set(book, { changes: book.changes, scenarios, factors: { ...factors }, held: all, still });
  return stillOf(book, held, still);
}

/** Whether factors that were checked are those asked for. */
function sameFactors(checked: Factors, asked: Factors = {}): boolean {
  const keys = Object.keys(checked);
  return (
    isObject(asked) && Object.keys(asked).length === keys.length && keys.every((key) => checked[key] === asked[key])
  );
}

/** Whether something of what is asked for is paid in an asset. */
function paysIn(book: BookBase, held: Held, asset: number): boolean {
  const { settle } = book.store.columns.market;
  for (let m = 0; m < book.markets; m++) if (held[m] === 1 && settle[m] === asset) return true;
  return false;
}

/** Ids of what is asked for, or pays for it, and stays where it is, whatever else the rows were made for. */
function stillOf(book: BookBase, held: Held, still: readonly number[]): string[] {
  const { markets } = book;
  return still
    .filter((thing) => held[thing] === 1 || (thing >= markets && paysIn(book, held, thing - markets)))
    .map((thing) => (thing < markets ? book.marketId(thing) : book.assetId(thing - markets)));
}

/** A column of moves as it is applied: never so low that nothing is left of the price. */
function moved(column: Float64Array, beta: number): Float64Array {
  return column.map((move) => larger(beta * move, LEAST_TIMES - 1));
}

/** Numbers of a row of gains: the scenarios and the base case, in whole blocks. */
const widthOf = ({ count }: Scenarios): number => Math.ceil((count + 1) / SCENARIO_BLOCK) * SCENARIO_BLOCK;

class Gains {
  readonly #book: BookBase;
  readonly #store: Store;
  readonly #scenarios: Scenarios;
  readonly #factors: FactorMap;
  readonly #engine: TailEngine;
  readonly #width: number;
  readonly #assets: (Float64Array | null)[] = [];
  /** Expiry whose forwards and logarithms are in `quote`, and what they were made of. */
  #quoted = { expiry: NONE as number, moves: undefined as Float64Array | undefined, beta: 0 };

  constructor(book: BookBase, scenarios: Scenarios, factors: FactorMap) {
    this.#book = book;
    this.#store = book.store;
    this.#scenarios = scenarios;
    this.#factors = factors;
    this.#engine = tailEngine(book);
    this.#width = widthOf(scenarios);
  }

  get #columns(): Columns {
    return this.#store.columns;
  }

  /** @returns what stays where it is, as `held` counts it: markets, then assets */
  make(held: Held): number[] {
    const store = this.#store;
    const ids = rowsOf(held, 0, this.#book.markets).map((m) => ({ m, factor: this.#factors.market(m) }));
    const settles = new Set(ids.map(({ m }) => this.#columns.market.settle[m] ?? 0));
    const paid = Array.from({ length: this.#book.assets }, (_, a) => a).filter(
      (a) => held[this.#book.markets + a] === 1 || settles.has(a),
    );
    for (const a of paid) {
      const column = this.#factors.asset(a);
      this.#assets[a] = column === null ? null : moved(this.#moves(column), 1);
    }
    const moving = ids.filter(({ m, factor }) => factor !== null || this.#settles(m) !== null);
    const movingAssets = paid.filter((a) => this.#assets[a]);
    const things = this.#book.markets + this.#book.assets;
    store.setCount('mover', things);
    store.setCount('gain', (moving.length + movingAssets.length) * this.#width);
    store.setCount('quote', this.#width);
    store.setCount('measure', 1);
    store.columns.measure.term[MEASURE.width] = this.#width;
    store.columns.measure.term[MEASURE.scenarios] = this.#scenarios.count;
    const { mover } = store.columns;
    mover.row.fill(0, 0, things);
    let row = 0;
    // Options of an expiry one behind the other share its forwards.
    const expiryOf = (m: number): number => this.#columns.market.expiry[m] ?? 0;
    moving.sort((a, b) => (expiryOf(a.m) === expiryOf(b.m) ? a.m - b.m : expiryOf(a.m) - expiryOf(b.m)));
    for (const { m, factor } of moving) {
      mover.row[m] = row + 1;
      const beta = factor === null || factor.own ? 1 : (this.#columns.market.beta[m] ?? 1);
      const moves = factor === null ? undefined : this.#moves(factor.column);
      if (isOption(this.#columns, m)) this.#option(m, moves, beta, factor?.column, this.#row(row));
      else this.#linear(m, moves, beta, this.#row(row));
      row++;
    }
    for (const a of movingAssets) {
      mover.row[this.#book.markets + a] = row + 1;
      const price = this.#columns.asset.price[a] ?? 0;
      (this.#assets[a] as Float64Array).forEach((move, s) => {
        this.#row(row)[s] = price * move;
      });
      row++;
    }
    return [
      ...ids.filter(({ factor }) => factor === null).map(({ m }) => m),
      ...paid.filter((a) => !this.#assets[a]).map((a) => this.#book.markets + a),
    ];
  }

  /** A column of moves, which the caller may have written to since the set was checked. */
  #moves(column: number): Float64Array {
    const values = this.#scenarios.moves[column];
    checkColumn(values, this.#scenarios.count, `scenarios.moves[${column}]`, -1);
    return values;
  }

  #row(row: number): Float64Array {
    return this.#columns.gain.value.subarray(row * this.#width, (row + 1) * this.#width);
  }

  /** Moves of what a market pays in; null: its price stays. */
  #settles(m: number): Float64Array | null {
    return this.#assets[this.#columns.market.settle[m] ?? 0] ?? null;
  }

  /** What moves with its mark; an inverse contract is a debt of 1 / mark coins. */
  #linear(m: number, moves: Float64Array | undefined, beta: number, into: Float64Array): void {
    const { market } = this.#columns;
    const settle = this.#settles(m);
    const inverse = market.kind[m] === KIND.inverse;
    const mark = market.mark[m] ?? 0;
    const worth = markValue(this.#columns, m);
    // A prediction pays 1 at most.
    const most = market.kind[m] === KIND.prediction && mark > 0 ? (1 - mark) / mark : Number.POSITIVE_INFINITY;
    for (let s = 0; s < this.#scenarios.count; s++) {
      const price = smaller(most, larger(beta * (moves?.[s] ?? 0), LEAST_TIMES - 1));
      const coin = settle?.[s] ?? 0;
      into[s] = inverse ? (worth * (price - coin)) / (1 + price) : worth * (price + coin * (1 + price));
    }
  }

  /** Forwards of an expiry by scenario, the base case behind them, and their logarithms. */
  #quote(e: number, moves: Float64Array | undefined, beta: number): void {
    const same = this.#quoted;
    if (same.expiry === e && same.moves === moves && same.beta === beta) return;
    this.#quoted = { expiry: e, moves, beta };
    const { quote } = this.#columns;
    const at = QUOTE.forward * this.#width;
    for (let s = 0; s < this.#width; s++) {
      const move = s < this.#scenarios.count ? larger(beta * (moves?.[s] ?? 0), LEAST_TIMES - 1) : 0;
      quote.column[at + s] = forwardOf(this.#columns, e, 1 + move);
    }
    this.#engine.quoteLogs(this.#store);
  }

  /** An option keeps its distance from its value, and is worth nothing at the least. */
  #option(
    m: number,
    moves: Float64Array | undefined,
    beta: number,
    factor: number | undefined,
    into: Float64Array,
  ): void {
    const columns = this.#columns;
    const { market, expiry, asset, quote } = columns;
    const e = market.expiry[m] ?? 0;
    const { count } = this.#scenarios;
    this.#quote(e, moves, beta);
    const years = yearsOf(expiry.seconds[e] ?? 0);
    const root = Math.sqrt(years);
    const volatility = market.volatility[m] ?? 0;
    const shifts = factor === undefined ? undefined : this.#scenarios.volatilities?.[factor];
    if (shifts !== undefined) checkColumn(shifts, count, `scenarios.volatilities[${factor}]`, -1);
    for (let s = 0; s < this.#width; s++) {
      const times = s < count ? larger(0, 1 + (shifts?.[s] ?? 0)) : 1;
      quote.column[QUOTE.sd * this.#width + s] = volatility * times * root;
    }
    this.#engine.quotePrices(this.#store, market.kind[m] === KIND.call, market.strike[m] ?? 0);
    const discount = expiry.discounted[e] === 0 ? 1 : grown(-((expiry.rate[e] ?? 0) * years));
    const inCoin = paysCoin(columns, m);
    const spot = asset.price[expiry.asset[e] ?? 0] ?? 0;
    const pays = asset.price[market.settle[m] ?? 0] ?? 0;
    const multiplier = market.multiplier[m] ?? 1;
    const gap = market.gap[m] ?? 0;
    const settle = this.#settles(m);
    const worth = (s: number): number => {
      const price = discount * (quote.column[QUOTE.price * this.#width + s] ?? 0);
      const coin = s < count ? (settle?.[s] ?? 0) : 0;
      // What pays coin is worth the same in quote whatever the coin's price; its gap is in coin.
      const coins = inCoin && spot > 0 ? price / (spot * (1 + coin)) : inCoin ? 0 : price;
      return multiplier * (pays * (1 + coin)) * (larger(coins, 0 - gap) + gap);
    };
    const base = worth(count);
    for (let s = 0; s < count; s++) into[s] = worth(s) - base;
  }
}
