// The way through Parquet against the JSON door: the same bytes of a book, and the same bits of every figure.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { Book, margin } from 'margin-kernel';
import { bookOf, marginParquet } from '../margin-parquet.mjs';
import { parquetOf, rowsOf, SCALE, TYPES, VENUE } from '../sample.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
let passed = 0;
let failed = 0;

/** @param {string} name @param {() => void | Promise<void>} body */
async function test(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok  ${name}\n${error instanceof Error ? error.stack : error}`);
  }
}

/** Smallest units as decimal text, by hand. @param {bigint} units */
function decimal(units) {
  const digits = String(units < 0n ? -units : units).padStart(SCALE + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
}

/** The same rows through the JSON door, without an adapter. @param {ReturnType<typeof rowsOf>} rows */
function byJSON({ balances, positions }) {
  /** @type {Map<string, { id: string, balances: Record<string, string>, positions: object[] }>} */
  const accounts = new Map();
  const of = (/** @type {string} */ id) => {
    const account = accounts.get(id) ?? { id, balances: {}, positions: [] };
    accounts.set(id, account);
    return account;
  };
  for (const { account, asset, units } of balances) of(account).balances[asset] = decimal(units);
  for (const { account, ...position } of positions) of(account).positions.push(position);
  return Book.fromJSON(/** @type {any} */ ({ ...VENUE, accounts: [...accounts.values()] }));
}

/** @param {ReturnType<typeof rowsOf>} rows */
const byParquet = ({ balances, positions }) =>
  bookOf(VENUE, parquetOf(balances, TYPES.balances), parquetOf(positions, TYPES.positions), SCALE);

const FIGURES = /** @type {const} */ ([
  'equity',
  'collateral',
  'initialMargin',
  'maintenanceMargin',
  'endMargin',
  'notional',
]);

/** @param {Book} json @param {ArrayBuffer} file */
async function sameFigures(json, file) {
  const rows = await parquetReadObjects({ file });
  const risk = margin(json);
  assert.equal(rows.length, json.units);
  for (const [unit, row] of rows.entries()) {
    assert.equal(row.account, json.accountId(json.unitAccount(unit)));
    for (const name of FIGURES) assert.ok(Object.is(row[name], risk[name][unit]), `${row.account} ${name}`);
  }
}

await test('a venue of 2,000 accounts is the same book, and the same margins to the bit', async () => {
  const rows = rowsOf(2_000);
  const { book, gaps } = await byParquet(rows);
  assert.deepEqual(gaps, []);
  const json = byJSON(rows);
  assert.ok(Buffer.from(book.encode()).equals(json.encode()));
  await sameFigures(json, marginParquet(book));
});

await test('any rows in any order are', async () => {
  const account = fc.constantFrom('a', 'b', 'c', 'd', '', '0', '__proto__');
  const units = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const size = fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((x) => Math.abs(x) > 1e-9);
  const balances = fc.uniqueArray(fc.record({ account, asset: fc.constantFrom('USDT', 'BTC'), units }), {
    selector: (row) => `${row.account} ${row.asset}`,
    minLength: 1,
  });
  const entry = fc.double({ min: 1, max: 1e6, noNaN: true });
  const positions = fc.uniqueArray(
    fc.record({ account, market: fc.constantFrom('BTC-PERP', 'ETH-PERP'), size, entry }),
    {
      selector: (row) => `${row.account} ${row.market}`,
      minLength: 1,
    },
  );
  await fc.assert(
    fc.asyncProperty(balances, positions, async (someBalances, somePositions) => {
      // An id has to be a text that is not empty: the row is a gap.
      const whole = (/** @type {{ account: string }} */ row) => row.account !== '';
      const rows = { balances: someBalances, positions: somePositions };
      const { book, gapCount } = await byParquet(rows);
      assert.equal(gapCount, [...someBalances, ...somePositions].filter((row) => !whole(row)).length);
      const json = byJSON({ balances: someBalances.filter(whole), positions: somePositions.filter(whole) });
      assert.ok(Buffer.from(book.encode()).equals(json.encode()));
      await sameFigures(json, marginParquet(book));
    }),
    { numRuns: 100 },
  );
});

await test('nulls and unknown ids are gaps with their rows', async () => {
  const balances = [
    { account: 'a', asset: 'USDT', units: 100n },
    { account: 'a', asset: 'BTC', units: null },
    { account: 'b', asset: 'DOGE', units: 1n },
  ];
  const positions = [{ account: 'a', market: 'BTC-PERP', size: 1, entry: null }];
  const { gaps, incomplete } = await byParquet(/** @type {any} */ ({ balances, positions }));
  assert.deepEqual(
    gaps.map(({ code, path }) => `${code} ${path}`),
    [
      'missing-key balances.parquet[1].units',
      'unknown-id balances.parquet[2].asset',
      'missing-key positions.parquet[0].entry',
    ],
  );
  assert.deepEqual(incomplete, ['a', 'b']);
});

await test('the example writes what it says', async () => {
  const out = mkdtempSync(join(tmpdir(), 'parquet-'));
  try {
    const run = spawnSync(process.execPath, ['main.mjs', '--accounts', '500', '--folder', out], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stdout, /^500 accounts, equity [\d.-]+ USDT, \d+ liquidatable/m);
    const bytes = readFileSync(join(out, 'margin.parquet'));
    await sameFigures(byJSON(rowsOf(500)), bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  } finally {
    rmSync(out, { recursive: true });
  }
});

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
