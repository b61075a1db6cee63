// Returns with their ends drawn in to quantiles of the sample (after C. P. Winsor), where single days would rule an estimate.
import { MarginError } from '../../errors.js';
import { type Confidence, type TailShare, tailShare } from '../confidence.js';
import { atRank, type QuantileType, rankOf } from '../empirical/quantile.js';
import { given } from '../given.js';
import type { Returns } from './returns.js';
import { returnsGiven } from './returns-given.js';

/** Which ends are drawn in. */
export interface WinsoriseOptions {
  /** Quantiles of each coin's own returns below and above which nothing stays, such as '0.01' and '0.99'; none: that end stays. */
  readonly lower?: Confidence;
  /** Upper quantile, such as '0.99'; none: that end stays. */
  readonly upper?: Confidence;
  /** Of the quantiles; default 7. */
  readonly type?: QuantileType;
}

export interface Winsorised extends Returns {
  /** By coin: returns that were raised to the lower bound, and lowered to the upper one. */
  readonly bounds: readonly WinsorBounds[];
}

/** What one coin's returns were drawn in to. */
export interface WinsorBounds {
  /** Return that lower ones became; null: that end stayed. */
  readonly lower: number | null;
  /** Return that higher ones became; null: that end stayed. */
  readonly upper: number | null;
  /** Returns that were raised to `lower`. */
  readonly raised: number;
  /** Returns that were lowered to `upper`. */
  readonly lowered: number;
}

/** p itself as an exact fraction. */
function levelOf(p: Confidence, path: string): TailShare {
  const { numerator, denominator, value } = tailShare(p, path);
  return { numerator: denominator - numerator, denominator, value: 1 - value };
}

/**
 * Draws each coin's returns in to two of its quantiles, whose ranks are exact. It makes losses smaller: for correlations and means,
 * not for the tail that value at risk reads.
 * @throws MarginError type, range: a bound outside (0, 1), or a lower one that is not below the upper one
 * @example
 * const calm = winsorise(returns, { lower: '0.01', upper: '0.99' });
 */
export function winsorise(returns: Returns, options: WinsoriseOptions): Winsorised {
  given(options, 'options', ['lower', 'upper', 'type']);
  const { type = 7 } = options;
  const read = returnsGiven(returns);
  const lower = options.lower === undefined ? undefined : levelOf(options.lower, 'lower');
  const upper = options.upper === undefined ? undefined : levelOf(options.upper, 'upper');
  if (lower && upper && lower.numerator * upper.denominator >= upper.numerator * lower.denominator)
    throw new MarginError('range', { path: 'lower', got: options.lower, expected: `a level below ${options.upper}` });
  const each = read.columns.map((column) => {
    const sorted = column.slice().sort();
    const low = lower ? atRank(sorted, rankOf(sorted.length, lower, type)) : null;
    const high = upper ? atRank(sorted, rankOf(sorted.length, upper, type)) : null;
    const bounds = {
      lower: low,
      upper: high,
      raised: column.filter((x) => low !== null && x < low).length,
      lowered: column.filter((x) => high !== null && x > high).length,
    };
    return {
      bounds,
      column: column.map((x) => (low !== null && x < low ? low : high !== null && x > high ? high : x)),
    };
  });
  return { ...read, columns: each.map(({ column }) => column), bounds: each.map(({ bounds }) => bounds) };
}
