// Values of a rolling window of time: each holds until the next one comes, and the one that held when the window began counts
// from there.
import { type Exact, over, plus, times, ZERO } from '../liquidation/exact.js';

/** A value that holds from a time on. */
export interface Sample {
  at: number;
  value: Exact;
}

/** What of rising samples a window needs that begins at `from`: all in it, and the last one before. */
export function since<S extends { at: number }>(samples: readonly S[], from: number): readonly S[] {
  let first = 0;
  while (first + 1 < samples.length && (samples[first + 1] as S).at <= from) first++;
  return samples.slice(first);
}

/** Time-weighted mean from the window's begin, or from the first sample, to now; of no time at all: the last value. */
export function meanOver(samples: readonly Sample[], from: number, now: number): Exact {
  let [sum, length] = [ZERO, 0];
  samples.forEach(({ at, value }, i) => {
    const begin = at < from ? from : at;
    const end = samples[i + 1]?.at ?? now;
    if (end <= begin) return;
    sum = plus(sum, times(value, duration(end - begin)));
    length += end - begin;
  });
  return length === 0 ? (samples.at(-1) as Sample).value : over(sum, duration(length));
}

export const duration = (units: number): Exact => ({ numerator: BigInt(units), denominator: 1n });
