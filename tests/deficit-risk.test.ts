// What a venue may be left with: by hand, against the profits of every account, on both engines bit for bit.
import { describe, expect, it } from 'vitest';
import { type BookJSON, margin } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/var.js';
import { deficitRisk, portfolioRisk, type Scenarios } from '../bindings/var/public.js';
import { Book } from '../bindings/var.js';
import { Random, randomBook } from './random-book.js';

const perpetual = (id: string, mark: number): object => ({
  id,
  kind: 'linear',
  settle: 'USD',
  mark,
  brackets: [{ upTo: null, maintenanceRate: 0.01 }],
});
const json = {
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USD', price: 1 }],
  markets: [perpetual('BTC', 100)],
  accounts: [
    { id: 'long', balances: { USD: 150 }, positions: [{ market: 'BTC', size: 10, entry: 100 }] },
    { id: 'short', balances: { USD: 300 }, positions: [{ market: 'BTC', size: -10, entry: 100 }] },
    // Its isolated bucket has 50 dollars for 500; the cross bucket does not pay for it.
    {
      id: 'isolated',
      balances: { USD: 1_000 },
      buckets: [{ bucket: 1, balances: { USD: 50 }, positions: [{ market: 'BTC', size: 5, entry: 100 }] }],
    },
  ],
} as unknown as BookJSON;
const scenarios: Scenarios = {
  method: 'made up',
  names: ['BTC'],
  count: 5,
  moves: [Float64Array.of(0, -0.1, -0.2, 0.2, 0.5)],
  labels: ['calm', 'dip', 'fall', 'rise', 'squeeze'],
  horizon: 1,
};

describe('deficitRisk', () => {
  it('adds what each margin unit lacks, and measures the sums', () => {
    const risk = deficitRisk(Book.fromJSON(json), scenarios, { confidence: '0.8' });
    // -20 %: the long lacks 50, the bucket 50; +50 %: the short lacks 200.
    expect([...risk.deficits]).toEqual([0, 0, 100, 0, 200]);
    expect([...risk.units]).toEqual([0, 0, 2, 0, 1]);
    expect(risk.worst).toEqual({ scenario: 4, label: 'squeeze', deficit: 200, units: 1 });
    expect([risk.var, risk.es, risk.mean]).toEqual([200, 200, 60]);
    expect(risk.chance).toBeCloseTo(0.4, 12);
    expect(deficitRisk(Book.fromJSON(json), scenarios, { confidence: '0.6' }).es).toBe(150);
    const weighted = { ...scenarios, weights: Float64Array.of(0.5, 0.2, 0.2, 0.05, 0.05) };
    const aged = deficitRisk(Book.fromJSON(json), weighted, { confidence: '0.9' });
    expect(aged.var).toBe(100);
    expect(aged.es).toBeCloseTo(150, 9);
    expect(aged.chance).toBeCloseTo(0.25, 12);
  });

  it('is nothing where nobody can lack anything', () => {
    const calm = { ...scenarios, moves: [new Float64Array(5)] };
    expect(deficitRisk(Book.fromJSON(json), calm)).toMatchObject({ var: 0, es: 0, mean: 0, chance: 0, thin: true });
    expect(deficitRisk(Book.fromJSON({ ...json, accounts: [] }), scenarios)).toMatchObject({ var: 0, chance: 0 });
  });

  it('has the bits of the reference, and what profits and equity of each account come to', () => {
    for (let seed = 0; seed < 60; seed++) {
      const r = new Random(seed ^ 0xdef);
      const book = Book.fromJSON(randomBook(seed, { features: 1, accounts: 6 }));
      const other = ReferenceBook.fromJSON(book.toJSON());
      book.refresh();
      const names = [
        ...new Set(
          Array.from({ length: book.markets }, (_, m) =>
            book.underlyingId(book.store.columns.market.underlying[m] ?? 0),
          ),
        ),
      ];
      const count = r.pick([1, 15, 16, 100]);
      const random: Scenarios = {
        method: 'random',
        names,
        count,
        moves: names.map(() => Float64Array.from({ length: count }, () => r.between(-0.6, 0.6))),
        horizon: 1,
      };
      const { underlying } = book.store.columns.asset;
      const still = Array.from({ length: book.assets }, (_, i) => i).filter(
        (i) => underlying[i] === 0xffffffff && !names.includes(book.assetId(i)),
      );
      const options = { factors: Object.fromEntries(still.map((i) => [book.assetId(i), null])) };
      const [a, b] = [deficitRisk(book, random, options), deficitRisk(other, random, options)];
      expect(a).toEqual(b);
      // Accounts of a single unit, one by one.
      const single = Array.from({ length: book.accounts }, (_, i) => i).every((i) => book.unitsOf(i).length === 1);
      if (!single) continue;
      const { equity } = margin(book).copy();
      const wanted = new Float64Array(count);
      let size = 0;
      for (let i = 0; i < book.accounts; i++) {
        const { profits = [] } = portfolioRisk(book, random, { ...options, account: i, profits: true });
        const own = equity[book.unitsOf(i)[0] ?? 0] ?? 0;
        for (let s = 0; s < count; s++) {
          const left = own + (profits[s] ?? 0);
          wanted[s] = (wanted[s] ?? 0) + Math.max(0, -left);
          size = Math.max(size, Math.abs(own) + Math.abs(profits[s] ?? 0));
        }
      }
      a.deficits.forEach((deficit, s) => {
        expect(Math.abs(deficit - (wanted[s] ?? 0)), `seed ${seed}`).toBeLessThanOrEqual(1e-11 * size * book.accounts);
      });
    }
  });
});
