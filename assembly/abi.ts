// The ABI: header words, slots of the derived rows, bits and codes. The numbers are those of bindings/layout.ts and
// bindings/reference/lanes.ts; tests/abi.test.ts compares them by name.

// Row counts, in header words.
export const COUNT_HOUSE: i32 = 0;
export const COUNT_ASSET: i32 = 1;
export const COUNT_TIER: i32 = 2;
export const COUNT_MARKET: i32 = 3;
export const COUNT_LINE: i32 = 4;
export const COUNT_BUCKET: i32 = 5;
export const COUNT_ACCOUNT: i32 = 6;
export const COUNT_UNIT: i32 = 7;
export const COUNT_BALANCE: i32 = 8;
export const COUNT_POSITION: i32 = 9;
export const COUNT_ORDER: i32 = 10;
export const COUNT_SCRATCH: i32 = 11;
export const COUNT_RAY: i32 = 12;
export const COUNT_PRICE: i32 = 13;

// Column pointers, in header words.
export const HOUSE_RULE: i32 = 14;
export const HOUSE_FEATURES: i32 = 15;
export const HOUSE_LIQUIDATABLE: i32 = 16;
export const HOUSE_WRITTEN: i32 = 17;
export const HOUSE_TOTALS: i32 = 18;
export const HOUSE_ANSWER: i32 = 19;
export const ASSET_PRICE: i32 = 20;
export const ASSET_TWAP: i32 = 21;
export const ASSET_STABLE: i32 = 22;
export const ASSET_GUARD: i32 = 23;
export const ASSET_CONFIDENCE: i32 = 24;
export const ASSET_CONFIDENCE_THRESHOLD: i32 = 25;
export const ASSET_CONFIDENCE_FACTOR: i32 = 26;
export const ASSET_TIER_START: i32 = 27;
export const ASSET_TIER_COUNT: i32 = 28;
export const ASSET_DEBT_START: i32 = 29;
export const ASSET_DEBT_COUNT: i32 = 30;
export const ASSET_CAP: i32 = 31;
export const ASSET_CURVE_KIND: i32 = 32;
export const ASSET_CURVE_FACTOR: i32 = 33;
export const ASSET_CURVE_NUMERATOR: i32 = 34;
export const ASSET_CURVE_EXPONENT: i32 = 35;
export const ASSET_CURVE_DEBT_BASE: i32 = 36;
export const ASSET_DEPOSITS: i32 = 37;
export const ASSET_DEPOSIT_SCALE_START: i32 = 38;
export const ASSET_BORROWS: i32 = 39;
export const ASSET_BORROW_SCALE_START: i32 = 40;
export const ASSET_DEPOSIT_INDEX: i32 = 41;
export const ASSET_BORROW_INDEX: i32 = 42;
export const ASSET_RATE_FLOOR: i32 = 43;
export const ASSET_DECIMALS: i32 = 44;
export const ASSET_UNDERLYING: i32 = 45;
export const ASSET_SHIFT: i32 = 46;
export const ASSET_VALUE: i32 = 47;
export const TIER_UP_TO: i32 = 48;
export const TIER_WEIGHT: i32 = 49;
export const TIER_OFFSET: i32 = 50;
export const MARKET_KIND: i32 = 51;
export const MARKET_UNDERLYING: i32 = 52;
export const MARKET_BETA: i32 = 53;
export const MARKET_BASE: i32 = 54;
export const MARKET_QUOTE: i32 = 55;
export const MARKET_SETTLE: i32 = 56;
export const MARKET_MULTIPLIER: i32 = 57;
export const MARKET_TICK: i32 = 58;
export const MARKET_LOT: i32 = 59;
export const MARKET_MIN_NOTIONAL: i32 = 60;
export const MARKET_MAX_SIZE: i32 = 61;
export const MARKET_MARK: i32 = 62;
export const MARKET_INDEX: i32 = 63;
export const MARKET_TWAP: i32 = 64;
export const MARKET_STABLE: i32 = 65;
export const MARKET_GUARD: i32 = 66;
export const MARKET_CONFIDENCE: i32 = 67;
export const MARKET_CONFIDENCE_THRESHOLD: i32 = 68;
export const MARKET_CONFIDENCE_FACTOR: i32 = 69;
export const MARKET_LINE_START: i32 = 70;
export const MARKET_LINE_COUNT: i32 = 71;
export const MARKET_SHORT_START: i32 = 72;
export const MARKET_SHORT_COUNT: i32 = 73;
export const MARKET_FORM: i32 = 74;
export const MARKET_BASIS: i32 = 75;
export const MARKET_UNIT: i32 = 76;
export const MARKET_CURVE_KIND: i32 = 77;
export const MARKET_CURVE_OF: i32 = 78;
export const MARKET_CURVE_BASE: i32 = 79;
export const MARKET_CURVE_EXPONENT: i32 = 80;
export const MARKET_CURVE_FACTOR: i32 = 81;
export const MARKET_OPEN_INTEREST: i32 = 82;
export const MARKET_OPEN_INTEREST_LOWER: i32 = 83;
export const MARKET_OPEN_INTEREST_UPPER: i32 = 84;
export const MARKET_PNL_WEIGHT: i32 = 85;
export const MARKET_PNL_CAP: i32 = 86;
export const MARKET_PNL_CURVE: i32 = 87;
export const MARKET_PNL_MODE: i32 = 88;
export const MARKET_SPOT_ORDERS: i32 = 89;
export const MARKET_ROUNDING: i32 = 90;
export const MARKET_MAINTENANCE_FRACTION: i32 = 91;
export const MARKET_ORDER_LOSS: i32 = 92;
export const MARKET_ORDER_MARGIN: i32 = 93;
export const MARKET_CLOSING_FEE: i32 = 94;
export const MARKET_TAKER_FEE: i32 = 95;
export const MARKET_MAKER_FEE: i32 = 96;
export const MARKET_LIQUIDATION_FEE: i32 = 97;
export const MARKET_FUNDING_INDEX: i32 = 98;
export const MARKET_SHIFT: i32 = 99;
export const MARKET_DRIFT: i32 = 100;
export const MARKET_CLOSED: i32 = 101;
export const MARKET_VALUE: i32 = 102;
export const MARKET_SIDED: i32 = 103;
export const MARKET_PLAIN: i32 = 104;
export const MARKET_PPM: i32 = 105;
export const MARKET_WINDOW: i32 = 106;
export const LINE_UP_TO: i32 = 107;
export const LINE_RATE: i32 = 108;
export const LINE_DEDUCTION: i32 = 109;
export const LINE_ABOVE: i32 = 110;
export const LINE_LONG_PAIR: i32 = 111;
export const LINE_LONG_END: i32 = 112;
export const LINE_SHORT_PAIR: i32 = 113;
export const LINE_SHORT_END: i32 = 114;
export const LINE_ROOT: i32 = 115;
export const BUCKET_FIRST: i32 = 116;
export const ACCOUNT_FIRST_UNIT: i32 = 117;
export const UNIT_ACCOUNT: i32 = 118;
export const UNIT_BUCKET: i32 = 119;
export const UNIT_NEXT: i32 = 120;
export const UNIT_MULTIPLIER: i32 = 121;
export const UNIT_BUFFER: i32 = 122;
export const UNIT_RATE_FLOOR: i32 = 123;
export const UNIT_BALANCE_START: i32 = 124;
export const UNIT_BALANCE_COUNT: i32 = 125;
export const UNIT_BALANCE_ROOM: i32 = 126;
export const UNIT_POSITION_START: i32 = 127;
export const UNIT_POSITION_COUNT: i32 = 128;
export const UNIT_POSITION_ROOM: i32 = 129;
export const UNIT_EQUITY: i32 = 130;
export const UNIT_INITIAL_COLLATERAL: i32 = 131;
export const UNIT_COLLATERAL: i32 = 132;
export const UNIT_END_COLLATERAL: i32 = 133;
export const UNIT_INITIAL_MARGIN: i32 = 134;
export const UNIT_MAINTENANCE_MARGIN: i32 = 135;
export const UNIT_END_MARGIN: i32 = 136;
export const UNIT_NOTIONAL: i32 = 137;
export const UNIT_STATUS: i32 = 138;
export const UNIT_LIST: i32 = 139;
export const BALANCE_ASSET: i32 = 140;
export const BALANCE_POSITIONS: i32 = 141;
export const BALANCE_AMOUNT: i32 = 142;
export const BALANCE_RESERVED: i32 = 143;
export const POSITION_KEY: i32 = 144;
export const POSITION_ORDER: i32 = 145;
export const POSITION_SIZE: i32 = 146;
export const POSITION_COST: i32 = 147;
export const POSITION_FUNDING: i32 = 148;
export const POSITION_OWN_RATE: i32 = 149;
export const ORDER_BID_SIZE: i32 = 150;
export const ORDER_BID_NOTIONAL: i32 = 151;
export const ORDER_BID_WORST: i32 = 152;
export const ORDER_ASK_SIZE: i32 = 153;
export const ORDER_ASK_NOTIONAL: i32 = 154;
export const ORDER_ASK_WORST: i32 = 155;
export const ORDER_COUNT: i32 = 156;
export const SCRATCH_HELD: i32 = 157;
export const RAY_ROW: i32 = 158;
export const RAY_SHIFT: i32 = 159;
export const RAY_PRICE: i32 = 160;
export const PRICE_DOWN: i32 = 161;
export const PRICE_UP: i32 = 162;
export const PRICE_CODE: i32 = 163;
export const HEADER_WORDS: i32 = 164;

// Written where a link points to nothing, or where there is no limit.
export const NONE: u32 = 0xffffffff;
export const NO_LIMIT: f64 = 1e300;

// Widths of the derived rows, in bytes.
export const ASSET_ROW: usize = 32 << 3;
export const SIDE_ROW: usize = 56 << 3;
export const PLAIN_ROW: usize = 8 << 3;
export const PPM_ROW: usize = 5 << 3;
export const SCRATCH_ROW: usize = 8 << 3;
/** Sums of what could arrive in an asset stand behind the four lanes of what is held. */
export const SCRATCH_ARRIVING: usize = 4 << 3;

// Slots of an asset's row, in bytes: four lanes each, the last four one number each.
export const ASSET_LOW: usize = 0 << 3;
export const ASSET_HIGH: usize = 4 << 3;
export const ASSET_DEPOSIT_SCALE: usize = 8 << 3;
export const ASSET_BORROW_SCALE: usize = 12 << 3;
export const ASSET_PENALTY: usize = 16 << 3;
export const ASSET_FACTOR: usize = 20 << 3;
export const ASSET_CAPPED: usize = 24 << 3;
export const ASSET_NUMERATOR: usize = 28 << 3;
export const ASSET_EXPONENT: usize = 29 << 3;
export const ASSET_DEBT_BASE: usize = 30 << 3;
export const ASSET_FLAGS: usize = 31 << 3;

/** Flags are kept as 2^52 + bits, whose low word is the bits themselves: read them as i32. */
export const FLAG_BASE: f64 = 4503599627370496;

// Bits of an asset's flags; the first two are its curve kind.
export const ASSET_FLAG_CURVE: i32 = 3;
export const ASSET_FLAG_PLAIN: i32 = 4;
export const ASSET_FLAG_RATE_FLOOR: i32 = 8;

// Slots of one side of a market, in bytes: one number each, or two lanes, of which the other two stand SIDE_END further on.
export const SIDE_END: usize = 24 << 3;
export const SIDE_PNL: usize = 0 << 3;
export const SIDE_NOTIONAL: usize = 2 << 3;
export const SIDE_WORTH: usize = 4 << 3;
export const SIDE_FLAT: usize = 6 << 3;
export const SIDE_PNL_WEIGHT: usize = 8 << 3;
export const SIDE_PNL_CAP: usize = 10 << 3;
export const SIDE_FLAGS: usize = 12 << 3;
export const SIDE_FUNDING: usize = 13 << 3;
export const SIDE_OPEN_INTEREST: usize = 14 << 3;
export const SIDE_VALUE: usize = 15 << 3;
export const SIDE_CURVE_FACTOR: usize = 16 << 3;
export const SIDE_ENTRY: usize = 18 << 3;
export const SIDE_PNL_CURVE: usize = 20 << 3;
export const SIDE_CURVE_BASE: usize = 21 << 3;
export const SIDE_CURVE_UNIT: usize = 22 << 3;
export const SIDE_CURVE_KIND: usize = 23 << 3;
export const SIDE_CURVE_EXPONENT: usize = 36 << 3;
export const SIDE_LINE_START: usize = 37 << 3;
export const SIDE_LINE_COUNT: usize = 38 << 3;
export const SIDE_ORDER_UNIT: usize = 39 << 3;
export const SIDE_ORDER_MARGIN: usize = 44 << 3;

// Bits of a side's flags.
export const FLAG_SEPARATE: i32 = 1;
export const FLAG_NET: i32 = 2;
export const FLAG_SPOT_FILL: i32 = 4;
export const FLAG_SPOT_RESERVE: i32 = 8;
export const FLAG_WEIGHTED: i32 = 16;
export const FLAG_ENTRY: i32 = 32;
export const FLAG_WHOLE: i32 = 64;
export const FLAG_SAME_END: i32 = 128;
export const FLAG_CURVE: i32 = 256;
export const FLAG_WHOLE_UNITS: i32 = 512;
export const FLAG_WINDOW: i32 = 1024;
export const FLAG_FULL_PROFIT: i32 = 2048;
export const FLAG_ORDINARY: i32 = 4096;
export const FLAG_PNL_CURVE: i32 = 8192;
/** From this bit on the three bits of `form`. */
export const FLAG_FORM_SHIFT: i32 = 16;

// Slots of house.answer, in bytes, and how many visited points fit.
export const ANSWER_ILL: usize = 0 << 3;
export const ANSWER_WELL: usize = 1 << 3;
export const ANSWER_ILL_HEALTH: usize = 2 << 3;
export const ANSWER_WELL_HEALTH: usize = 3 << 3;
export const ANSWER_ITERATIONS: usize = 4 << 3;
export const ANSWER_EVALUATIONS: usize = 5 << 3;
export const ANSWER_LOW: usize = 6 << 3;
export const ANSWER_HIGH: usize = 7 << 3;
export const ANSWER_VISITS: usize = 8 << 3;
export const ANSWER_VISIT: usize = 9 << 3;
export const ANSWER_GRAIN: usize = 31 << 3;
export const ANSWER_COLLATERAL: usize = 32 << 3;
export const ANSWER_REQUIREMENT: usize = 33 << 3;
export const ANSWER_BEFORE: usize = 34 << 3;
export const ANSWER_AFTER: usize = 40 << 3;
export const MOST_VISITS: i32 = 11;

// Bits of how a root was found.
export const ROOT_NONE: i32 = 1;
export const ROOT_LIQUIDATABLE: i32 = 2;
export const ROOT_BRACKETED: i32 = 4;
export const ROOT_CLOSED: i32 = 8;
export const ROOT_CAPPED: i32 = 16;

// Shapes of health in a size.
export const SHAPE_CONCAVE: i32 = 0;
export const SHAPE_MONOTONE: i32 = 1;
export const SHAPE_ANY: i32 = 2;

// Slots of a market's rates in millionths, in bytes.
export const PPM_INITIAL: usize = 0 << 3;
export const PPM_MAINTENANCE: usize = 1 << 3;
export const PPM_BASE: usize = 2 << 3;
export const PPM_FRACTION: usize = 3 << 3;
export const PPM_DOUBT: usize = 4 << 3;

// Slots of a market's plain row, in bytes: profit and value per contract, rates (initial, maintenance), table notional.
export const PLAIN_PNL: usize = 0 << 3;
export const PLAIN_VALUE: usize = 1 << 3;
export const PLAIN_RATE: usize = 2 << 3;
export const PLAIN_NOTIONAL: usize = 4 << 3;

// Slots of a market's window, in bytes: where bucket rows start, number of the first bucket and of the last, lines.
export const WINDOW_ROW: usize = 8 << 2;
export const WINDOW_BUCKET: usize = 0 << 2;
export const WINDOW_LOW: usize = 1 << 2;
export const WINDOW_LAST: usize = 2 << 2;
export const WINDOW_LINE: usize = 3 << 2;
export const WINDOW_LAST_LINE: usize = 4 << 2;
export const WINDOW_FITS: usize = 5 << 2;
/** A bucket of notionals is an eighth of an octave: exponent and three bits of mantissa. */
export const BUCKET_SHIFT: i64 = 49;

// Codes.
export const KIND_LINEAR: u32 = 0;
export const KIND_INVERSE: u32 = 1;
export const KIND_QUANTO: u32 = 2;
export const KIND_PREDICTION: u32 = 3;
export const KIND_SPOT: u32 = 4;
export const PNL_SEPARATE: u32 = 1;
export const PNL_NET: u32 = 2;
export const CURVE_SQRT: i32 = 1;
export const CURVE_POWER: i32 = 2;
export const BASIS_CONTRACTS: u32 = 1;
export const BASIS_ENTRY: u32 = 2;
export const UNIT_QUOTE: u32 = 1;
export const UNIT_NUMERAIRE: u32 = 2;
export const ROUNDING_EXACT: u32 = 0;
export const ROUNDING_CEIL: u32 = 1;
export const INEXACT: u32 = 4;
export const FEATURE_BRACKETS: u32 = 1;
export const FEATURE_FUNDING: u32 = 2;
export const FEATURE_FULL: u32 = 4;
export const FEATURE_WALK: u32 = 8;
export const FEATURE_RESERVE: u32 = 16;
export const WRITTEN_COLLATERAL: u32 = 1;
export const WRITTEN_END: u32 = 2;
