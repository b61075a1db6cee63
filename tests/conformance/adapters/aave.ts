// Aave from version 3.3: close factor of accounts with one collateral and one debt.
import type { Decimal } from 'margin-kernel';
import { closeFactor, healthFactor } from 'margin-kernel/liquidation';
import { type Adapters, adapter } from './adapter.js';

interface Loans {
  wethPrice: Decimal;
  supplyWeth: Decimal[];
  liquidationThresholdBps: Decimal;
  debtUsd: Decimal[];
  minUsd: Decimal;
  hfThreshold: Decimal;
}

export const pool: Adapters = {
  'liq.closeFactor': adapter<Loans>((inputs) => {
    const rule = { partial: 0.5, above: inputs.hfThreshold, minimum: inputs.minUsd };
    const threshold = `${inputs.liquidationThresholdBps}e-4`;
    const loans = inputs.supplyWeth.map((amount, i) => {
      const debt = inputs.debtUsd[i] ?? 0;
      const loan = healthFactor({ collateral: [{ amount, price: inputs.wethPrice, threshold }], debt });
      return { hf: loan.healthFactor, closeFactor: closeFactor({ ...loan, debt }, rule) };
    });
    return { hf: loans.map(({ hf }) => hf), closeFactor: loans.map((loan) => loan.closeFactor) };
  }),
};
