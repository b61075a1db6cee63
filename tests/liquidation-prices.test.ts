// Liquidation prices by what must hold of them: nothing of the book moves, scale and halves change nothing, what shares an
// underlying moves as one position, answers worked out by hand, accounts that no slope can be trusted on, bad input.

import { describe, expect, it } from 'vitest';
import { Book, jointMoves, liquidationPrices, MarginError, margin, maxOrder } from '../bindings/index.js';
import { layout, type Section } from '../bindings/layout.js';
import type {
  AccountJSON,
  AssetJSON,
  BookBase,
  BookJSON,
  Bracket,
  HoldingsJSON,
  LiquidationPrice,
  MarketJSON,
  OrderJSON,
  PositionJSON,
} from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { account as orderlyAccount, market as orderlyMarket } from '../bindings/venues/orderly.js';
import { cases } from './cases.js';
import { Random, randomBook } from './random-book.js';
import { gridOf, type LevelName, walker } from './rays.js';

const bookOf = (
  assets: AssetJSON[],
  markets: MarketJSON[],
  accounts: AccountJSON[],
  more: Partial<BookJSON> = {},
): BookJSON => ({ format: 'margin-kernel/book@1', ...more, assets, markets, accounts });

const USD: AssetJSON = { id: 'U', price: 1 };
const flat = (maintenanceRate: number): Bracket[] => [{ upTo: null, maintenanceRate }];
const perpetual = (id: string, mark: number, more: Partial<MarketJSON> = {}): MarketJSON => ({
  id,
  kind: 'linear',
  settle: 'U',
  mark,
  brackets: flat(0.05),
  ...more,
});

const near = (got: number | null | undefined, want: number, ulps = 64): void => {
  if (got === null || got === undefined) expect.fail(`nothing, wanted ${want}`);
  expect(Math.abs(got - want)).toBeLessThanOrEqual(ulps * 2 ** -53 * Math.abs(want));
};

/** Prices of the first position of the first account, by both engines. */
function pricesOf(json: BookJSON, level: LevelName = 'maintenance'): LiquidationPrice {
  const [price] = liquidationPrices(Book.fromJSON(json), 0, { level });
  return price ?? expect.fail('no position');
}

describe('the book', () => {
  /** Scratch of the questions themselves: shifts of a joint move, closed forms, roots of lines. */
  const SCRATCH = ['asset.shift', 'market.shift', 'market.closed', 'line.root'];
  function contents(book: BookBase): string {
    book.refresh();
    const columns = (['house', 'asset', 'tier', 'market', 'line', 'unit', 'balance', 'position', 'order'] as Section[])
      .flatMap((section) => Object.entries(layout[section]).map(([name, column]) => ({ section, name, column })))
      .filter(({ section, name, column: { role } }) => role !== 'result' && !SCRATCH.includes(`${section}.${name}`));
    return columns
      .map(({ section, name, column: { width } }) => {
        const of = (book.store.columns[section] as unknown as Record<string, Float64Array>)[name] as Float64Array;
        const { buffer, byteOffset, BYTES_PER_ELEMENT } = of;
        const bytes = Buffer.from(buffer, byteOffset, BYTES_PER_ELEMENT * width * book.store.count(section));
        return `${section}.${name} ${bytes.toString('base64')}`;
      })
      .join('\n');
  }

  it('is the same bit for bit after every question and every refusal', () => {
    for (let seed = 0; seed < cases(60); seed++) {
      const json = randomBook(seed, { features: seed % 2, accounts: 2 });
      const doors = seed % 20 === 0 && seed % 2 === 0 ? [Book, ReferenceBook] : [Book];
      for (const Door of doors) {
        const book = Door.fromJSON(json);
        const before = contents(book);
        const markets = Object.fromEntries(json.markets.map(({ id }, i) => [id, i - 1]));
        const risk = (): string => JSON.stringify(Object.values(margin(book).copy()).map((column) => [column].flat()));
        const stood = risk();
        liquidationPrices(book);
        liquidationPrices(book, 0);
        liquidationPrices(book, 'a1', { level: 'initial' });
        jointMoves(book, 0, { markets, assets: { USDT: 1 } });
        for (const call of [
          () => liquidationPrices(book, 'nobody'),
          () => liquidationPrices(book, 0, { level: 'last' as LevelName }),
          () => jointMoves(book, 'nobody', { markets }),
          () => jointMoves(book, 0, { markets: { nothing: 1 } }),
          () => jointMoves(book, 0, { markets, assets: { USDT: Number.NaN } }),
        ]) {
          expect(call, `seed ${seed}`).toThrow(MarginError);
        }
        if (contents(book) !== before) expect.fail(`seed ${seed}: the book has changed`);
        expect(risk(), `seed ${seed}`).toBe(stood);
        expect(Buffer.compare(book.encode(), Door.fromJSON(json).encode()), `seed ${seed}`).toBe(0);
      }
    }
  });

  it('columns say what single accounts say', () => {
    for (let seed = 0; seed < cases(40); seed++) {
      const book = Book.fromJSON(randomBook(seed, { features: seed % 3 === 0 ? 1 : 0.1, accounts: 3 }));
      const single = book.accounts === 0 ? [] : [0, 1, 2].flatMap((a) => liquidationPrices(book, a));
      const { down, up } = liquidationPrices(book);
      const rows = Array.from(down, (_, p) => p).filter((p) => book.position(p).size !== 0);
      for (const p of rows) {
        const { market, side, size } = book.position(p);
        const id = book.marketId(market);
        const same = single.filter((x) => x.market === id && x.side === side && x.size === size);
        const close = (a: number, b: number): boolean => Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.abs(a);
        const found = same.some(
          (x) => close(x.down ?? 0, down[p] as number) && close(x.up ?? Number.POSITIVE_INFINITY, up[p] as number),
        );
        expect(found, `seed ${seed}, row ${p}: ${down[p]}, ${up[p]}, ${JSON.stringify(same)}`).toBe(true);
      }
    }
  });
});

describe('scale', () => {
  const times = (x: unknown, by: number): number => Number(x) * by;
  const scaled = (json: BookJSON, by: number): BookJSON => ({
    ...json,
    markets: json.markets.map((m) => ({
      ...m,
      brackets: (m.brackets ?? []).map((b) => ({ ...b, upTo: b.upTo == null ? null : times(b.upTo, by) })),
    })),
    accounts: json.accounts.map((a) => ({
      ...a,
      balances: Object.fromEntries(Object.entries(a.balances ?? {}).map(([id, x]) => [id, times(x, by)])),
      positions: (a.positions ?? []).map(({ size, ...p }) => ({ ...p, size: times(size, by) })),
    })),
  });
  /** Perpetuals with tables, in sixteenths, so that every multiple is exact. */
  function tabled(seed: number, lines: number, form: 'marginal' | 'whole' = 'marginal'): BookJSON {
    const random = new Random(seed);
    const sixteenths = (low: number, high: number): number => random.int(low * 16, high * 16) / 16;
    const markets = Array.from({ length: 3 }, (_, i) => {
      const brackets = Array.from({ length: lines }, (_, n) => ({
        upTo: n === lines - 1 ? null : (n + 1) * 20_000,
        maintenanceRate: (n + 1) / 64,
      }));
      return perpetual(`M${i}`, sixteenths(50, 150), {
        brackets,
        tables: { form: { initial: form, maintenance: 'marginal' } },
      });
    });
    const positions = markets.map(({ id, mark }) => ({
      market: id,
      size: random.int(-800, 800) || 1,
      entry: Number(mark) * random.pick([0.5, 1, 1.5]),
    }));
    return bookOf([USD], markets, [{ id: 'a', balances: { U: random.int(1000, 100_000) }, positions }]);
  }

  it.each([
    ['solved', 'whole' as const],
    ['by the lines', 'marginal' as const],
  ])('of all money changes no price: %s', (_, form) => {
    for (let seed = 0; seed < cases(100); seed++) {
      const json = tabled(seed, 4, form);
      for (const by of [2 ** -20, 0.5, 8, 2 ** 40]) {
        const [a, b] = [Book.fromJSON(json), Book.fromJSON(scaled(json, by))];
        const { down, up } = liquidationPrices(a);
        const other = liquidationPrices(b);
        expect([[...other.down], [...other.up]], `seed ${seed}`).toEqual([[...down], [...up]]);
        const prices = (book: Book): unknown => liquidationPrices(book, 'a').map((p) => [p.down, p.up, p.status]);
        expect(prices(b), `seed ${seed}`).toEqual(prices(a));
      }
    }
  });

  it('halves of an account have its prices', () => {
    for (let seed = 0; seed < cases(100); seed++) {
      // One line: a table would let halves go by lower brackets.
      const whole = tabled(seed, 1);
      const half = scaled(whole, 0.5).accounts[0] as AccountJSON;
      const halves = { ...whole, accounts: [...whole.accounts, { ...half, id: 'b' }, { ...half, id: 'c' }] };
      const book = Book.fromJSON(halves);
      const { down, up } = liquidationPrices(book);
      for (const p of [0, 1, 2]) {
        for (const part of [p + 3, p + 6]) expect([down[part], up[part]], `seed ${seed}`).toEqual([down[p], up[p]]);
      }
      const prices = (id: string): unknown => liquidationPrices(book, id).map((x) => [x.down, x.up]);
      expect(prices('b')).toEqual(prices('a'));
      expect(prices('c')).toEqual(prices('a'));
    }
  });
});

describe('one underlying', () => {
  const coin = (price: number): AssetJSON => ({ id: 'C', price });
  const one = (market: MarketJSON, size: number, entry: number, cash: number): LiquidationPrice =>
    pricesOf(
      bookOf([USD], [market], [{ id: 'a', balances: { U: cash }, positions: [{ market: market.id, size, entry }] }]),
    );

  it('perpetual, future, coins and inverse are one position', () => {
    for (let seed = 0; seed < cases(200); seed++) {
      const random = new Random(seed);
      const mark = random.between(50, 150);
      const premium = random.between(0.9, 1.1);
      const [perp, future, coins, dollars] = [
        random.between(-5, 5),
        random.between(-5, 5),
        random.between(0.5, 5),
        random.int(-300, 300),
      ];
      const entry = mark * random.between(0.9, 1.1);
      const cash = random.between(-400, 400);
      const markets = [
        perpetual('PERP', mark, { base: 'C', brackets: flat(0) }),
        perpetual('FUTURE', mark * premium, { base: 'C', brackets: flat(0) }),
        perpetual('INVERSE', mark, { kind: 'inverse', settle: 'C', brackets: flat(0) }),
      ];
      const positions = [
        { market: 'PERP', size: perp, entry: mark },
        { market: 'FUTURE', size: future, entry: mark * premium },
        { market: 'INVERSE', size: dollars, entry },
      ];
      const json = bookOf([USD, coin(mark)], markets, [{ id: 'a', balances: { U: cash, C: coins }, positions }]);
      // dollars (1 / entry - 1 / P) coins are worth P dollars / entry - dollars.
      const size = perp + future * premium + coins + dollars / entry;
      const worth = cash + coins * mark + (dollars * mark) / entry - dollars;
      const single = one(perpetual('M', mark, { brackets: flat(0) }), size, mark, worth);
      const prices = liquidationPrices(Book.fromJSON(json), 'a');
      const at = `seed ${seed}`;
      expect(prices.map(({ status }) => status)).toEqual(prices.map(() => single.status));
      for (const price of prices) {
        const scale = price.market === 'FUTURE' ? premium : 1;
        for (const side of ['down', 'up'] as const) {
          const want = single[side];
          if (want === null) expect(price[side], at).toBeNull();
          else near(price[side], want * scale, (1e6 * (1 + Math.abs(worth))) / Math.min(1, Math.abs(size)) / 100);
        }
      }
    }
  });

  it('requirements of all of them count', () => {
    // 3 perpetuals at 5 % and 1 coin: 3 (P - 100) + P + 20 = 0.15 P.
    const markets = [perpetual('PERP', 100, { base: 'C' })];
    const positions = [{ market: 'PERP', size: 3, entry: 100 }];
    const json = bookOf([USD, coin(100)], markets, [{ id: 'a', balances: { U: 20, C: 1 }, positions }]);
    near(pricesOf(json).down, 280 / 3.85);
    expect(pricesOf(json).up).toBeNull();
  });

  it('with a beta of 2 moves twice, of -1 the other way, of 0 not at all', () => {
    const two = (beta: number, size: number): LiquidationPrice[] => {
      const markets = [
        perpetual('A', 100, { underlying: 'X', brackets: flat(0) }),
        perpetual('B', 50, { underlying: 'X', beta, brackets: flat(0) }),
      ];
      const positions = [
        { market: 'A', size: 1, entry: 100 },
        { market: 'B', size, entry: 50 },
      ];
      return liquidationPrices(
        Book.fromJSON(bookOf([USD], markets, [{ id: 'a', balances: { U: 60 }, positions }])),
        'a',
      );
    };
    // 60 + 100 t + 50 s beta t = 0.
    const [a, b] = two(2, 1);
    near(a?.down, 70);
    near(b?.down, 20);
    expect([a?.up, b?.up]).toEqual([null, null]);
    const [c, d] = two(-1, -1);
    near(c?.down, 60);
    near(d?.up, 70);
    expect([c?.up, d?.down]).toEqual([null, null]);
    // The lead's own move, seen from a market that does not follow it: 60 + 50 t.
    const [e, f] = two(0, 1);
    near(e?.down, 40);
    expect([f?.down, f?.up]).toEqual([null, null]);
    const [g, h] = two(0, 3);
    near(g?.down, 40);
    near(h?.down, 30);
  });

  it('ends where the first of its prices would be 0', () => {
    const markets = [
      perpetual('A', 100, { underlying: 'X', brackets: flat(0) }),
      perpetual('B', 50, { underlying: 'X', beta: 2, brackets: flat(0) }),
    ];
    const positions = [
      { market: 'A', size: 1, entry: 100 },
      { market: 'B', size: -1, entry: 50 },
    ];
    const json = bookOf([USD], markets, [{ id: 'a', balances: { U: 60 }, positions }]);
    const { down, up, certificate } = pricesOf(json);
    expect([down, up]).toEqual([null, null]);
    // B is nearly 0 where A has halved.
    expect(certificate.down.end).toBeGreaterThan(50);
    expect(certificate.down.end).toBeLessThan(50.001);
  });
});

describe('a prediction market', () => {
  it('has its prices between 0 and 1', () => {
    let found = 0;
    for (let seed = 0; seed < cases(300); seed++) {
      const random = new Random(seed);
      const mark = random.between(0.02, 0.98);
      const market = perpetual('YES', mark, { kind: 'prediction', tick: 0.01, brackets: flat(random.between(0, 0.5)) });
      const size = random.int(-1000, 1000) || 1;
      const positions = [{ market: 'YES', size, entry: random.between(0.02, 0.98) }];
      const json = bookOf([USD], [market], [{ id: 'a', balances: { U: random.int(-500, 500) }, positions }]);
      const { down, up, certificate } = pricesOf(json);
      expect(certificate.down.end).toBeGreaterThan(0);
      expect(certificate.up.end).toBeLessThan(1);
      for (const price of [down, up]) {
        if (price === null) continue;
        found++;
        expect(price > 0 && price < 1, `seed ${seed}`).toBe(true);
      }
      const walk = walker(Book.fromJSON(json), json, { account: 'a' }, 'YES');
      for (let percent = 1; percent < 100; percent++) {
        const x = percent / 100;
        const wants = (down !== null && x <= down) || (up !== null && x >= up);
        const none = down === null && up === null;
        const { health, liquidatable } = walk(x);
        if (Math.abs(health) < 1e-9) continue;
        expect(liquidatable, `seed ${seed}, at ${x}`).toBe(none ? walk(mark).liquidatable : wants);
      }
    }
    expect(found).toBeGreaterThan(cases(50));
  });
});

describe('an isolated bucket', () => {
  it('has the price of an account that holds nothing else', () => {
    const markets = [perpetual('M', 100), perpetual('N', 10)];
    const bucket: HoldingsJSON = { balances: { U: 20 }, positions: [{ market: 'M', size: 1, entry: 100 }] };
    const cross: HoldingsJSON = {
      balances: { U: 500 },
      positions: [
        { market: 'M', size: -2, entry: 90 },
        { market: 'N', size: 5, entry: 12 },
      ],
    };
    const json = bookOf([USD], markets, [
      { id: 'a', ...cross, buckets: [{ bucket: 7, ...bucket }] },
      { id: 'alone', ...bucket },
      { id: 'cross', ...cross },
    ]);
    const book = Book.fromJSON(json);
    const bare = (id: string): object[] =>
      liquidationPrices(book, id).map(({ bucket, ...price }) => ({ ...price, isolated: bucket !== 0 }));
    const [short, other, isolated] = bare('a');
    expect(isolated).toEqual({ ...bare('alone')[0], isolated: true });
    expect([short, other]).toEqual(bare('cross'));
    expect(liquidationPrices(book, 'a').map(({ bucket }) => bucket)).toEqual([0, 0, 7]);
    near(liquidationPrices(book, 'alone')[0]?.down, 80 / 0.95);
  });
});

describe('a joint move', () => {
  it('of one market alone is its price', () => {
    for (let seed = 0; seed < cases(200); seed++) {
      const random = new Random(seed);
      const mark = random.wide(0.01, 60_000);
      const market = perpetual('M', mark, { brackets: flat(random.between(0, 0.2)) });
      const positions = [
        { market: 'M', size: random.between(-9, 9), entry: mark * random.between(0.8, 1.2) },
        { market: 'N', size: random.between(-9, 9), entry: 100 },
      ];
      const balances = { U: mark * random.between(-2, 9) };
      const json = bookOf([USD], [market, perpetual('N', 100)], [{ id: 'a', balances, positions }]);
      const book = Book.fromJSON(json);
      const [price] = liquidationPrices(book, 'a');
      const [move] = jointMoves(book, 'a', { markets: { M: 1, N: 0 } });
      expect(move?.status).toBe(price?.status);
      for (const side of ['down', 'up'] as const) {
        const x = price?.[side] ?? null;
        if (x === null) {
          // Moves end where a price would be 0, and 20 octaves up.
          expect(move?.[side], `seed ${seed}`).toBeNull();
          continue;
        }
        near(1 + (move?.[side] as number), x / mark, 1e5);
        expect(move?.[side]).toBe(move?.certificate[side].liquidatable?.price);
      }
    }
  });

  it('of everything by its beta is worked out by hand', () => {
    const markets = [perpetual('A', 100, { brackets: flat(0) }), perpetual('B', 50, { brackets: flat(0) })];
    const positions = [
      { market: 'A', size: 1, entry: 100 },
      { market: 'B', size: -2, entry: 50 },
    ];
    const assets = [USD, { id: 'C', price: 10 }];
    const book = Book.fromJSON(bookOf(assets, markets, [{ id: 'a', balances: { U: 30, C: 3 }, positions }]));
    // 60 + 100 b_A t - 100 b_B t + 30 b_C t = 0.
    const at = (A: number, B: number, C: number): (number | null | undefined)[] => {
      const [move] = jointMoves(book, 'a', { markets: { A, B }, assets: { C } });
      return [move?.down, move?.up];
    };
    near(at(1, 0, 0)[0], -0.6);
    near(at(1, 0, 1)[0], -60 / 130);
    near(at(0, 1, 0)[1], 0.6);
    near(at(1, 2, 1)[1], 60 / 70);
    near(at(-1, 0, 0)[1], 0.6);
    expect(at(1, 1, 0)).toEqual([null, null]);
    expect(at(0, 0, 0)).toEqual([null, null]);
  });
});

describe('answers by hand, where others were found wrong', () => {
  const symbol = (mark: number, factor: number): MarketJSON =>
    orderlyMarket({ symbol: 'P', mark_price: mark, base_mmr: 0.05, base_imr: 0.1, imr_factor: factor });
  /** Collateral at the mark, so that the position is entered there. */
  function orderly(mark: number, size: number, collateral: number, factor = 3.754e-7): LiquidationPrice {
    const holding = [{ token: 'USDC', holding: collateral }];
    const rows = [{ symbol: 'P', position_qty: size, average_open_price: mark }];
    const account = orderlyAccount('a', { holding, rows });
    return pricesOf(bookOf([{ id: 'USDC', price: 1 }], [symbol(mark, factor)], [account]));
  }

  // biome-ignore format: one case a line
  it.each([
    ['a short: (14000 + 70000) / 1.05', 70_000, -1, 14_000, 3.754e-7, null, 80_000],
    ['a long: (100 - 20) / 0.95', 100, 1, 20, 3.754e-7, 80 / 0.95, null],
    ['a long of a million, the rate still the base rate', 25_000, 40, 150_000, 2.512e-7, 850_000 / 38, null],
    ['a long of ten millions', 25_000, 400, 3_000_000, 2.512e-7, 7_000_000 / 380, null],
    ['a short without a position before it', 25_000, -0.4, 3000, 2.512e-7, null, 13_000 / 0.42],
    ['nothing behind a long: it would have to rise', 100, 1, 0, 0, 100 / 0.95, null],
    ['more behind a long than it can lose', 100, 1, 101, 0, null, null],
  ])('%s', (_, mark, size, collateral, factor, down, up) => {
    const price = orderly(mark, size, collateral, factor);
    if (down === null) expect(price.down).toBeNull();
    else near(price.down, down, 4);
    // Far above, where the factor has carried the rate beyond 100 %, a long has a price too.
    if (up === null) expect(price.up ?? Number.POSITIVE_INFINITY).toBeGreaterThan(40 * mark);
    else near(price.up, up, 4);
    expect(price.status).toBe(collateral === 0 ? 'liquidatable' : 'healthy');
  });

  it('a short that outgrows its rate', () => {
    // 8 M at 70000, where half of the factor times 8 M^0.8 is 6.3 %.
    const price = orderly(70_000, -8e6 / 70_000, 1e6).up as number;
    const size = 8e6 / 70_000;
    const notional = size * price;
    const rate = Math.max(0.05, 0.5 * 3.754e-7 * notional ** 0.8);
    expect(rate).toBeGreaterThan(0.06);
    expect(Math.abs(1e6 - size * (price - 70_000) - rate * notional)).toBeLessThan(1e-8);
  });
});

describe('the largest order, where others forget what size costs', () => {
  // 10 M at 25000: the initial rate is the factor times N^0.8 beyond 10 %, with a position in the market or without.
  it.each([0, 1e-6, 300])('beside a position of %s', (held) => {
    const factor = 2.512e-7;
    const market = orderlyMarket({
      symbol: 'P',
      mark_price: 25_000,
      base_mmr: 0.05,
      base_imr: 0.1,
      imr_factor: factor,
    });
    const rows = held === 0 ? [] : [{ symbol: 'P', position_qty: held, average_open_price: 25_000 }];
    const account = orderlyAccount('a', { holding: [{ token: 'USDC', holding: 1e7 }], rows });
    const book = Book.fromJSON(bookOf([{ id: 'USDC', price: 1 }], [market], [account]));
    const { size, bound } = maxOrder(book, 'a', { market: 'P', side: 'buy', fee: 0 });
    const notional = (held + size) * 25_000;
    expect(bound).toBe('margin');
    near(factor * notional ** 0.8 * notional, 1e7, 1e4);
    expect(held + size).toBeCloseTo((1e7 / factor) ** (1 / 1.8) / 25_000, 6);
  });
});

/** A book in which the named ray cannot be trusted to be concave, at the level. */
interface Crooked {
  name: string;
  market: string;
  level?: LevelName;
  make: (random: Random) => BookJSON;
}

const held = (random: Random, market: string, each: number): PositionJSON => ({
  market,
  size: (random.chance(0.5) ? 1 : -1) * random.between(50, 200),
  entry: each * random.between(0.8, 1.2),
});
const alone = (
  random: Random,
  market: MarketJSON,
  assets: AssetJSON[],
  balances: Record<string, number>,
  orders: OrderJSON[] = [],
): BookJSON =>
  bookOf(assets, [market], [{ id: 'a', balances, positions: [held(random, market.id, Number(market.mark))], orders }]);
const steep: Bracket[] = [
  { upTo: 5000, maintenanceRate: 0.02, initialRate: 0.04 },
  { upTo: 12_000, maintenanceRate: 0.1, initialRate: 0.2 },
  { upTo: null, maintenanceRate: 0.3, initialRate: 0.6 },
];
const COIN: AssetJSON = { id: 'C', price: 100 };
const money = (random: Random): Record<string, number> => ({ U: random.between(-500, 6000) });
const coins = (random: Random): Record<string, number> => ({ C: random.between(5, 60), U: random.between(-500, 500) });

const CROOKED: Crooked[] = [
  {
    name: 'a quanto market whose settle asset moves too',
    market: 'M',
    make: (r) => alone(r, perpetual('M', 100, { kind: 'quanto', settle: 'C', base: 'C' }), [USD, COIN], coins(r)),
  },
  {
    name: 'a linear market that settles in its base',
    market: 'M',
    make: (r) => alone(r, perpetual('M', 100, { settle: 'C', base: 'C', quote: 'C' }), [USD, COIN], coins(r)),
  },
  {
    name: 'initial rates that rise with open interest',
    market: 'M',
    level: 'initial',
    make: (r) =>
      alone(
        r,
        perpetual('M', 100, { openInterest: 1e5, openInterestLower: 5e6, openInterestUpper: 2e7, brackets: steep }),
        [USD],
        money(r),
      ),
  },
  {
    name: 'spot orders of one token in two markets',
    market: 'M',
    make: (r) => {
      const book = alone(
        r,
        perpetual('M', 100, { base: 'C' }),
        [USD, { ...COIN, assetWeight: 0.5 }, { id: 'V', price: 1 }],
        money(r),
      );
      const spot = (id: string, quote: string): MarketJSON => ({ id, kind: 'spot', base: 'C', quote, mark: 100 });
      const order = (market: string, side: 'buy' | 'sell'): OrderJSON => ({
        market,
        side,
        size: r.between(5, 30),
        price: 100 * r.between(0.8, 1.2),
      });
      const account = book.accounts[0] as AccountJSON;
      const orders = [order('C/U', 'buy'), order('C/V', 'sell'), order('C/V', 'buy')];
      return {
        ...book,
        markets: [...book.markets, spot('C/U', 'U'), spot('C/V', 'V')],
        accounts: [{ ...account, orders }],
      };
    },
  },
  {
    name: 'a table of whole form',
    market: 'M',
    make: (r) => alone(r, perpetual('M', 100, { brackets: steep, tables: { form: 'whole' } }), [USD], money(r)),
  },
  {
    name: 'an inverse market whose coin does not move',
    market: 'M',
    make: (r) => {
      const inverse = perpetual('M', 100, { kind: 'inverse', settle: 'C', underlying: 'X', multiplier: 100 });
      const book = alone(r, inverse, [USD, COIN], { C: r.between(-20, 60) });
      return { ...book, markets: [...book.markets, perpetual('N', 100, { base: 'C' })] };
    },
  },
  {
    name: "a guard of an inverse market's coin",
    market: 'M',
    make: (r) =>
      alone(
        r,
        perpetual('M', 100, { kind: 'inverse', settle: 'C', multiplier: 100 }),
        [USD, { ...COIN, twap: r.between(80, 120) }],
        { C: r.between(-20, 60) },
      ),
  },
  {
    name: 'a guard of an inverse market',
    market: 'M',
    make: (r) =>
      alone(
        r,
        perpetual('M', 100, { kind: 'inverse', settle: 'C', multiplier: 100, twap: r.between(80, 120) }),
        [USD, COIN],
        { C: r.between(-20, 60) },
      ),
  },
  {
    name: 'a haircut that rises with the deposits of all',
    market: 'M',
    level: 'initial',
    make: (r) =>
      alone(
        r,
        perpetual('M', 100, { base: 'C', brackets: steep }),
        [USD, { ...COIN, deposits: 1000, depositScaleStart: 90_000 }],
        coins(r),
      ),
  },
  {
    name: 'spot orders that have reserved funds',
    market: 'M',
    make: (r) => {
      const orders: OrderJSON[] = [
        { market: 'C/U', side: 'buy', size: r.between(5, 30), price: 95 },
        { market: 'C/U', side: 'sell', size: r.between(1, 5), price: 105 },
      ];
      const book = alone(r, perpetual('M', 100, { base: 'C' }), [USD, COIN], coins(r), orders);
      const spot: MarketJSON = { id: 'C/U', kind: 'spot', base: 'C', quote: 'U', mark: 100, spotOrders: 'reserve' };
      return { ...book, markets: [...book.markets, spot] };
    },
  },
];

describe('accounts that no slope can be trusted on', () => {
  it.each(CROOKED.map((crooked) => [crooked.name, crooked] as const))('%s', (_, { market, level, make }) => {
    const CASES = cases(32);
    let found = 0;
    for (let seed = 0; seed < CASES; seed++) {
      const json = make(new Random(seed));
      const at = `seed ${seed}`;
      const asked = level ?? 'maintenance';
      const price = liquidationPrices(Book.fromJSON(json), 'a', { level: asked })[0] ?? expect.fail(at);
      const { mark, status, down, up, certificate } = price;
      expect([price.market, certificate.down.method, certificate.up.method], at).toEqual([
        market,
        'bracketed',
        'bracketed',
      ]);
      const walk = walker(Book.fromJSON(json), json, { account: 'a' }, market, asked);
      const isIll = (x: number): boolean => walk(x).liquidatable;
      const ill = isIll(mark);
      expect(status, at).toBe(ill ? 'liquidatable' : 'healthy');
      const first = (end: number): number | undefined => gridOf(mark, end, 400).find((x) => isIll(x) !== ill);
      const [below, above] = [first(certificate.down.end), first(certificate.up.end)];
      if (ill && (below ?? above) !== undefined) expect(down ?? up, `${at}: scan ${below}, ${above}`).not.toBeNull();
      if (!ill) {
        // As near as the first point of the grid behind the change, or nearer.
        if (below !== undefined) expect(down, `${at}: scan ${below}`).toBeGreaterThanOrEqual(below);
        if (above !== undefined) expect(up, `${at}: scan ${above}`).toBeLessThanOrEqual(above);
      }
      for (const { liquidatable, healthy, visited } of [certificate.down, certificate.up]) {
        if (!liquidatable || !healthy) continue;
        found++;
        expect([isIll(liquidatable.price), isIll(healthy.price)], at).toEqual([true, false]);
        expect(
          visited.some(({ price }) => price === liquidatable.price),
          at,
        ).toBe(true);
      }
      if (seed % 6 === 0) {
        const reference = liquidationPrices(ReferenceBook.fromJSON(json), 'a', { level: asked });
        expect(reference[0], at).toStrictEqual(price);
      }
    }
    expect(found).toBeGreaterThan(CASES / 4);
  });
});

describe('bad input', () => {
  const json = bookOf(
    [USD, COIN],
    [perpetual('BTC-PERP', 100)],
    [{ id: 'alice', balances: { U: 50 }, positions: [{ market: 'BTC-PERP', size: 1, entry: 100 }] }],
  );
  const ask =
    (account: unknown, options?: unknown) =>
    (book: Book): unknown =>
      liquidationPrices(book, account as string, options as object);
  const move =
    (betas: unknown, account: unknown = 'alice', options?: unknown) =>
    (book: Book) =>
      jointMoves(book, account as string, betas as object, options as object);
  // biome-ignore format: one case a line
  it.each<[string, (book: Book) => unknown, string]>([
    ['an account that is not there', ask('alise'), 'unknown-id at account: got "alise", expected the id of an account. Did you mean "alice"?'],
    ['a row that is not there', ask(7), 'unknown-id at account: got 7, expected a row of accounts from 0 to 0'],
    ['null for an account', ask(null), 'unknown-id at account: got null, expected the id of an account'],
    ['the account of a joint move', move({}, 'bob'), 'unknown-id at account: got "bob", expected the id of an account'],
    ['a level that is none', ask('alice', { level: 'maintainance' }), 'type at level: got "maintainance", expected initial, maintenance, liquidationEnd, equity'],
    ['a number for a level', ask('alice', { level: 1 }), 'type at level: got 1, expected initial, maintenance, liquidationEnd, equity'],
    ['the level of a joint move', move({}, 'alice', { level: 'end' }), 'type at level: got "end", expected initial, maintenance, liquidationEnd, equity'],
    ['a beta that is no number', move({ markets: { 'BTC-PERP': 'x' } }), 'type at betas.markets.BTC-PERP: got "x", expected a finite number'],
    ['an infinite beta', move({ assets: { U: Number.POSITIVE_INFINITY } }), 'type at betas.assets.U: got Infinity, expected a finite number'],
    ['a beta that is NaN', move({ assets: { U: Number.NaN } }), 'type at betas.assets.U: got NaN, expected a finite number'],
    ['a market that is not there', move({ markets: { 'BTC-PREP': 1 } }), 'unknown-id at betas.markets.BTC-PREP: got "BTC-PREP", expected the id of a market. Did you mean "BTC-PERP"?'],
    ['an asset that is not there', move({ assets: { 'BTC-PERP': 1 } }), 'unknown-id at betas.assets.BTC-PERP: got "BTC-PERP", expected the id of an asset'],
  ])('%s', (_name, call, message) => {
    for (const Door of [Book, ReferenceBook]) {
      const book = Door.fromJSON(json);
      const before = Buffer.from(book.encode());
      expect(() => call(book as Book)).toThrow(MarginError);
      expect(() => call(book as Book)).toThrow(expect.objectContaining({ message }));
      expect(Buffer.compare(book.encode(), before)).toBe(0);
    }
  });
});
