// Quantiles of a sample: the nine types of R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages (The American
// Statistician 50, 1996). Where a quantile stands is found in whole numbers; nothing of it is left to doubles.
import { MarginError } from '../../errors.js';
import { quotient, type TailShare } from '../confidence.js';

/** 1 inverse distribution function; 2 the same, averaged where it jumps; 3 nearest, even; 4-9 linear between two order statistics. */
export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** Where a quantile stands among n numbers in rising order: x[rank] + share (x[rank + 1] - x[rank]), ranks from 0. */
export interface Rank {
  readonly rank: number;
  /** 0 where it is x[rank] itself. */
  readonly share: number;
}

/** h = (n + a) p + b as fractions of 24, for types 4 to 9. */
const POSITION: Readonly<Record<number, readonly [a: bigint, b: bigint]>> = {
  4: [0n, 0n],
  5: [0n, 12n],
  6: [24n, 0n],
  7: [-24n, 24n],
  8: [8n, 8n],
  9: [6n, 9n],
};

const isType = (type: unknown): type is QuantileType =>
  typeof type === 'number' && Number.isInteger(type) && type >= 1 && type <= 9;

/**
 * Where the p-quantile of n numbers stands, p = numerator / denominator exactly. Ranks are clamped to the sample.
 * @throws MarginError range for another type than 1 to 9, and for no numbers at all
 */
export function rankOf(count: number, p: TailShare, type: QuantileType, path = 'type'): Rank {
  if (!isType(type)) throw new MarginError('range', { path, got: type, expected: 'a quantile type from 1 to 9' });
  if (!(count >= 1)) throw new MarginError('range', { path: 'sample', got: count, expected: 'at least one number' });
  const { numerator, denominator } = p;
  const n = BigInt(count);
  if (type > 3) {
    const [a, b] = POSITION[type] as readonly [bigint, bigint];
    return placed((24n * n + a) * numerator + b * denominator, 24n * denominator, n);
  }
  const at = n * numerator;
  const below = at / denominator;
  const rest = at % denominator;
  if (type === 2 && rest === 0n) return placed(2n * below + 1n, 2n, n);
  if (type === 3) {
    // The even one of two that are as near.
    const up = 2n * rest > denominator || (2n * rest === denominator && below % 2n === 1n);
    return placed(up ? below + 1n : below, 1n, n);
  }
  return placed(rest > 0n ? below + 1n : below, 1n, n);
}

/** Rank of h = numerator / denominator, counted from 1 and clamped to [1, n]. */
function placed(numerator: bigint, denominator: bigint, n: bigint): Rank {
  const below = numerator / denominator;
  if (numerator < denominator) return { rank: 0, share: 0 };
  if (below >= n) return { rank: Number(n) - 1, share: 0 };
  return { rank: Number(below) - 1, share: quotient(numerator % denominator, denominator) };
}

/** The quantile at a rank of numbers in rising order. */
export function atRank(sorted: ArrayLike<number>, { rank, share }: Rank): number {
  const low = sorted[rank] ?? Number.NaN;
  return share === 0 ? low : low + share * ((sorted[rank + 1] ?? low) - low);
}
