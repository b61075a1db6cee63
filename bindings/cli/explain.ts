// `explain <book> <account>`: one account's numbers taken apart.
import { explain } from '../explain.js';
import { explainText } from '../explain-text.js';
import type { Command, ExitCode, Input } from './command.js';
import { readBook } from './read-book.js';
import { pour, type Terminal } from './terminal.js';

export const explainCommand: Command = {
  name: 'explain',
  summary: 'Takes the margin of one account apart: balances, positions, rates, and the bracket that binds.',
  operands: ['book', 'account'],
  options: { json: { help: 'machine output: one JSON object on stdout' } },
  notes: ['Exit status: 0 the account may stay, 1 it is liquidatable, 2 bad input (or no such account).'],
  examples: ['explain book.json a1', 'explain book.mkb a1 --json'],
  async run(input: Input, terminal: Terminal): Promise<ExitCode> {
    const [path, account] = input.operands as [string, string];
    const answer = explain(readBook(path, terminal, input.flag('quiet')), account);
    const text = input.flag('json') ? JSON.stringify(answer, null, 2) : explainText(answer).trimEnd();
    await pour(terminal.out, [text, '\n']);
    return answer.units.some(({ status }) => status === 'liquidatable' || status === 'bankrupt') ? 1 : 0;
  },
};
