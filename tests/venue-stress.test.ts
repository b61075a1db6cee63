// Stress, fund sizing and parameter previews: worked by hand, against other ways to the same number, and the book unchanged.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountMargin, Book, type BookJSON, margin } from '../bindings/index.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import {
  type Changes,
  cover,
  fundContributions,
  type Moves,
  previewParameters,
  sizeFund,
  stressLosses,
} from '../bindings/venue/index.js';
import { cases } from './cases.js';
import { randomBook } from './random-book.js';
import { refusal } from './refusal.js';

const all = { numRuns: cases(300), seed: 20260101 };
const market = {
  kind: 'linear' as const,
  settle: 'USD',
  lot: 0.1,
  brackets: [{ upTo: null, maintenanceRate: 0.1, initialRate: 0.2 }],
};
const house: BookJSON = {
  format: 'margin-kernel/book@1',
  assets: [
    { id: 'USD', price: 1 },
    { id: 'ETH', price: 2000, assetWeight: 0.9 },
  ],
  markets: [
    { id: 'ETH-PERP', base: 'ETH', mark: 2000, twap: 1990, ...market },
    { id: 'ETH-2X', base: 'ETH', beta: 2, mark: 50, ...market },
    { id: 'SOL-PERP', mark: 100, index: 101, ...market },
  ],
  accounts: [
    { id: 'a', balances: { USD: 500 }, positions: [{ market: 'ETH-PERP', size: 1, entry: 2000 }] },
    { id: 'b', balances: { USD: 250 }, positions: [{ market: 'ETH-PERP', size: 1, entry: 2000 }] },
    { id: 'c', balances: { ETH: 0.5 }, positions: [{ market: 'ETH-2X', size: 30, entry: 50 }] },
    { id: 'd', balances: { USD: 900 }, positions: [{ market: 'SOL-PERP', size: -10, entry: 100 }] },
    {
      id: 'e',
      balances: { USD: 5000 },
      buckets: [{ bucket: 1, balances: { USD: 100 }, positions: [{ market: 'ETH-PERP', size: 0.5, entry: 2000 }] }],
    },
  ],
};

describe('stress losses', () => {
  const book = Book.fromJSON(house);

  it('are what is lacking beyond equity: markets by beta, assets with them, buckets by themselves', () => {
    expect(stressLosses(book, { underlyings: { ETH: -0.3 } })).toEqual([
      { id: 'b', loss: 35_000n },
      { id: 'c', loss: 20_000n },
      { id: 'e', loss: 20_000n },
      { id: 'a', loss: 10_000n },
    ]);
    expect(stressLosses(book, { underlyings: { ETH: '-0.3' }, assets: { ETH: 0 } }, { decimals: 0 })).toEqual([
      { id: 'b', loss: 350n },
      { id: 'e', loss: 200n },
      { id: 'a', loss: 100n },
    ]);
    expect(stressLosses(book, { markets: { 'SOL-PERP': 1 } })).toEqual([{ id: 'd', loss: 10_000n }]);
    expect(stressLosses(book, {})).toEqual([]);
  });

  it('beyond the requirement are what the moves take more than margin covers, which longs owe at their guard', () => {
    expect(stressLosses(book, { markets: { 'ETH-PERP': -0.3 } }, { beyond: 'requirement', decimals: 0 })).toEqual([
      { id: 'a', loss: 202n },
      { id: 'b', loss: 202n },
      { id: 'e', loss: 101n },
    ]);
  });

  it('leave the book and borrowed columns as they were, also after a refusal', () => {
    const before = book.encode();
    const { equity, status } = margin(book);
    const [was, now] = [equity.slice(), status.slice()];
    stressLosses(book, { underlyings: { ETH: -0.49 } });
    expect(refusal(() => stressLosses(book, { underlyings: { ETH: -0.5 }, markets: { x: 1 } }))).toMatch(
      /moves\.markets\.x/,
    );
    expect(refusal(() => stressLosses(book, { underlyings: { ETH: -0.5 } }))).toMatch(
      /range at moves\.markets\.ETH-2X: got 0/,
    );
    expect(refusal(() => stressLosses(book, { markets: { 'ETH-PERP': -1 } }))).toMatch(
      /range at moves\.markets\.ETH-PERP/,
    );
    expect(refusal(() => stressLosses(book, { underlyings: { BTC: 1 } }))).toMatch(/unknown-id/);
    expect(refusal(() => stressLosses(book, { market: {} } as Moves))).toMatch(/Did you mean "markets"/);
    expect(book.encode()).toEqual(before);
    expect([equity, status]).toEqual([was, now]);
  });

  it('are those of a book that was given the prices, on random books, in both engines', () => {
    for (let seed = 1; seed <= cases(60); seed++) {
      const json = randomBook(seed, { features: 1, accounts: 4 });
      const moves = {
        markets: Object.fromEntries(
          json.markets.filter(({ kind }) => kind !== 'prediction').map(({ id }, i) => [id, [-0.2, 0.1, 0.5][i % 3]]),
        ),
      } as Moves;
      const moved = Book.fromJSON(json);
      for (const [id, move] of Object.entries(moves.markets ?? {})) {
        const m = moved.market(id);
        const c = moved.store.columns.market;
        for (const name of ['mark', 'index', 'twap', 'stable'] as const)
          c[name][m] = (c[name][m] as number) * (1 + Number(move));
      }
      moved.touch();
      const { equity } = margin(moved);
      const book = Book.fromJSON(json);
      const before = book.encode();
      const losses = stressLosses(book, moves, { decimals: 6 });
      expect(stressLosses(ReferenceBook.fromJSON(json), moves, { decimals: 6 })).toEqual(losses);
      expect(book.encode()).toEqual(before);
      for (let a = 0; a < book.accounts; a++) {
        const lost = moved.unitsOf(a).reduce((sum, u) => sum + Math.max(0, -(equity[u] as number)), 0);
        const found = losses.find(({ id }) => id === book.accountId(a))?.loss ?? 0n;
        expect(Math.abs(Number(found) / 1e6 - lost)).toBeLessThanOrEqual(1e-5 + lost * 1e-12);
      }
    }
  });
});

describe('cover', () => {
  const losses = [
    { id: 'a', loss: 50n },
    { id: 'b', loss: 40n },
    { id: 'c', loss: 30n },
  ];

  it('takes the largest owners, not the largest accounts', () => {
    expect(cover(losses, 1).amount).toBe(50n);
    expect(cover(losses, 2).amount).toBe(90n);
    expect(cover(losses, 9).amount).toBe(120n);
    expect(cover(losses, 1, { b: 'x', c: 'x' })).toEqual({ amount: 70n, owners: [{ id: 'x', loss: 70n }] });
    expect(cover([], 2)).toEqual({ amount: 0n, owners: [] });
    expect(refusal(() => cover(losses, 0))).toMatch(/range at n/);
    expect(refusal(() => cover([...losses, ...losses], 1))).toMatch(/duplicate at losses\[3\]\.id/);
    expect(refusal(() => cover([{ id: 'a', loss: -1n }], 1))).toMatch(/range at losses\[0\]\.loss/);
  });

  it('sizes a fund by the worst scenario, and members pay by what they lack', () => {
    const other = [{ id: 'd', loss: 95n }];
    const sized = sizeFund([losses, other], { cover: 2 });
    expect(sized).toMatchObject({ size: 95n, scenario: 1 });
    expect(sizeFund([losses, other], { cover: 2, owners: { c: 'a' } })).toMatchObject({ size: 120n, scenario: 0 });
    expect(sizeFund([], { cover: 1 })).toMatchObject({ size: 0n, scenario: null });
    expect(fundContributions(100n, losses).map(({ amount }) => amount)).toEqual([42n, 33n, 25n]);
    expect(fundContributions(0n, [])).toEqual([]);
    expect(refusal(() => fundContributions(1n, []))).toMatch(/a loss above 0/);
  });

  it('is paid in to the unit', () => {
    const loss = fc.bigInt(0n, 1n << 80n);
    fc.assert(
      fc.property(fc.array(loss, { minLength: 1 }), fc.bigInt(0n, 1n << 90n), (list, size) => {
        fc.pre(list.some((n) => n > 0n));
        const members = list.map((loss, i) => ({ id: `m${i}`, loss }));
        const paid = fundContributions(size, members);
        expect(paid.reduce((sum, { amount }) => sum + amount, 0n)).toBe(size);
      }),
      all,
    );
  });
});

describe('a fund by what capital costs', () => {
  it('is the quantile at 1 - capitalCost / lossWeight', () => {
    const sample = Array.from({ length: 100 }, (_, i) => BigInt(100 - i));
    const at = (capitalCost: string | number, lossWeight: string | number): bigint =>
      sizeFund(sample, { capitalCost, lossWeight }).size;
    expect(at('0.01', 1)).toBe(99n);
    expect(at('0.015', 1)).toBe(99n);
    expect(at('0.3', 3)).toBe(90n);
    expect(at('1/3', '1/2')).toBe(34n);
    expect(at(1, 1)).toBe(0n);
    expect(at(2, 1)).toBe(0n);
    expect(sizeFund(sample, { capitalCost: '0.1', lossWeight: '0.4' }).confidence).toEqual({
      numerator: 3n,
      denominator: 4n,
    });
    expect(sizeFund([], { capitalCost: 1, lossWeight: 2 })).toMatchObject({ size: 0n, rank: 0 });
    expect(refusal(() => at(0, 1))).toMatch(/range at rule\.capitalCost/);
    expect(refusal(() => sizeFund(sample, { capitalCost: 1 } as never))).toMatch(/missing-key at rule\.lossWeight/);
    expect(refusal(() => sizeFund([-1n], { capitalCost: 1, lossWeight: 2 }))).toMatch(/range at losses\[0\]/);
  });

  it('costs no more than any other fund', () => {
    const [r, k] = [fc.bigInt(1n, 20n), fc.bigInt(1n, 60n)];
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 50n), { minLength: 1, maxLength: 20 }), r, k, (sample, cost, weight) => {
        const { size } = sizeFund(sample, { capitalCost: cost, lossWeight: weight });
        const spent = (fund: bigint): bigint =>
          cost * fund * BigInt(sample.length) +
          weight * sample.reduce((sum, loss) => sum + (loss > fund ? loss - fund : 0n), 0n);
        for (let fund = 0n; fund <= 51n; fund++) expect(spent(size) <= spent(fund)).toBe(true);
      }),
      all,
    );
  });
});

describe('the impact of parameters', () => {
  it('says who becomes liquidatable, and what a fund would need', () => {
    const book = Book.fromJSON(house);
    const before = book.encode();
    const tighter: Changes = {
      markets: [{ id: 'ETH-PERP', brackets: [{ upTo: null, maintenanceRate: 0.15, initialRate: 0.3 }] }],
    };
    const impact = previewParameters(book, tighter, {
      decimals: 0,
      moves: { markets: { 'ETH-PERP': -0.35 } },
      beyond: 'requirement',
    });
    expect([impact.newly, impact.cured, impact.liquidatable]).toEqual([['b'], [], ['b', 'e:1']]);
    expect(impact.before.initialMargin).toBe(1495n);
    expect(impact.after.initialMargin).toBe(1993n);
    expect(impact.before.cover2).toEqual({
      amount: 604n,
      owners: [
        { id: 'a', loss: 302n },
        { id: 'b', loss: 302n },
      ],
    });
    expect(impact.after.cover2.amount).toBe(206n);
    expect(book.encode()).toEqual(before);
  });

  it('of a mark takes what follows it along, of an asset its weights', () => {
    const book = Book.fromJSON(house);
    const fall = previewParameters(book, { markets: [{ id: 'ETH-PERP', mark: 1500, twap: 1500 }] }, { decimals: 0 });
    expect(fall.after.fundNeed).toBe(400n);
    expect(fall.after.accounts).toMatchObject({ bankrupt: 2, liquidatable: 3 });
    expect(fall.after.cover2.amount).toBe(400n);
    expect(fall.newly).toEqual(['a', 'b']);
    const weight = previewParameters(book, { assets: [{ id: 'ETH', assetWeight: 0 }] });
    expect(weight.newly).toEqual(['c']);
    expect(previewParameters(book, {})).toMatchObject({ newly: [], cured: [] });
    const looser = { markets: [{ id: 'ETH-PERP', twap: 2000, brackets: [{ upTo: null, maintenanceRate: 0.01 }] }] };
    expect(previewParameters(book, looser).cured).toEqual(['e:1']);
  });

  it('is that of a book that has them, on random books', () => {
    for (let seed = 1; seed <= cases(40); seed++) {
      const json = randomBook(seed, { features: 1, accounts: 6 });
      const book = Book.fromJSON(json);
      const before = book.encode();
      const markets = book.toJSON().markets.map(({ id, mark }) => ({ id, mark: Number(mark) * 0.9 }));
      const { after } = previewParameters(book, { markets }, { decimals: 4 });
      for (const { id, mark } of markets) book.setMark(id, mark);
      const { totals, liquidatable } = margin(book);
      expect(after.accounts.liquidatable).toBe(liquidatable.length);
      expect(Math.abs(Number(after.initialMargin) / 1e4 - totals.initialMargin)).toBeLessThanOrEqual(
        1e-3 + totals.initialMargin * 1e-9,
      );
      expect(Book.decode(before).encode()).toEqual(before);
    }
  });

  it('refuses what the book would refuse', () => {
    const book = Book.fromJSON(house);
    const refused = (changes: unknown): string => refusal(() => previewParameters(book, changes as Changes));
    expect(refused({ markets: [{ id: 'ETH-PRP', mark: 1 }] })).toMatch(/changes\.markets\[0\]\.id.*"ETH-PERP"/);
    expect(refused({ markets: [{ id: 'ETH-PERP', multiplier: 2 }] })).toMatch(/conflict at changes\.markets\[0\]/);
    expect(refused({ markets: [{ id: 'ETH-PERP', marc: 2 }] })).toMatch(/unknown-key.*"mark"/);
    expect(refused({ assets: [{ id: 'ETH', price: -1 }] })).toMatch(/range at changes\.assets\[0\]\.price/);
    expect(refused({ asset: [] })).toMatch(/unknown-key at changes\.asset/);
    expect(accountMargin(book, 'a').equity).toBe(500);
  });
});
