// Assets: JSON to checked columns and back. Weights are marginal tiers; one weight is a table of one tier.
import { NO_LIMIT, NONE } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { assetCurveJSON, readAssetCurve } from './curve.js';
import { AT_LEAST_0, Fields, POSITIVE, PRICE } from './fields.js';
import { guardJSON, readGuard } from './guard.js';
import { type Row, writeRow } from './parameters.js';
import { readTiers, type TierRows, tiersJSON, writeTiers } from './tiers.js';
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
  'hedges',
] as const;

export interface AssetRow {
  id: string;
  row: Row;
  assetTiers: TierRows;
  debtTiers: TierRows;
}

/**
 * @param rowOf - row of an asset id, the asset's own too, or an error that names the path
 * @throws MarginError for every value that is not as types.ts says
 */
export function readAsset(json: unknown, path: string, rowOf: (id: string, path: string) => number): AssetRow {
  const f = new Fields(json, path, KEYS);
  const price = f.number('price', PRICE);
  const id = f.string('id');
  const assetTiers = readTiers(f, 'tiers', 'assetWeight', false);
  const debtTiers = readTiers(f, 'liabilityTiers', 'liabilityWeight', true);
  const row: Row = {
    price,
    ...readGuard(f, price),
    cap: f.limit('cap'),
    ...readAssetCurve(f),
    deposits: f.number('deposits', AT_LEAST_0, 0),
    depositScaleStart: f.limit('depositScaleStart'),
    borrows: f.number('borrows', AT_LEAST_0, 0),
    borrowScaleStart: f.limit('borrowScaleStart', POSITIVE),
    depositIndex: f.number('depositIndex', POSITIVE, 1),
    borrowIndex: f.number('borrowIndex', POSITIVE, 1),
    rateFloor: f.boolean('rateFloor', true) ? 1 : 0,
    decimals: f.integer('decimals', 0, 30, 18),
    hedges: f.has('hedges') ? rowOf(f.string('hedges'), f.at('hedges')) : NONE,
  };
  return { id, row, assetTiers, debtTiers };
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

/** The asset as it would be written down; reading it again gives the same columns. */
export function assetJSON(columns: Columns, a: number, id: string, assetId: (a: number) => string): AssetJSON {
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
    ...assetCurveJSON(columns, a),
    ...(c.deposits[a] ? { deposits: c.deposits[a] } : {}),
    ...((c.depositScaleStart[a] ?? 0) < NO_LIMIT ? { depositScaleStart: c.depositScaleStart[a] ?? 0 } : {}),
    ...(c.borrows[a] ? { borrows: c.borrows[a] } : {}),
    ...((c.borrowScaleStart[a] ?? 0) < NO_LIMIT ? { borrowScaleStart: c.borrowScaleStart[a] ?? 0 } : {}),
    ...(c.depositIndex[a] === 1 ? {} : { depositIndex: c.depositIndex[a] ?? 0 }),
    ...(c.borrowIndex[a] === 1 ? {} : { borrowIndex: c.borrowIndex[a] ?? 0 }),
    ...(c.rateFloor[a] ? {} : { rateFloor: false }),
    decimals: c.decimals[a] ?? 0,
    ...(c.hedges[a] === NONE ? {} : { hedges: assetId(c.hedges[a] ?? 0) }),
  };
}
