// A market as the ledger knows it: what a lot is worth at a price, in minor units of the settle asset. Risk is the kernel's.

import type { Exact } from '../liquidation/exact.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { type Amount, floorOf, type Ratio, ratioAbove0 } from './amount.js';
import { oneOf } from './words.js';

/** How the worth of a lot depends on the price. */
export type MarketKind = 'linear' | 'inverse';

const KINDS: readonly MarketKind[] = ['linear', 'inverse'];

/** A market as the ledger knows it. */
export interface MarketTerms {
  /** Its name. */
  id: string;
  /** Asset in which profit and loss are paid. */
  settle: string;
  /** Default linear. */
  kind?: MarketKind;
  /** Minor units of the settle asset that a lot is worth at a price of 1 (linear), or 1 / price (inverse); default 1. */
  lotValue?: Ratio;
  /** Quote. */
  mark: Ratio;
}

/** Terms of a market that have been read, exactly. */
export interface Market {
  /** Its name. */
  id: string;
  /** Asset in which profit and loss are paid. */
  settle: string;
  /** How the worth of a lot depends on the price. */
  kind: MarketKind;
  /** Minor units of the settle asset that a lot is worth at a price of 1 (linear), or 1 / price (inverse). */
  lotValue: Exact;
  /** Quote. */
  mark: Exact;
}

const TERMS = ['id', 'settle', 'kind', 'lotValue', 'mark'] as const;

/** Reads terms. @throws MarginError missing-key, type, range where a price or a lot's value is not above 0 */
export function marketOf(row: Row): Market {
  const above0 = (key: 'lotValue' | 'mark', otherwise?: Ratio): Exact => {
    const value = (row.has(key) || otherwise === undefined ? row.need(key, 'a number above 0') : otherwise) as Ratio;
    return ratioAbove0(value, row.at(key));
  };
  const kind = oneOf(row.has('kind') ? row.raw('kind') : 'linear', row.at('kind'), KINDS);
  return {
    id: row.text('id'),
    settle: row.text('settle'),
    kind,
    lotValue: above0('lotValue', 1),
    mark: above0('mark'),
  };
}

export const marketsOf = (value: unknown, path: string): Market[] => rowsOf(value, path, TERMS).map(marketOf);

/** What one long lot is worth at a price, minor units: of an inverse market below 0, rising with the price as well. */
export function worthOfLot({ kind, lotValue }: Market, price: Exact): Exact {
  if (kind === 'linear') {
    return { numerator: lotValue.numerator * price.numerator, denominator: lotValue.denominator * price.denominator };
  }
  return { numerator: -lotValue.numerator * price.denominator, denominator: lotValue.denominator * price.numerator };
}

/** Value of signed lots at a price, minor units, rounded down: what an account has is never shown too high. */
export const worthOf = (market: Market, lots: Amount, price: Exact): Amount => floorOf(lots, worthOfLot(market, price));
