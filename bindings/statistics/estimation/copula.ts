// How two numbers of an elliptical distribution depend on each other: closed forms, to hold simulations against. A. J. McNeil, R. Frey
// and P. Embrechts, Quantitative Risk Management (2005), sections 5.3.1 and 5.3.2.
import { decimal } from '../../book/fields.js';
import { studentCdf } from '../../reference/numeric/student.js';
import { atan2 } from '../../reference/numeric/trigonometry.js';

const TWO_OVER_PI = 0.6366197723675814;

const correlationGiven = (rho: number): number => decimal(rho, 'correlation', { min: -1, max: 1 });

/**
 * Kendall's tau of a normal or Student-t pair: 2 / pi arcsin(correlation).
 * @throws MarginError type, not-finite, range: a correlation outside [-1, 1]
 * @example
 * ellipticalTau(0.5); // 0.33333333333333...
 */
export function ellipticalTau(correlation: number): number {
  const rho = correlationGiven(correlation);
  return TWO_OVER_PI * atan2(rho, Math.sqrt((1 - rho) * (1 + rho)));
}

/**
 * The chance that one number of a Student-t pair is beyond its quantile where the other is, far out: lower and upper tail alike. A
 * normal pair has none, whatever its correlation (below 1).
 * @param dof - degrees of freedom, > 0
 * @throws MarginError type, not-finite, range
 * @example
 * studentTailDependence(0.5, 4); // 0.25316999510032...
 */
export function studentTailDependence(correlation: number, dof: number): number {
  const rho = correlationGiven(correlation);
  const nu = decimal(dof, 'dof', { above: 0 });
  if (rho === 1) return 1;
  if (rho === -1) return 0;
  return 2 * studentCdf(-Math.sqrt(((nu + 1) * (1 - rho)) / (1 + rho)), nu + 1);
}
