// Value at risk and expected shortfall where observations do not weigh alike: by age (J. Boudoukh, M. Richardson and R. Whitelaw, The
// best of both worlds, Risk 11, 1998) or by any other weights. Gains are positive in a sample; results are losses, positive.
import { decimal, Fields, isObject } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { pow } from '../../reference/numeric/pow.js';
import { type Confidence, tailShare } from '../confidence.js';
import { isList, readCount, readSample, risingPlaces, type Sample } from '../sample.js';

/** Observations that get weights at the most: 128 MB. */
const MOST_WEIGHTS = 1 << 24;
/** What weights may miss 1 by. */
const UNIT = 1e-9;
/** A sum of weights this near the tail, of its size, has reached it: ten times 1/1000 is 1/100, whatever doubles say. */
const REACHED = 1e-12;

/** Observations whose worst are known, with the weights of those alone. */
export interface WeightedWorst {
  /** Losses, positive, in any order: none that is left out is larger than one of these. */
  readonly worst: Sample;
}

/** Where a weighted quantile stands. */
export interface WeightedOptions {
  /**
   * `step` (default): the loss at which weights from the worst on reach 1 - confidence (Hull). `linear`: between that loss and
   * the next worse, by how far weights go beyond (OpenGamma Strata, ExponentiallyWeightedInterpolationQuantileMethod).
   */
  interpolation?: 'step' | 'linear';
}

/** Value at risk and shortfall of weighted observations, in their unit. */
export interface WeightedTail {
  /** Loss, positive. */
  readonly valueAtRisk: number;
  /** Loss, positive: the sum of share times loss over the tail, in its order. */
  readonly shortfall: number;
  /** Places in the sample that the tail is made of, the worst first. */
  readonly places: Uint32Array;
  /** Weights as given, in the order of `places`. */
  readonly weights: Float64Array;
  /** What each counts in the shortfall; they sum to 1. */
  readonly shares: Float64Array;
  /** The worst observation alone weighs as much as the whole tail. */
  readonly thin: boolean;
}

/**
 * Weights that fall with age, the oldest first: decay^(n - 1 - i) over the sum of all of them, which is (1 - decay) / (1 - decay^n)
 * times it. The sum goes from the oldest on.
 * @param decay - above 0, at most 1: 0.995 a day is usual; 1: all weigh the same
 * @returns n numbers that sum to 1
 * @throws MarginError type, range, not-finite
 * @example
 * ageWeights(2, 0.5) // Float64Array.of(1 / 3, 2 / 3)
 */
export function ageWeights(count: number, decay: number): Float64Array {
  const n = readCount(count, 'count', MOST_WEIGHTS);
  const rate = decimal(decay, 'decay', { above: 0, max: 1 });
  const weights = Float64Array.from({ length: n }, (_, i) => pow(rate, n - 1 - i));
  let sum = 0;
  for (const weight of weights) sum += weight;
  return weights.map((weight) => weight / sum);
}

function readWeights(given: Sample, count: number, all: boolean): Float64Array {
  const weights = readSample(given, 'weights');
  if (weights.length !== count)
    throw new MarginError('range', { path: 'weights', got: weights.length, expected: `${count}, one an observation` });
  let sum = 0;
  weights.forEach((weight, i) => {
    decimal(weight, `weights[${i}]`, { min: 0 });
    sum += weight;
  });
  if (sum > 1 + UNIT || (all && sum < 1 - UNIT)) {
    const expected = `weights that sum to ${all ? 1 : 'at most 1'}`;
    throw new MarginError('range', { path: 'weights', got: sum, expected });
  }
  return weights;
}

/**
 * Value at risk and shortfall of weighted observations. Of equal ones the later is the worse.
 * @param losses - profit and loss, losses negative; or `{ worst }`, the worst losses alone, positive
 * @param weights - one an observation, >= 0, summing to 1; of the worst alone their own
 * @throws MarginError type, range, not-finite, unknown-key; range where the worst alone do not reach the level
 * @example
 * weightedTail([-1, 2, -3, 4], [0.1, 0.2, 0.3, 0.4], '0.7').valueAtRisk // 3
 */
export function weightedTail(
  losses: Sample | WeightedWorst,
  weights: Sample,
  confidence: Confidence,
  options: WeightedOptions = {},
): WeightedTail {
  const fields = new Fields(options, 'options', ['interpolation']);
  const linear = fields.word('interpolation', { step: 0, linear: 1 }, 'step') === 1;
  const alpha = tailShare(confidence).value;
  const some = isObject(losses) && !isList(losses);
  const size = some
    ? readSample(new Fields(losses, 'losses', ['worst']).raw('worst') as Sample, 'losses.worst')
    : readSample(losses as Sample, 'pnl').map((profit) => 0 - profit);
  const weight = readWeights(weights, size.length, !some);
  // Rising losses, equal ones by place: from the end on, the worst first and of equal ones the later.
  const order = risingPlaces(size).reverse();

  let reached = 0;
  let taken = 0;
  while (taken < order.length && alpha - reached > REACHED * alpha) {
    reached += weight[order[taken] ?? 0] ?? 0;
    taken += 1;
  }
  if (some && alpha - reached > REACHED * alpha) {
    const expected = `losses whose weights reach ${alpha}: more of the worst`;
    throw new MarginError('range', { path: 'losses.worst', got: reached, expected });
  }
  const places = order.slice(0, taken);
  const tailWeights = Float64Array.from(places, (place) => weight[place] ?? 0);
  const shares = linear ? linearShares(tailWeights, reached, alpha) : stepShares(tailWeights, alpha);
  const last = size[places[taken - 1] ?? 0] ?? 0;
  const before = size[places[taken - 2] ?? 0] ?? 0;
  const part = beyondShare(tailWeights, reached, alpha);
  let shortfall = 0;
  places.forEach((place, i) => {
    shortfall += (shares[i] ?? 0) * (size[place] ?? 0);
  });
  return {
    valueAtRisk: linear && taken > 1 ? (1 - part) * last + part * before : last,
    shortfall: taken === 1 ? last : shortfall,
    places,
    weights: tailWeights,
    shares,
    thin: taken === 1,
  };
}

/** How much of the last weight is beyond the level; what rounding leaves short of it is nothing. */
function beyondShare(weights: Float64Array, reached: number, alpha: number): number {
  const last = weights[weights.length - 1] ?? 0;
  return reached > alpha ? (reached - alpha) / last : 0;
}

/** Weights over the tail, the last one only as far as the tail goes. */
function stepShares(weights: Float64Array, alpha: number): Float64Array {
  const shares = new Float64Array(weights.length);
  let before = 0;
  weights.forEach((weight, i) => {
    shares[i] = (i === weights.length - 1 ? alpha - before : weight) / alpha;
    before += weight;
  });
  return shares;
}

/** The trapezoids below the line through the losses, from the level on: each weight goes half to its loss, half to the next worse. */
function linearShares(weights: Float64Array, reached: number, alpha: number): Float64Array {
  const shares = new Float64Array(weights.length);
  const last = weights.length - 1;
  if (last === 0) return shares.fill(1);
  const weight = weights[last] ?? 0;
  const part = beyondShare(weights, reached, alpha);
  for (let i = 0; i < last; i++) {
    const own = (weights[i] ?? 0) * (i === 0 ? 1 : 0.5);
    const behind = i + 1 === last ? ((1 - part * part) / 2) * weight : (weights[i + 1] ?? 0) / 2;
    shares[i] = (own + behind) / alpha;
  }
  shares[last] = (((1 - part) * (1 - part)) / 2) * (weight / alpha);
  return shares;
}
