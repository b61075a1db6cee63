// Whether the layers together can pay, before anything is posted: the capacity of each at the start, and how far they reach.
import type { Amount } from './amount.js';
import { Case } from './case.js';
import { Draft } from './draft.js';
import { type DefaultEvent, eventOf } from './event.js';
import { type Stage, stagesOf } from './stage.js';
import { State } from './state.js';
import { type StateJSON, stateOf } from './state-json.js';
import type { Work } from './step.js';

/** What a layer could give at the start. */
export interface LayerCapacity {
  stage: string;
  /** Minor units; null: no limit. */
  capacity: Amount | null;
  /** What is open when the layers before it have given all, minor units. */
  openBefore: Amount;
  /** Whether the loss reaches it. */
  reached: boolean;
}

export interface Feasibility {
  /** Sum of the deficits, minor units. */
  need: Amount;
  /** Sum of the capacities; null: no limit. */
  capacity: Amount | null;
  feasible: boolean;
  /** What is missing at least, minor units. */
  shortfall: Amount;
  layers: readonly LayerCapacity[];
}

/**
 * Answers whether a waterfall can cover a default, from capacities at the start: a shortfall is certain, cover is certain
 * unless a layer moves prices or leaves a part open by its own rule (`proRata`).
 * @param state - before the default
 * @param stages - in their order
 * @param event - who defaults
 * @returns need, capacity and how far the loss reaches
 * @throws MarginError as `run`
 * @example
 * feasibility({ accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 5n } }] },
 *   [{ id: 'insurance', who: ['fund'] }], { defaulter: 'a' }).shortfall // 2n
 */
export function feasibility(state: State | StateJSON, stages: readonly Stage[], event: DefaultEvent): Feasibility {
  const from = state instanceof State ? state : stateOf(state);
  const works = stagesOf(stages);
  const at = new Case(new Draft(from.columns), eventOf(event, from));
  for (const work of works) work.check?.(at);
  return feasibilityOf(at, works);
}

export function feasibilityOf(at: Case, works: readonly Work[]): Feasibility {
  const need = at.need();
  let open = need;
  let capacity: Amount | null = 0n;
  const layers: LayerCapacity[] = [];
  for (const work of works) {
    if (!work.capacity) continue;
    const reached = open > 0n;
    // Beyond the loss a capacity decides nothing, and a layer of a million members takes a while to add up.
    const gives = reached ? work.capacity(at) : 0n;
    layers.push({ stage: work.id, capacity: reached ? gives : null, openBefore: open, reached });
    capacity = gives === null || capacity === null ? null : capacity + gives;
    open = gives === null || gives > open ? 0n : open - gives;
  }
  return { need, capacity, feasible: open === 0n, shortfall: open, layers };
}
