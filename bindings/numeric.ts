// Special functions with the same bits on every engine: of one number, and of many (`...Into`), two at a time in the kernel.
// The same names without WebAssembly are in margin-kernel/reference/numeric. Errors and special values: docs/numerics.md.
import { type Batch, type BatchWith, batchOf, checkParameter } from './batch.js';
import { riskIn } from './risk-module.js';

export type { Batch, BatchWith } from './batch.js';
export { MarginError } from './errors.js';

/** Numbers that go to the kernel at a time: 16 kB, half of a usual first cache. */
const BLOCK = 2048;

/** The kernel in a memory of its own: its tables, and one block behind them. */
const kernel = /* @__PURE__ */ open();

function open() {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2 });
  const risk = riskIn(memory);
  const place = (risk.heapBase() + 15) & ~15;
  return { risk, place, block: new Float64Array(memory.buffer, place, BLOCK) };
}

/** Takes blocks of x to the kernel and back. */
function inBlocks(x: Float64Array, into: Float64Array | undefined, run: (n: number) => void): Float64Array {
  const { from, to } = batchOf(x, into);
  for (let at = 0; at < from.length; at += BLOCK) {
    const n = Math.min(BLOCK, from.length - at);
    kernel.block.set(n === from.length ? from : from.subarray(at, at + n));
    run(n);
    to.set(n === BLOCK ? kernel.block : kernel.block.subarray(0, n), at);
  }
  return to;
}

/** A function of assembly/numeric/maps.ts by its code. */
const batch =
  (code: number): Batch =>
  (x, into) =>
    inBlocks(x, into, (n) => kernel.risk.map(code, kernel.place, kernel.place, n));

const batchWith =
  (code: number, name: string): BatchWith =>
  (x, parameter, into) => {
    checkParameter(parameter, name);
    return inBlocks(x, into, (n) => kernel.risk.mapWith(code, kernel.place, kernel.place, n, parameter));
  };

/**
 * e^x within 0.52 ulp; 0 and Infinity beyond the range, NaN for NaN.
 * @example
 * console.log(exp(1)); // 2.718281828459045
 */
export function exp(x: number): number {
  return kernel.risk.exp(x);
}

/**
 * ln x within 0.501 ulp; -Infinity for 0, NaN below 0 and for NaN.
 * @example
 * console.log(log(10)); // 2.302585092994046
 */
export function log(x: number): number {
  return kernel.risk.log(x);
}

/**
 * x^y for x >= 0 within 0.53 ulp; NaN for x < 0 and wherever x or y is NaN, `pow(x, 0)` and `pow(1, y)` are 1 otherwise.
 * @example
 * console.log(pow(2, 0.5)); // 1.4142135623730951
 */
export function pow(x: number, y: number): number {
  return kernel.risk.pow(x, y);
}

/**
 * The error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x, within 1.2 ulp; NaN for NaN.
 * @example
 * console.log(erf(0.5)); // 0.5204998778130465
 */
export function erf(x: number): number {
  return kernel.risk.erf(x);
}

/**
 * 1 - erf(x) within 1.6 ulp of itself, subnormal results included; NaN for NaN.
 * @example
 * console.log(erfc(5)); // 1.537459794428035e-12
 */
export function erfc(x: number): number {
  return kernel.risk.erfc(x);
}

/**
 * e^(x^2) erfc(x) within 3 ulp, 6e-16 of itself, for any x above -26.62; Infinity below, NaN for NaN.
 * @example
 * console.log(erfcx(30)); // 0.01879588886141675
 */
export function erfcx(x: number): number {
  return kernel.risk.erfcx(x);
}

/**
 * The standard normal distribution, P(X <= x), within 1.4 ulp of itself: as exact at -37 as at 0; NaN for NaN.
 * @example
 * console.log(normalCdf(-10), 1 - normalCdf(10)); // 7.619853024160525e-24 0
 */
export function normalCdf(x: number): number {
  return kernel.risk.normalCdf(x);
}

/**
 * ln P(X <= x) of a standard normal number, within 5e-16 of itself, also where P is 0 in doubles; NaN for NaN.
 * @example
 * console.log(normalLogCdf(-50)); // -1254.8313611394199
 */
export function normalLogCdf(x: number): number {
  return kernel.risk.normalLogCdf(x);
}

/**
 * The standard normal density within 0.52 ulp, subnormal results included; NaN for NaN.
 * @example
 * console.log(normalDensity(0)); // 0.3989422804014327
 */
export function normalDensity(x: number): number {
  return kernel.risk.normalDensity(x);
}

/**
 * The x with normalCdf(x) = p within 2.5 ulp, for p down to 5e-324; infinities for 0 and 1, NaN outside and for NaN.
 * @example
 * console.log(normalQuantile(0.01), normalQuantile(1e-300)); // -2.326347874040841 -37.0470962993612
 */
export function normalQuantile(p: number): number {
  return kernel.risk.normalQuantile(p);
}

/**
 * P(T <= t) of Student's t with `dof` > 0 degrees of freedom and unit scale, within 1e-12 of itself; NaN for NaN and dof <= 0.
 * @example
 * console.log(studentCdf(2.5, 4)); // 0.966616727594006
 */
export function studentCdf(t: number, dof: number): number {
  return kernel.risk.studentCdf(t, dof);
}

/**
 * The t with studentCdf(t, dof) = p within 1e-12 of itself; infinities for 0 and 1, NaN for NaN, p outside and dof <= 0.
 * @example
 * console.log(studentQuantile(0.01, 4)); // -3.746947387979197
 */
export function studentQuantile(p: number, dof: number): number {
  return kernel.risk.studentQuantile(p, dof);
}

/**
 * `exp` of every number.
 * @example
 * const x = Float64Array.of(0, 1, -Infinity);
 * console.log(expInto(x)); // Float64Array(3) [ 1, 2.718281828459045, 0 ]
 * expInto(x, x); // in place
 */
export const expInto: Batch = /* @__PURE__ */ batch(0);
/** `log` of every number. */
export const logInto: Batch = /* @__PURE__ */ batch(1);
/** `pow(x, y)` of every x. */
export const powInto: BatchWith = /* @__PURE__ */ batchWith(0, 'y');
/** `erf` of every number. */
export const erfInto: Batch = /* @__PURE__ */ batch(2);
/** `erfc` of every number. */
export const erfcInto: Batch = /* @__PURE__ */ batch(3);
/** `erfcx` of every number. */
export const erfcxInto: Batch = /* @__PURE__ */ batch(4);
/** `normalCdf` of every number. */
export const normalCdfInto: Batch = /* @__PURE__ */ batch(5);
/** `normalLogCdf` of every number. */
export const normalLogCdfInto: Batch = /* @__PURE__ */ batch(6);
/** `normalDensity` of every number. */
export const normalDensityInto: Batch = /* @__PURE__ */ batch(7);
/** `normalQuantile` of every number. */
export const normalQuantileInto: Batch = /* @__PURE__ */ batch(8);
/** `studentCdf(t, dof)` of every t. */
export const studentCdfInto: BatchWith = /* @__PURE__ */ batchWith(1, 'dof');
/** `studentQuantile(p, dof)` of every p. */
export const studentQuantileInto: BatchWith = /* @__PURE__ */ batchWith(2, 'dof');
