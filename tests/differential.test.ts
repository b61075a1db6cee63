// Kernel against reference: the same book, the same bits, in every derived and every result column.
import { describe, expect, it } from 'vitest';
import { Book, margin } from '../bindings/index.js';
import { layout, type Section } from '../bindings/layout.js';
import type { BookBase, BookJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { randomBook } from './random-book.js';

/** Books of the whole run; the default keeps `npm test` short, CI and `npm run test:long` set more. */
const BOOKS = Number(process.env.DIFFERENTIAL_BOOKS ?? 10_000);

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
  it(`on ${BOOKS} random books with every feature switched on`, () => {
    for (let seed = 0; seed < BOOKS; seed++) compare(seed, randomBook(seed));
  }, 170_000);

  it('on plain books, where the kernel takes its short cuts', () => {
    for (let seed = 0; seed < BOOKS / 10; seed++) compare(seed, randomBook(seed, { features: 0, accounts: 5 }));
  }, 60_000);
});
