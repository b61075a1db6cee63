// What ccxt says of an account, margined: liquidation prices and maintenance margin beside the venue's own, and what is missing.
// node report.mjs [file] [--size-from-notional]; without a network, from JSON as ccxt's unified methods give it.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as kernel from 'margin-kernel';
import { ccxtBook, compareVenue, gapsText } from 'margin-kernel/adapters/ccxt';

/** @param {string} text @returns {never} */
function refuse(text) {
  console.error(text);
  process.exit(2);
}
const { values, positionals } = (() => {
  try {
    return parseArgs({ allowPositionals: true, options: { 'size-from-notional': { type: 'boolean' } } });
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : error}\nnode report.mjs [file] [--size-from-notional]`);
  }
})();
const file = positionals[0] ?? new URL('sample/binance.json', import.meta.url);

// With a live exchange these are exchange.id, exchange.markets, and what fetchLeverageTiers, fetchPositions and fetchBalance give.
const { converted, book } = (() => {
  try {
    const sources = JSON.parse(readFileSync(file, 'utf8'));
    const read = ccxtBook({ ...sources, sizeFromNotional: values['size-from-notional'] ?? false });
    return { converted: read, book: kernel.Book.fromJSON(read.book) };
  } catch (error) {
    return refuse(`${file}: ${error instanceof Error ? error.message : error}`);
  }
})();

/** @param {number | null} value @param {number} [digits] */
const money = (value, digits = 2) =>
  value === null
    ? '-'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: value < 1 ? 6 : digits });
/** @param {number | null} value */
const share = (value) => (value === null ? '-' : `${(100 * value).toFixed(3)} %`);
/** @param {string[]} cells */
const line = (cells) => cells.map((cell, i) => (i < 3 ? cell.padEnd([20, 6, 9][i] ?? 0) : cell.padStart(13))).join('');

console.log(line(['position', 'side', 'bucket', 'liquidation', 'venue says', 'off by', 'maintenance', 'venue says']));
for (const { market, side, bucket, ours, venue, difference } of compareVenue(converted, book, kernel)) {
  const cells = [
    money(ours.liquidationPrice),
    money(venue.liquidationPrice),
    share(difference.liquidationPrice),
    money(ours.maintenanceMargin),
    money(venue.maintenanceMargin),
  ];
  console.log(line([market, side, bucket === 0 ? 'cross' : `isolated ${bucket}`, ...cells]));
}

const risk = kernel.margin(book);
console.log(`\nequity ${money(risk.totals.equity)} ${book.numeraire}, ${risk.liquidatable.length} liquidatable`);
if (converted.gaps.length > 0) {
  console.log(`\nNot whole: ${converted.incomplete.join(', ') || 'none'}`);
  console.log(gapsText(converted.gaps));
}
