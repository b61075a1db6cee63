// Options and scenario models on the reference engine.
import type { ScenarioEngine } from '../../engine.js';
import { doors } from '../../scenario/doors.js';
import { repriceAsset, repriceMarket, riskArrays, valueOptions } from './arrays.js';
import { writeRequirement } from './requirement.js';

export const referenceScenarios: ScenarioEngine = {
  doors,
  valueOptions,
  riskArrays,
  repriceMarket,
  repriceAsset,
  requirement: writeRequirement,
};
