// Monte Carlo as anyone would write it in JavaScript: Box and Muller's normal numbers of Math.random, times a lower triangular factor,
// a chi-square of normal numbers for Student's t, host logarithms and exponentials. Another stream of numbers each time.

export interface PathInputs {
  factors: number;
  /** Lower triangular factor of the covariance, row after row, without what is above the diagonal. */
  lower: Float64Array;
  /** Degrees of freedom of Student's t, even; moves keep the covariance. */
  student: number | undefined;
}

/** The factor of a covariance that is positive definite. */
export function factorOf(covariance: readonly (readonly number[])[]): Float64Array {
  const n = covariance.length;
  const lower = new Float64Array((n * (n + 1)) / 2);
  const at = (i: number, j: number): number => (i * (i + 1)) / 2 + j;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[at(i, k)]! * lower[at(j, k)]!;
      lower[at(i, j)] = i === j ? Math.sqrt(sum) : sum / lower[at(j, j)]!;
    }
  }
  return lower;
}

/** Moves by factor. */
export function typedPaths({ factors, lower, student }: PathInputs, paths: number): () => Float64Array[] {
  const moves = Array.from({ length: factors }, () => new Float64Array(paths));
  const normals = new Float64Array(factors + 1);
  return () => {
    for (let path = 0; path < paths; path++) {
      for (let i = 0; i < factors; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
        const angle = 2 * Math.PI * Math.random();
        normals[i] = radius * Math.cos(angle);
        normals[i + 1] = radius * Math.sin(angle);
      }
      let mix = 1;
      if (student !== undefined) {
        // Of an even number of degrees a chi-square is the logarithm of a product.
        let product = 1;
        for (let k = 0; k < student; k += 2) product *= 1 - Math.random();
        mix = Math.sqrt((student - 2) / (-2 * Math.log(product)));
      }
      for (let i = 0, at = 0; i < factors; i++) {
        let sum = 0;
        for (let j = 0; j <= i; j++, at++) sum += lower[at]! * normals[j]!;
        moves[i]![path] = Math.exp(mix * sum) - 1;
      }
    }
    return moves;
  };
}
