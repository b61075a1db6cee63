// What margin-kernel/statistics has against margins that rise when nobody can pay them.
export {
  type DynamicMargin,
  type DynamicMarginOptions,
  type DynamicMarginState,
  dynamicMargin,
  type MarginObservation,
  type MarginReason,
  type StressedMultiplier,
  type StressRule,
  type StressState,
  stressMultiplier,
} from './dynamic-margin.js';
export {
  type BufferRule,
  type BufferState,
  type BufferStep,
  buffered,
  bufferStep,
  EMIR_SHARE,
  floored,
  hysteresis,
  type LimitedStep,
  type LimitState,
  limitStep,
  type StepLimits,
  stressWeighted,
} from './tools.js';
