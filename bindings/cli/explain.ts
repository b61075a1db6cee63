// `explain <book> <account>`: one account's numbers taken apart.
import type { BookBase } from '../book/book.js';
import { explain } from '../explain.js';
import { explainPrices } from '../explain-prices.js';
import { explainText } from '../explain-text.js';
import type { Explanation } from '../explanation.js';
import { type LiquidationPrice, liquidationPrices } from '../liquidation.js';
import { explainScenariosText, type ModelJSON, type ScenarioExplanation } from '../scenario.js';
import type { Command, ExitCode, Input } from './command.js';
import { readBook } from './read-book.js';
import { MODEL } from './scenario/choose.js';
import { decidingJSON, modelledOf, modelOf } from './scenario/modelled.js';
import { pour, type Terminal } from './terminal.js';

/** The answer with the prices of each position, which come in the same order, and words for the scenarios that decide. */
function withPrices(book: BookBase, answer: Explanation, prices: readonly LiquidationPrice[]): unknown {
  let i = 0;
  const account = book.account(answer.account);
  const units = answer.units.map(({ scenarios, ...unit }) => ({
    ...unit,
    ...(scenarios ? { scenarios: { ...scenarios, deciding: decidingJSON(modelledOf(book, account, scenarios)) } } : {}),
    positions: unit.positions.map((position) => {
      const { down, up, certificate } = prices[i++] as LiquidationPrice;
      return { ...position, liquidationPrice: { down, up, certificate } };
    }),
  }));
  return { ...answer, units };
}

/** The scenario requirement of each unit that has one. */
function scenariosText({ units }: Explanation, modelNamed: (id: string) => ModelJSON | undefined): string[] {
  const all = units.flatMap(({ scenarios }) => (scenarios ? [scenarios] : []));
  const where = ({ bucket }: ScenarioExplanation): string =>
    all.length < 2 ? '' : bucket === 0 ? 'Cross: ' : `Bucket ${bucket}: `;
  return all.map((each) => `${where(each)}${explainScenariosText(each, modelNamed(each.model.id))}`);
}

export const explainCommand: Command = {
  name: 'explain',
  summary:
    'Takes one account apart: balances, positions, rates, the bracket or the scenario that binds, its liquidation prices.',
  operands: ['book', 'account'],
  options: {
    json: { help: 'machine output: one JSON object on stdout' },
    ...MODEL,
  },
  notes: ['Exit status: 0 the account may stay, 1 it is liquidatable, 2 bad input (or no such account).'],
  examples: ['explain book.json a1', 'explain book.mkb a1 --json', 'explain book.json a1 --model model.json'],
  async run(input: Input, terminal: Terminal): Promise<ExitCode> {
    const [, account] = input.operands as [string, string];
    const book = readBook(input, terminal, { accounts: [account] });
    const answer = explain(book, account);
    const prices = liquidationPrices(book, account);
    const text = input.flag('json')
      ? JSON.stringify(withPrices(book, answer, prices), null, 2)
      : [
          explainText(answer),
          ...scenariosText(answer, (id) => modelOf(book, id)),
          ...(prices.length > 0 ? [explainPrices(prices)] : []),
        ].join('\n');
    await pour(terminal.out, [text, '\n']);
    return answer.units.some(({ status }) => status === 'liquidatable' || status === 'bankrupt') ? 1 : 0;
  },
};
