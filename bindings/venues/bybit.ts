// Bybit v5, linear and inverse contracts of the unified account: risk limits, collateral ratios, wallets and positions of
// its API as parts of a book. Deductions (`mmDeduction`) are not needed: the kernel derives them from the rates. All functions
// take rows as the API sends them, '' being none; keys that are not named here are not read.
import type { AccountJSON, AssetJSON, Decimal, MarketJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { negate, sum } from './decimal.js';
import { balancesOf, fraction, Row } from './rows.js';

/** A row of GET /v5/market/risk-limit. */
export interface RiskLimit {
  /** Upper bound of the position value: quote for linear, coin for inverse. */
  riskLimitValue: Decimal;
  /** Where the answer has more than one; rows of others are left out. */
  symbol?: string;
  /** Rates, fractions. */
  maintenanceMargin: Decimal;
  /** Rate, a fraction. */
  initialMargin?: Decimal;
}

/** A row of GET /v5/position/list; sizes are unsigned there. */
export interface Position {
  /** Market, as the venue names it. */
  symbol: string;
  /** '' where there is no position. */
  side: 'Buy' | 'Sell' | '';
  /** 0 one-way, 1 and 2 the buy and the sell side of hedge mode. */
  positionIdx?: 0 | 1 | 2;
  /** Contracts, unsigned. */
  size: Decimal;
  /** Average entry price, USD. */
  avgPrice: Decimal;
  /** Empty under portfolio margin. */
  leverage?: Decimal;
  /** 1: isolated margin of classic accounts, which is refused. Always 0 in a unified account. */
  tradeMode?: number;
}

/** What a contract is and where it trades. */
export interface Contract {
  /** Market, as the venue names it. */
  symbol: string;
  /** LinearPerpetual settles in the quote coin; InversePerpetual is a contract of 1 USD that settles in the base coin. */
  contractType: 'LinearPerpetual' | 'InversePerpetual' | 'LinearFutures' | 'InverseFutures';
  /** Coin that profit and loss are paid in. */
  settleCoin: string;
  /** Coin that is traded: the market's underlying, where it is given. */
  baseCoin?: string;
  /** USD. */
  markPrice: Decimal;
  /** Rows by rising value. */
  riskLimits: readonly RiskLimit[];
  /** entry: the initial margin of a position stays that of its opening (classic and isolated margin). Default: the mark. */
  initialMarginAt?: 'mark' | 'entry';
  /** Rate of the estimated fee to close, part of both margins. */
  takerFeeRate?: Decimal;
}

const CONTRACTS = ['LinearPerpetual', 'InversePerpetual', 'LinearFutures', 'InverseFutures'] as const;

/**
 * A contract as a market.
 * @param contract - symbol, mark price (USD), risk limits by position value
 * @returns a linear market, or an inverse one whose contract is 1 USD
 * @throws MarginError missing-key, type, range
 * @example
 * market({ symbol: 'BTCUSD', contractType: 'InversePerpetual', settleCoin: 'BTC', markPrice: 28_224.5,
 *   riskLimits: [{ riskLimitValue: 150, maintenanceMargin: '0.005', initialMargin: '0.01' }] }).kind // 'inverse'
 */
export function market(contract: Contract): MarketJSON {
  const row = new Row(contract, '', undefined, 'market');
  const id = row.text('symbol');
  const limits = row
    .rows('riskLimits', undefined, 'GET /v5/market/risk-limit has it as result.list')
    .filter((limit) => !limit.has('symbol') || limit.raw('symbol') === id);
  if (limits.length === 0) {
    throw new MarginError('missing-key', { path: 'riskLimits', expected: `at least one risk limit of ${id}` });
  }
  return {
    id,
    kind: row.word('contractType', CONTRACTS).startsWith('Inverse') ? 'inverse' : 'linear',
    settle: row.text('settleCoin'),
    ...(row.has('baseCoin') ? { underlying: row.text('baseCoin') } : {}),
    mark: row.decimal('markPrice'),
    brackets: limits.map((limit, index) => ({
      upTo: index === limits.length - 1 ? null : limit.decimal('riskLimitValue'),
      maintenanceRate: rate(limit, 'maintenanceMargin'),
      ...(limit.has('initialMargin') ? { initialRate: rate(limit, 'initialMargin') } : {}),
    })),
    ...(row.word('initialMarginAt', ['mark', 'entry'], 'mark') === 'entry'
      ? { tables: { basis: { initial: 'entry', maintenance: 'notional' } } }
      : {}),
    ...row.some('takerFeeRate', 'closingFee'),
    ...row.some('takerFeeRate', 'takerFee'),
  };
}

/** A rate of a risk limit; samples of the documentation print percentages, which the largest leverage gives away. */
function rate(limit: Row, key: string): Decimal {
  const value = fraction(limit, key);
  if (limit.number('maxLeverage', 0) * limit.number('initialMargin', 0) > 10) {
    throw new MarginError('range', { path: limit.at(key), got: value, expected: 'a fraction', hint: '1 % is 0.01' });
  }
  return value;
}

/**
 * A coin with its tiered collateral ratio.
 * @param coin - rows of GET /v5/spot-margin-trade/collateral (upper bounds in coin, ratios as fractions) and its price
 * @returns an asset with marginal tiers; beyond the last bound the last ratio goes on
 * @throws MarginError missing-key, type, not-finite
 * @example
 * asset({ currency: 'BTC', usdPrice: 50_000, collateralRatioList: [{ maxQty: 2, collateralRatio: 0.95 },
 *   { maxQty: '', collateralRatio: 0.9 }] }).tiers[0] // { upTo: 100_000, weight: 0.95 }
 */
export function asset(coin: {
  currency: string;
  /** USD. */
  usdPrice: Decimal;
  /** An empty maxQty has no end. */
  collateralRatioList: readonly { maxQty: Decimal; collateralRatio: Decimal }[];
}): AssetJSON {
  const row = new Row(coin, '', undefined, 'asset');
  const price = row.number('usdPrice');
  const tiers = row.rows('collateralRatioList');
  return {
    id: row.text('currency'),
    price: row.decimal('usdPrice'),
    tiers: tiers.map((tier, index) => ({
      upTo: index === tiers.length - 1 ? null : tier.number('maxQty') * price,
      weight: fraction(tier, 'collateralRatio'),
    })),
  };
}

/**
 * A unified account under cross margin: wallet less what is borrowed for spot (the wallet does not know of it), and open
 * positions. Rows without size and coins without balance are left out.
 * @param id - of the account
 * @param state - `coin` of the first row of GET /v5/account/wallet-balance and the rows of /v5/position/list
 * @returns an account
 * @throws MarginError missing-key, type, not-finite, duplicate; conflict for a position in isolated margin
 * @example
 * account('a', { coin: [{ coin: 'BTC', walletBalance: '0.5' }], positions: [
 *   { symbol: 'BTCUSD', side: 'Sell', size: '300', avgPrice: '27464.5' }] }).positions[0].size // -300
 */
export function account(
  id: string,
  state: {
    /** spotBorrow: debt in the coin, positive. */
    coin: readonly { coin: string; walletBalance: Decimal; spotBorrow?: Decimal }[];
    positions: readonly Position[];
  },
): AccountJSON {
  const row = new Row(state, '', undefined, 'account');
  const wallet = (coin: Row): Decimal => {
    const balance = coin.raw('walletBalance') === '' ? 0 : coin.decimal('walletBalance');
    return coin.number('spotBorrow', 0) === 0 ? balance : sum(balance, negate(coin.decimal('spotBorrow')));
  };
  const coins = row.rows('coin', undefined, 'GET /v5/account/wallet-balance has it in result.list[0]');
  const positions = row.rows('positions', undefined, 'GET /v5/position/list has it as result.list');
  return {
    id,
    balances: balancesOf(coins, 'coin', wallet),
    positions: positions.filter((position) => sizeOf(position) !== 0).map(positionOf),
  };
}

/** Unsigned; '' is none. */
const sizeOf = (row: Row): number => (row.raw('size') === '' ? 0 : row.number('size'));

function positionOf(row: Row): PositionJSON {
  const index = row.raw('positionIdx') ?? 0;
  const side = (['net', 'long', 'short'] as const)[index as number];
  if (side === undefined)
    throw new MarginError('type', { path: row.at('positionIdx'), got: index, expected: '0, 1 or 2' });
  if (row.number('tradeMode', 0) === 1) {
    throw new MarginError('conflict', {
      path: row.at('tradeMode'),
      got: row.raw('tradeMode'),
      expected: '0, a position in cross margin',
      hint: 'Put an isolated position into a bucket of its own, with its positionBalance taken out of the wallet',
    });
  }
  const contracts = sizeOf(row);
  return {
    market: row.text('symbol'),
    side,
    size: row.word('side', ['Buy', 'Sell']) === 'Sell' ? -contracts : contracts,
    entry: row.decimal('avgPrice'),
    ...row.some('leverage', 'leverage'),
  };
}

export * from './bybit-prices.js';
