// The requirement of a model, a tree of parts: what is summed, what is the largest, and the charges at its leaves.

import { Fields, isObject } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { NODE, NODE_NAMED, NODE_WIDTH, NODETERM, NONE } from '../layout.js';
import { type FigureRow, figureOf, type Parameters } from './figure.js';
import type { ModelDirectory } from './model.js';
import {
  EXPOSURES,
  FACTOR,
  levels,
  readExposure,
  readOptions,
  readPeg,
  readScan,
  readSpread,
  readTerms,
  readTiers,
  single,
  TERMS,
} from './part-terms.js';

const COMMON = ['id', 'factor', 'peg'] as const;
/** The key that says what a part is, and the keys that it may have beside it. */
const KINDS = {
  sum: [],
  max: [],
  each: ['by'],
  tiers: ['of'],
  scan: ['signed', 'by', 'expiryFactor', 'gains', 'reduce'],
  gross: ['at', 'confidence'],
  short: ['at', 'confidence'],
  netShort: ['at'],
  delta: [],
  options: [],
  roll: [],
  deltaShock: [],
  offset: ['at'],
  calendar: [],
  spreads: ['set'],
} as const satisfies Partial<Record<keyof typeof NODE | 'spreads', readonly string[]>>;
type Kind = keyof typeof KINDS;
/** Deeper than any requirement, and far from the end of the stack. */
const DEEPEST = 32;
/**
 * Largest product of factors and rates from a leaf up to any part above it. Leaves stay below 1e200: positions are at most 1e111 in
 * the numeraire, moves, weights and rates 1e6 each, spreads 1e60. What is left up to 1e308 is for sums and for factors of
 * an account.
 */
const MOST_TIMES = 1e30;

export interface Part {
  /** Name in reports: its id, else what it is. */
  name: string;
  kind: number;
  factor: [number, number];
  /** Parameters that multiply the factors, or NONE. */
  parameter: [number, number];
  peg: number;
  /** Of a scan: rows of the table. */
  from: number;
  to: number;
  of: number;
  at: number;
  by: number;
  feed: number;
  terms: number[];
  /** Parameters that the first terms are multiples of, or NONE. */
  termBy: number[];
  tiers: { upTo: number; rate: number }[];
  parts: Part[];
  /** How often what is at its leaves it may count. */
  times: number;
}

export interface PartContext {
  sets: ReadonlyMap<string, readonly [number, number]>;
  parameters: Parameters;
  directory: ModelDirectory;
  /** Whether underlyings have groups. */
  groups: boolean;
  /** Inside a part for each underlying, where parameters have one value. */
  each: boolean;
  /** Risk arrays are whole multiples: nothing may make other numbers of them before they are summed. */
  whole: boolean;
}

function kindOf(json: unknown, path: string): Kind {
  if (!isObject(json))
    throw new MarginError(json === undefined ? 'missing-key' : 'type', {
      path,
      got: json,
      expected: 'a part of a requirement',
    });
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => json[kind] !== undefined);
  const kind = kinds[0];
  if (kinds.length === 1 && kind !== undefined) return kind;
  throw new MarginError(kind === undefined ? 'missing-key' : 'conflict', {
    path,
    ...(kind === undefined ? {} : { got: kinds.join(', ') }),
    expected: `one of ${Object.keys(KINDS).join(', ')}`,
  });
}

function readParts(list: unknown, path: string, context: PartContext, depth: number): Part[] {
  if (!Array.isArray(list) || list.length === 0)
    throw new MarginError('type', { path, got: list, expected: 'a list of at least one part' });
  return list.map((part, i) => readPart(part, `${path}[${i}]`, context, depth + 1));
}

function readEach(f: Fields, part: Part, context: PartContext, depth: number): void {
  part.by = f.word('by', { underlying: 0, group: 1 }, 'underlying');
  if (part.by === 1 && !context.groups)
    throw new MarginError('conflict', {
      path: f.at('by'),
      expected: 'underlying: the model says no "group", a parameter whose equal values put underlyings together',
    });
  part.parts = [readPart(f.raw('each'), f.at('each'), { ...context, each: part.by === 0 }, depth + 1)];
}

/** @throws MarginError with the path of what is wrong */
export function readPart(json: unknown, path: string, context: PartContext, depth = 0): Part {
  const kind = kindOf(json, path);
  if (depth > DEEPEST)
    throw new MarginError('range', { path, expected: `at most ${DEEPEST} parts inside one another` });
  const f = new Fields(json, path, [kind, ...KINDS[kind], ...COMMON]);
  const factors = levels(f.raw('factor') ?? 1, f.at('factor'), (x, p) => figureOf(x, p, context.parameters, FACTOR));
  for (const { by } of factors) single(by, f.at('factor'), f.raw('factor'), context);
  if (kind === 'deltaShock' && !context.each)
    throw new MarginError('conflict', {
      path: f.at(kind),
      expected: 'nothing here: its slope is by units of one underlying',
      hint: 'Put the part into { "each": ... }',
    });
  const part: Part = {
    name: f.string('id', kind === 'scan' || kind === 'spreads' ? f.string(kind) : kind),
    kind: kind === 'spreads' ? NODE.months : NODE[kind],
    factor: [factors[0].value, factors[1].value],
    parameter: [factors[0].by, factors[1].by],
    peg: NONE,
    from: 0,
    to: 0,
    of: 0,
    at: 0,
    by: 0,
    feed: NONE,
    terms: new Array<number>(NODE_WIDTH).fill(0),
    termBy: new Array<number>(NODE_NAMED).fill(NONE),
    tiers: [],
    parts: [],
    times: 1,
  };
  if (kind === 'sum' || kind === 'max') part.parts = readParts(f.raw(kind), f.at(kind), context, depth);
  else if (kind === 'each') readEach(f, part, context, depth);
  else if (kind === 'tiers') part.parts = [readPart(f.raw('of'), f.at('of'), context, depth + 1)];
  else if (kind === 'scan') readScan(f, part, context);
  else if (kind in EXPOSURES) readExposure(f, kind as keyof typeof EXPOSURES, part, context);
  else if (kind === 'options') readOptions(f, part);
  else if (kind === 'spreads') readSpread(f, part, context);
  else if (kind in TERMS) readTerms(f, kind as keyof typeof TERMS, part, context);
  if (kind === 'tiers') part.tiers = readTiers(f.raw('tiers'), f.at('tiers'));
  readPeg(f, part, context);
  part.times = timesOf(part, factors, context);
  if (part.times > MOST_TIMES)
    throw new MarginError('range', {
      path,
      got: part.times,
      expected: `factors, pegs and rates of tiers whose product from here to any part within is at most ${MOST_TIMES}`,
    });
  return part;
}

/** The largest factor of a part, at its largest parameter and its peg at 0, times its largest rate and what is most within. */
function timesOf({ terms, tiers, parts }: Part, factors: readonly FigureRow[], { parameters }: PartContext): number {
  const depeg =
    (terms[NODETERM.pegThreshold] ?? 0) *
    Math.max(Math.abs(terms[NODETERM.pegInitial] ?? 0), Math.abs(terms[NODETERM.pegMaintenance] ?? 0));
  const factor = factors.reduce((most, row) => Math.max(most, parameters.most(row)), 0) + depeg;
  const rate = tiers.length === 0 ? 1 : tiers.reduce((most, tier) => Math.max(most, tier.rate), 0);
  const within = parts.length === 0 ? 1 : parts.reduce((most, part) => Math.max(most, part.times), 0);
  return factor * rate * within;
}

/** The part and all below it, each before its own. */
export function* partsOf(part: Part): Generator<Part> {
  yield part;
  for (const below of part.parts) yield* partsOf(below);
}
