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

/** A file is made in memory. */
const MOST = 5_000_000;

/** @param {string} text @returns {never} */
function usage(text) {
  console.error(`${text}\nnode main.mjs [--accounts 10000] [--folder out]`);
  process.exit(2);
}
const values = (() => {
  try {
    return parseArgs({ options: { accounts: { type: 'string' }, folder: { type: 'string' } } }).values;
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
})();
const accounts = Number(values.accounts ?? 10_000);
if (!Number.isInteger(accounts) || accounts < 1 || accounts > MOST)
  usage(`--accounts takes a whole number from 1 to ${MOST}, not ${values.accounts}`);
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
