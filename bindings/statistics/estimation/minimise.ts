// The minimum of a smooth function of a few numbers: quasi-Newton steps of C. G. Broyden, R. Fletcher, D. Goldfarb and D. F. Shanno
// (1970), halved until the function falls enough (L. Armijo, 1966). No random start, one order of sums: the same bits everywhere.

export interface Valued {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface Minimum extends Valued {
  readonly at: Float64Array;
  /** Whether the gradient is as small as asked. */
  readonly converged: boolean;
  readonly iterations: number;
}

const ENOUGH = 1e-4;
const MOST_HALVINGS = 40;
/** No step is longer, whatever the first curvature says. */
const LONGEST = 4;

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
const largest = (a: Float64Array): number => a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** Walks down from `start` until no component of the gradient is beyond `tolerance`, or nothing gets lower. */
export function minimise(
  f: (x: Float64Array) => Valued,
  start: Float64Array,
  tolerance: number,
  most: number,
): Minimum {
  const n = start.length;
  let at = start;
  let here = f(at);
  let inverse = identity(n);
  let iterations = 0;
  for (; iterations < most && largest(here.gradient) > tolerance; iterations++) {
    let direction = Float64Array.from({ length: n }, (_, i) => -dot(inverse.subarray(i * n, i * n + n), here.gradient));
    if (!(dot(direction, here.gradient) < 0)) {
      inverse = identity(n);
      direction = here.gradient.map((x) => -x);
    }
    const length = largest(direction);
    if (length > LONGEST) direction = direction.map((x) => (x * LONGEST) / length);
    const slope = dot(direction, here.gradient);
    let there: Valued | undefined;
    let share = 1;
    for (let i = 0; i < MOST_HALVINGS && !there; i++, share /= 2) {
      const tried = f(at.map((x, k) => x + share * (direction[k] ?? 0)));
      if (tried.value <= here.value + ENOUGH * share * slope) there = tried;
    }
    if (!there) break;
    const step = direction.map((x) => 2 * share * x);
    const change = there.gradient.map((x, i) => x - (here.gradient[i] ?? 0));
    inverse = updated(inverse, step, change, n, iterations === 0);
    at = at.map((x, i) => x + (step[i] ?? 0));
    here = there;
  }
  return { ...here, at, converged: largest(here.gradient) <= tolerance, iterations };
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
}

/** (1 - s y' / sy) H (1 - y s' / sy) + s s' / sy; as it was, where the function is not convex along the step. */
function updated(inverse: Float64Array, s: Float64Array, y: Float64Array, n: number, first: boolean): Float64Array {
  const sy = dot(s, y);
  if (!(sy > 1e-300)) return inverse;
  // The first step says how long the others will be.
  const h = first ? inverse.map((x) => (x * sy) / dot(y, y)) : inverse;
  const hy = Float64Array.from({ length: n }, (_, i) => dot(h.subarray(i * n, i * n + n), y));
  const yhy = dot(y, hy);
  return h.map((x, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    const [si, sj] = [s[i] ?? 0, s[j] ?? 0];
    return x - (si * (hy[j] ?? 0) + (hy[i] ?? 0) * sj) / sy + ((1 + yhy / sy) * si * sj) / sy;
  });
}
