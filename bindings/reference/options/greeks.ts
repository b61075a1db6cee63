// Price and derivatives of a block of options, in closed form. Everything with a density in it is made from one number, the
// discounted F phi(d1) = K phi(d2), so that 0 / 0 can be told from a limit. Same bits: assembly/options/greeks.ts.
import { ANSWERS, INPUT, ROWS, STATUS_COLUMN } from '../../options/layout.js';
import { log } from '../numeric/log.js';
import { normal } from './black.js';
import { chances, ownValue, weigh } from './probabilities.js';
import { readTerms, readVol, terms } from './terms.js';

const ANSWER_COLUMNS = 12;
const DAYS_PER_YEAR = 365;

/** The columns of `GREEK_COLUMNS` for each row; NaN where it is invalid. */
export function optionGreeks(block: Float64Array, form: number, rows: number): void {
  for (let row = 0; row < rows; row++) {
    const vol = block[INPUT.vol * ROWS + row]!;
    if (readTerms(block, form, row) && readVol(vol)) {
      weigh();
      firstOrder(block, row, vol);
      secondOrder(block, row, vol);
    } else {
      for (let k = 0; k < ANSWER_COLUMNS; k++) answer(block, row, k, NaN);
    }
    block[STATUS_COLUMN * ROWS + row] = terms.status;
  }
}

/** -0 becomes 0. */
function answer(block: Float64Array, row: number, column: number, value: number): void {
  block[(ANSWERS + column) * ROWS + row] = value + 0;
}

function firstOrder(block: Float64Array, row: number, vol: number): void {
  const { call, spot, time, rootTime, rate, dividendYield, discount, carry, forward, strike, underlying } = terms;
  const { density } = chances;
  const price = ownValue(chances.outside);
  const forwardDelta = call ? chances.d1 : 0 - chances.notD1;
  const delta = carry * forwardDelta;
  const paid = call ? strike * chances.d2 : 0 - strike * chances.notD2;
  const received = forward * forwardDelta;
  // density * vol is 0 far from the money as at vol 0; over a root of 0 it is a limit only where it is not.
  const scaled = density * vol;
  const decay = scaled > 0 ? scaled / (2 * rootTime) : 0;
  // A forward is held as it is: only the discount runs down, at the rate that it implies.
  const implied = !spot && time > 0 && price > 0 ? 0 - log(discount) / time : 0;
  const held = spot ? dividendYield * received - rate * paid : implied * price;
  const theta = decay < Infinity ? held - decay : -Infinity;
  answer(block, row, 0, price);
  answer(block, row, 1, delta);
  answer(block, row, 2, forwardDelta);
  answer(block, row, 4, density * rootTime);
  answer(block, row, 5, theta);
  answer(block, row, 6, theta / DAYS_PER_YEAR);
  answer(block, row, 7, spot ? time * paid : 0 - time * price);
  answer(block, row, 8, spot ? 0 - time * received : 0);
  answer(block, row, 11, price > 0 ? (delta * underlying) / price : call ? Infinity : -Infinity);
}

function secondOrder(block: Float64Array, row: number, vol: number): void {
  const { above, rootTime, underlying, s } = terms;
  const { density } = chances;
  const { u, v } = normal;
  const some = density > 0;
  const perUnit = some ? density / underlying : 0;
  const d2 = above ? u : 0 - v;
  answer(block, row, 3, perUnit > 0 ? perUnit / (underlying * s) : 0);
  // At vol 0 a density is left at the money only, where d2 / vol is -sqrt(t) / 2 and d1 d2 / vol is 0.
  answer(block, row, 9, some ? 0 - perUnit * (vol > 0 ? d2 / vol : rootTime * -0.5) : 0);
  answer(block, row, 10, some && vol > 0 ? (density * rootTime * (u * v)) / vol : 0);
}
