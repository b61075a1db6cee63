// What people type and paste: into an account, or a problem at its place with a way to mend it.
import { Book, MarginError } from 'margin-kernel/scenario';
import { describe, expect, it } from 'vitest';
import { adlPlace } from '../src/adl.ts';
import { accountFrom, type Draft, draftOf, type Problem, problemOf } from '../src/draft.ts';
import type { Driver } from '../src/drivers.ts';
import { atMost } from '../src/format.ts';
import { History } from '../src/history.ts';
import { spanAt, spansOf } from '../src/locate.ts';
import { readGrouped } from '../src/number.ts';
import { PasteProblem, readPaste } from '../src/paste.ts';
import { accountOf, bookOf, START } from '../src/state.ts';
import { worstOf } from '../src/view/headline.ts';
import { rounded } from '../src/view/prices.ts';

const account = accountOf(START);
const problemsOf = (change: (draft: Draft) => void): Problem[] => {
  const draft = draftOf(account);
  change(draft);
  const read = accountFrom(draft, account, START.venue);
  return Array.isArray(read) ? read : [];
};

describe('the tables', () => {
  it('give back the account that they were filled with, also what they do not show', () => {
    const full = {
      ...account,
      marginMultiplier: 2,
      orders: [{ market: 'BTC-PERP', side: 'buy' as const, size: 1, price: 50_000 }],
      positions: [{ market: 'BTC-PERP', size: -0.5, cost: -30_000, leverage: 10 }],
    };
    expect(accountFrom(draftOf(full), full, START.venue)).toEqual(full);
    expect(accountFrom(draftOf(account), account, START.venue)).toEqual(account);
  });

  it.each([
    ['1,000', 'Use 1000'],
    ['1,234.5', 'Use 1234.5'],
    ['1.234,5', 'Use 1234.5'],
    ['$ 12', 'Use 12'],
    ['0.5 BTC', 'Use 0.5'],
    ['-3', 'Use 3'],
  ])('a size of %s is mended: %s', (size, label) => {
    const [problem] = problemsOf(({ positions }) => Object.assign(positions[0] as object, { size }));
    expect(problem).toMatchObject({ table: 'positions', row: 0, field: 'size', mend: { label } });
  });

  it.each(['', 'much', '1e999', '--1', '0x10', '1e', '12abc3'])('a size of "%s" is refused without a guess', (size) => {
    const [problem] = problemsOf(({ positions }) => Object.assign(positions[0] as object, { size }));
    expect(problem).toMatchObject({ table: 'positions', row: 0, field: 'size' });
    expect(problem?.mend).toBeUndefined();
  });

  it.each([
    ['59,000.5', 59_000.5],
    ['1,234,567', 1_234_567],
    ['0.5', 0.5],
    [' 12 ', 12],
  ])('a field that shows thousands reads %s', (text, value) => {
    expect(readGrouped(text)).toBe(value);
  });

  it.each([
    ['58,5', 'Use 58.5'],
    ['59000,50', 'Use 59000.50'],
    ['0,5', 'Use 0.5'],
    ['1,2345', 'Use 12345'],
  ])('%s is not taken for another number: %s', (text, label) => {
    expect(readGrouped(text)).toMatchObject({ mend: { label } });
  });

  it('an entry may be missing for options only', () => {
    expect(problemsOf(({ positions }) => Object.assign(positions[0] as object, { entry: '' }))).toMatchObject([
      { field: 'entry', row: 0 },
    ]);
    expect(problemsOf(({ positions }) => Object.assign(positions[2] as object, { entry: '' }))).toEqual([]);
  });

  it('two rows of one market and margin are refused', () => {
    expect(problemsOf(({ positions }) => positions.push({ ...(positions[0] as Draft['positions'][0]) }))).toMatchObject(
      [{ field: 'market', row: 4 }],
    );
  });
});

it.each([
  [5577.24785, '5,577.24'],
  [999.9999999, '999.999999'],
  [1000.009, '1,000'],
  [0.12345678, '0.123456'],
  [39.19238095, '39.19238'],
  [0.29, '0.29'],
])('of %s there is at most %s', (x, text) => {
  expect(atMost(x)).toBe(text);
});

it.each([
  [1e-10, 0.0000111888, 0.0000111888],
  [1e-7, 0.01120004, 0.0112],
  [0.1, 0.30000000000000004, 0.3],
  [2.5, 58_251, 58_250],
  [0, 58_251.4567, 58_251.5],
])('on a tick of %s a price of %s is %s', (tick, price, shown) => {
  expect(rounded({ tick } as Driver, price)).toBe(shown);
});

it('the unit that has used most of its collateral is told first', () => {
  const unit = (marginRatio: number | null, maintenanceMargin: number) =>
    ({ marginRatio, maintenanceMargin }) as Parameters<typeof worstOf>[0][number];
  expect(worstOf([unit(0.5, 50), unit(0.7, 7)])).toBe(1);
  expect(worstOf([unit(0, 0), unit(null, 0)])).toBe(0);
  expect(worstOf([unit(0.9, 9), unit(null, 5)])).toBe(1);
});

describe('a place in a deleveraging queue', () => {
  const own = { size: 1, entry: 30_000, mark: 60_000, pnl: 30_000, notional: 60_000, margin: 1e5, maintenance: 300 };
  it.each(['okx', 'bitmex'] as const)('lights all lamps for the first, however large it is: %s', (rule) => {
    const large = { ...own, size: 400, pnl: 400 * own.pnl, notional: 400 * own.notional, margin: 400 * 30_100 };
    expect(adlPlace(rule, 'BTC-PERP', 60_000, large)).toMatchObject({ place: { rank: 1 }, lit: 5 });
    const last = adlPlace(rule, 'BTC-PERP', 60_000, { ...own, entry: 90_000, pnl: -30_000, size: 0.001 });
    expect([last.place.rank, last.lit]).toEqual([last.of, 1]);
  });
});

it('a refusal of the book is told at the row that it means', () => {
  const at = (path: string): Problem =>
    problemOf(new MarginError('range', { path, expected: 'less' }), draftOf(account), 0);
  expect(at('accounts[0].positions[1].entry')).toMatchObject({ table: 'positions', row: 1, field: 'entry' });
  expect(at('accounts[0].buckets[0].positions[0].size')).toMatchObject({ table: 'positions', row: 3, field: 'size' });
  expect(at('accounts[0].buckets[0].balances.USDT')).toMatchObject({ table: 'balances', row: 2, field: 'amount' });
  expect(at('accounts[1].positions[0].size')).toMatchObject({ row: -1 });
  expect(at('markets[0].mark').message).toBe('Expected less.');
});

describe('a paste', () => {
  const refusal = (text: string): PasteProblem => {
    try {
      readPaste(text, START);
    } catch (error) {
      if (error instanceof PasteProblem) return error;
      throw error;
    }
    throw new Error('was taken');
  };

  it('of an account replaces the one on view', () => {
    const { state, what } = readPaste('{ "balances": { "USDT": "10.5" } }', START);
    expect(accountOf(state)).toEqual({ id: 'me', balances: { USDT: '10.5' } });
    expect(what).toBe('an account of 0 positions');
  });

  it('of ccxt rows of which none can be read leaves the book as it is', () => {
    const row = { symbol: 'BTC/USDT:USDT', contracts: 1, side: 'long', entryPrice: 60_000 };
    expect(refusal(JSON.stringify([row])).message).toMatch(/^Not one position could be read\. .+/);
  });

  it('of ccxt rows that are all flat is an account without positions', () => {
    const row = { symbol: 'BTC/USDT:USDT', contracts: 0, side: 'long', markPrice: 60_000, marginMode: 'cross' };
    expect(accountOf(readPaste(JSON.stringify([row]), START).state).positions ?? []).toEqual([]);
  });

  it('nested without end is refused', () => {
    expect(refusal('['.repeat(12_000)).message).toContain('at most 100 levels');
  });

  it('of a book replaces the venue', () => {
    const { state } = readPaste(JSON.stringify({ ...bookOf(START), numeraire: 'EUR' }), {
      ...START,
      prices: { BTC: 1 },
    });
    expect(state).toMatchObject({ venue: { numeraire: 'EUR' }, prices: {} });
  });

  it('with a slip of the pen says where, and mends it', () => {
    const text = '{\n  "balances": { "USDT": 1 },\n  "positions": [{ "market": "BTC-PREP", "size": 1, "entry": 1 }]\n}';
    const problem = refusal(text);
    expect(text.slice(problem.start, problem.end)).toBe('"BTC-PREP"');
    expect(problem.message).toMatch(/^Line 3: positions\[0\]\.market: expected the id of a market/);
    expect(accountOf(readPaste(problem.mend?.text ?? '', START).state).positions?.[0]?.market).toBe('BTC-PERP');
  });

  it.each([
    ['{ "balance": {}, "positions": [] }', '"balance"'],
    ['{ "balances": { "USTD": 1 } }', '"USTD"'],
    ['{ "balances": {}, "positions": [{ "market": "BTC-PERP", "sise": 1, "entry": 1 }] }', '"sise"'],
  ])('%s is mended at its key', (text, key) => {
    const problem = refusal(text);
    expect(text.slice(0, problem.mend ? text.length : 0)).toContain(key);
    expect(problem.mend?.text).not.toContain(key);
  });

  it('that is not JSON says the line, and takes stray commas out', () => {
    const problem = refusal('{\n  "balances": {\n    "USDT": 1,\n  }\n}');
    expect(problem.message).toBe('Not JSON: line 4, column 3: a key in quotes was expected.');
    expect(readPaste(problem.mend?.text ?? '', START).state.accounts[0]).toMatchObject({ balances: { USDT: 1 } });
  });

  it.each(['[]', '3', '"x"', '{}', '[{}]'])('%s is told what would do', (text) => {
    expect(refusal(text).message).toContain('margin-kernel/book@1');
  });

  it('of ccxt becomes a book that the kernel takes, and says what it assumed', () => {
    const positions = [
      {
        symbol: 'BTC/USDT:USDT',
        contracts: 0.5,
        contractSize: 1,
        side: 'long',
        entryPrice: 58_000,
        markPrice: 60_000,
        marginMode: 'cross',
        unrealizedPnl: 1000,
      },
      {
        symbol: 'ETH/USDT:USDT',
        contracts: 10,
        contractSize: 1,
        side: 'short',
        entryPrice: 3_100,
        markPrice: 3_000,
        marginMode: 'isolated',
        collateral: 2000,
        unrealizedPnl: 1000,
      },
    ];
    const balance = { USDT: { free: 8000, used: 2000, total: 12_000 } };
    const { state, notes = [] } = readPaste(JSON.stringify({ venue: 'bybit', positions, balance }), START);
    Book.fromJSON(bookOf(state));
    expect(accountOf(state)).toMatchObject({
      balances: { USDT: '10000' },
      positions: [{ market: 'BTC/USDT:USDT', size: 0.5, entry: 58_000 }],
      buckets: [{ balances: { USDT: 2000 }, positions: [{ market: 'ETH/USDT:USDT', size: '-10' }] }],
    });
    expect(notes.join('\n')).toContain('bracket table');
    const bare = readPaste(JSON.stringify(positions.slice(0, 1)), START);
    expect(bare.notes?.join('\n')).toMatch(/fetchBalance/);
  });

  it('of ccxt with a row that lacks its mark leaves the row out and says so', () => {
    const { notes = [] } = readPaste(
      JSON.stringify([
        { symbol: 'BTC/USDT:USDT', contracts: 1, side: 'long', entryPrice: 1 },
        { symbol: 'ETH/USDT:USDT', contracts: 1, side: 'long', entryPrice: 1, markPrice: 1, marginMode: 'cross' },
      ]),
      START,
    );
    expect(notes.join('\n')).toContain('marks["BTC/USDT:USDT"]');
  });
});

it('spans of a JSON text are those of its values', () => {
  const text = '{ "a": [1, { "b c": "x\\"y" }], "d": null }';
  const spans = spansOf(text);
  const at = (path: string): string => text.slice(spans.get(path)?.start, spans.get(path)?.end);
  expect([at('a[0]'), at('a[1].b c'), at('d')]).toEqual(['1', '"x\\"y"', 'null']);
  expect(text.slice(spanAt(text, 'a[1].zzz')?.start, spanAt(text, 'a[1].zzz')?.end)).toBe('{ "b c": "x\\"y" }');
});

it('undo takes back a drag in one step, redo brings it again', () => {
  const history = new History(0);
  history.push(1, 'drag', 0);
  history.push(2, 'drag', 100);
  history.push(3, 'drag', 5000);
  expect(history.undo() && history.present).toBe(2);
  expect(history.undo() && history.present).toBe(0);
  expect(history.undo()).toBe(false);
  expect(history.redo() && history.present).toBe(2);
  history.push(9);
  expect(history.redo()).toBe(false);
});
