// A scenario model from JSON to checked rows: parameters, discount, published arrays. Its table is read in scenario-rows.ts, its
// requirement in part.ts.

import { ANY, decimal, Fields, type Range } from '../book/fields.js';
import { isMultiple } from '../book/steps.js';
import { MarginError } from '../errors.js';
import { NONE, OPERATION } from '../layout.js';
import { Parameters } from './figure.js';
import { type Part, readPart } from './part.js';
import { entries, type MoveRow, readMove, readTable, type ScenarioRow } from './scenario-rows.js';
import { readSpreads, type Spreads } from './spreads.js';
import type { ModelJSON } from './types.js';

const KEYS = [
  'id',
  'title',
  'version',
  'asOf',
  'source',
  'volatility',
  'scenarios',
  'discount',
  'parameters',
  'underlyings',
  'group',
  'spreads',
  'requirement',
  'liquidationEnd',
  'orders',
  'cash',
  'options',
  'quantum',
  'arrays',
] as const;
/** What is not further from 0 keeps every product of the arrays finite. */
const FACTOR: Range = { min: -1e6, max: 1e6 };
/** A smaller quantum would make infinitely many of a gain, or none of all of them. */
const QUANTUM: Range = { min: 0, least: 1e-12 };

export interface Model {
  id: string;
  json: ModelJSON;
  scenarios: ScenarioRow[];
  /** Rows of the table by set: first, and behind the last. */
  sets: ReadonlyMap<string, readonly [from: number, to: number]>;
  moves: MoveRow[];
  parameters: readonly string[];
  /** Values of the parameters by underlying, in their order; `*` for all others. */
  values: ReadonlyMap<string, readonly number[]>;
  /** Whether its accounts can hold nothing on another underlying than those of the values. */
  named: boolean;
  /** Index of the parameter that groups underlyings, or NONE. */
  group: number;
  spreads: Spreads;
  discount: number[];
  requirement: Part;
  end: number;
  orders: number;
  /** Row of the asset that is cash, or NONE. */
  cash: number;
  /** Whether its accounts may hold options. */
  options: boolean;
  quantum: number;
  /** Published risk arrays by market id; empty: markets are repriced. */
  arrays: ReadonlyMap<string, PublishedArray>;
}

export interface PublishedArray {
  gains: readonly number[];
  /** Units of the underlying; undefined: the market's own. */
  delta: number | undefined;
}

/** Rows of the book that a model names. */
export interface ModelDirectory {
  asset(id: string, path: string): number;
}

function readParameters(f: Fields, named: boolean): { parameters: Parameters; values: Map<string, number[]> } {
  const parameters = new Parameters();
  const given = new Map<string, Map<string, number>>();
  for (const [underlying, row] of entries(f.raw('parameters'), f.at('parameters'), 'parameters by underlying')) {
    const path = `${f.at('parameters')}.${underlying}`;
    const values = new Map<string, number>();
    for (const [name, got] of entries(row, path, 'numbers by name')) {
      if (got === undefined) throw new MarginError('missing-key', { path: `${path}.${name}`, expected: 'a number' });
      const value = decimal(got, `${path}.${name}`);
      parameters.add(name, { value, got, path: `${path}.${name}` });
      values.set(name, value);
    }
    given.set(underlying, values);
  }
  const others = given.get('*');
  if (named && given.size === 0) {
    throw new MarginError('missing-key', {
      path: f.at('parameters'),
      expected: 'numbers by underlying, as the model says "underlyings": "named"',
    });
  }
  if (!named && given.size > 0 && !others) {
    throw new MarginError('missing-key', {
      path: `${f.at('parameters')}.*`,
      expected: 'what holds for an underlying that is not listed',
      hint: 'Nothing of an account may go without',
    });
  }
  const { names } = parameters;
  const values = new Map(
    [...given].map(([underlying, row]) => {
      const all = names.map((name) => {
        const value = row.get(name) ?? others?.get(name);
        if (value === undefined) {
          throw new MarginError('missing-key', {
            path: `${f.at('parameters')}.${underlying}.${name}`,
            expected: 'a number, as other underlyings have one; or one for all in "*"',
          });
        }
        return value;
      });
      return [underlying, all] as const;
    }),
  );
  return { parameters, values };
}

/** Published arrays, in the order of the table. */
function readArrays(f: Fields, scenarios: number, quantum: number): Map<string, PublishedArray> {
  const arrays = new Map<string, PublishedArray>();
  for (const [market, json] of entries(f.raw('arrays'), f.at('arrays'), 'arrays by market')) {
    const a = new Fields(json, `${f.at('arrays')}.${market}`, ['gains', 'delta']);
    const gains = a.list('gains').map((x, i) => decimal(x, `${a.at('gains')}[${i}]`));
    if (gains.length !== scenarios)
      throw new MarginError('range', {
        path: a.at('gains'),
        got: gains.length,
        expected: `${scenarios} numbers, one a scenario of the table`,
      });
    const odd = quantum > 0 ? gains.findIndex((x) => !isMultiple(quantum, x)) : -1;
    if (odd >= 0)
      throw new MarginError('range', {
        path: `${a.at('gains')}[${odd}]`,
        got: gains[odd],
        expected: `a whole multiple of the quantum, ${quantum}`,
      });
    arrays.set(market, { gains, delta: a.has('delta') ? a.number('delta', ANY) : undefined });
  }
  return arrays;
}

function readDiscount(f: Fields): number[] {
  if (!f.has('discount')) return [1, 0, 0, 1, 0, 0];
  const keys = ['base', 'rateFactor', 'rateAdd'] as const;
  const d = new Fields(f.raw('discount'), f.at('discount'), [...keys, 'negative']);
  const three = (g: Fields): number[] => [
    g.number('base', { min: 0, max: 10 }),
    g.number('rateFactor', FACTOR, 0),
    g.number('rateAdd', FACTOR, 0),
  ];
  // Without discount of its own a negative value stays as it is: 1 is what exp(r t) caps at least, for rates from 0 on.
  return [
    ...three(d),
    ...(d.has('negative') ? three(new Fields(d.raw('negative'), d.at('negative'), keys)) : [0, 0, 0]),
  ];
}

/** @throws MarginError with the path of what is wrong */
export function readModel(json: unknown, path: string, directory: ModelDirectory): Model {
  const f = new Fields(json, path, KEYS);
  const id = f.string('id');
  for (const key of ['title', 'version', 'asOf', 'source'] as const) f.string(key, '-');
  const named = f.word('underlyings', { all: 0, named: 1 }, 'all') === 1;
  const { parameters, values } = readParameters(f, named);
  const volatility = entries(f.raw('volatility'), f.at('volatility'), 'moves by name');
  const moves = volatility.map(([name, move]) => readMove(move, `${f.at('volatility')}.${name}`, parameters));
  const table = readTable(
    f,
    volatility.map(([name]) => name),
    parameters,
    f.has('discount'),
  );
  const quantum = f.number('quantum', QUANTUM, 0);
  if (quantum > 0) {
    const row = table.rows.findIndex(({ operation, dampener }) => operation !== OPERATION.none || dampener.value !== 0);
    if (row >= 0)
      throw new MarginError('conflict', {
        path: f.at('quantum'),
        got: quantum,
        expected: 'no scenario with an operation or a dampener: what they leave is no whole multiple',
      });
  }
  const requirement = readPart(f.raw('requirement'), f.at('requirement'), {
    sets: table.sets,
    parameters,
    directory,
    groups: f.has('group'),
    each: false,
    whole: quantum > 0,
  });
  return {
    id,
    json: structuredClone(json) as ModelJSON,
    scenarios: table.rows,
    sets: table.sets,
    moves,
    parameters: parameters.names,
    values,
    named,
    group: f.has('group') ? parameters.index(f.string('group'), f.at('group')) : NONE,
    spreads: readSpreads(f.raw('spreads'), f.at('spreads')),
    discount: readDiscount(f),
    requirement,
    end: f.word('liquidationEnd', { initial: 0, maintenance: 1 }, 'maintenance'),
    orders: f.word('orders', { none: 0, sides: 1 }, 'sides'),
    cash: f.has('cash') ? directory.asset(f.string('cash'), f.at('cash')) : NONE,
    options: f.boolean('options', true),
    quantum,
    arrays: readArrays(f, table.rows.length, quantum),
  };
}
