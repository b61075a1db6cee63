// OKX and Gate, whose tables read alike: position tiers by size, marginal discount tiers of collateral, marginal borrow
// tiers. Rows of their APIs as parts of a book.
import { decimal as real } from '../book/fields.js';
import type { AccountJSON, AssetJSON, Decimal, MarketJSON, PositionJSON } from '../book/types.js';
import { sum } from './decimal.js';
import { upperBounds } from './tiers.js';

/** A row of GET /api/v5/public/position-tiers. */
export interface PositionTier {
  /** Contracts; empty: no end. */
  maxSz: Decimal;
  /** Fractions. The rate of the tier that a position is in holds for all of it. */
  mmr: Decimal;
  imr: Decimal;
}

/** A row of GET /api/v5/account/positions. */
export interface Position {
  instId: string;
  posSide?: 'net' | 'long' | 'short';
  /** Contracts; signed for net, unsigned for long and short. */
  pos: Decimal;
  avgPx: Decimal;
  lever?: Decimal;
  /** Isolated margin in the settle currency; absent for a cross position. */
  margin?: Decimal;
  ccy?: string;
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
 * @example
 * market({ instId: 'BTC-USD-SWAP', ctType: 'inverse', ctVal: 100, settleCcy: 'BTC', markPx: 50_000,
 *   tiers: [{ maxSz: '', mmr: 0.004, imr: 0.01 }] }).multiplier // 100
 */
export function market(instrument: {
  instId: string;
  ctType: 'linear' | 'inverse';
  /** Face value of a contract: base for linear, USD for inverse; times ctMult. */
  ctVal: Decimal;
  settleCcy: string;
  uly?: string;
  markPx: Decimal;
  tiers: readonly PositionTier[];
  takerFeeRate?: Decimal;
}): MarketJSON {
  const { tiers, takerFeeRate } = instrument;
  return {
    id: instrument.instId,
    kind: instrument.ctType,
    settle: instrument.settleCcy,
    ...(instrument.uly === undefined ? {} : { underlying: instrument.uly }),
    multiplier: instrument.ctVal,
    mark: instrument.markPx,
    brackets: tiers.map(({ maxSz, mmr, imr }, row) => ({
      upTo: maxSz === '' || row === tiers.length - 1 ? null : maxSz,
      maintenanceRate: mmr,
      initialRate: imr,
    })),
    tables: { form: 'whole', basis: 'contracts' },
    // Maintenance includes the fee to close (help 6997123251341: liquidation at mmr plus taker fee).
    ...(takerFeeRate === undefined
      ? {}
      : { closingFee: { initial: 0, maintenance: takerFeeRate }, takerFee: takerFeeRate }),
  };
}

/**
 * A currency with its OKX discount tiers.
 * @param currency - price (USD) and rows of GET /api/v5/public/discount-rate-interest-free-quota (bounds in the currency)
 * @returns an asset with marginal tiers
 * @throws MarginError type, not-finite
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
  const price = real(currency.price, 'price');
  const { details } = currency;
  return {
    id: currency.ccy,
    price: currency.price,
    tiers: details.map(({ maxAmt, discountRate }, row) => ({
      upTo: maxAmt === '' || row === details.length - 1 ? null : real(maxAmt, 'maxAmt') * price,
      weight: discountRate,
    })),
  };
}

/**
 * An OKX account: balances and open positions, each isolated position in a bucket of its own with its margin.
 * @param id - of the account
 * @param state - cash balances of GET /api/v5/account/balance and rows of /account/positions
 * @returns an account; buckets are numbered from 1 in the order of the isolated positions
 * @throws MarginError type, not-finite
 * @example
 * account('a', { details: [{ ccy: 'USDT', cashBal: '1000' }], positions: [
 *   { instId: 'BTC-USDT-SWAP', posSide: 'short', pos: '10', avgPx: '60000' }] }).positions[0].size // -10
 */
export function account(
  id: string,
  state: { details: readonly { ccy: string; cashBal: Decimal }[]; positions: readonly Position[] },
): AccountJSON {
  const open = state.positions.filter(({ pos }) => real(pos, 'pos') !== 0);
  return {
    id,
    balances: Object.fromEntries(state.details.map((row) => [row.ccy, row.cashBal])),
    positions: open.filter((position) => position.margin === undefined).map(positionOf),
    buckets: open
      .filter((position) => position.margin !== undefined)
      .map((position, index) => ({
        bucket: index + 1,
        balances: { [position.ccy ?? 'USDT']: position.margin ?? 0 },
        positions: [positionOf(position)],
      })),
  };
}

function positionOf({ instId, posSide = 'net', pos, avgPx, lever }: Position): PositionJSON {
  const contracts = real(pos, 'pos');
  return {
    market: instId,
    side: posSide,
    size: posSide === 'short' ? -Math.abs(contracts) : contracts,
    entry: avgPx,
    ...(lever === undefined ? {} : { leverage: lever }),
  };
}

/**
 * A currency of a Gate unified account.
 * @param currency - price (USD), discount tiers of its balance and margin tiers of a loan in it
 * @returns an asset with marginal haircut tiers and a debt whose surcharge is the maintenance requirement of the loan
 * @throws MarginError range
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
  const rows = (tiers: readonly UnifiedTier[], weight: (rate: Decimal) => Decimal): NonNullable<AssetJSON['tiers']> => {
    const upTo = upperBounds(tiers.map(({ lower }) => lower));
    return tiers.map(({ rate }, row) => ({ upTo: upTo[row] ?? null, weight: weight(rate) }));
  };
  return {
    id: currency.currency,
    price: currency.price,
    ...(currency.discountTiers === undefined ? {} : { tiers: rows(currency.discountTiers, (rate) => rate) }),
    ...(currency.loanTiers === undefined ? {} : { liabilityTiers: rows(currency.loanTiers, (rate) => sum(1, rate)) }),
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
