// A first s for an implied vol: rational cubics after R. Delbourgo and J. A. Gregory, IMA J. Numer. Anal. 5 (1985), through
// points where the inverse of the price is known, on maps of it that are nearly straight: P. Jaeckel, "Let's be rational",
// Wilmott 75 (2015), sections 4 to 6. Good to about 1e-3. Same bits: bindings/reference/options/guess.ts.

import { exp } from '../numeric/exp';
import { log } from '../numeric/log';
import { normalQuantile } from '../numeric/normal';
import { NORMAL, ratio } from '../numeric/tail';
import { black, crossed, PEAK, power, ru, rv, share } from './black';
import { one } from './layout';

/** What the price is measured with: below and above the middle the price runs into its bounds and only its logarithm tells. */
export const LOW: i32 = 0;
export const MIDDLE: i32 = 1;
export const HIGH: i32 = 2;

/** The zone of the last `guess`. */
export let zone: i32 = LOW;

const ROOT_3: f64 = 1.7320508075688772;
const ROOT_3_INVERSE: f64 = 0.5773502691896258;
/** 2 pi / sqrt(27). */
const MAP: f64 = 1.2091995761561452;
const TWO_PI: f64 = 6.283185307179586;
const SIXTH_OF_PI: f64 = 0.5235987755982989;
const ROOT_OF_HALF_PI: f64 = 1.2533141373155003;
/** The least control parameter of a rational cubic: -1 makes it a pole. */
const LEAST_CONTROL: f64 = -0.9999999850988388;
const MOST_CONTROL: f64 = 1e16;
/** Below, a share has lost digits as a number of its own. */
const TINY: f64 = 1e-290;

/** Below, sqrt(x) and what is left of it by a first tangent are too far apart. */
const NEXT_TO_NOTHING: f64 = 1e-20;

/** The curve between two points, and what bends it. */
let width: f64 = 0;
let yLeft: f64 = 0;
let yRight: f64 = 0;
let slopeLeft: f64 = 0;
let slopeRight: f64 = 0;
let control: f64 = 0;

/** Takes a curve whose second derivative at one end is `bend`, as far as it then keeps its shape. */
function draw(w: f64, left: f64, right: f64, fromSlope: f64, toSlope: f64, bend: f64, atRight: bool): void {
  width = w;
  yLeft = left;
  yRight = right;
  slopeLeft = fromSlope;
  slopeRight = toSlope;
  const slope = (right - left) / w;
  const numerator = 0.5 * w * bend + (toSlope - fromSlope);
  const before = slope - fromSlope;
  const after = toSlope - slope;
  const denominator = atRight ? after : before;
  control = numerator == 0 ? 0 : denominator == 0 ? MOST_CONTROL : numerator / denominator;
  let least = LEAST_CONTROL;
  if (fromSlope * slope >= 0 && toSlope * slope >= 0 && slope != 0) {
    const straight = (fromSlope + toSlope) / slope;
    if (straight > least) least = straight;
  }
  if (before * after > 0) {
    const most = abs((toSlope - fromSlope) / (abs(before) < abs(after) ? before : after));
    if (most > least) least = most;
  }
  if (!(control > least)) control = least;
}

/** The curve at `part` of its width; `rest` = 1 - part. */
function at(part: f64, rest: f64): f64 {
  const right = yRight * part + (control * yRight - width * slopeRight) * rest;
  const left = yLeft * rest + (control * yLeft + width * slopeLeft) * part;
  return (right * part * part + left * rest * rest) / (1 + (control - 3) * part * rest);
}

/** By the map Phi(-x / (sqrt(3) s))^3, which rises with slope 1 from a price of 0. */
function lowGuess(x: f64, price: f64, lnPrice: f64, s: f64, priceThere: f64): f64 {
  const z = (x * ROOT_3_INVERSE) / s;
  const y = z * z;
  const mills = ratio(z, NORMAL);
  const s2 = s * s;
  const map = MAP * x * mills * mills * mills * exp(x * 0.5 - 1.5 * y);
  const slope = TWO_PI * y * mills * mills * exp(s2 * 0.125);
  const inner = 8 * ROOT_3 * s * x * exp(-0.5 * y) * mills * PEAK + (3 * s2 * (s2 - 8) - 8 * x * x) * mills * mills;
  const bend = ((SIXTH_OF_PI * y) / (s2 * s)) * (inner / PEAK) * exp(1.5 * y + s2 * 0.25 - x * 0.5);
  draw(priceThere, 0, map, 1, slope, bend, true);
  const part = price / priceThere;
  let value = at(part, 1 - part);
  if (!(value > 0)) value = (map * part + priceThere * (1 - part)) * part;
  const ln = price > TINY ? log(value) : lnPrice;
  const quantile = normalQuantile(exp((ln - x * 0.5 - log(MAP * x)) * 0.3333333333333333));
  return abs((x * ROOT_3_INVERSE) / quantile);
}

/** By the map Phi(-s / 2), which falls to 0 where the price is at its maximum. */
function highGuess(x: f64, rest: f64, s: f64, restThere: f64): f64 {
  const h = x / s;
  const map = exp(s * s * -0.125) * ratio(s * 0.5, NORMAL);
  const slope = -0.5 * exp((h * h - x) * 0.5);
  const bend = ROOT_OF_HALF_PI * exp(h * h + s * s * 0.125 - x) * ((h * h) / s);
  draw(restThere, map, 0, slope, -0.5 * exp(x * -0.5), bend, false);
  const left = rest / restThere;
  let value = at(1 - left, left);
  if (!(value > 0)) value = map * left;
  return -2 * normalQuantile(value);
}

/** `black` of one option, in both lanes. */
function weigh(x: f64, s: f64): void {
  const zero = f64x2.splat(0);
  black(f64x2.splat(x), zero, f64x2.splat(s), zero);
}

/**
 * An s whose share is about `price`; leaves the zone in `zone`.
 * @param price share of min(F, K), in (0, 1)
 * @param rest 1 - price
 */
export function guess(x: f64, price: f64, rest: f64, lnPrice: f64): f64 {
  const middle = sqrt(2 * x);
  weigh(x, middle);
  const half = one(share);
  const steep = 1 / PEAK;
  zone = MIDDLE;
  if (price < half) {
    // The difference is about 1.25 x where x is small, and then lost.
    const s = x > NEXT_TO_NOTHING ? middle - half * steep : 1.25 * x;
    weigh(x, s);
    const there = one(share);
    if (price < there) {
      zone = LOW;
      return lowGuess(x, price, lnPrice, s, there);
    }
    draw(half - there, s, middle, steep / one(power), steep, 0, true);
    return at((price - there) / (half - there), (half - price) / (half - there));
  }
  const s = middle + (1 - half) * steep;
  weigh(x, s);
  const there = one(share);
  const restThere = v128.any_true(crossed) ? one(power) * (one(ru) + one(rv)) : 1 - there;
  if (rest < restThere) {
    zone = HIGH;
    return highGuess(x, rest, s, restThere);
  }
  draw(there - half, middle, s, steep, steep / one(power), 0, false);
  return at((price - half) / (there - half), (there - price) / (there - half));
}
