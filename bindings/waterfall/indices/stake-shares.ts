// An insurance fund that stakers own in shares: draws and income change what a share is worth, nobody's shares. Who wants to leave
// asks first and is paid the worse of two values; after a heavy draw shares are divided by a power of ten (Drift's stakes).
// Eager twin: eagerLoss of draws, eagerGain of income. Dust: each event adds at most V/T + 3 minor units (V the fund, T its shares),
// and income multiplies what is there as it does the fund; never is more paid than the fund holds.
import { MarginError } from '../../errors.js';
import { ceilDiv, type Integer, integer, positive, smaller } from '../../venues/integer.js';
import { type Amount, amount } from '../amount.js';
import { amountsOf, atMost, type Stored } from './state.js';

/** A fund and its shares; the same whatever the number of stakers. */
export interface StakedFund {
  /** Minor units. */
  balance: Amount;
  /** Of all stakers. */
  shares: bigint;
  /** Powers of ten that shares were divided by so far. */
  base: bigint;
}

/** A staker's shares, as of a base. */
export interface Stake {
  /** In the fund's base of `base`. */
  shares: bigint;
  /** Powers of ten that shares had been divided by when it was handed out. */
  base: bigint;
}

/** A wish to leave: shares, as of a base, and what they were worth then, minor units. */
export interface UnstakeRequest extends Stake {
  /** What the shares were worth at the request, minor units. */
  value: Amount;
}

/** A fund without stakers. */
export const EMPTY_FUND: StakedFund = { balance: 0n, shares: 0n, base: 0n };

const fundOf = (fund: Stored<StakedFund>): StakedFund => amountsOf(fund, 'fund', ['balance', 'shares', 'base']);

/** Shares of a stake in the fund's base. */
function sharesOf(fund: StakedFund, stake: Stored<Stake>, path: string): bigint {
  const { shares, base } = amountsOf(stake, path, ['shares', 'base']);
  const behind = fund.base - atMost(base, fund.base, `${path}.base`);
  // Divided by a power that has more digits than they have, nothing is left; such a power may be too large for any memory.
  const left = behind < String(shares).length ? shares / 10n ** behind : 0n;
  return atMost(left, fund.shares, `${path}.shares`);
}

const worthOf = ({ balance, shares }: StakedFund, held: bigint): Amount =>
  shares === 0n ? 0n : (balance * held) / shares;

/**
 * What is left when the last staker has gone, or came while nobody was there, is the fund's own: a share for a unit, so that
 * whoever is first gets neither nothing for an amount nor the fund's money with it.
 */
const withOwn = (fund: StakedFund): StakedFund => (fund.shares === 0n ? { ...fund, shares: fund.balance } : fund);

/**
 * Stakes an amount; of a staker who has shares already, they add up.
 * @param fund - before
 * @param stake - what the staker has; null: nothing
 * @param added - minor units
 * @returns fund and stake after; shares are rounded down. Where a balance has no shares it gets its own first, one for a unit,
 *   which nobody can take out
 * @throws MarginError range where the amount buys no share, or shares are left of a fund that is empty; type, missing-key,
 *   inexact
 * @see protocol-v2 programs/drift/src/math/insurance.rs vault_amount_to_if_shares
 * @example
 * fundStake({ balance: 300n, shares: 200n, base: 0n }, null, 100).stake // { shares: 66n, base: 0n }
 */
export function fundStake(
  fund: Stored<StakedFund>,
  stake: Stored<Stake> | null,
  added: Integer,
): { fund: StakedFund; stake: Stake } {
  const before = withOwn(fundOf(fund));
  const more = amount(added, 'added');
  if (before.balance === 0n) atMost(before.shares, 0n, 'fund.shares', 'Shares of an empty fund are worth nothing');
  const held = stake === null ? 0n : sharesOf(before, stake, 'stake');
  const bought = before.balance === 0n ? more : (more * before.shares) / before.balance;
  if (more > 0n && bought === 0n) {
    const expected = `at least ${ceilDiv(before.balance, before.shares)}, the price of a share`;
    throw new MarginError('range', { path: 'added', got: more, expected, hint: 'It would buy nothing' });
  }
  return {
    fund: { ...before, balance: before.balance + more, shares: before.shares + bought },
    stake: { shares: held + bought, base: before.base },
  };
}

/**
 * What a stake is worth.
 * @param fund - as it is
 * @param stake - of a staker
 * @returns minor units, rounded down
 * @throws MarginError range where it has more shares than the fund; type, missing-key, inexact
 * @see protocol-v2 programs/drift/src/math/insurance.rs if_shares_to_vault_amount
 * @example
 * fundWorth({ balance: 300n, shares: 200n, base: 1n }, { shares: 70n, base: 0n }) // 10n
 */
export function fundWorth(fund: Stored<StakedFund>, stake: Stored<Stake>): Amount {
  const now = fundOf(fund);
  return worthOf(now, sharesOf(now, stake, 'stake'));
}

/**
 * Income of the fund, or a draw on it: shares are worth more or less, nobody's number of shares changes.
 * @param fund - before
 * @param change - minor units: above 0 income, below 0 a draw of at most the balance
 * @returns fund after
 * @throws MarginError range where a draw is beyond the balance; type, missing-key, inexact
 * @see protocol-v2 programs/drift/src/controller/insurance.rs settle_revenue_to_insurance_fund, resolve_perp_pnl_deficit
 * @example
 * fundChange({ balance: 300n, shares: 200n, base: 0n }, -100) // { balance: 200n, shares: 200n, base: 0n }
 */
export function fundChange(fund: Stored<StakedFund>, change: Integer): StakedFund {
  const before = fundOf(fund);
  const moved = integer(change, 'change');
  atMost(-moved, before.balance, 'change');
  return { ...before, balance: before.balance + moved };
}

/**
 * A wish to leave, with what the shares are worth now; a unit of the fund is never promised.
 * @param fund - as it is
 * @param stake - of the staker
 * @param shares - how many of them, in the fund's base
 * @returns the request
 * @throws MarginError range where the stake has fewer; type, missing-key, inexact
 * @see protocol-v2 programs/drift/src/controller/insurance.rs request_remove_insurance_fund_stake
 * @example
 * requestUnstake({ balance: 1_000n, shares: 1_000n, base: 0n }, { shares: 1_000n, base: 0n }, 1_000).value // 999n
 */
export function requestUnstake(fund: Stored<StakedFund>, stake: Stored<Stake>, shares: Integer): UnstakeRequest {
  const now = fundOf(fund);
  const asked = atMost(amount(shares, 'shares'), sharesOf(now, stake, 'stake'), 'shares');
  const promised = now.balance === 0n ? 0n : now.balance - 1n;
  return { shares: asked, base: now.base, value: smaller(worthOf(now, asked), promised) };
}

/**
 * Leaves the fund with the worse of what the shares were worth at the request and are worth now, so that a loss in between is
 * borne and income in between is not kept.
 * @param fund - before
 * @param request - as it was made
 * @returns fund after, and what is paid, minor units
 * @throws MarginError type, missing-key, inexact, range
 * @see protocol-v2 programs/drift/src/controller/insurance.rs remove_insurance_fund_stake
 * @example
 * unstake({ balance: 900n, shares: 1_000n, base: 0n }, { shares: 100n, base: 0n, value: 100n })
 *   // { fund: { balance: 810n, shares: 900n, base: 0n }, paid: 90n }
 */
export function unstake(fund: Stored<StakedFund>, request: Stored<UnstakeRequest>): { fund: StakedFund; paid: Amount } {
  const before = fundOf(fund);
  const { value } = amountsOf(request, 'request', ['value']);
  const shares = sharesOf(before, request, 'request');
  const paid = smaller(worthOf(before, shares), value);
  return { fund: { ...before, balance: before.balance - paid, shares: before.shares - shares }, paid };
}

/**
 * Shares that a staker gives up who takes the request back: as many as a stake of the worse value has fewer, so that asking and
 * taking back is no way to stand aside of a loss. Of a staker who is alone they are the part by which the worse value is below
 * the fund: there are no others to whom more could go.
 * @param fund - as it is
 * @param request - as it was made
 * @returns shares in the fund's base, >= 0; they are nobody's any more
 * @throws MarginError range where the request has more shares than the fund; type, missing-key, inexact
 * @see protocol-v2 programs/drift/src/math/insurance.rs calculate_if_shares_lost
 * @example
 * sharesLost({ balance: 1_100_000_000n, shares: 1_000_000_000n, base: 0n },
 *   { shares: 100_000_000n, base: 0n, value: 99_999_999n }) // 10_000_001n
 */
export function sharesLost(fund: Stored<StakedFund>, request: Stored<UnstakeRequest>): bigint {
  const now = fundOf(fund);
  const { value } = amountsOf(request, 'request', ['value']);
  const shares = sharesOf(now, request, 'request');
  if (worthOf(now, shares) <= value) return 0n;
  const others = now.shares - shares;
  // Drift's formula would take all shares of a staker who is alone, and for nobody.
  const [held, money] = others === 0n ? [shares, now.balance] : [others, now.balance - value];
  return shares - (value * held) / money;
}

/**
 * By how much shares are divided when a fund has become small for them: a power of ten that leaves at least 10 shares a unit.
 * @param fund - shares and balance
 * @returns exponent and 10^exponent; 0 and 1 where nothing is to be done
 * @throws MarginError range where the fund is empty; type, missing-key, inexact
 * @see protocol-v2 programs/drift/src/math/insurance.rs calculate_rebase_info
 * @example
 * rebaseOf({ balance: 100n, shares: 100_000n, base: 0n }) // { exponent: 2n, divisor: 100n }
 */
export function rebaseOf(fund: Stored<StakedFund>): { exponent: bigint; divisor: bigint } {
  const { balance, shares } = fundOf(fund);
  const full = shares / 10n / positive(balance, 'fund.balance');
  const exponent = BigInt(String(full).length - 1);
  return { exponent, divisor: 10n ** exponent };
}

/**
 * Divides the shares of a fund that has become small for them; stakes of an older base are divided when they are next used. A
 * balance without shares gets its own, one for a unit.
 * @param fund - before
 * @returns fund after, the same where nothing is to be done
 * @throws MarginError range where the fund is empty; type, missing-key, inexact
 * @see protocol-v2 programs/drift/src/controller/insurance.rs apply_rebase_to_insurance_fund
 * @example
 * rebased({ balance: 100n, shares: 100_000n, base: 0n }) // { balance: 100n, shares: 1_000n, base: 2n }
 */
export function rebased(fund: Stored<StakedFund>): StakedFund {
  const before = withOwn(fundOf(fund));
  const { exponent, divisor } = rebaseOf(before);
  return { ...before, shares: before.shares / divisor, base: before.base + exponent };
}
