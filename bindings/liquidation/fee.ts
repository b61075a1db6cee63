// Fees of a liquidation: what a schedule asks for a fill, rates that rise while nobody comes, and the guard that no fee
// takes more than the equity left, so that it cannot make the loss that the fund then pays.
import { AT_LEAST_0, decimal, Fields, FRACTION, POSITIVE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';

/** What a venue asks for one fill; parts that are left out are 0. */
export interface FeeSchedule {
  /** Whatever the size, quote. */
  fixed?: Decimal;
  /** Of the notional at the mark, a fraction. */
  mark?: Decimal;
  /** Of the notional at the execution price, a fraction. */
  execution?: Decimal;
  /** The exchange's own fee of the order, of the notional at the execution price, a fraction. */
  taker?: Decimal;
}

/** One fill of a liquidation. */
export interface LiquidationFill {
  /** Contracts. */
  size: Decimal;
  /** Quote. */
  mark: Decimal;
  /** Execution price, quote; default the mark. */
  price?: Decimal;
  /** Units of base in a contract; default 1. */
  multiplier?: Decimal;
}

/** Fee of one fill, quote. */
export interface LiquidationFee {
  /** Of the liquidation. */
  penalty: number;
  /** Of the exchange. */
  taker: number;
  /** penalty + taker, quote. */
  total: number;
}

const SCHEDULE = ['fixed', 'mark', 'execution', 'taker'] as const;

function scheduled(fill: LiquidationFill, schedule: FeeSchedule, path: string): LiquidationFee {
  const fields = new Fields(fill, 'fill', ['size', 'mark', 'price', 'multiplier']);
  const rates = new Fields(schedule, path, SCHEDULE);
  const units = fields.number('size', AT_LEAST_0) * fields.number('multiplier', POSITIVE, 1);
  const mark = fields.number('mark', POSITIVE);
  const executed = fields.number('price', AT_LEAST_0, mark) * units;
  const ofMark = rates.number('mark', AT_LEAST_0, 0) * mark * units;
  const penalty = rates.number('fixed', AT_LEAST_0, 0) + ofMark + rates.number('execution', AT_LEAST_0, 0) * executed;
  const taker = rates.number('taker', AT_LEAST_0, 0) * executed;
  return { penalty, taker, total: penalty + taker };
}

/**
 * What a schedule asks for a fill, before anybody looks at what there is to pay it.
 * @param fill - size and prices
 * @param schedule - fixed part and rates
 * @returns its parts
 * @throws MarginError range, type, not-finite, unknown-key
 * @see pluriholonomic/autodeleveraging-analysis paper/liquidation-mechanics.tex (Liquidation Costs Example)
 * @example
 * liquidationFee({ size: 8, mark: 100, price: 110 }, { mark: 0.25, execution: 0.125 }).total // 310
 */
export function liquidationFee(fill: LiquidationFill, schedule: FeeSchedule): LiquidationFee {
  return scheduled(fill, schedule, 'schedule');
}

/** What was paid of fees; the sum of its parts is at most the equity left. */
export interface ChargedFee {
  /** Paid to who liquidates, quote. */
  toLiquidator: number;
  /** Paid to the insurance fund, quote. */
  toFund: number;
  /** Both, quote. */
  charged: number;
  /** Asked for and not there. */
  waived: number;
  /** Whether something was waived. */
  capped: boolean;
}

/**
 * Takes fees from the equity that is left, and no more.
 * @param due - toLiquidator, toFund: what is asked for, quote
 * @param equity - of the account after the fill, quote; nothing is taken where it is not positive
 * @param first - who is paid first where it does not suffice; `both` (default): in proportion
 * @returns what is paid
 * @throws MarginError range, type, not-finite, unknown-key
 * @example
 * chargeFee({ toLiquidator: 30, toFund: 10 }, 20, 'liquidator')
 *   // { toLiquidator: 20, toFund: 0, charged: 20, waived: 20, capped: true }
 */
export function chargeFee(
  due: { toLiquidator: Decimal; toFund: Decimal },
  equity: Decimal,
  first: 'both' | 'liquidator' | 'fund' = 'both',
): ChargedFee {
  const fields = new Fields(due, 'due', ['toLiquidator', 'toFund']);
  const order = new Fields({ first }, '', ['first']).word('first', { both: 0, liquidator: 1, fund: 2 });
  const [liquidator, fund] = [fields.number('toLiquidator', AT_LEAST_0), fields.number('toFund', AT_LEAST_0)];
  const total = liquidator + fund;
  const charged = Math.min(total, Math.max(0, decimal(equity, 'equity')));
  if (charged === total) return { toLiquidator: liquidator, toFund: fund, charged, waived: 0, capped: false };
  const share = order === 0 ? Math.min(charged, (charged * liquidator) / total) : charged - fund;
  const toLiquidator = order === 1 ? Math.min(liquidator, charged) : Math.max(0, share);
  return { toLiquidator, toFund: charged - toLiquidator, charged, waived: total - charged, capped: true };
}

/** A rate that rises while a liquidation waits for somebody. Times in any one unit: seconds, slots, blocks. */
export interface Ramp {
  /** At first, a fraction. */
  base: Decimal;
  /** More for each unit of time. */
  slope: Decimal;
  /** Largest, a fraction. */
  max: Decimal;
  /** Time until it begins to rise; default 0. */
  grace?: Decimal;
  /** Where time counts from once the grace is over: its end (default), or the start, which makes a jump. */
  origin?: 'grace' | 'start';
}

/**
 * A rate after some time: the base until the grace is over, then rising by the slope up to its maximum.
 * @param ramp - shape of the rate
 * @param elapsed - time since the account became liquidatable, >= 0
 * @returns fraction
 * @throws MarginError range where the maximum is below the base, type, not-finite, unknown-key
 * @see drift-labs/protocol-v2 programs/drift/src/math/liquidation.rs, which counts from the start
 * @example
 * rampedRate({ base: 0.25, slope: 0.125, max: 1, grace: 10 }, 12) // 0.5
 */
export function rampedRate(ramp: Ramp, elapsed: Decimal): number {
  const fields = new Fields(ramp, 'ramp', ['base', 'slope', 'max', 'grace', 'origin']);
  const base = fields.number('base', AT_LEAST_0);
  const max = fields.number('max', { min: base });
  const grace = fields.number('grace', AT_LEAST_0, 0);
  const origin = fields.word('origin', { grace, start: 0 }, 'grace');
  const time = decimal(elapsed, 'elapsed', AT_LEAST_0);
  const slope = fields.number('slope', AT_LEAST_0);
  return time <= grace ? base : Math.min(max, base + slope * (time - origin));
}

/** What an account can bear of a fund's fee. */
export interface FundRateLimits {
  /** Maintenance rate of the market, a fraction. */
  maintenanceRate: Decimal;
  /** The liquidator's rate, a fraction. */
  liquidatorRate: Decimal;
  /** What the account lacks of its requirement, quote. */
  shortage: Decimal;
  /** Of the position at the oracle price, quote. */
  notional: Decimal;
  /** The fund's largest rate, a fraction. */
  max: Decimal;
  /** Part of what is left that it may take; default 19/20. */
  share?: Decimal;
}

/**
 * The fund's rate, small enough that a close at it still brings the account back: a share of the maintenance rate less
 * the liquidator's rate and the shortage.
 * @param limits - rates and what is missing
 * @returns fraction, from 0 to `max`
 * @throws MarginError range where the notional is 0, type, not-finite, unknown-key
 * @see drift-labs/protocol-v2 programs/drift/src/math/liquidation.rs
 * @example
 * fundRate({ maintenanceRate: 0.5, liquidatorRate: 0.125, shortage: 25, notional: 100, max: 1, share: 0.5 }) // 0.0625
 */
export function fundRate(limits: FundRateLimits): number {
  const keys = ['maintenanceRate', 'liquidatorRate', 'shortage', 'notional', 'max', 'share'];
  const fields = new Fields(limits, 'limits', keys);
  const missing = fields.number('shortage', AT_LEAST_0) / fields.number('notional', POSITIVE);
  const left = fields.number('maintenanceRate', AT_LEAST_0) - fields.number('liquidatorRate', AT_LEAST_0) - missing;
  return Math.min(fields.number('max', AT_LEAST_0), Math.max(0, fields.number('share', FRACTION, 0.95) * left));
}

/** Who gets what of a liquidation. */
export interface PenaltySchedule {
  /** What who liquidates asks for. */
  liquidator: FeeSchedule;
  /** What the insurance fund asks for. */
  fund: FeeSchedule;
  /** More for the liquidator while nobody comes: a rate on the notional at the mark. */
  ramp?: Ramp;
  /** Who is paid first; default `both`. */
  first?: 'both' | 'liquidator' | 'fund';
}

/**
 * The whole penalty of a fill: both schedules, the ramp at its time, and the equity as the limit.
 * @param fill - size and prices
 * @param schedule - who gets what
 * @param equity - of the account after the fill and the exchange's own fee, quote
 * @param elapsed - time since the account became liquidatable, in the unit of the ramp; default 0
 * @returns what is paid
 * @throws MarginError range, missing-key, type, not-finite, unknown-key
 * @see makerdao/dss src/clip.sol (tip and chip are fixed and mark of a liquidator)
 * @example
 * penalty({ size: 1, mark: 1000 }, { liquidator: { fixed: 2, mark: 0.005 }, fund: { mark: 0.01 } }, 100)
 *   // { toLiquidator: 7, toFund: 10, charged: 17, waived: 0, capped: false }
 */
export function penalty(
  fill: LiquidationFill,
  schedule: PenaltySchedule,
  equity: Decimal,
  elapsed: Decimal = 0,
): ChargedFee {
  const fields = new Fields(schedule, 'schedule', ['liquidator', 'fund', 'ramp', 'first']);
  const rate = fields.has('ramp') ? rampedRate(schedule.ramp as Ramp, elapsed) : 0;
  const ramped = liquidationFee(fill, { mark: rate }).total;
  const toLiquidator = scheduled(fill, schedule.liquidator, fields.at('liquidator')).total + ramped;
  const toFund = scheduled(fill, schedule.fund, fields.at('fund')).total;
  return chargeFee({ toLiquidator, toFund }, equity, schedule.first);
}
