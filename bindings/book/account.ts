// Accounts: JSON to checked rows and back. An account is one cross unit and any number of isolated buckets.
import { MarginError } from '../errors.js';
import { KIND, NONE, SIDE } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { Fields, MARGIN_MULTIPLIER } from './fields.js';
import { type Directory, HOLDINGS_KEYS, readHoldings, type UnitRow } from './holdings.js';
import type { AccountJSON, HoldingsJSON, OrderJSON, PositionJSON } from './types.js';

const KEYS = [
  'id',
  'model',
  'marginMultiplier',
  'liquidationBuffer',
  'initialRateFloor',
  ...HOLDINGS_KEYS,
  'buckets',
] as const;
const MOST_BUCKETS = 0xfffffffe;

export interface AccountRow {
  id: string;
  multiplier: number;
  buffer: number;
  rateFloor: number;
  /** Row of its scenario model, plus 1; 0: none. */
  model: number;
  /** By rising bucket; bucket 0 is always there. */
  units: UnitRow[];
}

/** @throws MarginError; nothing is written */
export function readAccount(
  json: unknown,
  path: string,
  store: Pick<Store, 'columns'>,
  directory: Directory,
): AccountRow {
  const f = new Fields(json, path, KEYS);
  const model = f.has('model') ? directory.model(f.string('model'), f.at('model')) + 1 : 0;
  const units = [readHoldings(f.all as HoldingsJSON, path, 0, store, directory, model)];
  const seen = new Set([0]);
  f.list('buckets').forEach((bucket, i) => {
    const at = `${f.at('buckets')}[${i}]`;
    const g = new Fields(bucket, at, ['bucket', ...HOLDINGS_KEYS]);
    if (!g.has('bucket')) throw new MarginError('missing-key', { path: g.at('bucket'), expected: 'a number from 1' });
    const number = g.integer('bucket', 1, MOST_BUCKETS, 1);
    if (seen.has(number))
      throw new MarginError('duplicate', {
        path: g.at('bucket'),
        got: number,
        expected: 'a number of its own for each bucket',
      });
    seen.add(number);
    units.push(readHoldings(g.all as HoldingsJSON, at, number, store, directory, model));
  });
  return {
    id: f.string('id'),
    multiplier: f.number('marginMultiplier', MARGIN_MULTIPLIER, 1),
    buffer: f.number('liquidationBuffer', { min: 0, max: 1000 }, 0),
    rateFloor: f.number('initialRateFloor', { min: 0, max: 1000 }, 0),
    model,
    units: units.sort((a, b) => a.bucket - b.bucket),
  };
}

/** Names of assets and markets, for writing. */
export interface Names {
  asset(row: number): string;
  market(row: number): string;
  model(row: number): string;
}

const sideName = (side: number): 'net' | 'long' | 'short' =>
  side === SIDE.long ? 'long' : side === SIDE.short ? 'short' : 'net';

function ordersJSON(columns: Columns, o: number, market: string, side: number): OrderJSON[] {
  const c = columns.order;
  const positionSide = side === SIDE.net ? {} : { positionSide: sideName(side) };
  const one = (way: 'buy' | 'sell', size: number, notional: number, worst: number, count: number): OrderJSON => ({
    market,
    ...positionSide,
    side: way,
    size,
    notional,
    worst,
    count,
  });
  const count = c.count[o] ?? 0;
  const held = (size = 0, notional = 0): boolean => size + notional > 0;
  const asked = held(c.askSize[o], c.askNotional[o]);
  // The count is of both sides: it is written once.
  const bid = held(c.bidSize[o], c.bidNotional[o]) || !asked;
  return [
    ...(bid ? [one('buy', c.bidSize[o] ?? 0, c.bidNotional[o] ?? 0, c.bidWorst[o] ?? 0, count)] : []),
    ...(asked ? [one('sell', c.askSize[o] ?? 0, c.askNotional[o] ?? 0, c.askWorst[o] ?? 0, bid ? 0 : count)] : []),
  ];
}

function holdingsJSON(columns: Columns, u: number, names: Names): HoldingsJSON {
  const { unit, balance, position } = columns;
  // Entries, not keys set one by one: an asset may be called __proto__.
  const balances: [string, number][] = [];
  const reserved: [string, number][] = [];
  const positions: PositionJSON[] = [];
  const orders: OrderJSON[] = [];
  const b0 = unit.balanceStart[u] ?? 0;
  for (let b = b0; b < b0 + (unit.balanceCount[u] ?? 0); b++) {
    const id = names.asset(balance.asset[b] ?? 0);
    balances.push([id, balance.amount[b] ?? 0]);
    if (balance.reserved[b]) reserved.push([id, balance.reserved[b] ?? 0]);
  }
  const p0 = unit.positionStart[u] ?? 0;
  for (let p = p0; p < p0 + (unit.positionCount[u] ?? 0); p++) {
    const key = position.key[p] ?? 0;
    const market = key >>> 2;
    const name = names.market(market);
    const side = key & 3;
    const kind = columns.market.kind[market];
    if (position.order[p]) orders.push(...ordersJSON(columns, (position.order[p] ?? 1) - 1, name, side));
    if (kind === KIND.spot) continue;
    const cost = position.cost[p] ?? 0;
    positions.push({
      market: name,
      ...(side === SIDE.net ? {} : { side: sideName(side) }),
      size: position.size[p] ?? 0,
      cost: kind === KIND.inverse ? 0 - cost : cost,
      fundingIndex: position.funding[p] ?? 0,
      ...(position.ownRate[p] ? { initialRate: position.ownRate[p] ?? 0 } : {}),
    });
  }
  return {
    balances: Object.fromEntries(balances),
    ...(reserved.length > 0 ? { reserved: Object.fromEntries(reserved) } : {}),
    ...(positions.length > 0 ? { positions } : {}),
    ...(orders.length > 0 ? { orders } : {}),
  };
}

/** The account as it would be written down; reading it again gives the same columns. */
export function accountJSON(columns: Columns, account: number, id: string, names: Names): AccountJSON {
  const { unit } = columns;
  const first = columns.account.firstUnit[account] ?? 0;
  const buckets: AccountJSON['buckets'] = [];
  for (let u = unit.next[first] ?? NONE; u !== NONE; u = unit.next[u] ?? NONE) {
    buckets.push({ bucket: unit.bucket[u] ?? 0, ...holdingsJSON(columns, u, names) });
  }
  return {
    id,
    ...(unit.model[first] === 0 ? {} : { model: names.model((unit.model[first] ?? 1) - 1) }),
    ...(unit.multiplier[first] === 1 ? {} : { marginMultiplier: unit.multiplier[first] ?? 1 }),
    ...(unit.buffer[first] === 0 ? {} : { liquidationBuffer: unit.buffer[first] ?? 0 }),
    ...(unit.rateFloor[first] === 0 ? {} : { initialRateFloor: unit.rateFloor[first] ?? 0 }),
    ...holdingsJSON(columns, first, names),
    ...(buckets.length > 0 ? { buckets } : {}),
  };
}
