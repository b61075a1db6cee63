// Tails of many scenarios, where few sums are looked at: the kernel against its definition bit for bit, with candidates by the
// hundred, ties of all kinds, accounts that gain nothing, weights of 0, and scenarios that are no whole blocks.
import { describe, expect, it } from 'vitest';
import type { BookBase, BookJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/var.js';
import { type Scenarios, type ValueAtRiskOptions, valueAtRisk } from '../bindings/var/public.js';
import { Book } from '../bindings/var.js';
import { Random } from './random-book.js';

const MARKETS = 6;
const NAMES = Array.from({ length: MARKETS }, (_, m) => `M${m}`);

/** Accounts of up to seven positions; the first has nothing but cash. */
function bookOf(r: Random, accounts: number): BookJSON {
  return {
    format: 'margin-kernel/book@1',
    assets: [{ id: 'USD', price: 1 }],
    markets: NAMES.map((id) => ({
      id,
      kind: 'linear',
      settle: 'USD',
      mark: 100,
      brackets: [{ upTo: null, maintenanceRate: 0.01 }],
    })),
    accounts: Array.from({ length: accounts }, (_, a) => ({
      id: `a${a}`,
      balances: { USD: 1000 },
      positions: NAMES.slice(0, a === 0 ? 0 : r.int(0, MARKETS)).map((market) => ({
        market,
        size: r.chance(0.3) ? r.int(-3, 3) || 1 : r.between(-5, 5),
        entry: 100,
      })),
    })),
  };
}

/** How moves look: all different, few values, all 0 but for some, one crash, rising all the time. */
const SHAPES: Record<string, (r: Random, s: number, count: number) => number> = {
  smooth: (r) => r.between(-0.2, 0.2),
  coarse: (r) => r.int(-3, 3) / 64,
  still: (r) => (r.chance(0.01) ? r.between(-0.1, 0.1) : 0),
  crash: (r, s, count) => (s === count >> 1 ? -0.9 : r.between(-1e-12, 1e-12)),
  rising: (_, s, count) => s / count - 0.5,
};

const WEIGHTS: Record<string, (r: Random, s: number) => number> = {
  aged: (_, s) => 0.98 ** s,
  random: (r) => r.between(0.1, 1),
  holes: (r) => (r.chance(0.3) ? 0 : r.between(0.1, 1)),
};

const ARRAYS = ['var', 'es', 'total'] as const;

function compare(json: BookJSON, scenarios: Scenarios, options: ValueAtRiskOptions, what: string): void {
  const [a, b] = [Book, ReferenceBook].map((kind) => valueAtRisk(kind.fromJSON(json) as BookBase, scenarios, options));
  if (!a || !b) throw new Error(what);
  for (const key of ARRAYS) expect(a[key], `${what}: ${key}`).toEqual(b[key]);
  expect(a.component, what).toEqual(b.component);
  expect(a.tail, what).toEqual(b.tail);
  for (const risk of a.var) expect(Number.isFinite(risk), what).toBe(true);
}

describe('tails of many scenarios', () => {
  for (const [shape, move] of Object.entries(SHAPES)) {
    it(`have the bits of the reference, moves that are ${shape}`, () => {
      const r = new Random(shape.length);
      for (const count of [257, 1000, 1024, 1531, 2600]) {
        const json = bookOf(r, 12);
        const moves = NAMES.map(() => Float64Array.from({ length: count }, (_, s) => move(r, s, count)));
        const scenarios: Scenarios = { method: shape, names: NAMES, count, moves, horizon: 1 };
        for (const confidence of ['0.5', '0.9', '0.975', '0.99', '0.999', '0.9999']) {
          const options: ValueAtRiskOptions = {
            confidence,
            tails: true,
            type: r.int(1, 9) as 1,
            convention: r.pick(['acerbi-tasche', 'rockafellar-uryasev', 'at-or-beyond', 'beyond', 'beyond-type-7']),
            components: r.pick(['value-at-risk', 'expected-shortfall']),
          };
          compare(json, scenarios, options, `${count} ${shape} ${JSON.stringify(options)}`);
        }
      }
    });
  }

  for (const [kind, weigh] of Object.entries(WEIGHTS)) {
    it(`have the bits of the reference, weights that are ${kind}`, () => {
      const r = new Random(kind.length);
      for (const count of [250, 1000, 1537]) {
        const json = bookOf(r, 12);
        const raw = Float64Array.from({ length: count }, (_, s) => weigh(r, s));
        const sum = raw.reduce((x, y) => x + y, 0);
        for (const shape of ['smooth', 'coarse', 'still'] as const) {
          const move = SHAPES[shape] as (r: Random, s: number, count: number) => number;
          const moves = NAMES.map(() => Float64Array.from({ length: count }, (_, s) => move(r, s, count)));
          const weights = raw.map((w) => w / sum);
          const scenarios: Scenarios = { method: kind, names: NAMES, count, moves, weights, horizon: 1 };
          for (const confidence of ['0.5', '0.9', '0.99', '0.999']) {
            const options: ValueAtRiskOptions = { confidence, tails: true, components: 'expected-shortfall' };
            compare(json, scenarios, options, `${count} ${shape} ${kind} ${confidence}`);
          }
        }
      }
    });
  }
});
