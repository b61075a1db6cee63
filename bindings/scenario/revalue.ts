// What an account holds, valued at other prices, volatilities and times: prices are set in the book's own columns, options are
// valued by the code of the risk arrays, and everything is put back. Used by surface.ts; nothing else of the book is touched.
import type { BookBase } from '../book/book.js';
import { KIND, NONE } from '../layout.js';
import type { Columns } from '../memory.js';
import { larger, smaller } from '../reference/lanes.js';
import { pow } from '../reference/numeric/pow.js';
import { LEAST_TIMES, optionValue } from '../reference/scenario/arrays.js';
import { amountOf, isOption, markValue } from '../reference/scenario/terms.js';

/** Something that the account holds: a position, or a balance whose price moves. */
export interface Holding {
  /** Id of the position's market; of a balance none. */
  market?: string;
  /** Id of the balance's asset; of a position none. */
  asset?: string;
  /** 0: the cross unit; isolated from 1. */
  bucket: number;
  /** Signed contracts, or units of the asset. */
  size: number;
}

interface Row {
  /** Value at the prices in the columns, numeraire; its premium or entry is paid. */
  value(): number;
  holding: Holding;
}

/** A point: relative moves of prices and of volatilities, and seconds from now. */
export interface Point {
  price: number;
  volatility: number;
  seconds: number;
}

export const NOW: Point = { price: 0, volatility: 0, seconds: 0 };

/** Share of `seconds` that is left after `passed`; all of it where nothing has passed. */
const leftOf = (seconds: number, passed: number): number =>
  passed === 0 ? 1 : seconds > passed ? (seconds - passed) / seconds : 0;

export class Revaluation {
  readonly rows: readonly Row[];
  /** Underlyings that move, as numbers. */
  readonly underlyings: readonly number[];
  /** Seconds that are left of the expiries that are held, by row; rising. */
  readonly expiries: readonly { row: number; seconds: number }[];
  readonly #columns: Columns;
  /** Sets one price, volatility or time to a point. */
  readonly #setters: ((at: Point) => void)[] = [];
  readonly #undo: (() => void)[] = [];

  /** @param scope - underlying that moves, or NONE for all of them; unit values of the book must be new */
  constructor(book: BookBase, units: readonly number[], scope: number) {
    this.#columns = book.store.columns;
    const { unit, position, balance, market, asset, expiry } = this.#columns;
    const rows: Row[] = [];
    const markets = new Set<number>();
    const assets = new Set<number>();
    const inScope = (underlying: number): boolean => underlying !== NONE && (scope === NONE || underlying === scope);
    const moves = (a: number): boolean => inScope(asset.underlying[a] ?? NONE);
    for (const u of units) {
      const bucket = book.unitBucket(u);
      const p0 = unit.positionStart[u] ?? 0;
      for (let p = p0; p < p0 + (unit.positionCount[u] ?? 0); p++) {
        const m = (position.key[p] ?? 0) >>> 2;
        const size = position.size[p] ?? 0;
        if (market.kind[m] === KIND.spot || (size === 0 && position.cost[p] === 0)) continue;
        markets.add(m);
        assets.add(market.settle[m] ?? NONE);
        rows.push({ value: () => this.#position(p, m), holding: { market: book.marketId(m), bucket, size } });
      }
      const b0 = unit.balanceStart[u] ?? 0;
      for (let b = b0; b < b0 + (unit.balanceCount[u] ?? 0); b++) {
        const a = balance.asset[b] ?? 0;
        const size = amountOf(this.#columns, b);
        if (size === 0 || !moves(a)) continue;
        assets.add(a);
        rows.push({ value: () => size * (asset.price[a] ?? 0), holding: { asset: book.assetId(a), bucket, size } });
      }
    }
    const expiries = new Set([...markets].map((m) => market.expiry[m] ?? NONE).filter((e) => e !== NONE));
    for (const e of expiries) assets.add(expiry.asset[e] ?? NONE);
    for (const a of assets) if (moves(a)) this.#asset(a);
    for (const e of expiries) this.#expiry(e);
    // Options read the prices of their expiries: they come last.
    for (const m of markets) if (!isOption(this.#columns, m)) this.#linear(m, inScope(market.underlying[m] ?? NONE));
    for (const m of markets) if (isOption(this.#columns, m)) this.#option(m, inScope(market.underlying[m] ?? NONE));
    this.rows = rows;
    const all = [...[...markets].map((m) => market.underlying[m]), ...[...assets].map((a) => asset.underlying[a])];
    this.underlyings = [...new Set(all.map((x) => x ?? NONE))].filter(inScope);
    this.expiries = [...expiries]
      .map((row) => ({ row, seconds: expiry.seconds[row] ?? 0 }))
      .sort((x, y) => x.seconds - y.seconds || x.row - y.row);
  }

  /** Value of a position with what was paid for it and its funding, numeraire. */
  #position(p: number, m: number): number {
    const { position, market, asset } = this.#columns;
    const size = position.size[p] ?? 0;
    const worth = size * markValue(this.#columns, m);
    const paid = (position.cost[p] ?? 0) + size * ((market.fundingIndex[m] ?? 0) - (position.funding[p] ?? 0));
    const price = asset.price[market.settle[m] ?? 0] ?? 0;
    return (market.kind[m] === KIND.inverse ? 0 - worth : worth) - paid * price;
  }

  #keep(column: Float64Array, row: number): number {
    const stood = column[row] ?? 0;
    this.#undo.push(() => {
      column[row] = stood;
    });
    return stood;
  }

  #asset(a: number): void {
    const { price } = this.#columns.asset;
    const stood = this.#keep(price, a);
    this.#setters.push((at) => {
      price[a] = stood * larger(1 + at.price, LEAST_TIMES);
    });
  }

  /** Factor of a forward after `passed` seconds: it nears the spot evenly, in logarithms, and is the spot at the end. */
  #nearing(e: number): (passed: number) => number {
    const { seconds, carry, settled } = this.#columns.expiry;
    const [time, rate] = [seconds[e] ?? 0, carry[e] ?? 0];
    // What averaging has begun to fix ends within the hour, and not at the spot.
    if (settled[e] !== 0 || !(rate > 0)) return () => 1;
    return (passed) => (passed === 0 ? 1 : pow(rate, leftOf(time, passed) - 1));
  }

  #expiry(e: number): void {
    const { expiry } = this.#columns;
    const nearing = this.#nearing(e);
    const time = this.#keep(expiry.seconds, e);
    const carry = this.#keep(expiry.carry, e);
    this.#setters.push(({ seconds }) => {
      expiry.seconds[e] = larger(0, time - seconds);
      expiry.carry[e] = carry * nearing(seconds);
    });
  }

  #linear(m: number, moves: boolean): void {
    const { market } = this.#columns;
    const mark = this.#keep(market.mark, m);
    const beta = moves ? (market.beta[m] ?? 1) : 0;
    const e = market.expiry[m] ?? NONE;
    const nearing = e === NONE ? () => 1 : this.#nearing(e);
    const most = market.kind[m] === KIND.prediction ? 1 : Number.POSITIVE_INFINITY;
    this.#setters.push(({ price, seconds }) => {
      market.mark[m] = smaller(most, mark * larger(1 + beta * price, LEAST_TIMES) * nearing(seconds));
    });
  }

  /** A mark that differs from the value keeps its distance, which shrinks with the time that is left. */
  #option(m: number, moves: boolean): void {
    const columns = this.#columns;
    const { market, expiry } = columns;
    this.#keep(market.mark, m);
    const volatility = this.#keep(market.volatility, m);
    const time = expiry.seconds[market.expiry[m] ?? 0] ?? 0;
    const gap = market.gap[m] ?? 0;
    this.#setters.push((at) => {
      if (moves) market.volatility[m] = volatility * (1 + at.volatility);
      market.mark[m] = larger(0, optionValue(columns, m) + gap * leftOf(time, at.seconds));
    });
  }

  /** Values of all rows at a point, in the columns until `close`. */
  at(point: Point): Float64Array {
    for (const set of this.#setters) set(point);
    return Float64Array.from(this.rows, ({ value }) => value());
  }

  /** Puts everything back where it stood. */
  close(): void {
    for (const undo of this.#undo) undo();
  }
}
