// Derive, standard manager: the check of a trade.
import type { Decimal } from 'margin-kernel';
import * as derive from 'margin-kernel/venues/derive';
import { type Adapters, adapter } from './adapter.js';

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
