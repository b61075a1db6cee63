// One pool in several roles, such as market maker and liquidator: a loss in one role is a loss of all of them, unless each may
// use a part of the pool only.
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { type Integer, larger, smaller } from '../../venues/integer.js';
import { Row, rowsOf } from '../../venues/rows.js';
import { type Amount, amount, amountAt, byId, floorOf, fraction, type Ratio } from '../amount.js';

/** A role that a pool stands behind. */
export interface PoolRole {
  /** Its name. */
  id: string;
  /** What of the pool stands behind the role now, minor units. */
  used: Integer;
}

/** Most of the pool that a role may use; with both the lower counts. */
export interface RoleCap {
  /** As a fraction of the pool, from 0 to 1. */
  share?: Ratio;
  /** Minor units. */
  most?: Integer;
}

/** How far one role reaches into the pool. */
export interface RoleExposure {
  /** Its name. */
  id: string;
  /** What of the pool stands behind it, minor units. */
  used: Amount;
  /** What the role may use besides. */
  free: Amount;
  /** What the pool has free, but not for this role: what its cap keeps a loss in it away from. */
  blocked: Amount;
  /** What it uses beyond its cap, for instance because the pool has shrunk. */
  over: Amount;
}

/** How far all roles reach into a pool. */
export interface PoolExposure {
  /** Used by all roles, minor units as all below. */
  used: Amount;
  /** What no role uses: pool + short - used. */
  free: Amount;
  /** Of what is free, what no role may use. */
  blocked: Amount;
  /** What roles use that the pool does not have. */
  short: Amount;
  /** By id. */
  roles: RoleExposure[];
}

/**
 * How far the roles of a pool reach into it.
 * @param pool - what it has, minor units
 * @param roles - each once
 * @param caps - by role; a role without one may use the whole pool
 * @returns what is used, free and blocked, of the pool and by role; a role's `free` is what it can take alone, not beside others
 * @throws MarginError unknown-id, duplicate, range, missing-key, unknown-key, type, inexact
 * @see Hyperliquid, 26 March 2025 (JELLY): the liquidator's vault had the collateral of the market-making ones behind it
 * @example
 * poolExposure(1_000n, [{ id: 'liquidator', used: 150n }, { id: 'maker', used: 400n }], { liquidator: { share: '0.2' } })
 *   .roles.map(({ id, free, blocked }) => [id, free, blocked]) // [['liquidator', 50n, 400n], ['maker', 450n, 0n]]
 */
export function poolExposure(
  pool: Integer,
  roles: readonly PoolRole[],
  caps: Readonly<Record<string, RoleCap>> = {},
): PoolExposure {
  const has = amount(pool, 'pool');
  const uses = new Map<string, Amount>();
  for (const row of rowsOf(listOf(roles, 'roles'), 'roles', ['id', 'used'])) {
    const id = row.text('id');
    if (uses.has(id)) throw new MarginError('duplicate', { path: row.at('id'), got: id });
    uses.set(id, amountAt(row, 'used'));
  }
  const most = capsOf(caps, has, uses);
  const used = [...uses.values()].reduce((sum, part) => sum + part, 0n);
  const free = larger(has - used, 0n);
  let open = 0n;
  const exposures = [...uses]
    .sort(([a], [b]) => byId(a, b))
    .map(([id, own]): RoleExposure => {
      const room = (most.get(id) ?? has) - own;
      const mine = smaller(larger(room, 0n), free);
      open += mine;
      return { id, used: own, free: mine, blocked: free - mine, over: larger(-room, 0n) };
    });
  return { used, free, blocked: larger(free - open, 0n), short: larger(used - has, 0n), roles: exposures };
}

function capsOf(value: unknown, pool: Amount, roles: ReadonlyMap<string, Amount>): Map<string, Amount> {
  return new Map(
    new Row(value, '', undefined, 'caps').entries().map(([id, cap]): [string, Amount] => {
      const row = new Row(cap, `caps.${id}`, ['share', 'most']);
      if (!roles.has(id)) {
        throw new MarginError('unknown-id', { path: row.path, got: id, expected: 'the id of a role' });
      }
      const share = row.has('share') ? floorOf(pool, fraction(row.raw('share') as Ratio, row.at('share'))) : pool;
      return [id, row.has('most') ? smaller(share, amountAt(row, 'most')) : share];
    }),
  );
}
