// Implied vols of a block of options to the limit of their conditioning: what the price has above intrinsic value is taken
// without rounding, then Householder steps of fourth order from guess.ts, after P. Jaeckel, "Let's be rational", Wilmott 75
// (2015); two steps as a rule. Same bits: assembly/options/implied-vol.ts.
import { ANSWERS, INPUT, ROWS, STATUS, STATUS_COLUMN } from '../../options/layout.js';
import { exp } from '../numeric/exp.js';
import { log } from '../numeric/log.js';
import { black, normal, PEAK } from './black.js';
import { found, guess, ZONE } from './guess.js';
import { productRest, sumRest } from './pair.js';
import { readTerms, terms } from './terms.js';

/** The error after a step is about the fourth power of it, so a step of this share of s is the last. */
const LAST_STEP = 1e-5;
/** Two or three are taken; halvings of the bracket, where steps lead out of it, may add to them. */
const MOST_STEPS = 100;
/** Below, a share has lost digits as a number of its own. */
const TINY = 1e-290;
const LARGEST_PRICE = 1e150;
/** A price this share of forward or strike below the intrinsic value is that value, rounded. */
const ROUNDING = 2.220446049250313e-16;

/** Vol and condition of each row; NaN where the status is not ok. */
export function impliedVols(block: Float64Array, form: number, rows: number): void {
  for (let row = 0; row < rows; row++) {
    block[ANSWERS * ROWS + row] = NaN;
    block[(ANSWERS + 1) * ROWS + row] = NaN;
    const price = block[INPUT.vol * ROWS + row]!;
    if (readTerms(block, form, row)) {
      const { underlying, strike, x } = terms;
      if (!(underlying > 0 && strike > 0 && x < Infinity && Math.abs(price) <= LARGEST_PRICE)) {
        terms.status = STATUS.invalid;
      } else if (terms.time === 0) {
        terms.status = STATUS.expired;
      } else {
        solve(block, row, price);
      }
    }
    block[STATUS_COLUMN * ROWS + row] = terms.status;
  }
}

function solve(block: Float64Array, row: number, price: number): void {
  const { underlying, carry, discount, forward, strike, above, call, x } = terms;
  const given = block[INPUT.strike * ROWS + row]!;
  const forwardLow = productRest(underlying, carry, forward);
  const strikeLow = productRest(given, discount, strike);

  // Less the intrinsic value, without rounding.
  let outside = price;
  let outsideLow = 0;
  if (above === call) {
    let high = terms.difference;
    let low = 0;
    if (carry === discount) {
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
    terms.status = STATUS.belowIntrinsic;
    return;
  }
  const least = above ? strike : forward;
  const missing = least - outside;
  const rest = missing + (sumRest(least, 0 - outside, missing) + ((above ? strikeLow : forwardLow) - outsideLow));
  if (!(rest > 0)) {
    terms.status = STATUS.aboveMaximum;
    return;
  }
  if (value <= 0) {
    block[ANSWERS * ROWS + row] = 0;
    block[(ANSWERS + 1) * ROWS + row] = Infinity;
    return;
  }
  const share = value / least;
  const lnShare = share > TINY ? log(share) : log(value) - log(least);
  const s = root(x, share, rest / least, lnShare);
  const u = x / s - s * 0.5;
  const lnPrice = price === value ? lnShare : log(price) - log(least);
  block[ANSWERS * ROWS + row] = s / terms.rootTime;
  block[(ANSWERS + 1) * ROWS + row] = s > 0 ? exp(lnPrice + 0.5 * u * u) / (PEAK * s) : Infinity;
}

/** The s at which an option is worth `share`. */
function root(x: number, share: number, rest: number, lnShare: number): number {
  let s = guess(x, share, rest, lnShare);
  const { zone } = found;
  const lnBlack = lnShare - 0.5 * x;
  const lnRest = zone === ZONE.high ? log(rest) : 0;
  let low = 0;
  let high = Infinity;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!(s > low && s < high)) s = high < Infinity ? 0.5 * (low + high) : low > 0 ? 2 * low : 1;
    black(x, terms.xLow, s, 0);
    const { power, crossed, ru, rv } = normal;
    const h = x / s;
    const bend = (h * h) / s - s * 0.25;
    const third = bend * bend - 3 * (h / s) * (h / s) - 0.25;
    // Newton's step of the zone's function g, then g'' / g' and g''' / g'.
    let newton: number;
    let second: number;
    let cubic: number;
    if (zone === ZONE.low) {
      const gap = crossed ? normal.share / power : normal.gap;
      const slope = PEAK / gap;
      const ln = log(gap) - 0.5 * h * h - 0.125 * s * s;
      const lambda = 1 / ln;
      newton = (((lnBlack - ln) * ln) / lnBlack) * (1 / slope);
      second = bend - slope * (1 + 2 * lambda);
      cubic = third + slope * slope * (2 + 6 * lambda * (1 + lambda)) - 3 * bend * slope * (1 + 2 * lambda);
    } else if (zone === ZONE.high) {
      const left = crossed ? ru + rv : (1 - normal.share) / power;
      const slope = PEAK / left;
      const u = h - 0.5 * s;
      newton = (log(left) - 0.5 * u * u - lnRest) / slope;
      second = bend + slope;
      cubic = third + slope * (2 * slope + 3 * bend);
    } else {
      newton = (share - normal.share) / (PEAK * power);
      second = bend;
      cubic = third;
    }
    if (newton > 0) low = s;
    else high = s;
    const change = (newton * (1 + 0.5 * second * newton)) / (1 + newton * (second + (cubic * newton) / 6));
    const next = s + change;
    if (Math.abs(change) <= LAST_STEP * s) return next;
    s = next;
  }
  return s > 0 ? s : low;
}
