// Options and scenario models of the wasm engine: the second module, in the memory of the first.

import type { ScenarioModule } from '../kernel.js';
import type { Store } from '../memory.js';
import { type RiskExports, riskIn } from '../risk-module.js';
import { doors } from './doors.js';

export const scenariosIn = (memory: WebAssembly.Memory): ScenarioModule => scenariosOf(riskIn(memory));

/** @param risk - an instance in the memory of the first module */
export function scenariosOf(risk: RiskExports): ScenarioModule {
  return {
    imports: risk,
    base: risk.heapBase() >>> 0,
    engine: {
      doors,
      valueOptions(store: Store): void {
        risk.valueOptions(store.header);
      },
      riskArrays(store: Store): void {
        risk.riskArrays(store.header);
      },
      valueOption(store: Store, market: number): void {
        risk.valueOption(store.header, market);
      },
      quoteOption(store: Store, market: number): void {
        risk.quoteOption(store.header, market);
      },
      repriceMarket(store: Store, market: number, model: number): void {
        risk.repriceMarket(store.header, market, model);
      },
      repriceAsset(store: Store, asset: number, model: number): void {
        risk.repriceAsset(store.header, asset, model);
      },
      requirement(store: Store, unit: number): void {
        risk.requirement(store.header, unit);
      },
      openAccount(store: Store, unit: number): void {
        risk.openAccount(store.header, unit);
      },
      tryPosition(_: Store, market: number, size: number): void {
        risk.tryPosition(market, size);
      },
      addPosition(_: Store, market: number, size: number): void {
        risk.addPosition(market, size);
      },
    },
  };
}
