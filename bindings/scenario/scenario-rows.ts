// The table of a model from JSON to checked rows: scenarios by set, moves of volatility.

import { AT_LEAST_0, Fields, isObject, type Range } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { MOVE, MOVE_WIDTH, MOVETERM, NONE, OPERATION } from '../layout.js';
import { type FigureRow, figure, type Parameters } from './figure.js';

const SCENARIO_KEYS = [
  'id',
  'set',
  'price',
  'range',
  'volatility',
  'weight',
  'coinWeight',
  'dampener',
  'operation',
  'days',
  'rate',
] as const;
const DAY = 86400;
/** What is not further from 0 keeps every product of the arrays finite. */
const FACTOR: Range = { min: -1e6, max: 1e6 };
const EXPONENT: Range = { min: -100, max: 100 };
const MOST_SCENARIOS = 65536;

export interface ScenarioRow {
  id: string;
  /** Its number in the table as it was written. */
  index: number;
  price: number;
  /** Index among the names of parameters, or NONE. */
  range: number;
  /** Index of a move, or NONE. */
  move: number;
  weight: FigureRow;
  coinWeight: FigureRow;
  dampener: FigureRow;
  operation: number;
  seconds: number;
  rate: number;
  /** Index of the row of its set with the same price and another volatility; its own where there is none. */
  pair: number;
}
export interface MoveRow {
  kind: number;
  range: number;
  /** Parameter that the least volatility is a multiple of, or NONE. */
  leastBy: number;
  terms: number[];
}
/** Entries of an object, none where there is none. */
export function entries(value: unknown, path: string, what: string): [string, unknown][] {
  if (value === undefined || value === null) return [];
  if (!isObject(value)) throw new MarginError('type', { path, got: value, expected: `an object of ${what}` });
  return Object.entries(value);
}

function rangeOf(f: Fields, parameters: Parameters): number {
  return f.has('range') ? parameters.use(f.string('range'), f.at('range'), FACTOR) : NONE;
}

function readTerm(f: Fields): number[] {
  if (!f.has('term')) return [0, 0, 0, 0];
  const t = new Fields(f.raw('term'), f.at('term'), ['days', 'floorDays', 'short', 'long']);
  const short = t.number('short', EXPONENT);
  return [
    t.number('days', { above: 0, max: 1e5 }) * DAY,
    t.number('floorDays', { min: 0, max: 1e5 }, 0) * DAY,
    short,
    t.number('long', EXPONENT, short),
  ];
}

export function readMove(json: unknown, path: string, parameters: Parameters): MoveRow {
  const f = new Fields(json, path, ['scale', 'shift', 'skew', 'range', 'term', 'least']);
  const kinds = (['scale', 'shift', 'skew'] as const).filter((key) => f.has(key));
  const kind = kinds[0];
  if (kind === undefined || kinds.length > 1)
    throw new MarginError(kind === undefined ? 'missing-key' : 'conflict', {
      path,
      expected: 'one of scale, shift and skew',
    });
  const terms = new Array<number>(MOVE_WIDTH).fill(0);
  if (kind === 'skew') {
    for (const key of ['range', 'term', 'least'] as const)
      if (f.has(key)) throw new MarginError('conflict', { path: f.at(key), expected: 'nothing beside skew' });
    const s = new Fields(f.raw('skew'), f.at('skew'), ['cap', 'slope', 'width', 'symmetric']);
    const w = new Fields(s.raw('width'), s.at('width'), ['least', 'factor', 'level', 'rise']);
    terms[MOVETERM.by] = s.number('slope', FACTOR, 0);
    terms[MOVETERM.cap] = s.number('cap', FACTOR);
    terms[MOVETERM.leastWidth] = w.number('least', { min: 0, max: 1e6 });
    terms[MOVETERM.width] = w.number('factor', FACTOR);
    terms[MOVETERM.level] = w.number('level', FACTOR);
    terms[MOVETERM.slope] = w.number('rise', FACTOR, 0);
    terms[MOVETERM.symmetric] = s.boolean('symmetric', false) ? 1 : 0;
    return { kind: MOVE.skew, range: NONE, leastBy: NONE, terms };
  }
  const [term = 0, floor = 0, short = 0, long = 0] = readTerm(f);
  terms[MOVETERM.by] = f.number(kind, FACTOR);
  const least = figure(f, 'least', parameters, { min: 0, max: 1e3 }, 0);
  terms[MOVETERM.least] = least.value;
  terms[MOVETERM.term] = term;
  terms[MOVETERM.floor] = floor;
  terms[MOVETERM.short] = short;
  terms[MOVETERM.long] = long;
  return { kind: MOVE[kind], range: rangeOf(f, parameters), leastBy: least.by, terms };
}

interface Table {
  rows: ScenarioRow[];
  sets: Map<string, [number, number]>;
}

/** Rows of a set stand together, sets in the order of their first rows. */
export function readTable(f: Fields, moves: readonly string[], parameters: Parameters, discounts: boolean): Table {
  const list = f.list('scenarios');
  if (list.length > MOST_SCENARIOS)
    throw new MarginError('too-many', {
      path: f.at('scenarios'),
      got: list.length,
      expected: `at most ${MOST_SCENARIOS}`,
    });
  const bySet = new Map<string, ScenarioRow[]>();
  const seen = new Set<string>();
  const moveRows = new Map(moves.map((name, i) => [name, i]));
  list.forEach((json, i) => {
    const s = new Fields(json, `${f.at('scenarios')}[${i}]`, SCENARIO_KEYS);
    const id = s.string('id', String(i));
    if (seen.has(id)) throw new MarginError('duplicate', { path: s.at('id'), got: id, expected: 'an id of its own' });
    seen.add(id);
    const name = s.has('volatility') ? s.string('volatility') : undefined;
    const move = name === undefined ? NONE : moveRows.get(name);
    if (move === undefined)
      throw new MarginError('unknown-id', {
        path: s.at('volatility'),
        got: name,
        expected: moves.length === 0 ? 'a move out of "volatility" of the model' : `one of ${moves.join(', ')}`,
      });
    const range = rangeOf(s, parameters);
    const operation = s.word('operation', OPERATION, 'none');
    if (operation !== OPERATION.none && !discounts)
      throw new MarginError('missing-key', {
        path: f.at('discount'),
        expected: 'a static discount, as a scenario uses one',
      });
    const set = s.string('set', 'scan');
    const members = bySet.get(set) ?? [];
    bySet.set(set, members);
    members.push({
      id,
      index: i,
      // Without a range the price falls by all of itself at most; with one, prices stop at 0.
      price: s.number('price', range === NONE ? { min: -1, max: 1e6 } : FACTOR, 0),
      range,
      move,
      weight: figure(s, 'weight', parameters, FACTOR, 1),
      coinWeight: figure(s, 'coinWeight', parameters, FACTOR, 1),
      dampener: figure(s, 'dampener', parameters, AT_LEAST_0, 0),
      operation,
      seconds: s.number('days', { min: 0, max: 1e5 }, 0) * DAY,
      rate: s.number('rate', { min: -100, max: 100 }, 0),
      pair: 0,
    });
  });
  const rows: ScenarioRow[] = [];
  const sets = new Map<string, [number, number]>();
  for (const [set, members] of bySet) {
    const first = rows.length;
    sets.set(set, [first, first + members.length]);
    const pairs = pairsOf(members);
    members.forEach((row, i) => {
      row.pair = first + (pairs[i] ?? i);
      rows.push(row);
    });
  }
  return { rows, sets };
}

/** Of each row the first other one that moves prices, time and rates alike and volatility otherwise; itself where there is none. */
function pairsOf(members: readonly ScenarioRow[]): number[] {
  const keyOf = ({ price, range, seconds, rate }: ScenarioRow): string => `${price} ${range} ${seconds} ${rate}`;
  // The first of its kind answers all that move volatility otherwise, the first of these answers the rest.
  const kinds = new Map<string, { move: number; first: number; other?: number }>();
  members.forEach((row, i) => {
    const key = keyOf(row);
    const kind = kinds.get(key);
    if (!kind) kinds.set(key, { move: row.move, first: i });
    else if (row.move !== kind.move) kind.other ??= i;
  });
  return members.map((row, i) => {
    const kind = kinds.get(keyOf(row));
    return (row.move === kind?.move ? kind.other : kind?.first) ?? i;
  });
}
