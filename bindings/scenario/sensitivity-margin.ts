// Margin of sensitivities: delta, vega and curvature, who owes what of it, and what more sensitivities would cost.
// Rule: interest-rate risk class of ISDA SIMM, in docs/sensitivities.md, which says what of it is certain.

import { Fields } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { type QuadraticRoot, quadraticRoot, type RootBucket } from './quadratic-root.js';
import { type Curvature, curvatureOf } from './sensitivity-curvature.js';
import { type Horizon, SensitivityModel } from './sensitivity-model.js';
import {
  type CurrencyBucket,
  type Factor,
  KIND,
  type Portfolio,
  readSensitivities,
  type SensitivityLists,
} from './sensitivity-rows.js';
import type {
  SensitivityComponent,
  SensitivityJSON,
  SensitivityMargin,
  SensitivityModelJSON,
  SensitivitySide,
  SensitivityWhatIf,
} from './sensitivity-types.js';

/** What a margin of sensitivities is asked with. */
export interface SensitivityOptions {
  /** A horizon of the model; default its first. */
  horizonDays?: Decimal;
}

/** A margin whose terms are sensitivities times weights, with its parts. */
interface Part {
  value: number;
  buckets: number[];
  concentration: number[];
  /** Margin without concentration: it is the sum of amounts times slopes. */
  plain: number;
  slopes: Map<Factor, number>;
}

const squared = (x: number): number => x * x;

/** Derivatives by the factors of the buckets, each times a weight. */
function slopesOf(
  lists: readonly (readonly Factor[])[],
  { slopes }: QuadraticRoot,
  weight: (factor: Factor, b: number) => number,
): Map<Factor, number> {
  return new Map(
    lists.flatMap((list, b) => list.map((factor, i) => [factor, (slopes[b]?.[i] ?? 0) * weight(factor, b)] as const)),
  );
}

/** Correlation of two risk factors of one currency. */
function correlationOf(model: SensitivityModel, a: Factor, b: Factor): number {
  if (a === b) return 1;
  if (a.kind === KIND.basis || b.kind === KIND.basis) return model.basisCorrelation ?? 0;
  if (a.tenor < 0 || b.tenor < 0) return model.inflationCorrelation ?? 0;
  const tenors = model.tenorCorrelation[a.tenor]?.[b.tenor] ?? 0;
  return a.curve === b.curve ? tenors : tenors * model.subCurveCorrelation;
}

/** How much more each unit counts in a currency whose net sensitivity is beyond the threshold. */
function concentrationOf(factors: readonly Factor[], threshold: number | null): number {
  if (threshold === null) return 1;
  const net = factors.reduce((sum, { kind, amount }) => (kind === KIND.basis ? sum : sum + amount), 0);
  return Math.max(1, Math.sqrt(Math.abs(net) / threshold));
}

/** Delta or vega: the root of weighted sensitivities. */
function partOf(
  model: SensitivityModel,
  lists: readonly (readonly Factor[])[],
  thresholds: readonly (number | null)[],
  weight: (factor: Factor, b: number) => number,
): Part {
  const root = (factors: readonly number[]): QuadraticRoot =>
    quadraticRoot(
      lists.map(
        (list, b): RootBucket => ({
          terms: list.map((f) => weight(f, b) * f.amount * (f.kind === KIND.basis ? 1 : (factors[b] ?? 1))),
          correlation: (i, j) => correlationOf(model, list[i]!, list[j]!),
          concentration: factors[b] ?? 1,
        }),
      ),
      model.currencyCorrelation ?? 0,
    );
  const concentration = lists.map((list, b) => concentrationOf(list, thresholds[b] ?? null));
  const whole = root(concentration);
  const plain = concentration.every((factor) => factor === 1) ? whole : root(lists.map(() => 1));
  return {
    value: whole.value,
    buckets: whole.buckets,
    concentration,
    plain: plain.value,
    slopes: slopesOf(lists, plain, weight),
  };
}

/** A side, and which row owes what of it: derivatives times the row's own part of the factor. */
function sideOf(portfolio: Portfolio, delta: Part, vega: Part, curvature: Curvature, bucket: number): SensitivitySide {
  const components: SensitivityComponent[] = [];
  const add = (row: number | null, part: SensitivityComponent['part'], amount: number): void => {
    components.push({ row, part, amount: amount + 0 });
  };
  portfolio.rows.forEach(({ factor, amount, curvature: scaled }, row) => {
    const by = (slopes: ReadonlyMap<Factor, number>): number => slopes.get(factor) ?? 0;
    if (factor.kind < KIND.vega) {
      add(row, 'delta', amount * by(delta.slopes));
    } else {
      add(row, 'vega', amount * by(vega.slopes));
      add(row, 'curvature', scaled * by(curvature.slopes));
    }
  });
  add(null, 'deltaConcentration', delta.value - delta.plain);
  add(null, 'vegaConcentration', vega.value - vega.plain);
  return {
    delta: delta.value,
    vega: vega.value,
    curvature: curvature.value,
    curvatureBucket: bucket,
    total: delta.value + vega.value + curvature.value,
    attribution: { components, total: components.reduce((total, { amount }) => total + amount, 0) },
  };
}

function marginOf(lists: SensitivityLists, model: SensitivityModel, horizon: Horizon): SensitivityMargin {
  const portfolio = readSensitivities(lists, model, horizon);
  const { buckets } = portfolio;
  const deltas = buckets.map(({ delta }) => delta);
  const vegas = buckets.map(({ vega }) => vega);
  const delta = partOf(
    model,
    deltas,
    buckets.map(({ group }) => group.delta),
    ({ kind, tenor }, b) => {
      if (kind === KIND.inflation) return horizon.inflationRiskWeight;
      return kind === KIND.basis ? horizon.basisRiskWeight : (buckets[b]?.group.riskWeights[tenor] ?? 0);
    },
  );
  const vega = partOf(
    model,
    vegas,
    buckets.map(({ group }) => group.vega),
    () => horizon.vegaRiskWeight,
  );
  // Curvature knows no concentration, and its correlations are squares.
  const root = quadraticRoot(
    vegas.map((list) => ({
      terms: list.map(({ curvature }) => curvature),
      correlation: (i, j) => squared(correlationOf(model, list[i]!, list[j]!)),
      concentration: 1,
    })),
    squared(model.currencyCorrelation ?? 0),
  );
  const side = (sign: 1 | -1): SensitivitySide =>
    sideOf(portfolio, delta, vega, curvatureOf(model, horizon, vegas, root, sign), root.value);
  return {
    model: model.id,
    version: model.version,
    horizonDays: horizon.days,
    call: side(1),
    post: side(-1),
    buckets: buckets.map(({ currency, group }: CurrencyBucket, b) => ({
      currency,
      group: group.id,
      delta: delta.buckets[b] ?? 0,
      vega: vega.buckets[b] ?? 0,
      curvature: root.buckets[b] ?? 0,
      deltaConcentration: delta.concentration[b] ?? 1,
      vegaConcentration: vega.concentration[b] ?? 1,
    })),
  };
}

/** The horizon that is asked for, by name in the options. */
function horizonOf(rules: SensitivityModel, options: SensitivityOptions): Horizon {
  const f = new Fields(options, 'options', ['horizonDays']);
  return rules.horizon(f.raw('horizonDays'), 'horizonDays');
}

const checked = (model: SensitivityModel | SensitivityModelJSON): SensitivityModel =>
  model instanceof SensitivityModel ? model : new SensitivityModel(model);

/**
 * Margin of sensitivities by a model, for both parties, with an attribution to the rows.
 * @param sensitivities - rows in one currency (see SensitivityJSON); none: the margin is 0
 * @param model - as JSON, or checked before by `new SensitivityModel(json)`
 * @returns amounts in the currency of the rows, each at least 0
 * @throws MarginError with the path of what is wrong in `sensitivities`, `model` or `horizonDays`
 * @see docs/sensitivities.md
 * @example
 * sensitivityMargin([{ kind: 'delta', currency: 'USD', tenor: '2w', curve: 'OIS', amount: 4e6 }], simm26).call.total // 436e6
 */
export function sensitivityMargin(
  sensitivities: readonly SensitivityJSON[],
  model: SensitivityModel | SensitivityModelJSON,
  options: SensitivityOptions = {},
): SensitivityMargin {
  const rules = checked(model);
  return marginOf([[sensitivities, 'sensitivities']], rules, horizonOf(rules, options));
}

/**
 * What some more sensitivities would change: the margin without and with them, and the difference.
 * @param added - rows on top of `sensitivities`; with the sign turned they take a position off
 * @returns `after` attributes to the rows of `sensitivities`, then to those of `added`
 * @throws MarginError with the path of what is wrong in `sensitivities`, `added`, `model` or `horizonDays`
 * @example
 * sensitivityWhatIf(
 *   [{ kind: 'delta', currency: 'USD', tenor: '1y', curve: 'Prime', amount: 3e6 }],
 *   [{ kind: 'delta', currency: 'USD', tenor: '1y', curve: 'Prime', amount: -1e6 }],
 *   simm26,
 * ).incremental.call.total // -66e6
 */
export function sensitivityWhatIf(
  sensitivities: readonly SensitivityJSON[],
  added: readonly SensitivityJSON[],
  model: SensitivityModel | SensitivityModelJSON,
  options: SensitivityOptions = {},
): SensitivityWhatIf {
  const rules = checked(model);
  const horizon = horizonOf(rules, options);
  const base = [sensitivities, 'sensitivities'] as const;
  const before = marginOf([base], rules, horizon);
  const after = marginOf([base, [added, 'added']], rules, horizon);
  const change = (side: 'call' | 'post'): SensitivityWhatIf['incremental']['call'] => ({
    delta: after[side].delta - before[side].delta,
    vega: after[side].vega - before[side].vega,
    curvature: after[side].curvature - before[side].curvature,
    total: after[side].total - before[side].total,
  });
  return { before, after, incremental: { call: change('call'), post: change('post') } };
}
