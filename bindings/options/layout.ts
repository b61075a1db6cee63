// The block that options are computed in: columns of ROWS doubles, one behind the other, the same for the kernel and the
// reference. assembly/options/layout.ts repeats these numbers.
import type { Greek } from './types.js';

/** Rows of a block: its columns stay in the nearest cache. */
export const ROWS = 128;
export const COLUMNS = 20;

/** What the underlying is: a forward or future with a discount factor, or a spot price with a rate and a yield. */
export const FORM = { forward: 0, spot: 1 } as const;

export const INPUT = {
  type: 0, // 1 call, -1 put
  underlying: 1,
  strike: 2,
  vol: 3, // the price, where the vol is asked for
  time: 4,
  discount: 5, // the rate, in the spot form
  dividendYield: 6,
} as const;

export const STATUS_COLUMN = 7;
/** First column of answers. */
export const ANSWERS = 8;

export const PRICE_COLUMNS = ['price'] as const;
export const DIGITAL_COLUMNS = ['cash', 'asset'] as const;
export const VOL_COLUMNS = ['vol', 'condition'] as const;
export const GREEK_COLUMNS = [
  'price',
  'delta',
  'forwardDelta',
  'gamma',
  'vega',
  'theta',
  'thetaPerDay',
  'rho',
  'dividendRho',
  'vanna',
  'volga',
  'elasticity',
] as const satisfies readonly Greek[];

/** Codes of the status column. */
export const STATUS = { ok: 0, belowIntrinsic: 1, aboveMaximum: 2, expired: 3, invalid: 4 } as const;
