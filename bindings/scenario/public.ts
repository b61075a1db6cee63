// What books with options and scenario models have beside the calls of public.ts: the same on both engines.
export type { ExpiryJSON } from '../book/types.js';
export {
  explainScenarios,
  type PartExplanation,
  type ScenarioExplanation,
  type ScenarioLeg,
  type TailScenario,
} from './explain.js';
export { explainScenariosText, scenarioText } from './explain-text.js';
export { type ScenarioGains, scenarioGains } from './gains.js';
export type * from './presets/index.js';
export { presets } from './presets/index.js';
export * from './sensitivities.js';
export {
  type CurveOptions,
  type MovedUnderlying,
  type Moves,
  type ProfitCurve,
  type ProfitLeg,
  type ProfitSurface,
  profitCurve,
  profitSurface,
  type SurfaceOptions,
} from './surface.js';
export { scenarioTable, type TableRow, tieredCharge, volatilityMove } from './table.js';
export type * from './types.js';
export { WhatIf, type WhatIfMargin, whatIf } from './what-if.js';
