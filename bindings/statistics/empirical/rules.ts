// Quantiles of a sample by name: the nine types of Hyndman and Fan, and the rules of other systems that are none of them. A level
// is exact, so no rank is off by one; it counts from below, so a level near 0 is where losses are.
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { type Confidence, type TailShare, tailShare } from '../confidence.js';
import { readCount, readSample, rising, type Sample } from '../sample.js';
import { atRank, type QuantileType, type Rank, rankOf } from './quantile.js';

/** One of the nine types, or by name, with n numbers at level p: */
export type QuantileRule =
  | QuantileType
  /** The floor(p n + 1/2)-th. Type 3 differs where two are as near: it takes the even one, this one the later. */
  | 'nearest'
  /** The floor(p (n + 1) + 1/2)-th. */
  | 'nearest-plus-one'
  /** The ceil((1 - p) n)-th from above: one more than type 1 where p n is whole. */
  | 'from-above';

/** The conventions of OpenGamma Strata (QuantileCalculationMethod), with its flat extrapolation. */
export const STRATA_RULES = {
  indexAbove: 1,
  nearestIndex: 'nearest',
  samplePlusOneNearestIndex: 'nearest-plus-one',
  sampleInterpolation: 4,
  midwayInterpolation: 5,
  samplePlusOneInterpolation: 6,
  excel: 7,
} as const satisfies Readonly<Record<string, QuantileRule>>;

/**
 * 1 - level, exactly, as a text that every confidence may be given by.
 * @throws MarginError type, range
 * @example
 * complement('0.975') // '1/40'
 */
export function complement(level: Confidence, path = 'level'): string {
  const { numerator, denominator } = tailShare(level, path);
  return `${numerator}/${denominator}`;
}

/** A level as an exact share. @throws MarginError */
export const levelShare = (level: Confidence, path = 'level'): TailShare => tailShare(complement(level, path), path);

/**
 * Where a rule puts the p-quantile of n numbers.
 * @throws MarginError range for another rule and for no numbers at all
 */
export function rankBy(count: number, p: TailShare, rule: QuantileRule, path = 'type'): Rank {
  if (rule !== 'nearest' && rule !== 'nearest-plus-one' && rule !== 'from-above') {
    if (typeof rule === 'number') return rankOf(count, p, rule, path);
    const expected = 'a quantile type from 1 to 9, nearest, nearest-plus-one or from-above';
    throw new MarginError('range', { path, got: rule, expected });
  }
  const { numerator, denominator } = p;
  const n = BigInt(count);
  if (rule === 'from-above') return { rank: Number((n * numerator) / denominator), share: 0 };
  const of = rule === 'nearest' ? n : n + 1n;
  const nearest = (2n * of * numerator + denominator) / (2n * denominator);
  const clamped = nearest < 1n ? 1n : nearest > n ? n : nearest;
  return { rank: Number(clamped) - 1, share: 0 };
}

/**
 * The quantile of a sample at a level, from below.
 * @param level - a share strictly between 0 and 1, taken as the decimal that it is
 * @param rule - default 1, the ceil(level n)-th from below
 * @throws MarginError type, range, not-finite
 * @see R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996)
 * @example
 * quantile([1, 3, 2, 4], '0.3', 7) // 1.9
 */
export function quantile(sample: Sample, level: Confidence, rule: QuantileRule = 1): number {
  return quantiles(sample, [level], rule)[0] ?? 0;
}

/**
 * Quantiles of one sample at several levels: sorted once.
 * @throws MarginError type, range, not-finite
 * @example
 * quantiles([1, 3, 2, 4], ['1/4', '3/4']) // [1, 3]
 */
export function quantiles(sample: Sample, levels: readonly Confidence[], rule: QuantileRule = 1): number[] {
  const sorted = rising(readSample(sample, 'sample'));
  return Array.from(listOf(levels, 'levels') as readonly Confidence[], (level) =>
    atRank(sorted, rankBy(sorted.length, levelShare(level), rule, 'rule')),
  );
}

/** A mean of some of a sample. */
export interface PartMean {
  /** Null where nothing is in the part. */
  readonly mean: number | null;
  /** Numbers in the part. */
  readonly count: number;
}

/**
 * The mean of what is at most a bound, a sum in the order of the sample. Beside a quantile near 0 it is a tail mean, beside one near
 * 1 it is the mean of the body, which some reports print as expected shortfall all the same.
 * @throws MarginError type, range, not-finite
 * @example
 * meanAtOrBelow([1, -2, 3, -4], -2) // { mean: -3, count: 2 }
 */
export function meanAtOrBelow(sample: Sample, bound: number): PartMean {
  const values = readSample(sample, 'sample');
  const most = readSample([bound], 'bound')[0] ?? 0;
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value > most) continue;
    sum += value;
    count += 1;
  }
  return { mean: count === 0 ? null : sum / count, count };
}

/**
 * The rank, counted from the worst of n, of the loss that is the value at risk: ceil(n (1 - confidence)), in whole numbers.
 * @throws MarginError type, range
 * @example
 * tailRank(1000, '0.99') // 10
 */
export function tailRank(count: number, confidence: Confidence): number {
  return rankBy(readCount(count, 'count'), tailShare(confidence), 1).rank + 1;
}
