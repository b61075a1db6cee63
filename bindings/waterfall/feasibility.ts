// Whether a waterfall can cover a default, and how far the loss reaches: read off its steps. A run posts to a draft only, so
// the answer is there before anything is posted to the state that the caller has.
import type { Amount } from './amount.js';
import type { Step } from './step.js';

/** What a layer could give when the loss came to it. */
export interface LayerCapacity {
  /** Id of the stage. */
  stage: string;
  /** Minor units; null: no limit; 0 where the loss does not reach it. */
  capacity: Amount | null;
  /** What the layers before it have left open, minor units. */
  openBefore: Amount;
  /** Whether the loss reaches it. */
  reached: boolean;
}

/** Whether a waterfall can cover a default. */
export interface Feasibility {
  /** Sum of the deficits, minor units. */
  need: Amount;
  /** Sum of the capacities that the loss reaches; null: no limit. */
  capacity: Amount | null;
  /** Whether nothing is missing. */
  feasible: boolean;
  /** What is missing, minor units. */
  shortfall: Amount;
  /** Stages that absorb losses, in their order. */
  layers: readonly LayerCapacity[];
}

/** @param steps - of stages that absorb losses or could */
export function feasibilityOf(need: Amount, residual: Amount, steps: readonly Step[]): Feasibility {
  let capacity: Amount | null = 0n;
  const layers = steps.map(({ stage, capacity: most, need: openBefore, status }): LayerCapacity => {
    const reached = openBefore > 0n && status !== 'held';
    if (reached) capacity = most === null || capacity === null ? null : capacity + most;
    return { stage, capacity: reached ? most : 0n, openBefore, reached };
  });
  return { need, capacity, feasible: residual === 0n, shortfall: residual, layers };
}
