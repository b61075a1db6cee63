// Rows and CSV into accounts and columns of a book, and reports back: what is exact, what is reported, what is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvTable, csvText, parseCsv } from '../bindings/adapters/csv.js';
import { gapsText, marginColumns, reportRows, rowsTable, toAccounts, toColumns } from '../bindings/adapters/rows.js';
import { Book, margin } from '../bindings/index.js';
import { refusedAt, refusedWith } from './refusal.js';

const brackets = [{ upTo: null, maintenanceRate: 0.01 }];
const parts = {
  format: 'margin-kernel/book@1' as const,
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 60_000 },
  ],
  markets: [
    { id: 'BTC-PERP', kind: 'linear' as const, settle: 'USDT', mark: 60_000, brackets },
    { id: 'ETH-PERP', kind: 'linear' as const, settle: 'USDT', mark: 3_000, brackets },
  ],
};
const empty = (): Book => Book.fromJSON({ ...parts, accounts: [] });
const figures = (book: Book) => reportRows(marginColumns(book, margin(book)));

const balances = [
  { account: 'b', asset: 'USDT', amount: '2000.10' },
  { account: 'a', asset: 'USDT', amount: 5000 },
  { account: 'a', asset: 'BTC', amount: '0.1' },
];
const positions = [
  { account: 'a', market: 'ETH-PERP', size: '-2', entry: '2900.5' },
  { account: 'b', market: 'BTC-PERP', size: 0.01, entry: 61_000 },
  { account: 'a', market: 'BTC-PERP', size: '0.05', entry: 59_000 },
];

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 4584), numRuns: Number(process.env.FC_RUNS ?? 100) });

describe('rows', () => {
  const tables = () => ({ balances: rowsTable(balances), positions: rowsTable(positions) });

  it('are the same book by columns as by JSON', () => {
    const { accounts, gaps } = toAccounts(tables());
    expect(gaps).toEqual([]);
    expect(accounts[0]).toEqual({
      id: 'b',
      balances: { USDT: '2000.10' },
      positions: [{ market: 'BTC-PERP', size: 0.01, entry: 61_000 }],
    });
    const byJSON = Book.fromJSON({ ...parts, accounts });
    const byColumns = empty();
    const { columns } = toColumns(tables(), byColumns);
    expect(columns.ids).toEqual(['b', 'a']);
    byColumns.addColumns(columns);
    expect(figures(byColumns)).toEqual(figures(byJSON));
    expect(byColumns.encode()).toEqual(byJSON.encode());
  });

  it('keep decimals as they are written', () => {
    const amount = '123456789012345678901234567890.000000001';
    const { accounts } = toAccounts({ balances: rowsTable([{ account: 'a', asset: 'X', amount }]) });
    expect(accounts[0]?.balances).toEqual({ X: amount });
  });

  it('read smallest units by a scale, and have no bigint without one', () => {
    const rows = [{ account: 7n, asset: 'BTC', amount: -150_000_001n }];
    const scaled = rowsTable(rows, { columns: { amount: { scale: 8 } } });
    expect(toAccounts({ balances: scaled }).accounts).toEqual([
      { id: '7', balances: { BTC: '-1.50000001' }, positions: [] },
    ]);
    const { gaps, incomplete } = toAccounts({ balances: rowsTable(rows) });
    expect(gaps[0]).toMatchObject({ code: 'type', path: 'rows[0].amount', lost: 'row', account: '7' });
    expect(incomplete).toEqual(['7']);
    const half = rowsTable([{ account: 'a', asset: 'BTC', amount: 1.5 }], { columns: { amount: { scale: 2 } } });
    expect(toAccounts({ balances: half }).gaps[0]?.code).toBe('inexact');
  });

  it('do not take a cell for its default', () => {
    const columns = { amount: { scale: 2, default: 1 } };
    const rows = [
      { account: 'a', asset: 'X', amount: 1 },
      { account: 'b', asset: 'X', amount: null },
    ];
    const { accounts } = toAccounts({ balances: rowsTable(rows, { columns }) });
    expect(accounts.map((account) => account.balances)).toEqual([{ X: '0.01' }, { X: 1 }]);
  });

  it('have buckets, sides and terms by JSON only', () => {
    const rows = [
      { account: 'a', market: 'BTC-PERP', size: 1, entry: 1, side: 'long', bucket: 2 },
      { account: 'a', market: 'BTC-PERP', size: -1, entry: 1, side: 'short', bucket: 1 },
    ];
    const accounts = rowsTable([{ id: 'a', marginMultiplier: '1.5' }, { id: 'b' }], { path: 'accounts' });
    const read = toAccounts({ accounts, positions: rowsTable(rows) });
    expect(read.accounts).toEqual([
      {
        id: 'a',
        marginMultiplier: '1.5',
        balances: {},
        positions: [],
        buckets: [
          { bucket: 1, balances: {}, positions: [{ market: 'BTC-PERP', side: 'short', size: -1, entry: 1 }] },
          { bucket: 2, balances: {}, positions: [{ market: 'BTC-PERP', side: 'long', size: 1, entry: 1 }] },
        ],
      },
      { id: 'b', balances: {}, positions: [] },
    ]);
    const { gaps } = toColumns({ accounts, positions: rowsTable(rows) }, empty());
    expect(gaps.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'conflict accounts[0].marginMultiplier',
      'conflict rows[0].bucket',
      'conflict rows[1].bucket',
    ]);
  });

  it('name what is missing, row by row, or throw it', () => {
    const rows = [
      { account: 'a', market: 'BTC-PERP', size: '1', entry: '' },
      { account: 'a', market: 'BTC-PRP', size: '1', entry: 1 },
      { account: 'a', market: 'BTC-PERP', size: 'much', entry: 1 },
      { account: null, market: 'BTC-PERP', size: Number.NaN, entry: 1 },
      { account: 'a', market: 'BTC-PERP', size: Number.NaN, entry: 1 },
    ];
    const read = toColumns({ positions: rowsTable(rows, { path: 'P' }) }, empty());
    expect(read.gaps.map(({ code, path, account }) => [code, path, account])).toEqual([
      ['missing-key', 'P[0].entry', 'a'],
      ['unknown-id', 'P[1].market', 'a'],
      ['type', 'P[2].size', 'a'],
      ['missing-key', 'P[3].account', undefined],
      ['not-finite', 'P[4].size', 'a'],
    ]);
    expect(read.gaps[1]?.hint).toBe('Did you mean "BTC-PERP"?');
    expect(gapsText(read.gaps).split('\n')[0]).toMatch(/^row left out \(a\): missing-key at P\[0\]\.entry/);
    expect(read.columns.positions.market).toHaveLength(0);
    const strict = () => toColumns({ positions: rowsTable(rows, { path: 'P' }) }, empty(), { strict: true });
    expect(refusedAt(strict)).toBe('missing-key P[0].entry');
  });

  it('are refused where they are no tables, and where nobody reads them', () => {
    const wrong = (call: () => unknown) => {
      const { code, path, hint } = refusedWith(call);
      return [`${code} ${path}`, hint];
    };
    const wrap = 'Wrap it in rowsTable, csvTable or arrowTable';
    expect(wrong(() => toAccounts({ balances } as never))).toEqual(['type tables.balances', wrap]);
    expect(wrong(() => toColumns({ positions: 'a,b' } as never, empty()))).toEqual(['type tables.positions', wrap]);
    const misspelt = ['unknown-key tables.position', 'Did you mean "positions"?'];
    expect(wrong(() => toAccounts({ position: rowsTable(positions) } as never))).toEqual(misspelt);
    expect(wrong(() => toColumns({ position: rowsTable(positions) } as never, empty()))).toEqual(misspelt);
    for (const call of [toAccounts, toColumns] as unknown as (() => unknown)[])
      expect(refusedAt(() => call())).toBe('type tables');
    expect(refusedAt(() => toColumns(tables(), undefined as never))).toBe('type names');
    expect(refusedAt(() => toColumns(tables(), empty(), { model: 5 as never }))).toBe('type options.model');
    expect(wrong(() => toAccounts(tables(), { stric: true } as never))).toEqual([
      'unknown-key options.stric',
      'Did you mean "strict"?',
    ]);
    expect(refusedAt(() => toAccounts(tables(), { strict: 'yes' } as never))).toBe('type options.strict');
    expect(refusedAt(() => toColumns(tables(), empty(), null as never))).toBe('type options');
    expect(toAccounts({ ...tables(), accounts: undefined }).gapCount).toBe(0);
  });

  it('are refused with options that nobody reads, or of other kinds', () => {
    const of = (options: unknown) => refusedWith(() => rowsTable(balances, options as never));
    expect(of({ colums: {} })).toMatchObject({ path: 'options.colums', hint: 'Did you mean "columns"?' });
    expect(of(5)).toMatchObject({ code: 'type', path: 'options' });
    expect(of({ path: 5 })).toMatchObject({ code: 'type', path: 'options.path' });
    expect(of({ columns: 'amount' })).toMatchObject({ code: 'type', path: 'rows.columns' });
    const mapped = (amount: unknown) =>
      refusedAt(() => toAccounts({ balances: rowsTable(balances, { columns: { amount: amount as never } }) }));
    expect(mapped(5)).toBe('type rows.columns.amount');
    expect(mapped({ name: 5 })).toBe('type rows.columns.amount.name');
    expect(refusedAt(() => rowsTable('x' as never))).toBe('type rows');
  });

  it('are refused where results are none', () => {
    const book = empty();
    expect(refusedAt(() => marginColumns(undefined as never, margin(book)))).toBe('type book');
    expect(refusedAt(() => marginColumns(book, undefined as never))).toBe('type risk');
    expect(refusedAt(() => marginColumns(book, {} as never))).toBe('missing-key risk.status');
    expect(refusedAt(() => reportRows(undefined as never))).toBe('type columns');
    expect(refusedAt(() => reportRows({ a: null } as never))).toBe('type columns.a');
    expect(refusedAt(() => gapsText(undefined as never))).toBe('type gaps');
  });

  it('say once that a column is not there, and which are', () => {
    const bare = () => csvTable('account,market,size\na,BTC-PERP,1\nb,BTC-PERP,1\n');
    expect(refusedWith(() => toColumns({ positions: bare() }, empty()))).toMatchObject({
      code: 'missing-key',
      path: 'csv.columns.entry',
      expected: 'a column "entry" among account, market, size',
    });
    expect(refusedWith(() => toAccounts({ positions: bare() }))).toMatchObject({
      code: 'missing-key',
      path: 'csv.columns.entry',
      expected: 'a column "entry" or "cost" among account, market, size',
    });
    // Options need no entry, and a model.
    const accounts = rowsTable([{ id: 'a', model: 'pm' }, { id: 'b' }]);
    const read = toAccounts({ accounts, positions: bare() });
    expect(read.accounts[0]?.positions).toEqual([{ market: 'BTC-PERP', size: '1' }]);
    expect(read.incomplete).toEqual(['b']);
    const free = { columns: { cost: { default: 0 } } };
    const priced = toAccounts({ positions: csvTable('account,market,size\na,OPTION,1\n', free) });
    expect(priced.accounts[0]?.positions).toEqual([{ market: 'OPTION', size: '1', cost: 0 }]);
  });

  it('are gaps with their line where a book would refuse them', () => {
    const text = [
      'account,market,side,size,entry,cost,leverage,initialRate',
      'a,BTC-PERP,short,1,60000,,,',
      'b,BTC-PERP,long,-1,60000,,,',
      'c,BTC-PERP,,1,60000,60000,,',
      'd,BTC-PERP,,1,60000,,10,0.1',
      'e,BTC-PERP,,1,,,,',
      'f,BTC-PERP,,1,-5,,,',
      'g,BTC-PERP,,1,60000,,0,',
      'h,BTC-PERP,shrt,-1,60000,,,',
      'i,BTC-PERP,,0,,,,',
      'j,BTC-PERP,short,-1,60000,,10,',
    ].join('\n');
    const { accounts, gaps, incomplete } = toAccounts({ positions: csvTable(text) });
    expect(gaps.map(({ code, path, lost }) => `${code} ${path} ${lost}`)).toEqual([
      'conflict csv, line 2, column size row',
      'conflict csv, line 3, column size row',
      'conflict csv, line 4, column cost row',
      'conflict csv, line 5, column leverage row',
      'missing-key csv, line 6, column entry row',
      'range csv, line 7, column entry row',
      'range csv, line 8, column leverage row',
      'type csv, line 9, column side row',
    ]);
    expect(gaps.at(-1)?.hint).toBe('Did you mean "short"?');
    expect(incomplete.join('')).toBe('abcdefgh');
    expect(Book.fromJSON({ ...parts, accounts }).accounts).toBe(2);
    expect(refusedAt(() => toAccounts({ positions: csvTable(text) }, { strict: true }))).toBe(
      'conflict csv, line 2, column size',
    );
  });

  it('say each thing once', () => {
    const twice = [...balances, { account: 'a', asset: 'BTC', amount: 1 }];
    expect(toAccounts({ balances: rowsTable(twice) }).gaps[0]).toMatchObject({
      code: 'duplicate',
      path: 'rows[3].asset',
    });
    const accounts = rowsTable([{ id: 'a' }, { id: 'a' }], { path: 'accounts' });
    const { gaps } = toAccounts({ accounts, balances: rowsTable(balances) });
    expect(gaps.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'duplicate accounts[1].id',
      'unknown-id rows[0].account',
    ]);
  });

  it('keep a thousand gaps and count the rest', () => {
    const rows = Array.from({ length: 1500 }, (_, i) => ({ account: `a${i}`, asset: 'USDT', amount: 'x' }));
    const { gaps, gapCount, incomplete } = toAccounts({ balances: rowsTable(rows) });
    expect([gaps.length, gapCount, incomplete.length]).toEqual([1000, 1500, 1500]);
  });

  it('are refused where columns are not there, are others, or are no rows', () => {
    const of = (columns: object, rows: object[] = balances) =>
      refusedWith(() => toAccounts({ balances: rowsTable(rows, { columns: columns as never }) }));
    expect(of({ amount: 'amout' })).toMatchObject({ code: 'missing-key', path: 'rows.columns.amount' });
    expect(of({ amount: 'amout' }).hint).toContain('Did you mean "amount"?');
    expect(of({ amonut: 'amount' }).code).toBe('unknown-key');
    expect(of({ amount: { scale: 1.5 } })).toMatchObject({ code: 'range', path: 'rows.columns.amount.scale' });
    expect(of({ amount: { nam: 'x' } }).code).toBe('unknown-key');
    expect(refusedAt(() => rowsTable({} as never))).toBe('type rows');
    expect(refusedAt(() => rowsTable([null as never]))).toBe('type rows[0]');
    expect(toAccounts({ balances: rowsTable([]) }).accounts).toEqual([]);
  });

  it('may be called like what objects have anyway', () => {
    const rows = [{ account: '__proto__', asset: '__proto__', amount: 1 }];
    const [account] = toAccounts({ balances: rowsTable(rows) }).accounts;
    expect(Object.keys(account?.balances ?? {})).toEqual(['__proto__']);
    expect(
      refusedWith(() =>
        toAccounts({ balances: rowsTable([{ account: 'a', asset: 'b' }], { columns: { amount: 'toString' } }) }),
      ).code,
    ).toBe('missing-key');
  });
});

describe('CSV', () => {
  it.each([
    ['commas', 'a,b\n1,2\n'],
    ['semicolons', 'a;b\n1;2\n'],
    ['tabs', 'a\tb\n1\t2\n'],
    ['CRLF', 'a,b\r\n1,2\r\n'],
    ['CR', 'a,b\r1,2\r'],
    ['no last line end', 'a,b\n1,2'],
    ['a BOM', '\uFEFFa,b\n1,2\n'],
    ['empty lines', '\n\na,b\n\n1,2\n\n'],
    ['quotes', '"a","b"\n"1",2\n'],
  ])('has %s', (_, text) => {
    expect(parseCsv(text)).toMatchObject({ header: ['a', 'b'], rows: [['1', '2']] });
  });

  it('has separators, quotes and line ends inside quotes, and counts their lines', () => {
    const { rows, lines } = parseCsv('id,note\r\n1,"a ""b"", c\r\nd"\r\n2,\r\n3,""\r\n');
    expect(rows).toEqual([
      ['1', 'a "b", c\r\nd'],
      ['2', ''],
      ['3', ''],
    ]);
    expect(lines).toEqual([2, 4, 5]);
  });

  it.each([
    ['an open quote', 'a,b\n1,"2\n', 'syntax csv, line 2'],
    ['text behind a quote', 'a,b\n1,"2"3\n', 'syntax csv, line 2'],
    ['a quote inside', 'a,b\n1,2"3\n', 'syntax csv, line 2'],
    ['a short line', 'a,b\n"1\n",2\n3\n', 'format csv, line 4'],
    ['a long line', 'a,b\n1,2,3\n', 'format csv, line 2'],
    ['a name twice', 'a,a\n', 'duplicate csv, line 1, column 2'],
    ['no name', 'a,\n', 'format csv, line 1, column 2'],
    ['nothing', '', 'format csv'],
    ['no text', null as never, 'type csv'],
  ])('refuses %s', (_, text, at) => {
    expect(refusedAt(() => parseCsv(text))).toBe(at);
  });

  it('names the line of what is wrong', () => {
    const text = 'client;coin;qty\r\na;USDT;1000,50\r\nb;USDT;1.000,50\r\nc;USDT;\r\nd;USDT;1.234\r\ne;USDT;60.000\r\n';
    const columns = { account: 'client', asset: 'coin', amount: 'qty' };
    const table = csvTable(text, { decimal: ',', columns, path: 'balances.csv' });
    const { accounts, gaps } = toAccounts({ balances: table });
    expect(accounts).toEqual([{ id: 'a', balances: { USDT: '1000.50' }, positions: [] }]);
    expect(gaps.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'type balances.csv, line 3, column qty',
      'missing-key balances.csv, line 4, column qty',
      // A thousand for whoever wrote it.
      'type balances.csv, line 5, column qty',
      'type balances.csv, line 6, column qty',
    ]);
    // Without being told of the comma it is no number.
    expect(toAccounts({ balances: csvTable(text, { columns }) }).gapCount).toBe(3);
  });

  it('is the same book as rows', () => {
    const tables = {
      balances: csvTable(csvText(balances)),
      positions: csvTable(csvText(positions, { separator: ';' })),
    };
    const rows = { balances: rowsTable(balances), positions: rowsTable(positions) };
    const bytes = (of: typeof tables) => Book.fromJSON({ ...parts, accounts: toAccounts(of).accounts }).encode();
    expect(bytes(tables)).toEqual(bytes(rows));
  });

  it('reports margins that a spreadsheet does not run', () => {
    const accounts = [{ id: '=HYPERLINK("x")', balances: { USDT: -5 } }];
    const book = Book.fromJSON({ ...parts, accounts });
    const [header, line] = csvText(marginColumns(book, margin(book))).split('\r\n');
    expect(header).toMatch(/^account,bucket,status,equity,/);
    expect(line).toMatch(/^"'=HYPERLINK\(""x""\)",0,bankrupt,-5,/);
  });

  it('refuses options that it does not know, and of other kinds', () => {
    const of = (options: unknown) => refusedWith(() => csvTable('a,b\n1,2\n', options as never));
    expect(of({ decmal: ',' })).toMatchObject({ path: 'options.decmal', hint: 'Did you mean "decimal"?' });
    expect(of({ decimal: ';' })).toMatchObject({ code: 'type', path: 'options.decimal' });
    expect(of({ separator: '|' })).toMatchObject({ code: 'type', path: 'options.separator' });
    expect(of(null)).toMatchObject({ code: 'type', path: 'options' });
    expect(refusedAt(() => csvTable(5 as never))).toBe('type csv');
    expect(refusedAt(() => parseCsv('a', { decimal: ',' } as never))).toBe('unknown-key options.decimal');
    const text = (options: unknown) => refusedAt(() => csvText({ a: [1] }, options as never));
    expect(text({ seperator: ';' })).toBe('unknown-key options.seperator');
    expect(text({ newline: '\r' })).toBe('type options.newline');
    expect(text({ guard: 'no' })).toBe('type options.guard');
    expect(refusedAt(() => csvText(undefined as never))).toBe('type columns');
    expect(refusedAt(() => csvText([null as never]))).toBe('type rows[0]');
  });

  it('refuses what has no text', () => {
    expect(refusedAt(() => csvText({ a: [Number.NaN] }))).toBe('not-finite rows[0].a');
    expect(refusedAt(() => csvText([{ a: {} }]))).toBe('type rows[0].a');
    expect(refusedAt(() => csvText({ a: [1], b: [] }))).toBe('range columns.b');
  });

  const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[",;\t\r\n' =+@-]{0,6}$/));
  const separator = fc.constantFrom(',', ';', '\t');
  const newline = fc.constantFrom('\n', '\r\n');

  it('reads back what it writes', () => {
    const table = fc
      .tuple(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 4 }), fc.nat(6))
      .chain(([names, length]) =>
        fc.tuple(
          fc.constant(names),
          fc.array(fc.tuple(...names.map(() => fc.oneof(cell, fc.double({ noNaN: true, noDefaultInfinity: true })))), {
            minLength: length,
            maxLength: length,
          }),
        ),
      );
    fc.assert(
      fc.property(table, separator, newline, ([names, rows], sep, end) => {
        const objects = rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
        fc.pre(objects.length > 0);
        const text = csvText(objects, { guard: false, separator: sep, newline: end });
        const read = parseCsv(text, { separator: sep });
        expect(read.header).toEqual(names);
        for (const [i, row] of rows.entries()) {
          const back = read.rows[i]?.map((value, k) => (typeof row[k] === 'number' ? Number(value) + 0 : value));
          expect(back).toEqual(row.map((value) => (typeof value === 'number' ? value + 0 : value)));
        }
      }),
    );
  });

  it('never lets a text begin a formula', () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (texts) => {
        const { rows } = parseCsv(csvText({ a: texts, b: texts.map(() => 1) }), { separator: ',' });
        for (const [text = ''] of rows) if (!/^[+-][\d.]+$/.test(text)) expect(text).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });

  const amounts = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(12));

  it('takes balances through text and back without loss', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[A-Z]{3,5}$/), { minLength: 1 }),
        amounts,
        (assets, [units, scale]) => {
          const rows = assets.map((asset) => ({ account: 'a', asset, amount: units }));
          const columns = { amount: { scale } };
          const direct = toAccounts({ balances: rowsTable(rows, { columns }) });
          const byText = toAccounts({ balances: csvTable(csvText(rows), { columns }) });
          expect(byText).toEqual(direct);
          const again = csvText(
            assets.map((asset) => ({ account: 'a', asset, amount: direct.accounts[0]?.balances?.[asset] })),
            { guard: false },
          );
          expect(toAccounts({ balances: csvTable(again) }).accounts).toEqual(direct.accounts);
        },
      ),
    );
  });
});
