// Canonical order of all rows: what encode writes. Accounts in order, their units by bucket, rows without holes or slack,
// tables in the order of their owners. Two books with the same content come out byte for byte the same.
import { layout, NONE, type Section, sections } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { deriveTables } from './tables.js';

/** Input columns of every section, rows in canonical order. */
export type Packed = Record<Section, Record<string, Float64Array | Uint32Array>>;

/** Rows of a section in their new order, and where an old row went. */
class Order {
  readonly rows: number[] = [];
  add(first: number, count: number): number {
    const at = this.rows.length;
    for (let i = 0; i < count; i++) this.rows.push(first + i);
    return at;
  }
}

function gather(store: Store, section: Section, rows: ArrayLike<number>): Record<string, Float64Array | Uint32Array> {
  const out: Record<string, Float64Array | Uint32Array> = {};
  for (const [name, c] of Object.entries(layout[section])) {
    if (c.role !== 'input') continue;
    const from = (store.columns[section] as Record<string, Float64Array | Uint32Array>)[name];
    const to = c.type === 'f64' ? new Float64Array(rows.length * c.width) : new Uint32Array(rows.length * c.width);
    for (let i = 0; i < rows.length; i++) {
      for (let k = 0; k < c.width; k++) to[i * c.width + k] = from?.[(rows[i] ?? 0) * c.width + k] ?? 0;
    }
    out[name] = to;
  }
  return out;
}

const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Lays tables behind each other in the order of their owners and points the owners at them. */
function tables(owners: Record<string, Float64Array | Uint32Array>, pairs: [string, string][], rows: Order): void {
  const n = owners[pairs[0]?.[0] ?? '']?.length ?? 0;
  for (let i = 0; i < n; i++) {
    const laid = new Map<number, number>();
    for (const [start, count] of pairs) {
      const starts = owners[start] as Uint32Array;
      const old = starts[i] ?? 0;
      const at = laid.get(old) ?? rows.add(old, owners[count]?.[i] ?? 0);
      laid.set(old, at);
      starts[i] = at;
    }
  }
}

function tablesInOrder(store: Store) {
  const tiers = new Order();
  const lines = new Order();
  const asset = gather(store, 'asset', all(store.count('asset')));
  const market = gather(store, 'market', all(store.count('market')));
  const ofAsset: [string, string][] = [
    ['tierStart', 'tierCount'],
    ['debtStart', 'debtCount'],
  ];
  const ofMarket: [string, string][] = [
    ['lineStart', 'lineCount'],
    ['shortStart', 'shortCount'],
  ];
  tables(asset, ofAsset, tiers);
  tables(market, ofMarket, lines);
  return { asset, tiers, market, lines };
}

/** Drops the rows of tables that replaced assets and markets have left behind. */
export function dropUnusedTables(store: Store): void {
  const { asset, tiers, market, lines } = tablesInOrder(store);
  const packed = { asset, tier: gather(store, 'tier', tiers.rows), market, line: gather(store, 'line', lines.rows) };
  store.setCount('tier', tiers.rows.length);
  store.setCount('line', lines.rows.length);
  for (const [section, columns] of Object.entries(packed)) {
    const views = store.columns[section as Section] as unknown as Record<string, Float64Array>;
    for (const [name, values] of Object.entries(columns)) views[name]?.set(values);
  }
  deriveTables(store);
}

/** Sections that nothing is written of: none of their columns is part of the book. */
const EMPTY = Object.fromEntries(
  sections.filter((s) => Object.values(layout[s]).every(({ role }) => role !== 'input')).map((s) => [s, {}]),
);

/** Prices of options that are their values follow from what is written. */
function dropValues(market: Record<string, Float64Array | Uint32Array>): void {
  market.valued?.forEach((valued, m) => {
    if (valued !== 0) for (const name of ['mark', 'index', 'twap', 'stable']) set(market, name, m, 0);
  });
}

export function compacted(store: Store): Packed {
  const { columns } = store;
  const units = new Order();
  const balances = new Order();
  const positions = new Order();
  const orders = new Order();
  const { asset, tiers, market, lines } = tablesInOrder(store);
  dropValues(market);
  const account = gather(store, 'account', all(store.count('account')));
  const firstUnit = account.firstUnit as Uint32Array;
  firstUnit.forEach((first, a) => {
    firstUnit[a] = units.rows.length;
    for (let u = first; u !== NONE; u = columns.unit.next[u] ?? NONE) units.add(u, 1);
  });
  const unit = gather(store, 'unit', units.rows) as Record<string, Uint32Array>;
  units.rows.forEach((u, i) => {
    relink(columns, unit, u, i, balances, positions);
    set(unit, 'next', i, columns.unit.next[u] === NONE ? NONE : i + 1);
  });
  const balance = gather(store, 'balance', balances.rows);
  const position = gather(store, 'position', positions.rows);
  (position.order as Uint32Array).forEach((o, i) => {
    if (o !== 0) set(position, 'order', i, orders.add(o - 1, 1) + 1);
  });
  return {
    ...(EMPTY as Packed),
    house: gather(store, 'house', [0]),
    asset,
    tier: gather(store, 'tier', tiers.rows),
    market,
    line: gather(store, 'line', lines.rows),
    account,
    unit,
    balance,
    position,
    order: gather(store, 'order', orders.rows),
    expiry: gather(store, 'expiry', all(store.count('expiry'))),
  };
}

function set(rows: Record<string, Float64Array | Uint32Array>, name: string, i: number, value: number): void {
  const view = rows[name];
  if (view) view[i] = value;
}

function relink(
  c: Columns,
  unit: Record<string, Uint32Array>,
  u: number,
  i: number,
  balances: Order,
  positions: Order,
): void {
  const balanceCount = c.unit.balanceCount[u] ?? 0;
  const positionCount = c.unit.positionCount[u] ?? 0;
  set(unit, 'balanceStart', i, balances.add(c.unit.balanceStart[u] ?? 0, balanceCount));
  set(unit, 'balanceRoom', i, balanceCount);
  set(unit, 'positionStart', i, positions.add(c.unit.positionStart[u] ?? 0, positionCount));
  set(unit, 'positionRoom', i, positionCount);
}
