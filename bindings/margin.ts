// The margin call: columns of equity, collateral and requirements, one entry a margin unit, and what one account adds up to.
import type { BookBase } from './book/book.js';
import { MarginError } from './errors.js';
import { type STATUS as NAMES, STATUS, WRITTEN } from './layout.js';

export type Status = (typeof NAMES)[number];

/** Sums over all units, folded in unit order. `deficit` is the sum of max(0, -equity). All in the numeraire. */
export interface Totals {
  equity: number;
  collateral: number;
  initialMargin: number;
  maintenanceMargin: number;
  notional: number;
  deficit: number;
}

/**
 * Risk of every margin unit, as columns. **Borrowed: the next `margin` call on the same book overwrites them, growth of the
 * book detaches them.** `copy()` owns. Values in the numeraire; health at a level = collateral - margin of that level.
 */
export interface Margin {
  /** Value at weight 1 and unguarded prices; negative: bankrupt. */
  readonly equity: Float64Array;
  /** Collateral at the maintenance weights. */
  readonly collateral: Float64Array;
  readonly initialCollateral: Float64Array;
  readonly endCollateral: Float64Array;
  /** Requirement to open. */
  readonly initialMargin: Float64Array;
  /** Requirement below which a unit is liquidated. */
  readonly maintenanceMargin: Float64Array;
  /** Requirement at which a liquidation ends. */
  readonly endMargin: Float64Array;
  /** Sum of |position|. */
  readonly notional: Float64Array;
  /** Index into `STATUS`: 0 healthy, 1 warning (below initial), 2 liquidatable, 3 bankrupt. */
  readonly status: Uint32Array;
  /** Units that are liquidatable (bankrupt ones included), rising. */
  readonly liquidatable: Uint32Array;
  readonly totals: Totals;
  copy(): Margin;
}

/** Columns that `marginInto` fills; each at least as long as the book has units. */
export type MarginInto = Partial<Record<ColumnName, Float64Array>> & { status?: Uint32Array };

const COLUMNS = [
  'equity',
  'collateral',
  'initialCollateral',
  'endCollateral',
  'initialMargin',
  'maintenanceMargin',
  'endMargin',
  'notional',
] as const;
type ColumnName = (typeof COLUMNS)[number];

/** A column that equals another under the features of the book is not written by the scan; this is the one that was. */
function written(name: ColumnName, bits: number): ColumnName {
  if (name === 'endMargin' && !(bits & WRITTEN.end)) return 'maintenanceMargin';
  if (name.endsWith('ollateral') && !(bits & WRITTEN.collateral)) return 'equity';
  return name;
}

class BorrowedMargin implements Margin {
  readonly equity!: Float64Array;
  readonly collateral!: Float64Array;
  readonly initialCollateral!: Float64Array;
  readonly endCollateral!: Float64Array;
  readonly initialMargin!: Float64Array;
  readonly maintenanceMargin!: Float64Array;
  readonly endMargin!: Float64Array;
  readonly notional!: Float64Array;
  readonly status: Uint32Array;
  readonly liquidatable: Uint32Array;
  readonly totals: Totals;

  constructor(columns: Record<ColumnName, Float64Array>, status: Uint32Array, liquidatable: Uint32Array, totals: Totals) {
    Object.assign(this, columns);
    this.status = status;
    this.liquidatable = liquidatable;
    this.totals = totals;
  }

  copy(): Margin {
    const columns = Object.fromEntries(COLUMNS.map((name) => [name, this[name].slice()])) as Record<ColumnName, Float64Array>;
    return new BorrowedMargin(columns, this.status.slice(), this.liquidatable.slice(), { ...this.totals });
  }
}

const totalsOf = (t: Float64Array): Totals => ({
  equity: t[0] ?? 0,
  collateral: t[1] ?? 0,
  initialMargin: t[2] ?? 0,
  maintenanceMargin: t[3] ?? 0,
  notional: t[4] ?? 0,
  deficit: t[5] ?? 0,
});

function scan(book: BookBase): void {
  book.refresh();
  book.store.engine.scan(book.store, 0, book.units, true);
}

/**
 * Margins the whole book: unit values once, then one pass over all accounts.
 * @returns columns borrowed until the next call, in the numeraire
 * @example
 * const risk = margin(book);
 * for (const unit of risk.liquidatable) console.log(book.accountId(book.unitAccount(unit)), risk.equity[unit]);
 */
export function margin(book: BookBase): Margin {
  scan(book);
  const { unit, house } = book.store.columns;
  const n = book.units;
  const bits = house.written[0] ?? 0;
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, unit[written(name, bits)].subarray(0, n)]));
  return new BorrowedMargin(
    columns as Record<ColumnName, Float64Array>,
    unit.status.subarray(0, n),
    unit.list.subarray(0, house.liquidatable[0] ?? 0),
    totalsOf(house.totals),
  );
}

/**
 * Margins the whole book into the caller's columns; only those that are given are copied, nothing is allocated.
 * @returns number of liquidatable units
 * @throws MarginError range, where a column is too short; nothing is computed then
 * @example
 * const equity = new Float64Array(book.units);
 * const liquidatable = marginInto(book, { equity });
 */
export function marginInto(book: BookBase, into: MarginInto): number {
  const n = book.units;
  for (const name of [...COLUMNS, 'status'] as const) {
    const column = into[name];
    if (column && column.length < n) {
      throw new MarginError('range', { path: name, got: column.length, expected: `at least ${n} entries, one a margin unit` });
    }
  }
  scan(book);
  const { unit, house } = book.store.columns;
  const bits = house.written[0] ?? 0;
  for (const name of COLUMNS) into[name]?.set(unit[written(name, bits)].subarray(0, n));
  into.status?.set(unit.status.subarray(0, n));
  return house.liquidatable[0] ?? 0;
}

/** Risk of one margin unit or account, in the numeraire. */
export interface Risk {
  status: Status;
  equity: number;
  collateral: number;
  initialMargin: number;
  maintenanceMargin: number;
  notional: number;
  /** maintenanceMargin / collateral; null where the collateral is not positive. */
  marginRatio: number | null;
  health: { initial: number; maintenance: number; liquidationEnd: number };
}
export interface AccountMargin extends Risk {
  id: string;
  /** Cross first, then the isolated buckets. The account's numbers are their sums, its status the worst of them. */
  units: (Risk & { bucket: number })[];
}

/** Risk of unit `u` from the columns as they stand. */
export function unitRisk(book: BookBase, u: number): Risk & { bucket: number } {
  const { unit, house } = book.store.columns;
  const bits = house.written[0] ?? 0;
  const at = (name: ColumnName): number => unit[written(name, bits)][u] ?? 0;
  return {
    bucket: book.unitBucket(u),
    status: STATUS[unit.status[u] ?? 0] ?? 'healthy',
    equity: at('equity'),
    collateral: at('collateral'),
    initialMargin: at('initialMargin'),
    maintenanceMargin: at('maintenanceMargin'),
    notional: at('notional'),
    marginRatio: ratio(at('maintenanceMargin'), at('collateral')),
    health: {
      initial: at('initialCollateral') - at('initialMargin'),
      maintenance: at('collateral') - at('maintenanceMargin'),
      liquidationEnd: at('endCollateral') - at('endMargin'),
    },
  };
}

const ratio = (margin: number, collateral: number): number | null => (collateral > 0 ? margin / collateral : null);

/** Adds the units of an account up; status is the worst. */
export function addRisks(risks: readonly Risk[]): Risk {
  const sum = (of: (r: Risk) => number): number => risks.reduce((total, r) => total + of(r), 0);
  const worst = risks.reduce((w, r) => Math.max(w, STATUS.indexOf(r.status)), 0);
  const collateral = sum((r) => r.collateral);
  const maintenanceMargin = sum((r) => r.maintenanceMargin);
  return {
    status: STATUS[worst] ?? 'healthy',
    equity: sum((r) => r.equity),
    collateral,
    initialMargin: sum((r) => r.initialMargin),
    maintenanceMargin,
    notional: sum((r) => r.notional),
    marginRatio: ratio(maintenanceMargin, collateral),
    health: {
      initial: sum((r) => r.health.initial),
      maintenance: sum((r) => r.health.maintenance),
      liquidationEnd: sum((r) => r.health.liquidationEnd),
    },
  };
}

/**
 * Margins one account alone: what a wallet asks.
 * @param account - id or row of the account
 * @throws MarginError unknown-id
 * @example
 * const { status, equity, marginRatio } = accountMargin(book, 'a1');
 */
export function accountMargin(book: BookBase, account: string | number): AccountMargin {
  const units = book.unitsOf(account);
  book.refresh();
  for (const u of units) book.store.engine.scan(book.store, u, u + 1, false);
  const risks = units.map((u) => unitRisk(book, u));
  return { id: book.accountId(book.account(account)), ...addRisks(risks), units: risks };
}
