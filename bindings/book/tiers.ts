// Tables of weights by value, of assets and of debts in them: JSON to checked rows, to columns and back.
import { MarginError } from '../errors.js';
import { NO_LIMIT } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { decimal, Fields, levelsJSON, POSITIVE, perLevel } from './fields.js';
import { checkBound, orNull } from './parameters.js';
import { deriveTiers } from './tables.js';
import type { Tier } from './types.js';

/** Debt weights beyond this are a slip of the pen, not a risk parameter. */
const MOST_DEBT_WEIGHT = 1000;
/** A tier table, checked: upTo and weight by level. */
export type TierRows = { upTo: number; weight: [number, number, number] }[];

/** Bounds must rise and the last be open or have an end; weights must move one way, or health would not be concave. */
export function readTiers(fields: Fields, key: string, weightKey: string, debt: boolean): TierRows {
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

/** Appends a table behind the last and returns its first row. */
export function writeTiers(store: Store, tiers: TierRows): number {
  const start = store.append('tier', tiers.length);
  const { upTo, weight } = store.columns.tier;
  tiers.forEach((tier, i) => {
    upTo[start + i] = tier.upTo;
    weight.set([...tier.weight, 1], (start + i) * 4);
  });
  deriveTiers(store.columns, start, tiers.length);
  return start;
}

export function tiersJSON(columns: Columns, start: number, count: number): Tier[] {
  const { upTo, weight } = columns.tier;
  return Array.from({ length: count }, (_, i) => ({
    upTo: orNull(upTo[start + i] ?? 0),
    weight: levelsJSON((k) => weight[(start + i) * 4 + k] ?? 0),
  }));
}
