// At what price a forced order may trade: the fillable price, which gets worse as the account does, and the floor of a
// liquidation order, beyond which nothing is sold into a thin book and the rest goes to the next tier.
import { AT_LEAST_0, Fields, FRACTION, POSITIVE, SIZE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { exact, minus, rounded, times, toStep } from './exact.js';
import { type Depth, type Execution, sweep } from './execution.js';
import { notZero, SIDES, type Side } from './side.js';

/** A position and the account that it is in. */
export interface Fillable {
  /** Signed contracts, not 0. */
  size: Decimal;
  /** Oracle price, quote. */
  price: Decimal;
  /** Of the position, settle units. */
  positionMaintenance: Decimal;
  /** Of the account, settle units. */
  equity: Decimal;
  /** Of the account, settle units, > 0. */
  maintenance: Decimal;
  /** Units of base in a contract; default 1. */
  multiplier?: Decimal;
}

/**
 * The worst price at which a liquidation order may trade: the oracle price less a share of the position's requirement
 * that grows from 0 to all of it as the account's equity falls from its requirement to 0.
 * @param position - position and account
 * @param rule - bankruptcyAdjustment: how fast it grows, a factor of at least 1; spreadToMaintenance: the largest
 *   distance, a multiple of the requirement
 * @returns quote, at least 0: the lowest for a long, the highest for a short
 * @throws MarginError range where the size or the requirement is 0, type, not-finite, unknown-key
 * @see dydxprotocol/v4-chain x/clob/keeper/liquidations.go (GetFillablePrice)
 * @example
 * fillablePrice({ size: 1, price: 50_000, positionMaintenance: 5_000, equity: 2_500, maintenance: 5_000 },
 *   { bankruptcyAdjustment: 1, spreadToMaintenance: 0.1 }) // 49_750
 */
export function fillablePrice(
  position: Fillable,
  rule: { bankruptcyAdjustment: Decimal; spreadToMaintenance: Decimal },
): number {
  const keys = ['size', 'price', 'positionMaintenance', 'equity', 'maintenance', 'multiplier'];
  const fields = new Fields(position, 'position', keys);
  const rules = new Fields(rule, 'rule', ['bankruptcyAdjustment', 'spreadToMaintenance']);
  const units = notZero(fields.number('size', SIZE), fields.at('size')) * fields.number('multiplier', POSITIVE, 1);
  const missing = 1 - fields.number('equity', {}) / fields.number('maintenance', POSITIVE);
  const adjusted = Math.min(1, Math.max(0, rules.number('bankruptcyAdjustment', { min: 1 }) * missing));
  const spread = rules.number('spreadToMaintenance', AT_LEAST_0) * fields.number('positionMaintenance', AT_LEAST_0);
  return Math.max(0, fields.number('price', POSITIVE) - (adjusted * spread) / units);
}

/** How far from the mark a forced order may trade. */
export interface Floor {
  /** Maintenance rate of the market, a fraction. */
  maintenanceRate: Decimal;
  /** Share of that rate which a close may cost; default 1/2. */
  share?: Decimal;
  /** Step of prices, to which the limit is rounded toward the mark. */
  tick?: Decimal;
}

/**
 * The limit of a liquidation order: mark * (1 - share * rate) for a long, mark * (1 + share * rate) for a short.
 * @param mark - quote
 * @param side - of the position that is closed
 * @param floor - rate, share and tick
 * @returns quote
 * @throws MarginError range, type, not-finite, unknown-key
 * @see mtf-exchange/metaflux-knowledges docs/concepts/tiered-liquidation.md (price floor)
 * @example
 * priceFloor(100, 'long', { maintenanceRate: 0.05 }) // 97.5
 */
export function priceFloor(mark: Decimal, side: Side, floor: Floor): number {
  const fields = new Fields({ mark, side }, '', ['mark', 'side']);
  const rules = new Fields(floor, 'floor', ['maintenanceRate', 'share', 'tick']);
  const sign = fields.word('side', SIDES);
  const share = exact(rules.number('share', FRACTION, 0.5) * sign);
  const distance = times(share, exact(rules.number('maintenanceRate', FRACTION)));
  const limit = times(exact(fields.number('mark', POSITIVE)), minus(exact(1), distance));
  if (!rules.has('tick')) return rounded(limit);
  return toStep(limit, rules.number('tick', POSITIVE), sign > 0 ? 'ceil' : 'floor');
}

/**
 * A close that never sweeps: it takes the book up to its floor, and what is left goes to the next tier.
 * @param order - side, contracts and mark of the position that is closed
 * @param floor - how far from the mark it may trade
 * @param depth - bids for a long, asks for a short, best first
 * @returns the execution, its limit, and where the rest goes: `backstop`, or null where there is no rest
 * @throws MarginError range, type, not-finite, unknown-key
 * @see mtf-exchange/metaflux-knowledges docs/concepts/tiered-liquidation.md (price floor)
 * @example
 * flooredClose({ side: 'long', size: 3, mark: 100 }, { maintenanceRate: 0.05 }, [[99, 1], [98, 1], [97, 9]])
 *   // { filled: 2, unfilled: 1, notional: 197, vwap: 98.5, last: 98, limit: 97.5, next: 'backstop' }
 */
export function flooredClose(
  order: { side: Side; size: Decimal; mark: Decimal },
  floor: Floor,
  depth: Depth,
): Execution & { limit: number; next: 'backstop' | null } {
  const fields = new Fields(order, 'order', ['side', 'size', 'mark']);
  const limit = priceFloor(fields.number('mark', POSITIVE), order.side, floor);
  const execution = sweep(depth, { size: fields.number('size', AT_LEAST_0), limit, side: order.side });
  return { ...execution, limit, next: execution.unfilled > 0 ? 'backstop' : null };
}
