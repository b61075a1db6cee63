// Positions with deltas and gammas of their own in common factors, their sum, and how a derivative by the sum becomes parts of them.
import { Fields, SIZE } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { type Attribution, attribution } from '../analytic/attribution.js';
import { type Matrix, readMatrix } from '../analytic/gaussian.js';
import { dot } from '../matrix/product.js';
import { readSample, type Sample } from '../sample.js';
import type { Factors } from './quadratic-form.js';

/** A position as it is held: gain = delta'X + X' gamma X / 2. */
export interface FactorPosition {
  /** What it is called, for the reader: nothing depends on it. */
  readonly market?: string;
  /** What it is called, likewise. */
  readonly asset?: string;
  /** Contracts that it is; `marginal` is by one of them. Default 1: the position itself. */
  readonly size?: number;
  /** First derivatives of its whole value by factors. */
  readonly delta: Sample;
  /** Second derivatives of its whole value, symmetric; none: 0. */
  readonly gamma?: Matrix;
}

/** Positions in common normal factors. */
export interface FactorPortfolio {
  /** In the order of the answers. */
  readonly positions: readonly FactorPosition[];
  /** Covariance of the factors' moves over the horizon; it may be singular. */
  readonly omega: Matrix;
}

interface Held {
  readonly size: number;
  readonly delta: Float64Array;
  readonly gamma: Float64Array | null;
}

/** A portfolio as rows of numbers. */
export interface HeldFactors {
  readonly n: number;
  readonly positions: readonly Held[];
  readonly omega: Float64Array;
}

/** Derivatives of a number by the portfolio's deltas and gammas. */
export interface FactorSlope {
  readonly delta: Float64Array;
  /** n * n, by elements: the number moves by the sum of products with those of a gamma. */
  readonly gamma: Float64Array;
}

/** @throws MarginError type, range, not-finite, missing-key, unknown-key */
export function readPortfolio(portfolio: FactorPortfolio): HeldFactors {
  const fields = new Fields(portfolio, 'portfolio', ['positions', 'omega']);
  const given = fields.raw('positions');
  const path = fields.at('positions');
  const expected = 'a list of at least one { delta, gamma }';
  if (!Array.isArray(given)) throw new MarginError('type', { path, got: given, expected });
  if (given.length === 0) throw new MarginError('range', { path, got: 0, expected });
  let n = 0;
  const positions = Array.from(given, (position: unknown, i): Held => {
    const own = new Fields(position, `${path}[${i}]`, ['market', 'asset', 'size', 'delta', 'gamma']);
    const delta = readSample(own.raw('delta') as Sample, own.at('delta'));
    if (i === 0) n = delta.length;
    if (delta.length !== n)
      throw new MarginError('range', {
        path: own.at('delta'),
        got: delta.length,
        expected: `${n}, as the first position has`,
      });
    const gamma = own.has('gamma') ? readMatrix(own.raw('gamma') as Matrix, n, own.at('gamma')) : null;
    return { size: own.number('size', SIZE, 1), delta, gamma };
  });
  return { n, positions, omega: readMatrix(fields.raw('omega') as Matrix, n, fields.at('omega')) };
}

/** The sum of all positions in order, without one where `without` names it. */
export function sumOf({ n, positions, omega }: HeldFactors, without = -1): Factors {
  const delta = new Float64Array(n);
  const gamma = new Float64Array(n * n);
  positions.forEach((position, i) => {
    if (i === without) return;
    for (let k = 0; k < n; k++) delta[k] = (delta[k] ?? 0) + (position.delta[k] ?? 0);
    if (position.gamma === null) return;
    for (let at = 0; at < n * n; at++) gamma[at] = (gamma[at] ?? 0) + (position.gamma[at] ?? 0);
  });
  return { n, delta, gamma, omega };
}

/** What a number with these slopes moves by as a position comes in. */
export const movedBy = ({ delta, gamma }: Held, slope: FactorSlope): number =>
  dot(delta, slope.delta) + (gamma === null ? 0 : dot(gamma, slope.gamma));

/** A measure and its derivatives by the scale of the positions as an attribution; with the measure without each where it was asked for. */
export function attributed(
  { positions }: HeldFactors,
  value: number,
  component: Float64Array,
  rest: readonly number[] | null,
): Attribution {
  const marginal = component.map((part, i) => {
    const size = positions[i]?.size ?? 0;
    return size === 0 ? 0 : part / size;
  });
  return attribution(value, component, marginal, rest && Float64Array.from(rest, (without) => value - without));
}
