// Quantiles and shortfalls of samples by the conventions of the systems that print them. Samples of gains have losses negative; a
// sample of losses is turned around before it is asked.
import {
  ageWeights,
  complement,
  meanAtOrBelow,
  type QuantileRule,
  quantile,
  quantiles,
  type ShortfallConvention,
  STRATA_RULES,
  sampleShortfall,
  sampleVar,
  tailRank,
  weightedTail,
} from 'margin-kernel/statistics';
import { type Adapter, type Adapters, type Answer, answers } from './adapter.js';

type Level = number | string;
/** [scenario, loss]. */
type Numbered = [number, number];

interface Levels {
  sample: number[];
  levels: Level[];
}

/** Inputs as they are written: a level that is a fraction stays one. */
const exactly =
  <Inputs>(answer: (inputs: Inputs) => Answer): Adapter =>
  (inputs) =>
    answer(inputs as Inputs);

const turned = (losses: number[]): number[] => losses.map((loss) => -Number(loss));
const lossesOf = (worst: Numbered[]): number[] => worst.map(([, loss]) => Number(loss));

/** The quantiles of a sample by several rules. */
const byRule =
  (rules: Readonly<Record<string, QuantileRule>>) =>
  ({ sample, levels }: Levels): Answer =>
    Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, quantiles(sample, levels, rule)]));

const TYPES: Readonly<Record<string, QuantileRule>> = {
  type1: 1,
  type2: 2,
  type3: 3,
  type4: 4,
  type5: 5,
  type6: 6,
  type7: 7,
  type8: 8,
  type9: 9,
};

export const strata: Adapters = {
  'quantile-conventions': exactly<Levels>(byRule(STRATA_RULES)),
  'age-weighted-quantile': exactly<Levels & { lam: number }>(({ sample, lam, levels }) => {
    const weights = ageWeights(sample.length, lam);
    return answers(levels, (level) => {
      const tail = weightedTail(turned(sample), weights, level, { interpolation: 'linear' });
      return { quantile: tail.valueAtRisk, expectedShortfall: tail.shortfall };
    });
  }),
};

export const numpy: Adapters = { 'quantile-conventions': exactly<Levels>(byRule(TYPES)) };

export const hull: Adapters = {
  'age-weighted': exactly<{ n: number; lam: number; worst: Numbered[]; confidence: Level }>(
    ({ n, lam, worst, confidence }) => {
      const all = ageWeights(n, lam);
      const weights = worst.map(([scenario]) => all[scenario - 1] ?? 0);
      const tail = weightedTail({ worst: lossesOf(worst) }, weights, confidence);
      return { weights, VaR: tail.valueAtRisk, ES: tail.shortfall };
    },
  ),
  'historical-simulation': exactly<{ n: number; worst: Numbered[]; confidence: Level }>(({ n, worst, confidence }) => {
    const known = { worst: lossesOf(worst), count: n };
    return {
      VaR: sampleVar(known, confidence).valueAtRisk,
      ES: sampleShortfall(known, confidence).shortfall,
    };
  }),
};

export const ore: Adapters = {
  'historical-simulation': exactly<{ pnl: number[]; p: Level[] }>(({ pnl, p }) =>
    answers(p, (level) => {
      const bound = quantile(pnl, level, 'from-above');
      return { quantile: bound, meanBelowQuantile: meanAtOrBelow(pnl, bound).mean };
    }),
  ),
};

const RISKS: Readonly<Record<string, QuantileRule>> = { type1_kth: 1, type7: 7, hazen5: 5, weibull6: 6 };
const SHORTFALLS: Readonly<Record<string, ShortfallConvention>> = {
  rockafellarUryasev: 'rockafellar-uryasev',
  acerbiTaschePartialAtom: 'acerbi-tasche',
  meanAtOrBeyondKth: 'at-or-beyond',
  meanStrictlyBeyondKth: 'beyond',
  meanStrictlyBeyondType7: 'beyond-type-7',
};

export const comparison: Adapters = {
  'es-conventions': exactly<{ pnl: number[]; alpha: Level[] }>(({ pnl, alpha }) => {
    const confidences = alpha.map((level) => complement(level));
    const each = <W>(names: Readonly<Record<string, W>>, figure: (word: W, confidence: string) => number | null) =>
      Object.fromEntries(Object.entries(names).map(([name, word]) => [name, confidences.map((c) => figure(word, c))]));
    return {
      VaR: each(RISKS, (type, confidence) => sampleVar(pnl, confidence, { type }).valueAtRisk),
      ES: each(SHORTFALLS, (convention, confidence) => sampleShortfall(pnl, confidence, { convention }).shortfall),
    };
  }),
};

export const formula: Adapters = {
  'quantile-index': exactly<{ fields: string[]; rows: Level[][] }>(({ fields, rows }) => ({
    k: rows.map((row) => {
      const at = (name: string): Level => row[fields.indexOf(name)] ?? '';
      return tailRank(Number(at('n')), at('confidence'));
    }),
  })),
};
