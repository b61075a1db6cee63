// An outcome as plain JSON with stable keys: amounts as decimal text in units of their assets, lots and weights as digits.

import { isObject } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { Row } from '../venues/rows.js';
import type { Amount } from './amount.js';
import { amountText, assetOfDetail, type Decimals } from './case-units.js';
import { byAccount, contributions } from './contributions.js';
import { POSITION, type Posting, Postings } from './journal.js';
import type { Outcome } from './run.js';
import { State } from './state.js';
import type { Because, Step } from './step.js';

/** Of one stage; amounts in units of the event's asset. */
export interface StepJSON {
  /** Id of the stage. */
  stage: string;
  /** Kind of the stage. */
  kind: string;
  /** What it did; see `Step`. */
  status: Step['status'];
  /** Why it was idle or held. */
  because: Because | null;
  /** Open before it, units of the asset. */
  need: string;
  /** `need` less `open`. */
  paid: string;
  /** Open after it, units of the asset. */
  open: string;
  /** Most that it could have given, units of the asset; null: no limit, or it gives nothing. */
  capacity: string | null;
  /** Rounding that a named account bore (above 0) or received (below 0), units of the asset. */
  dust: string;
  /** Accounts that it moved something of. */
  participants: number;
  /** What else there is to say: amounts as text, counts and lots as digits. */
  detail: Record<string, unknown>;
}

/** A movement of money or lots. */
export interface PostingJSON {
  /** Whose purse. */
  account: string;
  /** A purse; `position` where lots move, `cost` where what positions have cost does. */
  purse: string;
  /** Asset of money, market of lots. */
  asset: string;
  /** Market of a cost; null: of none. */
  market: string | null;
  /** Units of the asset, or lots. */
  delta: string;
  /** Id of the stage that posted it. */
  stage: string;
  /** Its code, and what it rests on. */
  reason: Record<string, string>;
  /** What the account was asked by: whole, as it was compared. */
  weight: string | null;
  /** The most that the account could give, units of the asset; null: no limit, or it was not asked. */
  capacity: string | null;
}

/** An outcome as plain JSON; amounts in units of their assets. */
export interface OutcomeJSON {
  /** Of the loss. */
  asset: string;
  /** Sum of the deficits. */
  need: string;
  /** What nobody has paid. */
  residual: string;
  /** Whether the layers could pay. */
  feasible: boolean;
  /** Sum of the capacities that the loss reached; null: no limit. */
  capacity: string | null;
  /** What was missing. */
  shortfall: string;
  /** By defaulter: what it lacked, and what nobody has paid of it. */
  deficits: { account: string; need: string; residual: string }[];
  /** One a stage, in their order. */
  steps: StepJSON[];
  /** Rounding by stage. */
  dust: Record<string, string>;
  /** Who gave (below 0: received), the largest first, with its stages. */
  accounts: { account: string; given: string; stages: Record<string, string> }[];
  /** In their order; sums to zero in every asset and market. */
  postings: PostingJSON[];
}

/**
 * An outcome for machines.
 * @param outcome - of `run`
 * @param decimals - digits after the point by asset; default 2
 * @returns plain objects, every amount as text
 * @throws MarginError type where it is no outcome; type, range of the digits
 * @example
 * outcomeJSON(run({ accounts: [{ id: 'a', balances: { USD: -750n } }, { id: 'fund', balances: { USD: 500n } }] },
 *   [{ id: 'insurance', who: ['fund'] }], { defaulter: 'a' })).residual // '2.5'
 */
export function outcomeJSON(outcome: Outcome, decimals: Decimals = {}): OutcomeJSON {
  if (!isOutcome(outcome)) {
    throw new MarginError('type', { path: 'outcome', got: outcome, expected: 'an outcome of run' });
  }
  const row = new Row(decimals, 'decimals');
  const digits = Object.fromEntries(row.entries().map(([asset]) => [asset, row.decimals(asset)]));
  return { ...headJSON(outcome, digits), postings: [...outcome.postings].map((each) => postingJSON(each, digits)) };
}

/** Whether it is one of `run`, which alone makes postings. */
const isOutcome = (value: unknown): value is Outcome =>
  isObject(value) && value.postings instanceof Postings && value.state instanceof State && isObject(value.trace);

/** All but the postings, of which there may be a million. */
export function headJSON(outcome: Outcome, decimals: Decimals): Omit<OutcomeJSON, 'postings'> {
  const { trace, residual, feasible, feasibility, deficits, dust } = outcome;
  const text = (amount: Amount): string => amountText({ asset: trace.asset, decimals }, amount);
  const byId = new Map(trace.stages.map((stage) => [stage.id, stage]));
  const limit = (amount: Amount | null): string | null => (amount === null ? null : text(amount));
  return {
    asset: trace.asset,
    need: text(trace.need),
    residual: text(residual),
    feasible,
    capacity: limit(feasibility.capacity),
    shortfall: text(feasibility.shortfall),
    deficits: deficits.map((each) => ({ account: each.account, need: text(each.need), residual: text(each.residual) })),
    steps: trace.steps.map(
      ({ stage, kind, status, because, need, open, capacity, dust: units, participants, detail }) => ({
        stage,
        kind,
        status,
        because: because ?? null,
        need: text(need),
        paid: text(need - open),
        open: text(open),
        capacity: limit(capacity),
        dust: text(units),
        participants,
        detail: detailOf(
          detail ?? {},
          (key) => assetOfDetail(byId.get(stage), key, trace.asset),
          (amount, asset) => amountText({ asset, decimals }, amount),
        ) as Record<string, unknown>,
      }),
    ),
    dust: Object.fromEntries([...dust].map(([stage, units]) => [stage, text(units)])),
    accounts: byAccount(contributions(outcome)).map(({ account, amount, stages }) => ({
      account,
      given: text(amount),
      stages: Object.fromEntries(stages.map((each) => [each.stage, text(each.amount)])),
    })),
  };
}

/**
 * What a step's detail says: amounts as text, counts and lots as digits.
 * @param text - of an amount of an asset
 */
export function detailOf(value: unknown, assetOf: (key: string) => string | undefined, text: AmountWriter): unknown {
  const read = (key: string, part: unknown): unknown => {
    const asset = assetOf(key);
    if (typeof part === 'bigint') return asset === undefined ? String(part) : text(part, asset);
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map((each) => read(key, each));
    return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, read(name, each)]));
  };
  return read('', value);
}

export type AmountWriter = (amount: Amount, asset: string) => string;

export function postingJSON(posting: Posting, decimals: Decimals): PostingJSON {
  const { account, purse, asset, market, delta, stage, reason, weight, capacity } = posting;
  const text = (amount: Amount): string =>
    purse === POSITION ? String(amount) : amountText({ asset, decimals }, amount);
  const { total, amount, ...words } = reason;
  return {
    account,
    purse,
    asset,
    market: market ?? null,
    delta: text(delta),
    stage,
    reason: {
      ...words,
      ...(total === undefined ? {} : { total: String(total) }),
      ...(amount === undefined ? {} : { amount: text(amount) }),
    },
    weight: weight === undefined ? null : String(weight),
    capacity: capacity === undefined || capacity === null ? null : text(capacity),
  };
}
