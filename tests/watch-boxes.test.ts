// Boxes of the watch: wherever prices go inside the box of a unit, all at once, it stays in its zone.
import { describe, expect, it } from 'vitest';
import { Book } from '../bindings/index.js';
import { COORDINATES } from '../bindings/layout.js';
import type { BookJSON } from '../bindings/public.js';
import type { WatchLevels } from '../bindings/watch/lines.js';
import { Random, randomBook } from './random-book.js';
import { FEATURES, featureBook } from './watch-books.js';
import { boxOf, describeFound, farOf, nearLines, next, Prober, watchOf } from './watch-corners.js';

const BOOKS = Number(process.env.BOX_BOOKS ?? 1);
const SEED = Number(process.env.BOX_SEED ?? 1);

const LEVELS: WatchLevels[] = [
  {},
  {},
  { warning: 'initial' },
  { warning: null },
  { backstop: null },
  { warning: 3, backstop: 0.9 },
  { warning: 1, backstop: 1 },
];

/** Probes the boxes of all units of a book near their lines. */
function probe(
  seed: number,
  json: BookJSON,
  effort: number,
  name: string,
): { boxed: number; units: number; points: number } {
  const r = new Random(seed);
  const levels = r.pick(LEVELS);
  const near = Book.fromJSON(json);
  nearLines(r, near, levels);
  const tuned = near.toJSON();
  const { book } = watchOf(r, tuned, levels);
  const prober = new Prober(r, book, tuned, levels);
  let boxed = 0;
  for (let u = 0; u < book.units; u++) {
    if (boxOf(book, u).boxed) boxed++;
    const found = prober.probe(u, effort);
    if (found) expect.fail(`${name}, seed ${seed}, levels ${JSON.stringify(levels)}: ${describeFound(book, found)}`);
  }
  return { boxed, units: book.units, points: prober.points };
}

const names = Object.keys(FEATURES);

/** Features that bend health the wrong way only together. */
const STEEP = [
  // A jump of the requirement is more than a profit that pays for every rate.
  'multiplier + jumps',
  'lowWeights + jumps',
  'coins + steep + jumps',
  // A cap on profit is of the numeraire: what is left of a debt moves with the price alone.
  'pnlCap + coins',
  // A short of a prediction is worth what its price lacks of 1.
  'coins + prediction + numeraire + marginal',
  // Without a requirement nobody is liquidatable at health 0 and below.
  'nothingFirst + equal',
  'guards + numeraire + coins + marginal',
  'orders + orderLoss + coins + fees',
  'inverse + coins + indices + funding',
  'debts + debtTiers + floor + assetGuards',
];

/** Seeds that have found something. */
const CASES: [string, number[]][] = [
  ['multiplier + jumps', [55, 84, 143]],
  ['pnlCap + coins', [115, 170, 285]],
  ['coins + prediction + numeraire + marginal', [280, 284, 372]],
  ['curve', [38, 45, 47]],
  ['guards + orders', [8, 56, 78]],
  ['floor', [132, 297, 356]],
];

describe('the box of a unit', () => {
  it.each(CASES)('holds with %s in books of these seeds', (pair, seeds) => {
    for (const seed of seeds) probe(seed, featureBook(new Random(seed), pair.split(' + ')), 2, pair);
  });
  it.each(names)('holds with %s', (name) => {
    for (let seed = SEED; seed < SEED + 3 * BOOKS; seed++) probe(seed, featureBook(new Random(seed), [name]), 2, name);
  });
  it.each(STEEP)('holds with %s together', (pair) => {
    for (let seed = SEED; seed < SEED + 10 * BOOKS; seed++)
      probe(seed, featureBook(new Random(seed), pair.split(' + ')), 1, pair);
  });
  it('holds with pairs of features', () => {
    const r = new Random(SEED);
    for (let i = 0; i < 100 * BOOKS; i++) {
      const pair = [r.pick(names), r.pick(names)];
      const seed = SEED + i;
      let json: BookJSON;
      try {
        json = featureBook(new Random(seed), pair);
        Book.fromJSON(json);
      } catch {
        continue;
      }
      probe(seed, json, 1, pair.join(' + '));
    }
  });
  it('is left by the next number beyond its end', () => {
    let ends = 0;
    for (let seed = SEED; seed < SEED + 12 * BOOKS; seed++) {
      const r = new Random(seed);
      const { book, watch } = watchOf(r, randomBook(seed, { features: 0, accounts: 5 }), {});
      for (let i = 0; i < 40; i++) {
        const sides = boxOf(book, r.int(0, book.units - 1)).sides.filter(
          ({ c, low, high }) => c % COORDINATES === 0 && c < book.markets * COORDINATES && low < high,
        );
        if (sides.length === 0) continue;
        const { c, low, high } = r.pick(sides);
        const far = farOf(book, c);
        const up = r.chance(0.5);
        const end = up ? high : low;
        // Far from its base a price has digits that the distance has not, or the other way round.
        const base = book.store.columns.coordinate.base[c] as number;
        if (end === (up ? far.high : far.low) || end < base / 2 || end > 2 * base) continue;
        const { pops, rescans } = watch.statistics;
        // An end that is rounded onto the price is left by any tick, and this is none.
        if (book.store.columns.market.mark[c / COORDINATES] === next(end, up)) continue;
        book.setMark(c / COORDINATES, next(end, up));
        watch.poll();
        const now = watch.statistics;
        if (now.pops === pops && now.rescans === rescans) expect.fail(`seed ${seed}, coordinate ${c} at ${end}`);
        ends++;
      }
    }
    expect(ends).toBeGreaterThan(50);
  });
  it.each([0, 0.3, 1])('holds in random books, features %s', (features) => {
    for (let seed = SEED; seed < SEED + 10 * BOOKS; seed++)
      probe(seed, randomBook(seed, { features, accounts: 5 }), 1, `features ${features}`);
  });
});
