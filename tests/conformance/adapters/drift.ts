// Drift v2: integers of the programme, users and open orders.
import type { Decimal, Level } from 'margin-kernel';
import { decimal, scaled } from 'margin-kernel/venues/decimal';
import * as drift from 'margin-kernel/venues/drift';
import type { Integer } from 'margin-kernel/venues/integer';
import { type Adapters, type Answer, adapter, book, explained } from './adapter.js';

type MarginType = 'initial' | 'maintenance';
/** Vectors take the strict price at the requirement asked for. */
const STRICT: Level[] = ['initial', 'maintenance', 'liquidationEnd'];

interface SpotRow {
  asset: string;
  amount: Decimal;
  price: Decimal;
  twap?: Decimal | null;
  assetWeight: Decimal;
  liabWeight: Decimal;
  openBids?: Decimal;
  openAsks?: Decimal;
  openOrders?: Decimal;
}
interface PerpRow {
  size: Decimal;
  price: Decimal;
  marginRatio: Decimal;
  quoteAmount: Decimal;
  unrealizedPnlAssetWeight: Decimal;
  isolatedDeposit?: Decimal | null;
}
interface User {
  type: MarginType;
  customMarginRatio?: Decimal | null;
  spot: SpotRow[];
  perps: PerpRow[];
}

function spotMarket({ asset, price, twap = null, assetWeight, liabWeight }: SpotRow): drift.SpotMarket {
  return {
    name: asset,
    price,
    twap,
    strict: STRICT,
    initialAssetWeight: assetWeight,
    initialLiabilityWeight: liabWeight,
  };
}

const perpName = (index: number): string => `PERP-${index}`;

function account({ type, customMarginRatio = null, spot, perps }: User): Answer {
  const spots = spot.map(spotMarket);
  const quote = spots.some(({ name }) => name === drift.QUOTE) ? [] : [{ name: drift.QUOTE, price: 1 }];
  const markets = [
    ...spots.filter(({ name }) => name !== drift.QUOTE).map(drift.spotMarket),
    ...perps.map((perp, index) =>
      drift.perpMarket({
        name: perpName(index),
        price: perp.price,
        marginRatioInitial: perp.marginRatio,
        marginRatioMaintenance: perp.marginRatio,
        unrealizedPnlInitialAssetWeight: perp.unrealizedPnlAssetWeight,
      }),
    ),
  ];
  const user = drift.user('u', {
    customMarginRatio,
    spot: spot.map(({ asset, amount, openBids = 0, openAsks = 0, openOrders = 0 }) => ({
      market: asset,
      amount,
      openBids,
      openAsks,
      openOrders,
    })),
    perps: perps.map(({ size, quoteAmount, isolatedDeposit = null }, index) => ({
      market: perpName(index),
      base: size,
      quote: quoteAmount,
      isolatedDeposit,
    })),
  });
  const [cross, isolated] = explained(book([...spots, ...quote].map(drift.spotAsset), markets, user)).units;
  const bucket = isolated && drift.marginCalculation(isolated, type);
  return {
    ...drift.marginCalculation(cross!, type),
    isolatedMarginRequirement: bucket?.marginRequirement ?? null,
    isolatedTotalCollateral: bucket?.totalCollateral ?? null,
  };
}

interface PerpOrders {
  base: Decimal;
  openBids: Decimal;
  openAsks: Decimal;
  price: Decimal;
  contract: 'linear' | 'prediction';
}

function perpWorstCase({ base, openBids, openAsks, price, contract }: PerpOrders): drift.WorstCasePerp {
  const market = drift.perpMarket({
    name: 'PERP',
    contractType: contract === 'prediction' ? 'prediction' : 'perpetual',
    price,
    marginRatioInitial: 1,
    marginRatioMaintenance: 1,
  });
  const user = drift.user('u', { spot: [], perps: [{ market: 'PERP', base, quote: 0, openBids, openAsks }] });
  const usdc = drift.spotAsset({ name: drift.QUOTE, price: 1 });
  return drift.worstCasePerp(explained(book([usdc], [market], user)).units[0]!.positions[0]);
}

interface SpotOrders {
  tokenAmount: Decimal;
  openBids: Decimal;
  openAsks: Decimal;
  oracle: Decimal;
  twap?: Decimal | null;
  assetWeight: Decimal;
  liabWeight: Decimal;
}

function spotWorstCase(inputs: SpotOrders): drift.WorstCaseSpot {
  const { tokenAmount: amount, openBids, openAsks, oracle: price } = inputs;
  const token = spotMarket({ ...inputs, asset: 'TOKEN', amount, price });
  const assets = [token, { name: drift.QUOTE, price: 1 }].map(drift.spotAsset);
  const user = drift.user('u', { spot: [{ market: 'TOKEN', amount, openBids, openAsks }], perps: [] });
  const unit = explained(book(assets, [drift.spotMarket(token)], user)).units[0]!;
  return drift.worstCaseSpot(unit, 'TOKEN', 'initial');
}

interface PerpRequirement {
  base: Decimal;
  quoteEntryUsd: Decimal;
  oraclePrice: Decimal;
  marginRatioInitial: Decimal;
  imfFactor: Decimal;
  unrealizedPnlAssetWeight: Decimal;
  unrealizedPnlImfFactor: Decimal;
}

function perpRequirement(inputs: PerpRequirement): Answer {
  const base = scaled(inputs.base, 9);
  const price = scaled(inputs.oraclePrice, 6);
  const ratio = drift.sizePremium(scaled(inputs.marginRatioInitial, 4), base, scaled(inputs.imfFactor, 6));
  return {
    marginRequirementAtoms1e6: drift.perpMarginRequirement(base, price, ratio),
    unrealizedPnlInitialUsd: drift.initialUnrealizedPnl(
      { base, price, quote: scaled(inputs.quoteEntryUsd, 6) },
      {
        unrealizedPnlInitialAssetWeight: scaled(inputs.unrealizedPnlAssetWeight, 4),
        unrealizedPnlImfFactor: scaled(inputs.unrealizedPnlImfFactor, 6),
      },
    ),
  };
}

interface Size {
  size1e9: Integer;
  imfFactor1e6: Integer;
}
interface Ratios extends Size {
  marginRatioInitial1e4: Integer;
  marginRatioMaintenance1e4: Integer;
  type: drift.MarginType;
}
interface Deposits {
  baseWeight: Decimal;
  scaleStartUsd: Decimal;
  totalDeposits: Decimal;
  price: Decimal;
}

export const driftV2: Adapters = {
  'margin/account': adapter<User>(account),
  'openOrders/account': adapter<User>(account),
  'margin/perpRequirement': adapter<PerpRequirement>(perpRequirement),
  'openOrders/perpWorstCase': adapter<PerpOrders>((inputs) => ({ ...perpWorstCase(inputs) })),
  'openOrders/spotWorstCase': adapter<SpotOrders>((inputs) => ({ ...spotWorstCase(inputs) })),
  'sizeWeight/perpMarginRatio': adapter<Ratios>(({ type, size1e9, ...inputs }) => {
    const market = {
      marginRatioInitial: inputs.marginRatioInitial1e4,
      marginRatioMaintenance: inputs.marginRatioMaintenance1e4,
      imfFactor: inputs.imfFactor1e6,
    };
    return { marginRatio1e4: drift.marginRatio(market, size1e9, type) };
  }),
  'sizeWeight/highLeverage': adapter<Ratios & { hlmMarginRatioInitial1e4: Integer }>((inputs) => {
    const market = {
      marginRatioInitial: inputs.marginRatioInitial1e4,
      highLeverageMarginRatioInitial: inputs.hlmMarginRatioInitial1e4,
      imfFactor: inputs.imfFactor1e6,
    };
    return { marginRatio1e4: drift.highLeverageMarginRatio(market, inputs.size1e9) };
  }),
  'sizeWeight/spotWeight': adapter<Size & { side: 'asset' | 'liability'; baseWeight1e4: Integer }>((inputs) => {
    const weigh = inputs.side === 'asset' ? drift.sizeDiscount : drift.sizePremium;
    return { weight1e4: weigh(inputs.baseWeight1e4, inputs.size1e9, inputs.imfFactor1e6) };
  }),
  'sizeWeight/unrealizedPnl': adapter<Size & { unrealizedPnlAtoms1e6: Integer; baseWeight1e4: Integer }>((inputs) => ({
    weight1e4: drift.unrealizedPnlWeight(inputs.baseWeight1e4, inputs.unrealizedPnlAtoms1e6, inputs.imfFactor1e6),
  })),
  'sizeWeight/depositScaled': adapter<Deposits>(({ baseWeight, scaleStartUsd, totalDeposits, price }) => {
    const weight = drift.depositScaledWeight({
      weight: scaled(baseWeight, 4),
      scaleStart: scaled(scaleStartUsd, 6),
      deposits: scaled(totalDeposits, 18),
      decimals: 18,
      price: scaled(price, 6),
    });
    return { weight: decimal(weight, 4) };
  }),
};
