// Arrow tables of both libraries into accounts and columns of a book, and result columns back into tables of both.
import * as flechette from '@uwdata/flechette';
import * as apache from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { type ArrowTable, arrowTable, marginColumns, toAccounts, toColumns } from '../bindings/adapters/arrow.js';
import { reportRows, rowsTable } from '../bindings/adapters/rows.js';
import { Book, margin } from '../bindings/index.js';
import { refusedAt, refusedWith } from './refusal.js';

const brackets = [{ upTo: null, maintenanceRate: 0.01 }];
const parts = {
  format: 'margin-kernel/book@1' as const,
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 60_000 },
  ],
  markets: [{ id: 'BTC-PERP', kind: 'linear' as const, settle: 'USDT', mark: 60_000, brackets }],
};
const empty = (): Book => Book.fromJSON({ ...parts, accounts: [] });

/** Two's complement words of a decimal128. */
const words = (value: bigint): Uint32Array =>
  Uint32Array.from({ length: 4 }, (_, i) => Number(BigInt.asUintN(32, value >> BigInt(32 * i))));
const decimals = (values: bigint[], scale: number) =>
  apache.vectorFromArray(values.map(words), new apache.Decimal(scale, 38, 128));

/** The columns of one table as both libraries read them, flechette with and without bigint. */
const readers: [string, (columns: Record<string, apache.Vector>) => ArrowTable][] = [
  ['apache-arrow', (columns) => new apache.Table(columns as never) as unknown as ArrowTable],
  [
    'apache-arrow in chunks',
    (columns) => {
      const [batch] = new apache.Table(columns as never).batches;
      const rows = batch?.numRows ?? 0;
      const cut = Math.floor(rows / 2);
      return new apache.Table([batch?.slice(0, cut), batch?.slice(cut, rows)] as never) as unknown as ArrowTable;
    },
  ],
  ['flechette', (columns) => flechette.tableFromIPC(apache.tableToIPC(new apache.Table(columns as never)))],
  [
    'flechette with bigint',
    (columns) =>
      flechette.tableFromIPC(apache.tableToIPC(new apache.Table(columns as never)), {
        useBigInt: true,
        useDecimalInt: true,
      }),
  ],
];

describe.each(readers)('%s', (_, table) => {
  const float = (values: (number | null)[]) => apache.vectorFromArray(values, new apache.Float64());
  const balances = {
    account: apache.vectorFromArray(['b', 'a', 'a', 'c']),
    asset: apache.vectorFromArray(['USDT', 'USDT', 'BTC', 'USDT'], new apache.Utf8()),
    amount: float([2000.1, 5000, 0.1, -3]),
  };
  const positions = {
    account: apache.vectorFromArray(['a', 'b']),
    market: apache.vectorFromArray(['BTC-PERP', 'BTC-PERP']),
    size: apache.vectorFromArray([-0.5, 0.25], new apache.Float32()),
    entry: float([59_000, 61_000]),
  };

  it('is the same book as rows', () => {
    const rowsOf = (columns: Record<string, apache.Vector>) =>
      Array.from({ length: columns.account?.length ?? 0 }, (__, row) =>
        Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.get(row)])),
      );
    const book = empty();
    const tables = { balances: arrowTable(table(balances)), positions: arrowTable(table(positions)) };
    const { columns, gaps } = toColumns(tables, book);
    expect(gaps).toEqual([]);
    book.addColumns(columns);
    const rows = { balances: rowsTable(rowsOf(balances)), positions: rowsTable(rowsOf(positions)) };
    const byRows = Book.fromJSON({ ...parts, accounts: toAccounts(rows).accounts });
    expect(Buffer.from(book.encode()).equals(byRows.encode())).toBe(true);
    expect(toAccounts(tables).accounts.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  });

  it('has nulls that are gaps, or a default, and never 0', () => {
    const holed = {
      ...balances,
      amount: float([2000.1, null, 0.1, null]),
      asset: apache.vectorFromArray(['USDT', 'USDT', null, 'BTC']),
    };
    const { gaps, accounts } = toAccounts({ balances: arrowTable(table(holed)) });
    expect(gaps.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'missing-key table.amount[1]',
      'missing-key table.asset[2]',
      'missing-key table.amount[3]',
    ]);
    expect(accounts.map((account) => account.balances)).toEqual([{ USDT: 2000.1 }]);
    const columns = { amount: { default: '7.5' }, asset: { default: 'X' } };
    const filled = toAccounts({ balances: arrowTable(table(holed), { columns }) });
    expect(filled.accounts.map((account) => account.balances)).toEqual([
      { USDT: 2000.1 },
      { USDT: '7.5', X: 0.1 },
      { BTC: '7.5' },
    ]);
  });

  it('has 64-bit integers by a scale, never silently', () => {
    const amount = apache.vectorFromArray([150_000_001n, -2n, 0n, 9n], new apache.Int64());
    const bare = toAccounts({ balances: arrowTable(table({ ...balances, amount })) });
    expect(bare.gaps.map(({ code, path }) => `${code} ${path}`)).toEqual(
      [0, 1, 2, 3].map((row) => `type table.amount[${row}]`),
    );
    const scaled = arrowTable(table({ ...balances, amount }), { columns: { amount: { scale: 8 } } });
    expect(toAccounts({ balances: scaled }).accounts.map((account) => account.balances)).toEqual([
      { USDT: '1.50000001' },
      { USDT: '-0.00000002', BTC: '0' },
      { USDT: '0.00000009' },
    ]);
  });

  it('has ids that are numbers', () => {
    const account = apache.vectorFromArray([2n, 1n, 1n, 3n], new apache.Int64());
    const { accounts } = toAccounts({ balances: arrowTable(table({ ...balances, account })) });
    expect(accounts.map(({ id }) => id)).toEqual(['2', '1', '3']);
  });
});

describe('decimals', () => {
  const account = apache.vectorFromArray(['a', 'b', 'c']);
  const asset = apache.vectorFromArray(['USDT', 'USDT', 'USDT']);
  const values = [100n, -(10n ** 30n) - 1n, 250n];
  const columns = { account, asset, amount: decimals(values, 2) };
  const want = ['1', '-10000000000000000000000000000.01', '2.5'];

  it.each([readers[0]!, readers[3]!])('bring their own scale without loss: %s', (_, table) => {
    const { accounts, gaps } = toAccounts({ balances: arrowTable(table(columns)) });
    expect(gaps).toEqual([]);
    expect(accounts.map(({ balances }) => balances?.USDT)).toEqual(want);
    const other = { columns: { amount: { scale: 3 } } };
    expect(refusedAt(() => toAccounts({ balances: arrowTable(table(columns), other) }))).toBe(
      'conflict table.columns.amount.scale',
    );
  });

  it('are the doubles that flechette makes of them, where it is asked for none other', () => {
    const { accounts } = toAccounts({ balances: arrowTable(readers[2]![1](columns)) });
    expect(accounts.map(({ balances }) => balances?.USDT)).toEqual([1, Number(want[1]), 2.5]);
  });

  it.each([
    ['doubles', 18, {}],
    ['whole numbers', 18, { useDecimalInt: true }],
    ['doubles of 32 bits', 9, {}],
    ['whole numbers of 32 bits', 9, { useDecimalInt: true }],
  ])('keep their size where there are nulls among them: flechette with %s', (_, precision, options) => {
    const arrays = { account: ['a', 'b', 'c', 'd'], asset: Array(4).fill('USDT'), amount: [100, -2.25, null, 4] };
    const types = { amount: flechette.decimal(precision, 2, precision === 9 ? 32 : 128) };
    const bytes = flechette.tableToIPC(flechette.tableFromArrays(arrays, { types }), {}) as Uint8Array;
    const { accounts, gaps } = toAccounts({ balances: arrowTable(flechette.tableFromIPC(bytes, options)) });
    // What the library reads itself: its writer makes other numbers of 32 bits.
    const own = [...(flechette.tableFromIPC(bytes).getChild('amount')?.toArray() ?? [])].filter((x) => x !== null);
    expect(own[0]).toBe(precision === 9 ? 2 : 100);
    expect(accounts.map(({ balances }) => Number(balances?.USDT))).toEqual(own);
    expect(gaps.map(({ path }) => path)).toEqual(['table.amount[2]']);
  });

  it('of one word are whole numbers too', () => {
    const column = (type: object, values: ArrayLike<unknown>) => ({
      length: values.length,
      nullCount: 0,
      type,
      toArray: () => values,
      get: (row: number) => values[row],
    });
    const table: ArrowTable = {
      numRows: 3,
      getChild: (name) =>
        name === 'amount'
          ? column({ typeId: 7, scale: 1, bitWidth: 32 }, Int32Array.of(15, -20, 3))
          : name === 'account'
            ? column({}, ['a', 'b', 'c'])
            : name === 'asset'
              ? column({}, ['X', 'X', 'X'])
              : null,
    };
    const { accounts } = toAccounts({ balances: arrowTable(table) });
    expect(accounts.map(({ balances }) => balances?.X)).toEqual(['1.5', '-2', '0.3']);
  });
});

describe('what is no table', () => {
  const column = (values: ArrayLike<unknown>, more: object = {}) => ({
    length: values.length,
    nullCount: 0,
    toArray: () => values,
    get: (row: number) => values[row],
    ...more,
  });
  const of = (amount: object): ArrowTable => ({
    numRows: 1,
    getChild: (name) => (name === 'amount' ? amount : column(['a'])) as never,
  });
  const refused = (amount: object) =>
    refusedWith(() => toAccounts({ balances: arrowTable(of(amount), { path: 'B' }) }));

  it('is refused by name', () => {
    for (const none of [[], null, undefined, 5]) expect(refusedAt(() => arrowTable(none as never))).toBe('type table');
    const balances = () => of(column(Float64Array.of(1)));
    expect(refusedWith(() => arrowTable(balances(), { colums: {} } as never))).toMatchObject({
      path: 'options.colums',
      hint: 'Did you mean "columns"?',
    });
    expect(refusedAt(() => arrowTable(balances(), null as never))).toBe('type options');
    expect(refused(5 as never)).toMatchObject({ code: 'type', path: 'B.amount' });
    expect(refused(column([1], { toArray: () => null }))).toMatchObject({ code: 'range', path: 'B.amount' });
    const schema = { fields: [null] } as never;
    expect(arrowTable({ ...balances(), schema }).length).toBe(1);
    expect(refused({})).toMatchObject({ code: 'type', path: 'B.amount' });
    expect(refused(column([1, 2]))).toMatchObject({ code: 'range', path: 'B.amount', got: 2 });
    expect(refused(column(Uint16Array.of(15_360), { type: { typeId: 3, precision: 0 } }))).toMatchObject({
      code: 'type',
      path: 'B.amount',
    });
    const missing = refusedWith(() =>
      toAccounts({
        balances: arrowTable(apache.tableFromArrays({ account: ['a'], asset: ['b'], amout: [1] })),
      }),
    );
    expect(missing).toMatchObject({ code: 'missing-key', path: 'table.columns.amount' });
    expect(missing.hint).toContain('Did you mean "amout"?');
  });

  it('includes 64-bit integers that have lost their last digits', () => {
    // Days, times, timestamps, intervals and durations are numbers inside.
    for (const typeId of [8, 9, 10, 11, 18])
      expect(refused(column(Float64Array.of(86_400_000), { type: { typeId } }))).toMatchObject({
        code: 'type',
        path: 'B.amount',
        got: 'a column of dates or times',
      });
    const amount = column([2 ** 60], { type: { typeId: 2, bitWidth: 64 } });
    const table = arrowTable(of(amount), { columns: { amount: { scale: 0 } } });
    const { gaps } = toAccounts({ balances: table });
    expect(gaps[0]).toMatchObject({ code: 'inexact', hint: 'Read the table with useBigInt: true' });
  });
});

describe('dictionaries and runs', () => {
  const account = ['a', 'b'];
  const asset = ['USDT', 'USDT'];
  const read = (type: flechette.DataType, amount: unknown[], options = {}) => {
    const table = flechette.tableFromArrays({ account, asset, amount }, { types: { amount: type } });
    const bytes = flechette.tableToIPC(table, {}) as Uint8Array;
    return toAccounts({ balances: arrowTable(flechette.tableFromIPC(bytes, options)) });
  };
  it.each([
    ['dates in a dictionary', flechette.dictionary(flechette.timestamp()), [new Date(1), new Date(2)]],
    ['dates in runs', flechette.runEndEncoded(flechette.int32(), flechette.timestamp()), [new Date(1), new Date(2)]],
    ['decimals in a dictionary', flechette.dictionary(flechette.decimal(18, 2)), [1, 2]],
    ['half floats', flechette.float16(), [1, 2]],
  ])('are looked into: %s', (_, type, amount) => {
    expect(refusedAt(() => read(type, amount))).toBe('type table.amount');
  });
  it('hold whole numbers without a unit, too', () => {
    const { gaps } = read(flechette.dictionary(flechette.int64()), [1n, 2n]);
    expect(gaps.map(({ code, path }) => `${code} ${path}`)).toEqual(['type table.amount[0]', 'type table.amount[1]']);
  });
  it('say so where the library cannot give a value', () => {
    expect(refusedAt(() => read(flechette.uint64(), [2n ** 63n, 1n]))).toBe('inexact table.amount');
  });
});

describe('results', () => {
  it('are tables of both libraries', () => {
    const accounts = [
      { id: 'a', balances: { USDT: 100 }, positions: [{ market: 'BTC-PERP', size: 0.5, entry: 60_000 }] },
      { id: 'b', balances: { USDT: 5 }, buckets: [{ bucket: 3, balances: { USDT: -1 } }] },
    ];
    const book = Book.fromJSON({ ...parts, accounts });
    const columns = marginColumns(book, margin(book));
    book.deposit('a', 'USDT', 1000);
    margin(book); // the columns are owned
    expect(columns.account).toEqual(['a', 'b', 'b']);
    expect([...columns.bucket]).toEqual([0, 0, 3]);
    expect(columns.status).toEqual(['liquidatable', 'healthy', 'bankrupt']);
    expect([...columns.equity]).toEqual([100, 5, -1]);
    const rows = reportRows(columns);
    const bytes = apache.tableToIPC(apache.tableFromArrays(columns));
    const again = flechette.tableToIPC(flechette.tableFromArrays(columns), {});
    for (const table of [apache.tableFromIPC(bytes), apache.tableFromIPC(again as Uint8Array)]) {
      expect(table.toArray().map((row) => row?.toJSON())).toEqual(rows);
    }
    for (const table of [flechette.tableFromIPC(bytes), flechette.tableFromIPC(again as Uint8Array)]) {
      expect(table.toArray()).toEqual(rows);
    }
  });
});
