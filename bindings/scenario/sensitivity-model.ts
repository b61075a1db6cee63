// A sensitivity model from JSON to checked numbers, once for any number of margins.

import { decimal, Fields, FRACTION, POSITIVE, type Range } from '../book/fields.js';
import { nearest } from '../book/nearest.js';
import { MarginError } from '../errors.js';
import { normalQuantile } from '../reference/numeric/normal.js';
import { isSemidefinite, readCorrelation } from './correlation.js';
import type { SensitivityModelJSON } from './sensitivity-types.js';

const KEYS = [
  'id',
  'title',
  'version',
  'asOf',
  'source',
  'tenors',
  'tenorCorrelation',
  'curves',
  'subCurveCorrelation',
  'currencyCorrelation',
  'inflationCorrelation',
  'basisCorrelation',
  'confidence',
  'indefinite',
  'horizons',
] as const;
const HORIZON_KEYS = ['days', 'vegaRiskWeight', 'hvr', 'inflationRiskWeight', 'basisRiskWeight', 'groups'] as const;
/** What is not further from 0 and 1 keeps every square finite and above 0. */
const WEIGHT: Range = { min: 0, max: 1e6, least: 1e-6 };
const RATIO: Range = { above: 0, max: 1e3, least: 1e-3 };
const DAYS: Range = { above: 0, max: 1e5, least: 1e-6 };
const MOST_TENORS = 1000;
const TENOR = /^([1-9]\d{0,3})([dwmy])$/;
/** A year has 365 days and twelve equal months: source of curvature's scale. */
const UNIT_DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 365 / 12, y: 365 };

/** Currencies that share weights; a threshold of null is none. */
export interface CurrencyGroup {
  /** Name in reports. */
  id: string;
  /** Of delta, by tenor; basis points. */
  riskWeights: readonly number[];
  /** Net delta beyond which the concentration factor is above 1; null: none. */
  delta: number | null;
  /** Net vega beyond which the concentration factor is above 1; null: none. */
  vega: number | null;
}

/** The figures of a model for one horizon. */
export interface Horizon {
  /** Length of the horizon. */
  days: number;
  /** Factor of a vega. */
  vegaRiskWeight: number;
  /** Historical volatility ratio: curvature is divided by its square. */
  hvr: number;
  /** Basis points. */
  inflationRiskWeight: number;
  /** Basis points. */
  basisRiskWeight: number;
  /** Of curvature, by tenor: half, and less the longer an option lives. */
  scale: readonly number[];
  /** Groups by ISO code of their currencies. */
  byCurrency: ReadonlyMap<string, CurrencyGroup>;
  /** Of currencies that are in no list. */
  others: CurrencyGroup | null;
}

/**
 * A sensitivity model, checked.
 * @throws MarginError with the path of what is wrong; correlations that are not semi-definite are a conflict at `tenorCorrelation`
 * @example
 * new SensitivityModel(simm26).horizons.map(({ days }) => days) // [10, 1]
 */
export class SensitivityModel {
  /** Name of the model. */
  readonly id: string;
  /** Null where it says none. */
  readonly version: string | null;
  /** Lengths such as `2w`, `30y`, in their order. */
  readonly tenors: readonly string[];
  /** By pair of tenors; positive semi-definite. */
  readonly tenorCorrelation: readonly (readonly number[])[];
  /** Names that a curve may have; null: any. */
  readonly curves: readonly string[] | null;
  /** Of two curves of one currency. */
  readonly subCurveCorrelation: number;
  /** Null: the model has none, and no sensitivities that need it. */
  readonly currencyCorrelation: number | null;
  /** Of inflation with every tenor; null: the model has none. */
  readonly inflationCorrelation: number | null;
  /** Of cross-currency basis with every tenor; null: the model has none. */
  readonly basisCorrelation: number | null;
  /** Quantile of the standard normal distribution at the confidence. */
  readonly quantile: number;
  /** Calibrations in the order of the model; the first is the default. */
  readonly horizons: readonly Horizon[];

  /** Reads and checks a model. @param path - what errors call it */
  constructor(json: SensitivityModelJSON, path = 'model') {
    const f = new Fields(json, path, KEYS);
    const optional = (key: (typeof KEYS)[number]): number | null => (f.has(key) ? f.number(key, FRACTION) : null);
    this.id = f.string('id');
    for (const key of ['title', 'asOf', 'source'] as const) f.string(key, '-');
    this.version = f.has('version') ? f.string('version') : null;
    this.tenors = names(f, 'tenors');
    const days = this.tenors.map((tenor, i) => daysOf(tenor, `${f.at('tenors')}[${i}]`));
    this.tenorCorrelation = readCorrelation(f.raw('tenorCorrelation'), f.at('tenorCorrelation'), days.length);
    this.curves = f.has('curves') ? names(f, 'curves') : null;
    this.subCurveCorrelation = f.number('subCurveCorrelation', FRACTION);
    this.currencyCorrelation = optional('currencyCorrelation');
    this.inflationCorrelation = optional('inflationCorrelation');
    this.basisCorrelation = optional('basisCorrelation');
    this.quantile = normalQuantile(f.number('confidence', { above: 0.5, below: 1 }, 0.995));
    if (f.word('indefinite', { refuse: 0, floor: 1 }, 'refuse') === 0 && !isSemidefinite(this.#factors()))
      throw new MarginError('conflict', {
        path: f.at('tenorCorrelation'),
        expected: 'correlations, those of inflation and basis with them, of which no portfolio has a negative square',
        hint: 'With "indefinite": "floor" such squares count as 0',
      });
    this.horizons = this.#readHorizons(f, days);
  }

  /** Tenors, inflation and basis: those two have one correlation with a tenor on all its curves, which asks most of many curves. */
  #factors(): number[][] {
    const { subCurveCorrelation: phi } = this;
    const curves = this.curves?.length ?? Number.POSITIVE_INFINITY;
    const shared = Math.sqrt(phi + (1 - phi) / curves);
    const border = (correlation: number): number => (correlation === 0 ? 0 : correlation / shared);
    const inflation = this.inflationCorrelation ?? 0;
    const basis = this.basisCorrelation ?? 0;
    return [
      ...this.tenorCorrelation.map((row) => [...row, border(inflation), border(basis)]),
      [...this.tenors.map(() => border(inflation)), 1, basis],
      [...this.tenors.map(() => border(basis)), basis, 1],
    ];
  }

  #readHorizons(f: Fields, tenorDays: readonly number[]): Horizon[] {
    const horizons = listed(f, 'horizons').map((json, i) => {
      const h = new Fields(json, `${f.at('horizons')}[${i}]`, HORIZON_KEYS);
      const days = h.number('days', DAYS);
      return {
        days,
        vegaRiskWeight: h.number('vegaRiskWeight', WEIGHT),
        hvr: h.number('hvr', RATIO),
        inflationRiskWeight: coupled(h, 'inflationRiskWeight', f, 'inflationCorrelation'),
        basisRiskWeight: coupled(h, 'basisRiskWeight', f, 'basisCorrelation'),
        scale: tenorDays.map((tenor) => 0.5 * Math.min(1, (1.4 * days) / tenor)),
        ...readGroups(h, tenorDays.length),
      };
    });
    horizons.forEach(({ days }, i) => {
      if (horizons.findIndex((other) => other.days === days) < i)
        throw new MarginError('duplicate', {
          path: `${f.at('horizons')}[${i}].days`,
          got: days,
          expected: 'a horizon of its own',
        });
    });
    return horizons;
  }

  /** The calibration to a horizon; without one, the first. @throws MarginError range */
  horizon(days: unknown, path: string): Horizon {
    const asked = days === undefined ? undefined : decimal(days, path, DAYS);
    const found = this.horizons.find((horizon) => asked === undefined || horizon.days === asked);
    if (found) return found;
    throw new MarginError('range', {
      path,
      got: days,
      expected: `one of ${this.horizons.map((horizon) => horizon.days).join(', ')}, as the model is calibrated`,
    });
  }
}

function listed(f: Fields, key: string): unknown[] {
  if (!f.has(key)) throw new MarginError('missing-key', { path: f.at(key), expected: 'a list' });
  const list = f.list(key);
  if (list.length === 0 || list.length > MOST_TENORS)
    throw new MarginError('range', { path: f.at(key), got: list.length, expected: `1 to ${MOST_TENORS} entries` });
  return list;
}

function names(f: Fields, key: string): string[] {
  const list = listed(f, key);
  list.forEach((name, i) => {
    const path = `${f.at(key)}[${i}]`;
    if (typeof name !== 'string' || name === '')
      throw new MarginError('type', { path, got: name, expected: 'a text that is not empty' });
    if (list.indexOf(name) < i) throw new MarginError('duplicate', { path, got: name, expected: 'a name of its own' });
  });
  return list as string[];
}

function daysOf(tenor: string, path: string): number {
  const [, count, unit = ''] = TENOR.exec(tenor) ?? [];
  if (count === undefined)
    throw new MarginError('type', { path, got: tenor, expected: 'a length such as 2w, 1m or 30y' });
  return Number(count) * (UNIT_DAYS[unit] ?? 0);
}

/** A weight that comes with a correlation of the model; 0 where the model has none, as nothing is weighed with it. */
function coupled(h: Fields, key: string, f: Fields, correlation: string): number {
  if (h.has(key) === f.has(correlation)) return h.has(key) ? h.number(key, WEIGHT) : 0;
  const [missing, given] = h.has(key) ? [f.at(correlation), h.at(key)] : [h.at(key), f.at(correlation)];
  throw new MarginError('missing-key', { path: missing, expected: `a number, as there is ${given}` });
}

function readGroups(h: Fields, tenors: number): Pick<Horizon, 'byCurrency' | 'others'> {
  const byCurrency = new Map<string, CurrencyGroup>();
  const ids = new Set<string>();
  let others: CurrencyGroup | null = null;
  listed(h, 'groups').forEach((json, i) => {
    const g = new Fields(json, `${h.at('groups')}[${i}]`, ['id', 'currencies', 'riskWeights', 'concentration']);
    const group = { id: g.string('id'), riskWeights: readWeights(g, tenors), ...readThresholds(g) };
    if (ids.has(group.id))
      throw new MarginError('duplicate', { path: g.at('id'), got: group.id, expected: 'an id of its own' });
    ids.add(group.id);
    if (!g.has('currencies')) {
      if (others)
        throw new MarginError('conflict', {
          path: g.at('currencies'),
          expected: 'a list: another group has all others',
        });
      others = group;
      return;
    }
    names(g, 'currencies').forEach((currency, j) => {
      const taken = byCurrency.get(currency);
      if (taken)
        throw new MarginError('duplicate', {
          path: `${g.at('currencies')}[${j}]`,
          got: currency,
          expected: `a currency that is not in ${taken.id}`,
        });
      byCurrency.set(currency, group);
    });
  });
  return { byCurrency, others };
}

function readWeights(g: Fields, tenors: number): number[] {
  const list = listed(g, 'riskWeights');
  const path = g.at('riskWeights');
  if (list.length !== tenors)
    throw new MarginError('range', { path, got: list.length, expected: `${tenors} numbers, one for each tenor` });
  return list.map((value, i) => decimal(value, `${path}[${i}]`, WEIGHT));
}

function readThresholds(g: Fields): { delta: number | null; vega: number | null } {
  if (!g.has('concentration')) return { delta: null, vega: null };
  const c = new Fields(g.raw('concentration'), g.at('concentration'), ['delta', 'vega']);
  const threshold = (key: string): number | null => (c.has(key) ? c.number(key, POSITIVE) : null);
  return { delta: threshold('delta'), vega: threshold('vega') };
}

/** Index of a name in a list of the model. @throws MarginError unknown-id */
export function indexOf(list: readonly string[], name: string, path: string): number {
  const index = list.indexOf(name);
  if (index >= 0) return index;
  const near = nearest(name, list);
  throw new MarginError('unknown-id', {
    path,
    got: name,
    expected: `one of ${list.join(', ')}`,
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  });
}
