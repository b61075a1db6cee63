// One row of a block as the formulas want it: forward and strike discounted, x = |ln(F/K)| and s = vol sqrt(t) as sums of two.
// Same bits: assembly/options/terms.ts.
import { FORM, INPUT, ROWS, STATUS } from '../../options/layout.js';
import { exp } from '../numeric/exp.js';
import { lnRatio, productRest, ratio, squareRest, sumRest } from './pair.js';

/** Beyond, products of inputs would leave the doubles: such a row is invalid, as one with NaN. */
const LARGEST = 1e150;
/** Years that count as none: the square of their root is too near the least double for its rest to be one. */
const LEAST_TIME = 1e-200;
/** Of underlying and strike: beyond, one of them is as good as 0. */
const LEAST_RATIO = 1e-290;
const MOST_RATIO = 1e290;
/** Beyond, a difference of F and K loses four bits at most. */
const NEAR = 0.0625;
const THIRD = 0.3333333333333333;
const SIXTH = 0.16666666666666666;
const SEVENTH = 0.14285714285714285;
const NINTH = 0.1111111111111111;

/** The row last read. */
export const terms = {
  status: 0,
  call: true,
  spot: false,
  /** Price of the underlying, spot or forward. */
  underlying: 0,
  time: 0,
  rootTime: 0,
  /** Of the spot form. */
  rate: 0,
  dividendYield: 0,
  discount: 0,
  /** What a delta of the forward is multiplied with: e^(-q t), or the discount factor. */
  carry: 0,
  /** Discounted forward and strike. */
  forward: 0,
  strike: 0,
  /** Their difference, and the part of it that the option is in the money. */
  difference: 0,
  /** ln(F/K) > 0. */
  above: false,
  x: 0,
  xLow: 0,
  s: 0,
  sLow: 0,
};

const usable = (value: number): boolean => value >= 0 && value <= LARGEST;

/** Fills `terms` but for `s`. @returns whether the row can be worked with; NaN, negative and infinite numbers can not */
export function readTerms(block: Float64Array, form: number, row: number): boolean {
  const type = block[INPUT.type * ROWS + row]!;
  const underlying = block[INPUT.underlying * ROWS + row]!;
  const strike = block[INPUT.strike * ROWS + row]!;
  const given = block[INPUT.time * ROWS + row]!;
  const fifth = block[INPUT.discount * ROWS + row]!;
  const time = given > LEAST_TIME ? given : 0;
  terms.status = given < 0 ? STATUS.expired : STATUS.ok;
  terms.call = type === 1;
  terms.spot = form === FORM.spot;
  terms.underlying = underlying;
  terms.time = time;
  terms.rootTime = Math.sqrt(time);

  let carryTime = 0;
  let carryLow = 0;
  let discount = fifth;
  if (terms.spot) {
    const dividendYield = block[INPUT.dividendYield * ROWS + row]!;
    const net = fifth - dividendYield;
    carryTime = net * time;
    carryLow = productRest(net, time, carryTime) + sumRest(fifth, -dividendYield, net) * time;
    discount = exp(0 - fifth * time);
    terms.rate = fifth;
    terms.dividendYield = dividendYield;
    terms.carry = exp(0 - dividendYield * time);
  } else {
    terms.carry = discount;
  }
  terms.forward = underlying * terms.carry;
  terms.discount = discount;
  terms.strike = strike * discount;
  const sane = (type === 1 || type === -1) && given >= -LARGEST && usable(underlying) && usable(strike);
  const paid =
    usable(time) && usable(discount) && discount > 0 && usable(terms.carry) && Math.abs(carryTime) <= LARGEST;
  if (!(sane && paid)) {
    terms.status = STATUS.invalid;
    return false;
  }
  measure(underlying, strike, carryTime, carryLow);
  terms.difference = excess(underlying, strike);
  return true;
}

/** ln(F/K): its size as a sum of two, and its side. */
function measure(underlying: number, strike: number, carryTime: number, carryLow: number): void {
  const quotient = underlying / strike;
  // Without a forward or a strike, or with one that is as good as none, there is but a side.
  if (!(quotient > LEAST_RATIO && quotient < MOST_RATIO)) {
    terms.above = underlying > strike;
    terms.x = underlying === strike ? 0 : Infinity;
    terms.xLow = 0;
    return;
  }
  const ratioHigh = lnRatio(underlying, strike);
  const high = ratioHigh + carryTime;
  // Where the two cancel, what is left may be smaller than what they were rounded by.
  const rest = sumRest(ratioHigh, carryTime, high) + (ratio.low + carryLow);
  const x = high + rest;
  const low = sumRest(high, rest, x);
  terms.above = x > 0;
  terms.x = Math.abs(x);
  terms.xLow = x > 0 ? low : 0 - low;
}

/**
 * F - K discounted, to its last digits: where nothing is carried it is exact before it is discounted; where spot and strike are
 * discounted apart and lie near each other it is min(F, K) (e^x - 1), of which the first term left out is x^9 / 10!.
 */
function excess(underlying: number, given: number): number {
  const { carry, discount, forward, strike, above, x } = terms;
  if (carry === discount) return discount * (underlying - given);
  if (x > NEAR) return forward - strike;
  const upper = 1 + x * 0.2 * (1 + x * SIXTH * (1 + x * SEVENTH * (1 + x * 0.125 * (1 + x * NINTH))));
  const value = (above ? strike : forward) * x * (1 + x * 0.5 * (1 + x * THIRD * (1 + x * 0.25 * upper)));
  return above ? value : 0 - value;
}

/** Fills `s` of `terms` for a vol. @returns whether the vol can be worked with */
export function readVol(vol: number): boolean {
  const { time, rootTime: root } = terms;
  const square = root * root;
  const rootLow = time > 0 ? (time - square - squareRest(root, square)) / (2 * root) : 0;
  const s = Math.abs(vol) * root;
  terms.s = s;
  terms.sLow = productRest(vol, root, s) + vol * rootLow;
  if (usable(vol)) return true;
  terms.status = STATUS.invalid;
  return false;
}
