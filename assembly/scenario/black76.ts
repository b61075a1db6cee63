// Undiscounted Black-76 of one option over many scenarios, two a vector: what a risk array is made of. Absolute accuracy:
// within 1e-14 of the forward, for every vol from 0 on. The out-of-the-money side is priced, the other by parity. With
//   h = |ln(F/K)| / sd, u = h - sd/2, v = h + sd/2, R(x) = Phi(-x) e^(x^2/2)
// it is min(F, K) e^(-u^2/2) (R(u) - R(v)), as F phi(d1) = K phi(d2): one exponential serves both Phi, and no logarithm is
// taken per scenario. bindings/reference/scenario/black76.ts gives the same bits.

import { expPair } from '../numeric/exp';
import { logLow, logOfPair } from '../numeric/log';

/**
 * Minimax quotient of R on [0, Infinity), |error| <= 7.2e-16, found by Remez exchange in 60 digits; 2 P0 = Q0, so that
 * R(0) is 1/2 and an option at the money has no value left where vol or time have none.
 */
const P0: f64 = 23567.870428501006;
const P1: f64 = 34116.59693570459;
const P2: f64 = 24329.69629333974;
const P3: f64 = 10895.443509338122;
const P4: f64 = 3318.3702399118933;
const P5: f64 = 701.7971514501326;
const P6: f64 = 100.8829505943914;
const P7: f64 = 9.08353586765356;
const P8: f64 = 0.39894228040241136;
const Q0: f64 = 47135.74085700201;
const Q1: f64 = 105842.07376322406;
const Q2: f64 = 109541.27869691556;
const Q3: f64 = 68807.43848090639;
const Q4: f64 = 29024.44517981345;
const Q5: f64 = 8568.796296905624;
const Q6: f64 = 1781.9136408865493;
const Q7: f64 = 253.87605624445993;
const Q8: f64 = 22.76904784050051;
/** Beyond it e^(-u^2/2) < 1e-305 counts as 0. */
const FAR: f64 = 37.5;
/** Where R is below 1e-16. It keeps the polynomials finite, and pmin takes it instead of 0/0 and x/0. */
const FARTHEST: f64 = 1e16;

// @ts-ignore: decorator
@inline
function step(sum: v128, x: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.mul(sum, x), f64x2.splat(coefficient));
}

// @ts-ignore: decorator
@inline
function numerator(x: v128): v128 {
  const upper = step(step(step(step(f64x2.splat(P8), x, P7), x, P6), x, P5), x, P4);
  return step(step(step(step(upper, x, P3), x, P2), x, P1), x, P0);
}

// @ts-ignore: decorator
@inline
function denominator(x: v128): v128 {
  const upper = step(step(step(step(f64x2.add(x, f64x2.splat(Q8)), x, Q7), x, Q6), x, Q5), x, Q4);
  return step(step(step(step(upper, x, Q3), x, Q2), x, Q1), x, Q0);
}

/**
 * ln F of every scenario as a sum of two columns: `count` high parts, then `count` low ones; -Infinity and 0 for F = 0.
 * A logarithm of one double would cost |ln F| 2^-53 of the price.
 */
export function scenarioLogs(count: u32, forwards: usize, into: usize): void {
  const bytes = (<usize>count) << 3;
  for (let at: usize = 0; at < bytes; at += 8) {
    const forward = load<f64>(forwards + at);
    const positive = forward > 0;
    store<f64>(into + at, positive ? logOfPair(forward) : -Infinity);
    store<f64>(into + bytes + at, positive ? logLow : 0);
  }
}

/**
 * Undiscounted prices of one option, one a scenario. Never negative, never NaN for finite input; vol 0, time 0, forward 0 and
 * strike 0 give intrinsic value. Columns are f64, 8-byte aligned, and have been checked: nothing negative, no NaN.
 * @param count even
 * @param logs of `scenarioLogs`
 */
export function scenarioPrices(
  isCall: bool,
  strike: f64,
  rootTime: f64,
  count: u32,
  forwards: usize,
  logs: usize,
  vols: usize,
  into: usize,
): void {
  const bytes = (<usize>count) << 3;
  const strikes = f64x2.splat(strike);
  const strikeHigh = f64x2.splat(strike > 0 ? logOfPair(strike) : -Infinity);
  const strikeLow = f64x2.splat(strike > 0 ? logLow : 0);
  const root = f64x2.splat(rootTime);
  const side = f64x2.splat(isCall ? 0 : -0.0);
  const zero = f64x2.splat(0);
  const half = f64x2.splat(0.5);
  const far = f64x2.splat(FAR);
  const farthest = f64x2.splat(FARTHEST);

  for (let at: usize = 0; at < bytes; at += 16) {
    const forward = v128.load(forwards + at);
    const high = f64x2.sub(v128.load(logs + at), strikeHigh);
    const distance = f64x2.abs(f64x2.add(high, f64x2.sub(v128.load(logs + bytes + at), strikeLow)));
    const sd = f64x2.mul(v128.load(vols + at), root);
    const halfSd = f64x2.mul(sd, half);
    const h = f64x2.pmin(farthest, f64x2.div(distance, sd));
    const signed = f64x2.sub(h, halfSd);
    const v = f64x2.pmin(farthest, f64x2.add(h, halfSd));
    const size = f64x2.abs(signed);
    const u = f64x2.pmin(far, size);

    // R(-u) = e^(u^2/2) - R(u): below 0 the first R changes its sign, and the whole of min(F, K) is added.
    const power = v128.and(expPair(f64x2.mul(f64x2.mul(u, u), f64x2.splat(-0.5))), f64x2.lt(size, far));
    const sign = v128.and(signed, f64x2.splat(-0.0));
    const qu = denominator(u);
    const qv = denominator(v);
    const top = f64x2.sub(f64x2.mul(v128.xor(numerator(u), sign), qv), f64x2.mul(numerator(v), qu));
    const part = f64x2.div(f64x2.mul(top, power), f64x2.mul(qu, qv));
    const share = f64x2.add(part, v128.and(f64x2.lt(signed, zero), f64x2.splat(1)));

    const outside = f64x2.mul(f64x2.pmin(forward, strikes), f64x2.pmax(zero, share));
    const intrinsic = f64x2.pmax(zero, v128.xor(f64x2.sub(forward, strikes), side));
    v128.store(into + at, f64x2.add(outside, intrinsic));
  }
}
