// Makes Parquet files of a venue, margins it, and writes the margin of every account as Parquet.
// node main.mjs [--accounts 10000] [--folder out]
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asyncBufferFromFile } from 'hyparquet';
import { margin } from 'margin-kernel';
import { gapsText } from 'margin-kernel/adapters/rows';
import { bookOf, marginParquet } from './margin-parquet.mjs';
import { SCALE, VENUE, writeSample } from './sample.mjs';

const { values } = parseArgs({ options: { accounts: { type: 'string' }, folder: { type: 'string' } } });
const accounts = Number(values.accounts ?? 10_000);
if (!Number.isInteger(accounts) || accounts < 1) {
  console.error(`--accounts takes a whole number above 0, not ${values.accounts}`);
  process.exit(2);
}
const folder = values.folder ?? fileURLToPath(new URL('out', import.meta.url));
mkdirSync(folder, { recursive: true });

/** @template T @param {string} what @param {() => T | Promise<T>} work */
async function timed(what, work) {
  const start = performance.now();
  const result = await work();
  console.log(`${what.padEnd(44)}${(performance.now() - start).toFixed(0).padStart(7)} ms`);
  return result;
}

const file = (/** @type {string} */ name) => join(folder, name);
await timed(`write balances and positions of ${accounts} accounts`, () => writeSample(folder, accounts));
const { book, gaps, incomplete } = await timed('read them into a book', async () =>
  bookOf(
    VENUE,
    await asyncBufferFromFile(file('balances.parquet')),
    await asyncBufferFromFile(file('positions.parquet')),
    SCALE,
  ),
);
if (gaps.length > 0) console.log(`${gapsText(gaps.slice(0, 10))}\nnot whole: ${incomplete.length} accounts`);
const risk = await timed('margin', () => margin(book));
const { liquidatable, totals } = risk;
const summary = `${book.accounts} accounts, equity ${totals.equity.toFixed(2)} USDT, ${liquidatable.length} liquidatable`;
await timed('write margin.parquet', () => writeFileSync(file('margin.parquet'), new Uint8Array(marginParquet(book))));
console.log(`${summary}; margin.parquet has ${statSync(file('margin.parquet')).size} bytes`);
