// Price and derivatives of a block of options, in closed form. Everything with a density in it is made from one number, the
// discounted F phi(d1) = K phi(d2), so that 0 / 0 can be told from a limit. Same bits: bindings/reference/options/greeks.ts.

import { log } from '../numeric/log';
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
export function optionGreeks(block: usize, form: i32, rows: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    const row = block + ((<usize>i) << 3);
    const vol = get(row, INPUT_VOL);
    if (readTerms(row, form) && readVol(vol)) {
      weigh();
      firstOrder(row, vol);
      secondOrder(row, vol);
    } else {
      for (let k: usize = 0; k < ANSWER_COLUMNS; k++) answer(row, k, NaN);
    }
    put(row, STATUS_COLUMN, <f64>status);
  }
}

/** -0 becomes 0. */
function answer(row: usize, column: usize, value: f64): void {
  put(row, ANSWERS + column, value + 0);
}

function firstOrder(row: usize, vol: f64): void {
  const price = ownValue(outside);
  const forwardDelta = call ? d1 : 0 - notD1;
  const delta = carry * forwardDelta;
  const paid = call ? strike * d2 : 0 - strike * notD2;
  const received = forward * forwardDelta;
  // density * vol is 0 far from the money as at vol 0; over a root of 0 it is a limit only where it is not.
  const scaled = density * vol;
  const decay = scaled > 0 ? scaled / (2 * rootTime) : 0;
  // A forward is held as it is: only the discount runs down, at the rate that it implies.
  const implied = !spot && time > 0 && price > 0 ? 0 - log(discount) / time : 0;
  const held = spot ? dividendYield * received - rate * paid : implied * price;
  const theta = decay < Infinity ? held - decay : -Infinity;
  answer(row, 0, price);
  answer(row, 1, delta);
  answer(row, 2, forwardDelta);
  answer(row, 4, density * rootTime);
  answer(row, 5, theta);
  answer(row, 6, theta / DAYS_PER_YEAR);
  answer(row, 7, spot ? time * paid : 0 - time * price);
  answer(row, 8, spot ? 0 - time * received : 0);
  answer(row, 11, price > 0 ? (delta * underlying) / price : call ? Infinity : -Infinity);
}

function secondOrder(row: usize, vol: f64): void {
  const some = density > 0;
  const perUnit = some ? density / underlying : 0;
  const far = above ? u : 0 - v;
  answer(row, 3, perUnit > 0 ? perUnit / (underlying * s) : 0);
  // At vol 0 a density is left at the money only, where d2 / vol is -sqrt(t) / 2 and d1 d2 / vol is 0.
  answer(row, 9, some ? 0 - perUnit * (vol > 0 ? far / vol : rootTime * -0.5) : 0);
  answer(row, 10, some && vol > 0 ? (density * rootTime * (u * v)) / vol : 0);
}
