// Sizes as a venue trades them: whole lots, at least one, no dust left behind, and no more than a block's limit.
import { AT_LEAST_0, decimal, Fields, POSITIVE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { compare, exact, minus, over, rounded, toStep } from './exact.js';

/** Steps and limits of a venue. */
export interface SizeRules {
  /** Step of sizes, contracts; a position that is no multiple of it is closed in full all the same. Default: none. */
  lot?: Decimal;
  /** Up (default) restores at least what was asked for. */
  round?: 'ceil' | 'floor';
  /** Smallest order, contracts; default one lot. */
  minimum?: Decimal;
  /** Less than this must not stay, contracts: then all is closed. Default 0. */
  minimumLeft?: Decimal;
  /** Largest notional of a close, quote: what is left of a block's limit. Default: none. */
  maxNotional?: Decimal;
}

/**
 * A size as the venue trades it: whole lots, at least one (or the minimum), the whole position instead of dust, and
 * within the limit on notional, which is the last word.
 * @param size - contracts wanted; 0 stays 0
 * @param position - contracts held, and their price (quote, needed with `maxNotional`)
 * @param rules - steps and limits
 * @returns contracts, from 0 to the position
 * @throws MarginError range, missing-key, type, not-finite, unknown-key
 * @see dydxprotocol/v4-chain x/clob/keeper/liquidations.go (at least one step, block limits)
 * @example
 * closeSize(3.21, { held: 10 }, { lot: 0.5, minimumLeft: 7 }) // 10
 */
export function closeSize(size: Decimal, position: { held: Decimal; price?: Decimal }, rules: SizeRules = {}): number {
  const fields = new Fields(position, 'position', ['held', 'price']);
  const limits = new Fields(rules, 'rules', ['lot', 'round', 'minimum', 'minimumLeft', 'maxNotional']);
  const held = fields.number('held', AT_LEAST_0);
  const wanted = Math.min(held, decimal(size, 'size', AT_LEAST_0));
  if (wanted === 0) return 0;
  const lot = limits.has('lot') ? limits.number('lot', POSITIVE) : 0;
  const up = limits.word('round', { floor: 0, ceil: 1 }, 'ceil') === 1;
  const stepped = (value: number, direction: 'floor' | 'ceil'): number => (lot ? toStep(value, lot, direction) : value);
  const least = stepped(limits.number('minimum', AT_LEAST_0, lot), 'ceil');
  const steps = Math.max(least, stepped(wanted, up ? 'ceil' : 'floor'));
  const left = limits.number('minimumLeft', AT_LEAST_0, 0);
  const closed = steps >= held || rounded(minus(exact(held), exact(steps))) < left ? held : steps;
  if (!limits.has('maxNotional')) return closed;
  const most = over(exact(limits.number('maxNotional', AT_LEAST_0)), exact(fields.number('price', POSITIVE)));
  return compare(exact(closed), most) <= 0 ? closed : lot ? toStep(most, lot, 'floor') : rounded(most);
}
