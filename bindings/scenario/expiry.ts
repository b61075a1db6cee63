// Expiries of options: JSON to checked columns and back. One row serves all strikes, calls and puts.
import { AT_LEAST_0, Fields, FRACTION, POSITIVE, type Range } from '../book/fields.js';
import type { Row } from '../book/parameters.js';
import type { ExpiryJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import type { Columns } from '../memory.js';

const KEYS = ['id', 'asset', 'seconds', 'forward', 'settled', 'rate', 'confidence', 'discounted'] as const;
/** A thousand years, and rates whose discounts stay far from 0 and infinity with them. */
const SECONDS: Range = { min: 0, max: 31_536_000_000 };
const RATE: Range = { min: -100, max: 100 };
/** rate * years at most, so that a discount is a normal number. */
const MOST_DISCOUNT = 50;
const YEAR = 31_536_000;

export interface ExpiryRow {
  id: string;
  row: Row;
}

/** @param assetOf - row of an asset id, or an error that names the path */
export function readExpiry(json: unknown, path: string, assetOf: (id: string, path: string) => number): ExpiryRow {
  const f = new Fields(json, path, KEYS);
  const id = f.string('id');
  const seconds = f.number('seconds', SECONDS);
  const forward = f.number('forward', POSITIVE);
  const settled = f.number('settled', AT_LEAST_0, 0);
  if (settled > forward)
    throw new MarginError('range', {
      path: f.at('settled'),
      got: settled,
      expected: `at most the forward, ${forward}`,
    });
  const rate = f.number('rate', RATE, 0);
  if (Math.abs(rate) * (seconds / YEAR) > MOST_DISCOUNT)
    throw new MarginError('range', {
      path: f.at('rate'),
      got: rate,
      expected: `a rate that discounts by e^${MOST_DISCOUNT} at most`,
    });
  return {
    id,
    row: {
      asset: assetOf(f.string('asset'), f.at('asset')),
      seconds,
      forward,
      settled,
      rate,
      confidence: f.number('confidence', FRACTION, 1),
      discounted: f.boolean('discounted', true) ? 1 : 0,
    },
  };
}

/** The expiry as it would be written down; reading it again gives the same columns. */
export function expiryJSON({ expiry: c }: Columns, e: number, id: string, assetId: (a: number) => string): ExpiryJSON {
  const at = (column: Float64Array | Uint32Array): number => column[e] ?? 0;
  return {
    id,
    asset: assetId(at(c.asset)),
    seconds: at(c.seconds),
    forward: at(c.forward),
    ...(at(c.settled) === 0 ? {} : { settled: at(c.settled) }),
    ...(at(c.rate) === 0 ? {} : { rate: at(c.rate) }),
    ...(at(c.confidence) === 1 ? {} : { confidence: at(c.confidence) }),
    ...(at(c.discounted) === 1 ? {} : { discounted: false }),
  };
}
