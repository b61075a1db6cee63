// The reducer of sensitivity models: the root of a quadratic form, first inside buckets, then across them, and its derivatives.
// Formulas: irDeltaMargin, irVegaMargin and irCurvatureMargin of OpenSourceRisk/Engine, OREAnalytics/orea/simm/simmcalculator.cpp.

/** Weighted sensitivities that have a correlation of their own with each other. */
export interface RootBucket {
  terms: readonly number[];
  correlation(i: number, j: number): number;
  /** Factor that concentration has put on the terms. */
  concentration: number;
}

export interface QuadraticRoot {
  value: number;
  /** Root of each bucket. */
  buckets: number[];
  /** Derivative of `value` by each term; 0 where the value is 0. Terms times slopes sum to the value. */
  slopes: number[][];
}

/** One bucket: K, its terms' sum between -K and K, and the derivatives of K^2 / 2 and of that sum. */
function rootOf({ terms, correlation }: RootBucket): { root: number; sum: number; rows: number[]; sums: number[] } {
  const rows = terms.map((_, i) => terms.reduce((row, term, j) => row + correlation(i, j) * term, 0));
  const root = Math.sqrt(
    Math.max(
      0,
      terms.reduce((square, term, i) => square + term * (rows[i] ?? 0), 0),
    ),
  );
  const net = terms.reduce((sum, term) => sum + term, 0);
  if (root === 0) return { root, sum: 0, rows: rows.map(() => 0), sums: rows.map(() => 0) };
  if (Math.abs(net) <= root) return { root, sum: net, rows, sums: rows.map(() => 1) };
  const sign = net < 0 ? -1 : 1;
  return { root, sum: sign * root, rows, sums: rows.map((row) => (sign * row) / root) };
}

/**
 * sqrt(sum over b of K_b^2 + sum over b, c of between g_bc S_b S_c): K_b the root of bucket b, S_b the sum of its terms between
 * -K_b and K_b, g_bc the smaller of both concentrations over the larger. Squares below 0 count as 0.
 * Sums run over buckets and terms in their order.
 * @param between - correlation of two buckets
 */
export function quadraticRoot(buckets: readonly RootBucket[], between: number): QuadraticRoot {
  const inside = buckets.map(rootOf);
  const across = inside.map((_, b) =>
    inside.reduce((sum, { sum: other }, c) => {
      if (b === c) return sum;
      const [one = 1, two = 1] = [buckets[b]?.concentration, buckets[c]?.concentration];
      return sum + between * (Math.min(one, two) / Math.max(one, two)) * other;
    }, 0),
  );
  const square = inside.reduce((total, { root, sum }, b) => total + (root * root + sum * (across[b] ?? 0)), 0);
  const value = Math.sqrt(Math.max(0, square));
  const slopes = inside.map(({ rows, sums }, b) =>
    rows.map((row, i) => (value === 0 ? 0 : (row + (sums[i] ?? 0) * (across[b] ?? 0)) / value)),
  );
  return { value, buckets: inside.map(({ root }) => root), slopes };
}
