// What normal factors are on average, and in their squares, where a portfolio of deltas and gammas loses its value at risk, and where it
// loses that or more: the parts of positions are linear in it (D. Tasche, Risk contributions and performance measurement, 1999). With
// the loss tilted by e^(sL) factors stay normal, so both are inversion integrals along the path of imhof.ts, with the mean and the
// covariance of the tilted factors under the integral. The pole at the mean falls out with the factors' own mean and covariance.
import { exp } from '../../reference/numeric/exp.js';
import { normalDensity, normalQuantile } from '../../reference/numeric/normal.js';
import { beyondNormal } from '../analytic/delta-normal.js';
import { AGREED, type ExactQuantile, HALVINGS, LAST, Path, WIDTH } from './imhof.js';
import { oneFactorMoments } from './one-factor.js';
import { cumulantsAt, type Directions, saddleOf } from './quadratic-form.js';

/** Of standard normal directions: means, and second moments less those of independent ones. */
export interface Lift {
  readonly first: Float64Array;
  /** n * n, row after row. */
  readonly second: Float64Array;
}

export interface Conditional {
  /** Where the loss is the value at risk. */
  readonly at: Lift;
  /** Where it is that or more. */
  readonly beyond: Lift;
}

export const liftOf = (n: number): Lift => ({ first: new Float64Array(n), second: new Float64Array(n * n) });

const ROOT_TWO_PI = 2.5066282746310002;

/** Adds by numbers that may not be there yet. */
function add(values: Float64Array, at: number, x: number): void {
  values[at] = (values[at] ?? 0) + x;
}

/** Fills the other side of the diagonal. */
export function mirror({ first, second }: Lift): void {
  const n = first.length;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) second[i * n + j] = second[j * n + i] ?? 0;
}

/** Scales what was summed. */
function scale({ first, second }: Lift, by: number): void {
  first.forEach((x, i) => {
    first[i] = x * by;
  });
  second.forEach((x, i) => {
    second[i] = x * by;
  });
}

/** c q and l q with q = 1 / (1 - s l), of every direction at one s: real, imaginary. */
class Tilt {
  readonly #directions: Directions;
  readonly #slope: Float64Array;
  readonly #curve: Float64Array;

  constructor(directions: Directions) {
    this.#directions = directions;
    this.#slope = new Float64Array(2 * directions.curves.length);
    this.#curve = new Float64Array(2 * directions.curves.length);
  }

  to(x: number, y: number): void {
    const { curves, slopes } = this.#directions;
    curves.forEach((l, j) => {
      const [a, b] = [1 - x * l, -y * l];
      const size = a * a + b * b;
      const [qa, qb] = [a / size, -b / size];
      const c = slopes[j] ?? 0;
      this.#slope[2 * j] = c * qa;
      this.#slope[2 * j + 1] = c * qb;
      this.#curve[2 * j] = l * qa;
      this.#curve[2 * j + 1] = l * qb;
    });
  }

  /**
   * Adds the real part of f c_j q_j, f l_j q_j and f s c_j q_j c_k q_k: what the mean s c q, the covariance 1 + s l q and the products
   * of means come to for a factor f s.
   */
  addTo({ first, second }: Lift, fa: number, fb: number, x: number, y: number): void {
    const n = first.length;
    for (let j = 0; j < n; j++) {
      const [ca, cb] = [this.#slope[2 * j] ?? 0, this.#slope[2 * j + 1] ?? 0];
      const [va, vb] = [fa * ca - fb * cb, fa * cb + fb * ca];
      add(first, j, va);
      add(second, j * n + j, fa * (this.#curve[2 * j] ?? 0) - fb * (this.#curve[2 * j + 1] ?? 0));
      if (ca === 0 && cb === 0) continue;
      const [ua, ub] = [va * x - vb * y, va * y + vb * x];
      for (let k = j; k < n; k++)
        add(second, j * n + k, ua * (this.#slope[2 * k] ?? 0) - ub * (this.#slope[2 * k + 1] ?? 0));
    }
  }
}

/** Both integrals by trapezoids of one width; null where the path could not be followed. */
function along(
  directions: Directions,
  { form, place }: ExactQuantile,
  tail: number,
  width: number,
): Conditional | null {
  const n = directions.curves.length;
  const saddle = saddleOf(form, place);
  const { value, second } = cumulantsAt(form, saddle);
  const size = Math.sqrt(Math.max(0, 2 * (saddle * place - value)));
  const path = new Path(form, place, saddle, value, second);
  const tilt = new Tilt(directions);
  const [at, beyond] = [liftOf(n), liftOf(n)];
  let density = 0;
  for (let t = 0.5 * width; t < LAST; t += width) {
    path.to(t);
    if (path.failed) return null;
    const [x, y, dx, dy] = path.point;
    const weight = exp(-0.5 * t * t);
    // ds/dz = ds/dt / i, as in imhof.ts.
    const [a, b] = [weight * dy, -weight * dx];
    tilt.to(x, y);
    tilt.addTo(beyond, a, b, x, y);
    tilt.addTo(at, a * x - b * y, a * y + b * x, x, y);
    density += a;
  }
  const peak = normalDensity(size) / ROOT_TWO_PI;
  scale(beyond, (2 * width * peak) / tail);
  scale(at, 1 / density);
  mirror(at);
  mirror(beyond);
  return { at, beyond };
}

/** Whether two widths agree; false where anything is no number. */
function agree(a: Lift, b: Lift): boolean {
  let [most, off] = [0, 0];
  const compare = (x: Float64Array, y: Float64Array): void => {
    x.forEach((value, i) => {
      most = Math.max(most, Math.abs(value));
      off = Math.max(off, Math.abs(value - (y[i] ?? 0)));
    });
  };
  compare(a.first, b.first);
  compare(a.second, b.second);
  return off <= AGREED * most;
}

function integrated(directions: Directions, found: ExactQuantile, tail: number): Conditional | null {
  let before: Conditional | null = null;
  let width = WIDTH;
  for (let i = 0; i <= HALVINGS; i++) {
    const now = along(directions, found, tail, width);
    if (now === null) return null;
    if (before !== null && agree(now.at, before.at) && agree(now.beyond, before.beyond)) return now;
    before = now;
    width *= 0.5;
  }
  return null;
}

/** Of a linear portfolio: c z and c c'(z^2 - 1), beyond with the inverse Mills ratio h for z and z h for z^2 - 1. */
export function linearConditional({ slopes }: Directions, tail: number): Conditional {
  const n = slopes.length;
  const z = 0 - normalQuantile(tail);
  const h = beyondNormal({ z, tail });
  const lift = (mean: number, square: number): Lift => ({
    first: slopes.map((c) => c * mean),
    second: Float64Array.from({ length: n * n }, (_, at) => {
      const [j, k] = [Math.floor(at / n), at % n];
      return (slopes[j] ?? 0) * (slopes[k] ?? 0) * square;
    }),
  });
  return { at: lift(z, z * z - 1), beyond: lift(h, z * h) };
}

/** Of one square: two values of one direction, the others as ever. */
function squareConditional({ curves, slopes }: Directions, tail: number): Conditional {
  const n = curves.length;
  const j = curves.findIndex((l) => l !== 0);
  const found = oneFactorMoments(curves[j] ?? 0, slopes[j] ?? 0, tail);
  const lift = ({ first, second }: { first: number; second: number }): Lift => {
    const made = liftOf(n);
    made.first[j] = first;
    made.second[j * n + j] = second;
    return made;
  };
  return { at: lift(found.at), beyond: lift(found.beyond) };
}

/** Without the directions that an exact figure was found without. */
function kept(directions: Directions, size: number): Directions {
  if (size === 0) return directions;
  const { form, curves, slopes } = directions;
  const keep = curves.map((l, j) => {
    const c = slopes[j] ?? 0;
    return (l === 0 ? form.linear > size : 0.5 * l * l + c * c > size * size) ? 1 : 0;
  });
  const only = (values: Float64Array): Float64Array => values.map((x, j) => (keep[j] === 1 ? x : 0));
  return { ...directions, curves: only(curves), slopes: only(slopes) };
}

/**
 * The two conditional moments of a portfolio's directions.
 * @param found - where the quantile is; null where it has a closed form
 * @param leftOut - size of what it was found without
 * @returns null where the integral does not settle
 */
export function conditionalOf(
  directions: Directions,
  found: ExactQuantile | null,
  tail: number,
  leftOut: number,
): Conditional | null {
  const rest = kept(directions, leftOut);
  if (found !== null) return integrated(rest, found, tail);
  return rest.curves.some((l) => l !== 0) ? squareConditional(rest, tail) : linearConditional(rest, tail);
}
