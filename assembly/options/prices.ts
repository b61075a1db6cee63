// Prices of a block of options: calls and puts, and digital ones. Same bits: bindings/reference/options/prices.ts.

import { ANSWERS, get, INPUT_VOL, put, STATUS_COLUMN } from './layout';
import { d1, d2, notD1, notD2, outsideValue, ownValue, weigh } from './probabilities';
import { call, discount, forward, readTerms, readVol, status } from './terms';

/** Price of each row; NaN where the row is invalid. */
export function optionPrices(block: usize, form: i32, rows: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    const row = block + ((<usize>i) << 3);
    const good = readTerms(row, form) && readVol(get(row, INPUT_VOL));
    put(row, ANSWERS, good ? ownValue(outsideValue()) : NaN);
    put(row, STATUS_COLUMN, <f64>status);
  }
}

/** Value of 1 of cash, and of the underlying, paid where the option ends in the money. */
export function digitalPrices(block: usize, form: i32, rows: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    const row = block + ((<usize>i) << 3);
    const good = readTerms(row, form) && readVol(get(row, INPUT_VOL));
    if (good) weigh();
    put(row, ANSWERS, good ? discount * (call ? d2 : notD2) : NaN);
    put(row, ANSWERS + 1, good ? forward * (call ? d1 : notD1) : NaN);
    put(row, STATUS_COLUMN, <f64>status);
  }
}
