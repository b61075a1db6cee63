// Closed forms of value at risk and expected shortfall of one gain: normal, and Student's t. Gains are positive in means; losses are
// positive in results.
import { Fields } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { studentQuantile } from '../../reference/numeric/student.js';
import { studentDensity } from '../../reference/numeric/student-density.js';
import { type Confidence, tailShare } from '../confidence.js';
import { beyondNormal } from './delta-normal.js';
import { type NormalLevel, normalPoint } from './level.js';

/** A normal gain, any unit. */
export interface NormalGain {
  /** Expected gain; default 0. */
  mean?: number;
  /** Standard deviation, >= 0. */
  deviation: number;
}

/** A gain that is Student's t, any unit. */
export interface StudentGain {
  /** Expected gain; default 0. */
  mean?: number;
  /** Degrees of freedom, above 0. */
  degrees: number;
  /** Scale of the distribution: the gain is mean + scale T. Either this or `deviation`. */
  scale?: number;
  /** Standard deviation, which is scale sqrt(degrees / (degrees - 2)): for more than 2 degrees. */
  deviation?: number;
}

/** Risk of one gain, in its unit. */
export interface ParametricRisk {
  /** Loss, positive. */
  readonly valueAtRisk: number;
  /** Loss, positive; null where it is infinite. */
  readonly shortfall: number | null;
  /** `infinite-shortfall`: with one degree of freedom or less the tail has no mean. */
  readonly status: 'ok' | 'infinite-shortfall';
}

/**
 * Value at risk and expected shortfall of a normal gain: -mean + z deviation, -mean + deviation phi(z) / (1 - confidence).
 * @param level - a confidence level, or standard deviations as `{ z }`
 * @throws MarginError type, range, not-finite, missing-key, unknown-key
 * @example
 * normalRisk({ deviation: 1 }, '0.99')
 *   // { valueAtRisk: 2.326347874040841, shortfall: 2.665214220345804, status: 'ok' }
 */
export function normalRisk(gain: NormalGain, level: NormalLevel): ParametricRisk {
  const fields = new Fields(gain, 'gain', ['mean', 'deviation']);
  const mean = fields.number('mean', {}, 0);
  const deviation = fields.number('deviation', { min: 0 });
  const point = normalPoint(level);
  return {
    valueAtRisk: point.z * deviation - mean,
    shortfall: beyondNormal(point) * deviation - mean,
    status: 'ok',
  };
}

/** Below, quantiles leave the doubles; above, the distribution is the normal one. */
const LEAST_DEGREES = 0.05;
const MOST_DEGREES = 1e10;
const MOST_POINT = 1e250;

/** @throws MarginError type, range, not-finite, missing-key */
export const readDegrees = (fields: Fields): number =>
  fields.number('degrees', { above: 0, max: MOST_DEGREES, least: LEAST_DEGREES });

/** The quantile of T at 1 - confidence, and the mean of what is beyond, a loss; null where it is infinite. */
export function studentPoint(degrees: number, confidence: Confidence): { q: number; beyond: number | null } {
  const tail = tailShare(confidence).value;
  const q = studentQuantile(tail, degrees);
  const beyond = degrees <= 1 ? null : (studentDensity(q, degrees) / tail) * ((degrees + q * q) / (degrees - 1));
  // With room for a scale.
  if (Math.abs(q) <= MOST_POINT && (beyond ?? 0) <= MOST_POINT) return { q, beyond };
  throw new MarginError('range', { path: 'confidence', got: confidence, expected: 'a level whose loss is a number' });
}

function scaleOf(fields: Fields, degrees: number): number {
  if (fields.has('scale')) {
    if (fields.has('deviation'))
      throw new MarginError('conflict', { path: fields.path, expected: 'either scale or deviation' });
    return fields.number('scale', { min: 0 });
  }
  const deviation = fields.number('deviation', { min: 0 });
  fields.number('degrees', { above: 2 });
  return deviation * Math.sqrt((degrees - 2) / degrees);
}

/**
 * Value at risk and expected shortfall of a Student-t gain: with q the quantile of T at 1 - confidence and f its density,
 * -mean - scale q and -mean + scale f(q) / (1 - confidence) (degrees + q^2) / (degrees - 1).
 * @throws MarginError type, range, not-finite, missing-key, unknown-key, conflict
 * @see A. McNeil, R. Frey and P. Embrechts, Quantitative Risk Management, example 2.15
 * @example
 * studentRisk({ degrees: 4, scale: 1 }, '0.99').shortfall // 5.220584194492219
 */
export function studentRisk(gain: StudentGain, confidence: Confidence): ParametricRisk {
  const fields = new Fields(gain, 'gain', ['mean', 'degrees', 'scale', 'deviation']);
  const mean = fields.number('mean', {}, 0);
  const degrees = readDegrees(fields);
  const scale = scaleOf(fields, degrees);
  const { q, beyond } = studentPoint(degrees, confidence);
  const valueAtRisk = 0 - scale * q - mean;
  const shortfall = beyond === null ? null : scale * beyond - mean;
  if (!Number.isFinite(valueAtRisk) || (shortfall !== null && !Number.isFinite(shortfall)))
    throw new MarginError('range', { path: 'confidence', got: confidence, expected: 'a level whose loss is a number' });
  return { valueAtRisk, shortfall, status: shortfall === null ? 'infinite-shortfall' : 'ok' };
}
