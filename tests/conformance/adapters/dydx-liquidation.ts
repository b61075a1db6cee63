// dYdX v4: liquidations and what-if updates in integers of the protocol.
import { decimalParts } from 'margin-kernel/venues/decimal';
import * as dydx from 'margin-kernel/venues/dydx';
import type { Integer } from 'margin-kernel/venues/integer';
import { type Adapters, adapter } from './adapter.js';
import { type Account, type AccountPosition, accountRisk, type Oracle, oracleOf, perpetualOf } from './dydx.js';

interface Position extends AccountPosition {
  market: string;
}
interface Liquidation extends Account<Position> {
  liquidateMarket: string;
}

/** The position of a market, or the only one; one of nothing where the account has none. */
function positionOf(positions: readonly Position[], market?: string): Position {
  const none = { market: '', baseQuantums: 0, quantumsPerUnit: 1, oraclePrice: 1, imfPpm: 0, maintFractionPpm: 0 };
  return positions.find((position) => market === undefined || position.market === market) ?? none;
}

interface Fill extends Account<Position> {
  isBuy: boolean;
  fillBaseQuantums: Integer;
  subticks: Integer;
  quantumConversionExponent: number;
  maxLiquidationFeePpm: Integer;
}

type Limited = Oracle & dydx.PositionLimits & { positionBaseQuantums: Integer };
type Update = { usdcQuantums: Integer; positions: { market: string; baseQuantums: Integer }[] };

const subaccount = ({ usdcQuantums, positions }: Update): dydx.Subaccount => {
  return {
    usdcQuantums,
    positions: positions.map(({ market, baseQuantums }) => ({ ticker: market, baseQuantums })),
  };
};

export const dydxV4: Adapters = {
  bankruptcyPrice: adapter<Liquidation & { deltaBaseQuantums: Integer }>((inputs) => {
    const position = positionOf(inputs.positions, inputs.liquidateMarket);
    const quote = dydx.bankruptcyPrice(
      accountRisk(inputs),
      perpetualOf(position),
      position.baseQuantums,
      inputs.deltaBaseQuantums,
    );
    return { bankruptcyPriceQuoteQuantums: quote };
  }),
  fillablePrice: adapter<Liquidation & dydx.FillablePriceConfig>((inputs) => {
    const position = positionOf(inputs.positions, inputs.liquidateMarket);
    const price = dydx.fillablePrice(accountRisk(inputs), perpetualOf(position), position.baseQuantums, inputs);
    return { fillablePriceUsd: `${price.numerator}/${price.denominator}` };
  }),
  insuranceFund: adapter<Fill>((inputs) => {
    const position = positionOf(inputs.positions);
    const { subticks, quantumConversionExponent, fillBaseQuantums: baseQuantums } = inputs;
    const side = inputs.isBuy ? 'buy' : 'sell';
    const delta = dydx.insuranceFundDelta(
      accountRisk(inputs),
      perpetualOf(position),
      position.baseQuantums,
      { side, baseQuantums, subticks, quantumConversionExponent },
      inputs.maxLiquidationFeePpm,
    );
    return { insuranceFundDeltaQuoteQuantums: delta };
  }),
  'partialLiquidation/notionalLimits': adapter<Limited>((inputs) => {
    const notional = dydx.netNotional({ ...oracleOf(inputs), baseQuantums: inputs.positionBaseQuantums });
    return { ...dydx.notionalLimits(notional, inputs) };
  }),
  'partialLiquidation/size': adapter<Limited & { subaccountMaxNotionalLiquidated: Integer; stepBaseQuantums: Integer }>(
    (inputs) => ({
      deltaBaseQuantums: dydx.liquidatableQuantums(oracleOf(inputs), inputs.positionBaseQuantums, inputs),
    }),
  ),
  'preTrade/totals': adapter<{ netCollateral: Integer; initialMargin: Integer }>((inputs) => ({
    ok: dydx.isInitialCollateralized(inputs),
  })),
  'preTrade/whatIf': adapter<Account<Position> & { updates: Update }>((inputs) => {
    const { usdcQuantums, positions } = dydx.updated(subaccount(inputs), subaccount(inputs.updates));
    const after = positions.map(({ ticker, baseQuantums }) => {
      return { ...positionOf(inputs.positions, ticker), baseQuantums };
    });
    return { ...accountRisk({ usdcQuantums, positions: after }) };
  }),
};

interface Bankruptcy {
  positionsBaseQuantums: Record<string, Integer>;
  quoteQuantums: Integer;
  /** Quote quantums for each base quantum. */
  quotePerBaseQuantum: Record<string, number | string>;
  mmrPpm: Integer;
  market: string;
  deltaQuantums: Integer;
}

/** A market whose maintenance is a rate of its own and whose price is that of a quantum. */
function quantumPerpetual(quotePerBaseQuantum: number | string, mmrPpm: Integer): Omit<dydx.Perpetual, 'ticker'> {
  const { digits, exponent } = decimalParts(quotePerBaseQuantum);
  return {
    price: digits,
    priceExponent: exponent,
    atomicResolution: dydx.QUOTE_RESOLUTION,
    initialMarginPpm: mmrPpm,
    maintenanceFractionPpm: 1_000_000,
  };
}

interface Offset {
  liquidated: { base: Integer; quote: Integer };
  offsetting: { base: Integer; quote: Integer }[];
  delta: Integer;
  quotePerBaseQuantum: number | string;
  mmrPpm: Integer;
}

const deleveraged = ({ base, quote }: Offset['liquidated']) => ({ baseQuantums: base, quoteQuantums: quote });
const named = ({ baseQuantums: base, quoteQuantums: quote }: dydx.DeleveragedBalance) => ({ base, quote });

/** The same rules in a market of quantums. */
export const dydxWaterfall: Adapters = {
  'deleverage.offset': adapter<Offset>(({ liquidated, offsetting, delta, quotePerBaseQuantum, mmrPpm }) => {
    const perpetual = quantumPerpetual(quotePerBaseQuantum, mmrPpm);
    const rule = { noOverlap: 'refuse' } as const;
    const after = dydx.deleverage(deleveraged(liquidated), offsetting.map(deleveraged), delta, perpetual, rule);
    return { liquidated: named(after.liquidated), offsetting: after.offsetting.map(named) };
  }),
  'liq.bankruptcyPrice': adapter<Bankruptcy>((inputs) => {
    const { positionsBaseQuantums, quotePerBaseQuantum, mmrPpm, market } = inputs;
    const perpetual = (ticker: string) => quantumPerpetual(quotePerBaseQuantum[ticker]!, mmrPpm);
    const risks = Object.entries(positionsBaseQuantums).map(([ticker, baseQuantums]) =>
      dydx.positionRisk(perpetual(ticker), baseQuantums),
    );
    const account = dydx.accountRisk(inputs.quoteQuantums, risks);
    const held = positionsBaseQuantums[market] ?? 0;
    return { quoteQuantums: dydx.bankruptcyPrice(account, perpetual(market), held, inputs.deltaQuantums) };
  }),
};
