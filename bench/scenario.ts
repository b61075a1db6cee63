// Scenario margin: PMRM_2 over accounts of 10 and of 80 options with warm risk arrays, what-ifs, the arrays of a tick; beside the
// same fold over plain typed arrays, and a margin that reprices every option of every account. Rounds as in scans.ts.

import type { BookJSON, ExpiryJSON, MarketJSON } from '../bindings/book/types.js';
import { derivePmrm2 } from '../bindings/scenario/presets/derive-pmrm2.js';
import { whatIf } from '../bindings/scenario/what-if.js';
import { type Book, margin, Book as ScenarioBook } from '../bindings/scenario.js';
import { Random } from '../tests/random-book.js';
import { repricedLosses, typedLosses } from './baselines/scenarios.js';
import { type Group, median, type Options, progress, type Row, ratio, timed } from './report.js';

const NAME = 'scenario margin, PMRM_2, 31 scenarios';
const WARM_UP = 3;
const EXPIRIES = 8;
const STRIKES = 25;
const SPOT = 60_000;
/** Accounts of the large book, of the small ones, and of the baseline that reprices. */
const MOST_ACCOUNTS = 100_000;
const SMALL = 2_000;
const REPRICED = 20;
const QUESTIONS = 2_000;
const DAY = 86_400;
/** What a baseline's losses may differ by, as a part of the spot times the contracts held. */
const TOLERANCE = 1e-9;

function market(): Pick<BookJSON, 'assets' | 'expiries' | 'models' | 'markets'> {
  const expiries: ExpiryJSON[] = Array.from({ length: EXPIRIES }, (_, e) => ({
    id: `e${e}`,
    asset: 'BTC',
    seconds: (3 + 11 * e * e) * DAY,
    forward: SPOT * (1 + 0.01 * e),
    rate: 0.05,
  }));
  const markets: MarketJSON[] = [
    {
      id: 'PERP',
      kind: 'linear',
      base: 'BTC',
      settle: 'USDC',
      mark: SPOT * 1.0002,
      index: SPOT,
      brackets: [{ upTo: null, maintenanceRate: 0 }],
    },
  ];
  for (const { id } of expiries) {
    for (let k = 0; k < STRIKES; k++) {
      for (const kind of ['call', 'put'] as const) {
        const strike = SPOT * (0.5 + 0.05 * k);
        const volatility = 0.5 + 0.3 * Math.abs(strike / SPOT - 1);
        markets.push({ id: `${id}-${k}-${kind}`, kind, expiry: id, strike, volatility, settle: 'USDC' });
      }
    }
  }
  return {
    assets: [
      { id: 'USDC', price: 1 },
      { id: 'USDC/USD', price: 1 },
      { id: 'BTC', price: SPOT },
    ],
    expiries,
    models: [derivePmrm2({ id: 'pm', cash: 'USDC', spot: 'BTC', stable: 'USDC/USD' })],
    markets,
  };
}

/** Accounts that hold so many options each and a perpetual. */
function bookOf(accounts: number, options: number): Book {
  const random = new Random(options);
  const book = ScenarioBook.fromJSON({ format: 'margin-kernel/book@1', ...market(), accounts: [] });
  const rows = accounts * (options + 1);
  const positions = {
    account: new Uint32Array(rows),
    market: new Uint32Array(rows),
    size: new Float64Array(rows),
    entry: new Float64Array(rows),
  };
  const all = EXPIRIES * STRIKES * 2;
  let p = 0;
  for (let a = 0; a < accounts; a++) {
    // Every account its own run of strikes: a step that shares no factor with their number meets each once.
    const start = random.int(0, all - 1);
    const step = random.pick([1, 3, 7, 9, 11, 13, 17, 19]);
    for (let i = 0; i <= options; i++, p++) {
      positions.account[p] = a;
      positions.market[p] = i === 0 ? 0 : 1 + ((start + i * step) % all);
      positions.size[p] = random.between(-20, 20);
      positions.entry[p] = i === 0 ? SPOT : 0;
    }
  }
  const balances = {
    account: Uint32Array.from({ length: accounts }, (_, a) => a),
    asset: new Uint32Array(accounts),
    amount: new Float64Array(accounts).fill(1e7),
  };
  book.addColumns({ accounts, model: 'pm', balances, positions });
  return book;
}

const each = (rounds: number, run: () => void): number[] => {
  const times: number[] = [];
  for (let round = -WARM_UP; round < rounds; round++) {
    if (round === 0) times.length = 0;
    times.push(timed(run));
  }
  return times;
};

/** @throws where a baseline does not give the kernel's requirements: its time would mean nothing */
function agree(name: string, book: Book, losses: Float64Array): void {
  const { initialMargin, notional } = margin(book);
  let worst = 0;
  for (let u = 0; u < losses.length; u++) {
    const off = Math.abs(losses[u]! - initialMargin[u]!) / (SPOT + notional[u]! + initialMargin[u]!);
    if (!(off <= TOLERANCE))
      throw new Error(`${name} disagrees: ${losses[u]} of unit ${u}, kernel ${initialMargin[u]}`);
    worst = Math.max(worst, off);
  }
  progress(`  ${name}: requirements as the kernel's, within ${worst.toExponential(0)}`);
}

function accountRows(options: number, accounts: number, rounds: number): Row[] {
  const book = bookOf(accounts, options);
  const label = `${accounts.toLocaleString('en')} accounts of ${options} options`;
  progress(`${NAME}: ${label}`);
  const typed = typedLosses(book);
  agree('typed arrays', book, typed.run());
  const repriced = repricedLosses(book, REPRICED);
  agree('repricing', book, repriced.run());
  const us = (times: readonly number[], count: number): number[] => times.map((ms) => (ms * 1e3) / count);
  const kernel = us(
    each(rounds, () => void margin(book)),
    accounts,
  );
  const plain = us(
    each(rounds, () => void typed.run()),
    accounts,
  );
  const naive = us(
    each(Math.min(rounds, 5), () => void repriced.run()),
    REPRICED,
  );
  return [
    {
      name: `${NAME}: ${label}, arrays warm`,
      median: median(kernel),
      unit: 'us an account',
      ratios: { typed: ratio(plain, kernel), naive: median(naive) / median(kernel) },
    },
    { name: `${NAME}: ${label}, plain typed arrays, warm`, median: median(plain), unit: 'us an account', ratios: {} },
    { name: `${NAME}: ${label}, repriced in JS`, median: median(naive), unit: 'us an account', ratios: {} },
  ];
}

function whatIfRow(options: number, rounds: number): Row {
  const book = bookOf(1, options);
  const what = whatIf(book, 0);
  const random = new Random(3);
  const markets = Uint32Array.from({ length: QUESTIONS }, () => random.int(0, book.markets - 1));
  const out = new Float64Array(2);
  const times = each(rounds, () => {
    for (let i = 0; i < QUESTIONS; i++) what.tryInto(markets[i]!, 1, out);
  });
  return {
    name: `${NAME}: what-if of an account of ${options} options`,
    median: (median(times) * 1e3) / QUESTIONS,
    unit: 'us a question',
    ratios: {},
  };
}

function arrayRow(rounds: number): Row {
  const book = bookOf(1, 10);
  const prices = [SPOT, SPOT * 1.001];
  let tick = 0;
  const times = each(rounds, () => {
    book.setPrice('BTC', prices[tick++ % 2]!);
    book.refresh();
  });
  const options = EXPIRIES * STRIKES * 2;
  return {
    name: `${NAME}: a tick, all risk arrays of ${options} options`,
    median: median(times),
    unit: 'ms',
    ratios: {},
  };
}

export const scenario: Group = {
  name: NAME,
  run: async ({ accounts, rounds }: Options) => [
    ...accountRows(10, SMALL, rounds),
    ...accountRows(80, SMALL, rounds),
    ...accountRows(80, Math.min(accounts, MOST_ACCOUNTS), Math.min(rounds, 7)),
    whatIfRow(10, rounds),
    whatIfRow(80, rounds),
    arrayRow(rounds),
  ],
};
