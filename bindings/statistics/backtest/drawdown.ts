// How procyclical a margin is: how far it rises from its calm, how much of that within some days, and how restless it is.
// D. Murphy, M. Vasios, N. Vause, An investigation into the procyclicality of risk-based initial margin models, Bank of England
// Financial Stability Paper 29 (2014): peak-to-trough ratio and largest n-day increase.

import { MarginError } from '../../errors.js';
import { log } from '../../reference/numeric/log.js';
import { columnOf, countOf } from './read.js';

/** The largest margin of a stretch of days over the smallest one. */
export interface MarginSwing {
  /** At least 1; null where a margin of 0 makes it endless, or there is no day. */
  readonly ratio: number | null;
  /** Largest margin; null where there is no day. */
  readonly peak: number | null;
  /** Least margin; null where there is no day. */
  readonly trough: number | null;
  /** Days of peak and trough, from 0; the first where several are equal. */
  readonly peakDay: number | null;
  /** Day of the trough, from 0; null where there is none. */
  readonly troughDay: number | null;
}

/** The largest rise of margin within a number of days. */
export interface Increase {
  /** margin[day] - margin[day - days], in the unit of the margin; negative where it only ever fell. Null without so many days. */
  readonly amount: number | null;
  /** Of the margin before; null where that is 0. */
  readonly share: number | null;
  /** Day on which the rise ends, from 0. */
  readonly day: number | null;
}

function marginsOf(margins: ArrayLike<number>): Float64Array {
  const column = columnOf(margins, 'margins');
  const index = column.findIndex((margin) => margin < 0);
  if (index < 0) return column;
  throw new MarginError('range', { path: 'margins', index, got: column[index], expected: 'a margin of at least 0' });
}

/**
 * Peak over trough of a series of margins, of all of it or of that window of days in which it is largest.
 * @param margins - by day, at least 0, any unit
 * @param window - days that are looked at together; default all
 * @throws MarginError type, not-finite, range
 * @example
 * marginSwing([10, 25, 20, 8]).ratio // 3.125
 */
export function marginSwing(margins: ArrayLike<number>, window?: number): MarginSwing {
  const column = marginsOf(margins);
  const days = window === undefined ? column.length : countOf(window, 'window', 1, Number.MAX_SAFE_INTEGER);
  let worst = stretch(column, 0, Math.min(days, column.length));
  for (let end = days + 1; end <= column.length; end++) {
    const next = stretch(column, end - days, end);
    if (isWorse(next, worst)) worst = next;
  }
  return worst;
}

/** An endless ratio is worse than any other, but for that of nothing. */
function isWorse(a: MarginSwing, b: MarginSwing): boolean {
  const size = ({ ratio, peak }: MarginSwing): number => ratio ?? (peak === null || peak === 0 ? 0 : Infinity);
  return size(a) > size(b);
}

function stretch(column: Float64Array, from: number, to: number): MarginSwing {
  if (from >= to) return { ratio: null, peak: null, trough: null, peakDay: null, troughDay: null };
  let [high, low] = [from, from];
  for (let day = from + 1; day < to; day++) {
    const margin = column[day] ?? 0;
    if (margin > (column[high] ?? 0)) high = day;
    if (margin < (column[low] ?? 0)) low = day;
  }
  const [peak, trough] = [column[high] ?? 0, column[low] ?? 0];
  const ratio = peak / trough;
  return { ratio: Number.isFinite(ratio) ? ratio : null, peak, trough, peakDay: high, troughDay: low };
}

/**
 * The largest rise of margin over a number of days: what a holder had to bring at once. Of equal ones the first.
 * @param margins - by day, at least 0, any unit
 * @param days - days that a rise takes; default 1
 * @throws MarginError type, not-finite, range
 * @example
 * largestIncrease([10, 12, 30, 20], 2) // { amount: 20, share: 2, day: 2 }
 */
export function largestIncrease(margins: ArrayLike<number>, days = 1): Increase {
  const column = marginsOf(margins);
  const step = countOf(days, 'days', 1, Number.MAX_SAFE_INTEGER);
  let best: { amount: number; before: number; day: number } | undefined;
  for (let day = step; day < column.length; day++) {
    const before = column[day - step] ?? 0;
    const amount = (column[day] ?? 0) - before;
    if (!best || amount > best.amount) best = { amount, before, day };
  }
  if (!best) return { amount: null, share: null, day: null };
  const share = best.amount / best.before;
  return { amount: best.amount, share: Number.isFinite(share) ? share : null, day: best.day };
}

/**
 * Standard deviation of daily logarithmic changes of a margin, about their mean, over n - 1; null where there are fewer than two
 * changes or a margin is 0. Sums go by day.
 * @param margins - by day, at least 0, any unit
 * @throws MarginError type, not-finite, range
 * @example
 * marginVolatility([10, 20, 10, 20]) // 0.800377...
 */
export function marginVolatility(margins: ArrayLike<number>): number | null {
  const column = marginsOf(margins);
  const changes = column.length - 1;
  if (changes < 2 || column.includes(0)) return null;
  const change = (day: number): number => log(column[day] ?? 1) - log(column[day - 1] ?? 1);
  let sum = 0;
  for (let day = 1; day <= changes; day++) sum += change(day);
  const mean = sum / changes;
  let squares = 0;
  for (let day = 1; day <= changes; day++) squares += (change(day) - mean) * (change(day) - mean);
  return Math.sqrt(squares / (changes - 1));
}
