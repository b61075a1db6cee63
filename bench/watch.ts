// The watch: ticks of one market at a time over a million accounts, with margin calls and backstop and without, on diffusive, trending,
// gapping and crashing paths; what it takes to build and to hold, and that its cost does not follow the number of accounts.
// Units that become liquidatable are topped up, as a venue would close them: a book of ruins is no venue's.
import { type Book, margin } from '../bindings/index.js';
import { Watch, type WatchLevels } from '../bindings/watch.js';
import { Random } from '../tests/random-book.js';
import { POSITIONS, portfolio } from './portfolios.js';
import { type Group, median, type Options, progress, type Row, timed } from './report.js';

const NAME = 'watch';
const TICKS = 100_000;
const TREND = 25_000;
const BASIS_POINT = 1e-4;
const SCANS = 9;
/** Least share of maintenance margin that an account has to spare at the start, and the largest, even by magnitude. */
const SPARE = [0.03, 10] as const;
const ALONE: WatchLevels = { warning: null, backstop: null };

/** Nobody is below the warning line to begin with but who is so by less than the spare. */
function solvent(book: Book): void {
  const random = new Random(9);
  const { unit, balance } = book.store.columns;
  margin(book);
  for (let u = 0; u < book.units; u++) {
    const required = unit.maintenanceMargin[u]!;
    const spare = SPARE[0] * (SPARE[1] / SPARE[0]) ** random.next();
    const missing = required * (1 + spare) - unit.equity[u]!;
    if (missing > 0 && unit.equity[u]! < 1.3 * required) balance.amount[unit.balanceStart[u]!]! += missing;
  }
  book.touch();
}

class Run {
  readonly watch: Watch;
  readonly #book: Book;
  readonly #random = new Random(5);
  readonly built: number;

  constructor(book: Book, levels: WatchLevels) {
    this.#book = book;
    const start = performance.now();
    this.watch = new Watch(book, { levels });
    this.built = performance.now() - start;
  }

  /** One tick of a random market. */
  tick(step: () => number): void {
    const m = this.#random.int(0, this.#book.markets - 1);
    const { liquidatable } = this.watch.tick(m, this.#book.store.columns.market.mark[m]! * step());
    for (const u of liquidatable) {
      this.#book.deposit(this.#book.unitAccount(u), 0, this.#book.store.columns.unit.maintenanceMargin[u]!);
    }
  }

  diffusive = (): number => 1 + (this.#random.chance(0.5) ? BASIS_POINT : -BASIS_POINT);

  /** Microseconds of each tick, sorted. */
  path(ticks: number, step: () => number): Float64Array {
    const times = new Float64Array(ticks);
    for (let i = 0; i < ticks; i++) times[i] = timed(() => this.tick(step)) * 1000;
    return times.sort();
  }

  /** All markets at once. */
  gap(by: number): number {
    const { mark } = this.#book.store.columns.market;
    const marks = mark.slice(0, this.#book.markets).map((x) => x * by);
    const markets = Uint32Array.from(marks, (_, m) => m);
    return timed(() => this.watch.marks(markets, marks));
  }

  /** Milliseconds until nobody waits for a box, by diffusive ticks; and the ticks it took. */
  rebuild(): { ms: number; ticks: number; first: number } {
    const start = performance.now();
    const first = timed(() => this.tick(this.diffusive));
    let ticks = 1;
    for (; this.watch.statistics.waiting > 0; ticks++) this.tick(this.diffusive);
    return { ms: performance.now() - start, ticks, first };
  }
}

const at = (sorted: Float64Array, share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
const row = (name: string, value: number, unit: string): Row => ({ name, median: value, unit, ratios: {} });

function pathRows(name: string, times: Float64Array, scan: number): Row[] {
  return [
    { name: `${name}, median`, median: at(times, 0.5), unit: 'us', ratios: { rescan: (scan * 1000) / at(times, 0.5) } },
    row(`${name}, p99`, at(times, 0.99), 'us'),
    row(`${name}, worst`, at(times, 1), 'us'),
  ];
}

/** A market falls by a third in a hundred ticks and comes back. */
function crash(run: Run, book: Book): Float64Array {
  const times: number[] = [];
  const step = (2 / 3) ** 0.01;
  for (const by of [step, 1 / step]) {
    for (let i = 0; i < 100; i++) {
      times.push(timed(() => run.watch.tick(7, book.store.columns.market.mark[7]! * by)) * 1000);
    }
  }
  return Float64Array.from(times).sort();
}

function measured(accounts: number, levels: WatchLevels, label: string): Row[] {
  const { book } = portfolio(accounts, 'single');
  solvent(book);
  const scan = median(Array.from({ length: SCANS }, () => timed(() => margin(book))));
  const run = new Run(book, levels);
  const { bytes } = run.watch.statistics;
  const paths = (name: string): string => `${NAME} ${Math.floor(accounts / 1000)}k, ${label}: ${name}`;
  run.path(TICKS / 4, run.diffusive);
  const rows = [
    row(paths('a rescan'), scan, 'ms'),
    { ...row(paths('built'), run.built, 'ms'), ratios: { rescan: scan / run.built } },
    row(paths('memory a position'), bytes / (accounts * POSITIONS), 'bytes'),
    ...pathRows(paths('diffusive 1 bp'), run.path(TICKS, run.diffusive), scan),
    ...pathRows(
      paths('one-way 1 bp'),
      run.path(TREND, () => 1 - BASIS_POINT),
      scan,
    ),
    ...pathRows(paths('a third down and up'), crash(run, book), scan),
  ];
  const gaps: number[] = [];
  let rebuilt = run.rebuild();
  for (const by of [0.9, 1 / 0.9, 0.9]) {
    gaps.push(run.gap(by));
    rebuilt = run.rebuild();
  }
  const gap = median(gaps);
  return [
    ...rows,
    { ...row(paths('10 % gap in all markets'), gap, 'ms'), ratios: { rescan: scan / gap } },
    row(paths('first tick after it'), rebuilt.first, 'ms'),
    { ...row(paths('all boxes again'), rebuilt.ms, 'ms'), ratios: { rescan: scan / rebuilt.ms } },
    ...pathRows(paths('diffusive after it'), run.path(TICKS, run.diffusive), scan),
  ];
}

async function rowsOf({ accounts }: Options): Promise<Row[]> {
  const rows: Row[] = [];
  const sizes = [accounts / 100, accounts / 10, accounts].filter((n) => n >= 1000).map(Math.floor);
  for (const n of sizes.length > 0 ? sizes : [accounts]) {
    progress(`${NAME}: ${n} accounts x ${POSITIONS} positions`);
    rows.push(...measured(n, ALONE, 'liquidation'));
    rows.push(...measured(n, {}, 'all lines'));
  }
  return rows;
}

export const watch: Group = { name: NAME, run: rowsOf };
