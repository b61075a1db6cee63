// A leg: one position of an account that is liquidated, with what its close frees, costs and does to the hedge.
import { AT_LEAST_0, Fields, POSITIVE, SIZE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { listOf } from './list.js';
import { notZero } from './side.js';

/** One position of an account that is liquidated. */
export interface Leg {
  /** Its name, unique among the legs; ties go to the lower one. */
  id: string;
  /** Signed contracts, not 0. */
  size: Decimal;
  /** At the mark, quote, > 0. */
  notional: Decimal;
  /** Requirement that its close frees, quote. */
  requirement: Decimal;
  /** What hedges what: legs of one underlying share a net delta. Default: the id, a leg that hedges nothing. */
  underlying?: string;
  /** Signed, units of the underlying; default the size. */
  delta?: Decimal;
  /** Notional on the book for each whole price move: taking 1 % of it moves the price by 1 %. Default: no impact. */
  depth?: Decimal;
  /** Fees of its close, a fraction of the notional; default 0. */
  feeRate?: Decimal;
}

/** A leg as it was read. */
export interface ReadLeg {
  id: string;
  size: number;
  notional: number;
  requirement: number;
  underlying: string;
  delta: number;
  /** Relative price move of its close. */
  impact: number;
  /** Fees and impact of its close, quote; the average price is half of the move away. */
  cost: number;
}

export const LEG_KEYS = ['id', 'size', 'notional', 'requirement', 'underlying', 'delta', 'depth', 'feeRate'] as const;

function readLeg(leg: unknown, path: string): ReadLeg {
  const fields = new Fields(leg, path, LEG_KEYS);
  const id = fields.string('id');
  const size = notZero(fields.number('size', SIZE), fields.at('size'));
  const notional = fields.number('notional', POSITIVE);
  const impact = fields.has('depth') ? notional / fields.number('depth', POSITIVE) : 0;
  return {
    id,
    size,
    notional,
    requirement: fields.number('requirement', AT_LEAST_0),
    underlying: fields.string('underlying', id),
    delta: fields.number('delta', {}, size),
    impact,
    cost: notional * (fields.number('feeRate', AT_LEAST_0, 0) + impact / 2),
  };
}

/**
 * Reads the legs of an account, in the order of their ids, so that no result depends on the order they came in.
 * @throws MarginError range, duplicate, missing-key, type, not-finite, unknown-key
 */
export function readLegs(legs: readonly unknown[]): ReadLeg[] {
  const read = listOf(legs, 'legs').map((leg, i) => readLeg(leg, `legs[${i}]`));
  const seen = new Set<string>();
  read.forEach(({ id }, i) => {
    if (seen.has(id)) throw new MarginError('duplicate', { path: `legs[${i}].id`, got: id, expected: 'each id once' });
    seen.add(id);
  });
  return read.sort((a, b) => byId(a.id, b.id));
}

/** Order of ids by code units: the same on every machine. */
export const byId = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
