// A risk measure and what each position brings of it: one shape for every analytic measure. The words marginal and incremental change
// places from book to book: each field here says its formula. Losses are positive; a position that lessens the risk has parts below 0.
import { foldOf } from './delta-normal.js';

/** A risk measure, and what each position brings of it; arrays are by position, in their order. */
export interface Attribution {
  /** The measure that is taken apart: loss, positive. */
  readonly value: number;
  /** The sum of `component` in order, to the bit; `value` up to its last digits. */
  readonly total: number;
  /** Euler's split: the derivative of the measure by the scale of a position, at scale 1. */
  readonly component: Float64Array;
  /** The derivative by the size of a position: what one unit more adds. */
  readonly marginal: Float64Array;
  /** The measure less the measure without the position, the others as they are; null where it was not asked for. */
  readonly incremental: Float64Array | null;
  /** `component` over `total`; null where the total is 0. */
  readonly share: Float64Array | null;
}

/** Both measures of one distribution, taken apart. */
export interface AttributedPair {
  /** Value at risk, taken apart. */
  readonly valueAtRisk: Attribution;
  /** Expected shortfall, taken apart. */
  readonly shortfall: Attribution;
}

/** No -0, so that signs of what is nothing do not depend on how it came about. */
const clean = (values: Float64Array): Float64Array => values.map((x) => x + 0);

export function attribution(
  value: number,
  component: Float64Array,
  marginal: Float64Array,
  incremental: Float64Array | null,
): Attribution {
  const parts = clean(component);
  const total = foldOf(parts);
  return {
    value,
    total,
    component: parts,
    marginal: clean(marginal),
    incremental: incremental && clean(incremental),
    share: total === 0 ? null : clean(parts.map((part) => part / total)),
  };
}
