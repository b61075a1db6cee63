// Prices of a block of options: calls and puts, and digital ones. Same bits: assembly/options/prices.ts.
import { ANSWERS, INPUT, ROWS, STATUS_COLUMN } from '../../options/layout.js';
import { chances, outsideValue, ownValue, weigh } from './probabilities.js';
import { readTerms, readVol, terms } from './terms.js';

/** Price of each row; NaN where the row is invalid. */
export function optionPrices(block: Float64Array, form: number, rows: number): void {
  for (let row = 0; row < rows; row++) {
    const good = readTerms(block, form, row) && readVol(block[INPUT.vol * ROWS + row]!);
    block[ANSWERS * ROWS + row] = good ? ownValue(outsideValue()) : NaN;
    block[STATUS_COLUMN * ROWS + row] = terms.status;
  }
}

/** Value of 1 of cash, and of the underlying, paid where the option ends in the money. */
export function digitalPrices(block: Float64Array, form: number, rows: number): void {
  for (let row = 0; row < rows; row++) {
    const good = readTerms(block, form, row) && readVol(block[INPUT.vol * ROWS + row]!);
    if (good) weigh();
    block[ANSWERS * ROWS + row] = good ? terms.discount * (terms.call ? chances.d2 : chances.notD2) : NaN;
    block[(ANSWERS + 1) * ROWS + row] = good ? terms.forward * (terms.call ? chances.d1 : chances.notD1) : NaN;
    block[STATUS_COLUMN * ROWS + row] = terms.status;
  }
}
