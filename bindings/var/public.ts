// What margin-kernel/var and margin-kernel/reference/var both have: the same calls on both engines.

export { type FollowedModel, followMargin, setFactor } from './margin-model.js';
export type { Scenarios } from './types.js';
