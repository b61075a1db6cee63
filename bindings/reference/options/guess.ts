// A first s for an implied vol: rational cubics after R. Delbourgo and J. A. Gregory, IMA J. Numer. Anal. 5 (1985), through
// points where the inverse of the price is known, on maps of it that are nearly straight: P. Jaeckel, "Let's be rational",
// Wilmott 75 (2015), sections 4 to 6. Good to about 1e-3. Same bits: assembly/options/guess.ts.
import { exp } from '../numeric/exp.js';
import { log } from '../numeric/log.js';
import { normalQuantile } from '../numeric/normal.js';
import { NORMAL, ratio } from '../numeric/tail.js';
import { black, normal, PEAK } from './black.js';

/** What the price is measured with: below and above the middle the price runs into its bounds and only its logarithm tells. */
export const ZONE = { low: 0, middle: 1, high: 2 } as const;

/** The zone of the last `guess`. */
export const found: { zone: 0 | 1 | 2 } = { zone: 0 };

const ROOT_3 = 1.7320508075688772;
const ROOT_3_INVERSE = 0.5773502691896258;
/** 2 pi / sqrt(27). */
const MAP = 1.2091995761561452;
const TWO_PI = 6.283185307179586;
const SIXTH_OF_PI = 0.5235987755982989;
const ROOT_OF_HALF_PI = 1.2533141373155003;
/** The least control parameter of a rational cubic: -1 makes it a pole. */
const LEAST_CONTROL = -0.9999999850988388;
const MOST_CONTROL = 1e16;
/** Below, a share has lost digits as a number of its own. */
const TINY = 1e-290;

/** Below, sqrt(x) and what is left of it by a first tangent are too far apart. */
const NEXT_TO_NOTHING = 1e-20;

/** The curve between two points, and what bends it. */
const curve = { width: 0, yLeft: 0, yRight: 0, slopeLeft: 0, slopeRight: 0, control: 0 };

/** Takes a curve whose second derivative at one end is `bend`, as far as it then keeps its shape. */
function draw(
  width: number,
  yLeft: number,
  yRight: number,
  slopeLeft: number,
  slopeRight: number,
  bend: number,
  atRight: boolean,
): void {
  const slope = (yRight - yLeft) / width;
  const numerator = 0.5 * width * bend + (slopeRight - slopeLeft);
  const denominator = atRight ? slopeRight - slope : slope - slopeLeft;
  let control = numerator === 0 ? 0 : denominator === 0 ? MOST_CONTROL : numerator / denominator;
  let least = LEAST_CONTROL;
  if (slopeLeft * slope >= 0 && slopeRight * slope >= 0 && slope !== 0) {
    const straight = (slopeLeft + slopeRight) / slope;
    if (straight > least) least = straight;
  }
  const left = slope - slopeLeft;
  const right = slopeRight - slope;
  if (left * right > 0) {
    const most = Math.abs((slopeRight - slopeLeft) / (Math.abs(left) < Math.abs(right) ? left : right));
    if (most > least) least = most;
  }
  if (!(control > least)) control = least;
  curve.width = width;
  curve.yLeft = yLeft;
  curve.yRight = yRight;
  curve.slopeLeft = slopeLeft;
  curve.slopeRight = slopeRight;
  curve.control = control;
}

/** The curve at `part` of its width; `rest` = 1 - part. */
function at(part: number, rest: number): number {
  const { width, yLeft, yRight, slopeLeft, slopeRight, control } = curve;
  const right = yRight * part + (control * yRight - width * slopeRight) * rest;
  const left = yLeft * rest + (control * yLeft + width * slopeLeft) * part;
  return (right * part * part + left * rest * rest) / (1 + (control - 3) * part * rest);
}

/** By the map Phi(-x / (sqrt(3) s))^3, which rises with slope 1 from a price of 0. */
function lowGuess(x: number, share: number, lnShare: number, s: number, shareThere: number): number {
  const z = (x * ROOT_3_INVERSE) / s;
  const y = z * z;
  const mills = ratio(z, NORMAL);
  const s2 = s * s;
  const map = MAP * x * mills * mills * mills * exp(x * 0.5 - 1.5 * y);
  const slope = TWO_PI * y * mills * mills * exp(s2 * 0.125);
  const inner = 8 * ROOT_3 * s * x * exp(-0.5 * y) * mills * PEAK + (3 * s2 * (s2 - 8) - 8 * x * x) * mills * mills;
  const bend = ((SIXTH_OF_PI * y) / (s2 * s)) * (inner / PEAK) * exp(1.5 * y + s2 * 0.25 - x * 0.5);
  draw(shareThere, 0, map, 1, slope, bend, true);
  const part = share / shareThere;
  let value = at(part, 1 - part);
  if (!(value > 0)) value = (map * part + shareThere * (1 - part)) * part;
  const ln = share > TINY ? log(value) : lnShare;
  const quantile = normalQuantile(exp((ln - x * 0.5 - log(MAP * x)) * 0.3333333333333333));
  return Math.abs((x * ROOT_3_INVERSE) / quantile);
}

/** By the map Phi(-s / 2), which falls to 0 where the price is at its maximum. */
function highGuess(x: number, rest: number, s: number, restThere: number): number {
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

/**
 * An s whose share is about `share`; leaves the zone in `found`.
 * @param share - price / min(F, K), in (0, 1)
 * @param rest - 1 - share
 */
export function guess(x: number, share: number, rest: number, lnShare: number): number {
  const middle = Math.sqrt(2 * x);
  black(x, 0, middle, 0);
  const half = normal.share;
  const steep = 1 / PEAK;
  found.zone = ZONE.middle;
  if (share < half) {
    // The difference is about 1.25 x where x is small, and then lost.
    const s = x > NEXT_TO_NOTHING ? middle - half * steep : 1.25 * x;
    black(x, 0, s, 0);
    const there = normal.share;
    if (share < there) {
      found.zone = ZONE.low;
      return lowGuess(x, share, lnShare, s, there);
    }
    draw(half - there, s, middle, steep / normal.power, steep, 0, true);
    return at((share - there) / (half - there), (half - share) / (half - there));
  }
  const s = middle + (1 - half) * steep;
  black(x, 0, s, 0);
  const there = normal.share;
  const restThere = normal.crossed ? normal.power * (normal.ru + normal.rv) : 1 - there;
  if (rest < restThere) {
    found.zone = ZONE.high;
    return highGuess(x, rest, s, restThere);
  }
  draw(there - half, middle, s, steep, steep / normal.power, 0, false);
  return at((share - half) / (there - half), (there - share) / (there - half));
}
