// margin-kernel/waterfall: what happens when an account can not pay. Pure and replayable; money is bigint minor units.
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from '../errors.js';
export { type Allocated, type Allocation, type AllocationRule, allocate, type Participant } from './allocate.js';
export type { Amount, Operator, Ratio } from './amount.js';
export * from './auction/index.js';
export type { Rounding } from './rounding.js';
