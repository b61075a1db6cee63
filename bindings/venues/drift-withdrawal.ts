// Drift v2: how much of a token an account may withdraw, in the programme's integers: prices and USD 1e-6, weights 1e-4, amounts
// in smallest units. Source: protocol-v2 programs/drift/src/math/margin.rs.
import { nearest } from '../book/nearest.js';
import { MarginError } from '../errors.js';
import { MARGIN_PRECISION, PRICE_PRECISION } from './drift-rules.js';
import { type Integer, integer, larger, positive, rescaled } from './integer.js';
import { type Row, rowsOf } from './rows.js';

const USD_DECIMALS = 6;

/** A deposit or a borrow. */
export interface WithdrawalToken {
  /** Of the spot market. */
  name: string;
  /** Smallest units, negative for a borrow. */
  amount: Integer;
  /** Digits of its smallest unit. */
  decimals: number;
  /** 1e-6 USD. */
  price: Integer;
  /** Initial weights, 1e-4. */
  assetWeight: Integer;
  /** Initial weight of a borrow, 1e-4. */
  liabilityWeight: Integer;
}

/** Weighted value in 1e-10 USD over 10^decimals, still exact. */
function weighted(token: Row): bigint {
  const amount = token.integer('amount');
  return amount * token.integer('price') * token.integer(amount < 0n ? 'liabilityWeight' : 'assetWeight');
}

/**
 * Free collateral of tokens: weighted deposits less weighted borrows.
 * @param tokens - deposits and borrows
 * @returns 1e-6 USD, rounded toward zero once
 * @throws MarginError missing-key, type, inexact, range
 * @example
 * freeCollateral([{ name: 'SOL', amount: 2_000_000_000, decimals: 9, price: 100_000_000, assetWeight: 8_000,
 *   liabilityWeight: 12_000 }]) // 160_000_000n
 */
export function freeCollateral(tokens: readonly WithdrawalToken[]): bigint {
  const rows = rowsOf(tokens, 'tokens');
  const most = rows.reduce((digits, row) => Math.max(digits, row.decimals('decimals')), 0);
  const sum = rows.reduce((total, row) => total + rescaled(weighted(row), row.decimals('decimals'), most), 0n);
  return sum / MARGIN_PRECISION / 10n ** BigInt(most);
}

/**
 * Most of a token that may be withdrawn: all of it without a liability; else what free collateral allows, less a millionth of a
 * dollar and rounded down at every step, which may be more than the balance: the rest is borrowed.
 * @param tokens - deposits and borrows
 * @param name - of the token that is withdrawn
 * @param rest - free collateral of perps and orders at the initial level, 1e-6 USD; given where there are any
 * @returns smallest units
 * @throws MarginError missing-key, type, inexact, range where the token has no price or weight, unknown-id
 * @see protocol-v2 programs/drift/src/math/margin.rs calculate_max_withdrawable_amount
 * @example
 * maxWithdrawable([
 *   { name: 'SOL', amount: 200_000_000_000, decimals: 9, price: 100_000_000, assetWeight: 8_000, liabilityWeight: 12_000 },
 *   { name: 'USDC', amount: -10_000_000_000, decimals: 6, price: 1_000_000, assetWeight: 10_000, liabilityWeight: 10_000 },
 * ], 'SOL') // 74_999_999_000n
 */
export function maxWithdrawable(tokens: readonly WithdrawalToken[], name: string, rest?: Integer): bigint {
  const free = freeCollateral(tokens);
  const rows = rowsOf(tokens, 'tokens');
  const names = rows.map((row) => row.text('name'));
  const token = rows[names.indexOf(name)];
  if (!token) {
    const near = nearest(String(name), names);
    throw new MarginError('unknown-id', {
      path: 'name',
      got: name,
      expected: 'the name of a token',
      ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
    });
  }
  const owes = rows.some((row) => row.integer('amount') < 0n);
  if (!owes && rest === undefined) return token.integer('amount');
  const spare = larger(0n, free + integer(rest ?? 0, 'rest') - 1n);
  const weight = positive(token.integer('assetWeight'), token.at('assetWeight'));
  const price = positive(token.integer('price'), token.at('price'));
  const usd = (((spare * MARGIN_PRECISION) / weight) * PRICE_PRECISION) / price;
  return rescaled(usd, USD_DECIMALS, token.decimals('decimals'));
}
