// Live updates through the public calls, on the book with every feature: fills, deposits, orders, and the risk of one account
// after a tick. tinybench measures; it runs a few short times over all tasks in turn, and the median run is reported.
import { Bench } from 'tinybench';
import { accountMargin, type Book } from '../bindings/index.js';
import { Random } from '../tests/random-book.js';
import { portfolio } from './portfolios.js';
import { type Group, median, type Options, progress, type Row } from './report.js';

/** Calls in a sample: one alone is shorter than what a timer costs. */
const BATCH = 1000;
/** Accounts at most: updates touch one at a time. */
const ACCOUNTS = 100_000;
/** Runs over all tasks, and milliseconds a task in each. */
const RUNS = 5;
const TASK_MS = 150;

interface Targets {
  account: Uint32Array;
  market: Uint32Array;
  size: Float64Array;
  price: Float64Array;
}

/** Positions that exist, picked at random, each with a small trade at its mark. */
function targetsOf(book: Book): Targets {
  const random = new Random(7);
  const { position, unit, market } = book.store.columns;
  const targets = {
    account: new Uint32Array(BATCH),
    market: new Uint32Array(BATCH),
    size: new Float64Array(BATCH),
    price: new Float64Array(BATCH),
  };
  for (let i = 0; i < BATCH; i++) {
    const u = random.int(0, book.units - 1);
    const p = unit.positionStart[u]! + random.int(0, unit.positionCount[u]! - 1);
    const m = position.key[p]! >>> 2;
    targets.account[i] = book.unitAccount(u);
    targets.market[i] = m;
    targets.size[i] = 1000 / market.mark[m]!;
    targets.price[i] = market.mark[m]!;
  }
  return targets;
}

type Task = [name: string, batch: number, run: () => void];

function tasksOf(book: Book): Task[] {
  const { account, market, size, price } = targetsOf(book);
  // Every second run takes back what the one before did, so the book stays as it is.
  let sign = 1;
  const fills = (): void => {
    for (let i = 0; i < BATCH; i++) {
      book.fill(account[i]!, { market: market[i]!, size: sign * size[i]!, price: price[i]!, fee: 0.5 });
    }
    sign = -sign;
  };
  const deposits = (): void => {
    for (let i = 0; i < BATCH; i++) book.deposit(account[i]!, 0, sign);
    sign = -sign;
  };
  const orders = (): void => {
    for (let i = 0; i < BATCH; i++) {
      const order = { market: market[i]!, side: 'buy' as const, size: size[i]!, price: price[i]! };
      book.placeOrder(account[i]!, order);
      book.cancelOrder(account[i]!, order);
    }
  };
  let sink = 0;
  let turn = 0;
  const read = (): void => {
    for (let i = 0; i < BATCH; i++) sink += accountMargin(book, account[i]!).equity;
  };
  const tick = (): void => {
    turn = (turn + 1) % BATCH;
    book.setMark(market[turn]!, price[turn]! * (1 + 1e-6 * (turn % 3)));
    sink += accountMargin(book, account[turn]!).equity;
    if (Number.isNaN(sink)) throw new Error('not a number');
  };
  return [
    ['updates, fill', BATCH, fills],
    ['updates, deposit', BATCH, deposits],
    ['updates, order placed or cancelled', 2 * BATCH, orders],
    ['updates, accountMargin', BATCH, read],
    ['updates, setMark then accountMargin', 1, tick],
  ];
}

async function updateRows(options: Options): Promise<Row[]> {
  const accounts = Math.min(options.accounts, ACCOUNTS);
  progress(`updates: ${accounts} accounts x 8 positions, every feature`);
  const { book } = portfolio(accounts, 'full');
  const tasks = tasksOf(book);
  const seconds = tasks.map(() => [] as number[]);
  for (let run = 0; run < RUNS; run++) {
    const bench = new Bench({ time: TASK_MS, warmupTime: TASK_MS / 3, throws: true });
    for (const [name, , fn] of tasks) bench.add(name, fn);
    await bench.run();
    bench.tasks.forEach(({ result }, i) => {
      if (result.state !== 'completed') throw new Error(`${tasks[i]![0]}: ${result.state}`);
      seconds[i]!.push(result.latency.p50 / 1000 / tasks[i]![1]);
    });
  }
  return tasks.map(([name, batch], i) => {
    const each = median(seconds[i]!);
    const latency = batch === 1 || name.endsWith('accountMargin');
    return { name, median: latency ? each * 1e6 : 1 / each, unit: latency ? 'us' : '/s', ratios: {} };
  });
}

export const updates: Group = { name: 'updates', run: updateRows };
