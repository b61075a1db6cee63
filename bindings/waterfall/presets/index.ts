// Waterfalls of known systems as data. Each is a function of its rules; `presets` has them with the rules as they are published.
import type { Stage } from '../stage.js';
import { ccp } from './ccp.js';
import { binance, bitmex, bybit, hyperliquid, okx } from './exchanges.js';
import { gen1, gen2, gen3 } from './generations.js';
import { aave, euler, liquity, maker } from './lending.js';
import { derive, drift, dydx, gmx, mango, vega } from './protocols.js';

export { type CcpRules, ccp } from './ccp.js';
export {
  type BybitRules,
  binance,
  bitmex,
  bybit,
  type ExchangeRules,
  type HyperliquidRules,
  hyperliquid,
  okx,
} from './exchanges.js';
export { type Gen3Rules, gen1, gen2, gen3 } from './generations.js';
export { aave, type EulerRules, euler, liquity, type MakerRules, maker } from './lending.js';
export { type DeriveRules, derive, drift, dydx, gmx, mango, vega } from './protocols.js';

/** Functions that make the stages of a system, by name. */
export const presetMakers = {
  ccp,
  binance,
  bybit,
  okx,
  bitmex,
  hyperliquid,
  dydx,
  drift,
  mango,
  derive,
  vega,
  gmx,
  maker,
  liquity,
  euler,
  aave,
  gen1,
  gen2,
  gen3,
} as const;

/** Name of a system. */
export type PresetName = keyof typeof presetMakers;

/** Stages by system, for `run`, with the rules as they are published. */
export const presets = Object.fromEntries(
  Object.entries(presetMakers).map(([name, make]) => [name, make()]),
) as unknown as Readonly<Record<PresetName, readonly Stage[]>>;
