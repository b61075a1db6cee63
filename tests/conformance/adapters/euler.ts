// Euler v2: its liquidation, in units fine enough for any decimal of a case.
import type { Decimal } from 'margin-kernel';
import { decimal, scaled } from 'margin-kernel/venues/decimal';
import { reverseDutch } from 'margin-kernel/waterfall';
import { type Adapters, adapter } from './adapter.js';

const DECIMALS = 30;

interface Account {
  collateral: Decimal;
  collPrice: Decimal;
  liqLTV: Decimal;
  debt: Decimal;
  debtPrice: Decimal;
  maxDiscount: Decimal;
}

export const vaults: Adapters = {
  'auction.reverseDutch': adapter<Account>(({ collateral, collPrice, liqLTV, debt, debtPrice, maxDiscount }) => {
    const { health, repay, seize, badDebt } = reverseDutch({
      collateral: scaled(collateral, DECIMALS),
      collateralPrice: collPrice,
      liquidationLtv: liqLTV,
      debt: scaled(debt, DECIMALS),
      debtPrice,
      maxDiscount,
    });
    return {
      healthScore: `${health.numerator}/${health.denominator}`,
      repay: decimal(repay, DECIMALS),
      yield_: decimal(seize, DECIMALS),
      badDebt: decimal(badDebt, DECIMALS),
    };
  }),
};
