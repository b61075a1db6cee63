// Sensitivities from JSON to netted risk factors by currency, and which row is a part of which factor.

import { Fields, isObject, SIZE, wordOf } from '../book/fields.js';
import { nearest } from '../book/nearest.js';
import { MarginError } from '../errors.js';
import { type CurrencyGroup, type Horizon, indexOf, type SensitivityModel } from './sensitivity-model.js';

/** ISO 4217 by its form; which codes there are changes. */
const CODE = /^[A-Z]{3}$/;
/** Kinds of risk factors, in the order in which they are summed. */
export const KIND = { delta: 0, inflation: 1, basis: 2, vega: 3, inflationVega: 4 } as const;
const KEYS = [['tenor', 'curve'], [], [], ['tenor'], ['tenor']] as const satisfies readonly (readonly (
  | 'tenor'
  | 'curve'
)[])[];

/** A risk factor: the net of its rows. */
export interface Factor {
  kind: number;
  /** Index among the tenors, -1 without one. Inflation volatility is one factor over all expiries. */
  tenor: number;
  curve: string;
  amount: number;
  /** Of vega: amounts times the scale of curvature. */
  curvature: number;
}

export interface CurrencyBucket {
  currency: string;
  group: CurrencyGroup;
  /** Delta, inflation and basis; volatilities. */
  delta: Factor[];
  vega: Factor[];
}

export interface SensitivityRow {
  factor: Factor;
  amount: number;
  curvature: number;
}

export interface Portfolio {
  /** In alphabetical order, their factors by kind, tenor and curve: the order of rows decides only how they are netted. */
  buckets: CurrencyBucket[];
  rows: SensitivityRow[];
}

/** Lists of sensitivities, with the names that errors give them. */
export type SensitivityLists = readonly (readonly [sensitivities: unknown, path: string])[];

/** @throws MarginError with the path of what is wrong */
export function readSensitivities(lists: SensitivityLists, model: SensitivityModel, horizon: Horizon): Portfolio {
  const buckets = new Map<string, CurrencyBucket>();
  const factors = new Map<string, Factor>();
  const rows: SensitivityRow[] = [];
  for (const [list, path] of lists) {
    if (!Array.isArray(list)) throw new MarginError('type', { path, got: list, expected: 'a list of sensitivities' });
    list.forEach((json, i) => {
      const at = `${path}[${i}]`;
      if (!isObject(json)) throw new MarginError('type', { path: at, got: json, expected: 'an object' });
      const kind = wordOf(json.kind, `${at}.kind`, KIND);
      const f = new Fields(json, at, ['kind', 'currency', 'amount', ...(KEYS[kind] ?? [])]);
      needs(kind, model, at);
      const currency = f.string('currency');
      const bucket = buckets.get(currency) ?? open(currency, f.at('currency'), horizon);
      buckets.set(currency, bucket);
      const tenor =
        kind === KIND.delta || kind >= KIND.vega ? indexOf(model.tenors, f.string('tenor'), f.at('tenor')) : -1;
      const curve = kind === KIND.delta ? f.string('curve') : '';
      if (model.curves && curve !== '') indexOf(model.curves, curve, f.at('curve'));
      const amount = f.number('amount', SIZE);
      const curvature = kind >= KIND.vega ? (horizon.scale[tenor] ?? 0) * amount : 0;
      const key = JSON.stringify([currency, kind, kind === KIND.inflationVega ? -1 : tenor, curve]);
      let factor = factors.get(key);
      if (!factor) {
        factor = { kind, tenor: kind === KIND.inflationVega ? -1 : tenor, curve, amount: 0, curvature: 0 };
        factors.set(key, factor);
        (kind >= KIND.vega ? bucket.vega : bucket.delta).push(factor);
      }
      factor.amount += amount;
      factor.curvature += curvature;
      rows.push({ factor, amount, curvature });
    });
  }
  const sorted = [...buckets.values()].sort((a, b) => alphabetical(a.currency, b.currency));
  if (sorted.length > 1 && model.currencyCorrelation === null) lacks('currencyCorrelation', 'several currencies');
  for (const { delta, vega } of sorted) for (const list of [delta, vega]) list.sort(inOrder);
  return { buckets: sorted, rows };
}

/** By code units: the same everywhere. */
const alphabetical = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const inOrder = (a: Factor, b: Factor): number =>
  a.kind - b.kind || a.tenor - b.tenor || alphabetical(a.curve, b.curve);

function open(currency: string, path: string, { byCurrency, others }: Horizon): CurrencyBucket {
  const group = byCurrency.get(currency) ?? others;
  // The group of all others would take a misspelling too.
  if (group && (byCurrency.has(currency) || CODE.test(currency))) return { currency, group, delta: [], vega: [] };
  if (group) {
    const near = nearest(currency, [...byCurrency.keys()]);
    throw new MarginError('type', {
      path,
      got: currency,
      expected: 'a currency of three capital letters, or one that the model names',
      ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
    });
  }
  indexOf([...byCurrency.keys()], currency, path);
  throw new MarginError('unknown-id', { path, got: currency });
}

/** What a model must have for a kind of sensitivity. */
function needs(kind: number, model: SensitivityModel, at: string): void {
  const inflation = kind === KIND.inflation || kind === KIND.inflationVega;
  if (inflation && model.inflationCorrelation === null) lacks('inflationCorrelation', at);
  if (kind === KIND.basis && model.basisCorrelation === null) lacks('basisCorrelation', at);
}

function lacks(key: string, why: string): never {
  throw new MarginError('missing-key', { path: `model.${key}`, expected: `a number, as there is ${why}` });
}
