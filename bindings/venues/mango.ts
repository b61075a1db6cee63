// Mango v4: tokens, perps and spot open orders as a book whose health is Mango's. Amounts are native units and lots, prices
// USD for a native unit. Source: mango-v4 programs/mango-v4/src/health/cache.rs. Lots stay integers: exact at any size.
import { decimal as real } from '../book/fields.js';
import type { AssetJSON, BookJSON, Decimal, MarketJSON, OrderJSON, PerLevel, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { complement, negate, sum } from './decimal.js';
import { type Integer, integer } from './integer.js';

/** A bank and what the account has in it. */
export interface Token {
  name: string;
  /** Native units, negative for a borrow. */
  balance: Decimal;
  price: Decimal;
  /** Slow price that guards the initial level. */
  stablePrice?: Decimal | null;
  initAssetWeight: Decimal;
  initLiabWeight: Decimal;
  /** Default: the initial weights. */
  maintAssetWeight?: Decimal;
  maintLiabWeight?: Decimal;
  /** Of all accounts, native units. */
  bankDeposits?: Decimal;
  bankBorrows?: Decimal;
  /** Native units that spot orders of all accounts may still deposit. */
  potentialSerumTokens?: Decimal;
  /** USD from which the initial weights scale. */
  depositScaleStart?: Decimal | null;
  borrowScaleStart?: Decimal | null;
}

/** A perp market and the account's position in it. */
export interface Perp {
  settle: string;
  price: Decimal;
  stablePrice?: Decimal | null;
  /** Native units in a lot. */
  baseLotSize: Integer;
  quoteLotSize: Integer;
  baseLots: Integer;
  /** Native quote of the position. */
  quote: Decimal;
  bidsLots: Integer;
  asksLots: Integer;
  /** Fills that are not settled yet. */
  takerBaseLots?: Integer;
  takerQuoteLots?: Integer;
  initBaseAssetWeight: Decimal;
  initBaseLiabWeight: Decimal;
  maintBaseAssetWeight?: Decimal;
  maintBaseLiabWeight?: Decimal;
  /** Weight of a positive result of the whole market. */
  initOverallAssetWeight: Decimal;
  maintOverallAssetWeight?: Decimal;
}

/** Open orders of a spot market, native units. */
export interface SpotOpenOrders {
  base: string;
  quote: string;
  reservedBase: Decimal;
  reservedQuote: Decimal;
  freeBase: Decimal;
  freeQuote: Decimal;
  /** Own extreme order prices, quote for a unit of base and the inverse; 0 or null: unknown. */
  lowestAsk?: Decimal | null;
  highestBidInv?: Decimal | null;
}

export interface MangoAccount {
  tokens: readonly Token[];
  perps: readonly Perp[];
  spotOpenOrders: readonly SpotOpenOrders[];
  /** Tokens without a bank or a good price: left out with their markets, which only a balance >= 0 permits. */
  missing?: readonly string[];
}

/** Position of a perp with the unsettled fills in it. */
export interface PerpPosition {
  /** Lots. */
  baseLots: bigint;
  /** Native quote, decimal text. */
  quote: string;
}

/**
 * A perp position with its unsettled taker fills.
 * @param perp - lots and native quote
 * @returns base lots and native quote, exact
 * @throws MarginError type, inexact
 * @example
 * effectivePosition({ baseLots: 3, quote: '-310.5', takerBaseLots: 1, takerQuoteLots: 2, quoteLotSize: 100 })
 *   // { baseLots: 4n, quote: '-110.5' }
 */
export function effectivePosition(
  perp: Pick<Perp, 'baseLots' | 'quote' | 'takerBaseLots' | 'takerQuoteLots' | 'quoteLotSize'>,
): PerpPosition {
  const takerQuote = integer(perp.takerQuoteLots ?? 0, 'takerQuoteLots') * integer(perp.quoteLotSize, 'quoteLotSize');
  return {
    baseLots: integer(perp.baseLots, 'baseLots') + integer(perp.takerBaseLots ?? 0, 'takerBaseLots'),
    quote: sum(perp.quote, String(takerQuote)),
  };
}

/**
 * Native base units of lots.
 * @param lots - signed
 * @param baseLotSize - native units in a lot
 * @returns native units
 * @throws MarginError type, inexact
 * @example
 * baseNative(-3, 10) // -30n
 */
export function baseNative(lots: Integer, baseLotSize: Integer): bigint {
  return integer(lots, 'lots') * integer(baseLotSize, 'baseLotSize');
}

/**
 * Whole lots that hold at least an amount; the side on which a liquidation closes positions.
 * @param native - native units, not negative
 * @param baseLotSize - native units in a lot, > 0
 * @returns lots, rounded up
 * @throws MarginError type, inexact, range
 * @example
 * lotsToCover(31, 10) // 4n
 */
export function lotsToCover(native: Integer, baseLotSize: Integer): bigint {
  const size = integer(baseLotSize, 'baseLotSize');
  if (size <= 0n) throw new MarginError('range', { path: 'baseLotSize', got: baseLotSize, expected: '> 0' });
  return (integer(native, 'native') + size - 1n) / size;
}

/** Liquidation-end health takes the initial weights without guards and scales. */
function levels(initial: Decimal, maintenance: Decimal | undefined): PerLevel {
  return { initial, maintenance: maintenance ?? initial, liquidationEnd: initial };
}

function assetOf(token: Token): AssetJSON {
  const { stablePrice = null } = token;
  return {
    id: token.name,
    price: token.price,
    ...(stablePrice === null ? {} : { stable: stablePrice, guard: ['initial'] }),
    assetWeight: levels(token.initAssetWeight, token.maintAssetWeight),
    liabilityWeight: levels(token.initLiabWeight, token.maintLiabWeight),
    deposits: sum(token.bankDeposits ?? 0, token.potentialSerumTokens ?? 0),
    depositScaleStart: token.depositScaleStart ?? null,
    borrows: token.bankBorrows ?? 0,
    borrowScaleStart: token.borrowScaleStart ?? null,
  };
}

/** A requirement of 1 - weight for longs and weight - 1 for shorts, netted from the profit before the overall weight. */
function perpMarketOf(perp: Perp, id: string): MarketJSON {
  const { stablePrice = null } = perp;
  const less = (weight?: Decimal): Decimal | undefined => (weight === undefined ? undefined : complement(weight));
  const more = (weight?: Decimal): Decimal | undefined => (weight === undefined ? undefined : sum(weight, -1));
  const bracket = (initialRate: Decimal, maintenance: Decimal | undefined): NonNullable<MarketJSON['brackets']> => [
    { upTo: null, initialRate, maintenanceRate: maintenance ?? initialRate, liquidationEndRate: initialRate },
  ];
  return {
    id,
    kind: 'linear',
    settle: perp.settle,
    multiplier: String(integer(perp.baseLotSize, 'baseLotSize')),
    mark: perp.price,
    ...(stablePrice === null ? {} : { stable: stablePrice, guard: ['initial'] }),
    brackets: bracket(complement(perp.initBaseAssetWeight), less(perp.maintBaseAssetWeight)),
    shortBrackets: bracket(sum(perp.initBaseLiabWeight, -1), more(perp.maintBaseLiabWeight)),
    pnl: 'net',
    pnlWeight: levels(perp.initOverallAssetWeight, perp.maintOverallAssetWeight),
  };
}

const perpId = (index: number): string => `perp-${index}`;
const spotId = (index: number): string => `spot-${index}`;

function perpRows(perp: Perp, index: number): { position: PositionJSON; orders: OrderJSON[] } {
  const market = perpId(index);
  const { baseLots, quote } = effectivePosition(perp);
  const order = (side: 'buy' | 'sell', lots: Integer): OrderJSON => {
    return { market, side, size: String(integer(lots, 'lots')), notional: 0 };
  };
  return {
    position: { market, size: String(baseLots), cost: negate(quote) },
    orders: [order('buy', perp.bidsLots), order('sell', perp.asksLots)],
  };
}

function spotRows(orders: SpotOpenOrders, index: number): OrderJSON[] {
  const market = spotId(index);
  const { lowestAsk = null } = orders;
  const bidInverse = real(orders.highestBidInv ?? 0, 'highestBidInv');
  return [
    {
      market,
      side: 'buy',
      notional: orders.reservedQuote,
      size: 0,
      ...(bidInverse === 0 ? {} : { worst: 1 / bidInverse }),
    },
    { market, side: 'sell', size: orders.reservedBase, ...(lowestAsk === null ? {} : { worst: lowestAsk }) },
  ];
}

/**
 * An account and everything its health depends on as a book. Health at a level is collateral less margin of the unit.
 * @param id - of the account
 * @param state - tokens, perps and open orders
 * @returns assets by token name, markets `perp-0`, `spot-0`, ... and the account
 * @throws MarginError range where a missing token is owed or settles a perp; type, inexact
 * @example
 * book('a', { tokens: [{ name: 'USDC', balance: 100, price: 1, initAssetWeight: 1, initLiabWeight: 1 }], perps: [],
 *   spotOpenOrders: [{ base: 'SOL', quote: 'USDC', reservedBase: 1, reservedQuote: 0, freeBase: 0, freeQuote: 5 }],
 *   missing: ['SOL'] }).accounts[0].balances // { USDC: '100' }
 */
export function book(id: string, state: MangoAccount): BookJSON {
  const missing = new Set(state.missing);
  for (const { name, balance } of state.tokens) {
    if (missing.has(name) && real(balance, 'balance') < 0) {
      throw new MarginError('range', {
        path: `tokens.${name}.balance`,
        got: balance,
        expected: 'a bank for a token that is owed',
      });
    }
  }
  for (const { settle } of state.perps) {
    if (missing.has(settle)) {
      throw new MarginError('range', {
        path: 'perps',
        got: settle,
        expected: 'a bank for the token that a perp settles in',
      });
    }
  }
  const tokens = state.tokens.filter(({ name }) => !missing.has(name));
  const open = state.spotOpenOrders.filter(({ base, quote }) => !missing.has(base) && !missing.has(quote));
  const free = (token: string): Decimal[] =>
    open.flatMap((orders) => [
      ...(orders.base === token ? [orders.freeBase] : []),
      ...(orders.quote === token ? [orders.freeQuote] : []),
    ]);
  const perps = state.perps.map(perpRows);
  return {
    format: 'margin-kernel/book@1',
    assets: tokens.map(assetOf),
    markets: [
      ...state.perps.map((perp, index) => perpMarketOf(perp, perpId(index))),
      ...open.map(({ base, quote }, index): MarketJSON => {
        const mark = priceRatio(tokens, base, quote);
        return { id: spotId(index), kind: 'spot', base, quote, mark, spotOrders: 'reserve' };
      }),
    ],
    accounts: [
      {
        id,
        balances: Object.fromEntries(tokens.map(({ name, balance }) => [name, sum(balance, ...free(name))])),
        positions: perps.map(({ position }) => position),
        orders: [...perps.flatMap(({ orders }) => orders), ...open.flatMap(spotRows)],
      },
    ],
  };
}

/** Mark of a spot market, quote for a unit of base; health converts at the oracles and does not read it. */
function priceRatio(tokens: readonly Token[], base: string, quote: string): number {
  const price = (name: string): number => {
    const token = tokens.find((candidate) => candidate.name === name);
    if (!token) throw new MarginError('unknown-id', { path: 'spotOpenOrders', got: name, expected: 'a token' });
    return real(token.price, 'price');
  };
  const ratio = price(base) / price(quote);
  return Number.isFinite(ratio) && ratio > 0 ? ratio : 1;
}
