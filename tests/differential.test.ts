// Kernel against reference: the same book, the same bits, in every derived and every result column.
import { describe, expect, it } from 'vitest';
import { Book, margin } from '../bindings/index.js';
import { layout, type Section } from '../bindings/layout.js';
import type { BookBase, BookJSON, Bracket } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { Random, randomBook } from './random-book.js';

/** Books of the whole run, and the seed of the first; the default keeps `npm test` short, `npm run test:long` has more and others. */
const BOOKS = Number(process.env.DIFFERENTIAL_BOOKS ?? 10_000);
const FIRST = Number(process.env.DIFFERENTIAL_SEED ?? 0);
const TIMEOUT = 60_000 + BOOKS * 15;

function difference(a: BookBase, b: BookBase): string | undefined {
  for (const section of ['asset', 'market'] as Section[]) {
    for (const [name, c] of Object.entries(layout[section])) {
      if (c.role !== 'derived') continue;
      const [x, y] = [a, b].map((k) => (k.store.columns[section] as unknown as Record<string, Float64Array>)[name]);
      for (let i = 0; i < a.store.count(section) * c.width; i++) {
        if (!Object.is(x?.[i], y?.[i])) return `${section}.${name}[${i / c.width}]: ${x?.[i]} and ${y?.[i]}`;
      }
    }
  }
  const [p, q] = [margin(a), margin(b)];
  for (const name of [
    'equity',
    'collateral',
    'initialCollateral',
    'endCollateral',
    'initialMargin',
    'maintenanceMargin',
    'endMargin',
    'notional',
    'status',
    'liquidatable',
  ] as const) {
    if (p[name].length !== q[name].length) return `${name}: ${p[name].length} and ${q[name].length} entries`;
    for (let i = 0; i < p[name].length; i++) {
      if (!Object.is(p[name][i], q[name][i])) return `${name}[${i}]: ${p[name][i]} and ${q[name][i]}`;
      if (Number.isNaN(p[name][i])) return `${name}[${i}] is NaN`;
    }
  }
  for (const name of Object.keys(p.totals) as (keyof typeof p.totals)[]) {
    if (!Object.is(p.totals[name], q.totals[name])) return `totals.${name}: ${p.totals[name]} and ${q.totals[name]}`;
  }
  return undefined;
}

function compare(seed: number, json: BookJSON): void {
  const kernel = Book.fromJSON(json);
  const reference = ReferenceBook.fromJSON(json);
  kernel.refresh();
  reference.refresh();
  const found = difference(kernel, reference);
  expect(found, `seed ${seed}: ${found}`).toBeUndefined();
}

describe('kernel and reference agree to the bit', () => {
  it(
    `on ${BOOKS} random books with every feature switched on`,
    () => {
      for (let seed = FIRST; seed < FIRST + BOOKS; seed++) compare(seed, randomBook(seed));
    },
    TIMEOUT,
  );

  it(
    'on plain books, where the kernel takes its short cuts',
    () => {
      for (let seed = FIRST; seed < FIRST + BOOKS / 10; seed++)
        compare(seed, randomBook(seed, { features: 0, accounts: 5 }));
    },
    TIMEOUT,
  );

  it('on rates that are equal but for their last bits, at whatever level', () => {
    // A window of two lines must not miss a third that rounding lifts above them.
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random(seed);
      const level = random.pick(['initialRate', 'maintenanceRate', 'liquidationEndRate'] as const);
      const rates = Array.from({ length: 8 }, () => 0.25 + random.int(0, 2) * 2 ** -52).sort();
      // Far enough apart for windows.
      const upTo = [100, 150, 220, 330, 500, 750, 1100, null];
      const brackets = upTo.map((bound, i): Bracket => {
        const flat = { initialRate: 0.5 + i / 16, maintenanceRate: 0.25, liquidationEndRate: 0.5 + i / 16 };
        if (level !== 'maintenanceRate') flat.maintenanceRate = 0.25 + i / 16;
        return { upTo: bound, ...flat, [level]: rates[i] as number };
      });
      const markets = [
        { id: 'M', kind: 'linear' as const, settle: 'A', mark: 1, brackets, tables: { form: 'marginal' as const } },
      ];
      const accounts = Array.from({ length: 40 }, (_, i) => ({
        id: `${i}`,
        positions: [{ market: 'M', size: random.wide(50, 2000), entry: 1 }],
      }));
      compare(seed, {
        format: 'margin-kernel/book@1',
        assets: [{ id: 'A', price: random.between(0.1, 3) }],
        markets,
        accounts,
      });
    }
  });
});
