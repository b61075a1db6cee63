// Options and scenario models: kernel against reference, the same bits in every derived column and in every result; books that say the
// same after JSON and after bytes; what-ifs as the reference has them.

import { describe, expect, it } from 'vitest';
import { layout, MOVE, NODE, OPERATION, REDUCE, type Section } from '../bindings/layout.js';
import { margin } from '../bindings/margin.js';
import type { BookBase, BookJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { Book, whatIf } from '../bindings/scenario.js';
import { cases } from './cases.js';
import { Random } from './random-book.js';
import { randomModelBook } from './random-model.js';

/** Books of the whole run, and the seed of the first; the default keeps `npm test` short, `npm run test:long` has more and others. */
const BOOKS = Math.ceil(Number(process.env.DIFFERENTIAL_BOOKS ?? 200) / 20);
const FIRST = Number(process.env.DIFFERENTIAL_SEED ?? 0);
const TIMEOUT = 60_000 + BOOKS * 60;

/** Sections whose derived columns stand after a scan; the others are scratch. */
const DERIVED: Section[] = ['asset', 'market', 'expiry', 'model', 'scenario', 'move', 'node', 'parameter', 'spread'];
const MADE: Section[] = [...DERIVED, 'leg', 'link', 'delivery', 'cell', 'tenor'];
/** Inputs that the engine writes: marks of options that are valued. */
const VALUED = ['mark', 'index', 'twap', 'stable'];

type Columns = Record<string, Float64Array | Uint32Array>;

/** First difference between two books in a section. */
function differenceIn(a: BookBase, b: BookBase, section: Section): string | undefined {
  if (a.store.count(section) !== b.store.count(section))
    return `${section}: ${a.store.count(section)} and ${b.store.count(section)} rows`;
  for (const [name, c] of Object.entries(layout[section])) {
    if (c.role !== 'derived' && !(section === 'market' && VALUED.includes(name))) continue;
    const [x, y] = [a, b].map((book) => (book.store.columns[section] as unknown as Columns)[name]);
    for (let i = 0; i < a.store.count(section) * c.width; i++) {
      if (!Object.is(x?.[i], y?.[i])) return `${section}.${name}[${i / c.width}]: ${x?.[i]} and ${y?.[i]}`;
    }
  }
  return undefined;
}

const RESULTS = [
  'equity',
  'collateral',
  'initialCollateral',
  'endCollateral',
  'notional',
  'status',
  'liquidatable',
] as const;
const MARGINS = ['initialMargin', 'maintenanceMargin', 'endMargin'] as const;

/** First difference between two books once they are margined. */
function difference(a: BookBase, b: BookBase): string | undefined {
  const [p, q] = [margin(a), margin(b)];
  for (const section of MADE) {
    const found = differenceIn(a, b, section);
    if (found) return found;
  }
  for (const name of [...RESULTS, ...MARGINS]) {
    if (p[name].length !== q[name].length) return `${name}: ${p[name].length} and ${q[name].length} entries`;
    for (let i = 0; i < p[name].length; i++) {
      if (!Object.is(p[name][i], q[name][i])) return `${name}[${i}]: ${p[name][i]} and ${q[name][i]}`;
      if (Number.isNaN(p[name][i])) return `${name}[${i}] is NaN`;
    }
  }
  return undefined;
}

function pair(json: BookJSON): [Book, BookBase] {
  return [Book.fromJSON(json), ReferenceBook.fromJSON(json)];
}

function same(seed: number, a: BookBase, b: BookBase, when = ''): void {
  const found = difference(a, b);
  expect(found, `seed ${seed}${when}: ${found}`).toBeUndefined();
}

describe('kernel and reference', () => {
  it(
    `agree on ${BOOKS} random books with models`,
    () => {
      for (let seed = FIRST; seed < FIRST + BOOKS; seed++) same(seed, ...pair(randomModelBook(seed)));
    },
    TIMEOUT,
  );

  it('see every kind of part, operation, move and reducer in them', () => {
    const seen = { node: new Set<number>(), operation: new Set<number>(), move: new Set<number>() };
    const reducers = new Set<number>();
    let required = 0;
    for (let seed = 0; seed < 100; seed++) {
      const book = Book.fromJSON(randomModelBook(seed));
      required += margin(book).initialMargin.filter((x) => x > 0).length;
      const { node, scenario, move } = book.store.columns;
      for (let i = 0; i < book.store.count('node'); i++) {
        seen.node.add(node.kind[i] as number);
        if (node.kind[i] === NODE.scan) reducers.add(node.terms[i * 12 + 4] as number);
      }
      for (let i = 0; i < book.store.count('scenario'); i++) seen.operation.add(scenario.operation[i] as number);
      for (let i = 0; i < book.store.count('move'); i++) seen.move.add(move.kind[i] as number);
    }
    expect([...seen.node].sort((a, b) => a - b)).toEqual(Object.values(NODE));
    expect([...seen.operation].sort()).toEqual(Object.values(OPERATION));
    expect([...seen.move].sort()).toEqual(Object.values(MOVE));
    expect([...reducers].sort()).toEqual(Object.values(REDUCE));
    expect(required).toBeGreaterThan(200);
  });

  it('agree after ticks, fills and new parameters', () => {
    for (let seed = 0; seed < cases(100); seed++) {
      const r = new Random(seed);
      const json = randomModelBook(seed);
      const books = pair(json);
      const both = (change: (book: BookBase) => void): void => books.forEach(change);
      for (let i = 0; i < 6; i++) {
        const asset = r.pick(json.assets);
        const market = r.pick(json.markets);
        const expiry = r.pick(json.expiries ?? []);
        const factor = r.between(0.7, 1.4);
        const isOption = market.kind === 'call' || market.kind === 'put';
        const step = r.int(0, 5);
        if (step === 0) both((book) => book.setPrice(asset.id, Number(asset.price) * factor));
        if (step === 1) both((book) => book.setMark(market.id, Number(market.mark ?? 10) * factor));
        if (step === 2)
          both((book) => book.setExpiry(expiry.id, { seconds: Number(expiry.seconds) * 0.9, rate: 0.01 }));
        if (step === 3 && isOption) both((book) => book.setVolatility(market.id, factor));
        if (step === 4 && json.models?.[0]) {
          const model = { ...json.models[0], cash: 'STABLE' };
          both((book) => book.replaceModel(model));
        }
        if (step === 5) both((book) => book.addAsset({ id: `late ${i}`, price: factor, hedges: 'BTC' }));
        same(seed, ...books, `, step ${i}`);
      }
    }
  });
});

describe('a book with models', () => {
  it('is the same after JSON and after bytes', () => {
    for (let seed = 0; seed < cases(100); seed++) {
      const json = randomModelBook(seed);
      const [book, reference] = pair(json);
      const again = book.toJSON();
      expect(JSON.stringify(Book.fromJSON(again).toJSON())).toBe(JSON.stringify(again));
      expect(JSON.stringify(reference.toJSON())).toBe(JSON.stringify(again));
      const bytes = book.encode();
      same(seed, Book.decode(bytes), reference, ' decoded');
      // Slots of a unit stand in one order, so bytes are the same whichever engine wrote them.
      expect(Buffer.compare(bytes, reference.encode())).toBe(0);
      expect(Buffer.compare(bytes, Book.decode(bytes).encode())).toBe(0);
      same(seed, Book.fromJSON(again), reference, ' read again');
    }
  });

  it('margins one account as it margins all of them, whatever was asked before', () => {
    for (let seed = 0; seed < cases(40); seed++) {
      const [book] = pair(randomModelBook(seed));
      const whole = margin(book).copy();
      const { engine } = book.store;
      for (let u = book.units - 1; u >= 0; u--) {
        engine.scan(book.store, u, u + 1, false);
        expect(book.store.columns.unit.initialMargin[u]).toBe(whole.initialMargin[u]);
        expect(book.store.columns.unit.maintenanceMargin[u]).toBe(whole.maintenanceMargin[u]);
      }
    }
  });
});

describe('what-ifs', () => {
  it('are those of the reference, bit for bit, and leave the book as it was', () => {
    let asked = 0;
    for (let seed = 0; seed < cases(150); seed++) {
      const r = new Random(seed);
      const json = randomModelBook(seed);
      const books = pair(json);
      for (const { id, model } of json.accounts) {
        if (model === undefined || model === 'published') continue;
        const stood = books.map((book) => margin(book).initialMargin.slice());
        const [a, b] = books.map((book) => whatIf(book, id));
        for (let i = 0; i < 6; i++) {
          const market = r.pick(json.markets.filter(({ kind }) => kind !== 'spot')).id;
          const size = r.wide(0.1, 50) * (r.chance(0.5) ? -1 : 1);
          const call = r.chance(0.3) ? 'add' : 'try';
          expect(a?.[call](market, size), `seed ${seed}`).toEqual(b?.[call](market, size));
          asked++;
        }
        for (const [i, book] of books.entries()) expect(margin(book).initialMargin).toEqual(stood[i]);
      }
    }
    expect(asked).toBeGreaterThan(cases(1000));
  });
});
