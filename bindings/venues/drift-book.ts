// Drift v2: spot markets, perp markets and users as parts of a book, and the margin that the kernel explains in Drift's own
// words. Values are decimals (tokens, USD, fractions), as the SDK shows them; the programme's integers are in drift.ts.
import { decimal as real } from '../book/fields.js';
import type {
  AccountJSON,
  AssetJSON,
  Decimal,
  HoldingsJSON,
  Level,
  MarketJSON,
  OrderJSON,
  PerLevel,
  PositionJSON,
} from '../book/types.js';
import type { PositionExplanation, UnitExplanation } from '../explain.js';
import { negate } from './decimal.js';

/** A token that can be deposited and borrowed. */
export interface SpotMarket {
  name: string;
  /** Oracle price, USD. */
  price: Decimal;
  /** 5-minute average of the oracle; null: none. */
  twap?: Decimal | null;
  /** Levels whose prices are strict, min or max of oracle and average; default: initial. */
  strict?: Level[];
  /** Fractions; maintenance defaults to initial. */
  initialAssetWeight?: Decimal;
  maintenanceAssetWeight?: Decimal;
  initialLiabilityWeight?: Decimal;
  maintenanceLiabilityWeight?: Decimal;
  imfFactor?: Decimal;
  /** Deposits of all users (tokens) and their value (USD) from which the initial weight falls. */
  deposits?: Decimal;
  scaleInitialAssetWeightStart?: Decimal | null;
}

/** A perpetual or a prediction contract that settles in the quote token. */
export interface PerpMarket {
  name: string;
  contractType?: 'perpetual' | 'prediction';
  /** Oracle price, USD; of a prediction in (0, 1). */
  price: Decimal;
  /** Fractions. */
  marginRatioInitial: Decimal;
  marginRatioMaintenance: Decimal;
  imfFactor?: Decimal;
  /** Weights of a positive unrealised profit; default 1. */
  unrealizedPnlInitialAssetWeight?: Decimal;
  unrealizedPnlMaintenanceAssetWeight?: Decimal;
  unrealizedPnlImfFactor?: Decimal;
}

/** Open orders of a user in one market. */
export interface OpenOrders {
  /** Base, >= 0. */
  openBids?: Decimal;
  /** Base, <= 0. */
  openAsks?: Decimal;
  /** Number of orders. */
  openOrders?: Decimal;
}

/** Tokens held (positive) or borrowed. */
export interface SpotPosition extends OpenOrders {
  market: string;
  amount: Decimal;
}

export interface PerpPosition extends OpenOrders {
  market: string;
  /** Signed base. */
  base: Decimal;
  /** What the position has cost or brought in, USD: profit = base * price + quote. */
  quote: Decimal;
  /** Quote token set aside for this position alone; null: cross. */
  isolatedDeposit?: Decimal | null;
}

/** The quote token of every market. */
export const QUOTE = 'USDC';
/** Requirement of every open spot order, USD (OPEN_ORDER_MARGIN_REQUIREMENT). */
const OPEN_ORDER_MARGIN = 0.01;
/** Most that a profit counts at the initial level, USD (MAX_POSITIVE_UPNL_FOR_INITIAL_MARGIN). */
const MAX_INITIAL_PROFIT = 100;

/** Id of the market that carries a token's spot orders. */
const ordersOf = (token: string): string => `${token}-SPOT`;

const levels = (initial: Decimal, maintenance: Decimal | undefined): PerLevel => ({
  initial,
  maintenance: maintenance ?? initial,
});

/**
 * A token as an asset. The quote token always weighs 1, whatever a user's own margin ratio is.
 * @param market - prices (USD), weights and size factor (fractions)
 * @returns asset under the market's name
 * @example
 * spotAsset({ name: 'SOL', price: 100, initialAssetWeight: 0.8, initialLiabilityWeight: 1.2 }).assetWeight
 *   // { initial: 0.8, maintenance: 0.8 }
 */
export function spotAsset(market: SpotMarket): AssetJSON {
  const { twap = null, imfFactor = 0 } = market;
  const guard: Partial<AssetJSON> = twap === null ? {} : { twap, guard: market.strict ?? ['initial'] };
  if (market.name === QUOTE) return { id: QUOTE, price: market.price, ...guard, rateFloor: false };
  return {
    id: market.name,
    price: market.price,
    ...guard,
    assetWeight: levels(market.initialAssetWeight ?? 1, market.maintenanceAssetWeight),
    liabilityWeight: levels(market.initialLiabilityWeight ?? 1, market.maintenanceLiabilityWeight),
    ...(real(imfFactor, 'imfFactor') === 0 ? {} : { curve: { kind: 'sqrt', factor: imfFactor } }),
    ...(market.deposits === undefined ? {} : { deposits: market.deposits }),
    depositScaleStart: market.scaleInitialAssetWeightStart ?? null,
  };
}

/**
 * The market of a token's spot orders: the worse of all bids and all asks filled counts.
 * @param market - a token other than the quote token
 * @returns spot market `<name>-SPOT`
 * @example
 * spotMarket({ name: 'SOL', price: 100 }).id // 'SOL-SPOT'
 */
export function spotMarket(market: SpotMarket): MarketJSON {
  return {
    id: ordersOf(market.name),
    kind: 'spot',
    base: market.name,
    quote: QUOTE,
    mark: market.price,
    spotOrders: 'fill',
    orderMargin: OPEN_ORDER_MARGIN,
  };
}

/**
 * A perp market. Profits count beside the collateral: weighted by market and size, at most 100 USD at the initial level.
 * @param market - price (USD), ratios, weights and factors (fractions)
 * @returns linear or prediction market that settles in the quote token
 * @throws MarginError type, not-finite
 * @example
 * perpMarket({ name: 'SOL-PERP', price: 100, marginRatioInitial: 0.1, marginRatioMaintenance: 0.05 }).pnlCap
 *   // { initial: 100, maintenance: null }
 */
export function perpMarket(market: PerpMarket): MarketJSON {
  const { imfFactor = 0, unrealizedPnlImfFactor = 0 } = market;
  return {
    id: market.name,
    kind: market.contractType === 'prediction' ? 'prediction' : 'linear',
    settle: QUOTE,
    mark: market.price,
    brackets: [{ upTo: null, initialRate: market.marginRatioInitial, maintenanceRate: market.marginRatioMaintenance }],
    ...(real(imfFactor, 'imfFactor') === 0 ? {} : { curve: { kind: 'sqrt', factor: imfFactor, of: 'size' } }),
    pnl: 'separate',
    pnlWeight: levels(market.unrealizedPnlInitialAssetWeight ?? 1, market.unrealizedPnlMaintenanceAssetWeight),
    pnlCap: { initial: MAX_INITIAL_PROFIT, maintenance: null },
    pnlCurve: unrealizedPnlImfFactor,
  };
}

function orders(market: string, { openBids = 0, openAsks = 0, openOrders = 0 }: OpenOrders): OrderJSON[] {
  const count = real(openOrders, 'openOrders');
  if (count === 0 && real(openBids, 'openBids') === 0 && real(openAsks, 'openAsks') === 0) return [];
  return [
    { market, side: 'buy', size: openBids, notional: 0, count },
    { market, side: 'sell', size: negate(openAsks), notional: 0, count: 0 },
  ];
}

function holdings(perps: readonly PerpPosition[]): Required<Pick<HoldingsJSON, 'positions' | 'orders'>> {
  return {
    positions: perps.map(({ market, base, quote }): PositionJSON => ({ market, size: base, cost: negate(quote) })),
    orders: perps.flatMap((perp) => orders(perp.market, perp)),
  };
}

/**
 * A user's account.
 * @param id - of the account
 * @param state - tokens (deposits and borrows), perp positions, and the user's own least initial margin ratio
 * @returns an account; each isolated position is a bucket of its own, numbered from 1
 * @throws MarginError type, not-finite
 * @example
 * user('u', { spot: [{ market: 'SOL', amount: 500, openAsks: -3_000, openOrders: 1 }], perps: [] }).balances // { SOL: 500 }
 */
export function user(
  id: string,
  state: {
    spot: readonly SpotPosition[];
    perps: readonly PerpPosition[];
    customMarginRatio?: Decimal | null;
  },
): AccountJSON {
  const isolated = state.perps.filter(({ isolatedDeposit = null }) => isolatedDeposit !== null);
  const cross = holdings(state.perps.filter(({ isolatedDeposit = null }) => isolatedDeposit === null));
  return {
    id,
    initialRateFloor: state.customMarginRatio ?? 0,
    balances: Object.fromEntries(state.spot.map(({ market, amount }) => [market, amount])),
    positions: cross.positions,
    orders: [...cross.orders, ...state.spot.flatMap((position) => orders(ordersOf(position.market), position))],
    buckets: isolated.map((position, index) => ({
      bucket: index + 1,
      balances: { [QUOTE]: position.isolatedDeposit ?? 0 },
      ...holdings([position]),
    })),
  };
}

/** Drift's two sums; free collateral is their difference. */
export interface MarginCalculation {
  /** USD. */
  totalCollateral: number;
  marginRequirement: number;
}

/** A token after the worse outcome of its open orders, as Drift names it. */
export interface WorstCaseSpot {
  /** Tokens after the fills. */
  tokenAmount: number;
  /** What the fills pay (negative) or bring in, USD. */
  ordersValue: number;
  /** Strict value after the fills, USD, and the same weighted. */
  tokenValue: number;
  weightedTokenValue: number;
  /** Weighted value and orders together. */
  freeCollateralContribution: number;
}

/** A perp position after the worse outcome of its open orders. */
export interface WorstCasePerp {
  /** Base. */
  worstBase: number;
  /** Liability of it, USD; of a prediction's short side base * (1 - price). */
  worstLiabilityValue: number;
}

/**
 * A token of an explained unit after its open orders.
 * @param unit - a user's unit, explained
 * @param token - name of the spot market
 * @param level - requirement asked for
 * @returns tokens and USD; all zero where the user has none
 * @example
 * worstCaseSpot({ balances: [], spotOrders: [] }, 'SOL', 'initial').tokenAmount // 0
 */
export function worstCaseSpot(
  unit: Pick<UnitExplanation, 'balances' | 'spotOrders'>,
  token: string,
  level: Level,
): WorstCaseSpot {
  const balance = unit.balances.find(({ asset }) => asset === token);
  const orders = unit.spotOrders.find(({ base, form }) => base === token && form === 'fill');
  const collateral = balance?.collateral[level] ?? 0;
  const requirement = balance?.requirement[level] ?? 0;
  const tokenValue = orders?.valueAfter[level] ?? balance?.guardedValue[level] ?? 0;
  const ordersValue = orders?.ordersValue[level] ?? 0;
  return {
    tokenAmount: orders?.amountAfter[level] ?? balance?.total ?? 0,
    ordersValue,
    tokenValue,
    weightedTokenValue: tokenValue < 0 ? tokenValue - requirement : collateral - ordersValue,
    freeCollateralContribution: collateral - requirement,
  };
}

/**
 * A perp position of an explained unit after its open orders. Its liability is its requirement at a margin ratio of 1.
 * @param position - position row of a market whose margin ratios are 1
 * @returns base and USD
 * @example
 * worstCasePerp({ size: -98, requirement: { initial: 9_800 } }) // { worstBase: -98, worstLiabilityValue: 9_800 }
 */
export function worstCasePerp(position: Pick<PositionExplanation, 'size' | 'orders' | 'requirement'>): WorstCasePerp {
  return {
    worstBase: position.orders?.sizeAfter ?? position.size,
    worstLiabilityValue: position.requirement.initial,
  };
}

/**
 * A unit's margin in Drift's words: debts and what orders pay join the requirement instead of lessening the collateral.
 * Total collateral less requirement is the kernel's health.
 * @param unit - a user's unit, explained
 * @param level - requirement asked for
 * @returns USD
 * @example
 * marginCalculation({ balances: [], spotOrders: [], initialCollateral: 20, initialMargin: 12 }, 'initial')
 *   // { totalCollateral: 20, marginRequirement: 12 }
 */
export function marginCalculation(unit: UnitExplanation, level: Level): MarginCalculation {
  const [collateral, margin] = {
    initial: [unit.initialCollateral, unit.initialMargin] as const,
    maintenance: [unit.collateral, unit.maintenanceMargin] as const,
    liquidationEnd: [unit.endCollateral, unit.endMargin] as const,
  }[level];
  const claims = unit.balances.reduce((sum, { asset }) => {
    const { tokenValue, ordersValue } = worstCaseSpot(unit, asset, level);
    return sum + Math.max(-tokenValue, 0) + Math.max(-ordersValue, 0);
  }, 0);
  return { totalCollateral: collateral + claims, marginRequirement: margin + claims };
}
