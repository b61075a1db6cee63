// Mango v4: how much of a token an account may withdraw, borrowing what it does not have. Bank totals are whole-number
// arithmetic of any size, health comes from the book. Source: mango-v4 ts/client/src/accounts/mangoAccount.ts.
import type { AccountJSON, Decimal } from '../book/types.js';
import { Book } from '../reference/index.js';
import { decimal, scaled, sum } from './decimal.js';
import { ceilDiv, floorDiv, larger, smaller } from './integer.js';
import { book, type MangoAccount, tokenNamed } from './mango-book.js';
import { healthIn } from './mango-health.js';
import { Row } from './rows.js';

/** Native amounts and rates of the programme have 48 binary digits after the point, so at most 48 decimal ones. */
const DIGITS = 48;
const ONE = 10n ** 48n;
/** Health below 0 that still counts as 0, USD of native units. */
const HEALTH_STEP = 1e-9;

/** What the bank of the withdrawn token permits. */
export interface WithdrawalBank {
  /** Native units in the vault. */
  vault: Decimal;
  /** Fractions. */
  loanOriginationFeeRate: Decimal;
  /** Share of all deposits that a borrow must leave in the bank. */
  minVaultToDepositsRatio: Decimal;
}

/**
 * Most of a token that an account may withdraw: its own deposit first, which costs nothing, then a loan with its fee. Afterwards
 * initial health must not be below 0, borrows not above deposits, and after a loan the bank must keep its share. Weights scale
 * with the totals after the withdrawal.
 * @param state - tokens, perps and open orders; the withdrawn token has its `bankDeposits` and `bankBorrows`
 * @param name - of the token
 * @param bank - vault and rates
 * @returns native units, rounded down; 0 where the initial health is not above 0
 * @throws MarginError what `book` throws; unknown-id, missing-key, unknown-key
 * @see mango-v4 ts/client/src/accounts/mangoAccount.ts getMaxWithdrawWithBorrowForToken
 * @example
 * maxWithdraw({ tokens: [
 *   { name: 'USDC', balance: 100, price: 1, initAssetWeight: 1, initLiabWeight: 1 },
 *   { name: 'SOL', balance: 100, price: 1, initAssetWeight: 0.8, initLiabWeight: 1.2, bankDeposits: 10_100, bankBorrows: 0 },
 * ], perps: [], spotOpenOrders: [] }, 'SOL',
 *   { vault: 1_000_000, loanOriginationFeeRate: 0.001, minVaultToDepositsRatio: 0.1 }) // 183n
 */
export function maxWithdraw(state: MangoAccount, name: string, bank: WithdrawalBank): bigint {
  const json = book('before', state);
  const row = new Row(bank, '', ['vault', 'loanOriginationFeeRate', 'minVaultToDepositsRatio'], 'bank');
  const of = (from: Row, key: string): bigint => scaled(from.decimal(key), DIGITS, from.at(key));
  const [vault, fee, reserve] = [
    of(row, 'vault'),
    of(row, 'loanOriginationFeeRate'),
    of(row, 'minVaultToDepositsRatio'),
  ];
  const token = tokenNamed(state.tokens, name);
  const held = new Row(token, `tokens[${state.tokens.indexOf(token)}]`);
  const [balance, deposits, borrows] = [of(held, 'balance'), of(held, 'bankDeposits'), of(held, 'bankBorrows')];
  const live = Book.fromJSON(json);
  const before = healthIn(live, 'before');
  if (before.health.initial <= before.noise) return 0n;

  // Each amount that is tried is an account of its own in the one book.
  const account = json.accounts[0] as AccountJSON;
  const funds = scaled(account.balances?.[name] ?? 0, DIGITS);
  const permitted = (amount: bigint): boolean => {
    const own = smaller(amount * ONE, larger(balance, 0n));
    const loan = amount * ONE - own;
    const cost = ceilDiv(loan * (ONE + fee), ONE);
    const [lent, owed] = [deposits - own, borrows + cost];
    if (owed > lent || (loan > 0n && owed * ONE > lent * (ONE - reserve))) return false;
    live.setTotals(name, {
      deposits: sum(decimal(lent, DIGITS), token.potentialSerumTokens ?? 0),
      borrows: decimal(owed, DIGITS),
    });
    const balances = { ...account.balances, [name]: decimal(funds - own - cost, DIGITS) };
    live.addAccount({ ...account, id: String(amount), balances });
    const { health, noise } = healthIn(live, String(amount));
    return health.initial >= -Math.max(HEALTH_STEP, noise);
  };
  // More is never permitted where less is not.
  let [least, most] = [0n, floorDiv(vault, ONE) + 1n];
  while (most - least > 1n) {
    const middle = (least + most) / 2n;
    if (permitted(middle)) least = middle;
    else most = middle;
  }
  return least;
}
