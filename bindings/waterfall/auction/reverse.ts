// A reverse Dutch auction: the discount grows as health falls, so the first liquidator for whom it pays acts, and no clock is
// needed.
import { MarginError } from '../../errors.js';
import { compare, type Exact, exact, minus, over, times, whole } from '../../liquidation/exact.js';
import { type Integer, positive } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amountAt, fraction, type Ratio, ratioAbove0, ratioFrom0 } from '../amount.js';

/** An account whose collateral is sold at the discount that its health gives. */
export interface ReverseDutch {
  /** Minor units of the collateral, and value of one of them. */
  collateral: Integer;
  /** Value of a minor unit of collateral, > 0. */
  collateralPrice: Ratio;
  /** Part of the collateral's value that backs debt, 0 to 1. */
  liquidationLtv: Ratio;
  /** Minor units of the debt, > 0, and value of one of them, > 0. */
  debt: Integer;
  /** Value of a minor unit of debt, > 0. */
  debtPrice: Ratio;
  /** Most that the liquidator gets off, 0 to 1. */
  maxDiscount: Ratio;
}

/** What a liquidation repays and seizes; minor units unless said otherwise. */
export interface ReverseDutchResult {
  /** Weighted collateral / debt, exactly. */
  health: Exact;
  /** What the liquidator gets off, exactly. */
  discount: Exact;
  /** Debt that it repays, rounded up. */
  repay: Amount;
  /** Collateral that it gets, rounded down. */
  seize: Amount;
  /** Debt that is left without collateral. */
  badDebt: Amount;
}

const ONE = exact(1n);

/**
 * The largest liquidation of an account at the discount that its health gives.
 * @param account - collateral, debt and their values
 * @returns what is repaid and seized; where the collateral does not last, all of it, and the rest of the debt is bad
 * @throws MarginError range where health is above 1 (nothing may be liquidated) or there is no debt; missing-key, unknown-key,
 *   type, inexact
 * @see euler-xyz/euler-vault-kit src/EVault/modules/Liquidation.sol calculateMaxLiquidation
 * @example
 * reverseDutch({ collateral: 10_000n, collateralPrice: '0.4', liquidationLtv: '0.3', debt: 500n, debtPrice: '2.5',
 *   maxDiscount: '0.2' }).seize // 3_255n
 */
export function reverseDutch(account: ReverseDutch): ReverseDutchResult {
  const keys = ['collateral', 'collateralPrice', 'liquidationLtv', 'debt', 'debtPrice', 'maxDiscount'];
  const row = new Row(account, 'account', keys);
  const collateral = amountAt(row, 'collateral');
  const debt = positive(row.integer('debt'), row.at('debt'));
  const unit = ratioFrom0(account.collateralPrice, row.at('collateralPrice'));
  const debtUnit = ratioAbove0(account.debtPrice, row.at('debtPrice'));
  const least = minus(ONE, fraction(account.maxDiscount, row.at('maxDiscount')));
  const worth = times(exact(collateral), unit);
  const owed = times(exact(debt), debtUnit);
  const health = over(times(worth, fraction(account.liquidationLtv, row.at('liquidationLtv'))), owed);
  if (compare(health, ONE) > 0) {
    const expected = 'health of at most 1';
    throw new MarginError('range', { path: 'account', got: account.collateral, expected, hint: 'It is healthy' });
  }
  const factor = compare(health, least) > 0 ? health : least;
  const discount = minus(ONE, factor);
  // worth < owed / factor, without the division: the factor may be 0.
  if (compare(times(worth, factor), owed) < 0) {
    const repay = whole(over(times(worth, factor), debtUnit), 'ceil');
    return { health, discount, repay, seize: collateral, badDebt: debt - repay };
  }
  return { health, discount, repay: debt, seize: whole(over(over(owed, factor), unit), 'floor'), badDebt: 0n };
}
