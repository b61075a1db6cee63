// Bybit: inverse positions in coin, liquidation and bankruptcy prices.
import type { Decimal } from 'margin-kernel';
import * as bybit from 'margin-kernel/venues/bybit';
import { type Adapters, adapter, book, explained, type Sign, sideOf, signed } from './adapter.js';

interface InversePosition {
  side: Sign;
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

interface LinearPosition {
  side: Sign;
  size: Decimal;
  entryPrice: Decimal;
  leverage: Decimal;
  mmr: Decimal;
}
interface InverseCross {
  side: Sign;
  sizeUsd: Decimal;
  entryPrice: Decimal;
  walletCoin: Decimal;
  mmr: Decimal;
  takerFee: Decimal;
  tick: Decimal;
}
interface Bankrupt {
  side: 'long' | 'short';
  entry: Decimal;
}

export const linear: Adapters = {
  liquidationPrice: adapter<LinearPosition>(({ side, size, mmr, ...rest }) => ({
    ...bybit.isolatedPrices({ size: signed(size, side), maintenanceRate: mmr, ...rest }),
  })),
  bankruptcyPrice: adapter<Pick<LinearPosition, 'side' | 'entryPrice' | 'leverage'>>(
    ({ side, entryPrice, leverage }) => ({
      bankruptcyPrice: bybit.isolatedBankruptcyPrice({ side: sideOf(side), entryPrice, leverage }),
    }),
  ),
};

export const defaults: Adapters = {
  'liq.bankruptcyPrice/inverseIsolated': adapter<Bankrupt & { leverage: Decimal; tickSize: Decimal }>(
    ({ entry, ...rest }) => ({ ...bybit.inverseIsolatedBankruptcyPrice({ entryPrice: entry, ...rest }) }),
  ),
  'liq.bankruptcyPrice/linearCross': adapter<
    Bankrupt & { size: Decimal; positionMargin: Decimal; walletBalance: Decimal }
  >(({ side, entry, size, ...rest }) => ({
    price: bybit.crossBankruptcyPrice({ size: side === 'short' ? signed(size, -1) : size, entryPrice: entry, ...rest }),
  })),
};

export const inverse: Adapters = {
  liquidationPrice: adapter<InverseCross>(({ side, sizeUsd, walletCoin, mmr, takerFee, tick, entryPrice }) => ({
    ...bybit.inverseCrossPrices({
      size: signed(sizeUsd, side),
      entryPrice,
      walletBalance: walletCoin,
      maintenanceRate: mmr,
      takerFeeRate: takerFee,
      tickSize: tick,
    }),
  })),
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
