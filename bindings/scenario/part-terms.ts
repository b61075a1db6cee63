// What stands beside the kind of a part: its numbers by level or by underlying, the keys of scans, exposures, charges, tiers and pegs.

import { AT_LEAST_0, decimal, Fields, isObject, POSITIVE, type Range } from '../book/fields.js';
import { checkBound } from '../book/parameters.js';
import { MarginError } from '../errors.js';
import { AT, INSTRUMENT, NO_LIMIT, NODE, NODETERM, NONE, REDUCE } from '../layout.js';
import { type FigureRow, figure } from './figure.js';
import type { Part, PartContext } from './part.js';
import { tailOf } from './tail.js';

export const FACTOR: Range = { min: -1e6, max: 1e6 };
const RATE: Range = { min: 0, max: 1e6 };

/** Refuses the name of a parameter where there is more than one underlying. */
export function single(by: number, path: string, got: unknown, { each }: PartContext): void {
  if (each || by === NONE) return;
  throw new MarginError('conflict', {
    path,
    got,
    expected: 'a number: a parameter has a value by underlying',
    hint: 'Put the part into { "each": ... }',
  });
}

/** Writes a number of a part, or the parameter that it is. */
function term(f: Fields, key: string, slot: number, range: Range, part: Part, context: PartContext): void {
  const row = figure(f, key, context.parameters, range);
  single(row.by, f.at(key), f.raw(key), context);
  setTerm(part, slot, row);
}

function setTerm(part: Part, slot: number, { value, by }: FigureRow): void {
  part.terms[slot] = value;
  part.termBy[slot] = by;
}

/** A value for both levels, or one by level: maintenance defaults to initial, as in a book. */
export function levels<T>(value: unknown, path: string, read: (value: unknown, path: string) => T): [T, T] {
  if (!isObject(value)) {
    const both = read(value, path);
    return [both, both];
  }
  const f = new Fields(value, path, ['initial', 'maintenance']);
  if (!f.has('initial')) throw new MarginError('missing-key', { path: f.at('initial'), expected: 'a number' });
  const initial = read(f.raw('initial'), f.at('initial'));
  return [initial, f.has('maintenance') ? read(f.raw('maintenance'), f.at('maintenance')) : initial];
}

/** Numbers of the tail that a scan reads. Shares are decimals of the number of scenarios, so that 0.99 of 1000 are 990. */
function readReducer(f: Fields, part: Part): void {
  const value = f.raw('reduce') ?? 'worst';
  if (value === 'worst') return;
  const path = f.at('reduce');
  if (part.by === 1) throw new MarginError('conflict', { path, expected: 'worst, by expiry' });
  const r = new Fields(value, path, ['rank', 'shortfall', 'aged', 'decay']);
  const kinds = (['rank', 'shortfall', 'aged'] as const).filter((key) => r.has(key));
  const kind = kinds[0];
  if (kind === undefined || kinds.length > 1)
    throw new MarginError(kind === undefined ? 'missing-key' : 'conflict', {
      path,
      expected: '"worst", or one of rank, shortfall and aged',
    });
  const rows = part.to - part.from;
  part.terms[NODETERM.reduce] = REDUCE[kind];
  if (kind === 'rank') part.terms[NODETERM.tail] = r.integer('rank', 1, rows, 1);
  else {
    // A confidence c leaves the tail 1 - c, exact as a decimal.
    const confidence = r.number(kind, { above: 0, below: 1 });
    part.terms[NODETERM.tail] = tailOf(String(r.raw(kind)), confidence, kind === 'shortfall' ? rows : 1);
  }
  if (kind === 'aged') part.terms[NODETERM.decay] = r.number('decay', { above: 0, max: 1 });
}

/** Rows of the set that a part names. */
function readSet(f: Fields, key: 'scan' | 'set', part: Part, sets: PartContext['sets']): void {
  const set = f.string(key, 'scan');
  const rows = sets.get(set);
  if (!rows)
    throw new MarginError('unknown-id', {
      path: f.at(key),
      got: set,
      expected:
        sets.size === 0 ? 'a set of scenarios, of which the model has none' : `one of ${[...sets.keys()].join(', ')}`,
    });
  [part.from, part.to] = rows;
}

export function readScan(f: Fields, part: Part, { sets, parameters, whole }: PartContext): void {
  readSet(f, 'scan', part, sets);
  part.terms[NODETERM.signed] = f.boolean('signed', false) ? 1 : 0;
  part.by = f.word('by', { all: 0, expiry: 1 }, 'all');
  part.terms[NODETERM.base] = 1;
  setTerm(part, NODETERM.gains, figure(f, 'gains', parameters, { min: 0, max: 1 }, 1));
  if (whole && (part.by === 1 || f.has('gains')))
    throw new MarginError('conflict', {
      path: f.at(part.by === 1 ? 'by' : 'gains'),
      expected: 'neither with a quantum: losses would be no whole multiples of it',
    });
  readReducer(f, part);
  if (!f.has('expiryFactor')) return;
  if (part.by === 0)
    throw new MarginError('conflict', { path: f.at('expiryFactor'), expected: 'only with "by": "expiry"' });
  const e = new Fields(f.raw('expiryFactor'), f.at('expiryFactor'), ['base', 'perYear']);
  part.terms[NODETERM.base] = e.number('base', FACTOR);
  part.terms[NODETERM.perYear] = e.number('perYear', FACTOR, 0);
}

/** What exposures may be of. */
export const EXPOSURES: Readonly<Record<'gross' | 'short' | 'netShort' | 'offset', Readonly<Record<string, number>>>> =
  {
    gross: INSTRUMENT,
    short: INSTRUMENT,
    netShort: { options: INSTRUMENT.options },
    offset: { linear: INSTRUMENT.linear },
  };

export function readExposure(f: Fields, kind: keyof typeof EXPOSURES, part: Part, { directory }: PartContext): void {
  part.of = f.word(kind, EXPOSURES[kind]);
  const bases: Partial<typeof AT> = kind === 'netShort' ? { spot: AT.spot } : AT;
  part.at = f.word('at', bases as typeof AT, 'spot');
  part.terms[NODETERM.threshold] = 2;
  part.terms[NODETERM.slack] = 1;
  if (!f.has('confidence')) return;
  const c = new Fields(f.raw('confidence'), f.at('confidence'), ['threshold', 'factor', 'linked', 'feed']);
  part.terms[NODETERM.threshold] = c.number('threshold', { min: 0, max: 1 });
  part.terms[NODETERM.slack] = c.number('factor', RATE);
  part.terms[NODETERM.linked] = c.boolean('linked', false) ? 1 : 0;
  part.feed = c.has('feed') ? directory.asset(c.string('feed'), c.at('feed')) : NONE;
  part.by = 1;
}

const OPTION_TERMS = [
  'maxSpot',
  'minSpot',
  'callMaintenance',
  'putMaintenance',
  'putValue',
  'putInitialFactor',
] as const;

export function readOptions(f: Fields, part: Part): void {
  const o = new Fields(f.raw('options'), f.at('options'), [...OPTION_TERMS, 'unpaired']);
  for (const key of OPTION_TERMS) part.terms[NODETERM[key]] = o.number(key, RATE);
  const [initial, maintenance] = levels(o.raw('unpaired'), o.at('unpaired'), (x, p) => decimal(x, p, RATE));
  part.terms[NODETERM.unpairedInitial] = initial;
  part.terms[NODETERM.unpairedMaintenance] = maintenance;
}

/** Numbers of the charges on deltas, by kind and in the order of their slots. */
export const TERMS = {
  roll: { least: RATE, perYear: RATE },
  deltaShock: { threshold: AT_LEAST_0, slope: AT_LEAST_0, most: RATE },
  delta: { net: RATE, hedged: RATE },
  calendar: { rate: RATE },
} as const satisfies Partial<Record<keyof typeof NODE, Partial<Record<keyof typeof NODETERM, Range>>>>;

export function readTerms(f: Fields, kind: keyof typeof TERMS, part: Part, context: PartContext): void {
  const ranges: Record<string, Range> = TERMS[kind];
  const t = new Fields(f.raw(kind), f.at(kind), Object.keys(ranges));
  for (const [key, range] of Object.entries(ranges))
    term(t, key, NODETERM[key as keyof typeof NODETERM], range, part, context);
}

export function readSpread(f: Fields, part: Part, { sets }: PartContext): void {
  part.kind = f.word('spreads', { months: NODE.months, delivery: NODE.delivery, credit: NODE.credit });
  if (part.kind === NODE.credit) readSet(f, 'set', part, sets);
  else if (f.has('set')) throw new MarginError('conflict', { path: f.at('set'), expected: 'only of a credit' });
}

/** Marginal tiers of a part. @throws MarginError */
export function readTiers(list: unknown, path: string): Part['tiers'] {
  if (!Array.isArray(list)) throw new MarginError('type', { path, got: list, expected: 'a list' });
  const tiers = list.map((json, i) => {
    const t = new Fields(json, `${path}[${i}]`, ['upTo', 'rate']);
    return { upTo: t.limit('upTo', POSITIVE), rate: t.number('rate', RATE) };
  });
  if (tiers.length === 0) throw new MarginError('missing-key', { path, expected: 'at least one tier' });
  tiers.forEach(({ upTo }, i) => {
    checkBound(path, i, tiers[i - 1]?.upTo ?? 0, upTo);
  });
  // Whatever its bound: beyond the last tier nothing may be free.
  for (const last of tiers.slice(-1)) last.upTo = NO_LIMIT;
  return tiers;
}

export function readPeg(f: Fields, part: Part, { directory }: PartContext): void {
  if (!f.has('peg')) return;
  const p = new Fields(f.raw('peg'), f.at('peg'), ['asset', 'threshold', 'factor']);
  part.peg = directory.asset(p.string('asset'), p.at('asset'));
  part.terms[NODETERM.pegThreshold] = p.number('threshold', AT_LEAST_0);
  const [initial, maintenance] = levels(p.raw('factor'), p.at('factor'), (x, path) => decimal(x, path, FACTOR));
  part.terms[NODETERM.pegInitial] = initial;
  part.terms[NODETERM.pegMaintenance] = maintenance;
}
