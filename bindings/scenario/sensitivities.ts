// Margin of sensitivities: models by data, their reducer, what-ifs.
export { type SensitivityOptions, sensitivityMargin, sensitivityWhatIf } from './sensitivity-margin.js';
export { type CurrencyGroup, type Horizon, SensitivityModel } from './sensitivity-model.js';
export type {
  CurrencyGroupJSON,
  HorizonJSON,
  SensitivityBucket,
  SensitivityComponent,
  SensitivityJSON,
  SensitivityMargin,
  SensitivityModelJSON,
  SensitivitySide,
  SensitivityWhatIf,
} from './sensitivity-types.js';
export { simm26 } from './simm.js';
