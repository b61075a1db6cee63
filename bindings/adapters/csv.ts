// CSV (RFC 4180, and what spreadsheets make of it) as accounts or columns of a book, and reports back as CSV. A parser of its
// own, as the package has no dependencies; what is read and reported: docs/adapters.md.

import { type ReportColumns, reportRows } from '../cells/report.js';
import { type Cells, type Mapping, readerOptions, Table } from '../cells/table.js';
import { MarginError } from '../errors.js';
import { Row, rowsOf } from '../venues/rows.js';

export { toAccounts } from '../cells/accounts.js';
export { type Names, toColumns } from '../cells/columns.js';
export { type Gap, gapsText, type Lost } from '../cells/gaps.js';
export type { Missing, TableOptions, Tables } from '../cells/holdings.js';
export { type MarginReport, marginColumns, type ReportColumns, reportRows, type Units } from '../cells/report.js';
export type { Column, Mapping, Table } from '../cells/table.js';

/** What stands between two cells. */
export type Separator = ',' | ';' | '\t';

/** What a text is called, and how it is written. */
export interface CsvOptions {
  /** What to call the text in errors; default `csv`. */
  path?: string | undefined;
  /** Default: the one of comma, semicolon and tab that the header line has most of. */
  separator?: Separator | undefined;
  /** `,` where numbers are written 1,5, as spreadsheets of many countries do; default `.`. */
  decimal?: '.' | ',' | undefined;
  /** Names of the header, where they are others. */
  columns?: Mapping | undefined;
}

/** Lines of a text taken apart. */
export interface CsvLines {
  /** Names of the first line. */
  header: string[];
  /** Cells of each line behind it, as text. */
  rows: string[][];
  /** Number of the line that each row starts in; the first of a text is 1. */
  lines: number[];
}

const DECIMALS = ['.', ','] as const;
const NEWLINES = ['\r\n', '\n'] as const;
const SEPARATORS: readonly Separator[] = [',', ';', '\t'];

/** The separator that the first line has most of, outside quotes. */
function separatorOf(text: string): Separator {
  const counts = new Map<string, number>(SEPARATORS.map((one) => [one, 0]));
  let quoted = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    else if (!quoted && (letter === '\n' || letter === '\r')) break;
    else if (!quoted) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  return SEPARATORS.reduce((best, one) => ((counts.get(one) ?? 0) > (counts.get(best) ?? 0) ? one : best));
}

/**
 * Records of a text, one after the other, with the line that each starts in. Empty lines are none.
 * @throws MarginError syntax
 */
function* records(text: string, separator: string, path: string): Generator<{ cells: string[]; line: number }> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const start = line;
    const cells: string[] = [];
    const blank = text[at] === '\n' || text[at] === '\r';
    let more = true;
    while (more) {
      let cell: string;
      if (text[at] === '"') {
        [cell, at] = quoted(text, at, `${path}, line ${start}`);
        for (const letter of cell.replace(/\r\n?/g, '\n')) if (letter === '\n') line++;
        const next = text[at];
        if (next !== undefined && next !== separator && next !== '\n' && next !== '\r') {
          const expected = 'a separator or the end of the line behind a closing quote';
          throw new MarginError('syntax', { path: `${path}, line ${line}`, got: text.slice(at, at + 20), expected });
        }
      } else {
        const from = at;
        while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++;
        cell = text.slice(from, at);
        if (cell.includes('"')) {
          const hint = 'Put the whole cell in quotes, and write each quote in it twice';
          throw new MarginError('syntax', {
            path: `${path}, line ${line}`,
            got: cell,
            expected: 'no quote inside',
            hint,
          });
        }
      }
      cells.push(cell);
      more = text[at] === separator;
      if (more) at++;
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    if (at < text.length) at++;
    line++;
    if (!blank) yield { cells, line: start };
  }
}

/** A quoted cell and where it ends. @throws MarginError syntax */
function quoted(text: string, from: number, path: string): [cell: string, end: number] {
  let end = from + 1;
  for (;;) {
    const quote = text.indexOf('"', end);
    if (quote < 0) {
      throw new MarginError('syntax', {
        path,
        got: text.slice(from, from + 20),
        expected: 'a closing quote before the end',
      });
    }
    if (text[quote + 1] !== '"') return [text.slice(from + 1, quote).replaceAll('""', '"'), quote + 1];
    end = quote + 2;
  }
}

/**
 * Takes a text apart: RFC 4180 quotes, CRLF or LF, a BOM, comma, semicolon or tab. Spaces belong to the cells.
 * @throws MarginError syntax, format, duplicate; the path names the line; type, unknown-key
 * @example
 * parseCsv('a;b\r\n1;"x;y"\r\n').rows // [['1', 'x;y']]
 */
export function parseCsv(text: string, options: Pick<CsvOptions, 'path' | 'separator'> = {}): CsvLines {
  const said = new Row(options, 'options', ['path', 'separator']);
  return linesOf(text, said.has('path') ? said.text('path') : 'csv', separatorIn(said));
}

/** What stands between cells, where the caller says it. @throws MarginError type */
function separatorIn(said: Row): Separator | undefined {
  if (!said.has('separator')) return undefined;
  const got = said.raw('separator');
  if ((SEPARATORS as readonly unknown[]).includes(got)) return got as Separator;
  throw new MarginError('type', { path: said.at('separator'), got, expected: 'a comma, a semicolon or a tab' });
}

function linesOf(text: string, path: string, separator: Separator | undefined): CsvLines {
  if (typeof text !== 'string') throw new MarginError('type', { path, got: text, expected: 'a text' });
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const all = records(bare, separator ?? separatorOf(bare), path);
  const first = all.next();
  if (first.done) throw new MarginError('format', { path, got: 'an empty text', expected: 'a header line' });
  const header = first.value.cells;
  for (const [column, name] of header.entries()) {
    const where = `${path}, line ${first.value.line}, column ${column + 1}`;
    if (name.trim() === '') throw new MarginError('format', { path: where, got: name, expected: 'a name' });
    if (header.indexOf(name) < column)
      throw new MarginError('duplicate', { path: where, got: name, expected: 'each name once' });
  }
  const rows: string[][] = [];
  const lines: number[] = [];
  for (const { cells, line } of all) {
    if (cells.length !== header.length) {
      throw new MarginError('format', {
        path: `${path}, line ${line}`,
        got: `${cells.length} cells`,
        expected: `${header.length}, as in the header`,
        hint: 'A separator inside a cell needs quotes around the cell',
      });
    }
    rows.push(cells);
    lines.push(line);
  }
  return { header, rows, lines };
}

/**
 * A CSV text with a header line as a table. Decimals stay as exact as they are written.
 * @throws MarginError syntax, format, duplicate; the path names the line; type, unknown-key
 * @example
 * csvTable('client;coin;amount\r\na;USDT;1000,50\r\n', { decimal: ',', columns: { account: 'client', asset: 'coin' } })
 */
export function csvTable(text: string, options: CsvOptions = {}): Table {
  const { path, columns, said } = readerOptions(options, 'csv', ['separator', 'decimal']);
  const decimal = said.word('decimal', DECIMALS, '.');
  const { header, rows, lines } = linesOf(text, path, separatorIn(said));
  const places = new Map(header.map((name, place) => [name, place]));
  const cells: Cells = {
    length: rows.length,
    names: header,
    has: (name) => places.has(name),
    cell: (name, row) => rows[row]?.[places.get(name) ?? -1],
    at: (name, row) => `${path}, line ${lines[row]}, column ${name}`,
    comma: decimal === ',',
  };
  return new Table(cells, path, columns);
}

/** How a report is written. */
export interface CsvTextOptions {
  /** Default comma. */
  separator?: Separator | undefined;
  /** Line end; default CRLF, as RFC 4180 says. */
  newline?: '\r\n' | '\n' | undefined;
  /**
   * Puts an apostrophe before texts that a spreadsheet would run as a formula (they begin with `=`, `+`, `-`, `@`, tab or CR);
   * default true, as ids are often typed by strangers. Numbers and decimal texts are never touched. false for exchange between
   * programs.
   */
  guard?: boolean | undefined;
}

/** What a spreadsheet takes for the start of a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;
/** A negative amount is not one, whether it is written as a number or as decimal text. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Columns, or rows of plain objects, as CSV with a header line.
 * @param table - columns of one length, or rows with the same keys each
 * @returns text; numbers in the shortest form that reads back to the same double, nothing for null
 * @throws MarginError range where lengths differ, not-finite, type, unknown-key
 * @example
 * csvText({ account: ['=a'], equity: Float64Array.of(-1.5) }) // "account,equity\r\n'=a,-1.5\r\n"
 */
export function csvText(table: ReportColumns | readonly object[], options: CsvTextOptions = {}): string {
  const said = new Row(options, 'options', ['separator', 'newline', 'guard']);
  const separator = separatorIn(said) ?? ',';
  const newline = said.word('newline', NEWLINES, '\r\n');
  const guard = said.flag('guard', true);
  if (Array.isArray(table)) rowsOf(table, 'rows');
  const rows = (Array.isArray(table) ? table : reportRows(table as ReportColumns)) as readonly Record<
    string,
    unknown
  >[];
  const names = Array.isArray(table) ? [...new Set(rows.flatMap((row) => Object.keys(row)))] : Object.keys(table);
  const quote = (text: string): string =>
    text === '' || /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
  const cell = (value: unknown, path: string): string => {
    if (value === undefined || value === null) return '';
    if (typeof value === 'string')
      return quote(guard && FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value);
    if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
    if (typeof value !== 'number') throw new MarginError('type', { path, got: value, expected: 'a text or a number' });
    if (Number.isFinite(value)) return String(value);
    throw new MarginError('not-finite', { path, got: value, expected: 'a finite number, or null for none' });
  };
  const lines = [names.map((name) => cell(name, 'header')).join(separator)];
  for (const [i, row] of rows.entries()) {
    // A line with nothing in it would be no row.
    lines.push(names.map((name) => cell(row[name], `rows[${i}].${name}`)).join(separator) || '""');
  }
  return lines.map((line) => line + newline).join('');
}
