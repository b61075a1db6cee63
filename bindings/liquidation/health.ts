// Health as a ratio, equity over requirement, of totals or of one position at a mark. It is computed without loss and
// rounded once, so a level that is met exactly is met. Health in money is in the answer of `margin`.
import { AT_LEAST_0, decimal, Fields, SIZE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { type Exact, exact, magnitude, minus, over, plus, rounded, times } from './exact.js';

/**
 * Equity over maintenance requirement.
 * @param equity - any unit
 * @param maintenance - the same unit, >= 0
 * @returns ratio, below 1 liquidatable; null without a requirement
 * @throws MarginError range, type, not-finite
 * @example
 * healthRatio(5.5, 5) // 1.1
 */
export function healthRatio(equity: Decimal, maintenance: Decimal): number | null {
  return ratioOf(exact(decimal(equity, 'equity')), exact(decimal(maintenance, 'maintenance', AT_LEAST_0)));
}

export const ratioOf = (equity: Exact, maintenance: Exact): number | null =>
  maintenance.numerator === 0n ? null : rounded(over(equity, maintenance));

/** An account (or bucket) with one linear position. */
export interface OnePositionAccount {
  /** Without the position's unrealised profit, settle units. */
  equity: Decimal;
  /** Signed contracts. */
  size: Decimal;
  /** Quote. */
  entry: Decimal;
  /** Fraction of the notional. */
  maintenanceRate: Decimal;
  /** Which notional: at the mark (default), or at the entry, which does not move. */
  basis?: 'mark' | 'entry';
}

/** What an account is made of, exactly. */
export interface ExactAccount {
  equity: Exact;
  size: Exact;
  entry: Exact;
  rate: Exact;
  ofEntry: boolean;
}

/** @throws MarginError */
export function readAccount(account: OnePositionAccount): ExactAccount {
  const fields = new Fields(account, 'account', ['equity', 'size', 'entry', 'maintenanceRate', 'basis']);
  return {
    equity: exact(fields.number('equity', {})),
    size: exact(fields.number('size', SIZE)),
    entry: exact(fields.number('entry', AT_LEAST_0)),
    rate: exact(fields.number('maintenanceRate', AT_LEAST_0)),
    ofEntry: fields.word('basis', { mark: 0, entry: 1 }, 'mark') === 1,
  };
}

/** Value and requirement at a mark. */
export function valueAt(account: ExactAccount, mark: Exact): { equity: Exact; maintenance: Exact } {
  const { equity, size, entry, rate, ofEntry } = account;
  return {
    equity: plus(equity, times(size, minus(mark, entry))),
    maintenance: times(rate, times(ofEntry ? entry : mark, magnitude(size))),
  };
}

/**
 * An account with one position, marked.
 * @param account - equity and position
 * @param mark - quote, >= 0
 * @returns equity with the profit, requirement (settle units), and their ratio, null without a requirement
 * @throws MarginError range, type, not-finite, unknown-key
 * @see mtf-exchange/metaflux-knowledges docs/concepts/tiered-liquidation.md (worked example)
 * @example
 * healthAt({ equity: 20, size: 1, entry: 100, maintenanceRate: 0.05, basis: 'entry' }, 85.5)
 *   // { equity: 5.5, maintenance: 5, health: 1.1 }
 */
export function healthAt(
  account: OnePositionAccount,
  mark: Decimal,
): { equity: number; maintenance: number; health: number | null } {
  const { equity, maintenance } = valueAt(readAccount(account), exact(decimal(mark, 'mark', AT_LEAST_0)));
  return { equity: rounded(equity), maintenance: rounded(maintenance), health: ratioOf(equity, maintenance) };
}
