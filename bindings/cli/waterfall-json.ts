// Waterfalls for machines: one JSON object with stable keys, a posting a line.

import { amountText } from '../waterfall/case-units.js';
import type { NamedOutcome } from '../waterfall/index.js';
import { explainAccount, type Verified } from '../waterfall/index.js';
import { headJSON, postingJSON } from '../waterfall/outcome-json.js';
import { wordsOf } from './waterfall-explain.js';

const FORMAT = 'margin-kernel/outcome@1';

export interface Extras {
  /** By waterfall; null: not asked for. */
  verified: readonly (Verified | null)[];
  /** Account to explain. */
  explain: string | undefined;
}

/** The object, in pieces. */
export function* waterfallJSON(runs: readonly NamedOutcome[], { verified, explain }: Extras): Generator<string> {
  yield `{"format":${JSON.stringify(FORMAT)},"waterfalls":[`;
  for (const [i, run] of runs.entries()) {
    const { name, outcome, decimals } = run;
    const explained = explain === undefined ? null : explanationOf(run, explain);
    const head = { name, ...headJSON(outcome, decimals), verified: verified[i] ?? null, explain: explained };
    yield `${i === 0 ? '\n' : ',\n'}${JSON.stringify(head).slice(0, -1)},\n"postings":[`;
    let first = true;
    for (const posting of outcome.postings) {
      yield `${first ? '\n' : ',\n'}${JSON.stringify(postingJSON(posting, decimals))}`;
      first = false;
    }
    yield first ? ']}' : '\n]}';
  }
  yield '\n]}\n';
}

function explanationOf(run: NamedOutcome, id: string): object {
  const { outcome, decimals } = run;
  const { account, money, stages } = explainAccount(id, outcome, wordsOf(run, outcome.trace.asset));
  const text = (amount: bigint): string => amountText({ asset: outcome.trace.asset, decimals }, amount);
  return {
    account,
    money: text(money),
    stages: stages.map((each) => ({ stage: each.stage, money: text(each.money), lines: each.lines })),
  };
}
