// What the guards say, inside a run: a market's price is taken from its sources before anything is sold at it, and the run ends
// where a liquidation is not allowed at it; a gate records whether money may leave afterwards.
import { MarginError } from '../../errors.js';
import { ACTIONS, type Action } from '../../guards/actions.js';
import { type Gate, type GateRules, withdrawalGate } from '../../guards/gate.js';
import { guardPrice, type PriceContext, type PriceRules, type Quote } from '../../guards/price-guard.js';
import type { Row } from '../../venues/rows.js';
import { ratio } from '../amount.js';
import type { Running } from '../running.js';
import { BALANCE } from '../state.js';
import type { Work } from '../step.js';
import { oneOf } from '../words.js';

/** A stage that takes a market's price from its sources, and ends the run where it may not be liquidated at. */
export interface Guard {
  /** Names the stage's kind. */
  kind: 'guard';
  /** Its name, unique among the stages. */
  id: string;
  /** Market whose sources the event brings (`quotes`); its mark becomes their price. */
  market: string;
  /** As `guardPrice` has them. */
  rules?: PriceRules;
  /** What has to be allowed at the price for the run to go on; default `liquidate`. What else is not is left undone there by
   * the stages behind: `adl`, `liquidate`. */
  action?: Action;
}

/** A stage that records whether money may leave. */
export interface GateStage {
  /** Names the stage's kind. */
  kind: 'gate';
  /** Its name, unique among the stages. */
  id: string;
  /** As `withdrawalGate` has them. */
  rules: GateRules;
  /** Fund that insolvent accounts are compared with; default: none. */
  fund?: string;
}

export const GUARD_KEYS = ['kind', 'id', 'market', 'rules', 'action'] as const;
export const GATE_KEYS = ['kind', 'id', 'rules', 'fund'] as const;

/** What an event brings for a guard: sources, and what their price is compared with. */
export interface MarketQuotes extends Omit<PriceContext, 'now'> {
  /** Each source once. */
  quotes: readonly Quote[];
}

export function guardStage(row: Row): Work {
  const [id, name] = [row.text('id'), row.text('market')];
  const action = oneOf(row.has('action') ? row.raw('action') : 'liquidate', row.at('action'), ACTIONS);
  const rules = (row.has('rules') ? row.raw('rules') : {}) as PriceRules;
  const judged = (run: Running): ReturnType<typeof guardPrice> => {
    const given = run.event.quotes.get(name);
    if (!given) throw new MarginError('missing-key', { path: `event.quotes.${name}`, expected: 'the price sources' });
    const { quotes, ...context } = given;
    return ofStage(row, () => guardPrice(quotes, rules, { ...context, now: run.draft.columns.time }));
  };
  return {
    kind: 'guard',
    id,
    path: row.path,
    always: true,
    check: (run) => {
      run.draft.market(name, row.at('market'));
      judged(run);
    },
    run: (run) => {
      const { price, flags, actions } = judged(run);
      const allowed = price !== null && actions[action];
      const detail = { market: name, price, flags, action, allowed };
      if (!allowed) return { status: 'stopped', detail };
      run.draft.setMark(name, ratio(price, 'price'));
      run.guard(name, actions);
      run.remeasure();
      return { status: 'applied', detail };
    },
  };
}

export function gateStage(row: Row): Work {
  const rules = row.need('rules', 'what blocks withdrawals') as GateRules;
  const fund = row.has('fund') ? row.text('fund') : undefined;
  const decided = (run: Running): Gate => {
    const { time } = run.draft.columns;
    const need = run.need();
    const held = fund === undefined ? 0n : run.draft.amountAt(run.draft.row(fund), BALANCE, run.asset);
    const seen = Object.fromEntries(Object.keys(rules.delays ?? {}).map((event) => [event, need > 0n ? time : null]));
    const assets = totalOf(run);
    const standing = { now: time, insolvent: need, fund: held, seen, assets, liabilities: assets + need };
    return ofStage(row, () => withdrawalGate(standing, rules));
  };
  return {
    kind: 'gate',
    id: row.text('id'),
    path: row.path,
    always: true,
    check: (run) => {
      if (fund !== undefined) run.draft.row(fund, row.at('fund'));
      decided(run);
    },
    run: (run) => ({ status: 'applied', detail: { ...decided(run) } }),
  };
}

/** Rules are those of a stage: where one is refused, its path says which. @throws MarginError as `work` */
function ofStage<T>(row: Row, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MarginError) || !error.path?.startsWith('rules')) throw error;
    throw error.with({ path: `${row.path}.${error.path}` });
  }
}

/** What accounts other than those who owe have: what could be asked for. */
function totalOf(run: Running): bigint {
  let sum = 0n;
  for (let row = 0; row < run.draft.accounts; row++) {
    const held = run.draft.columns.house[row] ? 0n : run.draft.amountAt(row, BALANCE, run.asset);
    if (held > 0n) sum += held;
  }
  return sum;
}
