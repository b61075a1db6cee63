// Derive: the standard manager's check of a trade, and the rate that cash is withdrawn at after a loss.
import type { Decimal } from 'margin-kernel';
import { decimal, scaled } from 'margin-kernel/venues/decimal';
import * as derive from 'margin-kernel/venues/derive';
import { cashFor, printLoss, withdrawRate } from 'margin-kernel/waterfall';
import { type Adapters, adapter, answers, fractionText } from './adapter.js';

/** Decimals of cash and coins. */
const DECIMALS = 18;

interface Trade {
  perp: Decimal;
  price: Decimal;
  imReq: Decimal;
  cash: Decimal;
}

export const standard: Adapters = {
  preTrade: adapter<Trade>(({ imReq, ...rest }) => ({
    ...derive.perpTradeCheck({ perpImRequirement: imReq, ...rest }),
  })),
};

interface Withdrawals {
  totalCash: Decimal;
  losses: Decimal | Decimal[];
  withdraw: Decimal;
}

export const cash: Adapters = {
  'loss.withdrawHaircut': adapter<Withdrawals>(({ totalCash, losses, withdraw }) => {
    const backing = scaled(totalCash, DECIMALS);
    return answers(losses, (loss) => {
      const pool = printLoss({ cash: backing, backing }, scaled(loss, DECIMALS));
      const cashBurnt = decimal(cashFor(pool, scaled(withdraw, DECIMALS)), DECIMALS);
      return { rate: fractionText(withdrawRate(pool)), cashBurnt };
    });
  }),
};
