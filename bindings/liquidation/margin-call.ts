// A margin call: how much is asked for and by when, with a least amount that is worth a transfer, rounded up; before
// that, a warning that asks for nothing.
import { AT_LEAST_0, decimal, Fields, POSITIVE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { compare, exact, minus, rounded, times, toStep, ZERO } from './exact.js';

/** When, and how much, is called. */
export interface MarginCallRule {
  /** Multiple of the requirement below which money is called; default 1. */
  trigger?: Decimal;
  /** Multiple of the requirement that the call restores, at least the trigger; default the trigger. */
  target?: Decimal;
  /** Multiple of the requirement below which the owner is warned, at least the trigger; default the trigger. */
  warn?: Decimal;
  /** Least amount called; less is warned of only. Default 0. */
  minTransfer?: Decimal;
  /** Step that the call is rounded up to; default: not rounded. */
  unit?: Decimal;
  /** Time to pay; default 0. */
  grace?: Decimal;
}

/** What is called. */
export interface MarginCall {
  /** Amount called, 0 for none. */
  call: number;
  /** What is missing to the target where equity is below the trigger, before the least amount and rounding. */
  shortfall: number;
  /** Time by which it is due; null without a call. */
  due: number | null;
  /** Whether the owner is warned and nothing is called. */
  warnOnly: boolean;
}

/**
 * The call for an account.
 * @param account - equity and requirement, any one unit
 * @param rule - levels, least amount and rounding
 * @param now - time, in the unit of the grace; default 0
 * @returns what is called
 * @throws MarginError range, type, not-finite, unknown-key
 * @see ISDA Credit Support Annex, "Minimum Transfer Amount" and "Rounding"
 * @example
 * marginCall({ equity: 870, requirement: 1000 }, { target: 1.1, minTransfer: 100, unit: 50, grace: 3600 })
 *   // { call: 250, shortfall: 230, due: 3600, warnOnly: false }
 */
export function marginCall(
  account: { equity: Decimal; requirement: Decimal },
  rule: MarginCallRule = {},
  now: Decimal = 0,
): MarginCall {
  const fields = new Fields(account, 'account', ['equity', 'requirement']);
  const rules = new Fields(rule, 'rule', ['trigger', 'target', 'warn', 'minTransfer', 'unit', 'grace']);
  const equity = exact(fields.number('equity', {}));
  const requirement = exact(fields.number('requirement', AT_LEAST_0));
  const trigger = rules.number('trigger', AT_LEAST_0, 1);
  const target = rules.number('target', { min: trigger }, trigger);
  const warn = rules.number('warn', { min: trigger }, trigger);
  const below = (level: number): boolean => compare(equity, times(exact(level), requirement)) < 0;
  const missing = below(trigger) ? minus(times(exact(target), requirement), equity) : ZERO;
  const shortfall = rounded(missing);
  const least = rules.number('minTransfer', AT_LEAST_0, 0);
  const unit = rules.has('unit') ? rules.number('unit', POSITIVE) : 0;
  const called = shortfall > 0 && shortfall >= least;
  return {
    call: !called ? 0 : unit ? toStep(missing, unit, 'ceil') : shortfall,
    shortfall,
    due: called ? decimal(now, 'now') + rules.number('grace', AT_LEAST_0, 0) : null,
    warnOnly: !called && below(warn),
  };
}
