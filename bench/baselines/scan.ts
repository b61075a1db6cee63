// The plain margin scan as the best loop over typed arrays that we know: one function a variant, tables searched from the
// bottom, no objects, no calls. full.ts has the scan with every feature, naive.ts objects as wallets write them.
import type { BookBase } from '../../bindings/public.js';

/** What a scan adds up to; baselines must agree with the kernel in all four. */
export interface Sums {
  liquidatable: number;
  equity: number;
  initial: number;
  maintenance: number;
}
export interface Baseline {
  run(): Sums;
  /** Answers by margin unit after a run. */
  readonly columns: { equity: Float64Array; initial: Float64Array; maintenance: Float64Array };
}

/** Columns of a book in ordinary typed arrays outside kernel memory, and those that a scan writes. */
export function columnsOf(book: BookBase) {
  const { columns: c } = book.store;
  const units = book.units;
  const rows = book.store.count('position');
  const start = new Uint32Array(units + 1);
  start.set(c.unit.positionStart.subarray(0, units));
  start[units] = rows;
  return {
    units,
    start,
    market: c.position.key.slice(0, rows).map((key) => key >>> 2),
    size: c.position.size.slice(0, rows),
    cost: c.position.cost.slice(0, rows),
    out: {
      equity: new Float64Array(units),
      initial: new Float64Array(units),
      maintenance: new Float64Array(units),
      notional: new Float64Array(units),
      status: new Uint8Array(units),
      list: new Uint32Array(units),
    },
  };
}

/** A plain book: one settle asset at price 1. */
export function typedScan(book: BookBase, brackets: boolean): Baseline {
  const { columns: c } = book.store;
  const { units, start, market, size, cost, out } = columnsOf(book);
  const { equity, initial, maintenance, notional, status, list } = out;
  const cash = c.balance.amount.slice(0, units);
  const mark = new Float64Array(book.markets);
  const initialRate = new Float64Array(book.markets);
  const maintenanceRate = new Float64Array(book.markets);
  const lineStart = c.market.lineStart.slice(0, book.markets);
  const upTo = c.line.upTo.slice();
  // Rates and deductions of initial and maintenance, one after the other.
  const line = new Float64Array(upTo.length * 4);
  for (let row = 0; row < upTo.length; row++) {
    for (let k = 0; k < 2; k++) {
      line[row * 4 + k] = c.line.rate[row * 3 + k]!;
      line[row * 4 + 2 + k] = c.line.deduction[row * 3 + k]!;
    }
  }
  for (let m = 0; m < book.markets; m++) {
    mark[m] = c.market.mark[m]! * c.market.multiplier[m]!;
    initialRate[m] = line[lineStart[m]! * 4]!;
    maintenanceRate[m] = line[lineStart[m]! * 4 + 1]!;
    // The last bracket goes on for ever, as the kernel's last line does.
    upTo[lineStart[m]! + c.market.lineCount[m]! - 1] = Number.MAX_VALUE;
  }
  const single = (): Sums => {
    let listed = 0;
    let house = 0;
    let houseI = 0;
    let houseM = 0;
    for (let u = 0; u < units; u++) {
      let value = cash[u]!;
      let needI = 0;
      let needM = 0;
      let gross = 0;
      const end = start[u + 1]!;
      for (let p = start[u]!; p < end; p++) {
        const m = market[p]!;
        const worth = size[p]! * mark[m]!;
        const base = Math.abs(worth);
        value += worth - cost[p]!;
        gross += base;
        needI += base * initialRate[m]!;
        needM += base * maintenanceRate[m]!;
      }
      equity[u] = value;
      initial[u] = needI;
      maintenance[u] = needM;
      notional[u] = gross;
      house += value;
      houseI += needI;
      houseM += needM;
      const liquidatable = value < needM;
      status[u] = liquidatable ? (value < 0 ? 3 : 2) : value < needI ? 1 : 0;
      if (liquidatable) list[listed++] = u;
    }
    return { liquidatable: listed, equity: house, initial: houseI, maintenance: houseM };
  };

  const tables = (): Sums => {
    let listed = 0;
    let house = 0;
    let houseI = 0;
    let houseM = 0;
    for (let u = 0; u < units; u++) {
      let value = cash[u]!;
      let needI = 0;
      let needM = 0;
      let gross = 0;
      const end = start[u + 1]!;
      for (let p = start[u]!; p < end; p++) {
        const m = market[p]!;
        const worth = size[p]! * mark[m]!;
        const base = Math.abs(worth);
        value += worth - cost[p]!;
        gross += base;
        let row = lineStart[m]!;
        while (base > upTo[row]!) row++;
        needI += base * line[row * 4]! - line[row * 4 + 2]!;
        needM += base * line[row * 4 + 1]! - line[row * 4 + 3]!;
      }
      equity[u] = value;
      initial[u] = needI;
      maintenance[u] = needM;
      notional[u] = gross;
      house += value;
      houseI += needI;
      houseM += needM;
      const liquidatable = value < needM;
      status[u] = liquidatable ? (value < 0 ? 3 : 2) : value < needI ? 1 : 0;
      if (liquidatable) list[listed++] = u;
    }
    return { liquidatable: listed, equity: house, initial: houseI, maintenance: houseM };
  };
  return { run: brackets ? tables : single, columns: out };
}
