// Deposits as shares of an index, so that one division takes a loss from all depositors: the index falls, rounded up (Drift's
// cumulative deposit interest). What rounding takes too much stays in the pool.
// Eager twin: eagerLoss. Dust: after n events a deposit is within n (shares/1e10 + 2) minor units of the twin's, and no sum of
// withdrawals is above what the pool holds.
import { MarginError } from '../../errors.js';
import { socialisedDepositInterest } from '../../venues/drift-insurance.js';
import { ceilDiv, type Integer, smaller } from '../../venues/integer.js';
import { type Amount, amount } from '../amount.js';
import { amountsOf, atMost, type Stored } from './state.js';

/** Index of a pool that has lost nothing. */
const ONE = 10n ** 10n;

/** All deposits together; the same whatever their number. */
export interface DepositIndex {
  /** Worth of a share, 1e10 minor units; 0 when everything is lost. */
  index: bigint;
  /** Sum of the shares; a deposit's own shares are all that has to be kept of it. */
  shares: bigint;
  /** Minor units that the pool holds. */
  total: Amount;
}

/** A pool without deposits. */
export const EMPTY_DEPOSIT_INDEX: DepositIndex = { index: ONE, shares: 0n, total: 0n };

/** @throws MarginError type, missing-key, inexact, range */
export const depositIndexOf = (state: Stored<DepositIndex>, path = 'state'): DepositIndex =>
  amountsOf(state, path, ['index', 'shares', 'total']);

const worthOf = (index: bigint, shares: bigint): Amount => (shares * index) / ONE;

/**
 * A deposit.
 * @param state - before
 * @param added - minor units
 * @returns state after, and the shares that the deposit is, rounded down; those of one depositor add up
 * @throws MarginError range where the pool has lost everything; type, missing-key, inexact
 * @see protocol-v2 programs/drift/src/math/spot_balance.rs get_spot_balance
 * @example
 * indexDeposit({ index: 9_000_000_000n, shares: 0n, total: 0n }, 900).shares // 1000n
 */
export function indexDeposit(state: Stored<DepositIndex>, added: Integer): { state: DepositIndex; shares: bigint } {
  const { index, shares, total } = depositIndexOf(state);
  const more = amount(added, 'added');
  if (index === 0n) {
    throw new MarginError('range', { path: 'state.index', got: index, expected: '> 0', hint: 'Begin a pool anew' });
  }
  const bought = (more * ONE) / index;
  return { state: { index, shares: shares + bought, total: total + more }, shares: bought };
}

/**
 * What shares are worth.
 * @param state - as it is
 * @param shares - of a deposit
 * @returns minor units, rounded down
 * @throws MarginError type, missing-key, inexact, range
 * @see protocol-v2 programs/drift/src/math/spot_balance.rs get_token_amount
 * @example
 * indexWorth({ index: 9_000_000_000n, shares: 1_000n, total: 900n }, 999) // 899n
 */
export function indexWorth(state: Stored<DepositIndex>, shares: Integer): Amount {
  return worthOf(depositIndexOf(state).index, amount(shares, 'shares'));
}

/**
 * Pays a deposit out, or a part of it.
 * @param state - before
 * @param shares - of the depositor
 * @param most - minor units; left out: all
 * @returns state after, shares that are left (what is paid is rounded up in shares), and what is paid, minor units
 * @throws MarginError type, missing-key, inexact, range where there are fewer shares
 * @see protocol-v2 programs/drift/src/controller/spot_balance.rs update_spot_balances
 * @example
 * indexWithdraw({ index: 9_000_000_000n, shares: 1_000n, total: 900n }, 1_000, 100)
 *   // { state: { index: 9_000_000_000n, shares: 888n, total: 800n }, shares: 888n, paid: 100n }
 */
export function indexWithdraw(
  state: Stored<DepositIndex>,
  shares: Integer,
  most?: Integer,
): { state: DepositIndex; shares: bigint; paid: Amount } {
  const { index, shares: all, total } = depositIndexOf(state);
  const held = atMost(amount(shares, 'shares'), all, 'shares');
  const worth = worthOf(index, held);
  const paid = most === undefined ? worth : smaller(amount(most, 'most'), worth);
  const burnt = paid === worth ? held : ceilDiv(paid * ONE, index);
  return { state: { index, shares: all - burnt, total: total - paid }, shares: held - burnt, paid };
}

/**
 * A loss that all depositors bear in proportion: a debt that nobody repays.
 * @param state - before
 * @param loss - minor units, at most what all deposits are worth
 * @returns state after: the index is lower by index x loss / deposits, rounded up
 * @throws MarginError range where deposits are worth less; type, missing-key, inexact
 * @see protocol-v2 programs/drift/src/controller/liquidation.rs resolve_spot_bankruptcy
 * @example
 * indexLoss({ index: 10_000_000_000n, shares: 1_000_000_000n, total: 1_000_000_000n }, 100_000_000)
 *   // { index: 9_000_000_000n, shares: 1_000_000_000n, total: 900_000_000n }
 */
export function indexLoss(state: Stored<DepositIndex>, loss: Integer): DepositIndex {
  const { index, shares, total } = depositIndexOf(state);
  const deposits = worthOf(index, shares);
  const borrow = atMost(amount(loss, 'loss'), deposits, 'loss', 'What is beyond the deposits needs another layer');
  if (borrow === 0n) return { index, shares, total };
  const fall = socialisedDepositInterest({ borrow, totalDeposits: deposits, cumulativeDepositInterest: index });
  return { index: index - fall, shares, total: total - borrow };
}
