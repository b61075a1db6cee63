// Bybit v5, linear and inverse contracts of the unified account: risk limits, collateral ratios, wallets and positions of
// its API as parts of a book. Deductions (`mmDeduction`) are not needed: the kernel derives them from the rates.
import { decimal as real } from '../book/fields.js';
import type { AccountJSON, AssetJSON, Decimal, MarketJSON, PositionJSON } from '../book/types.js';

/** A row of GET /v5/market/risk-limit. */
export interface RiskLimit {
  /** Upper bound of the position value: quote for linear, coin for inverse. */
  riskLimitValue: Decimal;
  /** Rates, fractions. */
  maintenanceMargin: Decimal;
  initialMargin?: Decimal;
}

/** A row of GET /v5/position/list; sizes are unsigned there. */
export interface Position {
  symbol: string;
  side: 'Buy' | 'Sell' | '';
  /** 0 one-way, 1 and 2 the buy and the sell side of hedge mode. */
  positionIdx?: 0 | 1 | 2;
  size: Decimal;
  avgPrice: Decimal;
  leverage?: Decimal;
}

/** What a contract is and where it trades. */
export interface Contract {
  symbol: string;
  /** LinearPerpetual settles in the quote coin; InversePerpetual is a contract of 1 USD that settles in the base coin. */
  contractType: 'LinearPerpetual' | 'InversePerpetual' | 'LinearFutures' | 'InverseFutures';
  settleCoin: string;
  baseCoin?: string;
  markPrice: Decimal;
  riskLimits: readonly RiskLimit[];
  /** entry: the initial margin of a position stays that of its opening (classic and isolated margin). Default: the mark. */
  initialMarginAt?: 'mark' | 'entry';
  /** Rate of the estimated fee to close, part of both margins. */
  takerFeeRate?: Decimal;
}

/**
 * A contract as a market.
 * @param contract - symbol, mark price (USD), risk limits by position value
 * @returns a linear market, or an inverse one whose contract is 1 USD
 * @example
 * market({ symbol: 'BTCUSD', contractType: 'InversePerpetual', settleCoin: 'BTC', markPrice: 28_224.5,
 *   riskLimits: [{ riskLimitValue: 150, maintenanceMargin: '0.005', initialMargin: '0.01' }] }).kind // 'inverse'
 */
export function market(contract: Contract): MarketJSON {
  const { riskLimits, initialMarginAt = 'mark', takerFeeRate } = contract;
  return {
    id: contract.symbol,
    kind: contract.contractType.startsWith('Inverse') ? 'inverse' : 'linear',
    settle: contract.settleCoin,
    ...(contract.baseCoin === undefined ? {} : { underlying: contract.baseCoin }),
    mark: contract.markPrice,
    brackets: riskLimits.map(({ riskLimitValue, maintenanceMargin, initialMargin }, row) => ({
      upTo: row === riskLimits.length - 1 ? null : riskLimitValue,
      maintenanceRate: maintenanceMargin,
      ...(initialMargin === undefined ? {} : { initialRate: initialMargin }),
    })),
    ...(initialMarginAt === 'entry' ? { tables: { basis: { initial: 'entry', maintenance: 'notional' } } } : {}),
    ...(takerFeeRate === undefined ? {} : { closingFee: takerFeeRate, takerFee: takerFeeRate }),
  };
}

/**
 * A coin with its tiered collateral ratio.
 * @param coin - rows of GET /v5/spot-margin-trade/collateral (upper bounds in coin, ratios as fractions) and its price
 * @returns an asset with marginal tiers; beyond the last bound the last ratio goes on
 * @throws MarginError type, not-finite
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
  const price = real(coin.usdPrice, 'usdPrice');
  return {
    id: coin.currency,
    price: coin.usdPrice,
    tiers: coin.collateralRatioList.map(({ maxQty, collateralRatio }, row) => ({
      upTo: maxQty === '' || row === coin.collateralRatioList.length - 1 ? null : real(maxQty, 'maxQty') * price,
      weight: collateralRatio,
    })),
  };
}

/**
 * A unified account: wallet and open positions.
 * @param id - of the account
 * @param state - rows of GET /v5/account/wallet-balance and /v5/position/list
 * @returns an account; rows without size are left out
 * @throws MarginError type, not-finite
 * @example
 * account('a', { coin: [{ coin: 'BTC', walletBalance: '0.5' }], positions: [
 *   { symbol: 'BTCUSD', side: 'Sell', size: '300', avgPrice: '27464.5' }] }).positions[0].size // -300
 */
export function account(
  id: string,
  state: { coin: readonly { coin: string; walletBalance: Decimal }[]; positions: readonly Position[] },
): AccountJSON {
  return {
    id,
    balances: Object.fromEntries(state.coin.map((row) => [row.coin, row.walletBalance])),
    positions: state.positions.filter(({ size }) => real(size, 'size') !== 0).map(positionOf),
  };
}

function positionOf({ symbol, side, positionIdx = 0, size, avgPrice, leverage }: Position): PositionJSON {
  const contracts = real(size, 'size');
  return {
    market: symbol,
    side: (['net', 'long', 'short'] as const)[positionIdx],
    size: side === 'Sell' ? -contracts : contracts,
    entry: avgPrice,
    ...(leverage === undefined ? {} : { leverage }),
  };
}
