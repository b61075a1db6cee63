// Sources of scenarios that need no engine, and the types of those that do.

export type { ReturnKind, Returns } from '../../statistics/estimation/returns.js';
export { type FilteredOptions, type FilteredScenarios, filtered } from './filtered.js';
export {
  type AgeWeightedOptions,
  ageWeighted,
  type HistoricalScenarios,
  type HorizonOptions,
  historical,
} from './historical.js';
export { joined } from './joined.js';
export type { MonteCarloOptions, MonteCarloScenarios } from './monte-carlo.js';
export { type StressedOptions, stressed } from './stressed.js';
