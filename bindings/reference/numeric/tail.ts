// The upper tail of a Gaussian, e^(-half x^2) F / (add + x) for x >= 0: erfc and the normal distribution alike. With
// t = x / (x + shift), F = half add + t Q, and Q is one polynomial in 2 t - 1 for all x: M. M. Shepherd and J. G. Laframboise,
// Math. Comp. 36 (1981), fitted by Remez' exchange in 40 digits, relative error of F below 4e-18. Exponent and quotient keep
// what rounding takes from them, so the result is rounded once. Same bits: assembly/numeric/tail.ts.

import { expTimes } from './exp.js';

/** 1.5 * 2^32 and 1.5 * 2^26: adding one and taking it off again rounds to a multiple of 2^-20, of 2^-26. */
const GRID_20 = 6442450944;
const GRID_26 = 100663296;

// A table is shift, add, half and the 24 coefficients of Q.
const ADD = 1;
const HALF = 2;
const Q = 3;

/** erfc(x) = e^(-x^2) F / (0.5 + x). */
export const ERFC: Float64Array = new Float64Array([
  3.75, 0.5, 1, 0.2375126308378276, -0.3777532294233746, 0.38133864490883934, -0.2990619064186926, 0.1902579762769268,
  -0.09795365511658885, 0.039260256527276896, -0.010897979107841382, 0.0011513995466090926, 0.000604226303065522,
  -0.0003105126188998379, 2.0358551561945565e-5, 3.1290479233294385e-5, -8.90627478397033e-6, -2.537707480081185e-6,
  1.5642073054599405e-6, 1.8716745380221405e-7, -2.444526150008973e-7, -1.3937956180546947e-8, 3.724851851428997e-8,
  1.240728103118985e-9, -5.003778459398153e-9, -9.872322196399794e-11, 4.131440989810125e-10,
]);
/** 1 - Phi(x) = e^(-x^2 / 2) F / (0.75 + x). */
export const NORMAL: Float64Array = new Float64Array([
  5.25, 0.75, 0.5, 0.13185877023231446, -0.24286854384994624, 0.253750385861063, -0.20099780290155048,
  0.1276643935116049, -0.06500689636698698, 0.02544589899490715, -0.006693451712295058, 0.0005086304227666489,
  0.00045738131156178254, -0.00019514594725048262, 1.9342561690009495e-6, 2.260919142093576e-5, -4.664048958228061e-6,
  -2.2172180679213695e-6, 9.315244553978137e-7, 2.2370741324945858e-7, -1.5491442196472936e-7, -2.6144037564547526e-8,
  2.4597868326145464e-8, 3.3521438581028247e-9, -3.461684866459705e-9, -3.038828825340767e-10, 3.068266080186972e-10,
]);

/** Four terms of a polynomial in s. */
export function four(c: Float64Array, at: number, s: number, s2: number): number {
  return c[at]! + c[at + 1]! * s + s2 * (c[at + 2]! + c[at + 3]! * s);
}

/** t Q, what F has above its value at 0: small near 0, so that nothing is lost there. */
function rise(x: number, c: Float64Array): number {
  const t = x / (x + c[0]!);
  const s = t + t - 1;
  const s2 = s * s;
  const s4 = s2 * s2;
  const lower = four(c, Q, s, s2) + s4 * (four(c, 7, s, s2) + s4 * four(c, 11, s, s2));
  const upper = four(c, 15, s, s2) + s4 * (four(c, 19, s, s2) + s4 * four(c, 23, s, s2));
  return t * (lower + s4 * s4 * s4 * upper);
}

/** F / (add + x), the tail less its exponential: erfcx for ERFC, Mills' ratio over sqrt(2 pi) for NORMAL. Within 3 ulp. */
export function ratio(x: number, table: Float64Array): number {
  const add = table[ADD]!;
  return (table[HALF]! * add + rise(x, table)) / (add + x);
}

/**
 * The tail.
 * @param x in [0, 38.7]
 */
export function tail(x: number, table: Float64Array): number {
  const add = table[ADD]!;
  const half = table[HALF]!;
  const start = half * add;
  const delta = rise(x, table);
  const f = start + delta;
  const fRest = start - f + delta;
  // xHigh has 26 bits: its square is exact, and so is its product with 26 bits of the quotient.
  const xHigh = x + GRID_20 - GRID_20;
  const xLow = x - xHigh;
  const inverse = 1 / (add + x);
  const q = f * inverse;
  const qHigh = q + GRID_26 - GRID_26;
  const exactly = f - qHigh * (add + xHigh) - (q - qHigh) * (add + xHigh);
  const qRest = (exactly + (fRest - q * xLow)) * inverse;
  return expTimes(-half * (xHigh * xHigh), -half * (xLow * (x + xHigh)), q, qRest);
}
