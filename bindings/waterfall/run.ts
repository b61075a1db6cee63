// The waterfall: stages in the order the data says, until nothing is open. A pure function: the same state, stages and event
// give the same postings, on every machine; what it is given stays as it is.
import { MarginError } from '../errors.js';
import type { Amount } from './amount.js';
import { type DefaultEvent, eventOf } from './event.js';
import { type Feasibility, feasibilityOf } from './feasibility.js';
import type { Postings } from './journal.js';
import { Running } from './running.js';
import { type Stage, stagesOf } from './stage.js';
import { State } from './state.js';
import { type StateJSON, stateOf } from './state-json.js';
import type { Step, Work } from './step.js';

/** What a run was asked, and what each stage did. */
export interface Trace {
  /** Of the loss. */
  asset: string;
  /** As it was given. */
  event: DefaultEvent;
  /** As they were given. */
  stages: readonly Stage[];
  /** What was open at first, minor units. */
  need: Amount;
  /** What each stage did, in their order. */
  steps: readonly Step[];
}

/** Of one defaulter, minor units. */
export interface Deficit {
  /** Who defaults. */
  account: string;
  /** What it lacked at first, minor units. */
  need: Amount;
  /** What nobody has paid. */
  residual: Amount;
}

/** A default after its waterfall. */
export interface Outcome {
  /** Afterwards. */
  state: State;
  /** Sums to zero in every asset and market. */
  postings: Postings;
  /** What nobody has paid, minor units: it stays with the defaulters by name. */
  residual: Amount;
  /** By defaulter, in the order of the event. */
  deficits: readonly Deficit[];
  /** What the run was given, and what each stage did: enough to replay it. */
  trace: Trace;
  /** Whether the layers could pay; with `mustCover` a run that they could not is refused. */
  feasible: boolean;
  /** Whether the layers could pay, layer by layer. */
  feasibility: Feasibility;
  /** Units of rounding by the stage whose dust account bore (above 0) or received (below 0) them. */
  dust: ReadonlyMap<string, Amount>;
}

/**
 * Runs a default down its waterfall.
 * @param state - before it; stays as it is
 * @param stages - in their order, see `presets`
 * @param event - who defaults, and what the state does not know
 * @returns the state afterwards with every posting, what nobody has paid, and why
 * @throws MarginError for a stage that is not known, a capacity below 0, weights that are all 0, a layer of members without
 *   members, an account that is not there; before anything is posted
 * @example
 * run({ accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 5n } }] },
 *   [{ id: 'insurance', who: ['fund'] }], { defaulter: 'a' }).residual // 2n
 */
export function run(state: State | StateJSON, stages: readonly Stage[], event: DefaultEvent): Outcome {
  const from = state instanceof State ? state : stateOf(state);
  const works = stagesOf(stages);
  const at = new Running(from, eventOf(event, from));
  for (const id of at.event.bids.keys()) {
    if (works.some((work) => work.id === id)) continue;
    const expected = `a stage of the run: ${works.map((work) => work.id).join(', ')}`;
    throw new MarginError('unknown-id', { path: `event.bids.${id}`, got: id, expected });
  }
  for (const work of works) work.check?.(at);
  const needs = [...at.open];
  const need = at.need();
  const steps: Step[] = [];
  for (const work of works) {
    const step = stepOf(at, work);
    steps.push(step);
    if (step.status === 'stopped') break;
  }
  const deficits = at.event.defaulters.map((row, i) => ({
    account: from.id(row),
    need: needs[i] as Amount,
    residual: at.open[i] as Amount,
  }));
  const feasibility = feasibilityOf(
    need,
    at.need(),
    steps.filter((_, i) => works[i]?.absorbs),
  );
  if (at.event.mustCover && !feasibility.feasible) throw notCovered(feasibility);
  const dusts = steps.flatMap(({ stage, dust }): [string, Amount][] => (dust === 0n ? [] : [[stage, dust]]));
  return {
    state: at.draft.done(),
    postings: at.journal.postings(),
    residual: at.need(),
    deficits,
    trace: { asset: at.asset, event, stages, need, steps },
    feasible: feasibility.feasible,
    feasibility,
    dust: new Map(dusts),
  };
}

/** What `mustCover` is refused with. @param say - how amounts are written */
export function notCovered(
  { need, shortfall, capacity }: Feasibility,
  path = 'stages',
  say: (amount: Amount) => string = String,
): MarginError {
  const most = capacity === null ? 'any amount' : say(capacity);
  const expected = `layers that cover ${say(need)}; those that are reached can give ${most}`;
  return new MarginError('range', {
    path,
    got: `${say(shortfall)} open`,
    expected,
    hint: 'Add a layer, or leave mustCover out',
  });
}

/**
 * Answers whether a waterfall can cover a default, and how far the loss reaches; nothing is posted.
 * @param state - before the default
 * @param stages - in their order
 * @param event - who defaults
 * @returns need, capacities and shortfall, minor units
 * @throws MarginError as `run`
 * @example
 * feasibility({ accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 5n } }] },
 *   [{ id: 'insurance', who: ['fund'] }], { defaulter: 'a' }).shortfall // 2n
 */
export function feasibility(state: State | StateJSON, stages: readonly Stage[], event: DefaultEvent): Feasibility {
  return run(state, stages, { ...event, mustCover: false }).feasibility;
}

/** One stage, if there is something for it to do. */
function stepOf(at: Running, work: Work): Step {
  const need = at.need();
  const idle = { stage: work.id, kind: work.kind, need, open: need, capacity: null, dust: 0n, participants: 0 };
  if (need === 0n && !work.always) return { ...idle, status: 'idle', because: 'nothingOpen' };
  if (work.asked?.(at) === false) return { ...idle, status: 'held', because: 'trigger' };
  at.journal.at(work.id);
  const done = work.run(at);
  return { ...idle, ...done, open: at.need() };
}
