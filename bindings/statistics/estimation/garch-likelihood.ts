// The Gaussian log-likelihood of GARCH(1, 1) with its exact derivatives: e = r - mu, h = omega + alpha e^2 + beta h of the day before,
// the first h from the mean square of e, which moves with mu (T. Bollerslev, 1986; start as in the benchmark of G. Fiorentini,
// G. Calzolari and L. Panattoni, Analytic derivatives and the computation of GARCH estimates, 1996).
import { log } from '../../reference/numeric/log.js';

/** mu, omega, alpha, beta. */
export type Parameters = readonly [mu: number, omega: number, alpha: number, beta: number];

const LN_2_PI = 1.8378770664093453;
const COUNT = 4;

export interface Likelihood {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Mean and mean square of r - mu. */
function residuals(r: Float64Array, mu: number): { mean: number; square: number } {
  let sum = 0;
  let squares = 0;
  for (let t = 0; t < r.length; t++) {
    const e = (r[t] ?? 0) - mu;
    sum += e;
    squares += e * e;
  }
  return { mean: sum / r.length, square: squares / r.length };
}

/** Writes the variance of each day and returns the log-likelihood and the variance of the day after the last. */
export function variancesInto(
  r: Float64Array,
  [mu, omega, alpha, beta]: Parameters,
  into: Float64Array,
): { value: number; next: number } {
  let h = omega + (alpha + beta) * residuals(r, mu).square;
  let value = 0;
  for (let t = 0; t < r.length; t++) {
    into[t] = h;
    const e = (r[t] ?? 0) - mu;
    value -= 0.5 * (LN_2_PI + log(h) + (e * e) / h);
    h = omega + alpha * (e * e) + beta * h;
  }
  return { value, next: h };
}

/** The log-likelihood and its gradient. */
export function likelihood(r: Float64Array, [mu, omega, alpha, beta]: Parameters): Likelihood {
  const { mean, square } = residuals(r, mu);
  let h = omega + (alpha + beta) * square;
  // Derivatives of h by mu, omega, alpha, beta.
  let [hm, hw, ha, hb] = [-2 * (alpha + beta) * mean, 1, square, square];
  let value = 0;
  let [gm, gw, ga, gb] = [0, 0, 0, 0];
  for (let t = 0; t < r.length; t++) {
    const e = (r[t] ?? 0) - mu;
    const e2 = e * e;
    value -= 0.5 * (LN_2_PI + log(h) + e2 / h);
    const weight = (-0.5 * (1 - e2 / h)) / h;
    gm += weight * hm + e / h;
    gw += weight * hw;
    ga += weight * ha;
    gb += weight * hb;
    hm = beta * hm - 2 * alpha * e;
    hw = beta * hw + 1;
    ha = beta * ha + e2;
    hb = beta * hb + h;
    h = omega + alpha * e2 + beta * h;
  }
  return { value, gradient: Float64Array.of(gm, gw, ga, gb) };
}

/** Second derivatives of the log-likelihood, 4 * 4. */
export function hessian(r: Float64Array, [mu, omega, alpha, beta]: Parameters): Float64Array {
  const { mean, square } = residuals(r, mu);
  let h = omega + (alpha + beta) * square;
  let first = [-2 * (alpha + beta) * mean, 1, square, square];
  let second = [
    [2 * (alpha + beta), 0, -2 * mean, -2 * mean],
    [0, 0, 0, 0],
    [-2 * mean, 0, 0, 0],
    [-2 * mean, 0, 0, 0],
  ];
  const sum = new Float64Array(COUNT * COUNT);
  for (let t = 0; t < r.length; t++) {
    const e = (r[t] ?? 0) - mu;
    const ratio = (e * e) / h;
    const ofError = [-1, 0, 0, 0];
    for (let at = 0; at < sum.length; at++) {
      const [i, j] = [at >> 2, at & 3];
      const [hi, hj, ei, ej] = [first[i] ?? 0, first[j] ?? 0, ofError[i] ?? 0, ofError[j] ?? 0];
      const bend = ((second[i]?.[j] ?? 0) / h) * (1 - ratio) + (((hi / h) * hj) / h) * (2 * ratio - 1);
      const cross = (-2 * e * (ei * hj + ej * hi)) / h / h + (2 * ei * ej) / h;
      sum[at] = (sum[at] ?? 0) - 0.5 * (bend + cross);
    }
    // What the day adds to the derivatives of the next variance, beside beta times those of this one.
    const added = [
      [2 * alpha, 0, -2 * e, first[0] ?? 0],
      [0, 0, 0, first[1] ?? 0],
      [-2 * e, 0, 0, first[2] ?? 0],
      [first[0] ?? 0, first[1] ?? 0, first[2] ?? 0, 2 * (first[3] ?? 0)],
    ];
    second = added.map((row, i) => row.map((x, j) => x + beta * (second[i]?.[j] ?? 0)));
    const own = [-2 * alpha * e, 1, e * e, h];
    first = own.map((x, i) => x + beta * (first[i] ?? 0));
    h = omega + alpha * e * e + beta * h;
  }
  return sum;
}
