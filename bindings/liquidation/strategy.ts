// A multi-tier strategy: what a ladder says about an account now, as one order of a position with its size and its
// floor.
import { AT_LEAST_0, Fields, POSITIVE, SIZE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { type Floor, priceFloor } from './fillable.js';
import { type Ladder, type LadderState, type LadderStep, ladderStep } from './ladder.js';
import { closeSize, type SizeRules } from './lot.js';
import { notZero, sideOf } from './side.js';

/** A ladder with the limit and the sizes of its orders. */
export interface Strategy {
  /** Tiers by health. */
  ladder: Ladder;
  /** Worst price of an order, away from the mark. */
  floor: Floor;
  /** Lots and limits; default: none. */
  sizes?: SizeRules;
}

/** A position and its account, now. */
export interface StrategyInput {
  /** Equity over requirement; null without a requirement. */
  health: number | null;
  /** In the unit of the ladder's cooldown. */
  now: Decimal;
  /** Signed contracts, not 0. */
  size: Decimal;
  /** Quote. */
  mark: Decimal;
  /** Notional that this block still admits, quote; default: what `sizes` says. */
  maxNotional?: Decimal;
}

/** What a strategy does now. */
export interface StrategyStep extends LadderStep {
  /** Contracts to close now. */
  slice: number;
  /** Worst price of the order, quote; null where nothing is sold in the market. */
  priceFloor: number | null;
}

/**
 * The next step of a strategy; the same inputs give the same step, so a log of them replays.
 * @param strategy - ladder, floor and sizes
 * @param state - of the account; `UNARMED` at first
 * @param input - health, time and position
 * @returns the ladder's step, the contracts to close and the worst price; a backstop takes over all, at no floor
 * @throws MarginError range, missing-key, type, not-finite, unknown-key
 * @see mtf-exchange/metaflux-knowledges docs/concepts/tiered-liquidation.md
 * @example
 * strategyStep({ ladder: METAFLUX_LADDER, floor: { maintenanceRate: 0.05 } }, UNARMED,
 *   { health: 0.9, now: 0, size: -3, mark: 100 }).priceFloor // 102.5
 */
export function strategyStep(strategy: Strategy, state: LadderState, input: StrategyInput): StrategyStep {
  const rules = new Fields(strategy, 'strategy', ['ladder', 'floor', 'sizes']);
  const fields = new Fields(input, 'input', ['health', 'now', 'size', 'mark', 'maxNotional']);
  const size = notZero(fields.number('size', SIZE), fields.at('size'));
  const price = fields.number('mark', POSITIVE);
  const held = Math.abs(size);
  const step = ladderStep(strategy.ladder, state, input.health, input.now);
  const limit = fields.has('maxNotional') ? { maxNotional: fields.number('maxNotional', AT_LEAST_0) } : {};
  const sizes = rules.has('sizes') ? { ...strategy.sizes, ...limit } : limit;
  const sold = step.action === 'partial' || step.action === 'full';
  return {
    ...step,
    slice: sold ? closeSize(held * step.fraction, { held, price }, sizes) : held * step.fraction,
    priceFloor: sold ? priceFloor(price, sideOf(size), strategy.floor) : null,
  };
}
