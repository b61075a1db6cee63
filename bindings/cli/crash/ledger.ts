// The fallen book as a ledger under a preset: who holds the money that was set aside, and what members owe each other.
import type { BookBase } from '../../book/book.js';
import { exact } from '../../liquidation/exact.js';
import { type Fund, ledgerOf } from '../../venue/index.js';
import type { Amount, State } from '../../waterfall/index.js';
import { worthOf } from '../../waterfall/market.js';
import { DECIMALS, type Reserve } from './reserve.js';
import type { Pot, Rules } from './rules.js';

/** By purse, then by asset: a column in the order of the ledger. */
type Purses = Record<string, Record<string, readonly Amount[]>>;

/** @param before - marks before the fall, by market */
export function ledgerUnder(
  book: BookBase,
  { pots }: Rules,
  reserve: Reserve,
  before: ReadonlyMap<string, number>,
): State {
  const bare = { decimals: DECIMALS, funds: fundsOf(pots, reserve) };
  const mutual = pots.find(({ holder }) => holder === null);
  if (!mutual) return ledgerOf(book, bare);
  const paidIn = contributionsOf(mutual, reserve);
  // What a member paid in and what it has gained are no money but what its calls and haircuts are measured by, asset by asset.
  const purses: Purses = { [mutual.purse]: paidIn, contribution: paidIn, gains: gainsOf(ledgerOf(book, bare), before) };
  return ledgerOf(book, { ...bare, purses });
}

function fundsOf(pots: readonly Pot[], { assets }: Reserve): Fund[] {
  const holders = new Set(pots.flatMap(({ holder }) => (holder === null ? [] : [holder])));
  return [...holders].map((id) => {
    const own = pots.filter(({ holder }) => holder === id);
    const held = own.map(({ purse, percent }): [string, Record<string, Amount>] => [purse, partOf(assets, percent)]);
    const { balance, ...purses } = Object.fromEntries(held);
    return { id, ...(balance ? { balances: balance } : {}), purses };
  });
}

const partOf = (assets: ReadonlyMap<string, Amount>, percent: bigint): Record<string, Amount> =>
  Object.fromEntries([...assets].map(([id, amount]) => [id, (amount * percent) / 100n]));

/** What members pay in: in proportion to their requirements, rounded down. */
function contributionsOf({ percent }: Pot, { assets, requirements }: Reserve): Record<string, Amount[]> {
  const sum = requirements.reduce((all, each) => all + each, 0n) || 1n;
  return Object.fromEntries(
    Object.entries(partOf(assets, percent)).map(([id, amount]) => [
      id,
      requirements.map((requirement) => (amount * requirement) / sum),
    ]),
  );
}

/** What each account has gained by the fall in the markets of each asset, where it has. */
function gainsOf(state: State, before: ReadonlyMap<string, number>): Record<string, Amount[]> {
  const gains = new Map<string, Amount[]>();
  for (const [id, { accounts, lots }] of state.columns.holdings) {
    const [market, old] = [state.market(id), before.get(id)];
    if (old === undefined) continue;
    const column = gains.get(market.settle) ?? new Array<Amount>(state.accounts).fill(0n);
    gains.set(market.settle, column);
    const was = exact(old);
    accounts.forEach((row, at) => {
      const held = lots.at(at);
      column[row] = (column[row] as Amount) + worthOf(market, held, market.mark) - worthOf(market, held, was);
    });
  }
  return Object.fromEntries(
    [...gains].map(([asset, column]) => [asset, column.map((gain) => (gain > 0n ? gain : 0n))]),
  );
}
