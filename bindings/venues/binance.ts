// Binance futures, USD-M and COIN-M: leverage brackets, wallets, positions and open orders of its API as parts of a book. Bounds
// of COIN-M brackets are in coin. Maintenance amounts (`cum`) are not needed: the kernel derives them from the rates. All
// functions take rows as the API sends them; keys that are not named here are not read.
import { nearest } from '../book/nearest.js';
import type { AccountJSON, AssetJSON, Bracket, Decimal, MarketJSON, OrderJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { complement, negate, sum } from './decimal.js';
import { balancesOf, fraction, Row, rowsOf } from './rows.js';
import { upperBounds } from './tiers.js';

/** A row of `brackets` in the answer to GET /fapi/v1/leverageBracket. */
export interface LeverageBracket {
  /** USD, lower bound of the notional. */
  notionalFloor: Decimal;
  /** Largest leverage in this bracket. */
  initialLeverage?: Decimal;
  /** Fraction. */
  maintMarginRatio: Decimal;
}

/** A row of `brackets` in the answer to GET /dapi/v2/leverageBracket; the API spells the lower bound so. */
export interface CoinLeverageBracket {
  /** Coin, lower bound of the notional. */
  qtylFloor: Decimal;
  /** Largest leverage of a position in the bracket. */
  initialLeverage?: Decimal;
  /** Fraction. */
  maintMarginRatio: Decimal;
}

/** Rows of one symbol, the API's object around them, or its whole answer, of which the symbol's own is taken. */
export type Brackets<R> = readonly R[] | SymbolBrackets<R> | readonly SymbolBrackets<R>[];
/** The leverage brackets of a symbol, as the API sends them. */
export interface SymbolBrackets<R> {
  /** Market, as the venue names it. */
  symbol: string;
  /** Its rows. */
  brackets: readonly R[];
}

/** Filters and fees that GET /exchangeInfo and /commissionRate name, where they are wanted in the book. */
export interface TradingRules {
  /** Step of prices, quote. */
  tickSize?: Decimal;
  /** Step of sizes, contracts. */
  stepSize?: Decimal;
  /** Least order value, quote. */
  minNotional?: Decimal;
  /** Fraction of the notional. */
  takerCommissionRate?: Decimal;
  /** Fraction of the notional. */
  makerCommissionRate?: Decimal;
}

/** A row of GET /fapi/v3/positionRisk, /fapi/v2/positionRisk or /dapi/v1/positionRisk. */
export interface PositionRisk {
  /** Market, as the venue names it. */
  symbol: string;
  /** Side in hedge mode; BOTH (default) in one-way mode. */
  positionSide?: 'BOTH' | 'LONG' | 'SHORT';
  /** Contracts; negative for a short position. */
  positionAmt: Decimal;
  /** Average entry price, USD. */
  entryPrice: Decimal;
  /** In v2 and COIN-M; for v3 from GET /fapi/v1/symbolConfig. */
  leverage?: Decimal;
  /** In v3; else the symbol says it. */
  marginAsset?: string;
  /** Isolated wallet in the margin asset; 0 for a cross position. COIN-M has none: there it is `isolatedMargin` less profit. */
  isolatedWallet?: Decimal;
  /** Isolated wallet and unrealised profit; 0 for a cross position. */
  isolatedMargin?: Decimal;
  /** At the mark, margin asset. */
  unRealizedProfit?: Decimal;
  /** In v2 and COIN-M. */
  marginType?: string;
  /** In positions of /account. */
  isolated?: boolean;
}

/** A row of GET /fapi/v1/openOrders or /dapi/v1/openOrders. */
export interface OpenOrder {
  /** Market, as the venue names it. */
  symbol: string;
  /** Which way it trades. */
  side: 'BUY' | 'SELL';
  /** Side in hedge mode; BOTH (default) in one-way mode. */
  positionSide?: 'BOTH' | 'LONG' | 'SHORT';
  /** Contracts. */
  origQty: Decimal;
  /** Contracts that have filled; default 0. */
  executedQty?: Decimal;
  /** Quote. */
  price: Decimal;
  /** Only LIMIT rests in the order book; a conditional order becomes one when it is triggered. */
  type?: string;
  /** Whether it can only lessen a position: such orders are left out. */
  reduceOnly?: boolean;
  /** Whether it closes all of a position: such orders are left out. */
  closePosition?: boolean;
}

/** The rows of one symbol's brackets. */
function bracketRows(row: Row, symbol: string): Row[] {
  const given = row.need('brackets', "a list of brackets, or the API's answer with it");
  if (!Array.isArray(given)) return row.row('brackets').rows('brackets');
  const rows = rowsOf(given, row.at('brackets'));
  if (!rows.some((entry) => entry.has('brackets'))) return rows;
  const own = rows.find((entry) => entry.raw('symbol') === symbol);
  if (own) return own.rows('brackets');
  const near = nearest(
    symbol,
    rows.map((entry) => entry.text('symbol')),
  );
  throw new MarginError('unknown-id', {
    path: row.at('brackets'),
    got: symbol,
    expected: 'a row of this symbol',
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  });
}

function brackets(row: Row, symbol: string, floor: 'notionalFloor' | 'qtylFloor'): Bracket[] {
  const rows = bracketRows(row, symbol);
  const upTo = upperBounds(
    rows.map((entry) => entry.decimal(floor)),
    (index) => rows[index]?.at(floor) ?? row.at('brackets'),
  );
  return rows.map((entry, index) => ({
    upTo: upTo[index] ?? null,
    maintenanceRate: fraction(entry, 'maintMarginRatio'),
    ...entry.some('initialLeverage', 'maxLeverage'),
  }));
}

function rules(row: Row): Partial<MarketJSON> {
  return {
    ...row.some('tickSize', 'tick'),
    ...row.some('stepSize', 'lot'),
    ...row.some('minNotional', 'minNotional'),
    ...row.some('takerCommissionRate', 'takerFee'),
    ...row.some('makerCommissionRate', 'makerFee'),
  };
}

/**
 * A USD-M symbol as a market.
 * @param symbol - name, margin asset, mark price (USD) and leverage brackets; rows of /exchangeInfo and /premiumIndex have
 *   the first three
 * @returns a linear market; the last bracket stays open, as its rate is the least that a larger position would need
 * @throws MarginError missing-key, type, range; unknown-id where the answer has no brackets of the symbol
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
    brackets: Brackets<LeverageBracket>;
  } & TradingRules,
): MarketJSON {
  const row = new Row(symbol, '', undefined, 'usdmMarket');
  const id = row.text('symbol');
  return {
    id,
    kind: 'linear',
    settle: row.text('marginAsset'),
    ...(row.has('baseAsset') ? { underlying: row.text('baseAsset') } : {}),
    mark: row.decimal('markPrice'),
    brackets: brackets(row, id, 'notionalFloor'),
    ...rules(row),
  };
}

/**
 * A COIN-M symbol as a market.
 * @param symbol - name, coin, USD of one contract (10 or 100), mark price (USD) and leverage brackets (coin)
 * @returns an inverse market that settles in the coin
 * @throws MarginError missing-key, type, range; unknown-id where the answer has no brackets of the symbol
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
    brackets: Brackets<CoinLeverageBracket>;
  } & TradingRules,
): MarketJSON {
  const row = new Row(symbol, '', undefined, 'coinmMarket');
  const id = row.text('symbol');
  const coin = row.text('marginAsset');
  return {
    id,
    kind: 'inverse',
    settle: coin,
    underlying: coin,
    multiplier: row.decimal('contractSize'),
    mark: row.decimal('markPrice'),
    brackets: brackets(row, id, 'qtylFloor'),
    ...rules(row),
  };
}

/**
 * An asset of multi-assets mode: assets count at the bid side of the index, debts at the ask side.
 * @param index - a row of GET /fapi/v1/assetIndex with the asset's name (its `symbol` is a pair, BTCUSD): index price (USD)
 *   and buffers (fractions)
 * @returns asset with weights 1 - bidBuffer and 1 + askBuffer
 * @throws MarginError missing-key, type, range
 * @example
 * multiAssetsAsset({ asset: 'BTC', index: 60_000, bidBuffer: '0.05', askBuffer: '0.05' }).assetWeight // '0.95'
 */
export function multiAssetsAsset(index: {
  asset: string;
  index: Decimal;
  bidBuffer: Decimal;
  askBuffer: Decimal;
}): AssetJSON {
  const row = new Row(index, '', undefined, 'multiAssetsAsset');
  return {
    id: row.text('asset'),
    price: row.decimal('index'),
    assetWeight: complement(fraction(row, 'bidBuffer')),
    liabilityWeight: sum(1, fraction(row, 'askBuffer')),
  };
}

/**
 * A futures account: cross wallets and positions, each isolated position in a bucket of its own with its wallet. Rows of
 * size 0 and wallets of 0 are left out. A position is isolated where its wallet or its isolated margin is not 0 and nothing
 * says `cross`.
 * @param id - of the account
 * @param state - assets of GET /fapi/v3/account and rows of /fapi/v3/positionRisk, or those of COIN-M; rows of /openOrders
 *   where orders count, they stand in none of the other answers
 * @returns an account; buckets are numbered from 1 in the order of the isolated positions, orders are in the cross unit
 * @throws MarginError missing-key, type, duplicate
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
    openOrders?: readonly OpenOrder[];
  },
): AccountJSON {
  const row = new Row(state, '', undefined, 'account');
  const assets = row.rows('assets', undefined, 'GET /fapi/v3/account has it');
  const all = row.rows('positions', undefined, 'GET /fapi/v3/positionRisk is this list');
  const open = all.filter((position) => position.number('positionAmt') !== 0);
  const wallets = open.map(isolatedWallet);
  const cross = open.filter((_, index) => wallets[index] === null);
  const isolated = open.filter((_, index) => wallets[index] !== null);
  const own = wallets.filter((wallet) => wallet !== null);
  return {
    id,
    balances: balancesOf(assets, 'asset', 'crossWalletBalance'),
    positions: cross.map(positionOf),
    buckets: isolated.map((position, index) => ({
      bucket: index + 1,
      balances: { [marginAsset(position)]: own[index] ?? 0 },
      positions: [positionOf(position)],
    })),
    ...(row.has('openOrders') ? { orders: ordersOf(row.rows('openOrders')) } : {}),
  };
}

/**
 * Open orders as orders of a book: what is left of limit orders that may enlarge a position. Reduce-only orders, orders
 * that close a side of hedge mode, and conditional orders that are not triggered reserve no margin and are left out.
 * @param rows - rows of GET /fapi/v1/openOrders or /dapi/v1/openOrders
 * @returns orders in contracts, in the order of the rows
 * @throws MarginError missing-key, type
 * @example
 * orders([{ symbol: 'BTCUSDT', side: 'BUY', positionSide: 'LONG', origQty: '0.5', executedQty: '0.2', price: '59000' }])
 *   // [{ market: 'BTCUSDT', positionSide: 'long', side: 'buy', size: '0.3', price: '59000' }]
 */
export function orders(rows: readonly OpenOrder[]): OrderJSON[] {
  return ordersOf(rowsOf(rows, 'openOrders'));
}

const SIDE = { BOTH: 'net', LONG: 'long', SHORT: 'short' } as const;
const SIDES = ['BOTH', 'LONG', 'SHORT'] as const;

function ordersOf(rows: readonly Row[]): OrderJSON[] {
  return rows.flatMap((row): OrderJSON[] => {
    const side = row.word('side', ['BUY', 'SELL']);
    const positionSide = row.word('positionSide', SIDES, 'BOTH');
    const reduces =
      row.raw('reduceOnly') === true ||
      row.raw('closePosition') === true ||
      (positionSide !== 'BOTH' && (positionSide === 'LONG') !== (side === 'BUY'));
    if (reduces || (row.has('type') && row.raw('type') !== 'LIMIT')) return [];
    const executed = row.has('executedQty') ? row.decimal('executedQty') : 0;
    const size = sum(row.decimal('origQty'), negate(executed));
    if (Number(size) === 0) return [];
    return [
      {
        market: row.text('symbol'),
        positionSide: SIDE[positionSide],
        side: side === 'BUY' ? 'buy' : 'sell',
        size,
        price: row.decimal('price'),
      },
    ];
  });
}

/** Wallet of an isolated position, null of a cross one. */
function isolatedWallet(row: Row): Decimal | null {
  const type = row.has('marginType') ? row.text('marginType').toLowerCase() : '';
  if (type.startsWith('cross') || row.raw('isolated') === false) return null;
  if (row.number('isolatedWallet', 0) !== 0) return row.decimal('isolatedWallet');
  if (row.number('isolatedMargin', 0) !== 0) {
    if (row.has('isolatedWallet')) return row.decimal('isolatedWallet');
    return sum(
      row.decimal('isolatedMargin'),
      negate(row.decimal('unRealizedProfit', 'isolatedMargin less profit is the wallet')),
    );
  }
  const said = type === 'isolated' || row.raw('isolated') === true;
  if (said && !row.has('isolatedWallet') && !row.has('isolatedMargin')) {
    row.need('isolatedWallet', 'the wallet of an isolated position', 'Rows of positionRisk have it');
  }
  return null;
}

/** BTCUSD_PERP is margined in BTC, ETHUSDT and ETHUSDT_240329 in USDT, ETHBTC in BTC. */
function marginAsset(row: Row): string {
  if (row.has('marginAsset')) return row.text('marginAsset');
  const symbol = row.text('symbol');
  const asset = /^(.+)USD_(?:PERP|\d{6})$/.exec(symbol)?.[1] ?? /(USDT|USDC|BTC)(?:_\d{6})?$/.exec(symbol)?.[1];
  return asset ?? row.text('marginAsset', 'The symbol does not say in which asset the isolated wallet is');
}

function positionOf(row: Row): PositionJSON {
  return {
    market: row.text('symbol'),
    side: SIDE[row.word('positionSide', SIDES, 'BOTH')],
    size: row.decimal('positionAmt'),
    entry: row.decimal('entryPrice'),
    ...row.some('leverage', 'leverage'),
  };
}

export * from './binance-prices.js';
