// The margin call: columns of equity, collateral and requirements, one entry a margin unit, and what one account adds up to.
import type { BookBase } from './book/book.js';
import { MarginError } from './errors.js';
import { INEXACT, type STATUS as NAMES, STATUS, WRITTEN } from './layout.js';
import { MARGIN_COLUMNS, type MarginColumn } from './margin-columns.js';

/** How a margin unit stands, by rising risk. */
export type Status = (typeof NAMES)[number];

/** Sums over all units, folded in unit order. `deficit` is the sum of max(0, -equity). All in the numeraire. */
export interface Totals {
  /** Sum over all units, bankrupt ones included. */
  equity: number;
  /** At the maintenance weights. */
  collateral: number;
  /** Sum over all units. */
  initialMargin: number;
  /** Sum over all units. */
  maintenanceMargin: number;
  /** Sum of |position|. */
  notional: number;
  /** What units of negative equity lack, as a positive number. */
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
  /** Collateral at the initial weights. */
  readonly initialCollateral: Float64Array;
  /** Collateral at the liquidation-end weights. */
  readonly endCollateral: Float64Array;
  /** Requirement to open. */
  readonly initialMargin: Float64Array;
  /** Requirement below which a unit is liquidated. */
  readonly maintenanceMargin: Float64Array;
  /** Requirement at which a liquidation ends. */
  readonly endMargin: Float64Array;
  /** Sum of |position|. */
  readonly notional: Float64Array;
  /**
   * 0 healthy, 1 warning (below initial), 2 liquidatable, 3 bankrupt; plus 4 where a rounded number is in doubt:
   * `STATUS[code & 3]` is the name, `code & INEXACT` the doubt.
   */
  readonly status: Uint32Array;
  /** Units that are liquidatable (bankrupt ones included), rising. */
  readonly liquidatable: Uint32Array;
  /** Sums over all units. */
  readonly totals: Totals;
  /** The same columns in arrays of their own, which the next call leaves alone. */
  copy(): Margin;
}

/** Columns that `marginInto` fills; each at least as long as the book has units. */
export type MarginInto = Partial<Record<MarginColumn, Float64Array>> & { status?: Uint32Array };

const INTO = [...MARGIN_COLUMNS, 'status'] as const;

/** A column that equals another under the features of the book is not written by the scan; this is the one that was. */
function written(name: MarginColumn, bits: number): MarginColumn {
  if (name === 'endMargin' && !(bits & WRITTEN.end)) return 'maintenanceMargin';
  if (name.endsWith('ollateral') && !(bits & WRITTEN.collateral)) return 'equity';
  return name;
}

const TOTALS = ['equity', 'collateral', 'initialMargin', 'maintenanceMargin', 'notional', 'deficit'] as const;

/** Views of a book's result columns; made once and handed out again until the columns move. */
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
  readonly #list: Uint32Array;
  readonly #count: Uint32Array;
  readonly #totals: Float64Array;

  constructor(
    columns: Record<MarginColumn, Float64Array>,
    status: Uint32Array,
    list: Uint32Array,
    count: Uint32Array,
    totals: Float64Array,
  ) {
    Object.assign(this, columns);
    this.status = status;
    this.#list = list;
    this.#count = count;
    this.#totals = totals;
  }

  get liquidatable(): Uint32Array {
    return this.#list.subarray(0, this.#count[0]);
  }

  get totals(): Totals {
    return Object.fromEntries(TOTALS.map((name, i) => [name, this.#totals[i] ?? 0])) as unknown as Totals;
  }

  copy(): Margin {
    const columns = Object.fromEntries(MARGIN_COLUMNS.map((name) => [name, this[name].slice()])) as Record<
      MarginColumn,
      Float64Array
    >;
    return new BorrowedMargin(
      columns,
      this.status.slice(),
      this.#list.slice(),
      this.#count.slice(),
      this.#totals.slice(),
    );
  }
}

interface Borrowed {
  /** The views that were cut last; growth cuts others. */
  columns: object;
  units: number;
  written: number;
  margin: BorrowedMargin;
}
const borrowed = /* @__PURE__ */ new WeakMap<BookBase, Borrowed>();

/** Views for the columns as they are now: a scan in a loop allocates nothing. */
function viewsOf(book: BookBase): BorrowedMargin {
  const cut = book.store.columns;
  const { unit, house } = cut;
  const units = book.units;
  const bits = house.written[0] ?? 0;
  const last = borrowed.get(book);
  if (last && last.columns === cut && last.units === units && last.written === bits) return last.margin;
  const columns = Object.fromEntries(
    MARGIN_COLUMNS.map((name) => [name, unit[written(name, bits)].subarray(0, units)]),
  );
  const margin = new BorrowedMargin(
    columns as Record<MarginColumn, Float64Array>,
    unit.status.subarray(0, units),
    unit.list.subarray(0, units),
    house.liquidatable,
    house.totals,
  );
  borrowed.set(book, { columns: cut, units, written: bits, margin });
  return margin;
}

/** The slip of handing over the JSON, or nothing, gets the error of a door. @throws MarginError type */
export function checkBook(book: BookBase): void {
  if (typeof book?.refresh !== 'function') {
    throw new MarginError('type', {
      path: 'book',
      got: book,
      expected: 'a Book',
      hint: 'Book.fromJSON(json) and Book.decode(bytes) make one',
    });
  }
}

function scan(book: BookBase): void {
  book.refresh();
  book.store.engine.scan(book.store, 0, book.units, true);
}

/**
 * Margins the whole book: unit values once, then one pass over all accounts.
 * @returns columns borrowed until the next call, in the numeraire
 * @throws MarginError type, where it is no book
 * @example
 * const risk = margin(book);
 * for (const unit of risk.liquidatable) console.log(book.accountId(book.unitAccount(unit)), risk.equity[unit]);
 */
export function margin(book: BookBase): Margin {
  checkBook(book);
  scan(book);
  return viewsOf(book);
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
  checkBook(book);
  const n = book.units;
  for (const name of INTO) {
    const column = into[name];
    if (column && column.length < n) {
      throw new MarginError('range', {
        path: name,
        got: column.length,
        expected: `at least ${n} entries, one a margin unit`,
      });
    }
  }
  scan(book);
  const views = viewsOf(book);
  for (const name of MARGIN_COLUMNS) into[name]?.set(views[name]);
  into.status?.set(views.status);
  return book.store.columns.house.liquidatable[0] ?? 0;
}

/** Risk of one margin unit or account, in the numeraire. */
export interface Risk {
  /** By rising risk. */
  status: Status;
  /** A market in whole units could not be rounded for sure in doubles: ask the venue's bigint functions. */
  inexact: boolean;
  /** Value at weight 1 and unguarded prices; negative: bankrupt. */
  equity: number;
  /** At the maintenance weights. */
  collateral: number;
  /** Requirement to open. */
  initialMargin: number;
  /** Requirement below which the unit is liquidated. */
  maintenanceMargin: number;
  /** Sum of |position|. */
  notional: number;
  /** maintenanceMargin / collateral; null where the collateral is not positive. */
  marginRatio: number | null;
  /** Collateral of a level less its requirement; negative: as much is missing. */
  health: { initial: number; maintenance: number; liquidationEnd: number };
}
export interface AccountMargin extends Risk {
  /** Of the account. */
  id: string;
  /** Cross first, then the isolated buckets. The account's numbers are their sums, its status the worst of them. */
  units: (Risk & { bucket: number })[];
}

/** Risk of unit `u` from the columns as they stand. */
export function unitRisk(book: BookBase, u: number): Risk & { bucket: number } {
  const { unit, house } = book.store.columns;
  const bits = house.written[0] ?? 0;
  const at = (name: MarginColumn): number => unit[written(name, bits)][u] ?? 0;
  return {
    bucket: book.unitBucket(u),
    status: STATUS[(unit.status[u] ?? 0) & 3] ?? 'healthy',
    inexact: ((unit.status[u] ?? 0) & INEXACT) !== 0,
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

const ratio = (margin: number, collateral: number): number | null =>
  collateral > 0 && Number.isFinite(margin / collateral) ? margin / collateral : null;

/** What `compareRisk` needs of a margin unit, or of an account with its units. */
export type RiskPair = Pick<Risk, 'collateral' | 'maintenanceMargin'> & { readonly units?: readonly RiskPair[] };

/** The riskiest unit of an account; what has no units stands for itself. */
const riskiest = (risk: RiskPair): RiskPair =>
  risk.units?.reduce((worst, unit) => (compareRisk(unit, worst) > 0 ? unit : worst)) ?? risk;

/**
 * Compares by risk as numbers compare by size: positive if `a` is the riskier, so `sort` puts the riskiest last. Maintenance
 * margin over collateral, by multiplication, so that no division decides; where both products are equal the larger requirement
 * is the riskier, without any the smaller collateral. An account is as risky as the riskiest of its units: they do not pay for
 * one another, and their sums would hide a bankrupt bucket behind a healthy one.
 * @see dydxprotocol/v4-chain lib/margin/risk.go `Cmp`; the integer form is venues/dydx `compareRisk`
 * @example
 * accounts.sort((a, b) => compareRisk(b, a)); // riskiest first
 */
export function compareRisk(a: RiskPair, b: RiskPair): number {
  const [x, y] = [riskiest(a), riskiest(b)];
  const left = x.maintenanceMargin * y.collateral;
  const right = y.maintenanceMargin * x.collateral;
  if (left !== right) return left > right ? 1 : -1;
  if (x.maintenanceMargin === 0 && y.maintenanceMargin === 0) return y.collateral - x.collateral;
  return x.maintenanceMargin - y.maintenanceMargin;
}

/** Adds the units of an account up; status is the worst. */
export function addRisks(risks: readonly Risk[]): Risk {
  const sum = (of: (r: Risk) => number): number => risks.reduce((total, r) => total + of(r), 0);
  const worst = risks.reduce((w, r) => Math.max(w, STATUS.indexOf(r.status)), 0);
  const collateral = sum((r) => r.collateral);
  const maintenanceMargin = sum((r) => r.maintenanceMargin);
  return {
    status: STATUS[worst] ?? 'healthy',
    inexact: risks.some((r) => r.inexact),
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
  checkBook(book);
  const units = book.unitsOf(account);
  book.refresh();
  for (const u of units) book.store.engine.scan(book.store, u, u + 1, false);
  const risks = units.map((u) => unitRisk(book, u));
  return { id: book.accountId(book.account(account)), ...addRisks(risks), units: risks };
}
