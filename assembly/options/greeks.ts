// Price and derivatives of a block of options, in closed form. Everything with a density in it is made from one number, the
// discounted F phi(d1) = K phi(d2), so that 0 / 0 can be told from a limit. Same bits: bindings/reference/options/greeks.ts.

import { logPair } from '../numeric/log';
import { u, v } from './black';
import { ANSWERS, get, INPUT_VOL, put, STATUS_COLUMN } from './layout';
import { d1, d2, density, notD1, notD2, outside, ownValue, weigh } from './probabilities';
import {
  above,
  call,
  carry,
  discount,
  dividendYield,
  forward,
  good,
  rate,
  readTerms,
  readVol,
  rootTime,
  s,
  spot,
  status,
  strike,
  time,
  underlying,
} from './terms';

const ANSWER_COLUMNS: usize = 12;
const DAYS_PER_YEAR: f64 = 365;

/** The columns of GREEK_COLUMNS for each row; NaN where it is invalid. */
export function optionGreeks(block: usize, form: i32, count: u32): void {
  const end = block + ((<usize>count) << 3);
  for (let rows = block; rows < end; rows += 16) {
    const vol = get(rows, INPUT_VOL);
    readTerms(rows, form);
    readVol(vol);
    weigh();
    firstOrder(rows, vol);
    secondOrder(rows, vol);
    // NaN where the row is invalid, and -0 becomes 0.
    for (let k = ANSWERS; k < ANSWERS + ANSWER_COLUMNS; k++) {
      put(rows, k, v128.bitselect(f64x2.add(get(rows, k), f64x2.splat(0)), f64x2.splat(NaN), good));
    }
    put(rows, STATUS_COLUMN, status);
  }
}

// @ts-ignore: decorator
@inline
function less(value: v128): v128 {
  return f64x2.sub(f64x2.splat(0), value);
}

function firstOrder(rows: usize, vol: v128): void {
  const zero = f64x2.splat(0);
  const price = ownValue(outside);
  const some = f64x2.gt(price, zero);
  const forwardDelta = v128.bitselect(d1, less(notD1), call);
  const delta = f64x2.mul(carry, forwardDelta);
  const paid = v128.bitselect(f64x2.mul(strike, d2), less(f64x2.mul(strike, notD2)), call);
  const received = f64x2.mul(forward, forwardDelta);
  // density * vol is 0 far from the money as at vol 0; over a root of 0 it is a limit only where it is not.
  const scaled = f64x2.mul(density, vol);
  const slope = f64x2.div(scaled, f64x2.mul(f64x2.splat(2), rootTime));
  const decay = v128.and(slope, f64x2.gt(scaled, zero));
  let held: v128;
  if (spot) {
    held = f64x2.sub(f64x2.mul(dividendYield, received), f64x2.mul(rate, paid));
  } else {
    // A forward is held as it is: only the discount runs down, at the rate that it implies.
    const implied = f64x2.sub(zero, f64x2.div(logPair(discount), time));
    held = v128.and(f64x2.mul(implied, price), v128.and(f64x2.gt(time, zero), some));
  }
  const endless = f64x2.splat(Infinity);
  const theta = v128.bitselect(f64x2.sub(held, decay), f64x2.splat(-Infinity), f64x2.lt(decay, endless));
  const limit = v128.bitselect(endless, f64x2.splat(-Infinity), call);
  put(rows, ANSWERS, price);
  put(rows, ANSWERS + 1, delta);
  put(rows, ANSWERS + 2, forwardDelta);
  put(rows, ANSWERS + 4, f64x2.mul(density, rootTime));
  put(rows, ANSWERS + 5, theta);
  put(rows, ANSWERS + 6, f64x2.div(theta, f64x2.splat(DAYS_PER_YEAR)));
  put(rows, ANSWERS + 7, spot ? f64x2.mul(time, paid) : less(f64x2.mul(time, price)));
  put(rows, ANSWERS + 8, spot ? less(f64x2.mul(time, received)) : zero);
  put(rows, ANSWERS + 11, v128.bitselect(f64x2.div(f64x2.mul(delta, underlying), price), limit, some));
}

function secondOrder(rows: usize, vol: v128): void {
  const zero = f64x2.splat(0);
  const some = f64x2.gt(density, zero);
  const moving = f64x2.gt(vol, zero);
  const perUnit = v128.and(f64x2.div(density, underlying), some);
  const gamma = f64x2.div(perUnit, f64x2.mul(underlying, s));
  const far = v128.bitselect(u, less(v), above);
  // At vol 0 a density is left at the money only, where d2 / vol is -sqrt(t) / 2 and d1 d2 / vol is 0.
  const perVol = v128.bitselect(f64x2.div(far, vol), f64x2.mul(rootTime, f64x2.splat(-0.5)), moving);
  const volga = f64x2.div(f64x2.mul(f64x2.mul(density, rootTime), f64x2.mul(u, v)), vol);
  put(rows, ANSWERS + 3, v128.and(gamma, f64x2.gt(perUnit, zero)));
  put(rows, ANSWERS + 9, v128.and(less(f64x2.mul(perUnit, perVol)), some));
  put(rows, ANSWERS + 10, v128.and(volga, v128.and(some, moving)));
}
