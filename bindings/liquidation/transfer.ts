// A debt that a liquidator repays against collateral at a discount: how much of it, how much is handed over, and the
// guards that neither exceeds what there is. Whatever the numbers, the account pays for no more than is repaid plus the
// bonus.
import { AT_LEAST_0, Fields, POSITIVE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { exact, minus, rounded } from './exact.js';

/** A debt in one asset and the collateral in another. Prices are those of liquidation, numeraire. */
export interface Transfer {
  /** Units of debt that the liquidator wants to repay. */
  repay: Decimal;
  /** Units owed. */
  debt: Decimal;
  /** Of a unit of the debt, numeraire. */
  debtPrice: Decimal;
  /** Units of collateral held. */
  collateral: Decimal;
  /** Of a unit of the collateral, numeraire. */
  collateralPrice: Decimal;
  /** Of the value repaid, a fraction, on top of it. */
  bonus: Decimal;
  /** Part of the bonus that goes to the fund, a fraction; default 0. */
  fundShare?: Decimal;
}

/** What a repayment moves, and what stays. */
export interface Transferred {
  /** Units of debt repaid. */
  repaid: number;
  /** Units of collateral that leave the account. */
  seized: number;
  /** Of these, units for the fund. */
  toFund: number;
  /** Units of debt that stay. */
  debtLeft: number;
  /** Units of collateral that stay. */
  collateralLeft: number;
  /** What limited it: what was asked for, the debt, or the collateral. */
  limit: 'request' | 'debt' | 'collateral';
  /** Debt without collateral, numeraire: what the fund or others have to bear. */
  badDebt: number;
}

/**
 * Repays a debt and hands collateral over.
 * @param transfer - debt, collateral, prices and bonus
 * @returns what moves, and what stays
 * @throws MarginError range, type, not-finite, unknown-key
 * @see aave-dao/aave-v3-origin src/contracts/protocol/libraries/logic/LiquidationLogic.sol;
 *   blockworks-foundation/mango-v4 programs/mango-v4/src/instructions/token_liq_with_token.rs
 * @example
 * transferDebt({ repay: 100, debt: 80, debtPrice: 1, collateral: 1, collateralPrice: 64, bonus: 0.25 })
 *   // { repaid: 51.2, seized: 1, toFund: 0, debtLeft: 28.8, collateralLeft: 0, limit: 'collateral', badDebt: 28.8 }
 */
export function transferDebt(transfer: Transfer): Transferred {
  const keys = ['repay', 'debt', 'debtPrice', 'collateral', 'collateralPrice', 'bonus', 'fundShare'];
  const fields = new Fields(transfer, 'transfer', keys);
  const [asked, debt] = [fields.number('repay', AT_LEAST_0), fields.number('debt', AT_LEAST_0)];
  const [debtPrice, collateralPrice] = [
    fields.number('debtPrice', POSITIVE),
    fields.number('collateralPrice', POSITIVE),
  ];
  const collateral = fields.number('collateral', AT_LEAST_0);
  const bonus = fields.number('bonus', AT_LEAST_0);
  const wanted = Math.min(asked, debt);
  const price = (debtPrice * (1 + bonus)) / collateralPrice;
  const short = wanted * price > collateral;
  const seized = short ? collateral : wanted * price;
  const repaid = short ? Math.min(wanted, collateral / price) : wanted;
  const debtLeft = rounded(minus(exact(debt), exact(repaid)));
  const collateralLeft = rounded(minus(exact(collateral), exact(seized)));
  return {
    repaid,
    seized,
    toFund: (fields.number('fundShare', { min: 0, max: 1 }, 0) * seized * bonus) / (1 + bonus),
    debtLeft,
    collateralLeft,
    limit: short ? 'collateral' : asked > debt ? 'debt' : 'request',
    badDebt: collateralLeft === 0 ? debtLeft * debtPrice : 0,
  };
}
