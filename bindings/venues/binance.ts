// Binance futures, USD-M and COIN-M: leverage brackets, wallets and positions of its API as parts of a book. Bounds of
// COIN-M brackets are in coin. Maintenance amounts (`cum`) are not needed: the kernel derives them from the rates.
import type { AccountJSON, AssetJSON, Bracket, Decimal, MarketJSON, PositionJSON } from '../book/types.js';
import { complement, sum } from './decimal.js';
import { upperBounds } from './tiers.js';

/** A row of GET /fapi/v1/leverageBracket. */
export interface LeverageBracket {
  /** USD, lower bound of the notional. */
  notionalFloor: Decimal;
  /** Largest leverage in this bracket. */
  initialLeverage?: Decimal;
  /** Fraction. */
  maintMarginRatio: Decimal;
}

/** A row of GET /dapi/v2/leverageBracket; the API spells the lower bound so. */
export interface CoinLeverageBracket {
  /** Coin, lower bound of the notional. */
  qtylFloor: Decimal;
  initialLeverage?: Decimal;
  /** Fraction. */
  maintMarginRatio: Decimal;
}

/** Filters and fees that GET /exchangeInfo and /commissionRate name, where they are wanted in the book. */
export interface TradingRules {
  tickSize?: Decimal;
  stepSize?: Decimal;
  minNotional?: Decimal;
  takerCommissionRate?: Decimal;
  makerCommissionRate?: Decimal;
}

/** A row of GET /fapi/v3/positionRisk or /dapi/v1/positionRisk. */
export interface PositionRisk {
  symbol: string;
  positionSide?: 'BOTH' | 'LONG' | 'SHORT';
  /** Contracts; negative for a short position. */
  positionAmt: Decimal;
  entryPrice: Decimal;
  /** From GET /fapi/v1/symbolConfig. */
  leverage?: Decimal;
  marginAsset?: string;
  /** Isolated wallet in the margin asset; absent for a cross position. */
  isolatedWallet?: Decimal;
}

function brackets(
  rows: readonly { initialLeverage?: Decimal; maintMarginRatio: Decimal }[],
  floors: readonly Decimal[],
): Bracket[] {
  const upTo = upperBounds(floors);
  return rows.map(({ maintMarginRatio, initialLeverage }, row) => ({
    upTo: upTo[row] ?? null,
    maintenanceRate: maintMarginRatio,
    ...(initialLeverage === undefined ? {} : { maxLeverage: initialLeverage }),
  }));
}

function rules(trading: TradingRules): Partial<MarketJSON> {
  const { tickSize, stepSize, minNotional, takerCommissionRate, makerCommissionRate } = trading;
  return {
    ...(tickSize === undefined ? {} : { tick: tickSize }),
    ...(stepSize === undefined ? {} : { lot: stepSize }),
    ...(minNotional === undefined ? {} : { minNotional }),
    ...(takerCommissionRate === undefined ? {} : { takerFee: takerCommissionRate }),
    ...(makerCommissionRate === undefined ? {} : { makerFee: makerCommissionRate }),
  };
}

/**
 * A USD-M symbol as a market.
 * @param symbol - name, margin asset, mark price (USD) and leverage brackets
 * @returns a linear market; the last bracket stays open, as its rate is the least that a larger position would need
 * @throws MarginError range
 * @example
 * usdmMarket({ symbol: 'BTCUSDT', marginAsset: 'USDT', markPrice: 60_000, brackets: [
 *   { notionalFloor: 0, initialLeverage: 125, maintMarginRatio: 0.004 },
 *   { notionalFloor: 50_000, initialLeverage: 100, maintMarginRatio: 0.005 }] }).brackets[0]
 *   // { upTo: 50_000, maintenanceRate: 0.004, maxLeverage: 125 }
 */
export function usdmMarket(
  symbol: {
    symbol: string;
    marginAsset: string;
    baseAsset?: string;
    markPrice: Decimal;
    brackets: readonly LeverageBracket[];
  } & TradingRules,
): MarketJSON {
  return {
    id: symbol.symbol,
    kind: 'linear',
    settle: symbol.marginAsset,
    ...(symbol.baseAsset === undefined ? {} : { underlying: symbol.baseAsset }),
    mark: symbol.markPrice,
    brackets: brackets(
      symbol.brackets,
      symbol.brackets.map((row) => row.notionalFloor),
    ),
    ...rules(symbol),
  };
}

/**
 * A COIN-M symbol as a market.
 * @param symbol - name, coin, USD of one contract (10 or 100), mark price (USD) and leverage brackets (coin)
 * @returns an inverse market that settles in the coin
 * @throws MarginError range
 * @example
 * coinmMarket({ symbol: 'BTCUSD_PERP', marginAsset: 'BTC', contractSize: 100, markPrice: 25_000,
 *   brackets: [{ qtylFloor: 0, maintMarginRatio: 0.004 }] }).kind // 'inverse'
 */
export function coinmMarket(
  symbol: {
    symbol: string;
    marginAsset: string;
    contractSize: Decimal;
    markPrice: Decimal;
    brackets: readonly CoinLeverageBracket[];
  } & TradingRules,
): MarketJSON {
  return {
    id: symbol.symbol,
    kind: 'inverse',
    settle: symbol.marginAsset,
    underlying: symbol.marginAsset,
    multiplier: symbol.contractSize,
    mark: symbol.markPrice,
    brackets: brackets(
      symbol.brackets,
      symbol.brackets.map((row) => row.qtylFloor),
    ),
    ...rules(symbol),
  };
}

/**
 * An asset of multi-assets mode: assets count at the bid side of the index, debts at the ask side.
 * @param index - a row of GET /fapi/v1/assetIndex: index price (USD) and buffers (fractions)
 * @returns asset with weights 1 - bidBuffer and 1 + askBuffer
 * @throws MarginError type
 * @example
 * multiAssetsAsset({ asset: 'BTC', index: 60_000, bidBuffer: '0.05', askBuffer: '0.05' }).assetWeight // '0.95'
 */
export function multiAssetsAsset(index: {
  asset: string;
  index: Decimal;
  bidBuffer: Decimal;
  askBuffer: Decimal;
}): AssetJSON {
  return {
    id: index.asset,
    price: index.index,
    assetWeight: complement(index.bidBuffer),
    liabilityWeight: sum(1, index.askBuffer),
  };
}

/**
 * A futures account: cross wallets and positions, each isolated position in a bucket of its own with its wallet.
 * @param id - of the account
 * @param state - assets of GET /fapi/v3/account and rows of /fapi/v3/positionRisk
 * @returns an account; buckets are numbered from 1 in the order of the isolated positions
 * @example
 * account('a', { assets: [{ asset: 'USDT', crossWalletBalance: '1000' }], positions: [
 *   { symbol: 'BTCUSDT', positionAmt: '-0.5', entryPrice: '60000', leverage: 20 }] }).positions[0].size // '-0.5'
 */
export function account(
  id: string,
  state: {
    /** Wallet balance in the asset, without isolated wallets. */
    assets: readonly { asset: string; crossWalletBalance: Decimal }[];
    positions: readonly PositionRisk[];
  },
): AccountJSON {
  const isolated = state.positions.filter((position) => position.isolatedWallet !== undefined);
  return {
    id,
    balances: Object.fromEntries(state.assets.map((row) => [row.asset, row.crossWalletBalance])),
    positions: state.positions.filter((position) => position.isolatedWallet === undefined).map(positionOf),
    buckets: isolated.map((position, index) => ({
      bucket: index + 1,
      balances: { [position.marginAsset ?? 'USDT']: position.isolatedWallet ?? 0 },
      positions: [positionOf(position)],
    })),
  };
}

const SIDE = { BOTH: 'net', LONG: 'long', SHORT: 'short' } as const;

function positionOf({ symbol, positionSide = 'BOTH', positionAmt, entryPrice, leverage }: PositionRisk): PositionJSON {
  return {
    market: symbol,
    side: SIDE[positionSide],
    size: positionAmt,
    entry: entryPrice,
    ...(leverage === undefined ? {} : { leverage }),
  };
}
