// Which unit a ledger counts each asset and market of a book in: digits of the minor unit, the lot, and what it is worth.
import type { BookBase } from '../book/book.js';
import { decimal, isObject, POSITIVE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { KIND } from '../layout.js';
import { exact, times } from '../liquidation/exact.js';
import type { Market } from '../waterfall/market.js';

/** In which units a ledger counts; the same for its way there and back. */
export interface LedgerUnits {
  /** Digits of a minor unit, 0 to 30: of all assets, or by asset; default what the book says (`decimals`). */
  decimals?: number | Readonly<Record<string, number>>;
  /** Size of a lot in contracts by market; default the market's lot, where it has none 10^-8. */
  lots?: Readonly<Record<string, Decimal>>;
}

const SMALLEST_LOT = 1e-8;
const MOST_DECIMALS = 30;

/** A market that a ledger can carry. */
export interface MarketUnit {
  terms: Market;
  /** Contracts. */
  lot: number;
  /** Row of the settle asset, and its digits. */
  settle: number;
  decimals: number;
}

export interface Terms {
  /** Digits by row of the asset. */
  decimals: number[];
  /** By row of the market; undefined: spot, which has no positions. */
  markets: (MarketUnit | undefined)[];
}

/** @throws MarginError unknown-id, type, range */
export function termsOf(book: BookBase, { decimals = {}, lots = {} }: LedgerUnits): Terms {
  const { asset, market } = book.store.columns;
  if (typeof decimals !== 'number') known(decimals, 'decimals', (id, path) => book.asset(id, path));
  known(lots, 'lots', (id, path) => book.market(id, path));
  const digits = Array.from({ length: book.assets }, (_, a) => {
    const id = book.assetId(a);
    const given = typeof decimals === 'number' ? decimals : (decimals[id] ?? asset.decimals[a] ?? 0);
    return digitsOf(given, typeof decimals === 'number' ? 'decimals' : `decimals.${id}`);
  });
  const markets = Array.from({ length: book.markets }, (_, m): MarketUnit | undefined => {
    const kind = market.kind[m];
    if (kind === KIND.spot) return undefined;
    const id = book.marketId(m);
    const given = lots[id];
    const lot = given === undefined ? market.lot[m] || SMALLEST_LOT : decimal(given, `lots.${id}`, POSITIVE);
    const settle = market.settle[m] ?? 0;
    const places = digits[settle] ?? 0;
    const unit = { numerator: 10n ** BigInt(places), denominator: 1n };
    const terms: Market = {
      id,
      settle: book.assetId(settle),
      // Of a quanto or prediction market the profit is linear in the price as well, in units of the settle asset.
      kind: kind === KIND.inverse ? 'inverse' : 'linear',
      lotValue: times(times(exact(market.multiplier[m] ?? 1), exact(lot)), unit),
      mark: exact(market.mark[m] ?? 0),
    };
    return { terms, lot, settle, decimals: places };
  });
  return { decimals: digits, markets };
}

/** Digits after the point that a minor unit has. @throws MarginError range */
export function digitsOf(value: unknown, path: string): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_DECIMALS) return value as number;
  throw new MarginError('range', { path, got: value, expected: `0 to ${MOST_DECIMALS} digits` });
}

function known(value: unknown, path: string, find: (id: string, path: string) => number): void {
  if (!isObject(value)) throw new MarginError('type', { path, got: value, expected: 'an object by id' });
  for (const id of Object.keys(value)) find(id, `${path}.${id}`);
}
