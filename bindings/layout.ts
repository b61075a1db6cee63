// The one table of the packed book: sections of rows, columns of a section, in the order in which the kernel's header lists
// them. assembly/abi.ts repeats the numbers (a test compares); docs, codec and checks read this table, docs with its comments.

/** Component types: 8, 4 and 1 bytes. */
export type ColumnType = 'f64' | 'u32' | 'u8';

export interface Column {
  readonly type: ColumnType;
  /** Components a row, lanes in the order initial, maintenance, liquidation end, plain (equity). */
  readonly width: number;
  /** input: part of the book. derived: computed from it by the kernel or the door. result: answer of the margin scan. */
  readonly role: 'input' | 'derived' | 'result';
}

const column =
  <T extends ColumnType>(type: T, role: Column['role']) =>
  (width = 1): Column & { readonly type: T } => ({ type, width, role });
const f64 = column('f64', 'input');
const u32 = column('u32', 'input');
const derived = column('f64', 'derived');
const derivedIndex = column('u32', 'derived');
const derivedByte = column('u8', 'derived');
const result = column('f64', 'result');
const resultIndex = column('u32', 'result');

/** f64 slots of a row of `asset.value`; see reference/lanes.ts. */
export const ASSET_VALUE_WIDTH = 32;
/** f64 slots of one side (long, short) of a row of `market.value`. */
export const SIDE_VALUE_WIDTH = 56;
/** f64 slots of a row of `market.plain`, one cache line. */
export const PLAIN_VALUE_WIDTH = 8;
/** f64 slots of a row of `market.ppm`. */
export const PPM_WIDTH = 5;
/** u32 slots of a row of `market.window`. */
export const WINDOW_WIDTH = 8;
/** f64 slots of the scratch row of a balance while a unit's reserved spot orders are weighed. */
export const SCRATCH_WIDTH = 8;
/** f64 slots of `house.answer`. */
export const ANSWER_WIDTH = 48;

/** f64 slots of a row of `move.terms` and of `node.terms`. */
export const MOVE_WIDTH = 10;
export const NODE_WIDTH = 12;
/** Slots of `node.terms` that may be multiples of a parameter: the first ones. */
export const NODE_NAMED = 4;

/** Columns of `work.column`, each as long as a risk array. */
export const WORK = {
  forward: 0,
  log: 1,
  logRest: 2,
  sd: 3,
  price: 4,
  times: 5,
  plus: 6,
  least: 7,
  discount: 8,
  rootTime: 9,
  spot: 10,
} as const;
export const WORK_WIDTH = 11;

/** Columns of `quote.column`, each as long as a row of gains. */
export const QUOTE = { forward: 0, log: 1, logRest: 2, sd: 3, price: 4 } as const;
export const QUOTE_WIDTH = 5;

/** Slots of `measure.term`: what is asked of tails of gains. */
export const MEASURE = {
  scenarios: 0,
  width: 1, // numbers of a row of gains: the scenarios, the base case, padded
  keep: 2, // largest losses that are kept; where scenarios have weights, the most that can be needed
  rank: 3, // value at risk: loss[rank] + share (loss[rank + 1] - loss[rank]), the largest loss first
  share: 4,
  tail: 5, // (1 - confidence) times the scenarios; with weights 1 - confidence
  whole: 6, // its whole part, and the rest
  rest: 7,
  shortfall: 8, // SHORTFALL codes
  excelRank: 9, // of the quantile of type 7 that SHORTFALL.beyondType7 goes by
  excelShare: 10,
  weighted: 11, // 1: scenarios have weights
  by: 12, // BY codes
  component: 13, // COMPONENT codes
  tails: 14, // 1: scenarios of the tails are kept
} as const;
export const MEASURE_WIDTH = 16;
/** Expected shortfall by convention; see statistics/shortfall.ts. */
export const SHORTFALL = { acerbiTasche: 0, rockafellarUryasev: 1, atOrBeyond: 2, beyond: 3, beyondType7: 4 } as const;
/** Whose tails: margin units, or accounts with all their units. */
export const BY = { unit: 0, account: 1 } as const;
/** What is taken apart: nothing, value at risk, expected shortfall. */
export const COMPONENT = { none: 0, risk: 1, shortfall: 2 } as const;
/** Scenarios that the kernel takes at once: rows of gains are padded to them. */
export const SCENARIO_BLOCK = 16;

/** Slots of `watch.term`. */
export const WATCH = {
  warning: 0, // collateral below so many times maintenance is warned; 0: never
  initial: 1, // 1: collateral below initial margin is
  backstop: 2, // collateral below so many times maintenance is taken over; 0: never
  orEqual: 3, // 1: liquidatable at health 0 too
  pops: 4, // counters: ends crossed, units margined
  margined: 5,
  waiting: 6, // units without a box
  pages: 7, // rows of `page` a heap
  most: 8, // units queued by one tick from which a rescan is cheaper
  pace: 9, // mean pace of marks
  rate: 10, // largest maintenance rate of any table
  alike: 11, // 1: of a unit with one balance, health at any price of its asset is that share of it
  deferred: 12, // units with a model whose margin was put off
} as const;
export const WATCH_WIDTH = 16;
/** Kinds of coordinates of a market and of an asset. */
export const COORDINATE = { mark: 0, twap: 1, stable: 2, index: 3, funding: 4 } as const;
export const ASSET_COORDINATE = { price: 0, twap: 1, stable: 2, deposit: 3, borrow: 4 } as const;
export const COORDINATES = 5;
/** Entries of a page of `end`. */
export const WATCH_PAGE = 512;
/** Bits of `watched.state`: zone now, zone before, waiting to be margined, has a box, its margin was put off. */
export const STATE = { zone: 3, before: 12, queued: 16, boxed: 32, deferred: 64 } as const;
/** What a call of the watch ends with: done, a gap that asks for a rescan, or a section that has no room left. */
export const WATCHED = { done: 0, gap: 1, slots: 2, ends: 3, bounds: 4 } as const;

export const layout = {
  house: {
    rule: u32(), // bit 0: liquidatable when collateral <= requirement instead of <
    features: derivedIndex(), // which parts of the model the book uses: FEATURE bits
    liquidatable: resultIndex(), // number of liquidatable units
    written: resultIndex(), // WRITTEN bits: result columns that are not copies of others
    totals: result(8), // equity, collateral, initial margin, maintenance margin, notional, deficit of the house
    answer: result(ANSWER_WIDTH), // what a question along a ray came to: ANSWER slots
    required: derived(4), // requirement of the unit that a model was asked for: initial, maintenance, liquidation end
  },
  asset: {
    price: f64(), // numeraire per unit
    twap: f64(), // guard price, numeraire; equal to price where there is none
    stable: f64(), // second guard price; equal to price where there is none
    guard: u32(), // level bits at which the guards count
    confidence: f64(), // confidence of the price, 0..1
    confidenceThreshold: f64(), // below it the penalty counts
    confidenceFactor: f64(), // penalty factor
    tierStart: u32(), // first row of the asset tiers
    tierCount: u32(), // asset tiers, at least one
    debtStart: u32(), // first row of the liability tiers
    debtCount: u32(), // liability tiers, at least one
    cap: f64(), // collateral value that counts at most; NO_LIMIT: none
    curveKind: u32(), // 0 none, 1 sqrt, 2 power
    curveFactor: f64(3), // factor by level
    curveNumerator: f64(), // numerator of the size curve
    curveExponent: f64(), // exponent of the size curve (power)
    curveDebtBase: f64(), // share of the liability weight kept under the sqrt curve
    deposits: f64(), // deposits of all accounts, amount
    depositScaleStart: f64(), // deposit value where the initial weight starts to fall; NO_LIMIT: never
    borrows: f64(), // borrows of all accounts, amount
    borrowScaleStart: f64(), // borrow value where the initial liability weight starts to rise; NO_LIMIT: never
    depositIndex: f64(), // a positive amount counts times this
    borrowIndex: f64(), // a negative amount counts times this
    rateFloor: u32(), // 1: an account's own initial rate floor limits this asset's weights
    decimals: u32(), // digits after the point in the ledger
    hedges: u32(), // asset that a balance moves with in the scenarios of a model, or NONE
    underlying: derivedIndex(), // number of the underlying that the price moves with, or NONE
    shift: derived(), // move for a move of 1 of the ray's lead; 0: stays
    value: derived(ASSET_VALUE_WIDTH), // unit values, see reference/lanes.ts
  },
  tier: {
    upTo: f64(), // value where the tier ends; NO_LIMIT: open
    weight: f64(4), // weight by level, plain lane 1
    offset: derived(4), // offset of the line by level: value * weight + offset
  },
  market: {
    kind: u32(), // 0 linear, 1 inverse, 2 quanto, 3 prediction, 4 spot, 5 call, 6 put
    underlying: u32(), // number of the underlying: markets with one number move together
    beta: f64(), // move for a move of 1 of the underlying
    base: u32(), // asset, or NONE
    quote: u32(), // asset, or NONE
    settle: u32(), // asset that PnL and requirement are paid in; base for spot
    multiplier: f64(), // units of base (quote for inverse) in a contract
    tick: f64(), // price step; 0: none
    lot: f64(), // size step; 0: none
    minNotional: f64(), // least order value in quote; 0: none
    maxSize: f64(), // largest position in contracts; NO_LIMIT: none
    mark: f64(), // mark price in quote
    index: f64(), // index price in quote
    twap: f64(), // guard price in quote; equal to mark where there is none
    stable: f64(), // second guard price; equal to mark where there is none
    guard: u32(), // level bits at which the guards count
    confidence: f64(), // confidence of the price, 0..1
    confidenceThreshold: f64(), // below it the penalty counts
    confidenceFactor: f64(), // penalty factor
    lineStart: u32(), // first row of the bracket table
    lineCount: u32(), // rows of the bracket table
    shortStart: u32(), // first row of the table for shorts
    shortCount: u32(), // rows of the table for shorts
    form: u32(), // level bits of tables of whole form
    basis: u32(), // 2 bits a level: 0 notional, 1 contracts, 2 entry
    unit: u32(), // 2 bits a level: 0 settle, 1 quote, 2 numeraire
    curveKind: u32(), // 0 none, 1 sqrt, 2 power
    curveOf: u32(), // 0 size, 1 notional
    curveBase: f64(), // share of the table requirement under the curve
    curveExponent: f64(), // exponent (power)
    curveFactor: f64(3), // factor by level
    openInterest: f64(), // contracts
    openInterestLower: f64(), // quote notional where the initial rate starts to rise; NO_LIMIT: never
    openInterestUpper: f64(), // quote notional where the initial rate is 1; NO_LIMIT: never
    pnlWeight: f64(3), // weight of positive PnL by level
    pnlCap: f64(3), // most that positive PnL counts, numeraire, by level; NO_LIMIT: none
    pnlCurve: f64(), // factor of the initial PnL weight; 0: off
    pnlMode: u32(), // 0 pooled, 1 separate, 2 net
    spotOrders: u32(), // 0 fill, 1 reserve
    rounding: u32(), // 2 bits for the notional, 2 for the requirement: 0 exact, 1 ceil, 2 floor, 3 trunc; 0: not in whole units
    maintenanceFraction: f64(), // maintenance as a share of the rounded initial requirement, whole ppm; 0: by its own rate
    orderLoss: u32(), // 1: a fill at the own price against the mark counts
    orderMargin: f64(), // requirement per open order, numeraire
    closingFee: f64(3), // rate on the notional by level
    takerFee: f64(), // rate
    makerFee: f64(), // rate
    liquidationFee: f64(), // rate
    fundingIndex: f64(), // cumulative funding per contract, settle units
    expiry: u32(), // row of its expiry, or NONE
    strike: f64(), // of an option, quote
    volatility: f64(), // of an option, per square root of a year
    valued: u32(), // 1: the mark of an option is its Black-76 value, and the column is derived
    gap: derived(), // mark less Black-76 value, which stays while prices move
    twin: derivedIndex(), // first option with the same expiry and strike
    net: derived(), // scratch: what a unit holds net at the strike of the row
    shift: derived(), // move of the mark for a move of 1 of the ray's lead; 0: stays
    drift: derived(), // growth of the funding index for a move of 1 of the ray's lead
    closed: derivedIndex(), // 1: liquidation prices have a closed form where nothing else of the unit moves; 3: nothing else ever does
    value: derived(2 * SIDE_VALUE_WIDTH), // unit values of the long and the short side, see reference/lanes.ts
    sided: derivedIndex(), // 1: the unit values of shorts differ from those of longs; 0: those of longs serve both
    plain: derived(PLAIN_VALUE_WIDTH), // unit values of the plain scan
    ppm: derived(PPM_WIDTH), // rates of a market in whole units, in millionths: initial, maintenance, base initial, maintenance fraction; 1 if the first is in doubt
    window: derivedIndex(WINDOW_WIDTH), // where the plain scan looks a notional up: first bucket, its number, last bucket, first line, last line
  },
  line: {
    upTo: f64(), // bound of the bracket in the table unit; NO_LIMIT: open
    rate: f64(3), // rate by level
    deduction: derived(3), // what keeps the marginal form continuous, table unit, by level
    above: derived(4), // the line counts where the notional is larger; -1: always
    longPair: derived(4), // per contract, numeraire: rates, then deductions of initial and maintenance
    longEnd: derived(4), // per contract, numeraire: rate and deduction of liquidation end (lane 0 of each pair)
    shortPair: derived(4), // longPair for shorts
    shortEnd: derived(4), // longEnd for shorts
    root: derived(8), // maintenance lines in pairs, every other row: deductions, 1 / (1 - rate), 1 / (1 + rate); for liquidation prices
  },
  bucket: {
    first: derivedByte(), // first line of a window, counted from the first of its table
  },
  account: {
    firstUnit: u32(), // unit of bucket 0
  },
  unit: {
    account: u32(), // account row
    bucket: u32(), // 0 cross, from 1 isolated
    next: u32(), // next unit of the account by bucket, or NONE
    multiplier: f64(), // factor on every requirement
    buffer: f64(), // added to the liquidation-end requirement, times the notional
    rateFloor: f64(), // own least initial rate
    model: u32(), // scenario model that the requirement comes from, plus 1; 0: none, the markets' own tables
    balanceStart: u32(), // first balance row
    balanceCount: u32(), // balance rows
    balanceRoom: u32(), // balance rows that fit before the unit has to move
    positionStart: u32(), // first position row
    positionCount: u32(), // position rows
    positionRoom: u32(), // position rows that fit before the unit has to move
    equity: result(), // value at weight 1, numeraire
    initialCollateral: result(), // collateral at the initial weights
    collateral: result(), // collateral at the maintenance weights
    endCollateral: result(), // collateral at the liquidation-end weights
    initialMargin: result(), // initial requirement
    maintenanceMargin: result(), // maintenance requirement
    endMargin: result(), // requirement at which a liquidation ends
    notional: result(), // sum of |position| in numeraire
    status: resultIndex(), // 0 healthy, 1 warning, 2 liquidatable, 3 bankrupt; plus 4: inexact
    list: resultIndex(), // the liquidatable units, in order
  },
  balance: {
    asset: u32(), // asset row; rows of a unit rise by asset
    positions: u32(), // positions of the unit that settle in this asset
    amount: f64(), // signed amount before the index
    reserved: f64(), // amount set aside
  },
  position: {
    key: u32(), // market * 4 + side (0 net, 1 long, 2 short); rows of a balance rise by key
    order: u32(), // row of the order aggregate plus 1; 0: none
    size: f64(), // signed contracts
    cost: f64(), // entry value: PnL = size * unit value - cost, settle units
    funding: f64(), // funding index at the last settlement
    ownRate: f64(), // own initial rate; 0: none
  },
  order: {
    bidSize: f64(), // contracts bid
    bidNotional: f64(), // sum of size * price of the bids
    bidWorst: f64(), // highest bid; 0: unknown
    askSize: f64(), // contracts asked
    askNotional: f64(), // sum of size * price of the asks
    askWorst: f64(), // lowest ask; 0: unknown
    count: u32(), // open orders
  },
  scratch: {
    held: derived(SCRATCH_WIDTH), // value lanes and reserved funds of the balance being weighed
  },
  ray: {
    row: derivedIndex(), // what moves or is valued anew along a ray: asset row * 2, market row * 2 + 1
    follow: derivedIndex(), // FOLLOW codes: what its price follows instead of the ray; from FOLLOW.index on, its index an asset
    shift: derived(), // its move for a move of 1 of the lead
    price: derived(5), // as it stood: price or mark, index, twap, stable, funding index
  },
  price: {
    down: result(), // price of the position's market at which, falling, its unit is liquidatable; 0: none
    up: result(), // the same of a rising price; Infinity: none
    code: resultIndex(), // how both were found: ROOT bits, those of up in the second byte
  },
  expiry: {
    asset: u32(), // base asset, whose price is the spot
    seconds: f64(), // time that is left
    forward: f64(), // forward price, quote
    settled: f64(), // part of the forward that averaging has fixed already, quote
    rate: f64(), // continuous rate a year
    confidence: f64(), // least confidence of forward, rate and volatilities, 0..1
    discounted: u32(), // 1: prices of its options are discounted with its rate
    carry: derived(), // what moves of the forward, by the spot
    left: derived(), // scratch: net delta of a unit in this month that no spread has taken, units of the underlying
    used: derived(), // scratch: what spreads have taken of it
  },
  model: {
    scenario: derivedIndex(), // first row of its table
    scenarios: derivedIndex(), // rows of its table
    node: derivedIndex(), // root of its requirement
    parameter: derivedIndex(), // first row of its parameters
    parameters: derivedIndex(), // parameters of an underlying
    cell: derivedIndex(), // first row of its risk arrays: markets, then assets
    width: derivedIndex(), // numbers of a risk array, padded to whole pairs
    cash: derivedIndex(), // asset that is no collateral, or NONE
    orders: derivedIndex(), // 1: the worse of all bids and all asks filled
    end: derivedIndex(), // level that a liquidation ends at: 0 initial, 1 maintenance
    published: derivedIndex(), // 1: its risk arrays are given, nothing is repriced
    named: derivedIndex(), // 1: a weight or a dampener of its scenarios is a parameter
    group: derivedIndex(), // parameter whose equal values, but for 0, put underlyings into one group, or NONE
    spread: derivedIndex(), // first row of its spreads: of months, then between underlyings
    between: derivedIndex(), // first spread between underlyings
    spreadEnd: derivedIndex(), // row behind the last
    delivery: derivedIndex(), // first row of its deliveries
    deliveryEnd: derivedIndex(), // row behind the last
    quantum: derived(), // what risk arrays are whole multiples of, numeraire; 0: not rounded
    discount: derived(6), // static discount: base, rate factor, rate addend; the same of a negative value
  },
  scenario: {
    price: derived(), // relative move of the spot, times the range
    range: derivedIndex(), // parameter that the move is a multiple of, or NONE
    move: derivedIndex(), // row of the move of volatilities, or NONE
    weight: derived(), // factor of the profit, times the parameter
    weightBy: derivedIndex(), // parameter of the underlying, or NONE
    coinWeight: derived(), // factor of the profit of what pays coin, before it is summed, times the parameter
    coinWeightBy: derivedIndex(), // parameter of the underlying, or NONE
    dampener: derived(), // what is taken off the size of an underlying's profit or loss, numeraire, times the parameter
    dampenerBy: derivedIndex(), // parameter of the underlying, or NONE
    operation: derivedIndex(), // on the value of an expiry: OPERATION codes
    seconds: derived(), // time that passes
    rate: derived(), // shift of the rate a year
    pair: derivedIndex(), // row of the same set with the same price and another volatility; itself where there is none
  },
  move: {
    kind: derivedIndex(), // MOVE codes
    range: derivedIndex(), // parameter that the move is a multiple of, or NONE
    leastBy: derivedIndex(), // parameter that the least volatility is a multiple of, or NONE
    terms: derived(MOVE_WIDTH), // numbers of the move: MOVETERM slots
  },
  node: {
    kind: derivedIndex(), // NODE codes
    end: derivedIndex(), // row behind its last descendant
    factor: derived(2), // initial, maintenance
    parameter: derivedIndex(2), // parameter that multiplies the factor, by level, or NONE
    peg: derivedIndex(), // asset that loses its peg, or NONE
    from: derivedIndex(), // first scenario of a scan, first tier of tiers
    to: derivedIndex(), // row behind its last
    of: derivedIndex(), // INSTRUMENT codes
    at: derivedIndex(), // BASE codes
    by: derivedIndex(), // of a scan, 1: each expiry on its own; of each, 1: by group of underlyings
    feed: derivedIndex(), // asset whose confidence bounds all others, or NONE
    terms: derived(NODE_WIDTH), // numbers of the node: NODETERM slots
    termBy: derivedIndex(NODE_NAMED), // parameters that the first of them are multiples of, or NONE
  },
  parameter: {
    value: derived(), // parameters of a model by underlying
  },
  spread: {
    leg: derivedIndex(), // first of its legs
    end: derivedIndex(), // row behind the last
    charge: derived(), // of one spread between months, numeraire
  },
  leg: {
    underlying: derivedIndex(), // that it is on; NONE: its months say so, or the book does not know it
    from: derivedIndex(), // first of its months
    to: derivedIndex(), // row behind the last
    side: derivedIndex(), // 0 or 1: legs of one side are long where those of the other are short
    ratio: derived(), // delta in one spread, units of the underlying
    rate: derived(), // share of the price risk of that delta that is credited
  },
  link: {
    expiry: derivedIndex(), // month of a leg
  },
  delivery: {
    expiry: derivedIndex(), // month that delivers, or NONE
    left: derived(), // rate of the net delta that no spread has taken, numeraire per unit of the underlying
    used: derived(), // rate of what spreads have taken
  },
  cell: {
    value: derived(), // risk arrays of a long contract, numeraire
  },
  tenor: {
    discount: derived(2), // static discount of an expiry by a model: of a positive and of a negative value
  },
  work: {
    column: derived(WORK_WIDTH), // scratch of risk arrays: WORK columns of a whole array each
  },
  fold: {
    sum: derived(), // scratch: sums of a unit, an array a slot; behind them gains of an underlying, of all, and weights
    slot: derivedIndex(), // scratch: slot of a group plus 1
    group: derivedIndex(), // scratch: group of a slot
    month: derivedIndex(), // scratch: expiry of a slot, of options or of futures, or NONE
    underlying: derivedIndex(), // scratch: underlying of a slot
    rank: derivedIndex(), // scratch: scenarios by their losses
    left: derived(), // scratch: net delta by underlying that no spread has taken; of a calendar by slot
    net: derived(), // scratch: net delta by underlying
    credit: derived(), // scratch: credit by underlying
  },
  mover: {
    row: derivedIndex(), // by market, then by asset: its row of gains plus 1; 0: it does not move
  },
  gain: {
    value: derived(), // gains of a long contract, or of a unit of an asset, by scenario, numeraire; a row of them behind the other
  },
  chance: {
    weight: derived(), // of a scenario, where not all weigh the same
  },
  quote: {
    column: derived(QUOTE_WIDTH), // scratch: an option by scenario: QUOTE columns of a whole row each; then the sums of a unit
  },
  measure: {
    term: derived(MEASURE_WIDTH), // what is asked of tails: MEASURE slots
  },
  holding: {
    row: derivedIndex(), // scratch: rows of gains that are held
    amount: derived(), // scratch: contracts, or units of an asset
  },
  tail: {
    gain: derived(), // scratch: the worst gains of what is held, the worst first
    scenario: derivedIndex(), // scratch: their scenarios
    weight: derived(), // scratch: their weights in the measure that is attributed
  },
  loss: {
    risk: result(), // value at risk, a loss positive, numeraire
    shortfall: result(), // expected shortfall
    total: result(), // sum of its components, where they were asked for
  },
  worst: {
    scenario: resultIndex(), // scenarios of a tail, the worst first; NONE behind the last
  },
  deficit: {
    amount: result(), // what all margin units lack in a scenario, numeraire
    units: result(), // how many of them lack anything
  },
  positionRisk: {
    component: result(), // part of a position in the measure of its unit or account
  },
  balanceRisk: {
    component: result(), // the same of a balance
  },
  watch: {
    term: derived(WATCH_WIDTH), // lines and state of the watch: WATCH slots
  },
  coordinate: {
    seen: derived(), // five of a market, then five of an asset (COORDINATE): value at the last tick
    base: derived(), // what its keys are relative to
    anchor: derived(), // value at the last rescan
    pace: derived(), // mean absolute move of a tick, as a share of the value; of funding in its own units
    table: derivedIndex(), // first row of `page` of its two heaps; NONE: nobody's box has ends here
    count: derivedIndex(2), // ends below and above
    stale: derivedIndex(), // at the first of five: 1 where unit values are older than prices
    turn: derivedIndex(), // scratch: row of `bound` plus 1 of the unit in hand
  },
  page: {
    number: derivedIndex(), // pages of `end` of a heap, plus 1; 0: none yet
  },
  end: {
    entry: derived(), // of a box: its key (f32) and its slot (u32); pages of WATCH_PAGE entries
  },
  slot: {
    unit: derivedIndex(), // margin unit
    coordinate: derivedIndex(), // coordinate that it depends on
    at: derivedIndex(2), // places of its ends in the heaps below and above, plus 1; 0: none
  },
  watched: {
    first: derivedIndex(), // by unit: first slot; without a box the next unit of its bucket plus 1
    count: derivedIndex(), // slots; without a box the bits of the move (f32) that it withstands
    state: derivedIndex(), // STATE bits
  },
  queue: {
    unit: derivedIndex(), // units to be margined, then those whose zone has changed
  },
  waiting: {
    unit: derivedIndex(), // units without a box, the most exposed first
  },
  deferred: {
    unit: derivedIndex(), // units with a model whose margin was put off
  },
  bound: {
    coordinate: derivedIndex(), // coordinate of the unit in hand
    loss: derived(2), // health that a move down and up may cost, per unit of the move
    width: derived(2), // how far the box reaches down and up
  },
} as const satisfies Record<string, Record<string, Column>>;

export type Layout = typeof layout;
export type Section = keyof Layout;
export const sections: Section[] = Object.keys(layout) as Section[];

/** Written where a link points to nothing. */
export const NONE = 0xffffffff;
/** Written where there is no limit; larger than any product of permitted inputs. */
export const NO_LIMIT = 1e300;
/** Largest magnitude of an input: products of four stay far from infinity, so no sum can become NaN. */
export const MAX_INPUT = 1e30;
/** Smallest price or multiplier that is not zero, for the same reason. */
export const MIN_INPUT = 1e-30;

/** What a row of a ray follows: the ray itself, or as an option its value. From `index` on: the ray, and its index that asset. */
export const FOLLOW = { ray: 0, value: 1, index: 2 } as const;
export const LEVEL = { initial: 0, maintenance: 1, liquidationEnd: 2 } as const;
export const KIND = { linear: 0, inverse: 1, quanto: 2, prediction: 3, spot: 4, call: 5, put: 6 } as const;
export const SIDE = { net: 0, long: 1, short: 2 } as const;
export const PNL = { pooled: 0, separate: 1, net: 2 } as const;
export const CURVE = { none: 0, sqrt: 1, power: 2 } as const;
/** What is done with the value of an expiry in a scenario before the next: nothing, a static discount, or the discounted difference as a loss. */
export const OPERATION = { none: 0, discount: 1, loss: 2 } as const;
/** How a volatility moves: by a factor, by an amount, or by moneyness. */
export const MOVE = { scale: 0, shift: 1, skew: 2 } as const;
/** Slots of `move.terms`. */
export const MOVETERM = {
  by: 0, // relative or absolute move; of a skew the part of its cap that grows with the root of time
  least: 1, // least volatility after the move
  term: 2, // seconds at which the move is as written; 0: it does not depend on time
  floor: 3, // seconds below which it grows no more
  short: 4, // exponent up to the term, and beyond it
  long: 5,
  cap: 6, // of a skew: the cap at no time, the least width, its factor, the level of volatility and its slope in the root of time
  leastWidth: 7,
  width: 8,
  symmetric: 9, // 1: by the distance from the forward alone
  level: 4,
  slope: 5,
} as const;
/** Kinds of what a requirement is made of: three that hold others, then charges. */
export const NODE = {
  sum: 0,
  max: 1,
  each: 2,
  tiers: 3,
  scan: 4,
  gross: 5,
  short: 6,
  netShort: 7,
  delta: 8,
  options: 9,
  roll: 10,
  deltaShock: 11,
  offset: 12,
  calendar: 13,
  months: 14,
  delivery: 15,
  credit: 16,
} as const;
/** How a scan picks from its losses: the largest, the k-th largest, an expected shortfall, the first whose weights reach a share. */
export const REDUCE = { worst: 0, rank: 1, shortfall: 2, aged: 3 } as const;
/** Slots of `node.terms`, by kind. */
export const NODETERM = {
  signed: 0, // scan: 1: a profit in every scenario is a negative loss
  base: 1, // scan by expiry: factor of an expiry, and what a year adds to it
  perYear: 2, // also of a roll
  gains: 3, // scan: factor of what an underlying gains, before underlyings are summed
  reduce: 4, // scan: REDUCE codes, and its numbers
  tail: 5, // rank k, or scenarios in the tail, or their share of the weights
  decay: 6, // weight of a scenario by that of the one behind it
  threshold: 0, // deltaShock: numeraire; exposures: confidence below which it counts; above 1: it does not depend on it
  slack: 1, // factor of 1 - confidence
  linked: 2, // 1: the confidence of linear markets held bounds that of options
  net: 0, // delta: rate of the net delta, and of what is hedged
  hedged: 1,
  least: 0, // roll: least rate of a month's net delta
  slope: 1, // deltaShock: rate per unit of the underlying beyond the threshold, at most `most`
  most: 2,
  rate: 0, // calendar: of the delta held against another month, a year between them
  maxSpot: 0, // options: see StandardOptionsJSON
  minSpot: 1,
  callMaintenance: 2,
  putMaintenance: 3,
  putValue: 4,
  putInitialFactor: 5,
  unpairedInitial: 6,
  unpairedMaintenance: 7,
  pegInitial: 9, // of any part: factor of what is missing to the peg, by level, and the price from which it counts
  pegMaintenance: 10,
  pegThreshold: 11,
} as const;
/** What a charge counts, and at what. */
export const INSTRUMENT = { options: 0, linear: 1, collateral: 2, calls: 3, puts: 4 } as const;
export const AT = { spot: 0, value: 1, contract: 2, unit: 3 } as const;
export const BASIS = { notional: 0, contracts: 1, entry: 2 } as const;
export const UNIT = { settle: 0, quote: 1, numeraire: 2 } as const;
/**
 * Bit beside the status: some rounded number could not be told for sure in doubles; the venue's bigint functions can.
 * @example
 * const doubtful = [...margin(book).status].some((code) => (code & INEXACT) !== 0);
 */
export const INEXACT = 4;
export const ROUNDING = { exact: 0, ceil: 1, floor: 2, trunc: 3 } as const;
/**
 * Names of the codes in the status column, by rising risk. The two low bits are the code, `INEXACT` may stand beside it.
 * @example
 * const names = Array.from(margin(book).status, (code) => STATUS[code & 3]);
 * console.log(names); // [ 'liquidatable' ]
 */
export const STATUS = ['healthy', 'warning', 'liquidatable', 'bankrupt'] as const;

/** Parts of the model that a book uses; a scan without them gives the same bits faster. */
export const FEATURE = {
  /** bracket tables of more than one line */
  brackets: 1,
  /** some funding index is not zero */
  funding: 2,
  /** anything else: weights, guards, curves, caps, orders, buckets' own terms ... */
  full: 4,
  /** some table does not fit a window, so the plain scan walks whole tables */
  walk: 8,
  /** some spot market takes reserved funds, so the scan keeps what each balance holds */
  reserve: 16,
} as const;

/** Result columns that a scan wrote; the others are copies (see margin.ts). */
export const WRITTEN = { collateral: 1, end: 2 } as const;

/** Words of the header before the pointers: for each section its row count. */
export const HEADER_COUNTS = sections.length;

/** First header word of a section's column pointers. */
export function headerWord(section: Section, name: string): number {
  let word = HEADER_COUNTS;
  for (const s of sections) {
    for (const c of Object.keys(layout[s])) {
      if (s === section && c === name) return word;
      word += 1;
    }
  }
  throw new RangeError(`no column ${section}.${name}`);
}

/** Words of the whole header. */
export const HEADER_WORDS: number = sections.reduce((n, s) => n + Object.keys(layout[s]).length, HEADER_COUNTS);

const BYTES = { f64: 8, u32: 4, u8: 1 } as const;
export const bytesOf = (c: Column): number => c.width * BYTES[c.type];
