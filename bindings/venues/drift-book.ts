// Drift v2: spot markets, perp markets and users as parts of a book, and the margin that the kernel explains in Drift's own
// words. Values are decimals (tokens, USD, fractions), as the SDK shows them; the programme's integers are in drift-rules.ts.
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
import type { PositionExplanation, UnitExplanation } from '../explanation.js';
import { negate } from './decimal.js';
import { balancesOf, Row } from './rows.js';

/** A token that can be deposited and borrowed. */
export interface SpotMarket {
  /** Symbol of the token. */
  name: string;
  /** Oracle price, USD. */
  price: Decimal;
  /** 5-minute average of the oracle; null: none. */
  twap?: Decimal | null;
  /** Levels whose prices are strict, min or max of oracle and average; default: initial. */
  strict?: Level[];
  /** Fractions; maintenance defaults to initial. */
  initialAssetWeight?: Decimal;
  /** Fraction; default the initial one. */
  maintenanceAssetWeight?: Decimal;
  /** 1 or more. */
  initialLiabilityWeight?: Decimal;
  /** 1 or more; default the initial one. */
  maintenanceLiabilityWeight?: Decimal;
  /** Growth of weights with the root of the size; default 0. */
  imfFactor?: Decimal;
  /** Deposits of all users (tokens) and their value (USD) from which the initial weight falls. */
  deposits?: Decimal;
  /** Value of all deposits from which the initial weight falls, USD; null: never. */
  scaleInitialAssetWeightStart?: Decimal | null;
}

/** A perpetual or a prediction contract that settles in the quote token. */
export interface PerpMarket {
  /** Of the market. */
  name: string;
  /** Default perpetual. */
  contractType?: 'perpetual' | 'prediction';
  /** Oracle price, USD; of a prediction in (0, 1). */
  price: Decimal;
  /** Fractions. */
  marginRatioInitial: Decimal;
  /** Fraction of the notional. */
  marginRatioMaintenance: Decimal;
  /** Growth of ratios with the root of the size; default 0. */
  imfFactor?: Decimal;
  /** Weights of a positive unrealised profit; default 1. */
  unrealizedPnlInitialAssetWeight?: Decimal;
  /** Of a positive profit, maintenance; default 1. */
  unrealizedPnlMaintenanceAssetWeight?: Decimal;
  /** Fall of the initial weight of a profit with the root of its size; default 0. */
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
  /** Name of the spot market. */
  market: string;
  /** Tokens; a borrow is negative. */
  amount: Decimal;
}

export interface PerpPosition extends OpenOrders {
  /** Name of the perp market. */
  market: string;
  /** Signed base. */
  base: Decimal;
  /** What the position has cost or brought in, USD: profit = base * price + quote. */
  quote: Decimal;
  /** Quote token set aside for this position alone, also 0; null: cross. */
  isolatedDeposit?: Decimal | null;
}

const SPOT_MARKET = [
  'name',
  'price',
  'twap',
  'strict',
  'initialAssetWeight',
  'maintenanceAssetWeight',
  'initialLiabilityWeight',
  'maintenanceLiabilityWeight',
  'imfFactor',
  'deposits',
  'scaleInitialAssetWeightStart',
] as const;
const PERP_MARKET = [
  'name',
  'contractType',
  'price',
  'marginRatioInitial',
  'marginRatioMaintenance',
  'imfFactor',
  'unrealizedPnlInitialAssetWeight',
  'unrealizedPnlMaintenanceAssetWeight',
  'unrealizedPnlImfFactor',
] as const;
const OPEN_ORDERS = ['openBids', 'openAsks', 'openOrders'] as const;

/** The quote token of every market. */
export const QUOTE = 'USDC';
/** Requirement of every open spot order, USD (OPEN_ORDER_MARGIN_REQUIREMENT). */
const OPEN_ORDER_MARGIN = 0.01;
/** Most that a profit counts at the initial level, USD (MAX_POSITIVE_UPNL_FOR_INITIAL_MARGIN). */
const MAX_INITIAL_PROFIT = 100;

/** Id of the market that carries a token's spot orders. */
const ordersOf = (token: string): string => `${token}-SPOT`;

/** Two weights of a row: initial defaults to 1, maintenance to initial. */
function levels(row: Row, initial: string, maintenance: string): PerLevel {
  const first = row.has(initial) ? row.decimal(initial) : 1;
  return { initial: first, maintenance: row.has(maintenance) ? row.decimal(maintenance) : first };
}

/**
 * A token as an asset. The quote token always weighs 1, whatever a user's own margin ratio is.
 * @param market - prices (USD), weights and size factor (fractions)
 * @returns asset under the market's name
 * @throws MarginError missing-key, unknown-key, type, not-finite
 * @example
 * spotAsset({ name: 'SOL', price: 100, initialAssetWeight: 0.8, initialLiabilityWeight: 1.2 }).assetWeight
 *   // { initial: 0.8, maintenance: 0.8 }
 */
export function spotAsset(market: SpotMarket): AssetJSON {
  const row = new Row(market, '', SPOT_MARKET, 'spotAsset');
  const id = row.text('name');
  const price = row.decimal('price');
  const guard: Partial<AssetJSON> = row.has('twap')
    ? { twap: row.decimal('twap'), guard: market.strict ?? ['initial'] }
    : {};
  if (id === QUOTE) return { id, price, ...guard, rateFloor: false };
  return {
    id,
    price,
    ...guard,
    assetWeight: levels(row, 'initialAssetWeight', 'maintenanceAssetWeight'),
    liabilityWeight: levels(row, 'initialLiabilityWeight', 'maintenanceLiabilityWeight'),
    ...(row.number('imfFactor', 0) === 0 ? {} : { curve: { kind: 'sqrt', factor: row.decimal('imfFactor') } }),
    ...row.some('deposits', 'deposits'),
    depositScaleStart: row.has('scaleInitialAssetWeightStart') ? row.decimal('scaleInitialAssetWeightStart') : null,
  };
}

/**
 * The market of a token's spot orders: the worse of all bids and all asks filled counts.
 * @param market - a token other than the quote token
 * @returns spot market `<name>-SPOT`
 * @throws MarginError missing-key, unknown-key, type, not-finite
 * @example
 * spotMarket({ name: 'SOL', price: 100 }).id // 'SOL-SPOT'
 */
export function spotMarket(market: SpotMarket): MarketJSON {
  const row = new Row(market, '', SPOT_MARKET, 'spotMarket');
  const base = row.text('name');
  return {
    id: ordersOf(base),
    kind: 'spot',
    base,
    quote: QUOTE,
    mark: row.decimal('price'),
    spotOrders: 'fill',
    orderMargin: OPEN_ORDER_MARGIN,
  };
}

/**
 * A perp market. Profits count beside the collateral: weighted by market and size, at most 100 USD at the initial level.
 * @param market - price (USD), ratios, weights and factors (fractions)
 * @returns linear or prediction market that settles in the quote token
 * @throws MarginError missing-key, unknown-key, type, not-finite
 * @example
 * perpMarket({ name: 'SOL-PERP', price: 100, marginRatioInitial: 0.1, marginRatioMaintenance: 0.05 }).pnlCap
 *   // { initial: 100, maintenance: null }
 */
export function perpMarket(market: PerpMarket): MarketJSON {
  const row = new Row(market, '', PERP_MARKET, 'perpMarket');
  const kind = row.word('contractType', ['perpetual', 'prediction'], 'perpetual');
  const maintenanceRate = row.decimal('marginRatioMaintenance');
  return {
    id: row.text('name'),
    kind: kind === 'prediction' ? 'prediction' : 'linear',
    settle: QUOTE,
    mark: row.decimal('price'),
    brackets: [{ upTo: null, initialRate: row.decimal('marginRatioInitial'), maintenanceRate }],
    ...(row.number('imfFactor', 0) === 0
      ? {}
      : { curve: { kind: 'sqrt', factor: row.decimal('imfFactor'), of: 'size' } }),
    pnl: 'separate',
    pnlWeight: levels(row, 'unrealizedPnlInitialAssetWeight', 'unrealizedPnlMaintenanceAssetWeight'),
    pnlCap: { initial: MAX_INITIAL_PROFIT, maintenance: null },
    pnlCurve: row.has('unrealizedPnlImfFactor') ? row.decimal('unrealizedPnlImfFactor') : 0,
  };
}

const hasOrders = (row: Row): boolean => OPEN_ORDERS.some((key) => row.number(key, 0) !== 0);

function orders(market: string, row: Row): OrderJSON[] {
  if (!hasOrders(row)) return [];
  const of = (key: string): Decimal => (row.has(key) ? row.decimal(key) : 0);
  return [
    { market, side: 'buy', size: of('openBids'), notional: 0, count: row.number('openOrders', 0) },
    { market, side: 'sell', size: negate(of('openAsks')), notional: 0, count: 0 },
  ];
}

function holdings(perps: readonly Row[]): Required<Pick<HoldingsJSON, 'positions' | 'orders'>> {
  return {
    positions: perps.map((perp): PositionJSON => {
      return { market: perp.text('market'), size: perp.decimal('base'), cost: negate(perp.decimal('quote')) };
    }),
    orders: perps.flatMap((perp) => orders(perp.text('market'), perp)),
  };
}

/** Users have slots for positions, most of them empty. */
const isEmpty = (perp: Row): boolean => perp.number('base') === 0 && perp.number('quote') === 0 && !hasOrders(perp);

/**
 * A user's account. Empty slots are left out. A position is isolated where it has a deposit of its own, be it 0.
 * @param id - of the account
 * @param state - tokens (deposits and borrows), perp positions, and the user's own least initial margin ratio
 * @returns an account; each isolated position is a bucket of its own, numbered from 1
 * @throws MarginError missing-key, unknown-key, type, not-finite, duplicate
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
  const row = new Row(state, '', ['spot', 'perps', 'customMarginRatio'], 'user');
  const spot = row.rows('spot', ['market', 'amount', ...OPEN_ORDERS]);
  const perps = row
    .rows('perps', ['market', 'base', 'quote', 'isolatedDeposit', ...OPEN_ORDERS])
    .filter((perp) => isIsolated(perp) || !isEmpty(perp));
  const cross = holdings(perps.filter((perp) => !isIsolated(perp)));
  return {
    id,
    initialRateFloor: row.has('customMarginRatio') ? row.decimal('customMarginRatio') : 0,
    balances: balancesOf(spot, 'market', 'amount'),
    positions: cross.positions,
    orders: [...cross.orders, ...spot.flatMap((position) => orders(ordersOf(position.text('market')), position))],
    buckets: perps.filter(isIsolated).map((perp, index) => ({
      bucket: index + 1,
      balances: { [QUOTE]: perp.decimal('isolatedDeposit') },
      ...holdings([perp]),
    })),
  };
}

const isIsolated = (perp: Row): boolean => perp.has('isolatedDeposit');

/** Drift's two sums; free collateral is their difference. */
export interface MarginCalculation {
  /** USD. */
  totalCollateral: number;
  /** USD. */
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
  /** `tokenValue` weighted, USD. */
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
 * @returns base and USD; zero where the user has none
 * @example
 * worstCasePerp({ size: -98, requirement: { initial: 9_800 } }) // { worstBase: -98, worstLiabilityValue: 9_800 }
 */
export function worstCasePerp(position?: Pick<PositionExplanation, 'size' | 'orders' | 'requirement'>): WorstCasePerp {
  if (!position) return { worstBase: 0, worstLiabilityValue: 0 };
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
