// Spreads of a model from JSON to checked rows: between months, deliveries, between underlyings. Names of expiries and of
// underlyings become rows when the model is compiled, as books may get them later.
import { AT_LEAST_0, Fields, isObject, POSITIVE, type Range } from '../book/fields.js';
import { MarginError } from '../errors.js';

export interface LegRow {
  underlying: string;
  expiries: readonly string[];
  side: number;
  ratio: number;
  rate: number;
}
export interface SpreadRow {
  charge: number;
  legs: LegRow[];
}
export interface DeliveryRow {
  expiry: string;
  left: number;
  used: number;
}
export interface Spreads {
  months: SpreadRow[];
  between: SpreadRow[];
  deliveries: DeliveryRow[];
}

const RATE: Range = { min: 0, max: 1e6 };
const SIDE = { A: 0, B: 1 } as const;

function rows<T>(f: Fields, key: string, read: (json: unknown, path: string) => T): T[] {
  return f.list(key).map((json, i) => read(json, `${f.at(key)}[${i}]`));
}

/** Legs of a spread: at least one of each side, or a spread would take deltas without an end. */
function legsOf(f: Fields, read: (json: unknown, path: string) => LegRow): LegRow[] {
  const legs = rows(f, 'legs', read);
  for (const [name, side] of Object.entries(SIDE)) {
    if (legs.some((leg) => leg.side === side)) continue;
    throw new MarginError('missing-key', { path: f.at('legs'), expected: `at least one leg of side ${name}` });
  }
  return legs;
}

function idsOf(f: Fields, key: string): string[] {
  return rows(f, key, (id, path) => {
    if (typeof id === 'string' && id !== '') return id;
    throw new MarginError('type', { path, got: id, expected: 'id of an expiry' });
  });
}

function readMonths(json: unknown, path: string): SpreadRow {
  const f = new Fields(json, path, ['charge', 'legs']);
  return {
    charge: f.number('charge', AT_LEAST_0),
    legs: legsOf(f, (leg, at) => {
      const l = new Fields(leg, at, ['side', 'expiries', 'ratio']);
      const expiries = idsOf(l, 'expiries');
      return { underlying: '', expiries, side: l.word('side', SIDE), ratio: l.number('ratio', POSITIVE), rate: 0 };
    }),
  };
}

function readBetween(json: unknown, path: string): SpreadRow {
  const f = new Fields(json, path, ['legs']);
  const legs = legsOf(f, (leg, at) => {
    const l = new Fields(leg, at, ['side', 'underlying', 'ratio', 'rate']);
    return {
      underlying: l.string('underlying'),
      expiries: [],
      side: l.word('side', SIDE),
      ratio: l.number('ratio', POSITIVE),
      rate: l.number('rate', { min: 0, max: 1 }),
    };
  });
  const names = legs.map(({ underlying }) => underlying);
  const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (twice < 0) return { charge: 0, legs };
  throw new MarginError('duplicate', {
    path: `${f.at('legs')}[${twice}].underlying`,
    got: names[twice],
    expected: 'another underlying than the other legs',
  });
}

/** @throws MarginError with the path of what is wrong */
export function readSpreads(json: unknown, path: string): Spreads {
  if (json === undefined || json === null) return { months: [], between: [], deliveries: [] };
  if (!isObject(json)) throw new MarginError('type', { path, got: json, expected: 'an object' });
  const f = new Fields(json, path, ['months', 'delivery', 'credits']);
  return {
    months: rows(f, 'months', readMonths),
    between: rows(f, 'credits', readBetween),
    deliveries: rows(f, 'delivery', (delivery, at) => {
      const d = new Fields(delivery, at, ['expiry', 'left', 'used']);
      return { expiry: d.string('expiry'), left: d.number('left', RATE), used: d.number('used', RATE, 0) };
    }),
  };
}
