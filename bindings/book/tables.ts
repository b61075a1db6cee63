// Derived columns of bracket and tier tables: computed once when a table enters the book, read by both engines.
import type { Columns } from '../memory.js';

/** Fills the derived columns of one table from `upTo` and `rate`. Level bits in `form` are whole, the others marginal. */
export function deriveLines(columns: Columns, start: number, count: number, form: number): void {
  const { upTo, rate, pair, end, above } = columns.line;
  for (let lane = 0; lane < 3; lane++) {
    const whole = ((form >>> lane) & 1) === 1;
    let deduction = 0;
    for (let row = start; row < start + count; row++) {
      const first = row === start;
      const lower = first ? 0 : upTo[row - 1]!;
      if (!first && !whole) deduction += lower * (rate[row * 3 + lane]! - rate[(row - 1) * 3 + lane]!);
      const target = lane < 2 ? pair : end;
      const slot = lane < 2 ? lane : 0;
      target[row * 4 + slot] = rate[row * 3 + lane]!;
      target[row * 4 + 2 + slot] = deduction;
      above[row * 4 + lane] = whole && !first ? lower : -1;
      end[row * 4 + 1] = 0;
      end[row * 4 + 3] = 0;
      above[row * 4 + 3] = -1;
    }
  }
}

/** Fills `offset` of one tier table, so that value * weight + offset is continuous at every bound. */
export function deriveTiers(columns: Columns, start: number, count: number): void {
  const { upTo, weight, offset } = columns.tier;
  for (let lane = 0; lane < 4; lane++) {
    let sum = 0;
    for (let tier = start; tier < start + count; tier++) {
      if (tier > start) sum += upTo[tier - 1]! * (weight[(tier - 1) * 4 + lane]! - weight[tier * 4 + lane]!);
      offset[tier * 4 + lane] = sum;
    }
  }
}
