// What prices do in a number of scenarios: what every source of scenarios makes (historical, filtered, simulated ...), and every
// measure of a book reads.

/** Relative moves of prices by scenario. Names are those of underlyings, assets or markets of a book. */
export interface Scenarios {
  /** How they came about, for reports: `historical`, `age-weighted`, `filtered`, `monte-carlo` ... */
  readonly method: string;
  /** Factors that move, in the order of the columns. */
  readonly names: readonly string[];
  /** Number of scenarios. */
  readonly count: number;
  /** By name: price after / price before - 1 in each scenario; finite, at least -1. */
  readonly moves: readonly Float64Array[];
  /** By name: relative moves of implied volatilities; none where they stay. */
  readonly volatilities?: readonly (Float64Array | undefined)[];
  /** Weights by scenario, >= 0, summing to 1; none: all weigh the same. */
  readonly weights?: Float64Array;
  /** By scenario, for reports: the last day of its window, the number of its path. */
  readonly labels?: readonly string[];
  /** Number of the first scenario, where they are part of a larger set: tails are labelled with it. Default 0. */
  readonly first?: number;
  /** Periods (days, for daily prices) that a scenario spans. */
  readonly horizon: number;
}
