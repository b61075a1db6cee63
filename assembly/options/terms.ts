// One row of a block as the formulas want it: forward and strike discounted, x = |ln(F/K)| and s = vol sqrt(t) as sums of two.
// Same bits: bindings/reference/options/terms.ts.

import { exp } from '../numeric/exp';
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
  STATUS_OK,
} from './layout';
import { lnRatio, productRest, ratioLow, sumRest } from './pair';

/** Beyond, products of inputs would leave the doubles: such a row is invalid, as one with NaN. */
const LARGEST: f64 = 1e150;
/** Years that count as none: the square of their root is too near the least double for its rest to be one. */
const LEAST_TIME: f64 = 1e-200;
/** Beyond, a difference of F and K loses four bits at most. */
const NEAR: f64 = 0.0625;
const THIRD: f64 = 0.3333333333333333;
const SIXTH: f64 = 0.16666666666666666;
const SEVENTH: f64 = 0.14285714285714285;
const NINTH: f64 = 0.1111111111111111;

export let status: i32 = 0;
export let call: bool = true;
export let spot: bool = false;
/** Price of the underlying, spot or forward. */
export let underlying: f64 = 0;
export let time: f64 = 0;
export let rootTime: f64 = 0;
/** Of the spot form. */
export let rate: f64 = 0;
export let dividendYield: f64 = 0;
export let discount: f64 = 0;
/** What a delta of the forward is multiplied with: e^(-q t), or the discount factor. */
export let carry: f64 = 0;
/** Discounted forward and strike. */
export let forward: f64 = 0;
export let strike: f64 = 0;
/** Their difference, and the part of it that the option is in the money. */
export let difference: f64 = 0;
/** ln(F/K) > 0. */
export let above: bool = false;
export let x: f64 = 0;
export let xLow: f64 = 0;
export let s: f64 = 0;
export let sLow: f64 = 0;

// @ts-ignore: decorator
@inline
function usable(value: f64): bool {
  return value >= 0 && value <= LARGEST;
}

/** Ends the row with a status. @returns false */
export function refuse(code: i32): bool {
  status = code;
  return false;
}

/** Fills the terms but for `s`. @returns whether the row can be worked with; NaN, negative and infinite numbers can not */
export function readTerms(row: usize, form: i32): bool {
  const type = get(row, INPUT_TYPE);
  underlying = get(row, INPUT_UNDERLYING);
  const given = get(row, INPUT_STRIKE);
  const left = get(row, INPUT_TIME);
  discount = get(row, INPUT_DISCOUNT);
  time = left > LEAST_TIME ? left : 0;
  status = left < 0 ? STATUS_EXPIRED : STATUS_OK;
  call = type == 1;
  spot = form == SPOT;
  rootTime = sqrt(time);

  let carryTime: f64 = 0;
  let carryLow: f64 = 0;
  if (spot) {
    rate = discount;
    dividendYield = get(row, INPUT_DIVIDEND_YIELD);
    const net = rate - dividendYield;
    carryTime = net * time;
    carryLow = productRest(net, time, carryTime) + sumRest(rate, -dividendYield, net) * time;
    discount = exp(0 - rate * time);
    carry = exp(0 - dividendYield * time);
  } else {
    carry = discount;
  }
  forward = underlying * carry;
  strike = given * discount;
  const sane = (type == 1 || type == -1) && left >= -LARGEST && usable(underlying) && usable(given);
  const paid = usable(time) && usable(discount) && discount > 0 && usable(carry) && abs(carryTime) <= LARGEST;
  if (!(sane && paid)) return refuse(STATUS_INVALID);
  measure(given, carryTime, carryLow);
  difference = excess(given);
  return true;
}

/** ln(F/K): its size as a sum of two, and its side. */
function measure(given: f64, carryTime: f64, carryLow: f64): void {
  if (underlying == 0 || given == 0) {
    above = underlying > given;
    x = underlying == given ? 0 : Infinity;
    xLow = 0;
    return;
  }
  const ratioHigh = lnRatio(underlying, given);
  const high = ratioHigh + carryTime;
  // Where the two cancel, what is left may be smaller than what they were rounded by.
  const rest = sumRest(ratioHigh, carryTime, high) + (ratioLow + carryLow);
  const signed = high + rest;
  const low = sumRest(high, rest, signed);
  above = signed > 0;
  x = abs(signed);
  xLow = above ? low : 0 - low;
}

/**
 * F - K discounted, to its last digits: where nothing is carried it is exact before it is discounted; where spot and strike are
 * discounted apart and lie near each other it is min(F, K) (e^x - 1), of which the first term left out is x^9 / 10!.
 */
function excess(given: f64): f64 {
  if (carry == discount) return discount * (underlying - given);
  if (x > NEAR) return forward - strike;
  const upper = 1 + x * 0.2 * (1 + x * SIXTH * (1 + x * SEVENTH * (1 + x * 0.125 * (1 + x * NINTH))));
  const value = (above ? strike : forward) * x * (1 + x * 0.5 * (1 + x * THIRD * (1 + x * 0.25 * upper)));
  return above ? value : 0 - value;
}

/** Fills `s` for a vol. @returns whether the vol can be worked with */
export function readVol(vol: f64): bool {
  const root = rootTime;
  const square = root * root;
  const rootLow = time > 0 ? (time - square - productRest(root, root, square)) / (2 * root) : 0;
  s = abs(vol) * root;
  sLow = productRest(vol, root, s) + vol * rootLow;
  return usable(vol) ? true : refuse(STATUS_INVALID);
}
