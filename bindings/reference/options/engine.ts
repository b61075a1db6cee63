// The options engine in plain TypeScript: the oracle of the kernel, and its stand-in where there is no WebAssembly.
import type { Form, OptionEngine } from '../../options/engine.js';
import { COLUMNS, ROWS } from '../../options/layout.js';
import { optionGreeks } from './greeks.js';
import { impliedVols } from './implied-vol.js';
import { digitalPrices, optionPrices } from './prices.js';

export function referenceOptions(): OptionEngine {
  const block = new Float64Array(ROWS * COLUMNS);
  return {
    block,
    prices: (form: Form, rows: number): void => optionPrices(block, form, rows),
    digitals: (form: Form, rows: number): void => digitalPrices(block, form, rows),
    greeks: (form: Form, rows: number): void => optionGreeks(block, form, rows),
    vols: (form: Form, rows: number): void => impliedVols(block, form, rows),
  };
}
