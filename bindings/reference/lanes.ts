// Lanes of every margin quantity and the slots of the derived rows. One order everywhere: initial, maintenance,
// liquidation end, plain (equity: weight 1, unguarded price). assembly/abi.ts repeats these numbers.

export const LANES = 4;
/** Lane of equity. */
export const PLAIN = 3;

/** Slots (f64) of a row of `asset.value`; four-lane vectors unless said otherwise. */
export const ASSET = {
  low: 0,
  high: 4,
  depositScale: 8,
  borrowScale: 12,
  penalty: 16,
  curveFactor: 20,
  cap: 24,
  numerator: 28, // scalar, as are the following
  exponent: 29,
  debtBase: 30,
  flags: 31, // ASSET_FLAG bits
} as const;

/** Bits of `flags` of an asset; the first two are its curve kind. */
export const ASSET_FLAG = { curve: 3, plain: 4, rateFloor: 8 } as const;

/**
 * Slots (f64) of one side of a row of `market.value`: single numbers, and two lanes whose other two stand SIDE_END further on
 * (`sideSlot`). So what every position needs stands in the first two cache lines of eight slots.
 */
export const SIDEVALUE = {
  pnl: 0, // profit in settle units per contract, four lanes
  notional: 2, // table units per contract (per unit of entry notional, where the table goes by that), four lanes; the last: numeraire
  worth: 4, // the same in numeraire; of one settle unit, where the market counts in whole units; four lanes
  flat: 6, // requirement per contract beside the table, four lanes
  pnlWeight: 8, // four lanes
  pnlCap: 10, // four lanes
  flags: 12, // FLAG bits
  funding: 13,
  openInterest: 14, // initial rate floor
  value: 15, // numeraire per contract, as the last lane of notional
  curveFactor: 16, // four lanes
  entry: 18, // 1 where the table goes by entry notional, four lanes
  pnlCurve: 20,
  curveBase: 21,
  curveUnit: 22, // size of the curve's argument per contract
  curveKind: 23,
  curveExponent: 36,
  lineStart: 37,
  lineCount: 38,
  orderUnit: 39, // settle units per quote notional of an order; 0: fills at the mark
  orderMargin: 44,
} as const;

/** Slots between the lanes initial and maintenance and the lanes liquidation end and plain. */
export const SIDE_END = 24;
/** Slot of a lane of a four-lane value of a side. */
export const sideSlot = (slot: number, lane: number): number => slot + (lane & 1) + (lane >> 1) * SIDE_END;

/** Bits of `flags` of a side: what its rows need beside profit and table. */
export const FLAG = {
  separate: 1,
  net: 2,
  spotFill: 4,
  spotReserve: 8,
  /** Positive PnL is weighted, capped or curved. */
  weighted: 16,
  /** Some level's table goes by entry notional. */
  entry: 32,
  /** Some table of more than one line is of whole form. */
  whole: 64,
  /** The requirement at liquidation end is the maintenance requirement. */
  sameEnd: 128,
  curve: 256,
  /** Notional and requirement are rounded to whole units of the settle asset. */
  wholeUnits: 512,
  /** A window of the table holds the line that binds, at every level. */
  window: 1024,
  /** Profit counts in full at maintenance and liquidation end, at the price of equity. */
  fullProfit: 2048,
  /** Rows without orders go the short way (assembly/margin/rows.ts). */
  ordinary: 4096,
  /** The initial weight of positive PnL falls with its size. */
  pnlCurve: 8192,
} as const;

/** From this bit on, flags hold the three bits of `market.form`. */
export const FLAG_FORM_SHIFT = 16;

/** Slots of a row of `market.ppm`. */
export const PPM = { initial: 0, maintenance: 1, base: 2, fraction: 3, doubt: 4 } as const;

/** Slots (f64) of a row of `market.plain`: per contract in numeraire, the notional in table units; the rate's lanes are initial, maintenance. */
export const PLAINVALUE = { pnl: 0, value: 1, rate: 2, notional: 4 } as const;

/** Slots (u32) of a row of `market.window`; see book/tables.ts. */
export const WINDOW = { bucket: 0, low: 1, last: 2, line: 3, lastLine: 4, fits: 5 } as const;
/** Lines that a window evaluates. */
export const WINDOW_LINES = 2;
/** A bucket of notionals is an eighth of an octave: exponent and three bits of mantissa, `bits >>> 49`. */
export const BUCKET_SHIFT = 49;

/** Flags are kept as 2^52 + bits: the low word of such a double is the bits themselves, so the kernel need not convert. */
export const FLAG_BASE = 4503599627370496;

/** Outcomes of orders that differ by less than this share of what they sum are a tie: venues decide in whole numbers. */
export const TIE = 1 / 70368744177664;

/** Larger of two, the first if equal: the same on every engine, also for zeros of either sign (f64x2.pmax). */
export const larger = (a: number, b: number): number => (a < b ? b : a);
/** Smaller of two, the first if equal (f64x2.pmin). */
export const smaller = (a: number, b: number): number => (b < a ? b : a);

/** Slots of `house.answer`: what a question along a ray came to. */
export const ANSWER = {
  /** Where the unit is liquidatable first, and its neighbour where it is not yet; or the other way round, for ROOT.liquidatable. */
  ill: 0,
  well: 1,
  illHealth: 2,
  wellHealth: 3,
  /** Newton steps, and how often the unit was margined. */
  iterations: 4,
  evaluations: 5,
  /** The last points of the ray that may be asked for. */
  low: 6,
  high: 7,
  /** Points that a bracketed search kept, x and health each. */
  visits: 8,
  visit: 9,
  /** How far rounding to whole units may move health. */
  grain: 31,
  /** Of the last size that was asked for. */
  collateral: 32,
  requirement: 33,
  /** Risk before and after a trade, RISK slots each. */
  before: 34,
  after: 40,
} as const;
/** Risk of a unit in an answer. */
export const RISK = {
  equity: 0,
  initialCollateral: 1,
  initialMargin: 2,
  collateral: 3,
  maintenanceMargin: 4,
  notional: 5,
} as const;
/** Points that fit. */
export const MOST_VISITS = 11;

/** Shapes of health in a size: concave; only falling or only rising, perhaps in jumps; unknown. */
export const SHAPE = { concave: 0, monotone: 1, any: 2 } as const;

/** Bits of how a root was found. 0: by Newton's steps on concave health. */
export const ROOT = {
  /** No root up to the end of the ray. */
  none: 1,
  /** The unit is liquidatable where the ray starts: the root, if any, is where it ceases to be. */
  liquidatable: 2,
  /** Health is not concave along the ray: found on a grid, then bracketed. */
  bracketed: 4,
  /** By the closed form over the lines of a table. */
  closed: 8,
  /** Stopped by the cap on steps; the bracket stands, the neighbours are found by bisection. */
  capped: 16,
} as const;
