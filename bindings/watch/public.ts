// Names of margin-kernel/watch that do not depend on the engine.
export type { Crossings } from './crossings.js';
export { type WatchLevels, ZONES, type Zone } from './lines.js';
export type { Tick } from './tick.js';
export {
  type AtRiskOptions,
  type EquityAtRisk,
  equityAtRisk,
  type UnitSums,
  type WithinReach,
} from './views/at-risk.js';
export { type LadderColumns, type LadderOptions, type LiquidationLadder, liquidationLadder } from './views/ladder.js';
export { type FundView, type MarketViews, marketViews, type Sides } from './views/markets.js';
export { Watch, type WatchOptions, type WatchStatistics } from './watch.js';
