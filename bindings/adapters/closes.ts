// Daily closes as text (`Date;BTC-USD;ETH-USD;...`, one line a day) into columns by symbol. An empty cell is a day without a
// price. Comma, semicolon and tab are told apart by the header line; nothing is guessed beyond that.
import { isObject } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { Row } from '../venues/rows.js';

/** A table of daily closes, a column a symbol. */
export interface Closes {
  /** Days as YYYY-MM-DD, rising. */
  dates: string[];
  /** Symbols in file order, without the currency they are priced in: BTC, ETH, ... */
  symbols: string[];
  /** Close by symbol and day; NaN where the file has none. Ask with `closeOn`, which answers null instead. */
  prices: Float64Array[];
}

/** How a table of closes is read. */
export interface ClosesOptions {
  /** Currency behind the dash of a column (`BTC-USD`), taken off; default USD. */
  currency?: string;
  /** Names of the file that mean another symbol. Default: LUNA1, Yahoo's Terra Luna, is LUNA. SOL1 stays: it is not Solana. */
  aliases?: Record<string, string>;
  /** What to call the text in errors; default `closes`. */
  path?: string;
}

const ALIASES: Record<string, string> = { LUNA1: 'LUNA' };
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER = /^\d+(\.\d*)?([eE][+-]?\d+)?$/;

const cellsOf = (line: string, separator: string): string[] =>
  line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

function isDay(text: string): boolean {
  if (!DATE.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function headerOf(line: string, separator: string, path: string, options: ClosesOptions): string[] {
  const [first = '', ...names] = cellsOf(line, separator);
  if (!/^(date|day)$/i.test(first) || names.length === 0) {
    const expected = 'a first line like Date;BTC-USD;ETH-USD (separated by semicolon, comma or tab)';
    throw new MarginError('format', { path: `${path}, line 1`, got: line, expected });
  }
  const suffix = `-${options.currency ?? 'USD'}`;
  const aliases = options.aliases ?? ALIASES;
  const seen = new Set<string>();
  return names.map((name, i) => {
    const bare = name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
    const symbol = (Object.hasOwn(aliases, bare) ? aliases[bare] : undefined) ?? bare;
    const where = `${path}, line 1, column ${i + 2}`;
    if (symbol === '')
      throw new MarginError('format', { path: where, got: name, expected: 'a symbol such as BTC-USD' });
    if (seen.has(symbol)) throw new MarginError('duplicate', { path: where, got: name, expected: 'each symbol once' });
    seen.add(symbol);
    return symbol;
  });
}

/**
 * Reads a table of daily closes.
 * @throws MarginError format, type, range, duplicate, its path names the line and the column; unknown-key
 * @example
 * const closes = parseCloses('Date;BTC-USD\n2022-11-09;15880.78\n');
 * closeOn(closes, 'BTC', dayOf(closes, '2022-11-09')); // 15880.78
 */
export function parseCloses(text: string, options: ClosesOptions = {}): Closes {
  const said = new Row(options, 'options', ['currency', 'aliases', 'path']);
  const path = said.has('path') ? said.text('path') : 'closes';
  if (said.has('currency')) said.text('currency');
  const aliases = said.has('aliases') ? said.row('aliases') : undefined;
  for (const [name] of aliases?.entries() ?? []) aliases?.text(name);
  if (typeof text !== 'string') throw new MarginError('type', { path, got: text, expected: 'the text of a table' });
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1]?.trim() === '') lines.pop();
  const [header = '', ...rows] = lines;
  const separator = [';', '\t', ','].find((s) => header.includes(s)) ?? ';';
  const symbols = headerOf(header, separator, path, options);
  if (rows.length === 0) {
    throw new MarginError('format', { path, got: 'a header and no rows', expected: 'one line a day below the header' });
  }
  const dates: string[] = [];
  const prices = symbols.map(() => new Float64Array(rows.length).fill(Number.NaN));
  rows.forEach((line, row) => {
    const where = `${path}, line ${row + 2}`;
    const [date = '', ...cells] = cellsOf(line, separator);
    if (cells.length !== symbols.length) {
      const expected = `${symbols.length + 1} cells as in the header`;
      throw new MarginError('format', { path: where, got: `${cells.length + 1} cells`, expected });
    }
    if (!isDay(date)) throw new MarginError('type', { path: where, got: date, expected: 'a day as YYYY-MM-DD' });
    const before = dates[row - 1];
    if (before !== undefined && date <= before) {
      throw new MarginError(date === before ? 'duplicate' : 'range', {
        path: where,
        got: date,
        expected: `a day after ${before}`,
        hint: 'Sort the lines by day and keep one a day',
      });
    }
    dates.push(date);
    cells.forEach((cell, column) => {
      if (cell !== '') priceAt(prices, column, row, cell, `${where}, column ${symbols[column]}`);
    });
  });
  return { dates, symbols, prices };
}

function priceAt(prices: Float64Array[], column: number, row: number, cell: string, path: string): void {
  const price = NUMBER.test(cell) ? Number(cell) : Number.NaN;
  const expected = 'a price > 0, or an empty cell where there is none';
  if (Number.isNaN(price)) throw new MarginError('type', { path, got: cell, expected });
  if (!(price > 0) || price === Number.POSITIVE_INFINITY) throw new MarginError('range', { path, got: cell, expected });
  (prices[column] as Float64Array)[row] = price;
}

/** @throws MarginError type */
function checkCloses(closes: Closes): void {
  if (isObject(closes) && Array.isArray(closes.symbols) && Array.isArray(closes.dates) && Array.isArray(closes.prices))
    return;
  throw new MarginError('type', { path: 'closes', got: closes, expected: 'what parseCloses gives' });
}

/**
 * Close of a symbol on a day (row), or null where the file has none or does not know the symbol.
 * @throws MarginError type
 */
export function closeOn(closes: Closes, symbol: string, row: number): number | null {
  checkCloses(closes);
  const price = closes.prices[closes.symbols.indexOf(symbol)]?.[row];
  return price === undefined || Number.isNaN(price) ? null : price;
}

/**
 * Row of a day.
 * @throws MarginError range, which names the first and the last day of the file; type
 */
export function dayOf(closes: Closes, date: string): number {
  checkCloses(closes);
  const row = closes.dates.indexOf(date);
  if (row < 0) {
    const [first, last] = [closes.dates[0], closes.dates[closes.dates.length - 1]];
    const missing = typeof date === 'string' && isDay(date) && date > (first ?? '') && date < (last ?? '');
    throw new MarginError('range', {
      path: 'date',
      got: date,
      expected: `a day of the file as YYYY-MM-DD: the first is ${first}, the last is ${last}`,
      ...(missing ? { hint: 'The file has no line for this day' } : {}),
    });
  }
  return row;
}
