// Exchange documentation without a venue file of its own: perpetuals with margin at entry, inverse PnL, flat haircuts.
import type { Decimal, PositionJSON } from 'margin-kernel';
import * as cex from 'margin-kernel/venues/cex';
import { haircutAsset, isolated, type Perpetual, perpetual } from 'margin-kernel/venues/cex';
import { frozenTierPrice } from 'margin-kernel/venues/frozen-tier';
import {
  type Adapters,
  type Answer,
  adapter,
  book,
  explained,
  margined,
  type Sign,
  sideOf,
  signed,
} from './adapter.js';

interface Position {
  size: Decimal;
  entryPrice: Decimal;
  markPrice: Decimal;
  mmr: Decimal;
}

const MARKET = { id: 'X', settle: 'USDT' };
const USDT = { id: 'USDT', price: 1 };

/** An isolated position, opened with its own initial margin and then marked. */
function isolatedPosition(market: Perpetual, position: PositionJSON): Answer {
  const opening = margined(book([USDT], [perpetual(market)], isolated('a', position)));
  const held = isolated('a', position, { USDT: opening.initialMargin });
  const json = book([USDT], [perpetual(market)], held);
  const risk = margined(json);
  return {
    initialMargin: opening.initialMargin,
    isolatedMargin: opening.initialMargin,
    maintenanceMargin: risk.maintenanceMargin,
    unrealizedPnl: explained(json).units[1]!.positions[0]!.unrealizedPnl,
    remainingMargin: risk.equity,
    marginRatioPct: percent(risk.marginRatio),
  };
}

const percent = (ratio: number | null): number | null => (ratio === null ? null : 100 * ratio);

interface Available {
  side: Sign;
  size: Decimal;
  entryPrice: Decimal;
  availableBalance: Decimal;
  initialMargin: Decimal;
  maintenanceMargin: Decimal;
}
interface Leveraged {
  side: Sign;
  entryPrice: Decimal;
  leverage: Decimal;
  mmr: Decimal;
}
interface Assigned {
  openValue: Decimal;
  assignedBalance: Decimal;
  mmAmount: Decimal;
  size: Decimal;
  mmr: Decimal;
  takerFee: Decimal;
}

export const docs: Adapters = {
  'liquidationPrice/crossAvailable': adapter<Available>(({ side, size, ...rest }) => ({
    liquidationPrice: cex.crossLiquidationPrice({ size: signed(size, side), ...rest }),
  })),
  'liquidationPrice/isolatedByLeverage': adapter<Leveraged>(({ side, mmr, ...rest }) => ({
    liquidationPrice: cex.isolatedLiquidationPrice({ side: sideOf(side), maintenanceRate: mmr, ...rest }),
  })),
  'liquidationPrice/isolatedAssigned': adapter<Assigned>(({ mmAmount, mmr, takerFee, ...rest }) => ({
    liquidationPrice: cex.assignedLiquidationPrice({
      maintenanceAmount: mmAmount,
      maintenanceRate: mmr,
      takerFeeRate: takerFee,
      ...rest,
    }),
  })),
  'margin/marginRatioIsolated': adapter<Position & { leverage: Decimal; side: Sign }>((inputs) =>
    isolatedPosition(
      {
        ...MARKET,
        mark: inputs.markPrice,
        maintenanceRate: inputs.mmr,
        initialRate: 0,
        atEntry: { initial: true, maintenance: true },
      },
      { market: 'X', size: signed(inputs.size, inputs.side), entry: inputs.entryPrice, leverage: inputs.leverage },
    ),
  ),
  'margin/remainingMargin': adapter<Position & { imr: Decimal }>((inputs) =>
    isolatedPosition(
      {
        ...MARKET,
        mark: inputs.markPrice,
        maintenanceRate: inputs.mmr,
        initialRate: inputs.imr,
        atEntry: { initial: true, maintenance: true },
      },
      { market: 'X', size: inputs.size, entry: inputs.entryPrice },
    ),
  ),
  'margin/riskCross': adapter<Position & { balance: Decimal; takerFee: Decimal; leverage: Decimal }>((inputs) => {
    const market = perpetual({
      ...MARKET,
      mark: inputs.markPrice,
      maintenanceRate: inputs.mmr,
      initialRate: 0,
      atEntry: { initial: true },
      closingFee: inputs.takerFee,
    });
    const position = { market: 'X', size: inputs.size, entry: inputs.entryPrice, leverage: inputs.leverage };
    const account = { id: 'a', balances: { USDT: inputs.balance }, positions: [position] };
    const { marginRatio, health } = margined(book([USDT], [market], account));
    return { riskPct: percent(marginRatio), availableMargin: health.initial };
  }),
};

interface InversePosition {
  contracts: Decimal;
  multiplierUsd: Decimal;
  entryPrice: Decimal;
  exitPrice: Decimal;
  side: Sign;
}
interface InverseLeveraged {
  isLong: boolean;
  entryPrice: Decimal;
  leverage: Decimal;
  mmr: Decimal;
}

/** Liquidation price of an isolated inverse position, maintenance at entry. */
const inverseLeveraged = adapter<InverseLeveraged>(({ isLong, mmr, ...rest }) => ({
  liquidationPrice: cex.inverseIsolatedLiquidationPrice({
    side: isLong ? 'long' : 'short',
    maintenanceRate: mmr,
    ...rest,
  }),
}));

interface Cross {
  equity: Decimal;
  side: Sign;
  size: Decimal;
  markPrice: Decimal;
  mmr: Decimal;
  otherMaintenance: Decimal;
}

export const misc: Adapters = {
  'liquidationPrice/crossOtherMaintenance': adapter<Cross>(({ equity, otherMaintenance, ...position }) => ({
    liquidationPrice: frozenTierPrice({
      equity,
      otherMaintenance,
      positions: [{ size: signed(position.size, position.side), price: position.markPrice, rate: position.mmr }],
    }),
  })),
  'liquidationPrice/inverseMaintenanceAtEntry': inverseLeveraged,
};

export const inverse: Adapters = {
  bankruptcyPrice: inverseLeveraged,
  margin: adapter<InversePosition>(({ contracts, multiplierUsd, entryPrice, exitPrice, side }) => {
    const market = perpetual({
      id: 'X',
      settle: 'COIN',
      kind: 'inverse',
      multiplier: multiplierUsd,
      mark: exitPrice,
      maintenanceRate: 0,
    });
    const position = { market: 'X', size: signed(contracts, side), entry: entryPrice };
    const { units } = explained(book([{ id: 'COIN', price: 1 }], [market], { id: 'a', positions: [position] }));
    return { pnlCoin: units[0]!.positions[0]!.unrealizedPnl };
  }),
};

interface Holding {
  asset: string;
  amount: Decimal;
  price: Decimal;
  haircut: Decimal;
}

export const bitcom: Adapters = {
  collateral: adapter<{ assets: Holding[] }>(({ assets }) => {
    const rows = assets.map(({ asset, price, haircut }) => haircutAsset({ id: asset, price, haircut }));
    const balances = Object.fromEntries(assets.map(({ asset, amount }) => [asset, amount]));
    const unit = explained(book(rows, [], { id: 'a', balances })).units[0]!;
    return {
      total: unit.collateral,
      byAsset: Object.fromEntries(unit.balances.map(({ asset, collateral }) => [asset, collateral.maintenance])),
    };
  }),
};
