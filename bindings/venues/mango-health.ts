// Mango v4: health of an account at its three levels, from its book on the reference engine, and how far rounding may have
// moved it. What a liquidation or a withdrawal aims at is health 0.
import { Book, type BookBase, type ByLevel, explain, type UnitExplanation } from '../reference/index.js';
import { book, type MangoAccount } from './mango-book.js';

/** Share of all values that rounding moves a sum by: 2^-53 for each operation, and a few hundred of them. */
const NOISE = 1 / 0x100000000000;

/** Health, and the rows that it was summed from. */
export interface AccountHealth {
  /** USD. */
  health: ByLevel;
  /** The account's margin unit, explained. */
  unit: UnitExplanation;
  /** What liquidation-end health is short of 0, USD. */
  missing: number;
  /** What lies this near to 0 is 0: rounding may have moved it there. */
  noise: number;
}

/**
 * Health of an account in a book, with the rows behind it.
 * @param accounts - a book made by `book`
 * @param id - of the account
 * @returns USD
 * @throws MarginError unknown-id
 */
export function healthIn(accounts: BookBase, id: string): AccountHealth {
  const unit = explain(accounts, id).units[0] as UnitExplanation;
  const terms = [
    ...unit.balances.map(({ value }) => value),
    ...unit.positions.flatMap(({ notional, unrealizedPnl }) => [notional, unrealizedPnl]),
  ];
  const noise = NOISE * terms.reduce((sum, term) => sum + Math.abs(term), 0);
  const { liquidationEnd } = unit.health;
  return { health: unit.health, unit, missing: liquidationEnd < -noise ? -liquidationEnd : 0, noise };
}

/**
 * Health of an account with the rows behind it.
 * @param state - tokens, perps and open orders
 * @returns USD
 * @throws MarginError what `book` throws
 * @example
 * accountHealth({ tokens: [{ name: 'USDC', balance: 5, price: 1, initAssetWeight: 1, initLiabWeight: 1 }], perps: [],
 *   spotOpenOrders: [] }).unit.balances[0].total // 5
 */
export function accountHealth(state: MangoAccount): AccountHealth {
  return healthIn(Book.fromJSON(book('a', state)), 'a');
}

/**
 * Health of an account: initial counts stable prices and scaled weights, maintenance and liquidation end the oracle alone.
 * @param state - tokens, perps and open orders
 * @returns USD; liquidatable below 0 at maintenance, and then until liquidation end is at 0
 * @throws MarginError what `book` throws
 * @see mango-v4 programs/mango-v4/src/health/cache.rs
 * @example
 * health({ tokens: [
 *   { name: 'USDC', balance: 10, price: 1, initAssetWeight: 1, initLiabWeight: 1 },
 *   { name: 'SOL', balance: -9, price: 1, stablePrice: 1.5, initAssetWeight: 0.5, initLiabWeight: 1.5, maintLiabWeight: 1.25 },
 * ], perps: [], spotOpenOrders: [] }).initial // -10.25
 */
export function health(state: MangoAccount): ByLevel {
  return accountHealth(state).health;
}
