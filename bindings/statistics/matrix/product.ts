// Products of square matrices, row after row, and of them with columns; sums in rising order, rows of zeros skipped.

/** a b, of n * n matrices. */
export function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const x = a[i * n + k] ?? 0;
      if (x === 0) continue;
      for (let j = 0; j < n; j++) c[i * n + j] = (c[i * n + j] ?? 0) + x * (b[k * n + j] ?? 0);
    }
  }
  return c;
}

/** a'. */
export const transposed = (a: Float64Array, n: number): Float64Array =>
  a.map((_, at) => a[(at % n) * n + Math.floor(at / n)] ?? 0);

/** a x. */
export function times(a: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  return x.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (a[i * n + j] ?? 0) * (x[j] ?? 0);
    return sum;
  });
}

/** tr(a b). */
export function trace(a: Float64Array, b: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum += (a[i * n + j] ?? 0) * (b[j * n + i] ?? 0);
  return sum;
}

/** Sum of x_i y_i. */
export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) * (y[i] ?? 0);
  return sum;
}

/** x' a x. */
export const around = (a: Float64Array, x: Float64Array): number => dot(x, times(a, x));
