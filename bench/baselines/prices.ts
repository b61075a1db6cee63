// Liquidation prices of every position over typed arrays, on the plain portfolio with tables: by the table's lines, the best
// loop that we know, and by bisection, as a program does that has nothing but a function for health.
import type { BookBase } from '../../bindings/public.js';
import { POSITIONS } from '../portfolios.js';
import { columnsOf } from './scan.js';

export interface PriceBaseline {
  /** @returns how many prices there are */
  run(): number;
  /** By position row after a run: 0 and Infinity where there is none. */
  readonly down: Float64Array;
  readonly up: Float64Array;
}

/** Prices end 20 octaves from the mark. */
const REACH = 2 ** 20;
/** Halvings of a range of 20 octaves each way: to 2^-40 of the mark. */
const STEPS = 60;

function tablesOf(book: BookBase) {
  const { market, line } = book.store.columns;
  const upTo = line.upTo.slice();
  // The last bracket goes on for ever, as the kernel's last line does.
  for (let m = 0; m < book.markets; m++) upTo[market.lineStart[m]! + market.lineCount[m]! - 1] = Number.MAX_VALUE;
  return {
    mark: market.mark.slice(0, book.markets).map((x, m) => x * market.multiplier[m]!),
    lineStart: market.lineStart.slice(0, book.markets),
    upTo,
    rate: upTo.map((_, row) => line.rate[row * 3 + 1]!),
    deduction: upTo.map((_, row) => line.deduction[row * 3 + 1]!),
  };
}

/** What both share: columns, tables and room for answers. */
function inputsOf(book: BookBase) {
  const columns = columnsOf(book);
  const rows = columns.market.length;
  return {
    ...columns,
    ...tablesOf(book),
    cash: book.store.columns.balance.amount.slice(0, columns.units),
    down: new Float64Array(rows),
    up: new Float64Array(rows),
  };
}

/** Margins each unit, then finds the line of each root as brackets are found, by what is missing at the end of each. */
export function closedPrices(book: BookBase): PriceBaseline {
  const { units, start, market, size, cost, cash, mark, lineStart, upTo, rate, deduction, down, up } = inputsOf(book);
  const need = new Float64Array(POSITIONS);
  const perLong = rate.map((r) => 1 / (1 - r));
  const perShort = rate.map((r) => 1 / (1 + r));
  const addition = deduction.map((d) => -d);
  // What is missing at the end of each bracket.
  const longEnd = upTo.map((x, row) => x * (1 - rate[row]!) + deduction[row]!);
  const shortEnd = upTo.map((x, row) => (x === Number.MAX_VALUE ? x : x * (1 + rate[row]!) - deduction[row]!));
  const run = (): number => {
    let finite = 0;
    for (let u = 0; u < units; u++) {
      let health = cash[u]!;
      const first = start[u]!;
      const end = start[u + 1]!;
      for (let p = first; p < end; p++) {
        const m = market[p]!;
        const worth = size[p]! * mark[m]!;
        const base = Math.abs(worth);
        let row = lineStart[m]!;
        while (base > upTo[row]!) row++;
        const requirement = base * rate[row]! - deduction[row]!;
        need[p - first] = requirement;
        health += worth - cost[p]! - requirement;
      }
      for (let p = first; p < end; p++) {
        const m = market[p]!;
        const worth = size[p]! * mark[m]!;
        const long = worth > 0;
        const rest = health + need[p - first]! - worth;
        const missing = long ? -rest : rest;
        const slope = long ? perLong : perShort;
        const offset = long ? deduction : addition;
        const ends = long ? longEnd : shortEnd;
        let row = lineStart[m]!;
        while (missing > ends[row]!) row++;
        const root = (missing - offset[row]!) * slope[row]!;
        const times = root / Math.abs(worth);
        const found = times > 1 / REACH && times < REACH;
        const price = times * mark[m]!;
        down[p] = found && long ? price : 0;
        up[p] = found && !long ? price : Infinity;
        finite += found ? 1 : 0;
      }
    }
    return finite;
  };
  return { run, down, up };
}

/** Margins each unit, then bisects every row's price between the ends of its range. */
export function bisectedPrices(book: BookBase): PriceBaseline {
  const { units, start, market, size, cost, cash, mark, lineStart, upTo, rate, deduction, down, up } = inputsOf(book);
  const requirement = (base: number, m: number): number => {
    let row = lineStart[m]!;
    while (base > upTo[row]!) row++;
    return base * rate[row]! - deduction[row]!;
  };
  const run = (): number => {
    let finite = 0;
    for (let u = 0; u < units; u++) {
      let health = cash[u]!;
      const first = start[u]!;
      const end = start[u + 1]!;
      for (let p = first; p < end; p++) {
        const worth = size[p]! * mark[market[p]!]!;
        health += worth - cost[p]! - requirement(Math.abs(worth), market[p]!);
      }
      for (let p = first; p < end; p++) {
        const m = market[p]!;
        const worth = size[p]! * mark[m]!;
        const base = Math.abs(worth);
        const rest = health + requirement(base, m) - worth;
        // Health of a long grows with the price, that of a short falls: what is sought is where it changes sign.
        let low = 1 / REACH;
        let high = REACH;
        const lowHealth = rest + worth * low - requirement(base * low, m);
        const highHealth = rest + worth * high - requirement(base * high, m);
        const found = lowHealth < 0 !== highHealth < 0;
        for (let step = 0; found && step < STEPS; step++) {
          const middle = (low + high) / 2;
          if (rest + worth * middle - requirement(base * middle, m) < 0 === worth > 0) low = middle;
          else high = middle;
        }
        const price = ((low + high) / 2) * mark[m]!;
        down[p] = found && worth > 0 ? price : 0;
        up[p] = found && worth < 0 ? price : Infinity;
        finite += found ? 1 : 0;
      }
    }
    return finite;
  };
  return { run, down, up };
}
