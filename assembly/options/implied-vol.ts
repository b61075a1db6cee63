// Implied vols of a block of options to the limit of their conditioning: what the price has above intrinsic value is taken
// without rounding, then Householder steps of fourth order from guess.ts, after P. Jaeckel, "Let's be rational", Wilmott 75
// (2015); two steps as a rule. Same bits: bindings/reference/options/implied-vol.ts.

import { exp } from '../numeric/exp';
import { log } from '../numeric/log';
import { black, crossed, gap, PEAK, power, ru, rv, share } from './black';
import { guess, HIGH, LOW, zone } from './guess';
import {
  ANSWERS,
  get,
  INPUT_STRIKE,
  INPUT_VOL,
  put,
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

/** Vol and condition of each row; NaN where the status is not ok. */
export function impliedVols(block: usize, form: i32, rows: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    const row = block + ((<usize>i) << 3);
    put(row, ANSWERS, NaN);
    put(row, ANSWERS + 1, NaN);
    const price = get(row, INPUT_VOL);
    if (readTerms(row, form)) {
      if (!(underlying > 0 && strike > 0 && abs(price) <= LARGEST_PRICE)) {
        refuse(STATUS_INVALID);
      } else if (time == 0) {
        refuse(STATUS_EXPIRED);
      } else {
        solve(row, price);
      }
    }
    put(row, STATUS_COLUMN, <f64>status);
  }
}

function solve(row: usize, price: f64): void {
  const forwardLow = productRest(underlying, carry, forward);
  const strikeLow = productRest(get(row, INPUT_STRIKE), discount, strike);

  // Less the intrinsic value, without rounding.
  let outside = price;
  let outsideLow: f64 = 0;
  if (above == call) {
    let high = difference;
    let low: f64 = 0;
    if (carry == discount) {
      high = forward - strike;
      low = sumRest(forward, 0 - strike, high) + (forwardLow - strikeLow);
    }
    const inside = call ? high : 0 - high;
    outside = price - inside;
    outsideLow = sumRest(price, 0 - inside, outside) - (call ? low : 0 - low);
  }
  const value = outside + outsideLow;
  const most = above ? forward : strike;
  if (value < most * -ROUNDING) {
    refuse(STATUS_BELOW_INTRINSIC);
    return;
  }
  const least = above ? strike : forward;
  const missing = least - outside;
  const rest = missing + (sumRest(least, 0 - outside, missing) + ((above ? strikeLow : forwardLow) - outsideLow));
  if (!(rest > 0)) {
    refuse(STATUS_ABOVE_MAXIMUM);
    return;
  }
  if (value <= 0) {
    put(row, ANSWERS, 0);
    put(row, ANSWERS + 1, Infinity);
    return;
  }
  const part = value / least;
  const lnPart = part > TINY ? log(part) : log(value) - log(least);
  const s = root(part, rest / least, lnPart);
  const u = x / s - s * 0.5;
  const lnPrice = price == value ? lnPart : log(price) - log(least);
  put(row, ANSWERS, s / rootTime);
  put(row, ANSWERS + 1, s > 0 ? exp(lnPrice + 0.5 * u * u) / (PEAK * s) : Infinity);
}

/** The s at which an option is worth `part` of min(F, K). */
function root(part: f64, rest: f64, lnPart: f64): f64 {
  let s = guess(x, part, rest, lnPart);
  const lnBlack = lnPart - 0.5 * x;
  const lnRest = zone == HIGH ? log(rest) : 0;
  let low: f64 = 0;
  let high = Infinity;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!(s > low && s < high)) s = high < Infinity ? 0.5 * (low + high) : low > 0 ? 2 * low : 1;
    black(x, xLow, s, 0);
    const h = x / s;
    const bend = (h * h) / s - s * 0.25;
    const third = bend * bend - 3 * (h / s) * (h / s) - 0.25;
    // Newton's step of the zone's function g, then g'' / g' and g''' / g'.
    let newton: f64;
    let second: f64;
    let cubic: f64;
    if (zone == LOW) {
      const between = crossed ? share / power : gap;
      const slope = PEAK / between;
      const ln = log(between) - 0.5 * h * h - 0.125 * s * s;
      const lambda = 1 / ln;
      newton = (((lnBlack - ln) * ln) / lnBlack) * (1 / slope);
      second = bend - slope * (1 + 2 * lambda);
      cubic = third + slope * slope * (2 + 6 * lambda * (1 + lambda)) - 3 * bend * slope * (1 + 2 * lambda);
    } else if (zone == HIGH) {
      const left = crossed ? ru + rv : (1 - share) / power;
      const slope = PEAK / left;
      const u = h - 0.5 * s;
      newton = (log(left) - 0.5 * u * u - lnRest) / slope;
      second = bend + slope;
      cubic = third + slope * (2 * slope + 3 * bend);
    } else {
      newton = (part - share) / (PEAK * power);
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
