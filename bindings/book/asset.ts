// Assets: JSON to checked columns and back. Weights are marginal tiers; one weight is a table of one tier.
import { MarginError } from '../errors.js';
import { CURVE, NO_LIMIT } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import {
  AT_LEAST_0,
  decimal,
  Fields,
  FRACTION,
  levelBits,
  levelNames,
  levelsJSON,
  POSITIVE,
  PRICE,
  perLevel,
} from './fields.js';
import { deriveTiers } from './tables.js';
import type { AssetJSON, Tier } from './types.js';

const KEYS = [
  'id',
  'price',
  'twap',
  'stable',
  'guard',
  'confidence',
  'confidenceThreshold',
  'confidenceFactor',
  'assetWeight',
  'liabilityWeight',
  'tiers',
  'liabilityTiers',
  'cap',
  'curve',
  'deposits',
  'depositScaleStart',
  'borrows',
  'borrowScaleStart',
  'depositIndex',
  'borrowIndex',
  'rateFloor',
  'decimals',
] as const; // prettier-ignore
const CURVE_KEYS = ['kind', 'factor', 'numerator', 'exponent', 'liabilityBase'] as const;

/** Debt weights beyond this are a slip of the pen, not a risk parameter. */
const MOST_DEBT_WEIGHT = 1000;
/** Share of a liability weight that Drift's size curve keeps: 1 - 1/5 (protocol-v2 math/margin.rs). */
export const DRIFT_BASE = 0.8;
/** Numerators of the size discount: Drift 1.1, Orderly 1.2. */
const NUMERATOR = { sqrt: 1.1, power: 1.2 } as const;
/** Exponent of Orderly's size terms. */
export const ORDERLY_EXPONENT = 0.8;

/** A tier table, checked: upTo and weight by level. */
type TierRows = { upTo: number; weight: [number, number, number] }[];
/** One checked row: columns of the section by name. */
export type Row = Record<string, number | number[]>;

export interface AssetRow {
  id: string;
  row: Row;
  assetTiers: TierRows;
  debtTiers: TierRows;
}

/** Bounds must rise and the last be open or have an end; weights must move one way, or health would not be concave. */
function readTiers(fields: Fields, key: string, weightKey: string, debt: boolean): TierRows {
  const least = debt ? 1 : 0;
  const most = debt ? MOST_DEBT_WEIGHT : 1;
  const weightOf = (value: unknown, path: string): [number, number, number] =>
    perLevel(value, path, (v, p) => decimal(v, p, { min: least, max: most }), 1);
  const list = fields.list(key);
  if (list.length === 0)
    return [{ upTo: NO_LIMIT, weight: weightOf(fields.raw(weightKey) ?? undefined, fields.at(weightKey)) }];
  if (fields.has(weightKey)) {
    throw new MarginError('conflict', { path: fields.at(key), expected: `either ${key} or ${weightKey}` });
  }
  const rows = list.map((tier, i) => {
    const f = new Fields(tier, `${fields.at(key)}[${i}]`, ['upTo', 'weight']);
    if (!f.has('weight')) throw new MarginError('missing-key', { path: f.at('weight'), expected: 'a weight' });
    return { upTo: f.limit('upTo', POSITIVE), weight: weightOf(f.raw('weight'), f.at('weight')) };
  });
  rows.forEach((row, i) => {
    const before = rows[i - 1];
    const path = `${fields.at(key)}[${i}]`;
    if (!before) return;
    checkBound(fields.at(key), i, before.upTo, row.upTo);
    row.weight.forEach((w, k) => {
      const last = before.weight[k] ?? 0;
      if (debt ? w < last : w > last) {
        throw new MarginError('not-concave', {
          path: `${path}.weight`,
          got: w,
          expected: debt
            ? `at least ${last}: debt weights must not fall`
            : `at most ${last}: haircut weights must not rise`,
        });
      }
    });
  });
  return rows;
}

/** Bounds of a table rise, and only its last row may be open. */
export function checkBound(path: string, i: number, before: number, upTo: number): void {
  if (before >= NO_LIMIT) {
    throw new MarginError('missing-key', {
      path: `${path}[${i - 1}].upTo`,
      expected: 'a bound: only the last row of a table may be open',
    });
  }
  if (upTo <= before) {
    throw new MarginError('range', {
      path: `${path}[${i}].upTo`,
      got: upTo,
      expected: `more than ${before}`,
      hint: 'Write the rows by rising upTo',
    });
  }
}

/** The exponent of a square root is no choice. */
export function checkExponent(f: Fields, kind: number): void {
  if (kind === CURVE.sqrt && f.has('exponent') && f.number('exponent', {}) !== 0.5) {
    throw new MarginError('conflict', {
      path: f.at('exponent'),
      got: f.raw('exponent'),
      expected: '0.5, or kind "power"',
    });
  }
}

function readCurve(fields: Fields): Row {
  const none = { curveKind: 0, curveFactor: [0, 0, 0], curveNumerator: 1, curveExponent: 1, curveDebtBase: 1 };
  if (!fields.has('curve')) return none;
  const f = new Fields(fields.raw('curve'), fields.at('curve'), CURVE_KEYS);
  const kind = f.word('kind', { sqrt: CURVE.sqrt, power: CURVE.power });
  const name = kind === CURVE.sqrt ? 'sqrt' : 'power';
  if (!f.has('factor')) throw new MarginError('missing-key', { path: f.at('factor'), expected: 'a number >= 0' });
  checkExponent(f, kind);
  return {
    curveKind: kind,
    curveFactor: f.numbers('factor', { min: 0, max: 1e6 }, 0),
    curveNumerator: f.number('numerator', { min: 1, max: 1e6 }, NUMERATOR[name]),
    curveExponent: f.number('exponent', { above: 0, max: 1 }, kind === CURVE.sqrt ? 0.5 : ORDERLY_EXPONENT),
    curveDebtBase: f.number('liabilityBase', FRACTION, DRIFT_BASE),
  };
}

/** Price with its guards, common to assets and markets. */
export function readGuard(fields: Fields, price: number, range = PRICE): Row {
  const guarded = fields.has('twap') || fields.has('stable');
  return {
    twap: fields.number('twap', range, price),
    stable: fields.number('stable', range, price),
    guard: levelBits(fields, 'guard', guarded ? 7 : 0),
    confidence: fields.number('confidence', FRACTION, 1),
    confidenceThreshold: fields.number('confidenceThreshold', FRACTION, 0),
    confidenceFactor: fields.number('confidenceFactor', { min: 0, max: 1e6 }, 0),
  };
}

/** @throws MarginError for every value that is not as types.ts says */
export function readAsset(json: unknown, path: string): AssetRow {
  const f = new Fields(json, path, KEYS);
  const price = f.number('price', PRICE);
  const id = f.string('id');
  const assetTiers = readTiers(f, 'tiers', 'assetWeight', false);
  const debtTiers = readTiers(f, 'liabilityTiers', 'liabilityWeight', true);
  const row: Row = {
    price,
    ...readGuard(f, price),
    cap: f.limit('cap'),
    ...readCurve(f),
    deposits: f.number('deposits', AT_LEAST_0, 0),
    depositScaleStart: f.limit('depositScaleStart'),
    borrows: f.number('borrows', AT_LEAST_0, 0),
    borrowScaleStart: f.limit('borrowScaleStart', POSITIVE),
    depositIndex: f.number('depositIndex', POSITIVE, 1),
    borrowIndex: f.number('borrowIndex', POSITIVE, 1),
    rateFloor: f.boolean('rateFloor', true) ? 1 : 0,
    decimals: f.integer('decimals', 0, 30, 18),
  };
  return { id, row, assetTiers, debtTiers };
}

/** Writes checked values into a row; vectors by component. */
export function writeRow(columns: Record<string, Float64Array | Uint32Array>, index: number, row: Row): void {
  for (const [name, value] of Object.entries(row)) {
    const view = columns[name] as Float64Array;
    if (typeof value === 'number') view[index] = value;
    else view.set(value, index * value.length);
  }
}

function writeTiers(store: Store, tiers: TierRows): number {
  const start = store.append('tier', tiers.length);
  const { upTo, weight } = store.columns.tier;
  tiers.forEach((tier, i) => {
    upTo[start + i] = tier.upTo;
    weight.set([...tier.weight, 1], (start + i) * 4);
  });
  deriveTiers(store.columns, start, tiers.length);
  return start;
}

/** Writes an asset to row `index`, its tiers behind the last. Room must have been ensured. */
export function writeAsset(store: Store, index: number, asset: AssetRow): void {
  const tierStart = writeTiers(store, asset.assetTiers);
  const debtStart = writeTiers(store, asset.debtTiers);
  writeRow(store.columns.asset, index, {
    ...asset.row,
    tierStart,
    tierCount: asset.assetTiers.length,
    debtStart,
    debtCount: asset.debtTiers.length,
  });
}

const orNull = (x: number): number | null => (x >= NO_LIMIT ? null : x);

function tiersJSON(columns: Columns, start: number, count: number): Tier[] {
  const { upTo, weight } = columns.tier;
  return Array.from({ length: count }, (_, i) => ({
    upTo: orNull(upTo[start + i] ?? 0),
    weight: levelsJSON((k) => weight[(start + i) * 4 + k] ?? 0),
  }));
}

type Named = Record<string, Float64Array | Uint32Array>;

/** Keys of `guard` that differ from their defaults. */
export function guardJSON(columns: Named, i: number, price: number): Partial<AssetJSON> {
  const get = (name: string): number => columns[name]?.[i] ?? 0;
  const guarded = get('twap') !== price || get('stable') !== price || get('guard') !== 0;
  return {
    ...(guarded ? { twap: get('twap'), stable: get('stable'), guard: levelNames(get('guard')) } : {}),
    ...(get('confidence') === 1 ? {} : { confidence: get('confidence') }),
    ...(get('confidenceThreshold') === 0 ? {} : { confidenceThreshold: get('confidenceThreshold') }),
    ...(get('confidenceFactor') === 0 ? {} : { confidenceFactor: get('confidenceFactor') }),
  };
}

/** The asset as it would be written down; reading it again gives the same columns. */
export function assetJSON(columns: Columns, a: number, id: string): AssetJSON {
  const c = columns.asset;
  const price = c.price[a] ?? 0;
  const assetTiers = tiersJSON(columns, c.tierStart[a] ?? 0, c.tierCount[a] ?? 0);
  const debtTiers = tiersJSON(columns, c.debtStart[a] ?? 0, c.debtCount[a] ?? 0);
  const single = (tiers: Tier[]): boolean => tiers.length === 1 && tiers[0]?.upTo === null;
  return {
    id,
    price,
    ...guardJSON(c, a, price),
    ...(single(assetTiers) ? { assetWeight: assetTiers[0]?.weight ?? 1 } : { tiers: assetTiers }),
    ...(single(debtTiers) ? { liabilityWeight: debtTiers[0]?.weight ?? 1 } : { liabilityTiers: debtTiers }),
    ...((c.cap[a] ?? 0) < NO_LIMIT ? { cap: c.cap[a] ?? 0 } : {}),
    ...(c.curveKind[a] === CURVE.none
      ? {}
      : {
          curve: {
            kind: c.curveKind[a] === CURVE.sqrt ? 'sqrt' : 'power',
            factor: levelsJSON((k) => c.curveFactor[a * 3 + k] ?? 0),
            numerator: c.curveNumerator[a] ?? 0,
            exponent: c.curveExponent[a] ?? 0,
            liabilityBase: c.curveDebtBase[a] ?? 0,
          },
        }),
    ...(c.deposits[a] ? { deposits: c.deposits[a] } : {}),
    ...((c.depositScaleStart[a] ?? 0) < NO_LIMIT ? { depositScaleStart: c.depositScaleStart[a] ?? 0 } : {}),
    ...(c.borrows[a] ? { borrows: c.borrows[a] } : {}),
    ...((c.borrowScaleStart[a] ?? 0) < NO_LIMIT ? { borrowScaleStart: c.borrowScaleStart[a] ?? 0 } : {}),
    ...(c.depositIndex[a] === 1 ? {} : { depositIndex: c.depositIndex[a] ?? 0 }),
    ...(c.borrowIndex[a] === 1 ? {} : { borrowIndex: c.borrowIndex[a] ?? 0 }),
    ...(c.rateFloor[a] ? {} : { rateFloor: false }),
    decimals: c.decimals[a] ?? 0,
  };
}
