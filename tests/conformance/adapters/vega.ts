// Vega: maintenance margin of one position, margin of an order in isolated mode.
import type { Decimal } from 'margin-kernel';
import * as vega from 'margin-kernel/venues/vega';
import { type Adapters, adapter, book, margined } from './adapter.js';

interface Position {
  size: Decimal;
  price: Decimal;
  linearSlippage: Decimal;
  riskFactor: Decimal;
}

export const positions: Adapters = {
  margin: adapter<Position>(({ size, price, linearSlippage, riskFactor }) => {
    const market = vega.market({
      id: 'X',
      settlementAsset: 'USD',
      markPrice: price,
      linearSlippageFactor: linearSlippage,
      riskFactors: { long: riskFactor, short: riskFactor },
    });
    const account = vega.party('a', {
      asset: 'USD',
      balance: 0,
      positions: [{ market: 'X', openVolume: size, averageEntryPrice: price }],
    });
    return { maintenanceMargin: margined(book([{ id: 'USD', price: 1 }], [market], account)).maintenanceMargin };
  }),
  preTrade: adapter<{ qty: Decimal; price: Decimal; marginFactor: Decimal }>(({ qty: size, ...order }) => ({
    orderMargin: vega.isolatedMargin({ size, ...order }),
  })),
};
