// Which adapter answers for which system; everything else is skipped as unsupported.
import type { Adapter, Adapters } from './adapter.js';
import * as binance from './binance.js';
import * as bybit from './bybit.js';
import * as cex from './cex.js';
import { driftV2 } from './drift.js';
import * as driftLiquidation from './drift-liquidation.js';
import { dydxV4 } from './dydx.js';
import * as dydxLiquidation from './dydx-liquidation.js';
import * as gate from './gate.js';
import * as hyperliquid from './hyperliquid.js';
import * as mango from './mango.js';
import * as mangoLiquidation from './mango-liquidation.js';
import * as orderly from './orderly.js';
import * as paradex from './paradex.js';
import * as vega from './vega.js';

const systems: Readonly<Record<string, Adapters>> = {
  'binance-coinm': binance.coinm,
  'binance-usdm': binance.usdm,
  'binance-usdm tiers': binance.usdmTiers,
  'bit.com-um': cex.bitcom,
  'bybit-inverse': bybit.inverse,
  'cex-docs': cex.docs,
  'drift-v2': { ...driftV2, ...driftLiquidation.driftV2 },
  'dYdX v4': dydxLiquidation.dydxWaterfall,
  'dydx-v4': { ...dydxV4, ...dydxLiquidation.dydxV4 },
  'gate-unified': gate.unified,
  hyperliquid: hyperliquid.tiers,
  'inverse-docs': cex.inverse,
  'mango-v4': { ...mango.health, ...mangoLiquidation.mangoV4 },
  orderly: orderly.rates,
  paradex: paradex.cross,
  vega: vega.positions,
};

/** The adapter of a system, kind and mode; undefined where there is none. */
export function adapterOf(system: string, kind: string, mode: string | undefined): Adapter | undefined {
  const adapters = Object.hasOwn(systems, system) ? systems[system] : undefined;
  const name = mode === undefined ? kind : `${kind}/${mode}`;
  return adapters && Object.hasOwn(adapters, name) ? adapters[name] : undefined;
}
