// What each position brings of a value at risk with the cost of getting out: its part of the risk, and half of its own spread. Losses
// are positive.
import { decimal, Fields, SIZE } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { readSample, type Sample } from '../sample.js';
import { type Attribution, attribution } from './attribution.js';
import { type Spread, spreadOf } from './liquidity.js';

/** A position and its spread. */
export interface LiquidPosition {
  /** Of the position, either sign, units of the value at risk. */
  readonly value: number;
  /** Relative: constant, or exogenous as its mean and so many deviations above it. */
  readonly spread: Spread;
  /** In the units that `marginal` counts in; default the value. */
  readonly size?: number;
}

/** Costs of closing, and risk with them, taken apart. */
export interface LiquidityComponents {
  /**
   * |value| spread / 2 of each position. Its derivative by the size is the cost over the size, 0 for a size of 0, where there is none;
   * without a position its whole cost is gone.
   */
  readonly cost: Attribution;
  /** Risk and cost, part by part. */
  readonly adjusted: Attribution;
}

function partsOf(fields: Fields, key: string, n: number): Float64Array {
  const parts = readSample(fields.raw(key) as Sample, fields.at(key));
  if (parts.length !== n)
    throw new MarginError('range', { path: fields.at(key), got: parts.length, expected: `${n}, one a position` });
  return parts;
}

/**
 * The cost of closing added to an attribution of risk, position by position. All spreads widen together, as Bangia et al. have it, so
 * costs are a plain sum; no horizon scales them.
 * @param risk - of any measure
 * @param positions - in the order of its components
 * @returns losses, positive
 * @throws MarginError type, range, not-finite, missing-key, unknown-key
 * @example
 * liquidityComponents(
 *   gaussianComponents([50, 50], { volatilities: [0.3, 0.4], correlation: 0 }, { z: 2 }).valueAtRisk,
 *   [{ value: 50, spread: 0.02 }, { value: 50, spread: { mean: 0.01, deviation: 0.01, multiple: 3 } }],
 * ).adjusted.component // Float64Array.of(18.499999999999996, 33)
 */
export function liquidityComponents(risk: Attribution, positions: readonly LiquidPosition[]): LiquidityComponents {
  const fields = new Fields(risk, 'risk', ['value', 'total', 'component', 'marginal', 'incremental', 'share']);
  if (!Array.isArray(positions))
    throw new MarginError('type', { path: 'positions', got: positions, expected: 'a list of { value, spread }' });
  const n = positions.length;
  const component = partsOf(fields, 'component', n);
  const marginal = partsOf(fields, 'marginal', n);
  const incremental = fields.has('incremental') ? partsOf(fields, 'incremental', n) : null;
  const costs = new Float64Array(n);
  const slopes = new Float64Array(n);
  let all = 0;
  (positions as readonly LiquidPosition[]).forEach((position, i) => {
    const own = new Fields(position, `positions[${i}]`, ['value', 'spread', 'size']);
    const value = decimal(own.raw('value'), own.at('value'));
    const size = own.number('size', SIZE, value);
    const cost = 0.5 * Math.abs(value) * spreadOf(own.raw('spread') as Spread, own.at('spread'));
    costs[i] = cost;
    slopes[i] = size === 0 ? 0 : cost / size;
    all += cost;
  });
  return {
    cost: attribution(all, costs, slopes, incremental && costs),
    adjusted: attribution(
      fields.number('value', {}) + all,
      component.map((part, i) => part + (costs[i] ?? 0)),
      marginal.map((slope, i) => slope + (slopes[i] ?? 0)),
      incremental?.map((part, i) => part + (costs[i] ?? 0)) ?? null,
    ),
  };
}
