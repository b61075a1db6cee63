// Why one account has paid or received what it has, in words and in units of the assets.
import { magnitude } from '../venues/integer.js';
import { digitsOf } from '../waterfall/case-units.js';
import { type AmountWords, explainAccount, type NamedOutcome } from '../waterfall/index.js';
import { units, wrap } from './format.js';
import { type Terminal, widthOf } from './terminal.js';

/** Amounts in units of their assets, and weights that are money: of purses, equity and profit, not of lots. */
export function wordsOf({ decimals, measures }: NamedOutcome, asset: string): AmountWords {
  const amount = (minor: bigint, of: string): string => `${units(minor, digitsOf(decimals, of))} ${of}`;
  const money = (name: string): string | null | undefined =>
    name === 'openInterest' ? null : measures.has(name) ? measures.get(name) : asset;
  return {
    amount,
    weight: (weight, name) => {
      const of = money(name);
      return of ? units(weight, digitsOf(decimals, of)) : String(weight);
    },
  };
}

/** @throws MarginError unknown-id */
export function explainText(run: NamedOutcome, account: string, { columns }: Terminal): string {
  const { outcome, name } = run;
  const words = wordsOf(run, outcome.trace.asset);
  const { stages, text } = explainAccount(account, outcome, words);
  const lines = stages.flatMap(({ stage, lines: each }) => [
    `  ${stage}\n`,
    ...each.map((line) => `${wrap(line, widthOf(columns), '    ')}\n`),
  ]);
  const deficit = outcome.deficits.find((each) => each.account === account);
  const say = (amount: bigint): string => words.amount(magnitude(amount), outcome.trace.asset);
  const head = deficit
    ? `${account} defaults with ${say(deficit.need)}, of which ${say(deficit.residual)} is left open`
    : stages.length === 0
      ? `${account} is not touched`
      : (text.split('\n')[0] as string);
  return `\n${name}: ${head}\n${lines.join('')}`;
}
