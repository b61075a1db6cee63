// Value at risk and expected shortfall of all accounts at once, as columns: gains are made once, then every account is one pass over
// them, and no matrix of profits is ever stored. One account, or a book as a portfolio, with its parts: portfolio-risk.ts.
import type { BookBase } from '../book/book.js';
import { Fields } from '../book/fields.js';
import { BY, COMPONENT } from '../layout.js';
import { checkBook } from '../margin.js';
import type { Confidence } from '../statistics/confidence.js';
import type { Factors } from './factors.js';
import { addHeld, openGains, tailEngine } from './gains.js';
import { mostHeld } from './holdings.js';
import { COMPONENTS, MEASURE_KEYS, type MeasureOptions, measureOf, openMeasure, type RiskMeasure } from './measure.js';
import type { Scenarios } from './types.js';

/** What is measured, by which rows. */
export interface ValueAtRiskOptions extends MeasureOptions {
  /** A row for each margin unit (default), or for each account with all its buckets. */
  by?: 'unit' | 'account';
  /** By id of a market, an underlying or an asset: the name of the scenarios that it moves with, or null where it stays. */
  factors?: Factors;
  /** Takes this measure apart: fills `component` and `total`. */
  components?: RiskMeasure;
  /** Keeps the scenarios of each tail: fills `tail`. */
  tails?: boolean;
}

/**
 * Columns by unit or account, in the numeraire, **losses positive**. **Borrowed** as the columns of `margin` are: the next call
 * overwrites them, growth of the book detaches them; `copy()` owns.
 */
export interface ValueAtRisk {
  /** What a row is. */
  readonly by: 'unit' | 'account';
  /** Level of both measures. */
  readonly confidence: Confidence;
  /** Value at risk by row, numeraire, a loss positive. */
  readonly var: Float64Array;
  /** Expected shortfall by row, numeraire, a loss positive. */
  readonly es: Float64Array;
  /** Where components were asked for: their sums, in row order. They differ from the measure by rounding alone. */
  readonly total?: Float64Array;
  /** Parts by position row and by balance row, that of what a balance holds in an asset whose price moves. */
  readonly component?: { readonly position: Float64Array; readonly balance: Float64Array };
  /** Scenarios of row i: `scenario[i * length]` is the worst, then the next; 0xffffffff behind the last. */
  readonly tail?: { readonly length: number; readonly scenario: Uint32Array };
  /** Markets and assets that are held and stay where they are in all scenarios. */
  readonly still: readonly string[];
  /** The tail has less than one scenario, so both measures are the worst of all: take more scenarios or a lower confidence. */
  readonly thin: boolean;
  /** The same columns in arrays of their own, which the next call leaves alone. */
  copy(): ValueAtRisk;
}

const BYS = { unit: BY.unit, account: BY.account } as const;
const KEYS = [...MEASURE_KEYS, 'by', 'factors', 'components', 'tails'] as const;

const owned = ({ copy, ...risk }: ValueAtRisk): ValueAtRisk => {
  const copied: ValueAtRisk = {
    ...structuredClone(risk),
    copy: () => owned(copied),
  };
  return copied;
};

/**
 * Value at risk and expected shortfall of every margin unit, or of every account: profits of all positions and of balances whose
 * price moves, revalued in full in each scenario; open orders do not count.
 * @param scenarios - moves of underlyings, markets or assets by name; made by `historical`, `filtered`, `monteCarlo` ... and not changed
 *   afterwards
 * @returns columns in the numeraire, losses positive; borrowed until the next call
 * @throws MarginError with the path of what is wrong; unknown-id where the scenarios do not say how something held moves
 * @see C. Acerbi, D. Tasche, On the coherence of expected shortfall (Journal of Banking & Finance 26, 2002)
 * @example
 * const { var: v, es } = valueAtRisk(book, scenarios, { confidence: '0.99' });
 * console.log(v[0], es[0]);
 */
export function valueAtRisk(book: BookBase, scenarios: Scenarios, options: ValueAtRiskOptions = {}): ValueAtRisk {
  checkBook(book);
  const f = new Fields(options, 'options', KEYS);
  const by = f.word('by', BYS, 'unit');
  const component = f.has('components') ? f.word('components', COMPONENTS) : COMPONENT.none;
  const tails = f.boolean('tails', false);
  const engine = tailEngine(book);
  const { store } = book;
  const held = new Uint8Array(book.markets + book.assets);
  for (let u = 0; u < book.units; u++) addHeld(book, u, held);
  const still = openGains(book, scenarios, held, options.factors);
  const measure = measureOf(options, f, scenarios);
  const rows = by === BY.account ? book.accounts : book.units;
  const [positions, balances] = [store.count('position'), store.count('balance')];
  openMeasure(store, measure, scenarios, { by, component, tails });
  store.setCount('holding', mostHeld(book, by === BY.account));
  store.setCount('loss', rows);
  if (tails) store.setCount('worst', rows * measure.keep);
  if (component !== COMPONENT.none) {
    store.setCount('positionRisk', positions);
    store.setCount('balanceRisk', balances);
    // Rows that updates have left empty belong to no unit: nothing else writes them.
    store.columns.positionRisk.component.fill(0, 0, positions);
    store.columns.balanceRisk.component.fill(0, 0, balances);
  }
  engine.tails(store, 0, rows);
  const { loss, worst, positionRisk, balanceRisk } = store.columns;
  const risk: ValueAtRisk = {
    by: by === BY.account ? 'account' : 'unit',
    confidence: options.confidence ?? '0.99',
    var: loss.risk.subarray(0, rows),
    es: loss.shortfall.subarray(0, rows),
    ...(component === COMPONENT.none
      ? {}
      : {
          total: loss.total.subarray(0, rows),
          component: {
            position: positionRisk.component.subarray(0, positions),
            balance: balanceRisk.component.subarray(0, balances),
          },
        }),
    ...(tails ? { tail: { length: measure.keep, scenario: worst.scenario.subarray(0, rows * measure.keep) } } : {}),
    still,
    thin: measure.thin,
    copy: () => owned(risk),
  };
  return risk;
}
