// The margin scan as somebody would write it in plain JavaScript: `typed`, the best loop over typed arrays that we know
// (tables searched from the bottom, no objects, no calls), and `naive`, objects with methods as wallets have them.
import type { BookBase } from '../../bindings/public.js';

export interface Baseline {
  run(): { liquidatable: number; equity: number };
}

/** Columns of a plain book (one settle asset at price 1) in ordinary typed arrays, outside kernel memory. */
export function typedScan(book: BookBase, brackets: boolean): Baseline {
  const { columns: c } = book.store;
  const units = book.units;
  const start = new Uint32Array(units + 1);
  start.set(c.unit.positionStart.subarray(0, units));
  start[units] = book.store.count('position');
  const cash = c.balance.amount.slice(0, units);
  const market = c.position.key.slice(0, start[units]).map((key) => key >>> 2);
  const size = c.position.size.slice(0, start[units]);
  const cost = c.position.cost.slice(0, start[units]);
  const mark = new Float64Array(book.markets);
  const initialRate = new Float64Array(book.markets);
  const maintenanceRate = new Float64Array(book.markets);
  const lineStart = c.market.lineStart.slice(0, book.markets);
  const upTo = c.line.upTo.slice();
  // Rates and deductions of initial and maintenance, one after the other.
  const line = new Float64Array(upTo.length * 4);
  for (let row = 0; row < upTo.length; row++) {
    for (let k = 0; k < 2; k++) {
      line[row * 4 + k] = c.line.rate[row * 3 + k] as number;
      line[row * 4 + 2 + k] = c.line.deduction[row * 3 + k] as number;
    }
  }
  for (let m = 0; m < book.markets; m++) {
    mark[m] = (c.market.mark[m] as number) * (c.market.multiplier[m] as number);
    initialRate[m] = line[(lineStart[m] as number) * 4] as number;
    maintenanceRate[m] = line[(lineStart[m] as number) * 4 + 1] as number;
    // The last bracket goes on for ever, as the kernel's last line does.
    upTo[(lineStart[m] as number) + (c.market.lineCount[m] as number) - 1] = Number.MAX_VALUE;
  }
  const equity = new Float64Array(units);
  const initial = new Float64Array(units);
  const maintenance = new Float64Array(units);
  const notional = new Float64Array(units);
  const status = new Uint8Array(units);
  const list = new Uint32Array(units);

  const single = (): { liquidatable: number; equity: number } => {
    let listed = 0;
    let house = 0;
    for (let u = 0; u < units; u++) {
      let value = cash[u] as number;
      let needI = 0;
      let needM = 0;
      let gross = 0;
      const end = start[u + 1] as number;
      for (let p = start[u] as number; p < end; p++) {
        const m = market[p] as number;
        const worth = (size[p] as number) * (mark[m] as number);
        const base = Math.abs(worth);
        value += worth - (cost[p] as number);
        gross += base;
        needI += base * (initialRate[m] as number);
        needM += base * (maintenanceRate[m] as number);
      }
      equity[u] = value;
      initial[u] = needI;
      maintenance[u] = needM;
      notional[u] = gross;
      house += value;
      const liquidatable = value < needM;
      status[u] = liquidatable ? (value < 0 ? 3 : 2) : value < needI ? 1 : 0;
      if (liquidatable) list[listed++] = u;
    }
    return { liquidatable: listed, equity: house };
  };

  const tables = (): { liquidatable: number; equity: number } => {
    let listed = 0;
    let house = 0;
    for (let u = 0; u < units; u++) {
      let value = cash[u] as number;
      let needI = 0;
      let needM = 0;
      let gross = 0;
      const end = start[u + 1] as number;
      for (let p = start[u] as number; p < end; p++) {
        const m = market[p] as number;
        const worth = (size[p] as number) * (mark[m] as number);
        const base = Math.abs(worth);
        value += worth - (cost[p] as number);
        gross += base;
        let row = lineStart[m] as number;
        while (base > (upTo[row] as number)) row++;
        needI += base * (line[row * 4] as number) - (line[row * 4 + 2] as number);
        needM += base * (line[row * 4 + 1] as number) - (line[row * 4 + 3] as number);
      }
      equity[u] = value;
      initial[u] = needI;
      maintenance[u] = needM;
      notional[u] = gross;
      house += value;
      const liquidatable = value < needM;
      status[u] = liquidatable ? (value < 0 ? 3 : 2) : value < needI ? 1 : 0;
      if (liquidatable) list[listed++] = u;
    }
    return { liquidatable: listed, equity: house };
  };
  return { run: brackets ? tables : single };
}
