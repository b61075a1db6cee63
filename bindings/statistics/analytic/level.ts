// How far out a normal distribution is asked: at a confidence level, exact, or at a given number of standard deviations, as books
// print it (1.65). Both sides of it, so that nothing is taken as 1 - p.
import { decimal, Fields, isObject } from '../../book/fields.js';
import { normalCdf, normalQuantile } from '../../reference/numeric/normal.js';
import { type Confidence, tailShare } from '../confidence.js';

/** A confidence level, or a number of standard deviations: `{ z: 1.645 }`. */
export type NormalLevel = Confidence | { readonly z: number };

export interface NormalPoint {
  /** Standard deviations below the mean, positive for confidence above one half. */
  readonly z: number;
  /** The chance of what is worse. */
  readonly tail: number;
}

/** Beyond, tails are below every double. */
const MOST = 37;

/** @throws MarginError type, range, not-finite, unknown-key */
export function normalPoint(level: NormalLevel, path = 'confidence'): NormalPoint {
  if (isObject(level)) {
    const z = decimal(new Fields(level, path, ['z']).raw('z'), `${path}.z`, { min: -MOST, max: MOST });
    return { z, tail: normalCdf(-z) };
  }
  const { value } = tailShare(level, path);
  return { z: 0 - normalQuantile(value), tail: value };
}
