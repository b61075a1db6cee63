// What is asked of tails: the confidence, the type of quantile, the convention of the shortfall; as numbers for the engines.
import type { Fields } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { BY, COMPONENT, MEASURE, MEASURE_WIDTH, SHORTFALL } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { type Confidence, quotient, type TailShare, tailShare } from '../statistics/confidence.js';
import { type QuantileType, rankOf } from '../statistics/empirical/quantile.js';
import { CONVENTIONS, type ShortfallConvention } from '../statistics/empirical/shortfall.js';
import type { Scenarios } from './types.js';

/** Which of the two measures is meant. */
export type RiskMeasure = 'value-at-risk' | 'expected-shortfall';

/** How value at risk and expected shortfall are taken. */
export interface MeasureOptions {
  /** Level as a decimal text, a fraction or a number; default 0.99. */
  confidence?: Confidence;
  /** Of value at risk, taken on profits at 1 - confidence; default 1: the loss of an own scenario. */
  type?: QuantileType;
  /** Of expected shortfall; default `acerbi-tasche`. */
  convention?: ShortfallConvention;
}
export const MEASURE_KEYS = ['confidence', 'type', 'convention'] as const;

/** A measure over a number of scenarios. */
export interface Measure {
  readonly tail: TailShare;
  /** (1 - confidence) times the scenarios, or with weights 1 - confidence. */
  readonly mass: number;
  /** Losses that are kept at most. */
  readonly keep: number;
  /** The tail has less than one scenario: both figures are the worst of all. */
  readonly thin: boolean;
  readonly terms: Float64Array;
}

/** Weights may be summed in another order; what is kept has to be enough all the same. */
const SLACK = 1 + 1e-8;

/** How many losses a tail can need at most where scenarios have weights: as many as the lightest ones that reach it. */
function mostNeeded(weights: Float64Array, share: number): number {
  const rising = weights.slice().sort();
  let sum = 0;
  for (let i = 0; i < rising.length; i++) {
    sum += rising[i] ?? 0;
    if (sum >= share * SLACK) return Math.min(i + 2, rising.length);
  }
  return rising.length;
}

/** @throws MarginError with the path of what is wrong */
export function measureOf(options: MeasureOptions, f: Fields, { count, weights }: Scenarios): Measure {
  const tail = tailShare(f.has('confidence') ? (options.confidence as Confidence) : '0.99', f.at('confidence'));
  const type = (f.has('type') ? options.type : 1) as QuantileType;
  const convention = f.word('convention', CONVENTIONS, 'acerbi-tasche');
  const { rank, share } = rankOf(count, tail, type, f.at('type'));
  const terms = new Float64Array(MEASURE_WIDTH);
  terms[MEASURE.shortfall] = convention;
  if (weights) {
    const other = type !== 1 ? 'type' : convention !== SHORTFALL.acerbiTasche ? 'convention' : undefined;
    if (other !== undefined)
      throw new MarginError('conflict', {
        path: f.at(other),
        got: options[other],
        expected: 'nothing else than the default: these scenarios have weights',
      });
    const keep = mostNeeded(weights, tail.value);
    terms[MEASURE.weighted] = 1;
    terms[MEASURE.tail] = tail.value;
    terms[MEASURE.keep] = keep;
    // As many scenarios that all weigh the same would do as well: 1 / sum of squares of the weights.
    const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
    return { tail, mass: tail.value, keep, thin: tail.value < squares, terms };
  }
  const scaled = BigInt(count) * tail.numerator;
  const whole = Number(scaled / tail.denominator);
  const rest = quotient(scaled % tail.denominator, tail.denominator);
  const excel = rankOf(count, tail, 7);
  const needs = [
    rank + (share > 0 ? 2 : 1),
    rest > 0 ? whole + 1 : whole,
    convention === SHORTFALL.beyondType7 ? excel.rank + (excel.share > 0 ? 2 : 1) : 1,
  ];
  const keep = Math.min(count, Math.max(...needs));
  const mass = quotient(scaled, tail.denominator);
  terms[MEASURE.keep] = keep;
  terms[MEASURE.rank] = rank;
  terms[MEASURE.share] = share;
  terms[MEASURE.tail] = mass;
  terms[MEASURE.whole] = whole;
  terms[MEASURE.rest] = rest;
  terms[MEASURE.excelRank] = excel.rank;
  terms[MEASURE.excelShare] = excel.share;
  return { tail, mass, keep, thin: whole === 0, terms };
}

export const COMPONENTS: Readonly<Record<RiskMeasure, number>> = {
  'value-at-risk': COMPONENT.risk,
  'expected-shortfall': COMPONENT.shortfall,
};

/** Room for a tail, and the measure where the engines read it; gains are open. */
export function openMeasure(
  store: Store,
  { terms, keep }: Measure,
  scenarios: Scenarios,
  asked: { by?: number; component?: number; tails?: boolean } = {},
): Columns {
  store.setCount('tail', keep + 2);
  if (scenarios.weights) {
    store.setCount('chance', scenarios.count);
    store.columns.chance.weight.set(scenarios.weights);
  }
  const { term } = store.columns.measure;
  const [count, width] = [term[MEASURE.scenarios] ?? 0, term[MEASURE.width] ?? 0];
  term.set(terms);
  term[MEASURE.scenarios] = count;
  term[MEASURE.width] = width;
  term[MEASURE.by] = asked.by ?? BY.unit;
  term[MEASURE.component] = asked.component ?? COMPONENT.none;
  term[MEASURE.tails] = asked.tails ? 1 : 0;
  return store.columns;
}
