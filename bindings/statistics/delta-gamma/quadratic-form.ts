// What a portfolio with deltas and gammas loses in normal factors, as a sum of independent squares: loss = mean + deviation times the
// sum of c_j Y_j + l_j (Y_j^2 - 1) / 2 with standard normal Y_j, and its cumulant function. imhof.ts and saddlepoint.ts ask it.
import { MarginError } from '../../errors.js';
import { log1p } from '../../reference/numeric/log.js';
import { type Matrix, readMatrix } from '../analytic/gaussian.js';
import { cholesky } from '../matrix/cholesky.js';
import { symmetricEigen } from '../matrix/eigen.js';
import { product, transposed } from '../matrix/product.js';
import { readSample, type Sample } from '../sample.js';

/** A portfolio in factor space: gain = delta'X + X' gamma X / 2, X normal with mean 0 and covariance omega over the horizon. */
export interface FactorModel {
  /** First derivatives of the value by factors. */
  readonly delta: Sample;
  /** Second derivatives, symmetric. */
  readonly gamma: Matrix;
  /** Covariance of the factors' moves; it may be singular. */
  readonly omega: Matrix;
}

/** A model as rows of numbers. */
export interface Factors {
  readonly n: number;
  readonly delta: Float64Array;
  readonly gamma: Float64Array;
  readonly omega: Float64Array;
}

/** @throws MarginError type, range, not-finite */
export function readFactors(model: FactorModel): Factors {
  const given: unknown = model;
  if (typeof given !== 'object' || given === null)
    throw new MarginError('type', { path: 'model', got: given, expected: '{ delta, gamma, omega }' });
  const delta = readSample(model.delta, 'model.delta');
  const n = delta.length;
  const gamma = readMatrix(model.gamma, n, 'model.gamma');
  return { n, delta, gamma, omega: readMatrix(model.omega, n, 'model.omega') };
}

export interface QuadraticForm {
  /** Of the loss, units of money. */
  readonly mean: number;
  /** Of the loss; 0 where nothing moves. */
  readonly deviation: number;
  /** l_j and c_j of the squares, in deviations; no l_j is 0. */
  readonly curves: Float64Array;
  readonly slopes: Float64Array;
  /** Size of what is linear in all other factors together, in deviations. */
  readonly linear: number;
  /** Standardised losses are counted from here, in deviations from the mean: 0, or the end of the support. */
  readonly origin: number;
}

/** Beside the largest, what is this small for each factor is rounding. */
const NOTHING = 1e-15;
/** A correlation that no matrix has. */
const IMPOSSIBLE = 2;

/**
 * L with L L' = omega, factors scaled to variance 1 first so that none is lost beside one of larger units.
 * @throws MarginError range where omega is no covariance
 */
export function rootOf({ n, omega }: Factors, path = 'model.omega'): Float64Array {
  const scale = Float64Array.from({ length: n }, (_, i) => Math.sqrt(Math.max(0, omega[i * n + i] ?? 0)));
  const least = NOTHING * largestOf(scale) * largestOf(scale);
  const correlation = omega.map((x, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    const size = (scale[i] ?? 0) * (scale[j] ?? 0);
    if (size > 0) return x / (scale[i] ?? 0) / (scale[j] ?? 0);
    // A factor without variance: 1 on the diagonal keeps the matrix, 0 for its scale drops the factor. It has no covariance either.
    if (i === j) return x < 0 ? x : 1;
    return Math.abs(x) <= least ? 0 : IMPOSSIBLE;
  });
  const { lower } = cholesky(correlation, n);
  if (lower === null)
    throw new MarginError('range', {
      path,
      expected: 'a positive semidefinite matrix',
      hint: 'It has an eigenvalue below 0: no normal factors move together like that',
    });
  return lower.map((x, at) => x * (scale[Math.floor(at / n)] ?? 0));
}

/** a' b, of n * n matrices. */
function transposedTimes(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const x = a[k * n + i] ?? 0;
      if (x === 0) continue;
      for (let j = 0; j < n; j++) product[i * n + j] = (product[i * n + j] ?? 0) + x * (b[k * n + j] ?? 0);
    }
  }
  return product;
}

const largestOf = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** A form with every direction that its factors have: X = turn Y. */
export interface Directions {
  readonly form: QuadraticForm;
  /** By direction, in deviations as in the form; 0 where it is linear. */
  readonly curves: Float64Array;
  readonly slopes: Float64Array;
  /** n * n, row after row: factors by standard normal directions. */
  readonly turn: Float64Array;
}

/** The loss of a portfolio as a sum of independent squares. @throws MarginError range where omega is no covariance */
export const quadraticForm = (factors: Factors): QuadraticForm => formOf(factors).form;

/** The same with its directions. @throws MarginError range where omega is no covariance */
export function directionsOf(factors: Factors, path?: string): Directions {
  const { n } = factors;
  const { form, lower, vectors, values, along, leastCurve, leastSlope } = formOf(factors, path);
  const per = (x: number, least: number): number =>
    form.deviation === 0 || Math.abs(x) <= least ? 0 : 0 - x / form.deviation;
  return {
    form,
    curves: values.map((x) => per(x, leastCurve)),
    slopes: along.map((x) => per(x, leastSlope)),
    turn: product(lower, vectors, n),
  };
}

interface Turned {
  readonly form: QuadraticForm;
  readonly lower: Float64Array;
  readonly vectors: Float64Array;
  readonly values: Float64Array;
  readonly along: Float64Array;
  readonly leastCurve: number;
  readonly leastSlope: number;
}

function formOf(factors: Factors, path?: string): Turned {
  const { n, delta, gamma } = factors;
  const lower = rootOf(factors, path);
  // L' gamma L, made the same on both sides of the diagonal.
  const inner = transposedTimes(transposed(transposedTimes(lower, gamma, n), n), lower, n);
  const even = inner.map((x, at) => 0.5 * (x + (inner[(at % n) * n + Math.floor(at / n)] ?? 0)));
  const { values, vectors } = symmetricEigen(even, n);
  const turned = new Float64Array(n);
  for (let k = 0; k < n; k++)
    for (let i = k; i < n; i++) turned[k] = (turned[k] ?? 0) + (lower[i * n + k] ?? 0) * (delta[i] ?? 0);
  const along = new Float64Array(n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) along[k] = (along[k] ?? 0) + (vectors[i * n + k] ?? 0) * (turned[i] ?? 0);

  const leastCurve = NOTHING * Math.max(n * largestOf(values), largestOf(along));
  const leastSlope = NOTHING * Math.max(n * largestOf(along), largestOf(values));
  const curves: number[] = [];
  const slopes: number[] = [];
  let [mean, variance, linear] = [0, 0, 0];
  for (let k = 0; k < n; k++) {
    // Of the loss: signs turned.
    const [l, c] = [-(values[k] ?? 0), Math.abs(along[k] ?? 0) > leastSlope ? -(along[k] ?? 0) : 0];
    if (Math.abs(l) <= leastCurve) {
      linear += c * c;
      continue;
    }
    curves.push(l);
    slopes.push(c);
    mean += 0.5 * l;
    variance += c * c + 0.5 * (l * l);
  }
  const deviation = Math.sqrt(variance + linear);
  const per = (x: number): number => (deviation === 0 ? 0 : x / deviation);
  const form = {
    mean,
    deviation,
    curves: Float64Array.from(curves, per),
    slopes: Float64Array.from(slopes, per),
    linear: per(Math.sqrt(linear)),
    origin: 0,
  };
  return { form, lower, vectors, values, along, leastCurve, leastSlope };
}

/** Where the standardised loss ends, both infinite but where all squares bend one way and nothing is linear. */
export function supportOf({ curves, slopes, linear, origin }: QuadraticForm): { least: number; most: number } {
  if (origin !== 0) return origin > 0 ? { least: -Infinity, most: 0 } : { least: 0, most: Infinity };
  let [down, up, end] = [linear === 0, linear === 0, 0];
  curves.forEach((l, j) => {
    const c = slopes[j] ?? 0;
    end -= 0.5 * (l + (c / l) * c);
    down &&= l > 0;
    up &&= l < 0;
  });
  return { least: down ? end : -Infinity, most: up ? end : Infinity };
}

/**
 * The form with losses counted from its end, where those near to it keep their digits: K less s times the end, taken together factor
 * by factor, so that nothing cancels.
 */
export const fromEnd = (form: QuadraticForm, end: number): QuadraticForm => ({ ...form, origin: end });

/** Cumulant function of the standardised loss, K, and its derivatives at a real s between its poles. */
export interface Cumulants {
  readonly value: number;
  readonly first: number;
  readonly second: number;
}

/** Below, ln(1 + x) - x is taken from its series, of which 16 terms are enough. */
const SMALL = 0.0625;
const LAST_TERM = 16;

/** ln(1 + x) - x: near 0 -x^2 / 2. */
function logBend(x: number): number {
  if (Math.abs(x) > SMALL) return log1p(x) - x;
  let sum = 0;
  for (let k = LAST_TERM; k >= 2; k--) sum = 1 / k - x * sum;
  return -x * x * sum;
}

export function cumulantsAt({ curves, slopes, linear, origin }: QuadraticForm, s: number): Cumulants {
  const square = linear * linear;
  let [value, first, second] = [0.5 * square * s * s, square * s, square];
  for (let j = 0; j < curves.length; j++) {
    const [l, c] = [curves[j] ?? 0, slopes[j] ?? 0];
    const q = 1 / (1 - s * l);
    const c2 = c * c;
    if (origin === 0) {
      value += 0.5 * (c2 * s * s * q - logBend(-s * l));
      first += 0.5 * s * q * (l * l + c2 * (2 - s * l) * q);
    } else {
      value += 0.5 * ((c2 / l) * s * q - log1p(-s * l));
      first += 0.5 * q * (l + (c2 / l) * q);
    }
    second += q * q * (0.5 * (l * l) + c2 * q);
  }
  return { value, first, second };
}

const MOST_STEPS = 200;
/** Beyond, the standardised loss is at its end for every double. */
const MOST_SADDLE = 1e100;

/** The s with K'(s) = y: Newton's, between bounds that close. NaN where y is not inside the support. */
export function saddleOf(form: QuadraticForm, y: number): number {
  // From the mean, where s is 0.
  const way = y + form.origin;
  if (way === 0) return 0;
  const upwards = way > 0;
  const steepest = form.curves.reduce((most, l) => (upwards ? Math.max(most, l) : Math.min(most, l)), 0);
  let [inner, outer] = [0, steepest === 0 ? way : 1 / steepest];
  if (steepest === 0) {
    while ((cumulantsAt(form, outer).first - y) * way < 0) {
      inner = outer;
      outer *= 2;
      if (Math.abs(outer) > MOST_SADDLE) return Number.NaN;
    }
  }
  let s = steepest === 0 ? outer : 0.5 * outer;
  for (let i = 0; i < MOST_STEPS; i++) {
    const { first, second } = cumulantsAt(form, s);
    const off = first - y;
    if (off * way > 0) outer = s;
    else inner = s;
    const newton = s - off / second;
    const inside = upwards ? newton > inner && newton < outer : newton < inner && newton > outer;
    const next = inside ? newton : 0.5 * (inner + outer);
    if (Math.abs(next - s) <= 1e-15 * Math.abs(next)) return next;
    s = next;
  }
  return s;
}
