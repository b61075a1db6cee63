// Waterfalls of known systems as data. Each is a function of its rules; `presets` has them with the rules as they are published.
import type { Stage } from '../stage.js';
import { ccp } from './ccp.js';

export { type CcpRules, ccp } from './ccp.js';

/** Stages by system, for `run`. */
export const presets = {
  ccp: ccp(),
} satisfies Record<string, readonly Stage[]>;
