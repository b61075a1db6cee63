// Margins a book once and gathers what a report says: units into accounts, totals, counts, the riskiest.
import type { BookBase } from '../book/book.js';
import { STATUS } from '../layout.js';
import { liquidationPrices } from '../liquidation.js';
import { type Margin, margin, type Status } from '../margin.js';
import { eachHeld } from '../watch/views/held.js';
import { marketViews } from '../watch/views/markets.js';
import type { LeftOut } from './demo/venue.js';
import { exposureOf } from './exposure.js';
import {
  type AccountColumns,
  LIQUIDATABLE,
  marginRatioOf,
  type NextInLine,
  type Report,
  type Risky,
  type UnitColumns,
} from './model.js';
import { largestModelled, modelId } from './scenario/modelled.js';

/** Margin ratios beyond it say only that nothing is left: they are not near the line. */
export const MOST_RATIO = 3;
/** And from here on they are. */
const NEAR = 0.5;
/** Accounts that are next in line: a look ahead, not a list. */
const MOST_NEXT = 5;

export interface Source {
  title: string;
  /** Accounts in the tables of the riskiest. */
  top: number;
  buildSeconds: number;
  notes?: string[];
  leftOut?: LeftOut[];
}

function accountsOf(book: BookBase, risk: Margin): AccountColumns {
  const column = (): Float64Array => new Float64Array(book.accounts);
  const columns: AccountColumns = {
    equity: column(),
    collateral: column(),
    initialMargin: column(),
    maintenanceMargin: column(),
    notional: column(),
    status: new Uint8Array(book.accounts),
    worstRatio: column(),
    worstEquity: column(),
    worstCollateral: column(),
    worstMargin: column(),
    deficit: column(),
  };
  const sums = ['equity', 'collateral', 'initialMargin', 'maintenanceMargin', 'notional'] as const;
  for (let u = 0; u < book.units; u++) {
    const a = book.unitAccount(u);
    for (const name of sums) columns[name][a] = (columns[name][a] as number) + (risk[name][u] as number);
    columns.status[a] = Math.max(columns.status[a] as number, (risk.status[u] as number) & 3);
    columns.deficit[a] = (columns.deficit[a] as number) + Math.max(0, -(risk.equity[u] as number));
    const ratio = ratioOf(risk, u);
    const before = columns.worstRatio[a] as number;
    const lower = ratio === before && (risk.equity[u] as number) < (columns.worstEquity[a] as number);
    if (ratio < before || (ratio === before && !lower && book.unitBucket(u) !== 0)) continue;
    columns.worstRatio[a] = ratio;
    columns.worstEquity[a] = risk.equity[u] as number;
    columns.worstCollateral[a] = risk.collateral[u] as number;
    columns.worstMargin[a] = risk.maintenanceMargin[u] as number;
  }
  return columns;
}

const unitsOf = (risk: Margin): UnitColumns => ({
  collateral: risk.collateral.slice(),
  maintenanceMargin: risk.maintenanceMargin.slice(),
  status: Uint8Array.from(risk.status, (code) => code & 3),
});

function ratioOf(risk: Margin, unit: number): number {
  const need = risk.maintenanceMargin[unit] as number;
  const have = risk.collateral[unit] as number;
  if (have > 0) return need / have;
  return need > 0 || have < 0 ? Number.POSITIVE_INFINITY : 0;
}

/** The rows of `candidates` with the largest keys, largest first; ties by row. Sorts what it must, not a million rows. */
export function largest(candidates: Uint32Array, key: (row: number) => number, most: number): number[] {
  if (most === 0) return [];
  const keys = Float64Array.from(candidates, key).sort();
  const least = keys[Math.max(0, keys.length - most)] as number;
  const above = Array.from(candidates.filter((row) => key(row) >= least));
  // Compared, not subtracted: the difference of two infinities orders nothing.
  const order = (x: number, y: number): number => (x > y ? -1 : x < y ? 1 : 0);
  return above.sort((a, b) => order(key(a), key(b)) || a - b).slice(0, most);
}

/** Worst first: by status, the bankrupt by what they lack, the others by margin ratio. */
function riskiestOf({ status, worstRatio, deficit }: AccountColumns, most: number): number[] {
  const worst: number[] = [];
  for (let s = STATUS.length - 1; s >= 0 && worst.length < most; s--) {
    const rows = rowsWhere(status, (value) => value === s);
    const key = STATUS[s] === 'bankrupt' ? deficit : worstRatio;
    worst.push(...largest(rows, (row) => key[row] as number, most - worst.length));
  }
  return worst;
}

/** Of those near the line the ones with the largest requirement; where few are near, the highest ratios. Highest ratio first. */
function around({ worstRatio, worstMargin }: AccountColumns, most: number): number[] {
  const ratio = (row: number): number => worstRatio[row] as number;
  const drawable = rowsWhere(worstRatio, (r) => r > 0 && r <= MOST_RATIO);
  const near = drawable.filter((row) => ratio(row) >= NEAR);
  if (near.length < most) return largest(drawable, ratio, most);
  const chosen = Uint32Array.from(largest(near, (row) => worstMargin[row] as number, most)).sort();
  return largest(chosen, ratio, most);
}

function rowsWhere<T extends Uint8Array | Float64Array>(column: T, test: (value: number) => boolean): Uint32Array {
  const rows = new Uint32Array(column.length);
  let n = 0;
  for (let i = 0; i < column.length; i++) if (test(column[i] as number)) rows[n++] = i;
  return rows.slice(0, n);
}

function riskyOf(book: BookBase, risk: Margin, columns: AccountColumns, account: number): Risky {
  const status = columns.status[account] as number;
  let most = 0;
  let found: Risky['largest'] = null;
  let bucket: number | null = null;
  for (const unit of book.unitsOf(account)) {
    if (bucket === null && ((risk.status[unit] as number) & 3) === status) bucket = book.unitBucket(unit);
    eachHeld(book.store.columns, unit, (_, market, size, value) => {
      if (value <= most) return;
      most = value;
      found = { market: book.marketId(market), size };
    });
  }
  return {
    id: book.accountId(account),
    status: STATUS[status] as Status,
    bucket: bucket === 0 ? null : bucket,
    model: modelId(book, account),
    equity: columns.equity[account] as number,
    collateral: columns.collateral[account] as number,
    maintenanceMargin: columns.maintenanceMargin[account] as number,
    marginRatio: marginRatioOf(columns, account),
    notional: columns.notional[account] as number,
    largest: found,
  };
}

/** The liquidation price with the shortest way to it, of the units that may stay. */
function nearestOf(book: BookBase, account: number): NextInLine['nearest'] {
  let least = Number.POSITIVE_INFINITY;
  let found: NextInLine['nearest'] = null;
  for (const { market, size, mark, status, down, up } of liquidationPrices(book, account)) {
    if (status === 'liquidatable' || size === 0) continue;
    for (const price of [down, up]) {
      if (price === null || Math.abs(price - mark) / mark >= least) continue;
      least = Math.abs(price - mark) / mark;
      found = { market, size, mark, price };
    }
  }
  return found;
}

/** Accounts that are not liquidatable, by margin ratio. */
function nextOf({ status, worstRatio }: AccountColumns, most: number): number[] {
  const staying = rowsWhere(status, (value) => value < LIQUIDATABLE).filter((row) => (worstRatio[row] as number) > 0);
  return largest(staying, (row) => worstRatio[row] as number, most);
}

/** Margins the book and reports on it. */
export function collect(book: BookBase, source: Source): Report {
  const start = performance.now();
  const risk = margin(book);
  const marginSeconds = (performance.now() - start) / 1000;
  const columns = accountsOf(book, risk);
  const counts = Object.fromEntries(STATUS.map((status) => [status, 0])) as Record<Status, number>;
  for (const s of columns.status) counts[STATUS[s] as Status] += 1;
  const views = marketViews(book);
  const rows = (accounts: number[]): Risky[] => accounts.map((a) => riskyOf(book, risk, columns, a));
  const modelled = largestModelled(book, risk.initialMargin, source.top);
  const staying = nextOf(columns, Math.min(source.top, MOST_NEXT));
  const next = rows(staying).map((r, i) => ({ ...r, nearest: nearestOf(book, staying[i] as number) }));
  return {
    title: source.title,
    numeraire: book.numeraire,
    time: book.time ?? null,
    size: {
      accounts: book.accounts,
      units: book.units,
      positions: views.fund.positions,
      markets: book.markets,
      assets: book.assets,
    },
    columns,
    units: unitsOf(risk),
    totals: { ...risk.totals },
    counts,
    riskiest: rows(riskiestOf(columns, Math.min(source.top, book.accounts))),
    next,
    modelled: modelled.rows,
    modelledUnits: modelled.units,
    around: rows(around(columns, source.top)),
    liquidatable: rowsWhere(columns.status, (status) => status >= LIQUIDATABLE),
    idOf: (account) => book.accountId(account),
    views,
    exposure: exposureOf(book, views),
    seconds: { build: source.buildSeconds, margin: marginSeconds },
    notes: source.notes ?? [],
    leftOut: source.leftOut ?? [],
  };
}
