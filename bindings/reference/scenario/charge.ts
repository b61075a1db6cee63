// Charges that need no scenario, by the kind of a part: exposures, what deltas ask for, spreads of deltas.
import { NODE } from '../../layout.js';
import { calendar, delta, deltaShock, roll } from './delta.js';
import { exposure, netShort, offset } from './exposure.js';
import type { Fold } from './fold.js';
import { credit, deliveryCharge, monthCharge } from './spreads.js';

/** Is told what each row adds: position rows, and balance rows of collateral. */
export type Visit = (row: number, amount: number) => void;

/** The charge of node `n` within a scope, before its factors. */
export function chargeOf(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const kind = fold.columns.node.kind[n]!;
  if (kind === NODE.netShort) return netShort(fold, scope, visit);
  if (kind === NODE.roll) return roll(fold, n, scope, visit);
  if (kind === NODE.deltaShock) return deltaShock(fold, n, scope, visit);
  if (kind === NODE.delta) return delta(fold, n, scope, visit);
  if (kind === NODE.offset) return offset(fold, n, scope, visit);
  if (kind === NODE.calendar) return calendar(fold, n, scope, visit);
  if (kind === NODE.months) return monthCharge(fold, scope, visit);
  if (kind === NODE.delivery) return deliveryCharge(fold, scope, visit);
  if (kind === NODE.credit) return credit(fold, n, scope, visit);
  return exposure(fold, n, scope, visit);
}
