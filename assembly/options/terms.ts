// Two rows of a block as the formulas want them: forward and strike discounted, x = |ln(F/K)| and s = vol sqrt(t) as sums of two.
// Same bits: bindings/reference/options/terms.ts.

import { expBoth } from './black';
import {
  get,
  INPUT_DISCOUNT,
  INPUT_DIVIDEND_YIELD,
  INPUT_STRIKE,
  INPUT_TIME,
  INPUT_TYPE,
  INPUT_UNDERLYING,
  SPOT,
  STATUS_EXPIRED,
  STATUS_INVALID,
} from './layout';
import { lnRatio, productRest, ratioLow, squareRest, sumRest } from './pair';

/** Beyond, products of inputs would leave the doubles: such a row is invalid, as one with NaN. */
const LARGEST: f64 = 1e150;
/** Years that count as none: the square of their root is too near the least double for its rest to be one. */
const LEAST_TIME: f64 = 1e-200;
/** Of underlying and strike: beyond, one of them is as good as 0. */
const LEAST_RATIO: f64 = 1e-290;
const MOST_RATIO: f64 = 1e290;
/** Beyond, a difference of F and K loses four bits at most. */
const NEAR: f64 = 0.0625;
const THIRD: f64 = 0.3333333333333333;
const SIXTH: f64 = 0.16666666666666666;
const SEVENTH: f64 = 0.14285714285714285;
const NINTH: f64 = 0.1111111111111111;

/** A mask: the row can be worked with. */
export let good: v128 = i64x2(0, 0);
/** Codes as doubles. */
export let status: v128 = i64x2(0, 0);
/** A mask. */
export let call: v128 = i64x2(0, 0);
export let spot: bool = false;
/** Price of the underlying, spot or forward. */
export let underlying: v128 = i64x2(0, 0);
export let time: v128 = i64x2(0, 0);
export let rootTime: v128 = i64x2(0, 0);
/** Of the spot form. */
export let rate: v128 = i64x2(0, 0);
export let dividendYield: v128 = i64x2(0, 0);
export let discount: v128 = i64x2(0, 0);
/** What a delta of the forward is multiplied with: e^(-q t), or the discount factor. */
export let carry: v128 = i64x2(0, 0);
/** Discounted forward and strike. */
export let forward: v128 = i64x2(0, 0);
export let strike: v128 = i64x2(0, 0);
/** Their difference, which the option is in the money by. */
export let difference: v128 = i64x2(0, 0);
/** A mask: ln(F/K) > 0. */
export let above: v128 = i64x2(0, 0);
export let x: v128 = i64x2(0, 0);
export let xLow: v128 = i64x2(0, 0);
export let s: v128 = i64x2(0, 0);
export let sLow: v128 = i64x2(0, 0);

// @ts-ignore: decorator
@inline
function usable(values: v128): v128 {
  return v128.and(f64x2.ge(values, f64x2.splat(0)), f64x2.le(values, f64x2.splat(LARGEST)));
}

/** Gives the rows of a mask a status. */
export function refuse(rows: v128, code: i32): void {
  status = v128.bitselect(f64x2.splat(<f64>code), status, rows);
}

/** Fills the terms but for `s`; NaN, negative and infinite numbers make a row that is not `good`. */
export function readTerms(rows: usize, form: i32): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const type = get(rows, INPUT_TYPE);
  underlying = get(rows, INPUT_UNDERLYING);
  const given = get(rows, INPUT_STRIKE);
  const left = get(rows, INPUT_TIME);
  discount = get(rows, INPUT_DISCOUNT);
  time = v128.and(left, f64x2.gt(left, f64x2.splat(LEAST_TIME)));
  status = zero;
  refuse(f64x2.lt(left, zero), STATUS_EXPIRED);
  call = f64x2.eq(type, one);
  spot = form == SPOT;
  rootTime = f64x2.sqrt(time);

  let carryTime = zero;
  let carryLow = zero;
  carry = discount;
  if (spot) {
    rate = discount;
    dividendYield = get(rows, INPUT_DIVIDEND_YIELD);
    const net = f64x2.sub(rate, dividendYield);
    carryTime = f64x2.mul(net, time);
    const netLow = sumRest(rate, f64x2.neg(dividendYield), net);
    carryLow = f64x2.add(productRest(net, time, carryTime), f64x2.mul(netLow, time));
    discount = expBoth(f64x2.sub(zero, f64x2.mul(rate, time)));
    carry = expBoth(f64x2.sub(zero, f64x2.mul(dividendYield, time)));
  }
  forward = f64x2.mul(underlying, carry);
  strike = f64x2.mul(given, discount);
  const put = f64x2.eq(type, f64x2.splat(-1));
  const sane = v128.and(v128.or(call, put), f64x2.ge(left, f64x2.splat(-LARGEST)));
  const priced = v128.and(v128.and(usable(underlying), usable(given)), usable(time));
  const paid = v128.and(v128.and(usable(discount), f64x2.gt(discount, zero)), usable(carry));
  const carried = f64x2.le(f64x2.abs(carryTime), f64x2.splat(LARGEST));
  good = v128.and(v128.and(sane, priced), v128.and(paid, carried));
  refuse(v128.not(good), STATUS_INVALID);
  measure(given, carryTime, carryLow);
  difference = excess(given);
}

/** ln(F/K): its size as a sum of two, and its side. */
function measure(given: v128, carryTime: v128, carryLow: v128): void {
  const quotient = f64x2.div(underlying, given);
  const inside = f64x2.lt(quotient, f64x2.splat(MOST_RATIO));
  const both = v128.and(f64x2.gt(quotient, f64x2.splat(LEAST_RATIO)), inside);
  const q = v128.bitselect(quotient, f64x2.splat(1), both);
  const ratioHigh = lnRatio(underlying, given, q);
  const high = f64x2.add(ratioHigh, carryTime);
  // Where the two cancel, what is left may be smaller than what they were rounded by.
  const rest = f64x2.add(sumRest(ratioHigh, carryTime, high), f64x2.add(ratioLow, carryLow));
  const signed = f64x2.add(high, rest);
  const low = sumRest(high, rest, signed);
  const positive = f64x2.gt(signed, f64x2.splat(0));
  // Without a forward or a strike, or with one that is as good as none, there is but a side.
  const endless = v128.andnot(f64x2.splat(Infinity), f64x2.eq(underlying, given));
  above = v128.bitselect(positive, f64x2.gt(underlying, given), both);
  x = v128.bitselect(f64x2.abs(signed), endless, both);
  xLow = v128.and(v128.bitselect(low, f64x2.sub(f64x2.splat(0), low), positive), both);
}

// @ts-ignore: decorator
@inline
function grown(by: v128, c: f64, inner: v128): v128 {
  return f64x2.add(f64x2.splat(1), f64x2.mul(f64x2.mul(by, f64x2.splat(c)), inner));
}

/**
 * F - K discounted, to its last digits: where nothing is carried it is exact before it is discounted; where spot and strike are
 * discounted apart and lie near each other it is min(F, K) (e^x - 1), of which the first term left out is x^9 / 10!.
 */
function excess(given: v128): v128 {
  const plain = f64x2.mul(discount, f64x2.sub(underlying, given));
  if (!spot) return plain;
  const seventh = grown(x, SEVENTH, grown(x, 0.125, grown(x, NINTH, f64x2.splat(1))));
  const upper = grown(x, 0.2, grown(x, SIXTH, seventh));
  const curve = grown(x, 0.5, grown(x, THIRD, grown(x, 0.25, upper)));
  const value = f64x2.mul(f64x2.mul(v128.bitselect(strike, forward, above), x), curve);
  const close = v128.bitselect(value, f64x2.sub(f64x2.splat(0), value), above);
  const apart = v128.bitselect(f64x2.sub(forward, strike), close, f64x2.gt(x, f64x2.splat(NEAR)));
  return v128.bitselect(plain, apart, f64x2.eq(carry, discount));
}

/** Fills `s` for a vol; a vol that can not be worked with makes the row invalid. */
export function readVol(vol: v128): void {
  const square = f64x2.mul(rootTime, rootTime);
  const missing = f64x2.sub(f64x2.sub(time, square), squareRest(rootTime, square));
  const some = f64x2.gt(time, f64x2.splat(0));
  const rootLow = v128.and(f64x2.div(missing, f64x2.mul(f64x2.splat(2), rootTime)), some);
  s = f64x2.mul(f64x2.abs(vol), rootTime);
  sLow = f64x2.add(productRest(vol, rootTime, s), f64x2.mul(vol, rootLow));
  const fits = usable(vol);
  good = v128.and(good, fits);
  refuse(v128.not(fits), STATUS_INVALID);
}
