// Value at risk of the wasm engine: the third module, in the memory of the other two.
import type { ScenarioModule } from '../kernel.js';
import { MEASURE, QUOTE } from '../layout.js';
import type { Store } from '../memory.js';
import { riskIn } from '../risk-module.js';
import { scenariosOf } from '../scenario/wasm.js';
import { varIn } from '../var-module.js';

export function scenariosAndTailsIn(memory: WebAssembly.Memory): ScenarioModule {
  const risk = riskIn(memory);
  const kernel = varIn(memory);
  const widthOf = ({ columns }: Store): number => columns.measure.term[MEASURE.width] ?? 0;
  /** Where a column of `quote` stands. */
  const at = (store: Store, column: number): number =>
    store.columns.quote.column.byteOffset + column * widthOf(store) * Float64Array.BYTES_PER_ELEMENT;
  return {
    ...scenariosOf(risk),
    base: Math.max(risk.heapBase() >>> 0, kernel.heapBase() >>> 0),
    tails: {
      quoteLogs(store): void {
        risk.scenarioLogs(widthOf(store), at(store, QUOTE.forward), at(store, QUOTE.log));
      },
      quotePrices(store, isCall, strike): void {
        const [forwards, logs, sds, prices] = [QUOTE.forward, QUOTE.log, QUOTE.sd, QUOTE.price].map((column) =>
          at(store, column),
        ) as [number, number, number, number];
        risk.scenarioPrices(isCall ? 1 : 0, strike, 1, widthOf(store), forwards, logs, sds, prices);
      },
      tails(store, from, to): void {
        kernel.tails(store.header, from, to);
      },
      deficits(store, from, to): void {
        kernel.deficits(store.header, from, to);
      },
      tailOf(store, count, into): number {
        return kernel.tailOf(store.header, count, into) >>> 0;
      },
    },
  };
}
