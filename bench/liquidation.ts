// Liquidation prices: of every position of a book beside C, typed arrays and an npm package, only prices that there are
// counted, and of one account with certificates. Rounds as in scans.ts.
import { type Book, liquidationPrices } from '../bindings/index.js';
import type { LiquidationColumns } from '../bindings/liquidation.js';
import { Random } from '../tests/random-book.js';
import { orderlyPrices } from './baselines/orderly.js';
import { bisectedPrices, closedPrices, type PriceBaseline } from './baselines/prices.js';
import { compileNative, NativeScan } from './native/process.js';
import { type Features, portfolio, tablesName } from './portfolios.js';
import { type Group, median, type Options, progress, type Row, ratio, timed } from './report.js';

const WARM_UP = 3;
/** Accounts of the slow baselines, which are reported per price. */
const BISECTION_ACCOUNTS = 20_000;
const PEER_ACCOUNTS = 100;
/** What a baseline's price may differ by, as a part of the mark; the peer stops a short's search at 1e-4 of the price. */
const TOLERANCE = 1e-9;
const C_TOLERANCE = 1e-12;
const PEER_TOLERANCE = 2e-4;

const priceCount = ({ down, up }: Pick<LiquidationColumns, 'down' | 'up'>): number => {
  let count = 0;
  for (let p = 0; p < down.length; p++) count += (down[p]! > 0 ? 1 : 0) + (up[p]! < Infinity ? 1 : 0);
  return count;
};

/** @throws where a baseline does not give the kernel's prices: its time would mean nothing */
function agree(name: string, book: Book, baseline: Pick<PriceBaseline, 'down' | 'up'>, tolerance: number): void {
  const kernel = liquidationPrices(book);
  const { position, market } = book.store.columns;
  let worst = 0;
  for (let p = 0; p < kernel.down.length; p++) {
    for (const [a, b] of [
      [kernel.down[p]!, baseline.down[p]!],
      [kernel.up[p]!, baseline.up[p]!],
    ] as const) {
      if (a === b) continue;
      const off = Math.abs(a - b) / Math.max(market.mark[position.key[p]! >>> 2]!, a);
      if (!(off <= tolerance)) throw new Error(`${name} disagrees: ${b} at position ${p}, kernel ${a}`);
      worst = Math.max(worst, off);
    }
  }
  progress(`  ${name}: prices as the kernel's, ${worst === 0 ? 'to the bit' : `within ${worst.toExponential(0)}`}`);
}

async function startNative(book: Book): Promise<NativeScan | undefined> {
  const program = compileNative();
  if (!program) {
    progress('  no C compiler (cc): going on without the C baseline');
    return undefined;
  }
  const { code } = liquidationPrices(book);
  const native = await NativeScan.start(program, book, 'prices');
  const prices = await native.prices();
  agree('C', book, prices, C_TOLERANCE);
  if (prices.code.some((bits, p) => bits !== code[p])) throw new Error('C disagrees: codes');
  return native;
}

/** Of how many prices, and microseconds a price by round. */
class Timing {
  readonly each: number[] = [];
  constructor(
    readonly label: string,
    readonly prices: number,
  ) {}

  add(ms: number): void {
    this.each.push((ms * 1e3) / this.prices);
  }
  row(name: string, ratios: Row['ratios'] = {}): Row {
    const millions = 1 / median(this.each);
    const few = millions < 0.01;
    return { name, median: few ? millions * 1e6 : millions, unit: few ? 'prices/s' : 'M prices/s', ratios };
  }
}

async function bookRows(name: string, { accounts, rounds }: Options): Promise<Row[]> {
  progress(`${name}: ${accounts} accounts x 8 positions`);
  const { book } = portfolio(accounts, 'brackets');
  const { book: some } = portfolio(Math.min(accounts, BISECTION_ACCOUNTS), 'brackets');
  const { book: few } = portfolio(Math.min(accounts, PEER_ACCOUNTS), 'single');
  const count = priceCount(liquidationPrices(book));
  progress(`  ${count} prices of ${2 * book.store.count('position')} sides`);
  const native = await startNative(book);
  const [closed, bisected, orderly] = [closedPrices(book), bisectedPrices(some), orderlyPrices(few)];
  closed.run();
  const bisectedCount = bisected.run();
  const orderlyCount = orderly.run();
  agree('typed JavaScript', book, closed, TOLERANCE);
  agree('bisection', some, bisected, TOLERANCE);
  agree('@orderly.network/perp', few, orderly, PEER_TOLERANCE);

  const kernel = new Timing('', count);
  const rivals = {
    ...(native ? { c: new Timing('C', count) } : {}),
    typed: new Timing('typed JavaScript', count),
    bisection: new Timing(`60 bisections in typed JavaScript, ${some.accounts} accounts`, bisectedCount),
    peer: new Timing(`@orderly.network/perp, ${few.accounts} accounts of one bracket a market`, orderlyCount),
  };
  for (let round = -WARM_UP; round < rounds; round++) {
    if (round === 0) for (const { each } of [kernel, ...Object.values(rivals)]) each.length = 0;
    kernel.add(timed(() => liquidationPrices(book)));
    if (native) rivals.c?.add((await native.run()).ms);
    rivals.typed.add(timed(() => closed.run()));
    rivals.bisection.add(timed(() => bisected.run()));
    rivals.peer.add(timed(() => orderly.run()));
  }
  native?.stop();

  const ratios = Object.entries(rivals).map(([rival, { each }]) => [rival, ratio(each, kernel.each)]);
  return [
    kernel.row(name, Object.fromEntries(ratios)),
    ...Object.values(rivals).map((rival) => rival.row(`${name}: ${rival.label}`)),
  ];
}

const BOOK = `liquidation prices, ${tablesName()}`;

export const bookPrices: Group = {
  name: BOOK,
  targets: { c: 0.7 },
  least: 30,
  run: (options) => bookRows(BOOK, options),
};

/** Accounts in the book, and of these as many as are asked for in a round. */
const ACCOUNTS = 100_000;
const ASKED = 500;
/** Of so many calls one takes longer. */
const TAIL = 100;

/** One call an account, each timed. The solver's prices must be those of the whole book, which come from the tables' lines. */
function accountRows(name: string, features: Features, { accounts, rounds }: Options): Row[] {
  const { book, name: tables } = portfolio(Math.min(accounts, ACCOUNTS), features);
  const random = new Random(7);
  const asked = Array.from({ length: ASKED }, () => random.int(0, book.accounts - 1));
  const all = liquidationPrices(book);
  const { unit } = book.store.columns;
  let found = 0;
  for (const account of asked) {
    liquidationPrices(book, account).forEach(({ down, up, mark }, i) => {
      const p = unit.positionStart[account]! + i;
      for (const [x, y] of [
        [down ?? 0, all.down[p]!],
        [up ?? Infinity, all.up[p]!],
      ] as const) {
        if (x !== y && !(Math.abs(x - y) <= TOLERANCE * Math.max(mark, y)))
          throw new Error(`account ${account}, position ${i}: ${x}, as one of a book ${y}`);
        found += x > 0 && x < Infinity ? 1 : 0;
      }
    });
  }
  const label = features === 'full' ? 'every feature' : tables;
  progress(`  ${label}: ${found} prices of ${ASKED} accounts as in one call for the whole book`);
  const times: number[] = [];
  for (let round = -WARM_UP; round < rounds; round++) {
    if (round === 0) times.length = 0;
    for (const account of asked) times.push(timed(() => liquidationPrices(book, account)) * 1e3);
  }
  times.sort((a, b) => a - b);
  const row = (part: string, at: number): Row => ({
    name: `${name}: ${label}${part}`,
    median: times[Math.floor(times.length * at)]!,
    unit: 'us',
    ratios: {},
  });
  return [row('', 1 / 2), row(`, slowest of ${TAIL}`, 1 - 1 / TAIL)];
}

const ACCOUNT = 'liquidation prices, one account of 8 positions';

export const accountPrices: Group = {
  name: ACCOUNT,
  run: async (options) => {
    progress(`${ACCOUNT}: of ${Math.min(options.accounts, ACCOUNTS)}`);
    return [...accountRows(ACCOUNT, 'brackets', options), ...accountRows(ACCOUNT, 'full', options)];
  },
};
