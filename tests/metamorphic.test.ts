// Books changed in ways whose effect is known: scaled, split, merged, permuted, made safer. The numbers need no oracle.
// fast-check draws the seeds of random books; FC_SEED draws others, and a failure prints the run's seed and the book's.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountMargin, Book, explain, margin, marginInto } from '../bindings/index.js';
import { INEXACT, STATUS } from '../bindings/layout.js';
import { MARGIN_COLUMNS, type MarginColumn } from '../bindings/margin-columns.js';
import type {
  AccountJSON,
  BookBase,
  BookJSON,
  HoldingsJSON,
  Margin,
  MarketJSON,
  UnitExplanation,
} from '../bindings/public.js';
import { Random, randomBook } from './random-book.js';

const SEED = Number(process.env.FC_SEED ?? 20221109);
const RUNS = Number(process.env.FC_RUNS ?? 30);
const TIMEOUT = 60_000;

/** Checks a property of a random book; the counterexample of a failure is the book's seed. */
function holds(property: (seed: number, r: Random) => void, numRuns = RUNS): void {
  // A smaller seed is no simpler book.
  const seeds = fc.noShrink(fc.noBias(fc.integer({ min: 0, max: 0x7fffffff })));
  fc.assert(
    fc.property(seeds, (seed) => property(seed, new Random(seed ^ 0x9e3779b9))),
    { seed: SEED, numRuns },
  );
}

const PLAIN = { features: 0, accounts: 4 };

const unitsOf = (book: BookBase): Margin => margin(book).copy();
const within = (a: number, b: number, tolerance: number): boolean => Math.abs(a - b) <= tolerance;

/** The same book with every market changed. */
const withMarkets = (json: BookJSON, change: (m: MarketJSON) => MarketJSON): BookJSON => ({
  ...json,
  markets: json.markets.map(change),
});

/** Applies a change to the cross unit and to every bucket of every account. */
const withHoldings = (json: BookJSON, change: (h: HoldingsJSON) => HoldingsJSON): BookJSON => ({
  ...json,
  accounts: json.accounts.map((a): AccountJSON => {
    const buckets = (a.buckets ?? []).map((b) => ({ ...change(b), bucket: b.bucket }));
    return { ...a, ...change(a), ...(a.buckets ? { buckets } : {}) };
  }),
});

/** Sum of magnitudes behind a unit's numbers: the scale at which they round. */
function gross(book: BookBase, u: number): number {
  const { asset, market, unit, balance, position } = book.store.columns;
  const at = (column: Float64Array | Uint32Array, i: number): number => column[i] ?? 0;
  let sum = 1e-9;
  const highest = (a: number): number => Math.max(at(asset.price, a), at(asset.twap, a), at(asset.stable, a));
  let p = at(unit.positionStart, u);
  for (let b = at(unit.balanceStart, u); b < at(unit.balanceStart, u) + at(unit.balanceCount, u); b++) {
    const a = at(balance.asset, b);
    const index = Math.max(at(asset.depositIndex, a), at(asset.borrowIndex, a), 1);
    sum += Math.abs(at(balance.amount, b)) * index * highest(a);
    for (const end = p + at(balance.positions, b); p < end; p++) {
      const m = at(position.key, p) >>> 2;
      const price = Math.max(at(market.mark, m), at(market.twap, m), at(market.stable, m));
      const each =
        at(market.kind, m) === 1 ? at(market.multiplier, m) / at(market.mark, m) : at(market.multiplier, m) * price;
      const funding = Math.abs(at(market.fundingIndex, m)) + Math.abs(at(position.funding, p));
      sum += (Math.abs(at(position.size, p)) * (each + funding) + Math.abs(at(position.cost, p))) * highest(a);
    }
  }
  return sum;
}

describe('scale', () => {
  type Amount = number | string | null | undefined;
  const times =
    (factor: number) =>
    (x: Amount): number | undefined =>
      x === null || x === undefined ? undefined : Number(x) * factor;
  const defined = <T extends object>(o: T): T =>
    Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined)) as T;
  const bounds = <T extends { upTo: Amount }>(
    rows: T[] | undefined,
    by: (x: Amount) => number | undefined,
  ): T[] | undefined => rows?.map((row) => ({ ...row, upTo: by(row.upTo) ?? null }));
  const levels = (x: unknown, by: (x: Amount) => number | undefined): unknown =>
    typeof x === 'object' && x !== null
      ? Object.fromEntries(Object.entries(x).map(([level, v]) => [level, by(v) ?? null]))
      : (by(x as Amount) ?? null);

  /** Exact: every sum is a sum of multiples, and a power of two only moves exponents. */
  function expectScaled(seed: number, json: BookJSON, scaled: BookJSON, factor: number): void {
    const [a, b] = [unitsOf(Book.fromJSON(json)), unitsOf(Book.fromJSON(scaled))];
    for (const name of MARGIN_COLUMNS) {
      a[name].forEach((x, u) => {
        if (!Object.is(b[name][u], x * factor))
          expect.fail(`seed ${seed}, ${name}[${u}]: ${b[name][u]} is not ${x} * ${factor}`);
      });
    }
    expect([...b.status]).toEqual([...a.status]);
    expect([...b.liquidatable]).toEqual([...a.liquidatable]);
    for (const [name, x] of Object.entries(a.totals)) expect(b.totals[name as keyof typeof b.totals]).toBe(x * factor);
  }

  // Absolute constants that such a book may not have: size curves (units of base, value), PnL curves, order margins, whole units.
  const free = (json: BookJSON): BookJSON => ({
    ...json,
    assets: json.assets.map(({ curve: _curve, ...a }) => a),
    markets: json.markets.map(({ curve: _curve, pnlCurve: _pnl, orderMargin: _order, rounding: _units, ...m }) => m),
  });

  it(
    'all amounts and table bounds times 2^k: all results times 2^k, to the bit',
    () => {
      holds((seed, r) => {
        const factor = 2 ** r.int(-30, 30);
        const by = times(factor);
        const json = free(randomBook(seed));
        const scaled = withHoldings(
          {
            ...json,
            assets: json.assets.map(
              (a) =>
                defined({
                  ...a,
                  tiers: bounds(a.tiers, by),
                  liabilityTiers: bounds(a.liabilityTiers, by),
                  cap: by(a.cap),
                }) as typeof a,
            ),
            markets: json.markets.map(
              (m) =>
                defined({
                  ...m,
                  brackets: bounds(m.brackets, by),
                  shortBrackets: bounds(m.shortBrackets, by),
                  pnlCap: m.pnlCap === undefined ? undefined : levels(m.pnlCap, by),
                }) as typeof m,
            ),
          },
          (h) => ({
            balances: Object.fromEntries(Object.entries(h.balances ?? {}).map(([id, x]) => [id, by(x) ?? 0])),
            positions: (h.positions ?? []).map(
              (p) => defined({ ...p, size: by(p.size) ?? 0, cost: by(p.cost) }) as typeof p,
            ),
            orders: (h.orders ?? []).map((o) => ({ ...o, size: by(o.size) ?? 0 })),
          }),
        );
        expectScaled(seed, json, scaled, factor);
      });
    },
    TIMEOUT,
  );

  it(
    'all asset prices times 2^k, with what is written in the numeraire: all results times 2^k, to the bit',
    () => {
      holds((seed, r) => {
        const factor = 2 ** r.int(-30, 30);
        const by = times(factor);
        const json = free(randomBook(seed));
        const inNumeraire = (m: MarketJSON): boolean => JSON.stringify(m.tables?.unit ?? '').includes('numeraire');
        // Bounds are of one unit, and contracts have none.
        const markets = json.markets.map((m): MarketJSON => {
          if (!inNumeraire(m)) return m;
          return { ...m, tables: { ...m.tables, basis: 'notional', unit: 'numeraire' } };
        });
        const scaled: BookJSON = {
          ...json,
          assets: json.assets.map(
            (a) =>
              defined({
                ...a,
                price: by(a.price) ?? 0,
                twap: by(a.twap),
                stable: by(a.stable),
                tiers: bounds(a.tiers, by),
                liabilityTiers: bounds(a.liabilityTiers, by),
                cap: by(a.cap),
                depositScaleStart: by(a.depositScaleStart),
                borrowScaleStart: by(a.borrowScaleStart),
              }) as typeof a,
          ),
          markets: markets.map(
            (m) =>
              defined({
                ...m,
                pnlCap: m.pnlCap === undefined ? undefined : levels(m.pnlCap, by),
                ...(inNumeraire(m)
                  ? { brackets: bounds(m.brackets, by), shortBrackets: bounds(m.shortBrackets, by) }
                  : {}),
              }) as typeof m,
          ),
        };
        expectScaled(seed, { ...json, markets }, scaled, factor);
      });
    },
    TIMEOUT,
  );
});

describe('split and merge', () => {
  // Linear for amounts of one sign: one bracket, one weight a level, no caps, curves, orders or whole units.
  const linear = (json: BookJSON): BookJSON => ({
    ...withHoldings(json, ({ balances, positions }) => ({
      balances: balances ?? {},
      positions: positions ?? [],
      orders: [],
    })),
    assets: json.assets.map(({ tiers: _t, liabilityTiers: _l, cap: _c, curve: _k, ...a }) => a),
    markets: json.markets.map(({ curve: _c, shortBrackets: _s, pnlCap: _p, pnlCurve: _q, rounding: _r, ...m }) => {
      const last = m.brackets?.[m.brackets.length - 1];
      return last ? { ...m, brackets: [{ ...last, upTo: null }] } : m;
    }),
  });

  it(
    'an account split in two parts of any size adds up to the whole under linear rules',
    () => {
      holds((seed, r) => {
        const json = linear(randomBook(seed));
        const share = r.chance(0.3) ? 0.5 : r.next();
        const part = (f: number): BookJSON =>
          withHoldings(json, (h) => ({
            balances: Object.fromEntries(Object.entries(h.balances ?? {}).map(([id, x]) => [id, Number(x) * f])),
            positions: (h.positions ?? []).map((p) => ({
              ...p,
              size: Number(p.size) * f,
              ...(p.cost === undefined ? {} : { cost: Number(p.cost) * f }),
            })),
          }));
        const whole = Book.fromJSON(json);
        const [w, a, b] = [
          unitsOf(whole),
          unitsOf(Book.fromJSON(part(share))),
          unitsOf(Book.fromJSON(part(1 - share))),
        ];
        for (const name of MARGIN_COLUMNS) {
          w[name].forEach((x, u) => {
            const sum = (a[name][u] ?? 0) + (b[name][u] ?? 0);
            const tolerance = 1e-12 * (gross(whole, u) + Math.abs(x));
            if (!within(sum, x, tolerance))
              expect.fail(`seed ${seed}, ${name}[${u}]: ${sum} is not ${x}, split at ${share}`);
          });
        }
      });
    },
    TIMEOUT,
  );

  it(
    'a merger of plain accounts adds equity, and never adds more notional than there was',
    () => {
      holds((seed) => {
        const drafts = randomBook(seed, { features: 0, accounts: 2 });
        const json = withHoldings(drafts, (h) => ({
          balances: h.balances ?? {},
          positions: (h.positions ?? []).map(({ fundingIndex: _f, ...p }) => p),
        }));
        const [x, y] = [json.accounts[0] ?? { id: '' }, json.accounts[1] ?? { id: '' }];
        const balances: Record<string, number> = {};
        for (const h of [x, y])
          for (const [id, v] of Object.entries(h.balances ?? {})) balances[id] = (balances[id] ?? 0) + Number(v);
        const parts = Book.fromJSON({
          ...json,
          accounts: [
            { ...x, buckets: [] },
            { ...y, buckets: [] },
          ],
        });
        // The same fills by one account: sizes and entry values add up.
        const merged = Book.fromJSON({ ...json, accounts: [{ id: 'x', balances }] });
        const sizes = new Map<string, number[]>();
        for (const h of [x, y]) {
          for (const p of h.positions ?? []) {
            const { market, side = 'net', size, entry, cost } = p;
            sizes.set(`${market} ${side}`, [...(sizes.get(`${market} ${side}`) ?? []), Number(size)]);
            if (entry !== undefined && size !== 0) merged.fill('x', { market, positionSide: side, size, price: entry });
            else if (cost !== undefined) return;
          }
        }
        const [a, m] = [unitsOf(parts), unitsOf(merged)];
        const scale = 1e-11 * (gross(parts, 0) + gross(parts, 1));
        const sum = (name: MarginColumn): number => (a[name][0] ?? 0) + (a[name][1] ?? 0);
        expect(
          within(m.equity[0] ?? 0, sum('equity'), scale),
          `seed ${seed}: equity ${m.equity[0]} and ${sum('equity')}`,
        ).toBe(true);
        expect(m.notional[0], `seed ${seed}: notional`).toBeLessThanOrEqual(sum('notional') + scale);
        const [maintenance, parted] = [m.maintenanceMargin[0] ?? 0, sum('maintenanceMargin')];
        // Marginal tables are convex: what adds up in one market needs at least as much, what stands apart just as much.
        const lists = [...sizes.values()];
        if (lists.every((list) => list.length === 1))
          expect(within(maintenance, parted, scale), `seed ${seed}: apart`).toBe(true);
        const oneWay = lists.every((list) => list.every((size) => Math.sign(size) === Math.sign(list[0] ?? 0)));
        if (oneWay) expect(maintenance, `seed ${seed}: one way`).toBeGreaterThanOrEqual(parted - scale);
      }, RUNS * 3);
    },
    TIMEOUT,
  );
});

describe('permute', () => {
  const shuffled = <T>(list: readonly T[], r: Random): T[] => {
    const rest = [...list];
    return list.map(() => rest.splice(r.int(0, rest.length - 1), 1)[0] as T);
  };

  it(
    'accounts permuted permute the results, bit for bit',
    () => {
      holds((seed, r) => {
        const json = randomBook(seed, { features: r.chance(0.3) ? 0 : 1, accounts: 8 });
        const book = Book.fromJSON(json);
        const other = Book.fromJSON({ ...json, accounts: shuffled(json.accounts, r) });
        const [a, b] = [unitsOf(book), unitsOf(other)];
        for (const { id } of json.accounts) {
          const there = other.unitsOf(id);
          book.unitsOf(id).forEach((u, i) => {
            const v = there[i] ?? -1;
            for (const name of [...MARGIN_COLUMNS, 'status'] as const) {
              if (!Object.is(a[name][u], b[name][v]))
                expect.fail(`seed ${seed}, ${name} of ${id}: ${a[name][u]} and ${b[name][v]}`);
            }
          });
        }
        for (const name of ['equity', 'collateral', 'initialMargin', 'maintenanceMargin', 'notional'] as const) {
          const scale = a[name].reduce((sum, x) => sum + Math.abs(x), 0);
          expect(within(a.totals[name], b.totals[name], 1e-13 * scale), `seed ${seed}, totals.${name}`).toBe(true);
        }
      });
    },
    TIMEOUT,
  );

  it(
    'the order of rows in JSON is no part of a book',
    () => {
      holds((seed, r) => {
        const json = randomBook(seed);
        const mixed = withHoldings(json, (h) => ({
          balances: Object.fromEntries(shuffled(Object.entries(h.balances ?? {}), r)),
          positions: shuffled(h.positions ?? [], r),
          // Orders of one market add up in their order; those of different markets do not meet.
          orders: shuffled(json.markets, r).flatMap((m) => (h.orders ?? []).filter((o) => o.market === m.id)),
        }));
        const accounts = mixed.accounts.map(
          (a): AccountJSON => Object.fromEntries(shuffled(Object.entries(a), r)) as unknown as AccountJSON,
        );
        const same = Buffer.compare(Book.fromJSON({ ...mixed, accounts }).encode(), Book.fromJSON(json).encode());
        expect(same, `seed ${seed}`).toBe(0);
      });
    },
    TIMEOUT,
  );

  it(
    'assets and markets permuted change results by rounding alone',
    () => {
      holds((seed, r) => {
        const drafts = randomBook(seed);
        // Several spot markets of one token fill in the order of their rows, which is a choice and no rounding.
        const spot = new Set(drafts.markets.filter((m) => m.kind === 'spot').map((m) => m.id));
        const json = withHoldings(drafts, (h) => ({
          ...h,
          orders: (h.orders ?? []).filter((o) => !spot.has(o.market)),
        }));
        const book = Book.fromJSON(json);
        const other = Book.fromJSON({ ...json, assets: shuffled(json.assets, r), markets: shuffled(json.markets, r) });
        const [a, b] = [unitsOf(book), unitsOf(other)];
        for (const name of MARGIN_COLUMNS) {
          a[name].forEach((x, u) => {
            const tolerance = 1e-12 * (gross(book, u) + Math.abs(x));
            if (!within(x, b[name][u] ?? NaN, tolerance))
              expect.fail(`seed ${seed}, ${name}[${u}]: ${x} and ${b[name][u]}`);
          });
        }
      });
    },
    TIMEOUT,
  );
});

describe('monotone', () => {
  it(
    'more collateral never lowers health',
    () => {
      holds((seed, r) => {
        const drafts = randomBook(seed);
        const spots = drafts.markets.filter((m) => m.kind === 'spot').length;
        // Orders in several spot markets of one token are chosen one after the other; that is not monotone, and flagged as not concave.
        const json = spots > 1 ? withHoldings(drafts, (h) => ({ ...h, orders: [] })) : drafts;
        const book = Book.fromJSON(json);
        const before = unitsOf(book);
        // Beyond a cap a size curve weighs what counts by all that is held: more of it counts less.
        const assets = json.assets.filter((a) => a.cap === undefined || a.curve === undefined);
        if (assets.length === 0) return;
        const { id, price, confidence = 1, confidenceThreshold = 0 } = r.pick(assets);
        const amount = r.wide(0.01, 1e6) / Math.max(Number(price), 0.01);
        for (const { id: account } of json.accounts) book.deposit(account, id, amount);
        const after = unitsOf(book);
        // A penalty on a price in doubt may outweigh what the last tier still counts.
        const doubtful = Number(confidence) < Number(confidenceThreshold);
        for (const { id: account } of json.accounts) {
          const [u = 0] = book.unitsOf(account);
          const slack =
            1e-12 *
            (gross(book, u) +
              (after.initialMargin[u] ?? 0) +
              (after.maintenanceMargin[u] ?? 0) +
              (after.endMargin[u] ?? 0));
          const health = (m: Margin): number[] => [
            doubtful ? 0 : (m.initialCollateral[u] ?? 0) - (m.initialMargin[u] ?? 0),
            (m.collateral[u] ?? 0) - (m.maintenanceMargin[u] ?? 0),
            (m.endCollateral[u] ?? 0) - (m.endMargin[u] ?? 0),
            m.equity[u] ?? 0,
          ];
          const had = health(before);
          health(after).forEach((h, k) => {
            if (h < (had[k] ?? 0) - slack)
              expect.fail(`seed ${seed}, ${account} + ${amount} ${id}, level ${k}: ${had[k]} to ${h}`);
          });
        }
      }, RUNS * 2);
    },
    TIMEOUT,
  );

  it(
    'the requirement never falls with size',
    () => {
      holds((seed, r) => {
        const json = randomBook(seed);
        // Whole units cut the profit that a debt's surcharge is taken on.
        const markets = json.markets.filter((m) => m.kind !== 'spot' && m.pnl !== 'net' && !m.rounding);
        if (markets.length === 0) return;
        const m = r.pick(markets);
        const side = r.chance(0.5) ? 1 : -1;
        const entry = m.kind === 'prediction' ? r.between(0.1, 0.9) : Number(m.mark) * r.between(0.8, 1.2);
        const each = Number(m.multiplier ?? 1) * (m.kind === 'inverse' ? 1 : Number(m.mark));
        let size = r.wide(1, 1000) / each;
        const sizes = Array.from({ length: 40 }, () => {
          size *= r.between(1, 2.5);
          return size;
        });
        const accounts = sizes.map(
          (x, i): AccountJSON => ({ id: `${i}`, positions: [{ market: m.id, size: side * x, entry }] }),
        );
        const { initialMargin, maintenanceMargin, endMargin, notional } = unitsOf(Book.fromJSON({ ...json, accounts }));
        for (const [name, column] of Object.entries({ initialMargin, maintenanceMargin, endMargin, notional })) {
          for (let i = 1; i < column.length; i++) {
            const [less, more] = [column[i - 1] ?? 0, column[i] ?? 0];
            if (more < less * (1 - 1e-14))
              expect.fail(`seed ${seed}, ${name} of ${m.id}: ${less} at ${sizes[i - 1]}, ${more} at ${sizes[i]}`);
          }
        }
      }, RUNS * 2);
    },
    TIMEOUT,
  );

  it(
    'maintenance is at most initial where each bracket says so',
    () => {
      holds((seed, r) => {
        const json = withMarkets(randomBook(seed, PLAIN), (m) => ({
          ...m,
          tables: { ...m.tables, form: { initial: r.pick(['marginal', 'whole'] as const), maintenance: 'marginal' } },
        }));
        const { initialMargin, maintenanceMargin } = unitsOf(Book.fromJSON(json));
        initialMargin.forEach((initial, u) => {
          if ((maintenanceMargin[u] ?? 0) > initial)
            expect.fail(`seed ${seed}, unit ${u}: ${maintenanceMargin[u]} over ${initial}`);
        });
      });
    },
    TIMEOUT,
  );
});

describe('one answer in every form', () => {
  const books = (property: (seed: number, book: Book, json: BookJSON) => void): void =>
    holds((seed, r) => {
      const json = randomBook(seed, { features: r.chance(0.3) ? 0 : 1, accounts: 6 });
      property(seed, Book.fromJSON(json), json);
    });

  it('totals are the fold of the units in their order', () => {
    books((seed, book) => {
      const risk = margin(book);
      for (const name of ['equity', 'collateral', 'initialMargin', 'maintenanceMargin', 'notional'] as const) {
        expect(risk.totals[name], `seed ${seed}, ${name}`).toBe(risk[name].reduce((sum, x) => sum + x, 0));
      }
      expect(risk.totals.deficit, `seed ${seed}`).toBe(risk.equity.reduce((sum, x) => sum + Math.max(0, -x), 0));
    });
  });

  it('status follows from the columns, the list from the status', () => {
    books((seed, book, json) => {
      const risk = margin(book);
      const at = (name: MarginColumn, u: number): number => risk[name][u] ?? 0;
      const statuses = Array.from(risk.status, (_, u) => {
        const health = at('collateral', u) - at('maintenanceMargin', u);
        const liquidatable =
          json.liquidatableWhen === '<=' ? health <= 0 && at('maintenanceMargin', u) > 0 : health < 0;
        if (liquidatable) return at('equity', u) < 0 ? 3 : 2;
        return at('initialCollateral', u) - at('initialMargin', u) < 0 ? 1 : 0;
      });
      expect(
        Array.from(risk.status, (s) => s & ~INEXACT),
        `seed ${seed}`,
      ).toEqual(statuses);
      const wanted = statuses.map((_, u) => u).filter((u) => (statuses[u] ?? 0) >= 2);
      expect([...risk.liquidatable], `seed ${seed}`).toEqual(wanted);
    });
  });

  it('marginInto gives the columns of margin, and accountMargin the same numbers alone', () => {
    books((seed, book) => {
      const whole = unitsOf(book);
      const into = {
        ...(Object.fromEntries(
          MARGIN_COLUMNS.map((name) => [name, new Float64Array(book.units + 3).fill(7)]),
        ) as Record<MarginColumn, Float64Array>),
        status: new Uint32Array(book.units),
      };
      expect(marginInto(book, into)).toBe(whole.liquidatable.length);
      for (const name of MARGIN_COLUMNS) {
        expect([...into[name].subarray(0, book.units)], `seed ${seed}, ${name}`).toEqual([...whole[name]]);
        expect([...into[name].subarray(book.units)]).toEqual([7, 7, 7]);
      }
      expect([...into.status]).toEqual([...whole.status]);
      for (let account = 0; account < book.accounts; account++) {
        const alone = accountMargin(book, account);
        const units = book.unitsOf(account);
        const sum = (name: MarginColumn): number => units.reduce((total, u) => total + (whole[name][u] ?? 0), 0);
        expect(alone.id).toBe(book.accountId(account));
        expect(alone.equity).toBe(sum('equity'));
        expect(alone.initialMargin).toBe(sum('initialMargin'));
        expect(alone.maintenanceMargin).toBe(sum('maintenanceMargin'));
        expect(alone.notional).toBe(sum('notional'));
        units.forEach((u, i) => {
          const unit = alone.units[i];
          expect(unit?.bucket).toBe(book.unitBucket(u));
          expect(unit?.status).toBe(STATUS[(whole.status[u] ?? 0) & ~INEXACT]);
          expect(unit?.equity).toBe(whole.equity[u]);
          expect(unit?.collateral).toBe(whole.collateral[u]);
          expect(unit?.health.initial).toBe((whole.initialCollateral[u] ?? 0) - (whole.initialMargin[u] ?? 0));
          expect(unit?.health.liquidationEnd).toBe((whole.endCollateral[u] ?? 0) - (whole.endMargin[u] ?? 0));
        });
      }
    });
  });

  it(
    'explain gives the bits of margin, and its rows add up to them',
    () => {
      books((seed, book, json) => {
        const whole = unitsOf(book);
        const mode = new Map(json.markets.map((m) => [m.id, m.pnl ?? 'pooled']));
        for (let account = 0; account < book.accounts; account++) {
          const units = book.unitsOf(account);
          explain(book, account).units.forEach((unit, i) => {
            const u = units[i] ?? -1;
            const numbers = [
              unit.equity,
              unit.collateral,
              unit.initialCollateral,
              unit.endCollateral,
              unit.initialMargin,
              unit.maintenanceMargin,
              unit.endMargin,
              unit.notional,
            ];
            expect(numbers, `seed ${seed}, unit ${u}`).toEqual(
              [
                'equity',
                'collateral',
                'initialCollateral',
                'endCollateral',
                'initialMargin',
                'maintenanceMargin',
                'endMargin',
                'notional',
              ].map((name) => whole[name as MarginColumn][u]),
            );
            // Orders that nothing can come of, at a price of 0, are no row of an explanation; their margin is.
            if (json.assets.some((a) => a.price === 0)) return;
            const results =
              unit.endMargin + unit.initialMargin + unit.maintenanceMargin + Math.abs(unit.initialCollateral);
            const scale = 1e-12 * (gross(book, u) + results + worthOf(unit));
            for (const [level, collateral, requirement] of [
              ['initial', unit.initialCollateral, unit.initialMargin],
              ['maintenance', unit.collateral, unit.maintenanceMargin],
              ['liquidationEnd', unit.endCollateral, unit.endMargin],
            ] as const) {
              const counted = folded(unit, mode, level);
              if (!within(counted.collateral, collateral, scale))
                expect.fail(
                  `seed ${seed}, unit ${u}, ${level} collateral: rows ${counted.collateral}, unit ${collateral}`,
                );
              if (!within(counted.requirement, requirement, scale))
                expect.fail(
                  `seed ${seed}, unit ${u}, ${level} requirement: rows ${counted.requirement}, unit ${requirement}`,
                );
            }
            const equity =
              unit.balances.reduce((sum, b) => sum + b.value, 0) +
              separate(unit, mode).reduce((sum, p) => sum + p.unrealizedPnl + p.fundingPnl, 0);
            // Reserved funds are part of equity at weight 1, which an explanation gives by level only.
            const reserved = unit.spotOrders.some((s) => s.form === 'reserve');
            if (!reserved && !within(equity, unit.equity, scale))
              expect.fail(`seed ${seed}, unit ${u}, equity: rows ${equity}, unit ${unit.equity}`);
            const notional = unit.positions.reduce((sum, p) => sum + p.notional, 0);
            expect(notional, `seed ${seed}, unit ${u}`).toBe(unit.notional);
          });
        }
      });
    },
    TIMEOUT,
  );
});

/** Positions whose profit does not join a balance. */
const separate = (unit: UnitExplanation, mode: Map<string, string>): UnitExplanation['positions'] =>
  unit.positions.filter((p) => mode.get(p.market) === 'separate');

/** Rows of an explanation added up as its types say. */
function folded(
  unit: UnitExplanation,
  mode: Map<string, string>,
  level: 'initial' | 'maintenance' | 'liquidationEnd',
): { collateral: number; requirement: number } {
  let collateral = separate(unit, mode).reduce((sum, p) => sum + p.countedPnl[level], 0);
  let requirement = 0;
  for (const b of unit.balances) {
    collateral += b.collateral[level];
    requirement += b.requirement[level];
  }
  for (const s of unit.spotOrders) {
    collateral += s.collateral[level];
    requirement += s.orderMargin;
  }
  for (const p of unit.positions)
    requirement += (mode.get(p.market) === 'net' ? 0 : p.requirement[level]) + (p.orders?.orderMargin ?? 0);
  return { collateral, requirement: requirement * unit.multiplier + (level === 'liquidationEnd' ? unit.buffer : 0) };
}

/** Value that spot orders move, beside what is held. */
const worthOf = (unit: UnitExplanation): number =>
  unit.spotOrders.reduce(
    (sum, s) => sum + Math.abs(s.valueAfter.initial) + Math.abs(s.collateral.initial) + Math.abs(s.ordersValue.initial),
    0,
  );
