// Why one account has paid or received what it has, in words and in units of the assets.
import { magnitude } from '../venues/integer.js';
import { digitsOf } from '../waterfall/case-units.js';
import { contributions, explainAccount, type NamedOutcome, type Posting } from '../waterfall/index.js';
import { COST, POSITION } from '../waterfall/journal.js';
import { BALANCE } from '../waterfall/state.js';
import { many, percentOf, units, wrap } from './format.js';
import { type Terminal, widthOf } from './terminal.js';

/** @throws MarginError unknown-id */
export function explainText(run: NamedOutcome, account: string, { columns }: Terminal): string {
  const { stages, money } = explainAccount(account, run.outcome);
  const lines = stages.flatMap(({ stage, postings }) => [
    `  ${stage}\n`,
    ...postings.map((posting) => `${wrap(said(run, posting), widthOf(columns), '    ')}\n`),
  ]);
  return `\n${run.name}: ${account} ${headOf(
    run,
    account,
    stages.flatMap(({ postings }) => postings),
    money,
  )}\n${lines.join('')}`;
}

/** What an account has paid or received in all; positions that it took or gave count at their marks. */
function headOf(run: NamedOutcome, account: string, postings: readonly Posting[], money: bigint): string {
  const { trace, deficits } = run.outcome;
  const say = (amount: bigint): string =>
    `${units(magnitude(amount), digitsOf(run.decimals, trace.asset))} ${trace.asset}`;
  const deficit = deficits.find((each) => each.account === account);
  if (deficit) return `defaults with ${say(deficit.need)}, of which ${say(deficit.residual)} is left open`;
  if (postings.length === 0) return 'is not touched';
  const moved = postings.some(({ purse }) => purse === POSITION);
  const got = moved ? valueMoved(run.outcome, account) : money;
  const marks = moved ? ', positions at their marks' : '';
  return got === 0n ? `keeps what it has${marks}` : `${got < 0n ? 'gives' : 'receives'} ${say(got)} in all${marks}`;
}

const valueMoved = (outcome: NamedOutcome['outcome'], account: string): bigint =>
  contributions(outcome).reduce((sum, each) => (each.account === account ? sum - each.amount : sum), 0n);

function said({ decimals }: NamedOutcome, posting: Posting): string {
  const { purse, asset, market, delta, reason, weight, capacity } = posting;
  if (purse === POSITION) {
    const at = reason.price === undefined ? '' : ` at ${reason.price}`;
    return `${delta < 0n ? 'gives' : 'takes'} ${many(Number(magnitude(delta)), 'lot')} of ${asset}${at} (${REASONS[reason.code] ?? reason.code})`;
  }
  const say = (amount: bigint): string => units(amount, digitsOf(decimals, asset));
  const own = purse === BALANCE ? 'its balance' : purse === COST ? `the cost of its ${market}` : `"${purse}"`;
  const what = `${delta < 0n ? 'pays' : 'receives'} ${say(magnitude(delta))} ${asset} ${delta < 0n ? 'from' : 'into'} ${own}`;
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
