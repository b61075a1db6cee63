// Doors under fire: mutated JSON, mutated bytes, numbers at the ends of what is permitted. The answer is a MarginError or
// a valid book, the same on both engines, without NaN or infinity, that can be written down again. FUZZ_CASES sets the
// number of cases of each kind, FUZZ_SEED the first seed; a failure prints the seed of its case.
import { describe, expect, it } from 'vitest';
import { Book, MarginError, margin } from '../bindings/index.js';
import type { BookJSON, Bracket, HoldingsJSON, Level, MarketJSON, PerLevel } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { CASES, FIRST, outcome, TIMEOUT, takesMutations, wrong } from './fire.js';
import { mutate } from './mutations.js';
import { Random, randomBook } from './random-book.js';

const small = (seed: number): BookJSON => randomBook(seed, { features: 1, accounts: 2 });

describe('the doors', () => {
  takesMutations(Book, small);
});

describe('the JSON door', () => {
  it('takes ids that are names of JavaScript’s own', () => {
    for (const id of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', ' ', '\u0000', '\ud800']) {
      const json = `{"format":"margin-kernel/book@1","assets":[{"id":${JSON.stringify(id)},"price":2}],"markets":[{"id":${JSON.stringify(id)},"kind":"linear","settle":${JSON.stringify(id)},"mark":1,"brackets":[{"upTo":null,"maintenanceRate":0.1}]}],"accounts":[{"id":${JSON.stringify(id)},"balances":{${JSON.stringify(id)}:5},"reserved":{${JSON.stringify(id)}:1},"positions":[{"market":${JSON.stringify(id)},"size":1,"entry":1}]}]}`;
      expect(outcome(id, Book, (door) => door.fromJSON(json))).toBe('accepted');
      const book = Book.fromJSON(json);
      expect(JSON.stringify(book.accountJSON(id))).toContain(`"balances":{${JSON.stringify(id)}:5}`);
      expect(margin(book).equity[0]).toBe(10);
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const polluting =
      '{"format":"margin-kernel/book@1","__proto__":{"polluted":1},"assets":[],"markets":[],"accounts":[]}';
    expect(() => Book.fromJSON(polluting)).toThrow('unknown-key at __proto__: expected one of format');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

/** Every number at an end of its range: the largest, the smallest, nothing. */
function extremeBook(r: Random): BookJSON {
  const maybe = <T extends object>(p: number, of: () => T): T | object => (r.chance(p) ? of() : {});
  const price = (): number => r.pick([0, 1e-30, 1, 1e30]);
  const positive = (): number => r.pick([1e-30, 1, 1e30]);
  const contract = (): number => r.pick([1e-21, 1, 1e21]);
  const amount = (): number => r.pick([0, 5e-324, 1e-30, 1, 1e30]);
  const signed = (): number => amount() * r.pick([1, -1]);
  const share = (): number => r.pick([0, 1e-300, 0.5, 1]);
  const rate = (): number => r.pick([0, 1e-300, 0.01, 1, 1000]);
  const perLevel = (of: () => number): PerLevel =>
    r.chance(0.5) ? of() : { initial: of(), maintenance: of(), liquidationEnd: of() };
  const bounds = (n: number): number[] => [1e-30, 1e-15, 1, 1e15, 1e30].slice(0, n);
  const guards = (of: () => number): object => ({
    ...maybe(0.5, () => ({ twap: of(), stable: of() })),
    ...maybe(0.5, () => ({
      confidence: share(),
      confidenceThreshold: share(),
      confidenceFactor: r.pick([0, 1e-300, 1e6]),
    })),
  });
  const tiers = (debt: boolean): object[] => {
    const weights = debt ? [1, 1, 1.5, 1000, 1000] : [1, 1, 0.5, 1e-300, 0];
    return bounds(r.int(1, 5)).map((upTo, i) => ({ upTo, weight: weights[i] ?? 1 }));
  };
  const brackets = (): Bracket[] => {
    const rates = [0, 1e-300, 0.01, 1, 1000];
    return bounds(r.int(1, 5)).map((upTo, i) => ({
      upTo,
      maintenanceRate: rates[i] ?? 0,
      ...(i > 2 ? { initialRate: 1000, liquidationEndRate: 1000 } : {}),
    }));
  };
  const ids = ['A', 'B', 'C'];
  const assets = ids.map((id) => ({
    id,
    price: price(),
    ...guards(price),
    ...(r.chance(0.5) ? { tiers: tiers(false) } : { assetWeight: perLevel(share) }),
    ...(r.chance(0.5) ? { liabilityTiers: tiers(true) } : { liabilityWeight: perLevel(() => r.pick([1, 1000])) }),
    ...maybe(0.3, () => ({ cap: amount() })),
    ...maybe(0.4, () => {
      const kind = r.pick(['sqrt', 'power'] as const);
      const exponent = kind === 'power' ? { exponent: r.pick([1e-30, 0.5, 1]) } : {};
      return {
        curve: {
          kind,
          factor: perLevel(() => r.pick([0, 1e-300, 1e6])),
          numerator: r.pick([1, 1e6]),
          liabilityBase: share(),
          ...exponent,
        },
      };
    }),
    ...maybe(0.5, () => ({
      deposits: amount(),
      depositScaleStart: amount(),
      borrows: amount(),
      borrowScaleStart: positive(),
    })),
    ...maybe(0.5, () => ({ depositIndex: positive(), borrowIndex: positive() })),
  }));
  const markets = Array.from({ length: 5 }, (_, i): MarketJSON => {
    const kind = r.pick(['linear', 'inverse', 'quanto', 'prediction', 'spot'] as const);
    const mark = (): number => (kind === 'prediction' ? r.pick([1e-30, 0.5, 1 - 2 ** -53]) : positive());
    const id = `M${i}`;
    const orders = { orderMargin: amount(), spotOrders: r.pick(['fill', 'reserve'] as const) };
    const [base, quote] = r.pick([
      ['A', 'B'],
      ['B', 'C'],
      ['C', 'A'],
    ] as const);
    if (kind === 'spot')
      return { id, kind, base, quote, mark: mark(), multiplier: contract(), ...guards(mark), ...orders };
    const net = r.chance(0.2);
    const linear = {
      id,
      kind,
      settle: r.pick(ids),
      quote,
      mark: mark(),
      multiplier: contract(),
      fundingIndex: signed(),
    };
    if (kind === 'linear' && r.chance(0.3)) {
      const maintenanceFraction = r.pick([0, 0.000001, 1]);
      const rounding = {
        notional: r.pick(['ceil', 'floor', 'exact'] as const),
        requirement: r.pick(['ceil', 'trunc'] as const),
        maintenanceFraction,
      };
      return {
        ...linear,
        kind,
        brackets: [{ upTo: null, maintenanceRate: r.pick([0, 0.000001, 1000]) }],
        rounding,
        ...orders,
      };
    }
    const basis = (): 'notional' | 'entry' | 'contracts' =>
      r.pick(net ? ['notional', 'entry'] : ['notional', 'entry', 'contracts']);
    const unit = (): 'settle' | 'numeraire' => (net ? 'settle' : r.pick(['settle', 'numeraire'] as const));
    return {
      ...linear,
      kind,
      index: mark(),
      ...guards(mark),
      brackets: brackets(),
      ...maybe(0.3, () => ({ shortBrackets: brackets() })),
      tables: { form: r.pick(['marginal', 'whole'] as const), basis: basis(), unit: unit() },
      ...maybe(0.4, () => {
        const curve = r.pick([{ kind: 'sqrt' as const }, { kind: 'power' as const, exponent: r.pick([1e-30, 1]) }]);
        return {
          curve: {
            ...curve,
            factor: perLevel(() => r.pick([0, 1e-300, 1e6])),
            of: r.pick(['size', 'notional'] as const),
            base: share(),
          },
        };
      }),
      ...maybe(0.5, () => ({ openInterest: amount(), openInterestLower: 0, openInterestUpper: positive() })),
      pnlWeight: perLevel(share),
      ...maybe(0.4, () => ({ pnlCap: perLevel(amount) })),
      ...maybe(0.4, () => ({ pnlCurve: r.pick([1e-300, 1e6]) })),
      pnl: net ? 'net' : r.pick(['pooled', 'separate'] as const),
      ...(kind === 'inverse' ? {} : { orderLoss: r.chance(0.5) }),
      closingFee: perLevel(rate),
      ...orders,
    };
  });
  // What any permitted entry price could have cost, and where nothing is held the most that a row holds.
  const cost = (m: MarketJSON, size: number): number =>
    r.pick([0, 5e-324, 1e-30, size === 0 ? 2e81 : size * Number(m.multiplier) * 1e30]) * r.pick([1, -1]);
  const holdings = (): HoldingsJSON => ({
    balances: Object.fromEntries(ids.filter(() => r.chance(0.7)).map((id) => [id, signed()])),
    positions: markets
      .filter((m) => m.kind !== 'spot' && r.chance(0.7))
      .map((m) => ({ market: m, size: r.pick([0, 1e-30, 1, 1e30]) * r.pick([1, -1]) }))
      .map(({ market: m, size }) => ({
        market: m.id,
        size,
        ...(r.chance(0.3) ? { cost: cost(m, size) } : { entry: positive() }),
        ...maybe(0.5, () => ({ fundingIndex: signed() })),
        ...maybe(0.3, () => ({ leverage: r.pick([0.001, 1, 1e30]) })),
      })),
    orders: markets.flatMap((m) => {
      const order = { market: m.id, side: r.pick(['buy', 'sell'] as const), size: r.pick([5e-324, 1, 1e30]) };
      const several = { notional: r.pick([0, 5e-324, 2e60]), worst: amount(), count: r.pick([0, 1, 4294967295]) };
      return r.chance(0.3)
        ? [{ ...order, ...(r.chance(0.5) && order.size > 1e-30 ? { price: positive() } : several) }]
        : [];
    }),
  });
  const levels: Level[] = ['initial', 'maintenance', 'liquidationEnd'];
  const accounts = Array.from({ length: 3 }, (_, i) => ({
    id: `a${i}`,
    ...holdings(),
    marginMultiplier: r.pick([1e-30, 1, 1e6]),
    liquidationBuffer: r.pick([0, 1000]),
    initialRateFloor: r.pick([0, 1e-300, 1, 1000]),
  }));
  for (const guarded of [...assets, ...markets] as { guard?: Level[]; rounding?: object }[]) {
    if (!guarded.rounding && r.chance(0.5)) guarded.guard = levels.filter(() => r.chance(0.5));
  }
  return { format: 'margin-kernel/book@1', assets, markets, accounts } as BookJSON;
}

type Update = [method: string, ...args: unknown[]];

/** A live update that mostly could be, with ids, numbers and shapes that sometimes can not. */
function randomUpdate(json: BookJSON, r: Random): Update {
  const asset = r.pick(json.assets);
  const market = r.pick(json.markets);
  const account = r.pick(json.accounts).id;
  const price = Number(market.mark) * r.between(0.9, 1.1);
  const place = { bucket: r.pick([0, 0, 1, 2, 7]), positionSide: r.pick(['net', 'net', 'long', 'short'] as const) };
  const size = r.wide(0.01, 1e5) * (place.positionSide === 'short' ? -1 : 1);
  const order = {
    market: market.id,
    ...place,
    side: r.pick(['buy', 'sell'] as const),
    size: r.int(1, 3),
    price: Number(market.mark),
  };
  const update = r.pick<Update>([
    ['setMark', market.id, price, {}],
    ['setPrice', asset.id, Number(asset.price) * r.between(0.9, 1.1), {}],
    ['setFundingIndex', market.id, r.between(-10, 10)],
    ['setOpenInterest', market.id, r.wide(1, 1e6)],
    ['setTotals', asset.id, { deposits: r.wide(1, 1e6), borrowIndex: r.between(1, 2) }],
    ['setConfidence', 'asset', asset.id, r.next()],
    ['deposit', account, asset.id, r.between(-100, 100), place],
    ['fill', account, { market: market.id, ...place, size, price, fee: 1 }],
    ['fill', account, { market: market.id, ...place, size: -size, price }],
    ['placeOrder', account, order],
    ['cancelOrder', account, order],
    ['cancelOrder', account, { ...order, remaining: price }],
    ['setLeverage', account, market.id, r.int(1, 50), place],
    ['setTerms', account, { marginMultiplier: r.between(0.5, 2) }],
    ['addAccount', { ...r.pick(json.accounts), id: `late ${r.int(0, 9)}` }],
    ['replaceAccount', { ...r.pick(json.accounts), id: account }],
    ['replaceAsset', { ...r.pick(json.assets) }],
    ['replaceMarket', { ...r.pick(json.markets) }],
    ['addMarket', { ...market, id: `late ${r.int(0, 9)}` }],
    ['reserve', { positions: 100 }],
  ]);
  const own = structuredClone(update);
  if (r.chance(0.5)) {
    const args = own.slice(1);
    mutate(args, r);
    return [own[0], ...args];
  }
  return own;
}

describe('live updates', () => {
  const SERIES = Math.ceil(CASES / 4);
  it(
    `take ${SERIES} mutated series: what is refused leaves the book as it was`,
    () => {
      const seen = { refused: 0, accepted: 0 };
      for (let i = 0; i < SERIES; i++) {
        const seed = FIRST + i;
        const r = new Random(seed ^ 0x5eed);
        const json = small(seed);
        const engines = [Book.create(), ReferenceBook.create()];
        const rows = { accounts: 5, units: 6, balances: r.int(10, 40), positions: r.int(10, 40), orders: 4 };
        // A maximum is met now and then, half-way through an update or before it.
        const books = r.chance(0.5)
          ? [Book.create({ maximum: rows }), ReferenceBook.create({ maximum: rows })]
          : engines;
        const updates: Update[] = [
          ...json.assets.map((a): Update => ['addAsset', a]),
          ...json.markets.map((m): Update => ['addMarket', m]),
        ];
        updates.push(...json.accounts.map((a): Update => ['addAccount', a]));
        for (let n = 12; n > 0; n--) updates.push(randomUpdate(json, r));
        for (const [method, ...args] of updates) {
          const before = Buffer.from((books[0] as Book).encode());
          const failed = books.map((book) => {
            try {
              (book as unknown as Record<string, (...args: unknown[]) => unknown>)[method]?.(...args);
              return false;
            } catch (e) {
              if (!(e instanceof MarginError))
                throw new Error(`seed ${seed}, ${method}: ${e instanceof Error ? e.stack : String(e)}`);
              return true;
            }
          });
          const after = (books[0] as Book).encode();
          if (failed[0] !== failed[1]) throw new Error(`seed ${seed}, ${method}: the engines do not agree`);
          if (failed[0] && Buffer.compare(before, after) !== 0)
            throw new Error(`seed ${seed}, ${method}: refused, but the book has changed`);
          seen[failed[0] ? 'refused' : 'accepted'] += 1;
        }
        const [book, other] = books as [Book, Book];
        const found = wrong(book, other);
        if (found !== undefined) throw new Error(`seed ${seed}: ${found}`);
        const bytes = book.encode();
        for (const again of [other, Book.decode(bytes), Book.fromJSON(JSON.stringify(book.toJSON()))]) {
          if (Buffer.compare(again.encode(), bytes) !== 0)
            throw new Error(`seed ${seed}: another book when it is read again`);
        }
      }
      expect(seen.refused).toBeGreaterThan(SERIES);
      expect(seen.accepted).toBeGreaterThan(SERIES * 5);
    },
    TIMEOUT,
  );
});

describe('numbers at the ends of their ranges', () => {
  it(
    `give no NaN and no infinity in ${CASES} books, and the same bits on both engines`,
    () => {
      for (let i = 0; i < CASES; i++) {
        const seed = FIRST + i;
        const json = extremeBook(new Random(seed));
        expect(outcome(`seed ${seed}`, Book, (door) => door.fromJSON(json))).toBe('accepted');
      }
    },
    TIMEOUT,
  );
});
