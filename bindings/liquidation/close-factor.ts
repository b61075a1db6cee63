// The close factor of lending markets: which share of a debt one liquidation may repay, by health and by size.
import { AT_LEAST_0, Fields } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { exact, over, plus, rounded, times, ZERO } from './exact.js';
import { listOf } from './list.js';

/**
 * Health factor of a loan: weighted collateral over debt.
 * @param loan - collateral: units, price (numeraire) and liquidation threshold (a fraction) of each asset; debt:
 *   numeraire
 * @returns healthFactor, null without debt; collateral: its value, numeraire
 * @throws MarginError range, type, not-finite, unknown-key
 * @see aave-dao/aave-v3-origin src/contracts/protocol/libraries/logic/GenericLogic.sol
 * @example
 * healthFactor({ collateral: [{ amount: 100, price: 1800, threshold: 0.86 }], debt: 193_500 })
 *   // { healthFactor: 0.8, collateral: 180_000 }
 */
export function healthFactor(loan: {
  collateral: readonly { amount: Decimal; price: Decimal; threshold: Decimal }[];
  debt: Decimal;
}): { healthFactor: number | null; collateral: number } {
  const fields = new Fields(loan, 'loan', ['collateral', 'debt']);
  const debt = fields.number('debt', AT_LEAST_0);
  let value = ZERO;
  let weighted = ZERO;
  listOf(fields.raw('collateral'), fields.at('collateral')).forEach((entry, i) => {
    const asset = new Fields(entry, `${fields.at('collateral')}[${i}]`, ['amount', 'price', 'threshold']);
    const worth = times(exact(asset.number('amount', AT_LEAST_0)), exact(asset.number('price', AT_LEAST_0)));
    value = plus(value, worth);
    weighted = plus(weighted, times(worth, exact(asset.number('threshold', { min: 0, max: 1 }))));
  });
  return { healthFactor: debt === 0 ? null : rounded(over(weighted, exact(debt))), collateral: rounded(value) };
}

/** When a loan may be closed in part only. */
export interface CloseFactorRule {
  /** Share that may be closed. */
  partial: Decimal;
  /** Health factor above which (not at which) this holds. */
  above: Decimal;
  /** Least collateral and least debt for which this holds, numeraire. */
  minimum: Decimal;
}

/** Aave from version 3.3: half, above 0.95, where both sides are worth 2000 USD. */
export const AAVE_CLOSE_FACTOR: CloseFactorRule = { partial: 0.5, above: 0.95, minimum: 2000 };

/**
 * Share of a debt that one liquidation may repay.
 * @param loan - health factor (null: no debt), collateral and debt of the pair, numeraire
 * @param rule - default Aave's
 * @returns fraction: all, where the loan is too unhealthy or too small for a part
 * @throws MarginError range, type, not-finite, unknown-key
 * @see aave-dao/aave-v3-origin tests/protocol/pool/Pool.Liquidations.CloseFactor.t.sol
 * @example
 * closeFactor({ healthFactor: 0.97, collateral: 180_000, debt: 159_000 }) // 0.5
 */
export function closeFactor(
  loan: { healthFactor: number | null; collateral: Decimal; debt: Decimal },
  rule: CloseFactorRule = AAVE_CLOSE_FACTOR,
): number {
  const fields = new Fields(loan, 'loan', ['healthFactor', 'collateral', 'debt']);
  const rules = new Fields(rule, 'rule', ['partial', 'above', 'minimum']);
  const minimum = rules.number('minimum', AT_LEAST_0);
  const partial = rules.number('partial', { above: 0, max: 1 });
  const above = rules.number('above', AT_LEAST_0);
  const healthy = loan.healthFactor === null || fields.number('healthFactor', AT_LEAST_0) > above;
  const large = fields.number('collateral', AT_LEAST_0) >= minimum && fields.number('debt', AT_LEAST_0) >= minimum;
  return healthy && large ? partial : 1;
}
