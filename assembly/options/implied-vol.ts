// Implied vols of a block of options to the limit of their conditioning: what the price has above intrinsic value is taken
// without rounding, two rows at a time, then Householder steps of fourth order from guess.ts, one option after the other, after
// P. Jaeckel, "Let's be rational", Wilmott 75 (2015). Same bits: bindings/reference/options/implied-vol.ts.

import { exp } from '../numeric/exp';
import { log } from '../numeric/log';
import { black, crossed, gap, PEAK, power, ru, rv, share } from './black';
import { guess, HIGH, LOW, zone } from './guess';
import {
  ANSWERS,
  get,
  INPUT_STRIKE,
  INPUT_VOL,
  one,
  put,
  ROWS,
  STATUS_ABOVE_MAXIMUM,
  STATUS_BELOW_INTRINSIC,
  STATUS_COLUMN,
  STATUS_EXPIRED,
  STATUS_INVALID,
} from './layout';
import { productRest, sumRest } from './pair';
import {
  above,
  call,
  carry,
  difference,
  discount,
  forward,
  good,
  readTerms,
  refuse,
  rootTime,
  status,
  strike,
  time,
  underlying,
  x,
  xLow,
} from './terms';

/** The error after a step is about the fourth power of it, so a step of this share of s is the last. */
const LAST_STEP: f64 = 1e-5;
/** Two or three are taken; halvings of the bracket, where steps lead out of it, may add to them. */
const MOST_STEPS: i32 = 100;
/** Below, a share has lost digits as a number of its own. */
const TINY: f64 = 1e-290;
const LARGEST_PRICE: f64 = 1e150;
/** A price this share of forward or strike below the intrinsic value is that value, rounded. */
const ROUNDING: f64 = 2.220446049250313e-16;

/** Of the rows' prices: what they have above the intrinsic value, what is missing to the maximum, and the maximum. */
let value: v128 = i64x2(0, 0);
let rest: v128 = i64x2(0, 0);
let least: v128 = i64x2(0, 0);

/** Vol and condition of each row; NaN where the status is not ok. */
export function impliedVols(block: usize, form: i32, count: u32): void {
  const end = block + ((<usize>count) << 3);
  const none = f64x2.splat(NaN);
  const zero = f64x2.splat(0);
  for (let rows = block; rows < end; rows += 16) {
    const price = get(rows, INPUT_VOL);
    readTerms(rows, form);
    const fits = f64x2.le(f64x2.abs(price), f64x2.splat(LARGEST_PRICE));
    const apart = f64x2.lt(x, f64x2.splat(Infinity));
    const whole = v128.and(v128.and(f64x2.gt(underlying, zero), f64x2.gt(strike, zero)), apart);
    separate(rows, price);
    const most = f64x2.mul(v128.bitselect(forward, strike, above), f64x2.splat(-ROUNDING));
    refuse(v128.not(f64x2.gt(rest, zero)), STATUS_ABOVE_MAXIMUM);
    refuse(f64x2.lt(value, most), STATUS_BELOW_INTRINSIC);
    refuse(f64x2.eq(time, zero), STATUS_EXPIRED);
    refuse(v128.not(v128.and(good, v128.and(fits, whole))), STATUS_INVALID);
    const solvable = f64x2.eq(status, zero);
    put(rows, STATUS_COLUMN, status);
    put(rows, ANSWERS, v128.bitselect(zero, none, solvable));
    put(rows, ANSWERS + 1, v128.bitselect(f64x2.splat(Infinity), none, solvable));
    const wanted = i64x2.bitmask(v128.and(solvable, f64x2.gt(value, zero)));
    if (wanted & 1) solve(rows, price, false);
    if (wanted & 2) solve(rows + 8, price, true);
  }
}

/** Less the intrinsic value, without rounding; two rows. */
function separate(rows: usize, price: v128): void {
  const zero = f64x2.splat(0);
  const forwardLow = productRest(underlying, carry, forward);
  const strikeLow = productRest(get(rows, INPUT_STRIKE), discount, strike);
  const exact = f64x2.eq(carry, discount);
  const apart = f64x2.sub(forward, strike);
  const apartLow = f64x2.add(sumRest(forward, f64x2.sub(zero, strike), apart), f64x2.sub(forwardLow, strikeLow));
  const high = v128.bitselect(apart, difference, exact);
  const low = v128.and(apartLow, exact);
  const inside = v128.bitselect(high, f64x2.sub(zero, high), call);
  const insideLow = v128.bitselect(low, f64x2.sub(zero, low), call);
  const taken = f64x2.sub(price, inside);
  const takenLow = f64x2.sub(sumRest(price, f64x2.sub(zero, inside), taken), insideLow);
  const outer = v128.xor(above, call);
  const outside = v128.bitselect(price, taken, outer);
  const outsideLow = v128.andnot(takenLow, outer);
  value = f64x2.add(outside, outsideLow);
  least = v128.bitselect(strike, forward, above);
  const missing = f64x2.sub(least, outside);
  const leastLow = v128.bitselect(strikeLow, forwardLow, above);
  const under = f64x2.add(sumRest(least, f64x2.sub(zero, outside), missing), f64x2.sub(leastLow, outsideLow));
  rest = f64x2.add(missing, under);
}

// @ts-ignore: decorator
@inline
function lane(values: v128, second: bool): f64 {
  return second ? f64x2.extract_lane(values, 1) : f64x2.extract_lane(values, 0);
}

/** The vol of one of the rows, and its condition. */
function solve(row: usize, prices: v128, second: bool): void {
  const price = lane(prices, second);
  const outside = lane(value, second);
  const most = lane(least, second);
  const distance = lane(x, second);
  const part = outside / most;
  const lnPart = part > TINY ? log(part) : log(outside) - log(most);
  const s = root(distance, lane(xLow, second), part, lane(rest, second) / most, lnPart);
  const u = distance / s - s * 0.5;
  const lnPrice = price == outside ? lnPart : log(price) - log(most);
  const condition = s > 0 ? exp(lnPrice + 0.5 * u * u) / (PEAK * s) : Infinity;
  store<f64>(row + ANSWERS * (ROWS << 3), s / lane(rootTime, second));
  store<f64>(row + (ANSWERS + 1) * (ROWS << 3), condition);
}

/** The s at which an option is worth `part` of min(F, K). */
function root(x: f64, xLow: f64, part: f64, rest: f64, lnPart: f64): f64 {
  let s = guess(x, part, rest, lnPart);
  const lnBlack = lnPart - 0.5 * x;
  const lnRest = zone == HIGH ? log(rest) : 0;
  let low: f64 = 0;
  let high = Infinity;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!(s > low && s < high)) s = high < Infinity ? 0.5 * (low + high) : low > 0 ? 2 * low : 1;
    black(f64x2.splat(x), f64x2.splat(xLow), f64x2.splat(s), f64x2.splat(0));
    const other = v128.any_true(crossed);
    const worth = one(share);
    const chance = one(power);
    const h = x / s;
    const bend = (h * h) / s - s * 0.25;
    const third = bend * bend - 3 * (h / s) * (h / s) - 0.25;
    // Newton's step of the zone's function g, then g'' / g' and g''' / g'.
    let newton: f64;
    let second: f64;
    let cubic: f64;
    if (zone == LOW) {
      const between = other ? worth / chance : one(gap);
      const slope = PEAK / between;
      const ln = log(between) - 0.5 * h * h - 0.125 * s * s;
      const lambda = 1 / ln;
      newton = (((lnBlack - ln) * ln) / lnBlack) * (1 / slope);
      second = bend - slope * (1 + 2 * lambda);
      cubic = third + slope * slope * (2 + 6 * lambda * (1 + lambda)) - 3 * bend * slope * (1 + 2 * lambda);
    } else if (zone == HIGH) {
      const left = other ? one(ru) + one(rv) : (1 - worth) / chance;
      const slope = PEAK / left;
      const u = h - 0.5 * s;
      newton = (log(left) - 0.5 * u * u - lnRest) / slope;
      second = bend + slope;
      cubic = third + slope * (2 * slope + 3 * bend);
    } else {
      newton = (part - worth) / (PEAK * chance);
      second = bend;
      cubic = third;
    }
    if (newton > 0) low = s;
    else high = s;
    const change = (newton * (1 + 0.5 * second * newton)) / (1 + newton * (second + (cubic * newton) / 6));
    const next = s + change;
    if (abs(change) <= LAST_STEP * s) return next;
    s = next;
  }
  return s > 0 ? s : low;
}
