// Money that pools put in when a default needs it, within bounds by event, by block, by what a pool is worth and by what it
// holds of earlier takeovers, so that a default, or many small ones, can not drain them.
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { type Integer, larger, smaller } from '../../venues/integer.js';
import { Row, rowsOf } from '../../venues/rows.js';
import { share } from '../allocate.js';
import { type Amount, amount, amountAt } from '../amount.js';

/** A pool that can put money in. */
export interface InjectionPool {
  /** Its name, unique among the pools. */
  id: string;
  /** What it is worth, minor units. */
  nav: Integer;
  /** What it holds of earlier takeovers, minor units; default 0. */
  inventory?: Integer;
  /** What it has put in in this block, minor units; default 0. */
  spent?: Integer;
  /** The lowest group is asked first, those of one group in proportion to what they can give; default 0. */
  group?: number;
}

/** Bounds of each pool; default: none but what it is worth. */
export interface InjectionCaps {
  /** Most at once, minor units. */
  perEvent?: Integer;
  /** Most in one block, minor units. */
  perBlock?: Integer;
  /** Most at once, as 1/10,000 of what it is worth. */
  bpsOfNav?: Integer;
  /** Most that it holds of takeovers, minor units. */
  inventory?: Integer;
}

/** What pools have put in. */
export interface Injection {
  /** What pools put in, and what is still needed: together the need, minor units. */
  injected: Amount;
  /** What is still needed, minor units. */
  left: Amount;
  /** What each pool pays, > 0, in the order of the pools. */
  transfers: { from: string; amount: Amount }[];
  /** Pools after it; `capacity` is the most that each could have put in. */
  pools: { id: string; nav: Amount; inventory: Amount; spent: Amount; capacity: Amount }[];
}

/**
 * Injects what a default needs.
 * @param need - minor units
 * @param pools - each once
 * @param caps - bounds that hold for each pool
 * @returns transfers, pools after them, and what they could not give
 * @throws MarginError duplicate, range, missing-key, unknown-key, type, inexact
 * @see MetaFlux: a takeover by the liquidity pool is bounded by 40 % of what it is worth, and by 100,000 USDC in a block
 * @example
 * injection(700n, [{ id: 'mlp', nav: 1_000n }], { bpsOfNav: 4_000 }).transfers // [{ from: 'mlp', amount: 400n }]
 */
export function injection(need: Integer, pools: readonly InjectionPool[], caps: InjectionCaps = {}): Injection {
  const wanted = amount(need, 'need');
  const bounds = boundsOf(caps);
  const ids = new Set<string>();
  const read = rowsOf(listOf(pools, 'pools'), 'pools', ['id', 'nav', 'inventory', 'spent', 'group']).map((row) => {
    const id = row.text('id');
    if (ids.has(id)) throw new MarginError('duplicate', { path: row.at('id'), got: id });
    ids.add(id);
    const [nav, inventory, spent] = [amountAt(row, 'nav'), amountAt(row, 'inventory', 0n), amountAt(row, 'spent', 0n)];
    const capacity = bounds.reduce((most, bound) => smaller(most, larger(bound({ nav, inventory, spent }), 0n)), nav);
    return { id, nav, inventory, spent, capacity, group: row.number('group', 0) };
  });
  const asked = read.map(({ id, capacity, group }) => ({ id, weight: capacity, capacity, group }));
  const { shares, taken, residual } = share(wanted, asked, 'juniority', 'largestRemainder');
  return {
    injected: taken,
    left: residual,
    transfers: read.flatMap(({ id }, i) => (shares[i] === 0n ? [] : [{ from: id, amount: shares[i] as Amount }])),
    pools: read.map(({ id, nav, inventory, spent, capacity }, i) => {
      const paid = shares[i] as Amount;
      return { id, nav: nav - paid, inventory: inventory + paid, spent: spent + paid, capacity };
    }),
  };
}

type Bound = (pool: { nav: Amount; inventory: Amount; spent: Amount }) => Amount;

function boundsOf(value: InjectionCaps): Bound[] {
  const row = new Row(value, 'caps', ['perEvent', 'perBlock', 'bpsOfNav', 'inventory']);
  const bound = (key: string, of: (most: Amount) => Bound): Bound[] => (row.has(key) ? [of(amountAt(row, key))] : []);
  return [
    ...bound('perEvent', (most) => () => most),
    ...bound(
      'perBlock',
      (most) =>
        ({ spent }) =>
          most - spent,
    ),
    ...bound(
      'bpsOfNav',
      (bps) =>
        ({ nav }) =>
          (nav * bps) / 10_000n,
    ),
    ...bound(
      'inventory',
      (most) =>
        ({ inventory }) =>
          most - inventory,
    ),
  ];
}
