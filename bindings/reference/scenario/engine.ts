// Options and scenario models on the reference engine.
import type { ScenarioEngine } from '../../engine.js';
import { doors } from '../../scenario/doors.js';
import { quoteOption, repriceAsset, repriceMarket, riskArrays, valueOption, valueOptions } from './arrays.js';
import { writeRequirement } from './requirement.js';
import { OpenAccount } from './what-if.js';

export function referenceScenarios(): ScenarioEngine {
  let open: OpenAccount | undefined;
  /** Other sums need the slots. */
  const close = (): void => {
    open?.close();
    open = undefined;
  };
  return {
    doors,
    valueOptions,
    riskArrays,
    valueOption,
    quoteOption,
    repriceMarket,
    repriceAsset,
    requirement(store, unit): void {
      close();
      writeRequirement(store, unit);
    },
    openAccount(store, unit): void {
      close();
      open = new OpenAccount(store, unit);
      open.write();
    },
    tryPosition: (_, market, size) => open?.try(market, size),
    addPosition: (_, market, size) => open?.add(market, size),
  };
}
