// The table of a value-at-risk margin: moves of underlyings, as they are in a set of scenarios, become parameters of a model and rows
// that name them. What an underlying does in scenario 17 is data, so a row is one move for all of them.
import { decimal, isObject } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import type { Scenarios } from '../../var/types.js';
import type { ModelJSON, ScenarioJSON } from '../types.js';

/** Scenarios as they may also come out of JSON: lists in place of columns. */
export type ScenarioSet = Omit<Scenarios, 'moves' | 'volatilities' | 'weights'> & {
  /** By name: price after / price before - 1 in each scenario; at least -1. */
  readonly moves: readonly ArrayLike<number>[];
  /** By name: relative moves of implied volatilities; none where they stay. */
  readonly volatilities?: readonly (ArrayLike<number> | undefined | null)[];
  /** By scenario, >= 0; default: all weigh the same. */
  readonly weights?: ArrayLike<number>;
};

/** An underlying that moves as another one does, `times` (default 1) as far. */
export type MovesAs = string | { of: string; times?: number };

/** What a set of scenarios is in the table. */
export interface NamedSet {
  /** Name of the set, and what its parameters start with. */
  set: string;
  letter: string;
  scenarios: ScenarioSet;
  /** What every move is multiplied with; 1 for moves over the whole period of risk. */
  times: number;
  path: string;
}

/** What underlyings do that the scenarios do not name. */
export interface Proxies {
  proxies: Readonly<Record<string, MovesAs>>;
  /** `refused`: nothing can be held on one; or all others move as one does. */
  others: 'refused' | MovesAs;
}

const MOST_SCENARIOS = 65_536;
const isColumn = (value: unknown): value is ArrayLike<number> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

function column(value: unknown, path: string, count: number, least: number, what: string): ArrayLike<number> {
  if (!isColumn(value)) throw new MarginError('type', { path, got: value, expected: `a list of ${what}` });
  if (value.length !== count)
    throw new MarginError('range', { path, got: value.length, expected: `${count} numbers, one a scenario` });
  for (let s = 0; s < count; s++) {
    const x: unknown = value[s];
    if (typeof x !== 'number') throw new MarginError('type', { path: `${path}[${s}]`, got: x, expected: 'a number' });
    decimal(x, `${path}[${s}]`, { min: least, max: 1e6 });
  }
  return value;
}

function list(value: unknown, path: string, length: number, of: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new MarginError('type', { path, got: value, expected: 'a list' });
  if (value.length === length) return value;
  throw new MarginError('range', { path, got: value.length, expected: `a list of ${length}, ${of}` });
}

/**
 * Checks a set of scenarios.
 * @throws MarginError with the path of what is wrong
 */
export function checkScenarios(value: unknown, path: string): asserts value is ScenarioSet {
  if (!isObject(value)) throw new MarginError('type', { path, got: value, expected: 'scenarios' });
  const { method, names, count, moves, volatilities, weights, labels, horizon } = value;
  if (typeof method !== 'string' || method === '')
    throw new MarginError('type', { path: `${path}.method`, got: method, expected: 'a text that is not empty' });
  if (!Array.isArray(names) || names.length === 0)
    throw new MarginError('type', { path: `${path}.names`, got: names, expected: 'a list of at least one name' });
  names.forEach((name, i) => {
    const at = `${path}.names[${i}]`;
    if (typeof name !== 'string' || name === '' || name === '*')
      throw new MarginError('type', { path: at, got: name, expected: 'the name of an underlying' });
    if (names.indexOf(name) < i)
      throw new MarginError('duplicate', { path: at, got: name, expected: 'each name once' });
  });
  const rows = decimal(count, `${path}.count`, { min: 1, max: MOST_SCENARIOS });
  if (!Number.isInteger(rows))
    throw new MarginError('type', { path: `${path}.count`, got: count, expected: 'a whole number' });
  list(moves, `${path}.moves`, names.length, 'one a name').forEach((each, i) => {
    column(each, `${path}.moves[${i}]`, rows, -1, 'moves');
  });
  if (volatilities !== undefined) {
    list(volatilities, `${path}.volatilities`, names.length, 'one a name').forEach((each, i) => {
      if (each !== undefined && each !== null) column(each, `${path}.volatilities[${i}]`, rows, -1, 'moves');
    });
  }
  if (weights !== undefined) column(weights, `${path}.weights`, rows, 0, 'weights');
  if (labels !== undefined) list(labels, `${path}.labels`, rows, 'one a scenario');
  decimal(horizon, `${path}.horizon`, { above: 0, max: 1e4 });
}

/** Whether a set says what the volatility of every name does. */
export const movesVolatility = ({ volatilities, names }: ScenarioSet): boolean =>
  volatilities !== undefined && names.every((_, i) => (volatilities[i] ?? undefined) !== undefined);

/** Column of an underlying in a set, and how far it goes. */
function sourceOf(
  { scenarios, path }: NamedSet,
  underlying: string,
  { proxies }: Proxies,
): [row: number, times: number] {
  const own = scenarios.names.indexOf(underlying);
  const proxy = own < 0 && Object.hasOwn(proxies, underlying) ? proxies[underlying] : undefined;
  if (own >= 0) return [own, 1];
  if (proxy === undefined)
    throw new MarginError('missing-key', {
      path: `proxies.${underlying}`,
      expected: `an underlying that it moves as: ${path} does not know "${underlying}", which other scenarios do`,
    });
  return proxied(proxy, scenarios, `proxies.${underlying}`, path);
}

function proxied(proxy: MovesAs, { names }: ScenarioSet, at: string, path: string): [row: number, times: number] {
  const { of, times = 1 } = typeof proxy === 'string' ? { of: proxy } : proxy;
  const row = names.indexOf(of);
  if (row >= 0) return [row, times];
  throw new MarginError('unknown-id', {
    path: at,
    got: of,
    expected: `a name of ${path}: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', ...' : ''}`,
  });
}

/** Every underlying that the model has parameters of: the names of all sets and those of proxies. */
export function underlyingsOf(sets: readonly NamedSet[], { proxies }: Proxies): string[] {
  return [...new Set([...sets.flatMap(({ scenarios }) => scenarios.names), ...Object.keys(proxies)])];
}

/** Ids of the rows of a set: its labels, where they are names; else their numbers. */
function idsOf({ set, scenarios }: NamedSet): string[] {
  const { labels, count } = scenarios;
  const before = set === 'scan' ? '' : `${set} `;
  const named = labels?.every((label) => typeof label === 'string' && label !== '') && new Set(labels).size === count;
  return Array.from({ length: count }, (_, s) => `${before}${named ? labels?.[s] : `scenario ${s}`}`);
}

type Table = Required<Pick<ModelJSON, 'scenarios' | 'parameters'>> & Pick<ModelJSON, 'volatility'>;

/**
 * Rows of all sets, and by underlying what their moves are.
 * @param volatility - whether implied volatilities move as the sets say
 */
export function tableOf(sets: readonly NamedSet[], rules: Proxies, volatility: boolean): Table {
  const row = (source: (set: NamedSet) => [row: number, times: number]): Record<string, number> => {
    const values: [string, number][] = [];
    for (const set of sets) {
      const { letter, scenarios } = set;
      const [from, times] = source(set);
      const add = (prefix: string, moves: ArrayLike<number>, far: number): void => {
        for (let s = 0; s < scenarios.count; s++) values.push([`${prefix}${s}`, (moves[s] ?? 0) * far]);
      };
      add(letter, scenarios.moves[from] ?? [], times);
      if (volatility) add(`${letter}v`, scenarios.volatilities?.[from] ?? [], 1);
    }
    return Object.fromEntries(values);
  };
  const { others } = rules;
  const parameters = Object.fromEntries([
    ...underlyingsOf(sets, rules).map((name) => [name, row((set) => sourceOf(set, name, rules))] as const),
    ...(others === 'refused' ? [] : [['*', row(({ scenarios, path }) => proxied(others, scenarios, 'others', path))]]),
  ]);
  const scenarios = sets.flatMap((each): ScenarioJSON[] =>
    idsOf(each).map((id, s) => ({
      id,
      ...(each.set === 'scan' ? {} : { set: each.set }),
      price: each.times,
      range: `${each.letter}${s}`,
      ...(volatility ? { volatility: `${each.letter}v${s}` } : {}),
    })),
  );
  if (!volatility) return { scenarios, parameters };
  const moves = sets.flatMap(({ letter, times, scenarios: { count } }) =>
    Array.from({ length: count }, (_, s) => [`${letter}v${s}`, { scale: times, range: `${letter}v${s}` }] as const),
  );
  return { scenarios, parameters, volatility: Object.fromEntries(moves) };
}
