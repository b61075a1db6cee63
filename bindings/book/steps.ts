// Multiples of a step (lot, tick) as a venue writes them: 3 steps of 0.1 are 0.3, and 0.3 is 3 of them.

/** Share of itself within which a quotient counts as whole, 2^-46: doubles of decimals are that close. */
const CLOSE = 1 / 70368744177664;
/** A step is one over a whole number, as 0.01 is, if it is as close to that. */
const DECIMAL = 1e-15;

/** `n` steps. */
export function steps(step: number, n: number): number {
  const per = Math.round(1 / step);
  return per >= 1 && Math.abs(per * step - 1) < DECIMAL ? n / per : n * step;
}

/** Whether `x` is a whole number of steps; every number is one of a step of 0. */
export function isMultiple(step: number, x: number): boolean {
  if (step === 0) return true;
  const n = x / step;
  return Math.abs(n - Math.round(n)) <= CLOSE * Math.max(1, Math.abs(n));
}

/** The largest multiple that is not above `x`, or the least that is not below. */
export function roundTo(step: number, x: number, way: 'down' | 'up'): number {
  if (step === 0) return x;
  const n = Math.round(x / step);
  if (isMultiple(step, x)) return steps(step, n);
  return steps(step, way === 'down' ? Math.floor(x / step) : Math.ceil(x / step));
}
