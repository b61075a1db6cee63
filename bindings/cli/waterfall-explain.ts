// Why one account has paid or received what it has, in words and in units of the assets.
import { digitsOf } from '../waterfall/case-units.js';
import { explainAccount, type NamedOutcome, type Posting } from '../waterfall/index.js';
import { COST, POSITION } from '../waterfall/journal.js';
import { BALANCE } from '../waterfall/state.js';
import { many, percentOf, units, wrap } from './format.js';
import { type Terminal, widthOf } from './terminal.js';

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** @throws MarginError unknown-id */
export function explainText(run: NamedOutcome, account: string, { columns }: Terminal): string {
  const { asset } = run.outcome.trace;
  const { money, stages } = explainAccount(account, run.outcome);
  const total = units(size(money), digitsOf(run.decimals, asset));
  const head =
    money === 0n ? 'its money stays the same in all' : `${money < 0n ? 'pays' : 'receives'} ${total} ${asset} in all`;
  const lines = stages.flatMap(({ stage, postings }) => [
    `  ${stage}\n`,
    ...postings.map((posting) => `${wrap(said(run, posting), widthOf(columns), '    ')}\n`),
  ]);
  return `\n${run.name}: ${account} ${stages.length === 0 ? 'is not touched' : head}\n${lines.join('')}`;
}

function said({ decimals }: NamedOutcome, posting: Posting): string {
  const { purse, asset, market, delta, reason, weight, capacity } = posting;
  if (purse === POSITION) {
    const at = reason.price === undefined ? '' : ` at ${reason.price}`;
    return `${delta < 0n ? 'gives' : 'takes'} ${many(Number(size(delta)), 'lot')} of ${asset}${at} (${REASONS[reason.code] ?? reason.code})`;
  }
  const say = (amount: bigint): string => units(amount, digitsOf(decimals, asset));
  const own = purse === BALANCE ? 'its balance' : purse === COST ? `the cost of its ${market}` : `"${purse}"`;
  const what = `${delta < 0n ? 'pays' : 'receives'} ${say(size(delta))} ${asset} ${delta < 0n ? 'from' : 'into'} ${own}`;
  const grounds = [REASONS[reason.code] ?? reason.code];
  if (weight !== undefined) {
    if (reason.amount !== undefined) grounds[0] = `its part of ${say(reason.amount)}`;
    if (reason.total !== undefined) {
      const show = reason.weight === 'capacity' ? say : String;
      const share = percentOf(weight, reason.total);
      grounds.push(`weighs ${show(weight)} of ${show(reason.total)} by ${reason.weight}, ${share}`);
    }
    if (capacity !== null && capacity !== undefined) grounds.push(`could give ${say(capacity)}`);
  }
  if (reason.rule !== undefined) grounds.push(`rule: ${reason.rule}`);
  if (reason.note !== undefined) grounds.push(reason.note);
  return `${what}: ${grounds.join('; ')}`;
}

const REASONS: Partial<Record<string, string>> = {
  loss: 'what closing out has cost',
  absorbed: 'pays for the deficit',
  traded: 'a position changes hands',
  settled: 'the market is settled',
  transferred: 'the position is taken over',
  sold: 'a sale',
  issued: 'new tokens',
  charged: 'a fee of what was sold',
  seized: 'collateral for a debt that was paid',
  replenished: 'a fund is refilled',
  recovered: 'what came back',
};
