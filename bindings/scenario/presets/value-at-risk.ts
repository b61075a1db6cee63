// Initial margin by value at risk: an expected shortfall or a value at risk over a margin period of risk, from scenarios that are data
// (historical, filtered, simulated), with add-ons and the tools against procyclicality of EMIR. docs/var-margin.md has every option.
// Sources: Regulation (EU) No 153/2013 (RTS of EMIR) Art. 24-28; CME SPAN 2: historical and stressed risk, liquidity, concentration.
import { decimal } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { fractionText } from '../../liquidation/exact.js';
import { type Confidence, tailShare } from '../../statistics/confidence.js';
import { rankOf } from '../../statistics/empirical/quantile.js';
import type { ModelJSON, PartJSON } from '../types.js';
import { ageOf } from './age-weights.js';
import {
  type Check,
  checked,
  fields,
  HEAD,
  like,
  listOf,
  number,
  numberIn,
  orNull,
  rowsOf,
  text,
  word,
} from './options.js';
import {
  type AddOnOptions,
  concentrationOf,
  type LiquidityFigures,
  liquidityOf,
  minimumOf,
} from './value-at-risk-add-ons.js';
import {
  checkScenarios,
  type MovesAs,
  movesVolatility,
  type NamedSet,
  type Proxies,
  type ScenarioSet,
  tableOf,
  underlyingsOf,
} from './value-at-risk-table.js';

export interface ValueAtRiskMarginOptions extends AddOnOptions {
  /** Name of the model; default `value-at-risk`. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. Default none. */
  cash?: string;
  /** In words, for reports. Carried. */
  title?: string;
  /** Of the calibration. Carried. */
  version?: string;
  /** Day of the calibration. Carried. */
  asOf?: string;
  /** Where the scenarios come from. Carried. */
  source?: string;
  /** What underlyings did: the window that margin is measured on. */
  scenarios: ScenarioSet;
  /** Mean of the tail (Acerbi-Tasche), the default, or its first loss (the ceil(alpha n)-th worst). */
  measure?: 'expected-shortfall' | 'value-at-risk';
  /** 0.99 or more under EMIR Art. 24; text, so that ranks are exact. */
  confidence: Confidence;
  /** Of a value at risk: what a scenario weighs over the next younger one, which stands behind it; default: all weigh the same. */
  decay?: number;
  /**
   * Margin period of risk. `overlapping`: every scenario spans the days; `square-root`: every move times the root of the days over
   * those that it spans. Default: what the scenarios span.
   */
  period?: { days: number; scaling: 'overlapping' | 'square-root' };
  /** Share of the benefit of a combined portfolio over its underlyings alone that counts; default 1. EMIR Art. 27: at most 0.8. */
  netting?: number;
  /** Another window, and the weight of its measure beside that of the first: EMIR Art. 28(1)(b) has 0.25 or more. */
  stressed?: { scenarios: ScenarioSet; weight: number };
  /** Of the measure of the first window; `setFactor` and `followMargin` put another in its place while a book runs. */
  multiplier?: number;
  /** Share on top: EMIR Art. 28(1)(a) has 0.25 or more, which may be used up while margins rise. */
  buffer?: number;
  /** Window whose margin is the least: EMIR Art. 28(1)(c) has ten years. */
  floor?: { scenarios: ScenarioSet };
  /** Maintenance as a share of the initial requirement; default 1. */
  maintenance?: number;
  /** Underlyings that move as others do; needed where one set of scenarios knows what another does not. */
  proxies?: Readonly<Record<string, MovesAs>>;
  /** All other underlyings: an account of the model can not hold them (`refused`, the default), or they move as one does. */
  others?: 'refused' | MovesAs;
  /**
   * Implied volatilities move as the scenarios say, or stay; null: accounts hold no options. Default `scenarios` where they say it of
   * every name, else null.
   */
  volatility?: 'scenarios' | 'still' | null;
  /** Unit that risk arrays are rounded to, numeraire; default: none. */
  quantum?: number;
  /** Open orders: the worst of none, all bids and all asks filled (`sides`), or they do not count. */
  orders?: 'sides' | 'none';
}

const share: Check = (value, path) => {
  number(value, path);
  decimal(value, path, { min: 0, max: 1 });
};
const atLeast0: Check = (value, path) => {
  number(value, path);
  decimal(value, path, { min: 0, max: 1e6 });
};
const above0: Check = (value, path) => {
  number(value, path);
  decimal(value, path, { above: 0 });
};
const level: Check = (value, path) => void tailShare(value as Confidence, path);
const scenarios: Check = (value, path) => checkScenarios(value, path);
const proxy: Check = (value, path) => {
  if (typeof value === 'string') return text(value, path);
  fields<{ of: string; times: number }>({ of: text, times: above0 }, ['of'])(value, path);
};

const OPTIONS = fields<ValueAtRiskMarginOptions>(
  {
    ...HEAD,
    title: text,
    version: text,
    asOf: text,
    source: text,
    scenarios,
    measure: word('expected-shortfall', 'value-at-risk'),
    confidence: level,
    decay: share,
    period: fields<NonNullable<ValueAtRiskMarginOptions['period']>>(
      { days: above0, scaling: word('overlapping', 'square-root') },
      ['days', 'scaling'],
    ),
    netting: share,
    stressed: fields<NonNullable<ValueAtRiskMarginOptions['stressed']>>({ scenarios, weight: share }, [
      'scenarios',
      'weight',
    ]),
    multiplier: atLeast0,
    // Ten times as much again is a percentage that was meant as a share.
    buffer: numberIn({ min: 0, max: 10 }),
    floor: fields<NonNullable<ValueAtRiskMarginOptions['floor']>>({ scenarios }, ['scenarios']),
    liquidity: rowsOf(
      fields<LiquidityFigures>(
        { halfSpread: share, optionHalfSpread: share, volume: above0, perDay: share, most: share, free: atAmount },
        ['halfSpread'],
      ),
    ),
    concentration: rowsOf(like({ threshold: 0, slope: 0, most: 0 })),
    tiers: listOf(fields<{ upTo: number | null; rate: number }>({ upTo: orNull(above0), rate: atLeast0 }, ['rate'])),
    minimum: rowsOf(atAmount),
    maintenance: share,
    proxies: rowsOf(proxy),
    others: proxy,
    volatility: orNull(word('scenarios', 'still')),
    quantum: number,
    orders: word('sides', 'none'),
  },
  ['scenarios', 'confidence'],
);

function atAmount(value: unknown, path: string): void {
  number(value, path);
  decimal(value, path, { min: 0 });
}

/** How far the moves of a set go within the period. @throws MarginError where they do not span it and nothing says how they grow */
function timesOf(
  { horizon }: ScenarioSet,
  period: ValueAtRiskMarginOptions['period'],
  path: string,
  first: number,
): number {
  const { days, scaling } = period ?? { days: first, scaling: 'overlapping' };
  if (scaling === 'square-root') return Math.sqrt(days / horizon);
  if (horizon === days) return 1;
  throw new MarginError('conflict', {
    path: `${path}.horizon`,
    got: horizon,
    expected: `${days} days, the margin period of risk`,
    hint: 'Make scenarios of so many days, or say "period": { "days": ..., "scaling": "square-root" }',
  });
}

type Reduce = Extract<PartJSON, { scan: string }>['reduce'];

/** How a scan makes one loss of those of a set. */
function reduceOf(set: ScenarioSet, options: ValueAtRiskMarginOptions, path: string): Reduce {
  const { measure = 'expected-shortfall', confidence, decay } = options;
  const tail = tailShare(confidence);
  const { count } = set;
  if (BigInt(count) * tail.numerator < tail.denominator)
    throw new MarginError('range', {
      path: `${path}.count`,
      got: count,
      expected: `at least ${(tail.denominator + tail.numerator - 1n) / tail.numerator} scenarios: the tail would be less than one`,
      hint: 'More scenarios, or a lower confidence',
    });
  const age = ageOf(set, decay, path);
  if (age !== undefined && measure === 'expected-shortfall')
    throw new MarginError('conflict', {
      path: decay === undefined ? `${path}.weights` : 'decay',
      expected: 'none with a shortfall, which weighs all scenarios alike',
      hint: 'Say "measure": "value-at-risk"; a stressed window has a weight of its own under "stressed"',
    });
  if (measure === 'value-at-risk' && age === undefined) return { rank: rankOf(count, tail, 1).rank + 1 };
  const written = fractionText({ numerator: tail.denominator - tail.numerator, denominator: tail.denominator });
  if (!/^0\.\d{1,15}$/.test(written))
    throw new MarginError('inexact', {
      path: 'confidence',
      got: confidence,
      expected: 'a decimal of at most 15 digits, such as "0.99"',
    });
  return age === undefined ? { shortfall: written } : { aged: written, decay: age };
}

/** The measure of a set, with the share of netting that counts. */
function measured(set: string, id: string, reduce: Reduce, netting: number): PartJSON {
  const scan = { scan: set, ...(reduce === undefined ? {} : { reduce }) };
  if (netting === 1) return { id, ...scan };
  return {
    id,
    sum: [
      { id: 'combined', ...scan, factor: netting },
      { id: 'each alone', each: { id: 'alone', ...scan }, factor: 1 - netting },
    ],
  };
}

/** Margin of the market's moves: measured, multiplied, weighted with stress, buffered, and not below its floor, in this order. */
function riskOf(options: ValueAtRiskMarginOptions, reduce: ReadonlyMap<string, Reduce>): PartJSON {
  const { measure = 'expected-shortfall', netting = 1, stressed, multiplier, buffer, floor } = options;
  const name = measure === 'expected-shortfall' ? 'expected shortfall' : 'value at risk';
  const of = (set: string, id: string): PartJSON => measured(set, id, reduce.get(set), netting);
  const steps: ((part: PartJSON) => PartJSON)[] = [];
  if (multiplier !== undefined) steps.push((part) => ({ id: 'multiplier', sum: [part], factor: multiplier }));
  if (stressed) {
    const { weight } = stressed;
    steps.push((recent) => ({
      id: 'stress weighted',
      sum: [
        { id: 'recent', sum: [recent], factor: 1 - weight },
        { id: 'stressed', sum: [of('stressed', `stressed ${name}`)], factor: weight },
      ],
    }));
  }
  if (buffer !== undefined) steps.push((part) => ({ id: 'buffer', sum: [part], factor: 1 + buffer }));
  if (floor) steps.push((part) => ({ id: 'floored', max: [part, of('floor', 'floor')] }));
  return steps.reduce((part, step) => step(part), of('scan', name));
}

/** Whether volatilities move, and whether accounts may hold options. @throws MarginError where the scenarios do not say it */
function volatilityOf(
  { volatility }: ValueAtRiskMarginOptions,
  sets: readonly NamedSet[],
): { moves: boolean; options: boolean } {
  const silent = sets.find(({ scenarios }) => !movesVolatility(scenarios));
  if (volatility === null || (volatility === undefined && silent)) return { moves: false, options: false };
  if (volatility === 'still') return { moves: false, options: true };
  if (!silent) return { moves: true, options: true };
  throw new MarginError('missing-key', {
    path: `${silent.path}.volatilities`,
    expected: 'moves of the volatility of every name',
    hint: 'Say "volatility": "still" where options are to be margined without, null where accounts hold none',
  });
}

function setsOf(options: ValueAtRiskMarginOptions): NamedSet[] {
  const { scenarios: first, stressed, floor, period } = options;
  const set = (name: string, letter: string, from: ScenarioSet, path: string): NamedSet => ({
    set: name,
    letter,
    scenarios: from,
    times: timesOf(from, period, path, first.horizon),
    path,
  });
  return [
    set('scan', 's', first, 'scenarios'),
    ...(stressed ? [set('stressed', 't', stressed.scenarios, 'stressed.scenarios')] : []),
    ...(floor ? [set('floor', 'f', floor.scenarios, 'floor.scenarios')] : []),
  ];
}

/**
 * A margin model by value at risk or expected shortfall over scenarios. Losses are positive, and a requirement is not negative.
 * @param options - scenarios and confidence; measure, period of risk, tools against procyclicality, add-ons
 * @returns the model, whose parts have their names in explanations
 * @throws MarginError with the path of the option: unknown words and keys, too few scenarios for the confidence, moves that do not span
 *   the period, underlyings that no scenarios know
 * @see Regulation (EU) No 153/2013 Art. 24-28
 * @example
 * const scenarios = { method: 'historical', names: ['BTC'], count: 4, moves: [[-0.08, 0.05, -0.02, 0.01]], horizon: 1 };
 * const model = presets.valueAtRisk({ scenarios, measure: 'value-at-risk', confidence: '0.75', buffer: 0.25 });
 * console.log(scenarioTable(model, 'BTC').map(({ move }) => move)); // [ -0.08, 0.05, -0.02, 0.01 ]
 */
export function valueAtRisk(options: ValueAtRiskMarginOptions): ModelJSON {
  // Read in one go, so that who asks for the options of a preset sees all of them.
  const given = checked(options, OPTIONS);
  const { id = 'value-at-risk', cash, quantum, orders, proxies = {}, others = 'refused', maintenance = 1 } = given;
  const { scenarios: first, measure = 'expected-shortfall', confidence } = given;
  const rules: Proxies = { proxies, others };
  const sets = setsOf(given);
  const names = underlyingsOf(sets, rules);
  const reduce = new Map(sets.map(({ set, scenarios: of, path }) => [set, reduceOf(of, given, path)]));
  const { moves, options: hasOptions } = volatilityOf(given, sets);
  const table = tableOf(sets, rules, moves);
  const charges = [liquidityOf(given, names, hasOptions), concentrationOf(given, names)];
  const least = minimumOf(given, names, hasOptions);
  const parameters = Object.fromEntries(
    Object.entries(table.parameters).map(([name, row]) => [
      name,
      Object.assign(row, ...[...charges, least].map(({ figures }) => figures(name))),
    ]),
  );
  const added = charges.flatMap(({ parts }) => parts);
  const risk = riskOf(given, reduce);
  const margin: PartJSON = added.length === 0 ? risk : { id: 'margin', sum: [risk, ...added] };
  const days = given.period?.days ?? first.horizon;
  const name = measure === 'expected-shortfall' ? 'expected shortfall' : 'value at risk';
  return {
    id,
    title: given.title ?? `Margin by ${name}`,
    version: given.version ?? `${confidence}, ${days} days, ${first.count} ${first.method} scenarios`,
    asOf: given.asOf ?? '2026-11-21',
    source: given.source ?? 'https://eur-lex.europa.eu/eli/reg_del/2013/153/oj Art. 24-28',
    ...(cash === undefined ? {} : { cash }),
    ...(quantum === undefined ? {} : { quantum }),
    ...(orders === undefined ? {} : { orders }),
    ...(hasOptions ? {} : { options: false }),
    ...(others === 'refused' ? { underlyings: 'named' as const } : {}),
    ...table,
    parameters,
    requirement: {
      id: 'requirement',
      max: [margin, ...least.parts],
      factor: { initial: 1, maintenance },
    },
  };
}
