// Undiscounted Black-76 of one option over many scenarios in plain TypeScript: the operations of assembly/scenario/black76.ts
// in the same order, so the same bits. Where the formula comes from is said there; error bounds are in docs/numerics.md.
import { exp } from '../numeric/exp.js';
import { logLow, logOfPair } from '../numeric/log.js';

/** Minimax quotient of R(x) = Phi(-x) e^(x^2/2) on [0, Infinity), |error| <= 7.2e-16; 2 P0 = Q0, so R(0) = 1/2. */
const P0 = 23567.870428501006;
const P1 = 34116.59693570459;
const P2 = 24329.69629333974;
const P3 = 10895.443509338122;
const P4 = 3318.3702399118933;
const P5 = 701.7971514501326;
const P6 = 100.8829505943914;
const P7 = 9.08353586765356;
const P8 = 0.39894228040241136;
const Q0 = 47135.74085700201;
const Q1 = 105842.07376322406;
const Q2 = 109541.27869691556;
const Q3 = 68807.43848090639;
const Q4 = 29024.44517981345;
const Q5 = 8568.796296905624;
const Q6 = 1781.9136408865493;
const Q7 = 253.87605624445993;
const Q8 = 22.76904784050051;
/** Beyond it e^(-u^2/2) < 1e-305 counts as 0. */
const FAR = 37.5;
/** Where R is below 1e-16. */
const FARTHEST = 1e16;

/** f64x2.pmin and pmax of one lane: the first where both are equal or one is NaN. */
const smaller = (a: number, b: number): number => (b < a ? b : a);
const larger = (a: number, b: number): number => (a < b ? b : a);

const numerator = (x: number): number =>
  (((((((P8 * x + P7) * x + P6) * x + P5) * x + P4) * x + P3) * x + P2) * x + P1) * x + P0;

const denominator = (x: number): number =>
  ((((((((x + Q8) * x + Q7) * x + Q6) * x + Q5) * x + Q4) * x + Q3) * x + Q2) * x + Q1) * x + Q0;

/** ln F of every scenario as a sum: high parts, then as many low ones; -Infinity and 0 for F = 0. */
export function scenarioLogs(forwards: Float64Array, into: Float64Array): void {
  const count = forwards.length;
  for (let s = 0; s < count; s++) {
    const positive = forwards[s]! > 0;
    into[s] = positive ? logOfPair(forwards[s]!) : -Infinity;
    into[count + s] = positive ? logLow() : 0;
  }
}

/**
 * Undiscounted prices of one option, one a scenario: never negative, never NaN for finite input.
 * @param logs of `scenarioLogs`
 */
export function scenarioPrices(
  isCall: boolean,
  strike: number,
  rootTime: number,
  forwards: Float64Array,
  logs: Float64Array,
  vols: Float64Array,
  into: Float64Array,
): void {
  const count = forwards.length;
  const strikeHigh = strike > 0 ? logOfPair(strike) : -Infinity;
  const strikeLow = strike > 0 ? logLow() : 0;
  for (let s = 0; s < count; s++) {
    const forward = forwards[s]!;
    const distance = Math.abs(logs[s]! - strikeHigh + (logs[count + s]! - strikeLow));
    const sd = vols[s]! * rootTime;
    const halfSd = sd * 0.5;
    const h = smaller(FARTHEST, distance / sd);
    const signed = h - halfSd;
    const v = smaller(FARTHEST, h + halfSd);
    const size = Math.abs(signed);
    const u = smaller(FAR, size);

    const power = size < FAR ? exp(u * u * -0.5) : 0;
    const pu = numerator(u);
    const qu = denominator(u);
    const qv = denominator(v);
    const top = (signed < 0 ? -pu : pu) * qv - numerator(v) * qu;
    const share = (top * power) / (qu * qv) + (signed < 0 ? 1 : 0);

    const outside = smaller(forward, strike) * larger(0, share);
    const intrinsic = larger(0, isCall ? forward - strike : strike - forward);
    into[s] = outside + intrinsic;
  }
}
