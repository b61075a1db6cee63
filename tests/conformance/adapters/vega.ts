// Vega: maintenance margin and liquidation price of one position, margin of an isolated order; disposal and profit of what
// the network takes over.
import type { Decimal } from 'margin-kernel';
import { disposalSchedule, NO_POSITION, takeOver } from 'margin-kernel/liquidation';
import type { Integer } from 'margin-kernel/venues/integer';
import * as vega from 'margin-kernel/venues/vega';
import { type Adapters, adapter, book, margined } from './adapter.js';

interface Position {
  size: Decimal;
  price: Decimal;
  linearSlippage: Decimal;
  riskFactor: Decimal;
}

interface Collateralised {
  markPrice: Decimal;
  openVolume: Decimal;
  linearSlippage: Decimal;
  quadraticSlippage: Decimal;
  riskFactorLong: Decimal;
  riskFactorShort: Decimal;
  fundingPerUnit: Decimal;
  /** maintenanceMargin: that of the position. */
  collateral: Decimal;
}

export const positions: Adapters = {
  liquidationPrice: adapter<Collateralised>((inputs) => {
    const position = {
      openVolume: inputs.openVolume,
      markPrice: inputs.markPrice,
      linearSlippageFactor: inputs.linearSlippage,
      quadraticSlippageFactor: inputs.quadraticSlippage,
      riskFactors: { long: inputs.riskFactorLong, short: inputs.riskFactorShort },
      fundingPaymentPerUnit: inputs.fundingPerUnit,
    };
    const { collateral: given } = inputs;
    const collateral = given === 'maintenanceMargin' ? vega.maintenanceMargin(position) : given;
    return { liquidationPrice: vega.liquidationPrice({ ...position, collateral }) };
  }),
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

interface Settlement {
  losers: { id: string; loss: Integer; balance: Integer }[];
  winners: { id: string; gain: Integer }[];
  insurance: Integer;
}

interface Disposal {
  position: Decimal;
  disposalFraction: Decimal;
  fullDisposalSize: Decimal;
  maxFractionOfBook: Decimal;
  bookVolume: Decimal;
  stepSec: Decimal;
}

export const network: Adapters = {
  'liq.schedule': adapter<Disposal>((inputs) => {
    const rule = {
      fraction: inputs.disposalFraction,
      fullSize: inputs.fullDisposalSize,
      bookShare: inputs.maxFractionOfBook,
      every: inputs.stepSec,
    };
    return { trades: disposalSchedule(inputs.position, rule, inputs.bookVolume).trades };
  }),
  'liq.takeoverPnl': adapter<{ seq: [mark: Decimal, size: Decimal][] }>(({ seq }) => {
    let state = NO_POSITION;
    return {
      states: seq.map(([mark, size]) => {
        state = takeOver(state, { mark, size });
        return [state.position, state.realizedPnl, state.unrealizedPnl];
      }),
    };
  }),
  'loss.mtmSocialise': adapter<Settlement>((inputs) => {
    const { paid, given, toppedUp, insuranceLeft } = vega.settleMtm(inputs);
    return {
      paid: Object.fromEntries(inputs.winners.map(({ id }, i) => [id, paid[i]])),
      loserPaid: Object.fromEntries(inputs.losers.map(({ id }, i) => [id, given[i]! + toppedUp[i]!])),
      insuranceLeft,
    };
  }),
};
