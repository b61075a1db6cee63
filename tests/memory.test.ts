// What a book costs: bytes a row in its layout and in a book of 100,000 accounts, no allocation in a scan, and views that
// are new after growth and only then.
import { execFileSync } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { accountMargin, Book, type Margin, margin, marginInto } from '../bindings/index.js';
import { bytesOf, layout, type Section, sections } from '../bindings/layout.js';
import type { BookBase, MarketJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';

const rowBytes = (section: Section): number => Object.values(layout[section]).reduce((sum, c) => sum + bytesOf(c), 0);

const ACCOUNTS = 100_000;
const POSITIONS = 8;

const market = (i: number): MarketJSON => ({
  id: `M${i}`,
  kind: 'linear',
  settle: 'USDT',
  mark: 100 + i,
  brackets: [
    { upTo: 1e6, maintenanceRate: 0.01, initialRate: 0.02 },
    { upTo: null, maintenanceRate: 0.02, initialRate: 0.04 },
  ],
});

/** One balance and eight positions an account, from columns. */
function exchange(Door: typeof Book | typeof ReferenceBook, accounts: number): BookBase {
  const rows = accounts * POSITIONS;
  const book = Door.create({ reserve: { accounts, balances: accounts, positions: rows } });
  book.addAsset({ id: 'USDT', price: 1 });
  for (let i = 0; i < POSITIONS; i++) book.addMarket(market(i));
  book.addColumns({
    accounts,
    balances: {
      account: Uint32Array.from({ length: accounts }, (_, i) => i),
      asset: new Uint32Array(accounts),
      amount: new Float64Array(accounts).fill(1000),
    },
    positions: {
      account: Uint32Array.from({ length: rows }, (_, i) => Math.floor(i / POSITIONS)),
      market: Uint32Array.from({ length: rows }, (_, i) => i % POSITIONS),
      size: Float64Array.from({ length: rows }, (_, i) => (i % 3) - 1),
      entry: new Float64Array(rows).fill(100),
    },
  });
  return book;
}

describe('bytes', () => {
  it('a position row takes at most 48, a margin unit with its account and one balance at most 192', () => {
    expect(rowBytes('position')).toBeLessThanOrEqual(48);
    expect(rowBytes('unit') + rowBytes('account') + rowBytes('balance')).toBeLessThanOrEqual(192);
  });

  it(`a book of ${ACCOUNTS} accounts takes that and no more than a hundredth beside`, () => {
    const book = exchange(Book, ACCOUNTS);
    const rows =
      ACCOUNTS * (rowBytes('account') + rowBytes('unit') + rowBytes('balance') + POSITIONS * rowBytes('position'));
    const small = exchange(Book, 1).store.bytes;
    const { columns, memory } = book.store.bytes;
    expect(columns).toBeGreaterThanOrEqual(rows);
    expect(columns).toBeLessThanOrEqual(1.01 * rows + small.columns);
    // Reserved at once, so nothing was moved and nothing is left behind.
    expect(memory).toBeLessThanOrEqual(1.01 * rows + small.memory);
    expect(columns / ACCOUNTS).toBeLessThanOrEqual(192 + POSITIONS * 48);
    expect(book.store.room('position')).toBe(ACCOUNTS * POSITIONS);
    expect(margin(book).equity).toHaveLength(ACCOUNTS);
  });

  it('growth leaves holes that are used again', () => {
    const book = Book.create();
    book.addAsset({ id: 'USDT', price: 1 });
    for (let i = 0; i < POSITIONS; i++) book.addMarket(market(i));
    for (let a = 0; a < 20_000; a++) {
      const positions = [{ market: `M${a % POSITIONS}`, size: 1, entry: 100 }];
      book.addAccount({ id: `${a}`, balances: { USDT: 1 }, positions });
    }
    const { columns, memory } = book.store.bytes;
    // Each section grows by half; what it left behind takes a section that is smaller.
    expect(memory).toBeLessThanOrEqual(3 * columns);
    expect(columns).toBeLessThanOrEqual(
      1.6 * 20_000 * sections.filter((s) => book.store.count(s) >= 20_000).reduce((sum, s) => sum + rowBytes(s), 0),
    );
  });
});

/** Garbage collection by hand, which a worker of the test runner does not expose. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

describe('a scan', () => {
  const gc = collector();

  /** What the engine boxes when it hands numbers from function to function; an object of one field more would be seen. */
  const FOUR_NUMBERS = 4 * 16;

  it('allocates nothing, nor does a pre-trade check, in a plain book and in one with every feature', () => {
    const flags = ['--expose-gc', '--single-threaded'];
    const program = ['scripts/run.mjs', 'tests/allocation.ts'];
    const { plain, features } = JSON.parse(
      execFileSync(process.execPath, [...flags, ...program], { encoding: 'utf8' }),
    );
    for (const bytes of [plain.scan, plain.check, features.scan, features.check])
      expect(bytes).toBeLessThan(FOUR_NUMBERS);
  });

  it('after a tick of a price keeps nothing', () => {
    const book = exchange(Book, 100);
    const into = { equity: new Float64Array(100) };
    let mark = 100;
    const tick = (): void => {
      mark = 201 - mark;
      book.setMark(0, mark);
      marginInto(book, into);
    };
    for (let i = 0; i < 2000; i++) tick();
    // The least of several rounds: a compiler that finishes in one of them keeps its code there.
    const kept = Array.from({ length: 4 }, () => {
      gc();
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < 5000; i++) tick();
      gc();
      return process.memoryUsage().heapUsed - before;
    });
    expect(Math.min(...kept)).toBeLessThan(25_000);
  });
});

describe('views', () => {
  const columnsOf = (m: Margin): Float64Array[] => [
    m.equity,
    m.collateral,
    m.initialMargin,
    m.maintenanceMargin,
    m.endMargin,
    m.notional,
  ];

  it.each([
    ['wasm', Book],
    ['reference', ReferenceBook],
  ] as const)('are renewed by growth and stay where nothing grew (%s)', (_name, Door) => {
    const book = exchange(Door, 10);
    const before = book.store.columns;
    const risk = margin(book);
    const copy = risk.copy();
    expect(margin(book).equity.buffer === risk.equity.buffer).toBe(true);
    book.deposit(0, 'USDT', 5);
    book.fill(0, { market: 'M0', size: 1, price: 100 });
    book.setMark('M0', 101);
    book.setMark('M0', 100);
    expect(book.store.columns === before).toBe(true);

    // A balance more: the unit has to move, and the section with it.
    book.addAsset({ id: 'BTC', price: 3 });
    book.deposit(0, 'BTC', 7);
    for (let i = 0; i < 3000; i++) book.addAccount({ id: `late ${i}`, balances: { USDT: i } });
    expect(book.store.columns === before).toBe(false);
    expect(before.unit.equity.buffer === book.store.columns.unit.equity.buffer).toBe(false);
    // The old views are detached or old, the new ones hold everything.
    const now = margin(book);
    for (const column of columnsOf(now)) expect(column).toHaveLength(3010);
    expect(now.equity[3009]).toBe(2999);
    expect(now.equity[1]).toBe(copy.equity[1]);
    expect(now.equity[0]).toBe(accountMargin(book, 0).equity);
    for (const view of Object.values(book.store.columns.unit))
      expect(view.buffer === book.store.engine.buffer).toBe(true);
    // What was copied is the caller's.
    expect(copy.equity).toHaveLength(10);
    expect(copy.totals.equity).toBe(copy.equity.reduce((sum, x) => sum + x, 0));
  });

  it('are as long as the book, also where it gains units without growth', () => {
    const book = Book.create({ reserve: { accounts: 10 } });
    for (let i = 0; i < 3; i++) {
      book.addAccount({ id: `${i}` });
      expect(margin(book).equity).toHaveLength(i + 1);
    }
  });

  it('one book’s memory is its own', () => {
    const [a, b] = [exchange(Book, 3), exchange(Book, 3)];
    a.setMark('M0', 500);
    expect(margin(b).equity[1]).not.toBe(margin(a).equity[1]);
    expect(a.store.engine.buffer === b.store.engine.buffer).toBe(false);
  });
});
