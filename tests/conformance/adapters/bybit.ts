// Bybit: inverse positions in coin.
import type { Decimal } from 'margin-kernel';
import * as bybit from 'margin-kernel/venues/bybit';
import { type Adapters, adapter, book, explained } from './adapter.js';

interface InversePosition {
  /** 1 long, -1 short. */
  side: number | string;
  sizeUsd: Decimal;
  entryPrice: Decimal;
  markPrice?: Decimal | null;
  leverage?: Decimal | null;
}

/** One position, marked at a price; the coin is the unit of value. */
function position(inputs: InversePosition, markPrice: Decimal): ReturnType<typeof explained> {
  const market = bybit.market({
    symbol: 'X',
    contractType: 'InversePerpetual',
    settleCoin: 'COIN',
    markPrice,
    riskLimits: [{ riskLimitValue: '', maintenanceMargin: 0, initialMargin: 0 }],
    initialMarginAt: 'entry',
  });
  const account = bybit.account('a', {
    coin: [],
    positions: [
      {
        symbol: 'X',
        side: Number(inputs.side) < 0 ? 'Sell' : 'Buy',
        size: inputs.sizeUsd,
        avgPrice: inputs.entryPrice,
        leverage: inputs.leverage ?? 1,
      },
    ],
  });
  return explained(book([{ id: 'COIN', price: 1 }], [market], account));
}

export const inverse: Adapters = {
  margin: adapter<InversePosition>((inputs) => {
    const opened = position(inputs, inputs.entryPrice).units[0]!;
    const marked = position(inputs, inputs.markPrice ?? inputs.entryPrice).units[0]!;
    return {
      positionValueCoin: opened.notional,
      initialMarginCoin: marked.initialMargin,
      unrealisedPnlCoin: marked.positions[0]?.unrealizedPnl ?? 0,
    };
  }),
};
