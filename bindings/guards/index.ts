// margin-kernel/guards: what may be done at a price, now: oracle validity, circuit breakers, drawdowns, gates and bounds on
// parameters. Pure functions and step machines without a clock, so a log of their inputs replays.
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from '../errors.js';
export type { Operator, Ratio } from '../waterfall/amount.js';
export { ACTIONS, type Action, type Allowed, allowedBy, TRADING } from './actions.js';
export type { Blocks } from './blocks.js';
export {
  type BreakerLevel,
  type BreakerRules,
  type BreakerState,
  type BreakerStep,
  breakerStep,
  CLOSED_CIRCUIT,
  clipperMom,
  setBreaker,
  US_MARKET_WIDE,
} from './breaker.js';
export * from './drawdown.js';
export { DRIFT_MATRIX, FLAGS, type Flag, type ValidityMatrix } from './flags.js';
export { type Freshness, type FreshnessRules, freshness, type GrowthCap, growthCap } from './freshness.js';
export * from './fund.js';
export * from './gate.js';
export * from './luld.js';
export { type Middle, medianPrice } from './median.js';
export { decline, priceBand, priceBounds, priceRatio, priceTolerance } from './moves.js';
export * from './multiplier.js';
export type { Observed } from './observed.js';
export { diffParameters, type Leaf, type ParameterChange, type ParameterSet, type Tree } from './parameters.js';
export * from './price-guard.js';
export * from './price-monitor.js';
export * from './rate-limit.js';
export type { Threshold } from './read.js';
export * from './settlement.js';
export * from './stable-price.js';
export * from './steward.js';
export * from './timelock.js';
export { type Cumulative, conservativePrice, cumulate, meanBetween, type Observation, twap } from './twap.js';
