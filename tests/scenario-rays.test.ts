// Rays of accounts that a model margins: kernel and reference along them, bit for bit; prices against books that stand there; nothing
// left behind after a question; sizes that fit; and what is refused.

import { describe, expect, it } from 'vitest';
import { ensureRay } from '../bindings/certificate.js';
import { LEVEL, layout, NONE, type Section, sections } from '../bindings/layout.js';
import type { BookBase, BookJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { ANSWER, SHAPE } from '../bindings/reference/lanes.js';
import {
  accountMargin,
  Book,
  CHECK_WIDTH,
  check,
  checkAll,
  checkBasket,
  checkInto,
  closeSizes,
  explainPrices,
  jointMoves,
  legsOf,
  liquidationPrices,
  margin,
  maxOrder,
  maxWithdraw,
  nearestMoves,
  presets,
  timeToLiquidation,
} from '../bindings/scenario.js';
import { clearShifts } from '../bindings/shifts.js';
import { tradeTerms } from '../bindings/trial.js';
import { cases } from './cases.js';
import { Random } from './random-book.js';
import { randomModelBook } from './random-model.js';
import { refusedWith } from './refusal.js';

const DAY = 86_400;
const NO_BRACKETS = [{ upTo: null, maintenanceRate: 0 }];

/** Calls, puts, a perpetual and a future on one coin, another coin beside it; options have no marks of their own. */
function bookJSON(more: Partial<BookJSON['accounts'][number]> = {}): BookJSON {
  return {
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USD', price: 1 },
      { id: 'BTC', price: 60_000, hedges: 'BTC', assetWeight: 0.9 },
      { id: 'ETH', price: 3_000 },
    ],
    expiries: [
      { id: 'near', asset: 'BTC', seconds: 20 * DAY, forward: 60_300, rate: 0.03 },
      { id: 'far', asset: 'BTC', seconds: 200 * DAY, forward: 62_000, settled: 100, rate: 0.04 },
    ],
    models: [
      {
        id: 'pm',
        volatility: { up: { scale: 0.4 }, down: { scale: -0.3 } },
        scenarios: [-0.2, -0.1, 0, 0.1, 0.2].flatMap((price) => [
          { price, volatility: 'up' },
          { price, volatility: 'down' },
        ]),
        requirement: {
          sum: [
            { scan: 'scan', factor: { initial: 1.3, maintenance: 1 } },
            { gross: 'linear', factor: 0.01 },
            { netShort: 'options', factor: 0.005 },
          ],
        },
      },
    ],
    markets: [
      {
        id: 'PERP',
        kind: 'linear',
        base: 'BTC',
        settle: 'USD',
        mark: 60_020,
        index: 60_000,
        tick: 0.5,
        brackets: NO_BRACKETS,
      },
      { id: 'FUT', kind: 'linear', base: 'BTC', settle: 'USD', expiry: 'far', mark: 62_000, brackets: NO_BRACKETS },
      { id: 'ETH-PERP', kind: 'linear', base: 'ETH', settle: 'USD', mark: 3_000, brackets: NO_BRACKETS },
      { id: 'C-near', kind: 'call', expiry: 'near', strike: 62_000, volatility: 0.5, settle: 'USD', lot: 0.1, tick: 1 },
      { id: 'P-near', kind: 'put', expiry: 'near', strike: 58_000, volatility: 0.55, settle: 'USD' },
      { id: 'C-far', kind: 'call', expiry: 'far', strike: 70_000, volatility: 0.6, settle: 'USD' },
      { id: 'P-coin', kind: 'put', expiry: 'far', strike: 55_000, volatility: 0.6, settle: 'BTC' },
    ],
    accounts: [
      {
        id: 'a',
        model: 'pm',
        balances: { USD: 40_000, BTC: 0.2 },
        positions: [
          { market: 'C-near', size: -3, entry: 1_800 },
          { market: 'P-near', size: -2, entry: 1_900 },
          { market: 'C-far', size: 2, entry: 6_000 },
          { market: 'PERP', size: 0.7, entry: 59_000 },
          { market: 'P-coin', size: -1, entry: 0.09 },
        ],
        ...more,
      },
      { id: 'plain', balances: { USD: 40_000 }, positions: [{ market: 'PERP', size: 1, entry: 60_000 }] },
    ],
  };
}

/** A copy of every column that a question must leave as it is: inputs, and what derives from them. */
const SCRATCH: Section[] = ['house', 'scratch', 'ray', 'price', 'work', 'fold'];
const SCRATCH_COLUMNS = ['expiry.left', 'expiry.used', 'market.closed', 'market.shift', 'market.drift', 'asset.shift'];
function snapshot(book: BookBase): Map<string, Float64Array | Uint32Array> {
  const columns = new Map<string, Float64Array | Uint32Array>();
  for (const section of sections) {
    if (SCRATCH.includes(section)) continue;
    for (const [name, c] of Object.entries(layout[section])) {
      if (c.role === 'result' || SCRATCH_COLUMNS.includes(`${section}.${name}`)) continue;
      const view = (book.store.columns[section] as unknown as Record<string, Float64Array>)[name] as Float64Array;
      columns.set(`${section}.${name}`, view.slice(0, book.store.count(section) * c.width));
    }
  }
  return columns;
}

function expectUntouched(book: BookBase, before: ReturnType<typeof snapshot>, after: string): void {
  const now = snapshot(book);
  for (const [name, column] of before) {
    const changed = column.findIndex((x, i) => !Object.is(x, now.get(name)?.[i]));
    expect(changed, `${name} after ${after}`).toBe(-1);
  }
}

/** Every unit that a model margins, with the markets that it holds. */
function modelled(book: BookBase): { u: number; markets: number[] }[] {
  const { unit, position, market } = book.store.columns;
  return Array.from({ length: book.units }, (_, u) => u)
    .filter((u) => unit.model[u] !== 0)
    .map((u) => {
      const first = unit.positionStart[u] as number;
      const keys = position.key.subarray(first, first + (unit.positionCount[u] as number));
      const markets = [...new Set(Array.from(keys, (key) => key >>> 2))];
      return { u, markets: markets.filter((m) => market.kind[m] !== 4) };
    });
}

describe('along a ray', () => {
  it('kernel and reference have the same health, bit for bit, and leave everything where it stood', () => {
    let points = 0;
    for (let seed = 0; seed < cases(60); seed++) {
      const r = new Random(seed);
      const json = randomModelBook(seed, 2);
      const books = [Book.fromJSON(json), ReferenceBook.fromJSON(json)];
      for (const book of books) {
        margin(book);
        ensureRay(book, 0, book.units);
      }
      const [kernel, reference] = books as [Book, BookBase];
      const before = books.map(snapshot);
      for (const { u, markets } of modelled(kernel)) {
        for (const m of r.chance(0.7) ? markets.slice(0, 3) : [...markets.slice(0, 2), NONE]) {
          for (const book of books) {
            clearShifts(book);
            const { asset, market } = book.store.columns;
            if (m === NONE) for (let a = 1; a < book.assets; a++) asset.shift[a] = 1 / (1 + a);
            if (m === NONE) for (let i = 0; i < book.markets; i++) market.shift[i] = 1 / (2 + i);
            if (m === NONE) market.drift[0] = 0.25;
          }
          const level = r.int(0, 3);
          for (const book of books) book.store.engine.openRay(book.store, u, m, level);
          const ends = books.map(({ store }) => store.columns.house.answer.slice(ANSWER.low, ANSWER.high + 1));
          expect(ends[0]).toEqual(ends[1]);
          const [low, high] = ends[0] as Float64Array;
          for (const part of [0.01, 0.5, 0.9, 1, 1.1, 2, 40]) {
            const x = Math.min(
              Math.max(part * (m === NONE ? 1 : Math.sqrt((low as number) * (high as number))), low as number),
              high as number,
            );
            const health = books.map(({ store }) => store.engine.rayHealth(x));
            expect(Object.is(health[0], health[1]), `seed ${seed}, market ${m}: ${health.join(' and ')}`).toBe(true);
            expect(health[0]).not.toBeNaN();
            points++;
          }
        }
      }
      books.forEach((book, i) => {
        clearShifts(book);
        expectUntouched(
          book,
          before[i] as ReturnType<typeof snapshot>,
          `rays of seed ${seed}, ${book.store.engine.name}`,
        );
      });
      expect(Object.is(kernel.units, reference.units)).toBe(true);
    }
    expect(points).toBeGreaterThan(cases(1500));
  });

  it('health where prices stand is that of the margin call', () => {
    for (let seed = 0; seed < cases(40); seed++) {
      const book = Book.fromJSON(randomModelBook(seed, 2));
      const risk = margin(book).copy();
      ensureRay(book, 0, book.units);
      const { engine, columns } = book.store;
      for (const { u, markets } of modelled(book)) {
        for (const m of markets) {
          engine.openRay(book.store, u, m, 1);
          const option = (columns.market.kind[m] as number) >= 5;
          const spot = columns.expiry.asset[columns.market.expiry[m] as number] as number;
          const stands = (option ? columns.asset.price[spot] : columns.market.mark[m]) as number;
          const health = engine.rayHealth(stands);
          expect(health).toBe((risk.collateral[u] as number) - (risk.maintenanceMargin[u] as number));
        }
      }
    }
  });

  it('prices are found by both engines at the same doubles', () => {
    const json = bookJSON();
    const [kernel, reference] = [Book.fromJSON(json), ReferenceBook.fromJSON(json)];
    expect(liquidationPrices(kernel, 'a')).toEqual(liquidationPrices(reference, 'a'));
    const all = [liquidationPrices(kernel), liquidationPrices(reference)];
    expect(all[0]?.down).toEqual(all[1]?.down);
    expect(all[0]?.up).toEqual(all[1]?.up);
    expect(all[0]?.code).toEqual(all[1]?.code);
    const betas = { markets: { PERP: 1 }, assets: { BTC: 1 } };
    expect(jointMoves(kernel, 'a', betas)).toEqual(jointMoves(reference, 'a', betas));
  });
});

/** The book with BTC at another price: forwards and marks move in proportion, options without marks by themselves. */
function at(json: BookJSON, price: number): BookBase {
  const book = Book.fromJSON(json);
  const share = price / 60_000;
  book.setPrice('BTC', price);
  for (const { id, forward, settled = 0 } of json.expiries ?? []) {
    book.setExpiry(id, { forward: (Number(forward) - Number(settled)) * share + Number(settled) });
  }
  book.setMark('PERP', 60_020 * share, { index: 60_000 * share });
  book.setMark('FUT', 62_000 * share);
  return book;
}

describe('liquidation prices of options', () => {
  const json = bookJSON();
  const book = Book.fromJSON(json);
  const prices = liquidationPrices(book, 'a');
  const of = (id: string) => prices.find(({ market }) => market === id) as (typeof prices)[number];

  it('are prices of the base asset, the same for all options on it', () => {
    const calls = ['C-near', 'P-near', 'C-far', 'P-coin'].map(of);
    for (const call of calls) {
      expect(call.mark).toBe(60_000);
      expect(call.asset).toBe('BTC');
      expect([call.down, call.up]).toEqual([calls[0]?.down, calls[0]?.up]);
      expect(call.certificate.up.method).toBe('bracketed');
      expect(call.certificate.up.tick).toBeNull();
      expect(call.certificate.up.bracket).toBeNull();
    }
    expect(calls[0]?.size).toBe(-3);
    expect(calls[0]?.up).toBeGreaterThan(60_000);
    expect(of('PERP').mark).toBe(60_020);
    expect(of('PERP').asset).toBeUndefined();
    expect(of('PERP').certificate.up.tick?.liquidatable).toBeGreaterThanOrEqual(of('PERP').up as number);
    // The same move of the underlying, told by the perpetual's mark.
    expect((of('PERP').up as number) / 60_020).toBeCloseTo((calls[0]?.up as number) / 60_000, 9);
  });

  it('are where a book that stands there turns', () => {
    const { certificate } = of('C-near');
    for (const end of [certificate.down, certificate.up]) {
      for (const point of [end.healthy, end.liquidatable]) {
        if (!point) continue;
        const there = accountMargin(at(json, point.price), 'a');
        expect(Math.abs(there.health.maintenance - point.health)).toBeLessThan(1e-6);
        const aside = accountMargin(at(json, point.price * (end === certificate.up ? 1.0001 : 0.9999)), 'a');
        expect(aside.status).not.toBe('healthy');
      }
    }
    const between = [certificate.down.liquidatable?.price ?? 1_000, 60_000, certificate.up.liquidatable?.price ?? 1e6];
    const inside = between.slice(0, 2).map((low, i) => Math.sqrt(low * (between[i + 1] as number)));
    for (const price of inside) expect(['healthy', 'warning']).toContain(accountMargin(at(json, price), 'a').status);
  });

  it('are in the columns of all positions, and in words', () => {
    const all = liquidationPrices(book);
    const first = book.store.columns.unit.positionStart[book.unit('a')] as number;
    prices.forEach(({ down, up }, i) => {
      expect(all.down[first + i]).toBe(down ?? 0);
      expect(all.up[first + i]).toBe(up ?? Number.POSITIVE_INFINITY);
    });
    expect(explainPrices(prices)).toContain('C-near  short 3, BTC at 60,000: healthy');
  });

  it('with marks of their own keep what is between mark and value', () => {
    const marked = bookJSON();
    (marked.markets[3] as { mark?: number }).mark = 2_500;
    const [kernel, reference] = [Book.fromJSON(marked), ReferenceBook.fromJSON(marked)];
    const before = snapshot(kernel);
    margin(kernel);
    const [down] = liquidationPrices(kernel, 'a');
    expect(down).toEqual(liquidationPrices(reference, 'a')[0]);
    expect(down?.up).not.toBe(of('C-near').up);
    expect(kernel.store.columns.market.mark[3]).toBe(2_500);
    expect(before.get('market.mark')?.[3]).toBe(2_500);
  });

  it('joint moves name the asset; moves of an option are refused', () => {
    const [move] = jointMoves(book, 'a', { markets: { PERP: 1, FUT: 1 }, assets: { BTC: 1 } });
    expect((move?.up as number) + 1).toBeCloseTo((of('C-near').up as number) / 60_000, 6);
    const error = refusedWith(() => jointMoves(book, 'a', { markets: { 'C-near': 1 } }));
    expect(error).toMatchObject({ code: 'conflict', path: 'betas.markets.C-near' });
    const [unit] = nearestMoves(book, 'a', { underlyings: ['BTC'], matrix: [0.0016] });
    const share = unit?.move.BTC as number;
    const nearest = share > 0 ? (of('C-near').up as number) : (of('C-near').down as number);
    expect(1 + share).toBeCloseTo(nearest / 60_000, 6);
    expect(unit?.distance).toBeCloseTo(Math.abs(share) / 0.04, 6);
  });

  it('time to liquidation moves no price', () => {
    const before = snapshot(book);
    const [unit] = timeToLiquidation(book, 'a', { PERP: 100 });
    const health = accountMargin(book, 'a').health.maintenance;
    expect((unit?.time as number) * 100 * 0.7).toBeCloseTo(health, 6);
    expectUntouched(book, before, 'time to liquidation');
  });
});

describe('sizes and checks of modelled accounts', () => {
  const json = bookJSON();

  it('the largest order leaves enough, the next lot does not', () => {
    for (const [market, side] of [
      ['C-near', 'sell'],
      ['P-coin', 'buy'],
      ['PERP', 'buy'],
      ['C-far', 'sell'],
    ] as const) {
      const book = Book.fromJSON(json);
      const { size, bound, health } = maxOrder(book, 'a', { market, side });
      expect(bound).toBe('margin');
      expect(size).toBeGreaterThan(0);
      expect(health).toBeGreaterThanOrEqual(0);
      const lot = market === 'C-near' ? 0.1 : size * 1e-6;
      expect(check(book, 'a', { market, side, size }).accept).toBe(true);
      expect(check(book, 'a', { market, side, size: size + lot }).accept).toBe(false);
    }
  });

  it('the largest withdrawal leaves enough, also of a coin that hedges', () => {
    for (const asset of ['USD', 'BTC']) {
      const book = Book.fromJSON(json);
      const { size, bound } = maxWithdraw(book, 'a', asset);
      book.deposit('a', asset, -size);
      expect(accountMargin(book, 'a').health.initial).toBeGreaterThan(-1e-6);
      if (bound !== 'margin') continue;
      book.deposit('a', asset, -size * 1e-3);
      expect(accountMargin(book, 'a').health.initial).toBeLessThan(0);
    }
  });

  it('a check says what the fill then is', () => {
    const book = Book.fromJSON(json);
    const verdict = check(book, 'a', { market: 'P-near', side: 'sell', size: 1 });
    const [again] = checkAll(book, [{ account: 'a', market: 'P-near', side: 'sell', size: 1 }]);
    expect(again?.after).toEqual(verdict.after);
    const basket = checkBasket(book, 'a', [
      { market: 'P-near', side: 'sell', size: 1 },
      { market: 'PERP', side: 'sell', size: 0.5 },
    ]);
    const out = new Float64Array(CHECK_WIDTH);
    const mark = book.store.columns.market.mark[book.market('P-near')] as number;
    checkInto(book, book.unit('a'), book.market('P-near'), 'sell', 1, mark, out);
    expect(out[8]).toBe(verdict.after.initialMargin);
    book.fill('a', { market: 'P-near', size: -1, price: mark });
    const { equity, initialMargin, maintenanceMargin } = accountMargin(book, 'a');
    expect(verdict.after).toMatchObject({ equity, initialMargin, maintenanceMargin });
    const filled = liquidationPrices(book, 'a').find(({ market }) => market === 'P-near');
    expect(verdict.liquidationPrice).toEqual({ down: filled?.down, up: filled?.up });
    book.fill('a', { market: 'PERP', size: -0.5, price: 60_020 });
    expect(basket.after.initialMargin).toBeCloseTo(accountMargin(book, 'a').initialMargin, 6);
  });

  it('closes are enough, and legs have the deltas of their arrays', () => {
    const { health } = accountMargin(Book.fromJSON(json), 'a');
    const book = Book.fromJSON(bookJSON({ balances: { USD: 40_000 - health.maintenance - 500, BTC: 0.2 } }));
    expect(accountMargin(book, 'a').status).toBe('liquidatable');
    const { legs, feasible } = closeSizes(book, 'a', [{ market: 'C-near' }, { market: 'P-near' }]);
    expect(feasible).toBe(true);
    for (const { market, size } of legs) {
      if (size > 0)
        book.fill('a', { market, size, price: book.store.columns.market.mark[book.market(market)] as number });
    }
    expect(accountMargin(book, 'a').health.liquidationEnd).toBeGreaterThan(-1e-6);
    const deltas = new Map(legsOf(Book.fromJSON(json), 'a').map(({ market, delta }) => [market, delta]));
    expect(deltas.get('C-near')).toBeLessThan(-0.9);
    expect(deltas.get('C-near')).toBeGreaterThan(-1.8);
    expect(deltas.get('P-near')).toBeGreaterThan(0);
    expect(deltas.get('PERP')).toBe(0.7);
  });

  it('leave everything where it stood', () => {
    for (const Door of [Book, ReferenceBook]) {
      const book = Door.fromJSON(json);
      margin(book);
      const before = snapshot(book);
      liquidationPrices(book, 'a');
      expectUntouched(book, before, 'liquidationPrices');
      check(book, 'a', { market: 'C-near', side: 'sell', size: 1 });
      maxOrder(book, 'a', { market: 'P-coin', side: 'sell' });
      maxWithdraw(book, 'a', 'BTC');
      closeSizes(book, 'a', [{ market: 'C-near' }]);
      expectUntouched(book, before, 'checks and sizes');
    }
  });

  it('end where an option is worth next to nothing, however far its size may go', () => {
    const far = (kind: 'call' | 'put', strike: number, seconds: number): BookJSON => ({
      format: 'margin-kernel/book@1',
      assets: [
        { id: 'USDT', price: 1 },
        { id: 'BTC', price: 60_000 },
      ],
      expiries: [{ id: 'soon', asset: 'BTC', seconds, forward: 60_000 }],
      models: [presets.powertrade({ id: 'pm', cash: 'USDT' })],
      markets: [{ id: 'far', kind, expiry: 'soon', strike, volatility: 0.55, settle: 'USDT' }],
      accounts: [{ id: 'a', model: 'pm', balances: { USDT: 475 } }],
    });
    for (const [kind, strike, seconds] of [
      ['call', 120_000, 3600],
      ['call', 200_000, 28_800],
      ['put', 30_000, 3600],
    ] as const) {
      const roots = [Book, ReferenceBook].map((Door) => {
        const book = Door.fromJSON(far(kind, strike, seconds));
        const order = { market: 'far', side: 'sell' } as const;
        const { size, bound } = maxOrder(book, 'a', order);
        expect([size, bound, check(book, 'a', { ...order, size }).accept]).toEqual([1e30, 'none', true]);
        // No size is that large, but the solver has to come to an end all the same.
        book.store.engine.openTrade(book.store, 0, tradeTerms(book, 0, order, 'order'), LEVEL.initial, 0);
        return [book.store.engine.solveSize(0, 1e200, SHAPE.any), book.store.columns.house.answer[ANSWER.well]];
      });
      expect(roots[0]?.[1]).toBeGreaterThan(1e80);
      expect(roots[0]).toEqual(roots[1]);
    }
  });

  it('refuse options where no model margins them', () => {
    const book = Book.fromJSON(json);
    const order = { market: 'C-near', side: 'sell', size: 1 } as const;
    const calls = [
      () => check(book, 'plain', order),
      () => checkAll(book, [{ account: 'plain', ...order }]),
      () => checkBasket(book, 'plain', [order]),
      () => maxOrder(book, 'plain', { market: 'C-near', side: 'sell' }),
      () => closeSizes(book, 'plain', [{ market: 'C-near' }]),
      () => checkInto(book, book.unit('plain'), book.market('C-near'), 'sell', 1, 100, new Float64Array(CHECK_WIDTH)),
      () => book.fill('plain', { market: 'C-near', size: 1, price: 100 }),
      () => book.placeOrder('plain', { market: 'C-near', side: 'buy', size: 1, price: 100 }),
    ];
    for (const call of calls) expect(refusedWith(call)).toMatchObject({ code: 'conflict', got: 'C-near' });
  });
});
