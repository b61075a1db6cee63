// Price guards and confidence of an asset or a market: JSON to checked columns and back.
import { type Fields, FRACTION, levelBits, levelNames, PRICE } from './fields.js';
import type { Row } from './parameters.js';
import type { Guard } from './types.js';

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

type Named = Record<string, Float64Array | Uint32Array>;

/** Keys of `guard` that differ from their defaults. */
export function guardJSON(columns: Named, i: number, price: number): Guard {
  const get = (name: string): number => columns[name]?.[i] ?? 0;
  const guarded = get('twap') !== price || get('stable') !== price || get('guard') !== 0;
  return {
    ...(guarded ? { twap: get('twap'), stable: get('stable'), guard: levelNames(get('guard')) } : {}),
    ...(get('confidence') === 1 ? {} : { confidence: get('confidence') }),
    ...(get('confidenceThreshold') === 0 ? {} : { confidenceThreshold: get('confidenceThreshold') }),
    ...(get('confidenceFactor') === 0 ? {} : { confidenceFactor: get('confidenceFactor') }),
  };
}
