// Cash of a venue that is backed by less than its face: a loss that nobody covers is printed as cash, and every withdrawal is
// paid at what backs a unit (Derive's cash asset). Nobody is asked, nobody's balance changes, whoever leaves leaves his part.
// Eager twin: eagerShares of the backing by units held. Dust: a withdrawal is rounded down, so who withdraws as the k-th is
// within k minor units of the twin, and no sum of withdrawals is above the backing.
import type { Exact } from '../../liquidation/exact.js';
import { ceilDiv, type Integer, positive, smaller } from '../../venues/integer.js';
import { type Amount, amount } from '../amount.js';
import { amountsOf, atMost, type Stored } from './state.js';

/** Cash of all accounts, and the coins behind it, both in minor units of the coin. */
export interface CashPool {
  /** Owed to holders at face, minor units. */
  cash: Amount;
  /** Coins that are there for it, minor units. */
  backing: Amount;
}

/** @throws MarginError type, missing-key, inexact, range */
export const cashPoolOf = (pool: Stored<CashPool>, path = 'pool'): CashPool =>
  amountsOf(pool, path, ['cash', 'backing']);

/**
 * Coins that a unit of cash is paid with.
 * @param pool - as it is
 * @returns backing / cash, at most 1; 1 where there is no cash
 * @throws MarginError type, missing-key, inexact, range
 * @see derivexyz/v2-core src/assets/CashAsset.sol getCashToStableExchangeRate
 * @example
 * withdrawRate({ cash: 20_000n, backing: 10_000n }) // { numerator: 10_000n, denominator: 20_000n }
 */
export function withdrawRate(pool: Stored<CashPool>): Exact {
  const { cash, backing } = cashPoolOf(pool);
  return cash === 0n ? { numerator: 1n, denominator: 1n } : { numerator: smaller(backing, cash), denominator: cash };
}

/**
 * A loss that nobody covers: who is owed it gets cash that nothing backs.
 * @param pool - before
 * @param loss - minor units
 * @returns pool after
 * @throws MarginError type, missing-key, inexact, range
 * @see derivexyz/v2-core src/assets/CashAsset.sol socializeLoss
 * @example
 * printLoss({ cash: 10_000n, backing: 10_000n }, 2_500) // { cash: 12_500n, backing: 10_000n }
 */
export function printLoss(pool: Stored<CashPool>, loss: Integer): CashPool {
  const { cash, backing } = cashPoolOf(pool);
  return { cash: cash + amount(loss, 'loss'), backing };
}

/**
 * Cash that has to be burnt for coins.
 * @param pool - as it is
 * @param coins - minor units
 * @returns minor units of cash, rounded up
 * @throws MarginError range where nothing backs the cash; type, missing-key, inexact
 * @see derivexyz/v2-core src/assets/CashAsset.sol withdraw
 * @example
 * cashFor({ cash: 12_500n, backing: 10_000n }, 100) // 125n
 */
export function cashFor(pool: Stored<CashPool>, coins: Integer): Amount {
  const { numerator, denominator } = withdrawRate(pool);
  return ceilDiv(amount(coins, 'coins') * denominator, positive(numerator, 'pool.backing'));
}

/**
 * A deposit of coins: as much cash as they buy at the rate, so that who comes later bears no loss of before.
 * @param pool - before
 * @param coins - minor units
 * @returns pool after, and the cash, minor units, rounded down
 * @throws MarginError range where nothing backs the cash; type, missing-key, inexact
 * @example
 * depositCash({ cash: 20_000n, backing: 10_000n }, 100) // { pool: { cash: 20_200n, backing: 10_100n }, cash: 200n }
 */
export function depositCash(pool: Stored<CashPool>, coins: Integer): { pool: CashPool; cash: Amount } {
  const before = cashPoolOf(pool);
  const brought = amount(coins, 'coins');
  const { numerator, denominator } = withdrawRate(before);
  const cash = (brought * denominator) / positive(numerator, 'pool.backing');
  return { pool: { cash: before.cash + cash, backing: before.backing + brought }, cash };
}

/**
 * Pays cash out at the rate.
 * @param pool - before
 * @param cash - minor units to be burnt, at most all that there is
 * @returns pool after, and the coins that are paid, minor units, rounded down
 * @throws MarginError range where there is less cash; type, missing-key, inexact
 * @example
 * withdrawCash({ cash: 12_500n, backing: 10_000n }, 125) // { pool: { cash: 12_375n, backing: 9_900n }, paid: 100n }
 */
export function withdrawCash(pool: Stored<CashPool>, cash: Integer): { pool: CashPool; paid: Amount } {
  const before = cashPoolOf(pool);
  const burnt = atMost(amount(cash, 'cash'), before.cash, 'cash');
  const { numerator, denominator } = withdrawRate(before);
  const paid = (burnt * numerator) / denominator;
  return { pool: { cash: before.cash - burnt, backing: before.backing - paid }, paid };
}
