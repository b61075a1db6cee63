// The margin scan beside its baselines: C in its own process, typed-array JavaScript, naive objects on fewer accounts.
// Kernel and baselines run one after the other in every round, so that a drift of the machine hits all of them alike;
// tinybench would run one to its end before the next, and cannot time another process. Medians, ratios by round.
import { type Book, margin } from '../bindings/index.js';
import { fullScan } from './baselines/full.js';
import { naiveScan } from './baselines/naive.js';
import { type Baseline, type Sums, typedScan } from './baselines/scan.js';
import { compileNative, NativeScan } from './native/process.js';
import { type Features, portfolio, tablesName } from './portfolios.js';
import { type Group, median, type Options, progress, type Row, ratio, timed } from './report.js';

/** Rounds before the first that counts: optimising compilers need some. */
const WARM_UP = 3;
/** Accounts of the naive baseline, which is reported per account. */
const NAIVE_ACCOUNTS = 20_000;
/** Relative difference at which a baseline is refused: sums in another order, nothing else. */
const TOLERANCE = 1e-9;

function kernelSums(book: Book): Sums {
  const { liquidatable, totals } = margin(book);
  return {
    liquidatable: liquidatable.length,
    equity: totals.equity,
    initial: totals.initialMargin,
    maintenance: totals.maintenanceMargin,
  };
}

const KEYS = ['equity', 'initial', 'maintenance'] as const;

/** @throws where a baseline does not give the kernel's answers: its time would mean nothing */
function agree(name: string, kernel: Sums, baseline: Sums): void {
  const worst = Math.max(...KEYS.map((key) => Math.abs(baseline[key] - kernel[key]) / Math.abs(kernel[key])));
  if (baseline.liquidatable !== kernel.liquidatable || !(worst <= TOLERANCE)) {
    throw new Error(`${name} disagrees: ${JSON.stringify(baseline)}, kernel ${JSON.stringify(kernel)}`);
  }
  const bits = KEYS.every((key) => Object.is(baseline[key], kernel[key]));
  progress(`  ${name}: ${kernel.liquidatable} liquidatable and house sums as the kernel${bits ? ', to the bit' : ''}`);
}

/** The same of every account; relative to the notional where the answer itself is near 0. */
function agreeByUnit(name: string, book: Book, baseline: Baseline): void {
  agree(name, kernelSums(book), baseline.run());
  const risk = margin(book);
  const kernel = { equity: risk.equity, initial: risk.initialMargin, maintenance: risk.maintenanceMargin };
  const { columns } = baseline;
  for (const key of KEYS) {
    const wrong = kernel[key].findIndex((x, u) => {
      const scale = Math.max(Math.abs(x), risk.notional[u]!);
      return !(Math.abs(columns[key][u]! - x) <= TOLERANCE * scale);
    });
    if (wrong < 0) continue;
    throw new Error(`${name} disagrees: ${key} ${columns[key][wrong]} of unit ${wrong}, kernel ${kernel[key][wrong]}`);
  }
}

const typedOf = (book: Book, features: Features): Baseline =>
  features === 'full' ? fullScan(book) : typedScan(book, features === 'brackets');

async function startNative(book: Book, features: Features): Promise<NativeScan | undefined> {
  const program = compileNative();
  if (program) return NativeScan.start(program, book, features);
  progress('  no C compiler (cc): going on without the C baseline');
  return undefined;
}

async function scanRows(name: string, features: Features, { accounts, rounds }: Options): Promise<Row[]> {
  progress(`${name}: ${accounts} accounts x 8 positions`);
  const { book } = portfolio(accounts, features);
  const few = Math.min(accounts, NAIVE_ACCOUNTS);
  const { book: small } = portfolio(few, features);
  margin(book);
  const native = await startNative(book, features);
  const typed = typedOf(book, features);
  const naive = naiveScan(small, features === 'full' ? 3 : 2);
  if (native) agree('C', kernelSums(book), await native.run());
  agreeByUnit('typed JavaScript', book, typed);
  agreeByUnit('naive JavaScript', small, naive);

  const times = {
    kernel: [] as number[],
    c: [] as number[],
    typed: [] as number[],
    small: [] as number[],
    naive: [] as number[],
  };
  for (let round = -WARM_UP; round < rounds; round++) {
    if (round === 0) for (const list of Object.values(times)) list.length = 0;
    times.kernel.push(timed(() => margin(book)));
    if (native) times.c.push((await native.run()).ms);
    times.typed.push(timed(() => typed.run()));
    times.small.push(timed(() => margin(small)));
    times.naive.push(timed(() => naive.run()));
  }
  native?.stop();

  const perAccount = (ms: number[], count: number): number => (median(ms) * 1e6) / count;
  const row = (label: string, value: number, unit: string): Row => ({ name: label, median: value, unit, ratios: {} });
  return [
    {
      name,
      median: median(times.kernel),
      unit: 'ms',
      ratios: {
        ...(native ? { c: ratio(times.c, times.kernel) } : {}),
        typed: ratio(times.typed, times.kernel),
        naive: ratio(times.naive, times.small),
      },
    },
    ...(native ? [row(`${name}: C`, median(times.c), 'ms')] : []),
    row(`${name}: typed JavaScript`, median(times.typed), 'ms'),
    row(`${name}: kernel, an account`, perAccount(times.kernel, accounts), 'ns'),
    row(`${name}: kernel, an account of ${few}`, perAccount(times.small, few), 'ns'),
    row(`${name}: naive JavaScript, an account of ${few}`, perAccount(times.naive, few), 'ns'),
  ];
}

const scan = (name: string, features: Features, c: number, typed: number): Group => ({
  name,
  targets: { c, typed },
  run: (options) => scanRows(name, features, options),
});

export const scans: Group[] = [
  scan('scan, single bracket', 'single', 0.9, 1.8),
  scan(`scan, ${tablesName()}, two marginal levels`, 'brackets', 0.9, 2),
  scan('scan, every feature', 'full', 0.75, 1.8),
];
