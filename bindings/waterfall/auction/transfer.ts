// What an auction moves: a transfer takes from one account what it gives to another, so every list of them is balanced.
import { listOf } from '../../liquidation/list.js';
import { type Integer, integer } from '../../venues/integer.js';
import { Row, rowsOf } from '../../venues/rows.js';
import { type Amount, amountAt } from '../amount.js';
import { oneOf } from '../words.js';

/** Minor units from one account to another. */
export interface AuctionTransfer {
  /** Account that gives. */
  from: string;
  /** Account that receives. */
  to: string;
  /** `money` is what is bid, `lot` what is sold. */
  asset: 'money' | 'lot';
  /** > 0. */
  amount: Amount;
}

const ASSETS = ['money', 'lot'] as const;

/** No transfer of nothing, nor to oneself. */
export function transfer(from: string, to: string, asset: AuctionTransfer['asset'], amount: Amount): AuctionTransfer[] {
  return amount === 0n || from === to ? [] : [{ from, to, asset, amount }];
}

/**
 * Balances after transfers; whoever has none starts at 0.
 * @param balances - minor units by account, signed
 * @param transfers - of an auction
 * @param asset - whose balances they are
 * @returns new balances, of the same sum where all accounts are in them
 * @throws MarginError missing-key, unknown-key, type, inexact, range where an amount is below 0
 * @example
 * settled({ ali: 200n, gal: 0n }, [{ from: 'ali', to: 'gal', asset: 'money', amount: 1n }], 'money') // { ali: 199n, gal: 1n }
 */
export function settled(
  balances: Readonly<Record<string, Integer>>,
  transfers: readonly AuctionTransfer[],
  asset: AuctionTransfer['asset'],
): Record<string, Amount> {
  const held = new Row(balances, '', undefined, 'balances').entries();
  const after = new Map(held.map(([id, money]) => [id, integer(money as Integer, `balances.${id}`)]));
  const wanted = oneOf(asset, 'asset', ASSETS);
  for (const row of rowsOf(listOf(transfers, 'transfers'), 'transfers', ['from', 'to', 'asset', 'amount'])) {
    if (row.word('asset', ASSETS) !== wanted) continue;
    const [from, to, moved] = [row.text('from'), row.text('to'), amountAt(row, 'amount')];
    after.set(from, (after.get(from) ?? 0n) - moved);
    after.set(to, (after.get(to) ?? 0n) + moved);
  }
  return Object.fromEntries(after);
}
