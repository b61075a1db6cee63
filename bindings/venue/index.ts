// margin-kernel/venue: a venue's book and its ledger. The kernel's doubles say who is at risk and by how much; the ledger's whole
// units say who owns what. This room goes between them, and sizes what has to be there when somebody defaults.
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from '../errors.js';
export { type ClosesOptions, closesOf } from './closes.js';
export { type DefaultOptions, defaultsOf } from './detect.js';
export { type Holders, holdersOf } from './holders.js';
export { type Changes, type Impact, type ImpactOptions, previewParameters, type Standing } from './impact.js';
export { type ByAccount, type Fund, type LedgerOptions, ledgerOf, type OffLot, offLots } from './ledger.js';
export type { Moves } from './moves.js';
export { type ProjectOptions, projectInto } from './project.js';
export { queuesOf } from './queues.js';
export { type BookPlace, rankPreview } from './rank-preview.js';
export { hedgeReliefs, type ReliefOptions } from './reliefs.js';
export { requirementsOf } from './requirements.js';
export {
  type ForSale,
  type Part,
  type Resolution,
  type ResolveOptions,
  type Round,
  resolveDefaults,
} from './resolve.js';
export { type ColumnScore, candidatesOf, type ScoreColumns, scoresOf } from './scores.js';
export {
  type CoverRule,
  type CoverSize,
  fundContributions,
  type QuantileRule,
  type QuantileSize,
  type Scenario,
  sizeFund,
} from './sizing.js';
export { type Cover, cover, type Owners, type StressLoss, type StressOptions, stressLosses } from './stress.js';
export type { LedgerUnits } from './terms.js';
export { unitName } from './unit-names.js';
