// What an auction moves: a transfer takes from one account what it gives to another, so every list of them is balanced.
import { type Integer, integer } from '../../venues/integer.js';
import type { Amount } from '../amount.js';

/** Minor units from one account to another. */
export interface AuctionTransfer {
  from: string;
  to: string;
  /** `money` is what is bid, `lot` what is sold. */
  asset: 'money' | 'lot';
  /** > 0. */
  amount: Amount;
}

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
 * @throws MarginError type, inexact
 * @example
 * settled({ ali: 200n, gal: 0n }, [{ from: 'ali', to: 'gal', asset: 'money', amount: 1n }], 'money') // { ali: 199n, gal: 1n }
 */
export function settled(
  balances: Readonly<Record<string, Integer>>,
  transfers: readonly AuctionTransfer[],
  asset: AuctionTransfer['asset'],
): Record<string, Amount> {
  const after = new Map(Object.entries(balances).map(([id, held]) => [id, integer(held, `balances.${id}`)]));
  for (const { from, to, amount, ...moved } of transfers) {
    if (moved.asset !== asset) continue;
    after.set(from, (after.get(from) ?? 0n) - amount);
    after.set(to, (after.get(to) ?? 0n) + amount);
  }
  return Object.fromEntries(after);
}
