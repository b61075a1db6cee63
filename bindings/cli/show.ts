// What report and demo have in common: their options, and a report given out as text, JSON or page.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { BookBase } from '../book/book.js';
import { type Input, type Option, UsageError } from './command.js';
import { reasonOf } from './files.js';
import { reportJSON } from './json.js';
import type { Report } from './model.js';
import type { PriceColumns } from './prices.js';
import { Progress } from './progress.js';
import { type Reach, reachOf, solve } from './reach.js';
import { picturesOf } from './scenario/pictures.js';
import { pour, type Terminal } from './terminal.js';
import { reportText } from './text.js';

export const SHOW_OPTIONS: Record<string, Option> = {
  json: { help: 'machine output: one JSON object on stdout' },
  html: { value: 'file', help: 'also write a page with charts that needs nothing but itself' },
  top: { value: 'N', help: 'rows of each table (default 10); --json has all of them' },
};

/** Positions up to which a report on the terminal asks for their liquidation prices: a second or two. */
const MOST_SOLVED = 300_000;
/** Accounts that a page has pictures of. */
const MOST_PICTURES = 4;
export const MOST_ROWS = 1_000_000;
export const topOf = (input: Input): number => input.integer('top', 10, 0, MOST_ROWS);

const PIECE = 1 << 20;

/** Writes a file part by part. @throws UsageError where it can not be written */
export function save(path: string, parts: Iterable<string | Uint8Array>): void {
  let file: number | undefined;
  try {
    file = openSync(path, 'w');
    let piece = '';
    for (const part of parts) {
      if (typeof part !== 'string') {
        for (let at = 0; at < part.length; ) at += writeSync(file, part, at, Math.min(part.length - at, PIECE * 64));
        continue;
      }
      piece += part;
      if (piece.length < PIECE) continue;
      writeAll(file, piece);
      piece = '';
    }
    writeAll(file, piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** Gives a report out as the options say. @param extra - further keys of the JSON object */
export async function show(
  book: BookBase,
  report: Report,
  input: Input,
  terminal: Terminal,
  extra: Record<string, unknown> = {},
): Promise<void> {
  const quiet = input.flag('quiet');
  const html = input.text('html');
  const json = input.flag('json');
  const [reach, prices] =
    json || html !== undefined || report.size.positions <= MOST_SOLVED
      ? reachFor(book, report, json, terminal, quiet)
      : [null, null];
  if (html !== undefined) {
    // Charts and their document are two thirds of this program: loaded for those who ask for a page.
    const { page } = await import('./html/page.js');
    save(html, page(report, picturesOf(book, report.modelled.slice(0, MOST_PICTURES)), reach));
    if (!quiet) terminal.err.write(`wrote ${html}\n`);
  }
  if (json && reach && prices) {
    const progress = new Progress(terminal, quiet, 'writing accounts', report.size.accounts);
    await pour(
      terminal.out,
      reportJSON(book, report, prices, reach, extra, (done) => progress.at(done)),
    );
    progress.end(report.size.accounts);
    return;
  }
  await pour(terminal.out, reportText(report, reach, topOf(input), terminal));
}

/** @param all - the prices of units of models too, however many they are */
function reachFor(
  book: BookBase,
  { views }: Report,
  all: boolean,
  terminal: Terminal,
  quiet: boolean,
): [Reach, PriceColumns] {
  const progress = new Progress(terminal, quiet, 'solving margin units', book.units);
  const [prices, solved] = solve(book, all, (units) => progress.at(units));
  progress.end(book.units);
  return [reachOf(book, views.notional, prices, solved), prices];
}
