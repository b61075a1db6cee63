// Mango v4: tokens, perps and spot open orders as a book whose health is Mango's. Amounts are native units and lots, prices
// USD for a native unit. Source: mango-v4 programs/mango-v4/src/health/cache.rs. Lots stay integers: exact at any size.
import { decimal as real } from '../book/fields.js';
import { nearest } from '../book/nearest.js';
import type { AssetJSON, BookJSON, Decimal, MarketJSON, OrderJSON, PerLevel, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { complement, negate, sum } from './decimal.js';
import { type Integer, integer } from './integer.js';
import { Row } from './rows.js';

/** A bank and what the account has in it. */
export interface Token {
  /** Of its bank. */
  name: string;
  /** Native units, negative for a borrow. */
  balance: Decimal;
  /** Oracle price, USD for a native unit. */
  price: Decimal;
  /** Slow price that guards the initial level. */
  stablePrice?: Decimal | null;
  /** Fraction. */
  initAssetWeight: Decimal;
  /** 1 or more. */
  initLiabWeight: Decimal;
  /** Default: the initial weights. */
  maintAssetWeight?: Decimal;
  /** 1 or more; default the initial one. */
  maintLiabWeight?: Decimal;
  /** Of all accounts, native units. */
  bankDeposits?: Decimal;
  /** Of all accounts, native units. */
  bankBorrows?: Decimal;
  /** Native units that spot orders of all accounts may still deposit. */
  potentialSerumTokens?: Decimal;
  /** USD from which the initial weights scale. */
  depositScaleStart?: Decimal | null;
  /** USD of all borrows from which the initial liability weight grows; null: never. */
  borrowScaleStart?: Decimal | null;
}

/** A perp market and the account's position in it. */
export interface Perp {
  /** Name of the settle token. */
  settle: string;
  /** Oracle price, USD for a native unit of base. */
  price: Decimal;
  /** Slow price that guards the initial level; default none. */
  stablePrice?: Decimal | null;
  /** Native units in a lot. */
  baseLotSize: Integer;
  /** Native units of quote in a lot. */
  quoteLotSize: Integer;
  /** Signed position. */
  baseLots: Integer;
  /** Native quote of the position. */
  quote: Decimal;
  /** Base lots of open bids. */
  bidsLots: Integer;
  /** Base lots of open asks. */
  asksLots: Integer;
  /** Fills that are not settled yet. */
  takerBaseLots?: Integer;
  /** Quote lots of fills that are not settled yet. */
  takerQuoteLots?: Integer;
  /** Of a long position, initial. */
  initBaseAssetWeight: Decimal;
  /** Of a short position, initial. */
  initBaseLiabWeight: Decimal;
  /** Of a long position, maintenance; default the initial one. */
  maintBaseAssetWeight?: Decimal;
  /** Of a short position, maintenance; default the initial one. */
  maintBaseLiabWeight?: Decimal;
  /** Weight of a positive result of the whole market. */
  initOverallAssetWeight: Decimal;
  /** Of a positive result, maintenance; default the initial one. */
  maintOverallAssetWeight?: Decimal;
}

/** Open orders of a spot market, native units. */
export interface SpotOpenOrders {
  /** Name of the base token. */
  base: string;
  /** Name of the quote token. */
  quote: string;
  /** In open asks, native units. */
  reservedBase: Decimal;
  /** In open bids, native units. */
  reservedQuote: Decimal;
  /** Not in orders, native units. */
  freeBase: Decimal;
  /** Not in orders, native units. */
  freeQuote: Decimal;
  /** Own extreme order prices, quote for a unit of base and the inverse; 0 or null: unknown. */
  lowestAsk?: Decimal | null;
  /** Units of base for one of quote at the highest bid; 0 or null: unknown. */
  highestBidInv?: Decimal | null;
}

/** All that the health of a Mango account depends on. */
export interface MangoAccount {
  /** Banks with the account's balances. */
  tokens: readonly Token[];
  /** Perp markets with the account's positions. */
  perps: readonly Perp[];
  /** Open orders by spot market. */
  spotOpenOrders: readonly SpotOpenOrders[];
  /** Tokens without a bank or a good price: left out with their markets, which only a balance >= 0 permits. */
  missing?: readonly string[];
}

/** Keys that must be there, and all that may be. */
const NEEDED = {
  tokens: ['balance', 'price', 'initAssetWeight', 'initLiabWeight'],
  perps: ['price', 'quote', 'initBaseAssetWeight', 'initBaseLiabWeight', 'initOverallAssetWeight'],
  lots: ['baseLotSize', 'quoteLotSize', 'baseLots', 'bidsLots', 'asksLots'],
  spotOpenOrders: ['reservedBase', 'reservedQuote', 'freeBase', 'freeQuote'],
} as const;
const KEYS = {
  tokens: [
    ...['name', ...NEEDED.tokens, 'stablePrice', 'maintAssetWeight', 'maintLiabWeight', 'bankDeposits', 'bankBorrows'],
    ...['potentialSerumTokens', 'depositScaleStart', 'borrowScaleStart'],
  ],
  perps: [
    ...['settle', ...NEEDED.perps, ...NEEDED.lots, 'stablePrice', 'takerBaseLots', 'takerQuoteLots'],
    ...['maintBaseAssetWeight', 'maintBaseLiabWeight', 'maintOverallAssetWeight'],
  ],
  spotOpenOrders: ['base', 'quote', ...NEEDED.spotOpenOrders, 'lowestAsk', 'highestBidInv'],
} as const;

/** Refuses what is missing or not known, before anything is computed from it. */
function check(state: MangoAccount): void {
  const row = new Row(state, '', ['tokens', 'perps', 'spotOpenOrders', 'missing'], 'book');
  for (const token of row.rows('tokens', KEYS.tokens)) {
    token.text('name');
    for (const key of NEEDED.tokens) token.decimal(key);
  }
  for (const perp of row.rows('perps', KEYS.perps)) {
    perp.text('settle');
    for (const key of NEEDED.perps) perp.decimal(key);
    for (const key of NEEDED.lots) perp.integer(key);
  }
  for (const orders of row.rows('spotOpenOrders', KEYS.spotOpenOrders)) {
    for (const key of ['base', 'quote']) orders.text(key);
    for (const key of NEEDED.spotOpenOrders) orders.decimal(key);
  }
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

/** A scale start for totals at the plain price: the programme values them at the larger of oracle and stable price. */
function scaleStart(token: Token, start: Decimal | null = null): Decimal | null {
  const [price, stable] = [real(token.price, 'price'), real(token.stablePrice ?? token.price, 'stablePrice')];
  return start === null || stable <= price || price === 0 ? start : (real(start, 'scaleStart') * price) / stable;
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
    depositScaleStart: scaleStart(token, token.depositScaleStart),
    borrows: token.bankBorrows ?? 0,
    borrowScaleStart: scaleStart(token, token.borrowScaleStart),
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

/**
 * Id of a perp's market in the book.
 * @example
 * perpId(0) // 'perp-0'
 */
export const perpId = (index: number): string => `perp-${index}`;
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
    {
      market,
      side: 'sell',
      size: orders.reservedBase,
      notional: 0,
      ...(lowestAsk === null ? {} : { worst: lowestAsk }),
    },
  ];
}

/**
 * An account and everything its health depends on as a book. Health at a level is collateral less margin of the unit.
 * @param id - of the account
 * @param state - tokens, perps and open orders
 * @returns assets by token name, markets `perp-0`, `spot-0`, ... and the account
 * @throws MarginError range where a missing token is owed or settles a perp; missing-key, unknown-key, unknown-id, type, inexact
 * @example
 * book('a', { tokens: [{ name: 'USDC', balance: 100, price: 1, initAssetWeight: 1, initLiabWeight: 1 }], perps: [],
 *   spotOpenOrders: [{ base: 'SOL', quote: 'USDC', reservedBase: 1, reservedQuote: 0, freeBase: 0, freeQuote: 5 }],
 *   missing: ['SOL'] }).accounts[0].balances // { USDC: '100' }
 */
export function book(id: string, state: MangoAccount): BookJSON {
  check(state);
  const missing = new Set(state.missing);
  state.tokens.forEach(({ name, balance }, index) => {
    const path = `tokens[${index}].balance`;
    if (missing.has(name) && real(balance, path) < 0) {
      throw new MarginError('range', { path, got: balance, expected: 'a bank for a token that is owed' });
    }
  });
  state.perps.forEach(({ settle }, index) => {
    if (missing.has(settle)) {
      const expected = 'a bank for the token that a perp settles in';
      throw new MarginError('range', { path: `perps[${index}].settle`, got: settle, expected });
    }
  });
  const tokens = state.tokens.filter(({ name }) => !missing.has(name));
  const open = state.spotOpenOrders.filter(({ base, quote }) => !missing.has(base) && !missing.has(quote));
  const free = (token: string): Decimal[] =>
    open.flatMap((orders) => [
      ...(orders.base === token ? [orders.freeBase] : []),
      ...(orders.quote === token ? [orders.freeQuote] : []),
    ]);
  const perps = state.perps.map(perpRows);
  const indexOf = new Map(state.spotOpenOrders.map((orders, index) => [orders, index]));
  return {
    format: 'margin-kernel/book@1',
    assets: tokens.map(assetOf),
    markets: [
      ...state.perps.map((perp, index) => perpMarketOf(perp, perpId(index))),
      ...open.map((orders, index): MarketJSON => {
        const { base, quote } = orders;
        const path = `spotOpenOrders[${indexOf.get(orders) ?? 0}]`;
        const mark = priceOf(tokens, base, `${path}.base`) / priceOf(tokens, quote, `${path}.quote`);
        return { id: spotId(index), kind: 'spot', base, quote, mark: sound(mark), spotOrders: 'reserve' };
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
const sound = (ratio: number): number => (Number.isFinite(ratio) && ratio > 0 ? ratio : 1);

function priceOf(tokens: readonly Token[], name: string, path: string): number {
  return real(tokenNamed(tokens, name, path).price, 'price');
}

/**
 * A token by its name.
 * @param tokens - banks
 * @param name - of one of them
 * @param path - where the name stands, for the error
 * @returns the token
 * @throws MarginError unknown-id
 * @example
 * tokenNamed([{ name: 'SOL', balance: 1, price: 100, initAssetWeight: 0.8, initLiabWeight: 1.2 }], 'SOL').balance // 1
 */
export function tokenNamed(tokens: readonly Token[], name: string, path = 'name'): Token {
  const token = tokens.find((candidate) => candidate.name === name);
  if (token) return token;
  const names = tokens.map((candidate) => candidate.name);
  const near = nearest(String(name), names);
  throw new MarginError('unknown-id', {
    path,
    got: name,
    expected: 'the name of a token',
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  });
}
