// `explain <book> <account>`: one account's numbers taken apart.
import { type Explanation, explain } from '../explain.js';
import { explainPrices } from '../explain-prices.js';
import { explainText } from '../explain-text.js';
import { type LiquidationPrice, liquidationPrices } from '../liquidation.js';
import type { Command, ExitCode, Input } from './command.js';
import { readBook } from './read-book.js';
import { pour, type Terminal } from './terminal.js';

/** The answer with the prices of each position, which come in the same order. */
function withPrices(answer: Explanation, prices: readonly LiquidationPrice[]): unknown {
  let i = 0;
  const units = answer.units.map((unit) => ({
    ...unit,
    positions: unit.positions.map((position) => {
      const { down, up, certificate } = prices[i++] as LiquidationPrice;
      return { ...position, liquidationPrice: { down, up, certificate } };
    }),
  }));
  return { ...answer, units };
}

export const explainCommand: Command = {
  name: 'explain',
  summary: 'Takes one account apart: balances, positions, rates, the bracket that binds, its liquidation prices.',
  operands: ['book', 'account'],
  options: { json: { help: 'machine output: one JSON object on stdout' } },
  notes: ['Exit status: 0 the account may stay, 1 it is liquidatable, 2 bad input (or no such account).'],
  examples: ['explain book.json a1', 'explain book.mkb a1 --json'],
  async run(input: Input, terminal: Terminal): Promise<ExitCode> {
    const [path, account] = input.operands as [string, string];
    const book = readBook(path, terminal, input.flag('quiet'));
    const answer = explain(book, account);
    const prices = liquidationPrices(book, account);
    const text = input.flag('json')
      ? JSON.stringify(withPrices(answer, prices), null, 2)
      : [explainText(answer), ...(prices.length > 0 ? [explainPrices(prices)] : [])].join('\n');
    await pour(terminal.out, [text, '\n']);
    return answer.units.some(({ status }) => status === 'liquidatable' || status === 'bankrupt') ? 1 : 0;
  },
};
