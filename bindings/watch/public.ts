// Names of margin-kernel/watch that do not depend on the engine.
export { type Settlement, settle } from '../book/settle.js';
export { type TransferPlaces, transfer } from '../book/transfer.js';
export type { Crossings } from './crossings.js';
export { allowedActions } from './engine/allow.js';
export type { MarketState } from './engine/apply.js';
export type { EngineCrossings, Outcome, UnitName } from './engine/crossed.js';
export type { Behind, Damage } from './engine/damage.js';
export { Engine, type EngineOptions, type Replayed, type Sink } from './engine/engine.js';
export type {
  Allow,
  EngineEvent,
  EventKind,
  EventOf,
  Events,
  NumberedEvent,
  OrderRef,
  SideRef,
  UnitRef,
} from './engine/event.js';
export { hashOf } from './engine/hash.js';
export { type Journal, readJournal, type State } from './engine/journal.js';
export type { Names as EventNames } from './engine/read-event.js';
export { decodeEvent, encodeEvent } from './engine/record.js';
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
