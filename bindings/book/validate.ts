// Checks decoded rows: every link inside its section, every number one that the JSON door would have taken.
// Assets and markets go through that door itself; the many rows of accounts are checked column by column.
import type { ScenarioEngine } from '../engine.js';
import { MarginError } from '../errors.js';
import { KIND, MAX_INPUT, MIN_INPUT, NONE, type Section, SIDE } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { type AssetRow, assetJSON, readAsset } from './asset.js';
import { entryFits, MOST_COST, MOST_NOTIONAL } from './holdings.js';
import type { Contents } from './json.js';
import { type MarketDirectory, type MarketRow, marketJSON, readMarket } from './market.js';
import type { Row } from './parameters.js';

const fail = (path: string, index: number, expected: string, got?: unknown): MarginError =>
  new MarginError('corrupt', { path, index, expected, ...(got === undefined ? {} : { got }) });

const inside = (path: string, index: number, start: number, count: number, rows: number): void => {
  if (start + count > rows) throw fail(path, index, `rows below ${rows}`, start + count);
};

function sameRow(store: Store, section: 'asset' | 'market' | 'expiry', i: number, row: Row): void {
  const columns = store.columns[section] as unknown as Record<string, Float64Array>;
  for (const [name, value] of Object.entries(row)) {
    const list = typeof value === 'number' ? [value] : value;
    list.forEach((x, k) => {
      const got = columns[name]?.[i * list.length + k];
      if (!Object.is(got, x)) throw fail(`${section}.${name}`, i, `${x}`, got);
    });
  }
}

/** A table must hold what the JSON door would write: no other zero, no other way to say that there is no limit. */
function sameColumn(path: string, column: Float64Array, start: number, wanted: number[][]): void {
  wanted.forEach((row, i) => {
    row.forEach((x, k) => {
      const got = column[(start + i) * row.length + k];
      if (!Object.is(got, x)) throw fail(path, start + i, `${x}`, got);
    });
  });
}

function sameTiers({ tier }: Columns, start: number, rows: AssetRow['assetTiers']): void {
  sameColumn(
    'tier.upTo',
    tier.upTo,
    start,
    rows.map((row) => [row.upTo]),
  );
  sameColumn(
    'tier.weight',
    tier.weight,
    start,
    rows.map((row) => [...row.weight, 1]),
  );
}

function sameLines({ line }: Columns, start: number, rows: MarketRow['lines']): void {
  sameColumn(
    'line.upTo',
    line.upTo,
    start,
    rows.map((row) => [row.upTo]),
  );
  sameColumn(
    'line.rate',
    line.rate,
    start,
    rows.map((row) => row.rate),
  );
}

/** Tables stand behind each other in the order of their owners, so that none can share the derived columns of another. */
function checkAssets(store: Store, names: Contents): void {
  const { asset } = store.columns;
  const rowOf = new Map(names.assets.map((name, a) => [name, a]));
  let t = 0;
  names.assets.forEach((id, a) => {
    const hedged = asset.hedges[a] ?? 0;
    if (hedged !== NONE && hedged > a) throw fail('asset.hedges', a, 'itself or an asset before it', hedged);
    for (const [start, count] of [
      [asset.tierStart, asset.tierCount],
      [asset.debtStart, asset.debtCount],
    ] as const) {
      if (!count[a]) throw fail('asset.tierCount', a, 'at least one tier', 0);
      if (start[a] !== t) throw fail('asset.tierStart', a, `${t}`, start[a]);
      t += count[a] ?? 0;
      inside('asset.tierStart', a, t, 0, store.count('tier'));
    }
    const { row, assetTiers, debtTiers } = readAsset(
      assetJSON(store.columns, a, id, (i) => names.assets[i] ?? ''),
      `assets[${a}]`,
      (name) => rowOf.get(name) ?? NONE,
    );
    sameRow(store, 'asset', a, row);
    sameTiers(store.columns, asset.tierStart[a] ?? 0, assetTiers);
    sameTiers(store.columns, asset.debtStart[a] ?? 0, debtTiers);
  });
  if (t !== store.count('tier')) throw fail('tier', t, 'no tier without an asset');
}

/** Expiries go through the JSON door, as assets and markets do. */
function checkExpiries(store: Store, names: Contents, scenarios: (path: string) => ScenarioEngine): void {
  const { expiry } = store.columns;
  const rowOf = new Map(names.assets.map((name, a) => [name, a]));
  names.expiries.forEach((id, e) => {
    const { doors } = scenarios('expiries');
    const asset = expiry.asset[e] ?? 0;
    if (asset >= names.assets.length) throw fail('expiry.asset', e, `an asset below ${names.assets.length}`, asset);
    const json = doors.expiryJSON(store.columns, e, id, (a) => names.assets[a] ?? '');
    sameRow(store, 'expiry', e, doors.readExpiry(json, `expiries[${e}]`, (name) => rowOf.get(name) ?? NONE).row);
  });
}

function checkMarkets(store: Store, names: Contents, scenarios: (path: string) => ScenarioEngine): void {
  const { market } = store.columns;
  const assets = store.count('asset');
  const rowOf = new Map(names.assets.map((name, a) => [name, a]));
  const expiryOf = new Map(names.expiries.map((name, e) => [name, e]));
  const directory: MarketDirectory = {
    asset: (name) => rowOf.get(name) ?? NONE,
    expiry: (name) => expiryOf.get(name) ?? NONE,
    assetOf: (e) => store.columns.expiry.asset[e] ?? NONE,
    assetId: (a) => names.assets[a] ?? '',
    scenarios,
  };
  let l = 0;
  let underlyings = 0;
  // By expiry, NONE where no market has been of it.
  const underlyingOf = new Uint32Array(names.expiries.length).fill(NONE);
  names.markets.forEach((id, m) => {
    for (const key of ['base', 'quote', 'settle'] as const) {
      const a = market[key][m] ?? 0;
      if (a !== NONE && a >= assets) throw fail(`market.${key}`, m, `an asset below ${assets}`, a);
    }
    if ((market.underlying[m] ?? 0) >= names.underlyings.length)
      throw fail('market.underlying', m, 'a known underlying', market.underlying[m]);
    if ((market.underlying[m] ?? 0) > underlyings)
      throw fail('market.underlying', m, `at most ${underlyings}: names by first use`, market.underlying[m]);
    if (market.underlying[m] === underlyings) underlyings++;
    const e = market.expiry[m] ?? 0;
    if (e !== NONE && e >= names.expiries.length)
      throw fail('market.expiry', m, `an expiry below ${names.expiries.length}`, e);
    if (e !== NONE) {
      const wanted = underlyingOf[e] === NONE ? market.underlying[m] : underlyingOf[e];
      if (market.underlying[m] !== wanted)
        throw fail('market.underlying', m, `${wanted}, as the other markets of its expiry`, market.underlying[m]);
      underlyingOf[e] = wanted ?? NONE;
    }
    const lines = market.lineCount[m] ?? 0;
    const shorts = market.shortStart[m] === market.lineStart[m] ? 0 : (market.shortCount[m] ?? 0);
    if (market.lineStart[m] !== l) throw fail('market.lineStart', m, `${l}`, market.lineStart[m]);
    if (shorts === 0 ? market.shortStart[m] !== l : market.shortStart[m] !== l + lines)
      throw fail('market.shortStart', m, `${l} or ${l + lines}`, market.shortStart[m]);
    if (market.kind[m] === KIND.spot && lines + shorts > 0)
      throw fail('market.lineCount', m, 'no bracket of a spot market', lines);
    l += lines + shorts;
    inside('market.lineStart', m, l, 0, store.count('line'));
    const json = marketJSON(
      store.columns,
      m,
      id,
      (a) => names.assets[a] ?? '',
      names.underlyings[market.underlying[m] ?? 0] ?? '',
      (row) => names.expiries[row] ?? '',
    );
    const row = readMarket(json, `markets[${m}]`, directory);
    sameRow(store, 'market', m, row.row);
    sameLines(store.columns, market.lineStart[m] ?? 0, row.lines);
    sameLines(store.columns, market.shortStart[m] ?? 0, row.shortLines);
    if (market.shortStart[m] === market.lineStart[m] && market.shortCount[m] !== market.lineCount[m]) {
      throw fail('market.shortCount', m, `${market.lineCount[m]}`, market.shortCount[m]);
    }
  });
  if (underlyings !== names.underlyings.length)
    throw fail('contents.underlyings', underlyings, 'no underlying without a market', names.underlyings[underlyings]);
  if (l !== store.count('line')) throw fail('line', l, 'no bracket without a market');
}

function finite(store: Store, section: Section, names: string[], least = -MAX_INPUT, most = MAX_INPUT): void {
  const columns = store.columns[section] as Record<string, Float64Array | Uint32Array>;
  const n = store.count(section);
  for (const name of names) {
    const view = columns[name] as Float64Array;
    for (let i = 0; i < n; i++) {
      const x = view[i] ?? 0;
      // One comparison refuses NaN too.
      if (!(x >= least && x <= most) || Object.is(x, -0))
        throw fail(`${section}.${name}`, i, `a number from ${least} to ${most}`, x);
    }
  }
}

/** Units must tile the balance and position rows in order, and be chained by account and bucket. */
function checkUnits(store: Store, models: number): void {
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
      if (here <= bucket || (bucket < 0 && here !== 0) || here === NONE)
        throw fail('unit.bucket', u, 'bucket 0, then rising', here);
      if ((unit.model[u] ?? 0) > models) throw fail('unit.model', u, `at most ${models}`, unit.model[u]);
      for (const name of ['multiplier', 'buffer', 'rateFloor', 'model'] as const) {
        const first = unit[name][account.firstUnit[a] ?? 0];
        if (unit[name][u] !== first)
          throw fail(`unit.${name}`, u, `${first}, as the cross unit of the account`, unit[name][u]);
      }
      bucket = here;
      for (const [start, count, room, at, name] of [
        [unit.balanceStart, unit.balanceCount, unit.balanceRoom, b, 'balance'],
        [unit.positionStart, unit.positionCount, unit.positionRoom, p, 'position'],
      ] as const) {
        if (start[u] !== at) throw fail(`unit.${name}Start`, u, `${at}, behind the rows before`, start[u]);
        if (room[u] !== count[u]) throw fail(`unit.${name}Room`, u, `${count[u]}, the count: no slack`, room[u]);
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
      if (a >= assets || (b > b0 && a <= (balance.asset[b - 1] ?? 0)))
        throw fail('balance.asset', b, 'known assets, rising', a);
      const last = p + (balance.positions[b] ?? 0);
      inside('balance.positions', b, p, balance.positions[b] ?? 0, end);
      for (let before = -1; p < last; p++) {
        const key = position.key[p] ?? 0;
        const m = key >>> 2;
        const side = key & 3;
        const size = position.size[p] ?? 0;
        const spot = market.kind[m] === KIND.spot;
        if (m >= markets || side > SIDE.short || key <= before)
          throw fail('position.key', p, 'known markets and sides, rising', key);
        if (market.settle[m] !== a)
          throw fail('position.key', p, 'a market that settles in the asset of its balance', key);
        if ((market.kind[m] ?? 0) >= KIND.call && unit.model[u] === 0)
          throw fail('position.key', p, 'no option in an account without a model', key);
        const bare = size === 0 && position.cost[p] === 0 && position.funding[p] === 0 && position.ownRate[p] === 0;
        if (spot && (!bare || position.order[p] === 0 || !held.has(market.quote[m] ?? NONE))) {
          throw fail('position.key', p, 'a spot row with orders alone and a balance of the quote asset', key);
        }
        if ((side === SIDE.long && size < 0) || (side === SIDE.short && size > 0))
          throw fail('position.size', p, 'the sign of its side', size);
        if (size !== 0 && Math.abs(size) < MIN_INPUT)
          throw fail('position.size', p, `0 or a magnitude of at least ${MIN_INPUT}`, size);
        if (!entryFits(market, m, size, position.cost[p] ?? 0))
          throw fail('position.cost', p, `the cost of an entry price of at most ${MAX_INPUT}`, position.cost[p]);
        if (position.order[p] !== 0 && position.order[p] !== ++order)
          throw fail('position.order', p, `${order}`, position.order[p]);
        before = key;
      }
    }
    if (p !== end) throw fail('unit.positionCount', u, 'positions that stand under a balance', end);
  }
  if (order !== store.count('order')) throw fail('order', order, 'no order row without a position');
  store.setCount('scratch', widest);
}

/** An extreme price belongs to orders of its side. */
function checkOrders(store: Store): void {
  const { order } = store.columns;
  for (const [size, notional, worst] of [
    ['bidSize', 'bidNotional', 'bidWorst'],
    ['askSize', 'askNotional', 'askWorst'],
  ] as const) {
    finite(store, 'order', [size, worst], 0);
    finite(store, 'order', [notional], 0, MOST_NOTIONAL);
    for (let o = 0; o < store.count('order'); o++) {
      const none = order[size][o] === 0 && order[notional][o] === 0;
      if (none && order[worst][o] !== 0) throw fail(`order.${worst}`, o, '0 where nothing is open', order[worst][o]);
    }
  }
}

/** @throws MarginError corrupt, and what the JSON door says of an asset or a market */
export function checkRows(store: Store, names: Contents, scenarios: (path: string) => ScenarioEngine): void {
  if ((store.columns.house.rule[0] ?? 0) !== (names.head.liquidatableWhen === '<=' ? 1 : 0))
    throw fail('house.rule', 0, 'the rule of the head');
  checkAssets(store, names);
  checkExpiries(store, names, scenarios);
  checkMarkets(store, names, scenarios);
  finite(store, 'unit', ['multiplier'], MIN_INPUT, 1e6);
  finite(store, 'unit', ['buffer', 'rateFloor'], 0, 1000);
  checkUnits(store, names.models.length);
  checkHoldings(store);
  finite(store, 'balance', ['amount']);
  finite(store, 'balance', ['reserved'], 0);
  finite(store, 'position', ['size', 'funding']);
  finite(store, 'position', ['cost'], -MOST_COST, MOST_COST);
  finite(store, 'position', ['ownRate'], 0, 1000);
  checkOrders(store);
}
