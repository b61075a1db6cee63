// A whole liquidation as a list of orders: legs by an objective, each sized to what is still missing, in lots, with its
// floor, within the limits of a block. What the plan can not reach it says.
import { AT_LEAST_0, Fields, FRACTION, POSITIVE, SIZE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { exact, minus, rounded } from './exact.js';
import { priceFloor } from './fillable.js';
import { LEG_KEYS, type Leg } from './leg.js';
import { listOf } from './list.js';
import { closeSize } from './lot.js';
import { type LegClose, type Objective, orderLegs } from './order.js';
import { notZero, type Side, sideOf } from './side.js';

/** A leg with what its order needs. */
export interface PlannedLeg extends Leg {
  /** Quote. */
  mark: Decimal;
  /** Maintenance rate of its market, a fraction: sets the floor. */
  maintenanceRate: Decimal;
  /** Step of sizes, contracts; default: none. */
  lot?: Decimal;
  /** Step of prices; default: none. */
  tick?: Decimal;
}

/** How a liquidation chooses its orders. */
export interface PlanPolicy {
  /** Which leg goes first. */
  objective: Objective;
  /** Share of the maintenance rate that a close may cost; default 1/2. */
  floorShare?: Decimal;
}

/** How much is missing, and how much may be closed now. */
export interface PlanLimits {
  /** What health lacks, quote; default: close everything. */
  shortage?: Decimal;
  /** Notional that this block still admits, quote; default: no limit. */
  maxNotional?: Decimal;
}

/** One order. */
export interface PlanStep {
  /** Of the leg. */
  id: string;
  /** Of the position that it closes. */
  side: Side;
  /** Contracts. */
  size: number;
  /** Worst price, quote. */
  limit: number;
  /** Closed at the mark, quote. */
  notional: number;
  /** Requirement freed less cost, quote. */
  relief: number;
}

/**
 * The orders that liquidate an account.
 * @param legs - positions of the account
 * @param policy - order of legs, and floor
 * @param limits - how much is missing, and how much may be closed now
 * @returns steps in order; relief: what they bring to health, quote; feasible: whether that covers the shortage
 * @throws MarginError range, duplicate, missing-key, type, not-finite, unknown-key
 * @see dydxprotocol/v4-chain x/clob/keeper/liquidations.go (block limits)
 * @example
 * liquidationPlan([{ id: 'BTC', size: 2, notional: 200, requirement: 20, mark: 100, maintenanceRate: 0.1, lot: 0.5 }],
 *   { objective: 'maxRelief' }, { shortage: 6 }).steps
 *   // [{ id: 'BTC', side: 'long', size: 1, limit: 95, notional: 100, relief: 10 }]
 */
export function liquidationPlan(
  legs: readonly PlannedLeg[],
  policy: PlanPolicy,
  limits: PlanLimits = {},
): { steps: PlanStep[]; relief: number; feasible: boolean } {
  const rules = new Fields(policy, 'policy', ['objective', 'floorShare']);
  const bounds = new Fields(limits, 'limits', ['shortage', 'maxNotional']);
  const share = rules.number('floorShare', FRACTION, 0.5);
  const shortage = bounds.has('shortage') ? bounds.number('shortage', AT_LEAST_0) : Number.POSITIVE_INFINITY;
  const terms = listOf(legs, 'legs').map((leg, i) => termsOf(leg, `legs[${i}]`, share));
  const order = orderLegs(legs.map(bare), policy.objective);
  const open = new Map(legs.map(({ id }, i) => [id, terms[i] as Terms]));
  const steps: PlanStep[] = [];
  let relief = 0;
  let room = bounds.has('maxNotional') ? bounds.number('maxNotional', AT_LEAST_0) : Number.POSITIVE_INFINITY;
  for (const step of order) {
    const gain = step.relief - step.cost;
    const wanted = Number.isFinite(shortage) ? (gain > 0 ? Math.min(1, (shortage - relief) / gain) : 0) : 1;
    const notional = step.legs.reduce((sum, leg) => sum + Math.abs(leg.size) * (open.get(leg.id)?.unit ?? 0), 0);
    // A pair is cut as one, so that the limit does not leave one of its legs alone.
    const part = Math.min(wanted, room / notional);
    for (const leg of part > 0 ? step.legs : []) {
      const held = open.get(leg.id);
      const placed = held && place(leg, held, part, room);
      if (!placed) continue;
      steps.push(placed);
      relief += placed.relief;
      room -= placed.notional;
      held.held = rounded(minus(exact(held.held), exact(placed.size)));
    }
  }
  const feasible = Number.isFinite(shortage) ? relief >= shortage : [...open.values()].every(({ held }) => held === 0);
  return { steps, relief, feasible };
}

/** What an order of a leg is made from, and what is still open of it. */
interface Terms {
  side: Side;
  limit: number;
  lot: number | undefined;
  /** Contracts. */
  held: number;
  /** Notional of a contract, quote. */
  unit: number;
}

function bare({ mark: _mark, maintenanceRate: _rate, lot: _lot, tick: _tick, ...leg }: PlannedLeg): Leg {
  return leg;
}

function termsOf(leg: unknown, path: string, share: number): Terms {
  const fields = new Fields(leg, path, [...LEG_KEYS, 'mark', 'maintenanceRate', 'lot', 'tick']);
  const size = notZero(fields.number('size', SIZE), fields.at('size'));
  const floor = {
    maintenanceRate: fields.number('maintenanceRate', FRACTION),
    share,
    ...(fields.has('tick') ? { tick: fields.number('tick', POSITIVE) } : {}),
  };
  return {
    side: sideOf(size),
    limit: priceFloor(fields.number('mark', POSITIVE), sideOf(size), floor),
    lot: fields.has('lot') ? fields.number('lot', POSITIVE) : undefined,
    held: Math.abs(size),
    unit: fields.number('notional', POSITIVE) / Math.abs(size),
  };
}

function place(leg: LegClose, terms: Terms, part: number, room: number): PlanStep | undefined {
  const { side, limit, lot, held, unit } = terms;
  const rules = { ...(lot === undefined ? {} : { lot }), ...(Number.isFinite(room) ? { maxNotional: room } : {}) };
  const size = closeSize(Math.min(held, Math.abs(leg.size) * part), { held, price: unit }, rules);
  if (size === 0) return undefined;
  return {
    id: leg.id,
    side,
    size,
    limit,
    notional: size * unit,
    relief: ((leg.relief - leg.cost) * size) / Math.abs(leg.size),
  };
}
