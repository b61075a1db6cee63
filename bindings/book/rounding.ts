// Markets that count in whole units: JSON to checked columns and back.
import { MarginError } from '../errors.js';
import { KIND, NO_LIMIT, ROUNDING } from '../layout.js';
import type { Lines } from './brackets.js';
import { Fields, FRACTION } from './fields.js';
import { nameOf, type Row } from './parameters.js';

/** Millionths of a rate, and whether it has no more digits than that. */
const wholePpm = (rate: number): boolean => Math.abs(rate * 1e6 - Math.round(rate * 1e6)) < 1e-6;

export function readRounding(fields: Fields, kind: number, lines: Lines, oneLine: boolean): Row {
  if (!fields.has('rounding')) return { rounding: 0, maintenanceFraction: 0 };
  const f = new Fields(fields.raw('rounding'), fields.at('rounding'), [
    'notional',
    'requirement',
    'maintenanceFraction',
  ]);
  const rounding = f.word('notional', ROUNDING, 'exact') | (f.word('requirement', ROUNDING, 'exact') << 2);
  const fraction = f.number('maintenanceFraction', FRACTION, 0);
  if (rounding === 0 && fraction !== 0) {
    throw new MarginError('conflict', {
      path: f.at('maintenanceFraction'),
      got: fraction,
      expected: 'none where nothing is rounded',
    });
  }
  const plain = !['curve', 'tables', 'pnl', 'twap', 'stable', 'confidenceThreshold'].some((key) => fields.has(key));
  if (kind !== KIND.linear || !oneLine || !plain) {
    throw new MarginError('conflict', {
      path: fields.at('rounding'),
      expected: 'a linear market with one bracket, without curve, guards, tables and pnl rules',
    });
  }
  const [, maintenance, end] = lines[0]?.rate ?? [];
  if (end !== maintenance) {
    throw new MarginError('conflict', {
      path: fields.at('brackets[0].liquidationEndRate'),
      got: end,
      expected: 'the maintenance rate, at which a liquidation ends where numbers are rounded',
    });
  }
  const rates = [...(lines[0]?.rate ?? []), fraction];
  const broken = rates.find((rate) => !wholePpm(rate));
  if (broken !== undefined) {
    throw new MarginError('inexact', {
      path: fields.at('brackets'),
      got: broken,
      expected: 'rates of whole millionths where numbers are rounded',
    });
  }
  for (const key of ['openInterestLower', 'openInterestUpper'] as const) {
    const limit = fields.limit(key);
    if (limit < NO_LIMIT && !Number.isSafeInteger(limit)) {
      throw new MarginError('inexact', {
        path: fields.at(key),
        got: fields.raw(key),
        expected: 'whole units below 2^53 where numbers are rounded',
      });
    }
  }
  return { rounding, maintenanceFraction: fraction };
}

export const roundingJSON = (rounding: number, maintenanceFraction: number): object =>
  rounding === 0
    ? {}
    : {
        rounding: {
          notional: nameOf(ROUNDING, rounding & 3),
          requirement: nameOf(ROUNDING, rounding >>> 2),
          ...(maintenanceFraction === 0 ? {} : { maintenanceFraction }),
        },
      };
