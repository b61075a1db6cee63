// Peaks over a threshold: losses beyond it follow a generalised Pareto distribution (J. Pickands, 1975; A. McNeil and R. Frey, 2000).
// Value at risk and shortfall of its parameters, and how shortfalls hang together in it. Losses are positive. Fits: pareto-fit.ts.
import { Fields } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { exp } from '../../reference/numeric/exp.js';
import { log } from '../../reference/numeric/log.js';
import { type Confidence, quotient, tailShare } from '../confidence.js';
import { readCount, readSample, type Sample } from '../sample.js';

/** A tail: P(loss > u + y) = exceedances / count (1 + shape y / scale)^(-1 / shape). */
export interface ParetoTail {
  /** u: loss, beyond which the tail begins. */
  readonly threshold: number;
  /** beta, above 0, units of the loss. */
  readonly scale: number;
  /** xi: above 0 a power law, 0 exponential, below 0 an end. */
  readonly shape: number;
  /** Observations. */
  readonly count: number;
  /** Observations beyond the threshold. */
  readonly exceedances: number;
}

/** Risk by a generalised Pareto tail, in the unit of its losses. */
export interface ParetoRisk {
  /** Loss, positive. */
  readonly valueAtRisk: number;
  /** Loss, positive; null where it is infinite. */
  readonly shortfall: number | null;
  /**
   * `infinite-shortfall`: a shape of 1 or more, the tail has no mean. `below-threshold`: the level is not in the tail, the formula is
   * continued where nothing was fitted.
   */
  readonly status: 'ok' | 'infinite-shortfall' | 'below-threshold';
  /**
   * Never any: the tail is fitted to losses of the whole, and threshold, shape and scale depend on every one of them. A derivative by the
   * size of a position would be one of the estimator, and Euler's parts of it no parts of this figure.
   */
  readonly components: null;
  /** Why there are none. */
  readonly unsplit: 'fitted-to-the-whole';
}

/** What every figure of a fitted tail says of its parts. */
const UNSPLIT = { components: null, unsplit: 'fitted-to-the-whole' } as const;

const SHAPE = { min: -20, max: 20 };
/** Below, (e^y - 1) / y is taken from its series. */
const SMALL = 1e-2;

/** (e^y - 1) / y. */
function growth(y: number): number {
  if (Math.abs(y) > SMALL) return (exp(y) - 1) / y;
  return 1 + (y / 2) * (1 + (y / 3) * (1 + (y / 4) * (1 + (y / 5) * (1 + (y / 6) * (1 + y / 7)))));
}

/**
 * Value at risk and expected shortfall of a generalised Pareto tail: u + beta / xi [((n / n_u) (1 - confidence))^(-xi) - 1] and
 * (VaR + beta - xi u) / (1 - xi).
 * @param confidence - exact; beyond 1 - exceedances / count
 * @throws MarginError type, range, not-finite, missing-key, unknown-key; range where the figure is beyond doubles
 * @see J. C. Hull, Risk Management and Financial Institutions, extreme value theory
 * @example
 * paretoRisk({ threshold: 160, scale: 32.532, shape: 0.436, count: 500, exceedances: 22 }, '0.99').valueAtRisk // 227.73931009655598
 */
export function paretoRisk(tail: ParetoTail, confidence: Confidence): ParetoRisk {
  const fields = new Fields(tail, 'tail', ['threshold', 'scale', 'shape', 'count', 'exceedances']);
  const threshold = fields.number('threshold', {});
  const scale = fields.number('scale', { above: 0 });
  const shape = fields.number('shape', SHAPE);
  const count = readCount(fields.raw('count') as number, 'tail.count');
  const exceedances = readCount(fields.raw('exceedances') as number, 'tail.exceedances');
  if (exceedances > count)
    throw new MarginError('range', { path: 'tail.exceedances', got: exceedances, expected: `at most ${count}` });
  const { numerator, denominator } = tailShare(confidence);
  const [above, below] = [BigInt(count) * numerator, BigInt(exceedances) * denominator];
  const depth = 0 - log(quotient(above, below));
  const valueAtRisk = threshold + scale * depth * growth(shape * depth);
  if (!Number.isFinite(valueAtRisk))
    throw new MarginError('range', { path: 'confidence', got: confidence, expected: 'a level whose loss is a number' });
  if (shape >= 1) return { valueAtRisk, shortfall: null, status: 'infinite-shortfall', ...UNSPLIT };
  const shortfall = (valueAtRisk + scale - shape * threshold) / (1 - shape);
  return { valueAtRisk, shortfall, status: above > below ? 'below-threshold' : 'ok', ...UNSPLIT };
}

/** A level's two figures: losses, positive. */
export interface KnownShortfall {
  /** Loss, positive. */
  readonly valueAtRisk: number;
  /** Loss, positive. */
  readonly shortfall: number;
}

/** Shortfalls of one tail at several levels. */
export interface ParetoLine {
  /** xi; null where the two known points say none. */
  readonly shape: number | null;
  /** By value at risk as given; null with the shape. */
  readonly shortfalls: Float64Array | null;
  /** `degenerate`: both points are one, or their shortfalls do not differ. `infinite-shortfall`: the shape is 1 or more. */
  readonly status: 'ok' | 'degenerate' | 'infinite-shortfall';
}

function readKnown(point: KnownShortfall, path: string): KnownShortfall {
  const fields = new Fields(point, path, ['valueAtRisk', 'shortfall']);
  return { valueAtRisk: fields.number('valueAtRisk', {}), shortfall: fields.number('shortfall', {}) };
}

/**
 * Shortfalls at other levels of one generalised Pareto tail, from two levels where both figures are known: the shortfall is a straight
 * line in the value at risk, with slope 1 / (1 - shape).
 * @param valuesAtRisk - losses, positive
 * @throws MarginError type, range, not-finite, missing-key, unknown-key
 * @see SpringerPlus 4 (2015), 10.1186/s40064-015-1306-y, table 4
 * @example
 * paretoShortfalls([3], [{ valueAtRisk: 1, shortfall: 2 }, { valueAtRisk: 2, shortfall: 4 }])
 *   // { shape: 0.5, shortfalls: Float64Array.of(6), status: 'ok' }
 */
export function paretoShortfalls(valuesAtRisk: Sample, known: readonly [KnownShortfall, KnownShortfall]): ParetoLine {
  const asked = readSample(valuesAtRisk, 'valuesAtRisk');
  const [first, second] = listOf(known, 'known') as typeof known;
  const [a, b] = [readKnown(first, 'known[0]'), readKnown(second, 'known[1]')];
  const [run, rise] = [b.valueAtRisk - a.valueAtRisk, b.shortfall - a.shortfall];
  if (run === 0 || rise === 0) return { shape: null, shortfalls: null, status: 'degenerate' };
  const shape = 1 - run / rise;
  if (shape >= 1) return { shape, shortfalls: null, status: 'infinite-shortfall' };
  const shortfalls = asked.map((value) => a.shortfall + (value - a.valueAtRisk) / (1 - shape));
  return { shape, shortfalls, status: 'ok' };
}
