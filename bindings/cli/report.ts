// `report <book>`: margins a book and says who stands where.

import { collect } from './collect.js';
import type { Command, ExitCode, Input } from './command.js';
import { hasFinding } from './json.js';
import { readBook } from './read-book.js';
import { MODEL_OPTIONS } from './scenario/choose.js';
import { SHOW_OPTIONS, show, topOf } from './show.js';
import type { Terminal } from './terminal.js';

export const report: Command = {
  name: 'report',
  summary: 'Margins a book: house totals, accounts by status, the riskiest, exposure, who is to be liquidated.',
  operands: ['book'],
  options: { ...SHOW_OPTIONS, ...MODEL_OPTIONS },
  notes: [
    '<book> is a JSON file (margin-kernel/book@1) or a binary one (book.encode()); - reads stdin.',
    'Exit status: 0 nothing to liquidate, 1 something is liquidatable, 2 bad input.',
  ],
  examples: [
    'report book.json',
    'report book.mkb --top 50 --html report.html',
    'report book.json --json | jq .liquidatable',
  ],
  async run(input: Input, terminal: Terminal): Promise<ExitCode> {
    const path = input.operands[0] as string;
    const top = topOf(input);
    const start = performance.now();
    const book = readBook(input, terminal);
    const buildSeconds = (performance.now() - start) / 1000;
    const result = collect(book, { title: path === '-' ? 'book' : path, top, buildSeconds });
    await show(book, result, input, terminal);
    return hasFinding(result) ? 1 : 0;
  },
};
