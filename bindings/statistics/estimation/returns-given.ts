// What sources of scenarios take, checked at the door: returns, whoever made them.
import { Fields, isObject } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { columnsOf } from '../columns.js';
import { moveOf, type ReturnKind } from './return.js';
import type { Returns } from './returns.js';

/** Days that a horizon spans at the most. */
export const MOST_DAYS = 3650;

function distinct(names: unknown, path: string): readonly string[] {
  if (!Array.isArray(names) || names.length === 0)
    throw new MarginError('type', { path, got: names, expected: 'a list of at least one name' });
  const seen = new Set<unknown>();
  Array.from(names).forEach((name: unknown, i) => {
    const at = `${path}[${i}]`;
    if (typeof name !== 'string' || name === '')
      throw new MarginError('type', { path: at, got: name, expected: 'a name' });
    if (seen.has(name)) throw new MarginError('duplicate', { path: at, got: name, expected: 'each name once' });
    seen.add(name);
  });
  return names as string[];
}

/** @throws MarginError type, duplicate: names that are none, or twice there */
export const namesGiven = (names: unknown, path = 'names'): readonly string[] => distinct(names, path);

const isDates = (dates: unknown): dates is readonly string[] =>
  Array.isArray(dates) && !Array.from(dates).some((date) => typeof date !== 'string');

/**
 * Checks returns: as many columns as names, all of one length, finite.
 * @throws MarginError type, range, not-finite, duplicate
 */
export function returnsGiven(returns: Returns, least = 1, path = 'returns'): Returns {
  if (!isObject(returns)) throw new MarginError('type', { path, got: returns, expected: 'what returnsOf returns' });
  const names = distinct(returns.names, `${path}.names`);
  const columns = columnsOf(returns.columns, `${path}.columns`, least);
  const fields = new Fields({ kind: returns.kind, horizon: returns.horizon }, path, ['kind', 'horizon']);
  const kind: ReturnKind = fields.word('kind', { simple: 0, log: 1 }) === 1 ? 'log' : 'simple';
  const horizon = fields.integer('horizon', 1, MOST_DAYS, 1);
  const count = columns[0]?.length ?? 0;
  if (columns.length !== names.length)
    throw new MarginError('range', {
      path: `${path}.columns`,
      got: columns.length,
      expected: `${names.length} columns, one a name`,
    });
  const dates: unknown = returns.dates ?? [];
  if (!isDates(dates)) throw new MarginError('type', { path: `${path}.dates`, got: dates, expected: 'a list of days' });
  if (dates.length !== 0 && dates.length !== count)
    throw new MarginError('range', {
      path: `${path}.dates`,
      got: dates.length,
      expected: `${count} days, one a return, or none`,
    });
  return { ...returns, names, columns, dates, kind, horizon };
}

/** Prices after / prices before - 1 of returns, and how many of them had to stop at -1. */
export function movesOf(
  columns: readonly Float64Array[],
  kind: ReturnKind,
): { moves: Float64Array[]; floored: number } {
  let floored = 0;
  const moves = columns.map((column) =>
    column.map((x) => {
      if (kind === 'simple' && x < -1) floored++;
      return moveOf(x, kind);
    }),
  );
  return { moves, floored };
}
