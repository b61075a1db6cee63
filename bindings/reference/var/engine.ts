// Value at risk on the reference engine.
import type { TailEngine } from '../../engine.js';
import { MEASURE, QUOTE } from '../../layout.js';
import type { Store } from '../../memory.js';
import { scenarioLogs, scenarioPrices } from '../scenario/black76.js';
import { deficits } from './deficit.js';
import { tailOf, tails } from './tail.js';

/** Columns of `quote` from one on. */
function quoteColumn({ columns }: Store, column: number, count = 1): Float64Array {
  const width = columns.measure.term[MEASURE.width]!;
  return columns.quote.column.subarray(column * width, (column + count) * width);
}

export const referenceTails: TailEngine = {
  quoteLogs(store): void {
    scenarioLogs(quoteColumn(store, QUOTE.forward), quoteColumn(store, QUOTE.log, 2));
  },
  quotePrices(store, isCall, strike): void {
    const [forwards, logs] = [quoteColumn(store, QUOTE.forward), quoteColumn(store, QUOTE.log, 2)];
    scenarioPrices(isCall, strike, 1, forwards, logs, quoteColumn(store, QUOTE.sd), quoteColumn(store, QUOTE.price));
  },
  tails,
  deficits,
  tailOf,
};
