// Checks decoded rows: every link inside its section, every number one that the JSON door would have taken.
// Assets and markets go through that door itself; the many rows of accounts are checked column by column.
import { MarginError } from '../errors.js';
import { KIND, MAX_INPUT, NONE, type Section, SIDE } from '../layout.js';
import type { Store } from '../memory.js';
import { assetJSON, readAsset, type Row } from './asset.js';
import type { Contents } from './codec.js';
import { marketJSON, readMarket } from './market.js';

const fail = (path: string, index: number, expected: string, got?: unknown): MarginError =>
  new MarginError('corrupt', { path, index, expected, ...(got === undefined ? {} : { got }) });

const inside = (path: string, index: number, start: number, count: number, rows: number): void => {
  if (start + count > rows) throw fail(path, index, `rows below ${rows}`, start + count);
};

function sameRow(store: Store, section: 'asset' | 'market', i: number, row: Row): void {
  const columns = store.columns[section] as unknown as Record<string, Float64Array>;
  for (const [name, value] of Object.entries(row)) {
    const list = typeof value === 'number' ? [value] : value;
    list.forEach((x, k) => {
      const got = columns[name]?.[i * list.length + k];
      if (!Object.is(got, x)) throw fail(`${section}.${name}`, i, `${x}`, got);
    });
  }
}

function checkAssets(store: Store, names: Contents): void {
  const { asset } = store.columns;
  const tiers = store.count('tier');
  names.assets.forEach((id, a) => {
    for (const [start, count] of [[asset.tierStart, asset.tierCount], [asset.debtStart, asset.debtCount]] as const) { // prettier-ignore
      if (!count[a]) throw fail('asset.tierCount', a, 'at least one tier', 0);
      inside('asset.tierStart', a, start[a] ?? 0, count[a] ?? 0, tiers);
    }
    for (let t = 0; t < tiers; t++) if (store.columns.tier.weight[t * 4 + 3] !== 1) throw fail('tier.weight', t, 'a plain lane of 1');
    sameRow(store, 'asset', a, readAsset(assetJSON(store.columns, a, id), `assets[${a}]`).row);
  });
}

function checkMarkets(store: Store, names: Contents): void {
  const { market } = store.columns;
  const assets = store.count('asset');
  names.markets.forEach((id, m) => {
    for (const key of ['base', 'quote', 'settle'] as const) {
      const a = market[key][m] ?? 0;
      if (a !== NONE && a >= assets) throw fail(`market.${key}`, m, `an asset below ${assets}`, a);
    }
    if ((market.underlying[m] ?? 0) >= names.underlyings.length) throw fail('market.underlying', m, 'a known underlying', market.underlying[m]);
    for (const [start, count] of [[market.lineStart, market.lineCount], [market.shortStart, market.shortCount]] as const) { // prettier-ignore
      inside('market.lineStart', m, start[m] ?? 0, count[m] ?? 0, store.count('line'));
    }
    const json = marketJSON(store.columns, m, id, (a) => names.assets[a] ?? '', names.underlyings[market.underlying[m] ?? 0] ?? '');
    const row = readMarket(json, `markets[${m}]`, (name) => names.assets.indexOf(name));
    sameRow(store, 'market', m, row.row);
    if (market.shortStart[m] === market.lineStart[m] && market.shortCount[m] !== market.lineCount[m]) {
      throw fail('market.shortCount', m, `${market.lineCount[m]}`, market.shortCount[m]);
    }
  });
}

function finite(store: Store, section: Section, names: string[], least = -MAX_INPUT, most = MAX_INPUT): void {
  const columns = store.columns[section] as Record<string, Float64Array | Uint32Array>;
  const n = store.count(section);
  for (const name of names) {
    const view = columns[name] as Float64Array;
    for (let i = 0; i < n; i++) {
      const x = view[i] ?? 0;
      // One comparison refuses NaN too.
      if (!(x >= least && x <= most) || Object.is(x, -0)) throw fail(`${section}.${name}`, i, `a number from ${least} to ${most}`, x);
    }
  }
}

/** Units must tile the balance and position rows in order, and be chained by account and bucket. */
function checkUnits(store: Store): void {
  const { account, unit } = store.columns;
  const units = store.count('unit');
  let u = 0;
  let b = 0;
  let p = 0;
  for (let a = 0; a < store.count('account'); a++) {
    if (account.firstUnit[a] !== u) throw fail('account.firstUnit', a, `${u}`, account.firstUnit[a]);
    for (let bucket = -1; ; u++) {
      if (u >= units) throw fail('account.firstUnit', a, `units below ${units}`, u);
      const here = unit.bucket[u] ?? 0;
      if (unit.account[u] !== a) throw fail('unit.account', u, `${a}`, unit.account[u]);
      if (here <= bucket || (bucket < 0 && here !== 0) || here === NONE) throw fail('unit.bucket', u, 'bucket 0, then rising', here);
      bucket = here;
      for (const [start, count, room, at, name] of [
        [unit.balanceStart, unit.balanceCount, unit.balanceRoom, b, 'balance'],
        [unit.positionStart, unit.positionCount, unit.positionRoom, p, 'position'],
      ] as const) {
        if (start[u] !== at || room[u] !== count[u]) throw fail(`unit.${name}Start`, u, `${at}, without slack`, start[u]);
        inside(`unit.${name}Count`, u, at, count[u] ?? 0, store.count(name));
      }
      b += unit.balanceCount[u] ?? 0;
      p += unit.positionCount[u] ?? 0;
      const next = unit.next[u] ?? NONE;
      if (next === NONE) break;
      if (next !== u + 1) throw fail('unit.next', u, `${u + 1}`, next);
    }
    u += 1;
  }
  if (u !== units) throw fail('unit', u, 'no unit without an account', units);
  if (b !== store.count('balance')) throw fail('balance', b, 'no balance without a unit');
  if (p !== store.count('position')) throw fail('position', p, 'no position without a unit');
}

/** Rows of each unit rise, positions stand under the balance of their settle asset, orders are used once and in order. */
function checkHoldings(store: Store): void {
  const { unit, balance, position, market } = store.columns;
  const assets = store.count('asset');
  const markets = store.count('market');
  let p = 0;
  let order = 0;
  let widest = 0;
  for (let u = 0; u < store.count('unit'); u++) {
    const b0 = unit.balanceStart[u] ?? 0;
    const count = unit.balanceCount[u] ?? 0;
    widest = Math.max(widest, count);
    const held = new Set(balance.asset.subarray(b0, b0 + count));
    const end = p + (unit.positionCount[u] ?? 0);
    for (let b = b0; b < b0 + count; b++) {
      const a = balance.asset[b] ?? 0;
      if (a >= assets || (b > b0 && a <= (balance.asset[b - 1] ?? 0))) throw fail('balance.asset', b, 'known assets, rising', a);
      const last = p + (balance.positions[b] ?? 0);
      inside('balance.positions', b, p, balance.positions[b] ?? 0, end);
      for (let before = -1; p < last; p++) {
        const key = position.key[p] ?? 0;
        const m = key >>> 2;
        const side = key & 3;
        const size = position.size[p] ?? 0;
        const spot = market.kind[m] === KIND.spot;
        if (m >= markets || side > SIDE.short || key <= before) throw fail('position.key', p, 'known markets and sides, rising', key);
        if (market.settle[m] !== a) throw fail('position.key', p, 'a market that settles in the asset of its balance', key);
        if (spot && (!held.has(market.quote[m] ?? NONE) || size !== 0 || position.cost[p] !== 0)) {
          throw fail('position.key', p, 'a spot row with orders alone and a balance of the quote asset', key);
        }
        if ((side === SIDE.long && size < 0) || (side === SIDE.short && size > 0)) throw fail('position.size', p, 'the sign of its side', size);
        if (position.order[p] !== 0 && position.order[p] !== ++order) throw fail('position.order', p, `${order}`, position.order[p]);
        before = key;
      }
    }
    if (p !== end) throw fail('unit.positionCount', u, 'positions that stand under a balance', end);
  }
  if (order !== store.count('order')) throw fail('order', order, 'no order row without a position');
  store.setCount('scratch', widest);
}

/** @throws MarginError corrupt, and what the JSON door says of an asset or a market */
export function checkRows(store: Store, names: Contents): void {
  if ((store.columns.house.rule[0] ?? 0) !== (names.head.liquidatableWhen === '<=' ? 1 : 0)) throw fail('house.rule', 0, 'the rule of the head');
  checkAssets(store, names);
  checkMarkets(store, names);
  checkUnits(store);
  checkHoldings(store);
  finite(store, 'unit', ['multiplier'], 1e-30);
  finite(store, 'unit', ['buffer', 'rateFloor'], 0, 1000);
  finite(store, 'balance', ['amount']);
  finite(store, 'balance', ['reserved'], 0);
  finite(store, 'position', ['size', 'funding']);
  // Entry values are products of inputs: size, multiplier and price.
  finite(store, 'position', ['cost'], -1e90, 1e90);
  // A leverage below 1e-30 is refused, so an own rate reaches 1e30.
  finite(store, 'position', ['ownRate'], 0);
  finite(store, 'order', ['bidSize', 'bidWorst', 'askSize', 'askWorst'], 0);
  finite(store, 'order', ['bidNotional', 'askNotional'], 0, 1e60);
}
