// The questions that options are asked.
import type { Question } from './ask.js';
import { DIGITAL_COLUMNS, GREEK_COLUMNS, PRICE_COLUMNS, VOL_COLUMNS } from './layout.js';

type Names<Columns extends readonly string[]> = Columns[number];

export const PRICES: Question<Names<typeof PRICE_COLUMNS>> = {
  ask: 'prices',
  measure: 'vol',
  names: PRICE_COLUMNS,
  needed: ['price'],
};
export const DIGITALS: Question<Names<typeof DIGITAL_COLUMNS>> = {
  ask: 'digitals',
  measure: 'vol',
  names: DIGITAL_COLUMNS,
  needed: [],
};
export const GREEKS: Question<Names<typeof GREEK_COLUMNS>> = {
  ask: 'greeks',
  measure: 'vol',
  names: GREEK_COLUMNS,
  needed: [],
};
export const VOLS: Question<Names<typeof VOL_COLUMNS>> = {
  ask: 'vols',
  measure: 'price',
  names: VOL_COLUMNS,
  needed: ['vol'],
};
