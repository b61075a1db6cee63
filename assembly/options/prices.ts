// Prices of a block of options: calls and puts, and digital ones. Same bits: bindings/reference/options/prices.ts.

import { ANSWERS, get, INPUT_VOL, put, STATUS_COLUMN } from './layout';
import { d1, d2, notD1, notD2, outsideValue, ownValue, weigh } from './probabilities';
import { call, discount, forward, good, readTerms, readVol, status } from './terms';

/** Price of each row; NaN where the row is invalid. */
export function optionPrices(block: usize, form: i32, count: u32): void {
  const end = block + ((<usize>count) << 3);
  for (let rows = block; rows < end; rows += 16) {
    readTerms(rows, form);
    readVol(get(rows, INPUT_VOL));
    put(rows, ANSWERS, v128.bitselect(ownValue(outsideValue()), f64x2.splat(NaN), good));
    put(rows, STATUS_COLUMN, status);
  }
}

/** Value of 1 of cash, and of the underlying, paid where the option ends in the money. */
export function digitalPrices(block: usize, form: i32, count: u32): void {
  const end = block + ((<usize>count) << 3);
  const none = f64x2.splat(NaN);
  for (let rows = block; rows < end; rows += 16) {
    readTerms(rows, form);
    readVol(get(rows, INPUT_VOL));
    weigh();
    put(rows, ANSWERS, v128.bitselect(f64x2.mul(discount, v128.bitselect(d2, notD2, call)), none, good));
    put(rows, ANSWERS + 1, v128.bitselect(f64x2.mul(forward, v128.bitselect(d1, notD1, call)), none, good));
    put(rows, STATUS_COLUMN, status);
  }
}
