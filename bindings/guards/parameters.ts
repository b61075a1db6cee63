// Sets of risk parameters as versions, and what differs between two of them, path by path.
import { MarginError } from '../errors.js';
import { compare, type Exact } from '../liquidation/exact.js';
import type { Row } from '../venues/rows.js';
import { byId, type Ratio, ratio } from '../waterfall/amount.js';
import { argument, countAt, timeAt } from './read.js';

/** A value at the end of a path of parameters. */
export type Leaf = string | number | bigint | boolean | null;
/** Nested values, up to 100 levels of them. */
export type Tree = { readonly [key: string]: Leaf | Tree | readonly (Leaf | Tree)[] };

/** A version of risk parameters. */
export interface ParameterSet {
  /** 1 for the first, one more with each change. */
  version: number;
  /** Who has proposed it. */
  author: string;
  /** When it came into force, units of time. */
  at: number;
  /** The parameters themselves. */
  values: Tree;
}

/** A difference between two sets, at one path. */
export interface ParameterChange {
  /** `markets.BTC.brackets[0].rate`; a key with other characters than letters, digits, `_` and `-` stands as `["BTC/USD"]`. */
  path: string;
  /** Left out where there was nothing, or nothing is left. */
  from?: Leaf;
  /** Left out where nothing is left. */
  to?: Leaf;
}

/**
 * What differs between two sets of values. Numbers are the same where they are equal, however they are written: `0.3` and
 * `'0.30'` are.
 * @param a - values before
 * @param b - values after
 * @returns changes by rising path; none where nothing differs
 * @throws MarginError type where a value is neither an object, a list, a text, a number, true, false nor null, range where it
 *   is too deep
 * @example
 * diffParameters({ BTC: { leverage: 50 } }, { BTC: { leverage: 40 } }) // [{ path: 'BTC.leverage', from: 50, to: 40 }]
 */
export function diffParameters(a: Tree, b: Tree): ParameterChange[] {
  const [before, after] = [leavesOf(a, 'a'), leavesOf(b, 'b')];
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort(byId);
  return paths.flatMap((path) => {
    const [from, to] = [before.get(path), after.get(path)];
    if (from !== undefined && to !== undefined && sameLeaf(from, to)) return [];
    return [{ path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
  });
}

/** A tree is no deeper than this; a value that contains itself would have no end. */
const MOST_LEVELS = 100;

/** Values by path. An empty object or list has no leaves. */
export function leavesOf(tree: unknown, name: string): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const walk = (value: unknown, path: string, level: number): void => {
    if (level > MOST_LEVELS) {
      throw new MarginError('range', { path: name, got: tree, expected: `at most ${MOST_LEVELS} levels` });
    }
    if (Array.isArray(value)) {
      value.forEach((entry, i) => void walk(entry, `${path}[${i}]`, level + 1));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, entry] of Object.entries(value)) walk(entry, join(path, key), level + 1);
    } else if (value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)) {
      leaves.set(path, value as Leaf);
    } else {
      throw new MarginError('type', { path: `${name}.${path}`, got: value, expected: 'a value that JSON has' });
    }
  };
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) {
    throw new MarginError('type', { path: name, got: tree, expected: 'an object' });
  }
  walk(tree, '', 0);
  return leaves;
}

function join(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function sameLeaf(a: Leaf, b: Leaf): boolean {
  if (a === b) return true;
  const [x, y] = [numberOf(a), numberOf(b)];
  return x !== null && y !== null && compare(x, y) === 0;
}

/** A leaf as an exact number; null where it is none. */
export function numberOf(leaf: Leaf | undefined): Exact | null {
  if (leaf === undefined || leaf === null || typeof leaf === 'boolean') return null;
  try {
    return ratio(leaf as Ratio);
  } catch {
    return null;
  }
}

/** @throws MarginError missing-key, type, range, unknown-key */
export function parameterSet(value: unknown, path: string): ParameterSet {
  const row: Row = argument(value, path, ['version', 'author', 'at', 'values']);
  const values = row.need('values', 'an object') as Tree;
  leavesOf(values, row.at('values'));
  return { version: countAt(row, 'version'), author: row.text('author'), at: timeAt(row, 'at'), values };
}
