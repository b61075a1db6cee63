// Liquidation prices as venues print them: the bracket of today's notional is kept, so the requirement is one line and the
// price a quotient. Where the price crosses a bracket the true price is nearer: a frozen tier is optimistic, never the other
// way round. `liquidationPrices` of the package follows the brackets.
import type { Decimal } from '../book/types.js';
import { Row } from './rows.js';

/** A position whose market moves, with the bracket that is kept. */
export interface FrozenPosition {
  /** Long positive. Linear: base. Inverse: USD (contracts times face value). */
  size: Decimal;
  /** Quote: the entry price, if `equity` is without this position's profit; the mark, if it is with it. */
  price: Decimal;
  /** Maintenance rate of the bracket, a fraction; a rate for closing is added to it. */
  rate: Decimal;
  /** Maintenance amount of the bracket, settle units; default 0. */
  deduction?: Decimal;
}

/** An account, seen from one market. */
export interface FrozenAccount {
  /** Settle units: what backs the positions, at their `price`. */
  equity: Decimal;
  /** What positions in other markets need, settle units; default 0. */
  otherMaintenance?: Decimal;
  /** All positions in the market: in hedge mode there are two. */
  positions: readonly FrozenPosition[];
}

/** A position whose numbers have been read. */
export interface FrozenTerm {
  /** Signed: base of a linear market, USD of an inverse one. */
  size: number;
  /** Price at which the equity counts it. */
  price: number;
  /** Maintenance rate of its bracket, a fraction; default 0. */
  rate?: number;
  /** Maintenance amount of its bracket: quote, or coin of an inverse market; default 0. */
  deduction?: number;
}

/**
 * Price at which a linear market's positions leave equity = maintenance, brackets kept:
 * equity + size (P - price) = rate |size| P - deduction.
 * @param account - equity and positions in the market, quote
 * @returns quote; null where there is none above or at 0, and where health does not depend on the price. On the wrong side of
 *   the mark: the account is below maintenance already
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * frozenTierPrice({ equity: 5, otherMaintenance: 4, positions: [{ size: 1, price: 100, rate: 0.2 }] }) // 123.75
 */
export function frozenTierPrice(account: FrozenAccount): number | null {
  const { equity, terms } = read(account, 'frozenTierPrice');
  return linearRoot(equity, terms);
}

/**
 * Price at which an inverse market's positions leave equity = maintenance, brackets kept:
 * equity + size (1 / price - 1 / P) = rate |size| / P - deduction.
 * @param account - equity and positions in the market, coin
 * @returns USD; null where there is none: a short position that is backed by its own size of coin is never liquidated
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * frozenTierInversePrice({ equity: 0.5, positions: [{ size: 10_000, price: 8_000, rate: 0.05 }] }) // 6000
 */
export function frozenTierInversePrice(account: FrozenAccount): number | null {
  const { equity, terms } = read(account, 'frozenTierInversePrice');
  return inverseRoot(equity, terms);
}

function read(account: FrozenAccount, name: string): { equity: number; terms: FrozenTerm[] } {
  const row = new Row(account, '', ['equity', 'otherMaintenance', 'positions'], name);
  return {
    equity: row.number('equity') - row.number('otherMaintenance', 0),
    terms: row.rows('positions', ['size', 'price', 'rate', 'deduction']).map((position) => ({
      size: position.number('size'),
      price: position.positive('price'),
      rate: position.rate('rate'),
      deduction: position.number('deduction', 0),
    })),
  };
}

/**
 * `frozenTierPrice` of numbers that have been read.
 * @param equity - quote, less what other positions need
 * @param positions - in one linear market; rate and deduction default to 0
 * @returns quote, or null
 * @example
 * linearRoot(400 - 100, [{ size: 1, price: 20_000 }]) // 19_700
 */
export function linearRoot(equity: number, positions: readonly FrozenTerm[]): number | null {
  let owed = -equity;
  let slope = 0;
  for (const { size, price, rate = 0, deduction = 0 } of positions) {
    owed += size * price - deduction;
    slope += size - Math.abs(size) * rate;
  }
  return priceOf(owed, slope);
}

/**
 * `frozenTierInversePrice` of numbers that have been read.
 * @param equity - coin, less what other positions need
 * @param positions - in one inverse market, sizes in USD; rate and deduction default to 0
 * @returns USD, or null
 * @example
 * inverseRoot(0.5, [{ size: -10_000, price: 10_000 }]) // 20_000
 */
export function inverseRoot(equity: number, positions: readonly FrozenTerm[]): number | null {
  let coin = equity;
  let slope = 0;
  for (const { size, price, rate = 0, deduction = 0 } of positions) {
    coin += size / price + deduction;
    slope += size + Math.abs(size) * rate;
  }
  return slope === 0 ? null : priceOf(slope, coin);
}

/**
 * A quotient as a price.
 * @returns null where it is negative or not a finite number
 * @example
 * priceOf(1, -2) // null
 */
export function priceOf(numerator: number, denominator: number): number | null {
  const price = numerator / denominator;
  // -0 and 0 are one price.
  return price >= 0 && Number.isFinite(price) ? price + 0 : null;
}
