// Covariance from few observations: the sample's, drawn towards one variance for all and no correlation. O. Ledoit and M. Wolf, A
// well-conditioned estimator for large-dimensional covariance matrices (Journal of Multivariate Analysis 88, 2004).
import { type Column, columnsOf } from '../columns.js';
import { type Covariance, covariance } from './covariance.js';

/** A covariance drawn towards its target. */
export interface Shrunk extends Covariance {
  /** Share of the target, from 0 to 1. */
  readonly shrinkage: number;
  /** Variance of the target: the mean of the sample's (1 / n). */
  readonly target: number;
}

/**
 * (1 - shrinkage) S + shrinkage target I, S the covariance with divisor n. Series without any variance have shrinkage 0.
 * @throws MarginError type, not-finite, range
 * @example
 * const { matrix, shrinkage } = ledoitWolf([[0.01, -0.02, 0.03], [0.02, 0.01, -0.01]]);
 */
export function ledoitWolf(columns: readonly Column[]): Shrunk {
  const series = columnsOf(columns);
  const { matrix, size, count, means } = covariance(series, { divisor: 'n' });
  let target = 0;
  for (let i = 0; i < size; i++) target += matrix[i * size + i] ?? 0;
  target /= size;
  let distance = 0;
  let norm = 0;
  matrix.forEach((x, at) => {
    const beyond = x - (at % (size + 1) === 0 ? target : 0);
    distance += beyond * beyond;
    norm += x * x;
  });
  distance /= size;
  let fourths = 0;
  for (let t = 0; t < count; t++) {
    let square = 0;
    for (let i = 0; i < size; i++) {
      const x = (series[i]?.[t] ?? 0) - (means[i] ?? 0);
      square += x * x;
    }
    fourths += square * square;
  }
  const error = Math.max(0, Math.min(distance, (fourths / count - norm) / (count * size)));
  const shrinkage = error > 0 && distance > 0 ? Math.min(1, error / distance) : 0;
  const shrunk = matrix.map((x, at) => (1 - shrinkage) * x + (at % (size + 1) === 0 ? shrinkage * target : 0));
  return { matrix: shrunk, size, count, means, shrinkage, target };
}
