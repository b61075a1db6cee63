// OKX and Gate, whose tables read alike: position tiers by size, marginal discount tiers of collateral, marginal borrow
// tiers. Rows of their APIs as parts of a book. The functions for OKX take rows as the API sends them, '' being none; keys that
// are not named here are not read.
import { decimal as real } from '../book/fields.js';
import type { AccountJSON, AssetJSON, Decimal, MarketJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { decimal, decimalParts, sum } from './decimal.js';
import { balancesOf, fraction, Row, rowsOf } from './rows.js';
import { upperBounds } from './tiers.js';

/** A row of GET /api/v5/public/position-tiers. */
export interface PositionTier {
  /** Contracts; empty: no end. */
  maxSz: Decimal;
  /** Fractions. The rate of the tier that a position is in holds for all of it. */
  mmr: Decimal;
  /** Initial rate, a fraction. */
  imr: Decimal;
}

/** A row of GET /api/v5/account/positions. */
export interface Position {
  /** Market, as the venue names it. */
  instId: string;
  /** Side in long/short mode; default net. */
  posSide?: 'net' | 'long' | 'short';
  /** Contracts; signed for net, unsigned for long and short. */
  pos: Decimal;
  /** Average entry price, quote. */
  avgPx: Decimal;
  /** Leverage; its inverse is the position's own initial rate. */
  lever?: Decimal;
  /** `cross` or `isolated`. */
  mgnMode?: string;
  /** Isolated margin in `ccy`; absent or empty for a cross position. */
  margin?: Decimal;
  /** Currency of the isolated margin. */
  ccy?: string;
  /** SWAP or FUTURES; positions of other kinds are refused. */
  instType?: string;
}

/** A tier of a unified account: GET /api/v4/unified/currency_discount_tiers and loan_margin_tiers of Gate. */
export interface UnifiedTier {
  /** USD, lower bound. */
  lower: Decimal;
  /** Fraction: share that counts as collateral, or maintenance rate of a loan. */
  rate: Decimal;
}

/**
 * An OKX swap or future as a market.
 * @param instrument - rows of GET /api/v5/public/instruments, position-tiers and mark-price
 * @returns a market whose tables go by contracts, whole, at both levels
 * @throws MarginError missing-key, type, range
 * @example
 * market({ instId: 'BTC-USD-SWAP', ctType: 'inverse', ctVal: 100, settleCcy: 'BTC', markPx: 50_000,
 *   tiers: [{ maxSz: '', mmr: 0.004, imr: 0.01 }] }).multiplier // 100
 */
export function market(instrument: {
  instId: string;
  ctType: 'linear' | 'inverse';
  /** Face value of a contract: base for linear, USD for inverse; times ctMult, default 1. */
  ctVal: Decimal;
  ctMult?: Decimal;
  settleCcy: string;
  uly?: string;
  markPx: Decimal;
  tiers: readonly PositionTier[];
  takerFeeRate?: Decimal;
}): MarketJSON {
  const row = new Row(instrument, '', undefined, 'market');
  const tiers = row.rows('tiers', undefined, 'GET /api/v5/public/position-tiers has it as data');
  const takerFee = row.some('takerFeeRate', 'maintenance');
  return {
    id: row.text('instId'),
    kind: row.word('ctType', ['linear', 'inverse']),
    settle: row.text('settleCcy'),
    ...(row.has('uly') ? { underlying: row.text('uly') } : {}),
    multiplier: row.number('ctMult', 1) === 1 ? row.decimal('ctVal') : product(row, 'ctVal', 'ctMult'),
    mark: row.decimal('markPx'),
    brackets: tiers.map((tier, index) => ({
      upTo: index === tiers.length - 1 ? null : tier.decimal('maxSz'),
      maintenanceRate: fraction(tier, 'mmr'),
      initialRate: fraction(tier, 'imr'),
    })),
    tables: { form: 'whole', basis: 'contracts' },
    // Maintenance includes the fee to close (help 6997123251341: liquidation at mmr plus taker fee).
    ...(row.has('takerFeeRate') ? { closingFee: { initial: 0, ...takerFee } } : {}),
    ...row.some('takerFeeRate', 'takerFee'),
  };
}

/** Two numbers of a row multiplied, exactly. */
function product(row: Row, first: string, second: string): string {
  const a = decimalParts(row.decimal(first), row.at(first));
  const b = decimalParts(row.decimal(second), row.at(second));
  return decimal(a.digits * b.digits, -(a.exponent + b.exponent));
}

/**
 * A currency with its OKX discount tiers.
 * @param currency - price (USD) and rows of GET /api/v5/public/discount-rate-interest-free-quota (bounds in the currency)
 * @returns an asset with marginal tiers
 * @throws MarginError missing-key, type, range
 * @example
 * discountAsset({ ccy: 'ETH', price: 2_000, details: [{ maxAmt: 1_000, discountRate: 0.98 },
 *   { maxAmt: '', discountRate: 0.9 }] }).tiers[0] // { upTo: 2_000_000, weight: 0.98 }
 */
export function discountAsset(currency: {
  ccy: string;
  price: Decimal;
  /** An empty maxAmt has no end. */
  details: readonly { maxAmt: Decimal; discountRate: Decimal }[];
}): AssetJSON {
  const row = new Row(currency, '', undefined, 'discountAsset');
  const price = row.number('price');
  const details = row.rows('details');
  return {
    id: row.text('ccy'),
    price: row.decimal('price'),
    tiers: details.map((tier, index) => ({
      upTo: index === details.length - 1 ? null : tier.number('maxAmt') * price,
      weight: fraction(tier, 'discountRate'),
    })),
  };
}

/**
 * An OKX account: balances and open positions, each isolated position in a bucket of its own with its margin. Positions of
 * size 0 and balances of 0 are left out.
 * @param id - of the account
 * @param state - `details` of the first row of GET /api/v5/account/balance and rows of /account/positions
 * @returns an account; buckets are numbered from 1 in the order of the isolated positions
 * @throws MarginError missing-key, type, not-finite, duplicate; conflict for options and margin positions
 * @example
 * account('a', { details: [{ ccy: 'USDT', cashBal: '1000' }], positions: [
 *   { instId: 'BTC-USDT-SWAP', posSide: 'short', pos: '10', avgPx: '60000' }] }).positions[0].size // -10
 */
export function account(
  id: string,
  state: { details: readonly { ccy: string; cashBal: Decimal }[]; positions: readonly Position[] },
): AccountJSON {
  const row = new Row(state, '', undefined, 'account');
  const details = row.rows('details', undefined, 'GET /api/v5/account/balance has it in data[0]');
  const cash = (detail: Row): Decimal => (detail.raw('cashBal') === '' ? 0 : detail.decimal('cashBal'));
  const open = row
    .rows('positions', undefined, 'GET /api/v5/account/positions has it as data')
    .filter((position) => sizeOf(position) !== 0);
  return {
    id,
    balances: balancesOf(details, 'ccy', cash),
    positions: open.filter((position) => !isIsolated(position)).map(positionOf),
    buckets: open.filter(isIsolated).map((position, index) => ({
      bucket: index + 1,
      balances: { [position.text('ccy', 'The currency of the isolated margin')]: position.decimal('margin') },
      positions: [positionOf(position)],
    })),
  };
}

/** '' is none. */
const sizeOf = (row: Row): number => (row.raw('pos') === '' ? 0 : row.number('pos'));

const isIsolated = (row: Row): boolean =>
  row.has('mgnMode') ? row.word('mgnMode', ['cross', 'isolated']) === 'isolated' : row.has('margin');

function positionOf(row: Row): PositionJSON {
  const kind = row.raw('instType') ?? 'SWAP';
  if (kind !== 'SWAP' && kind !== 'FUTURES') {
    throw new MarginError('conflict', {
      path: row.at('instType'),
      got: kind,
      expected: 'SWAP or FUTURES',
      hint: 'Leave out rows of other kinds: their size is not a number of futures contracts',
    });
  }
  const side = row.word('posSide', ['net', 'long', 'short'], 'net');
  const contracts = sizeOf(row);
  return {
    market: row.text('instId'),
    side,
    size: side === 'short' ? -Math.abs(contracts) : contracts,
    entry: row.decimal('avgPx'),
    ...row.some('lever', 'leverage'),
  };
}

/**
 * A currency of a Gate unified account.
 * @param currency - price (USD), discount tiers of its balance and margin tiers of a loan in it
 * @returns an asset with marginal haircut tiers and a debt whose surcharge is the maintenance requirement of the loan
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * unifiedAsset({ currency: 'APT', price: 1, discountTiers: [{ lower: 0, rate: 0.8 }, { lower: 50_000, rate: 0 }] }).tiers
 *   // [{ upTo: 50_000, weight: 0.8 }, { upTo: null, weight: 0 }]
 */
export function unifiedAsset(currency: {
  currency: string;
  price: Decimal;
  discountTiers?: readonly UnifiedTier[];
  loanTiers?: readonly UnifiedTier[];
}): AssetJSON {
  const row = new Row(currency, '', ['currency', 'price', 'discountTiers', 'loanTiers'], 'unifiedAsset');
  const rows = (key: string, weight: (rate: Decimal) => Decimal): NonNullable<AssetJSON['tiers']> => {
    const tiers = rowsOf(row.raw(key), key);
    const upTo = upperBounds(
      tiers.map((tier) => tier.decimal('lower')),
      (index) => tiers[index]?.at('lower') ?? key,
    );
    return tiers.map((tier, index) => ({ upTo: upTo[index] ?? null, weight: weight(fraction(tier, 'rate')) }));
  };
  return {
    id: row.text('currency'),
    price: row.decimal('price'),
    ...(row.has('discountTiers') ? { tiers: rows('discountTiers', (rate) => rate) } : {}),
    ...(row.has('loanTiers') ? { liabilityTiers: rows('loanTiers', (rate) => sum(1, rate)) } : {}),
  };
}

/**
 * A loan as a balance: what is owed within the borrow limit. Gate's tiers end there and ask nothing beyond.
 * @param owed - amount of the loan, in its currency
 * @param price - USD
 * @param limit - upper end of the last loan tier, USD; null: none
 * @returns negative amount in the currency
 * @throws MarginError type, not-finite
 * @example
 * loanBalance(30, 100_000, 5_000_000) // -30
 */
export function loanBalance(owed: Decimal, price: Decimal, limit: Decimal | null): number {
  const amount = real(owed, 'owed');
  if (limit === null) return -amount;
  return -Math.min(amount, real(limit, 'limit') / real(price, 'price'));
}

export * from './okx-prices.js';
