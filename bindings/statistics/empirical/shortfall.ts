// Value at risk and expected shortfall of one sample of profit and loss, or of its worst losses alone, by named conventions. Gains
// are positive in a sample; value at risk and shortfall are losses and positive. Nothing is assumed of a distribution.
import { Fields, isObject, wordOf } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { SHORTFALL } from '../../layout.js';
import { type Confidence, quotient, type TailShare, tailShare } from '../confidence.js';
import { isList, readCount, readSample, rising, type Sample } from '../sample.js';
import { atRank, type Rank } from './quantile.js';
import { type QuantileRule, rankBy } from './rules.js';

/** The worst losses of a sample, and how many observations it has. */
export interface WorstLosses {
  /** Losses, positive, in any order: none that is left out is larger than one of these. */
  readonly worst: Sample;
  /** Observations of the whole sample. */
  readonly count: number;
}

/** How a quantile of a sample is taken. */
export interface SampleVarOptions {
  /** Where the quantile of the profit and loss at 1 - confidence stands; default 1, the ceil(n (1 - confidence))-th worst. */
  type?: QuantileRule;
}

/** Value at risk of a sample, in its unit. */
export interface SampleVar {
  /** Loss, positive. */
  readonly valueAtRisk: number;
  /** Fewer than one observation is beyond the level: the worst ones stand for it. */
  readonly thin: boolean;
}

/** With alpha = 1 - confidence and k = ceil(alpha n): */
export type ShortfallConvention =
  /** The mean of the alpha n worst, the last of them in part (C. Acerbi and D. Tasche, J. Banking & Finance 26, 2002). Coherent. */
  | 'acerbi-tasche'
  /** VaR + sum of max(loss - VaR, 0) / (alpha n) (R. T. Rockafellar and S. Uryasev, J. Risk 2, 2000): the same number otherwise. */
  | 'rockafellar-uryasev'
  /** The mean of losses that are at least the k-th worst (ORE). */
  | 'at-or-beyond'
  /** The mean of losses above the k-th worst (QuantLib). */
  | 'beyond'
  /** The mean of losses above the quantile of type 7 (PerformanceAnalytics). */
  | 'beyond-type-7';

/** How a shortfall of a sample is taken. */
export interface SampleShortfallOptions {
  /** Default `acerbi-tasche`. */
  convention?: ShortfallConvention;
}

/** Expected shortfall of a sample, in its unit. */
export interface SampleShortfall {
  /** Loss, positive; null where nothing is beyond. */
  readonly shortfall: number | null;
  /** The value at risk that it goes with: of type 7 for `beyond-type-7`, of type 1 otherwise. */
  readonly valueAtRisk: number;
  /** Losses that it is a mean of. */
  readonly observations: number;
  /** `none-beyond`: no loss is larger than the value at risk. */
  readonly status: 'ok' | 'none-beyond';
  /** Fewer than one observation is beyond the level: the worst ones stand for it. */
  readonly thin: boolean;
}

/** Their codes in the kernel. */
export const CONVENTIONS: Readonly<Record<ShortfallConvention, number>> = {
  'acerbi-tasche': SHORTFALL.acerbiTasche,
  'rockafellar-uryasev': SHORTFALL.rockafellarUryasev,
  'at-or-beyond': SHORTFALL.atOrBeyond,
  beyond: SHORTFALL.beyond,
  'beyond-type-7': SHORTFALL.beyondType7,
};

/** Profit and loss from the worst on, all of it or as much as is known, of `count` observations. */
interface Tail {
  readonly sorted: Float64Array;
  readonly count: number;
}

function tailOf(losses: Sample | WorstLosses): Tail {
  if (isList(losses) || !isObject(losses)) {
    const sorted = rising(readSample(losses as Sample, 'pnl'));
    return { sorted, count: sorted.length };
  }
  const fields = new Fields(losses, 'losses', ['worst', 'count']);
  const worst = readSample(fields.raw('worst') as Sample, 'losses.worst');
  const count = readCount(fields.raw('count') as number, 'losses.count');
  if (worst.length > count)
    throw new MarginError('range', { path: 'losses.count', got: count, expected: `at least ${worst.length} losses` });
  return { sorted: rising(worst.map((loss) => 0 - loss)), count };
}

/** The loss at a rank. @throws MarginError range where a list of the worst ends before it */
function lossAt({ sorted }: Tail, rank: Rank): number {
  known(sorted, rank.share === 0 ? rank.rank + 1 : rank.rank + 2);
  return 0 - atRank(sorted, rank);
}

function known(sorted: Float64Array, losses: number): void {
  if (losses > sorted.length)
    throw new MarginError('range', {
      path: 'losses.worst',
      got: sorted.length,
      expected: `at least the ${losses} worst losses for this level and convention`,
    });
}

const isThin = (count: number, { numerator, denominator }: TailShare): boolean =>
  BigInt(count) * numerator < denominator;

/**
 * Value at risk of a sample: minus the quantile of the profit and loss at 1 - confidence.
 * @param losses - profit and loss, losses negative, in any order; or `{ worst, count }`
 * @returns a loss, positive, in the units of the sample
 * @throws MarginError type, range, not-finite, unknown-key
 * @example
 * sampleVar([3, -5, 1, -2], '0.75') // { valueAtRisk: 5, thin: false }
 */
export function sampleVar(
  losses: Sample | WorstLosses,
  confidence: Confidence,
  options: SampleVarOptions = {},
): SampleVar {
  const fields = new Fields(options, 'options', ['type']);
  const alpha = tailShare(confidence);
  const tail = tailOf(losses);
  const rank = rankBy(tail.count, alpha, (fields.raw('type') ?? 1) as QuantileRule, 'options.type');
  return { valueAtRisk: lossAt(tail, rank), thin: isThin(tail.count, alpha) };
}

/**
 * Expected shortfall of a sample: what is lost on average in the tail beyond the confidence level. Sums go from the worst loss on.
 * @param losses - profit and loss, losses negative, in any order; or `{ worst, count }`
 * @returns losses, positive, in the units of the sample
 * @throws MarginError type, range, not-finite, unknown-key
 * @example
 * sampleShortfall([3, -5, 1, -2], '0.5')
 *   // { shortfall: 3.5, valueAtRisk: 2, observations: 2, status: 'ok', thin: false }
 */
export function sampleShortfall(
  losses: Sample | WorstLosses,
  confidence: Confidence,
  options: SampleShortfallOptions = {},
): SampleShortfall {
  const fields = new Fields(options, 'options', ['convention']);
  const convention = fields.has('convention') ? fields.raw('convention') : 'acerbi-tasche';
  const code = wordOf(convention, 'options.convention', CONVENTIONS);
  const alpha = tailShare(confidence);
  const tail = tailOf(losses);
  const valueAtRisk = lossAt(tail, rankBy(tail.count, alpha, convention === 'beyond-type-7' ? 7 : 1));
  const { mean, observations } =
    code === CONVENTIONS['acerbi-tasche']
      ? worstShare(tail, alpha)
      : code === CONVENTIONS['rockafellar-uryasev']
        ? excess(tail, alpha, valueAtRisk)
        : beyond(tail, valueAtRisk, code === CONVENTIONS['at-or-beyond']);
  return {
    shortfall: observations === 0 ? null : mean,
    valueAtRisk,
    observations,
    status: observations === 0 ? 'none-beyond' : 'ok',
    thin: isThin(tail.count, alpha),
  };
}

interface Part {
  readonly mean: number;
  readonly observations: number;
}

/** The mean of the alpha n worst: floor(alpha n) of them whole, the next one in part. */
function worstShare(tail: Tail, { numerator, denominator }: TailShare): Part {
  const at = BigInt(tail.count) * numerator;
  const whole = Number(at / denominator);
  const rest = quotient(at % denominator, denominator);
  const { sorted } = tail;
  if (whole === 0) return { mean: 0 - (sorted[0] ?? 0), observations: 1 };
  known(sorted, rest === 0 ? whole : whole + 1);
  let sum = 0;
  for (let i = 0; i < whole; i++) sum -= sorted[i] ?? 0;
  if (rest !== 0) sum -= rest * (sorted[whole] ?? 0);
  return { mean: sum / quotient(at, denominator), observations: rest === 0 ? whole : whole + 1 };
}

/** The value at risk and what is lost beyond it, over the share of the tail. */
function excess({ sorted, count }: Tail, { numerator, denominator }: TailShare, valueAtRisk: number): Part {
  let sum = 0;
  let observations = 0;
  for (const profit of sorted) {
    if (-profit < valueAtRisk) break;
    sum += -profit - valueAtRisk;
    observations += 1;
  }
  return { mean: valueAtRisk + sum / quotient(BigInt(count) * numerator, denominator), observations };
}

/** The mean of losses above a bound, or of those at it as well. */
function beyond({ sorted }: Tail, bound: number, at: boolean): Part {
  let sum = 0;
  let observations = 0;
  for (const profit of sorted) {
    const loss = 0 - profit;
    if (!(loss > bound || (at && loss === bound))) break;
    sum += loss;
    observations += 1;
  }
  return { mean: sum / observations, observations };
}
