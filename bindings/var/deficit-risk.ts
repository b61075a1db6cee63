// What a venue may be left with: in each scenario the sum of what margin units lack once all they have is gone, and value at risk and
// expected shortfall of that sum. Prices gap: nobody is liquidated on the way. How large a fund has to be follows from it
// (sizeFund of margin-kernel/venue).
import type { BookBase } from '../book/book.js';
import { Fields } from '../book/fields.js';
import { margin } from '../margin.js';
import { sampleShortfall, sampleVar } from '../statistics/empirical/shortfall.js';
import { weightedTail } from '../statistics/empirical/weighted.js';
import type { Factors } from './factors.js';
import { addHeld, openGains, tailEngine } from './gains.js';
import { mostHeld } from './holdings.js';
import { MEASURE_KEYS, type MeasureOptions, measureOf, openMeasure } from './measure.js';
import type { Scenarios } from './types.js';

/** What is measured, and what the scenarios move. */
export interface DeficitRiskOptions extends MeasureOptions {
  /** By id of a market, an underlying or an asset: the name of the scenarios that it moves with, or null where it stays. */
  factors?: Factors;
}

/** Numeraire; deficits are positive. */
export interface DeficitRisk {
  /** Value at risk and expected shortfall of the deficit of all units together. */
  var: number;
  /** Expected shortfall of the deficit of all units together. */
  es: number;
  /** Mean over the scenarios, by their weights. */
  mean: number;
  /** Share of the scenarios, by weight, in which anything is lacking. */
  chance: number;
  /** The largest deficit, and where. */
  worst: { scenario: number; label: string; deficit: number; units: number };
  /** By scenario: what is lacking, and how many margin units lack something. */
  deficits: Float64Array;
  /** By scenario: margin units that lack something. */
  units: Float64Array;
  /** Markets and assets that are held and stay where they are in all scenarios. */
  still: string[];
  /** The tail has less than one scenario: both measures are the worst of all. */
  thin: boolean;
}

/**
 * Value at risk of a venue's bad debt: what all margin units of a book together lack, each isolated bucket for itself, if prices gapped
 * from where they are to each scenario. What one unit has left does not pay for another.
 * @returns numeraire, deficits positive
 * @throws MarginError as valueAtRisk
 * @see CPSS-IOSCO, Principles for financial market infrastructures (2012), principle 4; arXiv 2512.01112 sizes funds by such a quantile
 * @example
 * const { es, chance, worst } = deficitRisk(book, scenarios, { confidence: '0.995' });
 */
export function deficitRisk(book: BookBase, scenarios: Scenarios, options: DeficitRiskOptions = {}): DeficitRisk {
  margin(book);
  const engine = tailEngine(book);
  const f = new Fields(options, 'options', [...MEASURE_KEYS, 'factors']);
  const held = new Uint8Array(book.markets + book.assets);
  for (let u = 0; u < book.units; u++) addHeld(book, u, held);
  const still = openGains(book, scenarios, held, options.factors);
  const measure = measureOf(options, f, scenarios);
  const { store } = book;
  openMeasure(store, measure, scenarios);
  store.setCount('holding', mostHeld(book, false));
  store.setCount('deficit', 0);
  store.setCount('deficit', store.count('quote'));
  engine.deficits(store, 0, book.units);
  const { count, weights, labels, first } = scenarios;
  const deficits = store.columns.deficit.amount.slice(0, count);
  const units = store.columns.deficit.units.slice(0, count);
  const at = deficits.reduce((most, deficit, s) => (deficit > (deficits[most] ?? 0) ? s : most), 0);
  const weightOf = (s: number): number => weights?.[s] ?? 1 / count;
  const profits = deficits.map((deficit) => 0 - deficit);
  const { confidence = '0.99', type = 1, convention = 'acerbi-tasche' } = options;
  const measured = weights
    ? weightedTail(profits, weights, confidence)
    : {
        ...sampleVar(profits, confidence, { type }),
        shortfall: sampleShortfall(profits, confidence, { convention }).shortfall,
      };
  return {
    var: measured.valueAtRisk,
    // Where nothing is beyond, the value at risk is the largest deficit.
    es: measured.shortfall ?? measured.valueAtRisk,
    mean: deficits.reduce((sum, deficit, s) => sum + weightOf(s) * deficit, 0),
    chance: deficits.reduce((sum, deficit, s) => (deficit > 0 ? sum + weightOf(s) : sum), 0),
    worst: {
      scenario: at,
      label: labels?.[at] ?? String((first ?? 0) + at),
      deficit: deficits[at] ?? 0,
      units: units[at] ?? 0,
    },
    deficits,
    units,
    still,
    thin: measure.thin,
  };
}
