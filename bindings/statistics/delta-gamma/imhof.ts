// The exact distribution of a quadratic form of normal numbers: the inversion integral of J. P. Imhof (Biometrika 48, 1961), moved to
// where its integrand neither oscillates nor cancels, the path of steepest descent through the saddlepoint (S. O. Rice, SIAM J. Sci.
// Stat. Comput. 1, 1980), in the variable of R. Lugannani and S. Rice (Adv. Appl. Probab. 12, 1980), which takes the pole at the
// mean out. The trapezoid rule on it gains digits exponentially. Results are of the standardised loss of quadratic-form.ts.
import { exp } from '../../reference/numeric/exp.js';
import { log1p } from '../../reference/numeric/log.js';
import { normalCdf, normalDensity, normalQuantile } from '../../reference/numeric/normal.js';
import { atan2 } from '../../reference/numeric/trigonometry.js';
import { cumulantsAt, fromEnd, type QuadraticForm, saddleOf, supportOf } from './quadratic-form.js';

const TWO_PI = 6.283185307179586;
/** Beyond, e^(-t^2 / 2) is below 2^-60. */
export const LAST = 9.2;
/** The first width of the trapezoids, and how often it is halved. */
export const WIDTH = 0.4;
export const HALVINGS = 5;
/** Two widths that agree to this share of each answer: the error of the finer one is about the square of it. */
export const AGREED = 1e-9;
/** From here on, in w, both tails and all that is in them are nothing or one. */
const UNDERFLOW = 37;
const MOST_NEWTON = 40;
/** The square of a move beside the way from the saddle after which the next, its square, would be rounding. */
const SMALL_MOVE_2 = 1e-20;
/** The same where moves no longer get smaller. */
const NOISE_2 = 1e-10;
const MOST_CUTS = 14;
/** Of the search for a quantile: steps, and the last of them in deviations. */
const MOST_STEPS = 100;
const SMALL_MOVE = 1e-13;

/** The distribution of the standardised loss at a point. */
export interface Exact {
  /** P(loss <= y) and P(loss > y): each to about 1e-13 of itself, far out as well. */
  readonly lower: number;
  readonly upper: number;
  readonly density: number;
  /** E max(loss - y, 0). */
  readonly excess: number;
  /** false: the path could not be followed, or widths do not agree: next to the end of a square that others only just blur. */
  readonly converged: boolean;
}

/** K(s) and K'(s) at a complex s: real and imaginary parts. */
const complex = new Float64Array(4);

function complexCumulants({ curves, slopes, linear, origin }: QuadraticForm, x: number, y: number): void {
  const square = linear * linear;
  let [real, imaginary] = [0.5 * square * (x * x - y * y), square * x * y];
  let [realFirst, imaginaryFirst] = [square * x, square * y];
  for (let j = 0; j < curves.length; j++) {
    const l = curves[j] ?? 0;
    const c2 = (slopes[j] ?? 0) * (slopes[j] ?? 0);
    const [a, b] = [1 - x * l, -y * l];
    const size = a * a + b * b;
    const [qa, qb] = [a / size, -b / size];
    // -ln(1 - s l) / 2
    real -= 0.25 * log1p(l * (l * (x * x + y * y) - 2 * x));
    imaginary -= 0.5 * atan2(b, a);
    if (origin !== 0) {
      // c^2 s / (2 l (1 - s l)), and of K' (l + c^2 / (l (1 - s l))) / (2 (1 - s l)).
      const c2l = 0.5 * (c2 / l);
      real += c2l * (x * qa - y * qb);
      imaginary += c2l * (x * qb + y * qa);
      const [ua, ub] = [0.5 * l + c2l * qa, c2l * qb];
      realFirst += qa * ua - qb * ub;
      imaginaryFirst += qa * ub + qb * ua;
      continue;
    }
    // s / (1 - s l), for K' with l^2 / 2, and times s c^2 / 2 for K
    const [ra, rb] = [x * qa - y * qb, x * qb + y * qa];
    real += 0.5 * (c2 * (x * ra - y * rb) - x * l);
    imaginary += 0.5 * (c2 * (x * rb + y * ra) - y * l);
    // c^2 s (2 - s l) / (2 (1 - s l)^2) = c^2 r (1 + 1 / (1 - s l)) / 2
    const [ua, ub] = [0.5 * (l * l + c2 * (1 + qa)), 0.5 * c2 * qb];
    realFirst += ra * ua - rb * ub;
    imaginaryFirst += ra * ub + rb * ua;
  }
  complex[0] = real;
  complex[1] = imaginary;
  complex[2] = realFirst;
  complex[3] = imaginaryFirst;
}

/** The path from the saddle upwards: where K(s) - s y has fallen by t^2 / 2, its imaginary part 0. */
export class Path {
  readonly #form: QuadraticForm;
  readonly #y: number;
  readonly #saddle: number;
  readonly #height: number;
  #t = 0;
  #x: number;
  #iy = 0;
  /** ds/dt. */
  #dx = 0;
  #dy: number;
  failed = false;

  constructor(form: QuadraticForm, y: number, saddle: number, value: number, second: number) {
    this.#form = form;
    this.#y = y;
    this.#saddle = saddle;
    this.#height = value - saddle * y;
    this.#x = saddle;
    this.#dy = 1 / Math.sqrt(second);
  }

  get point(): readonly [x: number, y: number, dx: number, dy: number] {
    return [this.#x, this.#iy, this.#dx, this.#dy];
  }

  /** Goes on to t; cuts the way where a step would leave the path. */
  to(t: number, cuts = 0): void {
    if (this.#step(t)) return;
    if (cuts === MOST_CUTS) this.failed = true;
    if (this.failed) return;
    this.to(0.5 * (this.#t + t), cuts + 1);
    this.to(t, cuts + 1);
  }

  #step(t: number): boolean {
    const ahead = t - this.#t;
    const [stepX, stepY] = [this.#dx * ahead, this.#dy * ahead];
    const reach = stepX * stepX + stepY * stepY;
    let [x, iy] = [this.#x + stepX, this.#iy + stepY];
    let before = Infinity;
    for (let i = 0; i < MOST_NEWTON; i++) {
      complexCumulants(this.#form, x, iy);
      const [real, imaginary] = [complex[0] ?? 0, complex[1] ?? 0];
      const off = real - x * this.#y - this.#height + 0.5 * t * t;
      const side = imaginary - iy * this.#y;
      const [da, db] = [(complex[2] ?? 0) - this.#y, complex[3] ?? 0];
      const size = da * da + db * db;
      const [moveX, moveY] = [(off * da + side * db) / size, (side * da - off * db) / size];
      x -= moveX;
      iy -= moveY;
      const [fromX, fromY] = [x - this.#x - stepX, iy - this.#iy - stepY];
      // NaN, or further from the tangent than half of the step.
      if (!(fromX * fromX + fromY * fromY <= 0.25 * reach)) return false;
      const way = (x - this.#saddle) * (x - this.#saddle) + iy * iy;
      const move = moveX * moveX + moveY * moveY;
      // Or as small as rounding lets it be.
      const settled = move <= SMALL_MOVE_2 * way || (move >= before && move <= NOISE_2 * way);
      before = move;
      if (!settled) continue;
      this.#arrive(t, x, iy);
      return true;
    }
    return false;
  }

  /** (K'(s) - y) ds/dt = -t. */
  #arrive(t: number, x: number, iy: number): void {
    complexCumulants(this.#form, x, iy);
    const [da, db] = [(complex[2] ?? 0) - this.#y, complex[3] ?? 0];
    const size = da * da + db * db;
    this.#t = t;
    this.#x = x;
    this.#iy = iy;
    this.#dx = (-t * da) / size;
    this.#dy = (t * db) / size;
  }
}

/** Sums over the path with trapezoids of one width: of the tail, the excess and the density. */
function along(
  path: Path,
  w: number,
  slope: number,
  width: number,
): readonly [tail: number, excess: number, density: number] {
  let [tail, excess, density] = [0, 0, 0];
  for (let t = 0.5 * width; t < LAST && !path.failed; t += width) {
    path.to(t);
    const [x, y, dx, dy] = path.point;
    const weight = exp(-0.5 * t * t);
    // ds/dz = ds/dt / i; of all below the real part, as the other half of the path is the mirror.
    const [a, b] = [dy, -dx];
    const size = x * x + y * y;
    const [ua, ub] = [(a * x + b * y) / size, (b * x - a * y) / size];
    const z2 = w * w + t * t;
    tail += weight * (ua - w / z2);
    // (ds/dz) / s^2, less the double pole: slope / z^2.
    excess += weight * ((ua * x + ub * y) / size - (slope * (w * w - t * t)) / (z2 * z2));
    density += weight * a;
  }
  return [2 * width * tail, 2 * width * excess, 2 * width * density];
}

/** Where all of the loss is on one side. */
const endAt = ({ origin }: QuadraticForm, y: number, below: boolean): Exact => ({
  lower: below ? 0 : 1,
  upper: below ? 1 : 0,
  density: 0,
  excess: below ? 0 - y - origin : 0,
  converged: true,
});

const near = (a: number, b: number): boolean => Math.abs(a - b) <= AGREED * Math.abs(b);

/** The distribution of a form with more than one factor at a standardised loss. */
export function exactAt(form: QuadraticForm, y: number): Exact {
  const { least, most } = supportOf(form);
  const saddle = y > least && y < most ? saddleOf(form, y) : Number.NaN;
  if (Number.isNaN(saddle)) return endAt(form, y, y <= least || (y < most && y + form.origin < 0));
  const { value, second } = cumulantsAt(form, saddle);
  const size = Math.sqrt(Math.max(0, 2 * (saddle * y - value)));
  const w = saddle < 0 ? -size : size;
  if (size > UNDERFLOW) return endAt(form, y, w < 0);
  const slope = w === 0 ? 1 : (y + form.origin) / w;
  const peak = normalDensity(w) / Math.sqrt(TWO_PI);
  const answer = (sums: readonly [number, number, number], converged: boolean): Exact => ({
    lower: normalCdf(w) - peak * sums[0],
    upper: normalCdf(-w) + peak * sums[0],
    density: peak * sums[2],
    excess: slope * (normalDensity(w) - w * normalCdf(-w)) + peak * sums[1],
    converged,
  });
  let before: Exact | undefined;
  let width = WIDTH;
  for (let i = 0; i <= HALVINGS; i++) {
    const path = new Path(form, y, saddle, value, second);
    const now = answer(along(path, w, slope, width), false);
    // Good enough to turn back from.
    if (path.failed) return answer([0, 0, 0], false);
    const agreed =
      before !== undefined &&
      near(before.lower, now.lower) &&
      near(before.upper, now.upper) &&
      near(before.density, now.density);
    if (agreed) return { ...now, converged: true };
    before = now;
    width *= 0.5;
  }
  return before ?? answer([0, 0, 0], false);
}

/** A loss in deviations from the mean, and the distribution there. */
export interface ExactQuantile {
  readonly y: number;
  readonly at: Exact;
  /** The form that was searched, and the same loss in it: counted from the end of the support near to it. */
  readonly form: QuadraticForm;
  readonly place: number;
}

/** Nearer to the end than this share of its distance from the mean, a quantile is sought from the end. */
const NEAR_END = 0.1;

/** The standardised loss of more than one factor that is exceeded with a chance of `tail`. */
export function exactQuantile(form: QuadraticForm, tail: number, start: number): ExactQuantile {
  // F. P. Cantelli's inequality, both ways, and the ends of the support.
  const { least, most } = supportOf(form);
  const low = Math.max(least, -Math.sqrt(tail / (1 - tail)));
  const high = Math.min(most, Math.sqrt((1 - tail) / tail));
  const found = search(form, tail, low, high, start > low && start < high ? start : 0.5 * (low + high));
  const end = least > -Infinity ? least : most;
  if (!(Math.abs(found.y - end) < NEAR_END * Math.abs(end))) return found;
  const [lowest, highest] = [Math.min(0, low - end), Math.max(0, high - end)];
  const nearer = search(fromEnd(form, end), tail, lowest, highest, found.y - end);
  return { ...nearer, y: end + nearer.y };
}

function search(form: QuadraticForm, tail: number, least: number, most: number, start: number): ExactQuantile {
  const goal = 0 - normalQuantile(tail);
  const unit = form.origin === 0 ? 1 : 0;
  let [low, high] = [least, most];
  let y = start > low && start < high ? start : 0.5 * (low + high);
  let at = exactAt(form, y);
  for (let i = 0; i < MOST_STEPS; i++) {
    // As a normal number, which is nearly straight in y.
    const now = at.upper < 0.5 ? 0 - normalQuantile(Math.max(0, at.upper)) : normalQuantile(Math.max(0, at.lower));
    if (now > goal) high = y;
    else low = y;
    const newton = y + ((goal - now) * normalDensity(now)) / at.density;
    const next = newton > low && newton < high ? newton : 0.5 * (low + high);
    if (Math.abs(next - y) <= SMALL_MOVE * (unit + Math.abs(y))) return { y, at, form, place: y };
    y = next;
    at = exactAt(form, y);
  }
  return { y, at, form, place: y };
}
