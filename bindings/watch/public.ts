// Names of margin-kernel/watch that do not depend on the engine.
export type { Crossings } from './crossings.js';
export { type WatchLevels, ZONES, type Zone } from './lines.js';
export type { Tick } from './tick.js';
export { Watch, type WatchOptions, type WatchStatistics } from './watch.js';
