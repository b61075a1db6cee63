// Bracket tables of a market and how they are read: JSON to checked lines, to columns and back.
import { MarginError } from '../errors.js';
import { BASIS, KIND, UNIT } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { Fields, LEVERAGE, levelsJSON, POSITIVE, type Range, wordOf } from './fields.js';
import { checkBound, nameOf, orNull, type Row } from './parameters.js';
import { deriveLines } from './tables.js';
import type { Bracket, MarketJSON } from './types.js';

const KEYS = ['upTo', 'maintenanceRate', 'initialRate', 'maxLeverage', 'liquidationEndRate'] as const;
export const RATE: Range = { min: 0, max: 1000 };
const FORM = { marginal: 0, whole: 1 } as const;

export type Lines = { upTo: number; rate: [number, number, number] }[];

export function readBrackets(fields: Fields, key: string): Lines {
  const lines = fields.list(key).map((bracket, i) => {
    const f = new Fields(bracket, `${fields.at(key)}[${i}]`, KEYS);
    if (f.has('initialRate') && f.has('maxLeverage')) {
      throw new MarginError('conflict', { path: f.path, expected: 'either initialRate or maxLeverage' });
    }
    const maintenance = f.number('maintenanceRate', RATE);
    const initial = f.has('maxLeverage')
      ? 1 / f.number('maxLeverage', LEVERAGE)
      : f.number('initialRate', RATE, maintenance);
    const end = f.number('liquidationEndRate', RATE, maintenance);
    return { upTo: f.limit('upTo', POSITIVE), rate: [initial, maintenance, end] as [number, number, number] };
  });
  lines.forEach((line, i) => {
    const before = lines[i - 1];
    if (!before) return;
    const path = `${fields.at(key)}[${i}]`;
    checkBound(fields.at(key), i, before.upTo, line.upTo);
    const leverage = (fields.list(key)[i] as Partial<Bracket>).maxLeverage;
    for (const [name, k] of [
      ['maintenanceRate', 1],
      ['initialRate', 0],
      ['liquidationEndRate', 2],
    ] as const) {
      if (line.rate[k] >= before.rate[k]) continue;
      // In the words of the book: who writes the leverage has not written the rate.
      const inverse = k === 0 && (leverage ?? null) !== null;
      throw new MarginError('not-concave', {
        path: `${path}.${inverse ? 'maxLeverage' : name}`,
        got: inverse ? leverage : line.rate[k],
        expected: inverse
          ? `at most ${1 / before.rate[k]}: leverage must not rise with size`
          : `at least ${before.rate[k]}: rates must not fall with size`,
      });
    }
  });
  return lines;
}

/** Packs a word per level into `width` bits each. */
function packLevels(
  fields: Fields,
  key: string,
  words: Record<string, number>,
  fallback: number[],
  width: number,
): number {
  const levels = fields.has(key) ? fields.levels(key, (value, path) => wordOf(value, path, words), 0) : fallback;
  return levels.reduce((bits, value, k) => bits | (value << (width * k)), 0);
}

export function readTables(fields: Fields, kind: number, net: boolean): Row {
  const f = new Fields(fields.raw('tables') ?? {}, fields.at('tables'), ['form', 'basis', 'unit']);
  const form = packLevels(f, 'form', FORM, [1, 0, 0], 1);
  const basis = packLevels(f, 'basis', BASIS, [0, 0, 0], 2);
  const unit = packLevels(f, 'unit', UNIT, [0, 0, 0], 2);
  for (let k = 0; k < 3; k++) {
    const entry = ((basis >>> (2 * k)) & 3) === BASIS.entry;
    const inQuote = ((unit >>> (2 * k)) & 3) === UNIT.quote;
    if (entry && inQuote && kind === KIND.inverse) {
      throw new MarginError('conflict', {
        path: f.at('unit'),
        got: 'quote',
        expected: 'settle or numeraire for a table by entry notional of an inverse market',
      });
    }
    if (net && (((basis >>> (2 * k)) & 3) === BASIS.contracts || ((unit >>> (2 * k)) & 3) !== UNIT.settle)) {
      throw new MarginError('conflict', {
        path: fields.at('tables'),
        expected: 'notional or entry in settle units where the requirement is netted (pnl: net)',
      });
    }
    if (inQuote && kind === KIND.quanto) {
      throw new MarginError('conflict', {
        path: f.at('unit'),
        got: 'quote',
        expected: 'settle or numeraire: a quanto contract has no size in its quote asset',
      });
    }
  }
  return { form, basis, unit };
}

/** Appends a table behind the last and returns its first row. */
export function writeLines(store: Store, lines: Lines, form: number): number {
  const start = store.append('line', lines.length);
  const { upTo, rate } = store.columns.line;
  lines.forEach((line, i) => {
    upTo[start + i] = line.upTo;
    rate.set(line.rate, (start + i) * 3);
  });
  deriveLines(store.columns, start, lines.length, form);
  return start;
}

export function bracketsJSON(columns: Columns, start: number, count: number): Bracket[] {
  const { upTo, rate } = columns.line;
  return Array.from({ length: count }, (_, i) => {
    const [initial, maintenance, end] = [0, 1, 2].map((k) => rate[(start + i) * 3 + k] ?? 0);
    return {
      upTo: orNull(upTo[start + i] ?? 0),
      maintenanceRate: maintenance ?? 0,
      ...(initial === maintenance ? {} : { initialRate: initial ?? 0 }),
      ...(end === maintenance ? {} : { liquidationEndRate: end ?? 0 }),
    };
  });
}

/** How tables are read, where it is not the default. */
export function tablesJSON({ market: c }: Columns, m: number): Pick<MarketJSON, 'tables'> {
  const packed = (key: 'form' | 'basis' | 'unit', words: Record<string, number>, width: number): object => ({
    [key]: levelsJSON((k) => nameOf(words, ((c[key][m] ?? 0) >>> (width * k)) & ((1 << width) - 1))),
  });
  if (c.form[m] === 1 && c.basis[m] === 0 && c.unit[m] === 0) return {};
  return { tables: { ...packed('form', FORM, 1), ...packed('basis', BASIS, 2), ...packed('unit', UNIT, 2) } };
}
