// Views of markets and of the fund against brute force: marks set to the price of a step, the whole book margined again, and every
// position looked at one by one. VIEWS_BOOKS sets the number of random books of each kind, VIEWS_SEED the first seed.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Book, explain, liquidationPrices, margin, type PositionExplanation } from '../bindings/index.js';
import { STATUS } from '../bindings/layout.js';
import type { AccountJSON, BookBase, BookJSON, HoldingsJSON, MarketJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { ROOT } from '../bindings/reference/lanes.js';
import { Book as ScenarioBook } from '../bindings/scenario.js';
import { equityAtRisk, type LadderColumns, liquidationLadder, marketViews } from '../bindings/watch.js';
import { Random, randomBook } from './random-book.js';
import { walker } from './rays.js';
import { refusedAt } from './refusal.js';

const BOOKS = Number(process.env.VIEWS_BOOKS ?? 6);
const SEED = Number(process.env.VIEWS_SEED ?? 1);
/** Off the roots of round numbers. */
const MOVES = [-0.3137, -0.1193, -0.0531, -0.0107, 0.0113, 0.0497, 0.1211, 0.2903];
const KINDS = [0, 0.5, 1];

const near = (got: number, want: number, what: string): void => {
  if (!(Math.abs(got - want) <= 1e-9 * Math.max(1, Math.abs(want)))) expect.fail(`${what}: ${got}, not ${want}`);
};

/** Both sides of a market, and a coin that two markets share: what random books have too rarely. */
function variedBook(seed: number, features: number): BookJSON {
  const json = randomBook(seed, { features, accounts: 6 });
  const r = new Random(seed + 1e6);
  const linear = json.markets.filter(({ kind }) => kind === 'linear');
  const [lead] = linear;
  if (!lead) return json;
  const underlying = lead.underlying ?? lead.base ?? lead.id;
  const shared = linear.slice(1).map((m) => (r.chance(0.3) ? { ...m, underlying, beta: r.pick([1, 0.8, 1.25]) } : m));
  const both = json.accounts.map((account): AccountJSON => {
    if (!r.chance(0.4)) return account;
    const others = (account.positions ?? []).filter(({ market }) => market !== lead.id);
    const size = r.wide(1, 1e6) / (Number(lead.multiplier ?? 1) * Number(lead.mark));
    const sides = (['long', 'short'] as const).map((side) => ({
      ...{ market: lead.id, side, entry: Number(lead.mark) * r.between(0.9, 1.1) },
      size: size * r.between(0.2, 1.5) * (side === 'short' ? -1 : 1),
    }));
    return { ...account, positions: [...others, ...sides] };
  });
  const markets = json.markets.map((m) => shared.find(({ id }) => id === m.id) ?? m);
  return nearTheLine({ ...json, markets, accounts: both }, r);
}

/** Most margin units with a health of up to three tenths of what they hold, where the first asset counts in full. */
function nearTheLine(json: BookJSON, r: Random): BookJSON {
  const book = Book.fromJSON(json);
  const [cash] = json.assets;
  const { collateral, maintenanceMargin, notional } = margin(book);
  const settle = (account: string, bucket: number, balances: HoldingsJSON['balances'] = {}): object => {
    const [u] = book.unitsOf(account).filter((unit) => book.unitBucket(unit) === bucket);
    const price = Number(cash?.price);
    if (u === undefined || !cash || price === 0 || r.chance(0.2)) return { balances };
    const health = (collateral[u] as number) - (maintenanceMargin[u] as number);
    const more = (r.between(-0.02, 0.3) * (notional[u] as number) - health) / price;
    return { balances: { ...balances, [cash.id]: Number((balances as Record<string, number>)[cash.id] ?? 0) + more } };
  };
  const accounts = json.accounts.map((account) => ({
    ...account,
    ...settle(account.id, 0, account.balances),
    ...(account.buckets && {
      buckets: account.buckets.map((b) => ({ ...b, ...settle(account.id, Number(b.bucket), b.balances) })),
    }),
  }));
  return { ...json, accounts };
}

/** Held rows of a unit in a market. */
function rowsOf(book: BookBase, unit: number, market: number): number[] {
  const { unit: units, position } = book.store.columns;
  const first = units.positionStart[unit] as number;
  const rows = Array.from({ length: units.positionCount[unit] as number }, (_, i) => first + i);
  return rows.filter((p) => (position.key[p] as number) >>> 2 === market && position.size[p] !== 0);
}

const isIll = (book: BookBase): boolean[] => Array.from(margin(book).status, (code) => (code & 3) >= 2);

/** Of each position row that is held, as explain has it. */
function notionals(book: BookBase): Map<number, number> {
  const all = new Map<number, number>();
  for (let u = 0; u < book.units; u++) {
    const { units } = explain(book, book.unitAccount(u));
    const positions = units.find(({ bucket }) => bucket === book.unitBucket(u))?.positions as PositionExplanation[];
    const { unit } = book.store.columns;
    const first = unit.positionStart[u] as number;
    for (let p = first; p < first + (unit.positionCount[u] as number); p++) {
      const { market, side, size } = book.position(p);
      const found = positions.find((each) => each.market === book.marketId(market) && each.side === side);
      if (size !== 0) all.set(p, found?.notional as number);
    }
  }
  return all;
}

const NAMES = ['notional', 'unitNotional', 'positions', 'units'] as const;
type Sums = Record<(typeof NAMES)[number], number>;
const none = (): Sums => ({ notional: 0, unitNotional: 0, positions: 0, units: 0 });
const entry = (columns: LadderColumns, i: number): Sums =>
  Object.fromEntries(NAMES.map((name) => [name, columns[name][i]])) as unknown as Sums;

function expectSums(got: Sums, want: Sums, at: string): void {
  expect([got.units, got.positions], at).toEqual([want.units, want.positions]);
  for (const name of ['notional', 'unitNotional'] as const) near(got[name], want[name], `${at}, ${name}`);
}

/** A book as it stands, and the same book to be moved about. */
class Brute {
  readonly book: BookBase;
  readonly ill: boolean[];
  readonly notional: Float64Array;
  readonly prices: { down: Float64Array; up: Float64Array; code: Uint32Array };
  readonly #json: BookJSON;
  readonly #held: Map<number, number>;

  constructor(json: BookJSON) {
    this.#json = json;
    this.book = Book.fromJSON(json);
    this.ill = isIll(this.book);
    this.notional = margin(this.book).notional.slice();
    this.#held = notionals(this.book);
    const { down, up, code } = liquidationPrices(this.book);
    this.prices = { down: down.slice(), up: up.slice(), code: code.slice() };
  }

  /** Adds up the units that hold market `m` and are in `counts`. */
  sum(m: number, counts: (unit: number, row: number) => boolean): Sums {
    const sums = none();
    for (let u = 0; u < this.book.units; u++) {
      const rows = rowsOf(this.book, u, m);
      if (rows[0] === undefined || !counts(u, rows[0])) continue;
      sums.units += 1;
      sums.unitNotional += this.notional[u] as number;
      sums.positions += rows.length;
      for (const p of rows) sums.notional += this.#held.get(p) as number;
    }
    return sums;
  }

  /** Which units are liquidatable where the mark of a market is `x`, or were on the way. */
  walk(m: number): (x: number) => (unit: number, row: number) => boolean {
    const moved = Book.fromJSON(this.#json);
    const [first] = this.#json.accounts;
    const walk = walker(moved, this.#json, { account: first?.id as string }, this.book.marketId(m));
    const illAt = (x: number): boolean[] => {
      walk(x);
      return isIll(moved);
    };
    const mark = this.book.store.columns.market.mark[m] as number;
    return (x) => {
      const ill = illAt(x);
      return (u, p) => {
        if (this.ill[u]) return false;
        if (ill[u]) return true;
        // Where health is not concave a unit may have been liquidatable before, and be healed by the rest of the way.
        const [end, bits] =
          x < mark
            ? [this.prices.down[p] as number, this.prices.code[p] as number]
            : [this.prices.up[p] as number, (this.prices.code[p] as number) >>> 8];
        const onTheWay = x < mark ? end >= x : end <= x;
        return (bits & ROOT.bracketed) !== 0 && onTheWay && (illAt(end)[u] as boolean);
      };
    };
  }
}

/** Whether a prediction that moves with the market would leave its range: rays end there. */
const leaves = (json: BookJSON, m: number, move: number): boolean =>
  json.markets.some(
    (other, o) =>
      (o === m || other.base !== undefined) && other.kind === 'prediction' && Number(other.mark) * (1 + move) >= 1,
  );

describe.each(KINDS)('%s of all features', (features) => {
  // Prices of plain books are found at once.
  const seeds = Array.from({ length: BOOKS * (features === 0 ? 3 : 1) }, (_, i) => SEED + i);

  it('the ladder is what marks set to the price of each step make liquidatable', () => {
    const seen = { ...none(), now: 0, bracketed: 0, hedged: 0, buckets: 0 };
    for (const seed of seeds) {
      const json = variedBook(seed, features);
      const brute = new Brute(json);
      const ladder = liquidationLadder(brute.book, { moves: MOVES });
      expect(Array.from(ladder.moves)).toEqual(MOVES);
      for (let m = 0; m < brute.book.markets; m++) {
        if (json.markets[m]?.kind === 'spot' || brute.sum(m, () => true).units === 0) continue;
        const at = `seed ${seed}, ${brute.book.marketId(m)}`;
        expectSums(
          entry(ladder.now, m),
          brute.sum(m, (u) => brute.ill[u] as boolean),
          `${at}, now`,
        );
        seen.now += ladder.now.units[m] as number;
        const walk = brute.walk(m);
        MOVES.forEach((move, k) => {
          if (leaves(json, m, move)) return;
          const i = m * MOVES.length + k;
          const want = brute.sum(m, walk(ladder.price[i] as number));
          expectSums(entry(ladder.cumulative, i), want, `${at}, ${move}`);
          for (const name of NAMES) seen[name] += want[name];
        });
      }
      seen.bracketed += brute.prices.code.reduce((n, code) => n + ((code & ROOT.bracketed) !== 0 ? 1 : 0), 0);
      seen.hedged += json.accounts.filter(({ positions }) => positions?.some(({ side }) => side === 'long')).length;
      seen.buckets += json.accounts.filter(({ buckets }) => buckets).length;
    }
    expect(seen.units).toBeGreaterThan(3 * seeds.length);
    expect(seen.positions).toBeGreaterThan(seen.units);
    expect(Math.min(seen.now, seen.hedged, seen.buckets)).toBeGreaterThan(BOOKS / 4);
    if (features > 0) expect(seen.bracketed).toBeGreaterThan(BOOKS / 4);
  });

  it('equity at risk is that of the units which a step liquidates', () => {
    const within = [0.0107, 0.0531, 0.2113];
    const moves = [...within.map((w) => -w).reverse(), ...within];
    let [now, risked] = [0, 0];
    for (const seed of seeds.slice(0, BOOKS / 2)) {
      const json = variedBook(seed, features);
      const brute = new Brute(json);
      const { equity, notional } = margin(brute.book).copy();
      const reached = Array.from({ length: brute.book.units }, () => within.length);
      const exact = liquidationLadder(brute.book, { moves, prices: brute.prices });
      let left = false;
      for (let m = 0; m < brute.book.markets; m++) {
        if (json.markets[m]?.kind === 'spot' || brute.sum(m, () => true).units === 0) continue;
        const walk = brute.walk(m);
        moves.forEach((move, k) => {
          left ||= leaves(json, m, move);
          if (left) return;
          const ill = walk(exact.price[m * moves.length + k] as number);
          const rank = within.indexOf(Math.abs(move));
          for (let u = 0; u < brute.book.units; u++) {
            const [row] = rowsOf(brute.book, u, m);
            if (row !== undefined && ill(u, row)) reached[u] = Math.min(reached[u] as number, rank);
          }
        });
      }
      if (left) continue;
      const risk = equityAtRisk(brute.book, { within, prices: brute.prices });
      const sumOf = (counts: (u: number) => boolean): object => {
        const units = reached.map((_, u) => u).filter(counts);
        const sum = (of: (u: number) => number): number => units.reduce((total, u) => total + of(u), 0);
        return {
          units: units.length,
          equity: sum((u) => equity[u] as number),
          notional: sum((u) => notional[u] as number),
          deficit: sum((u) => Math.max(0, -(equity[u] as number))),
        };
      };
      const same = (got: object, want: object, at: string): void => {
        for (const [name, value] of Object.entries(want)) near(got[name as keyof typeof got], value, `${at}, ${name}`);
      };
      same(
        risk.now,
        sumOf((u) => brute.ill[u] as boolean),
        `seed ${seed}, now`,
      );
      risk.within.forEach((row, i) => {
        expect(row.within).toBe(within[i]);
        same(
          row,
          sumOf((u) => (reached[u] as number) <= i),
          `seed ${seed}, within ${row.within}`,
        );
        risked += row.units;
      });
      now += risk.now.units;
    }
    expect(Math.min(now, risked)).toBeGreaterThan(BOOKS / 8);
  });

  it('sums by market are those of explain, row by row', () => {
    for (const seed of seeds) {
      const json = variedBook(seed, features);
      const book = Book.fromJSON(json);
      const views = marketViews(book);
      const risk = margin(book);
      for (let m = 0; m < book.markets; m++) {
        const id = book.marketId(m);
        const net = json.markets[m]?.pnl === 'net';
        const sums = { long: 0, short: 0, longNotional: 0, shortNotional: 0, positions: 0, initial: 0, maintenance: 0 };
        let accounts = 0;
        for (const account of json.accounts) {
          const { units } = explain(book, account.id);
          let holds = false;
          for (const { positions, spotOrders, multiplier } of units) {
            for (const p of positions.filter(({ market }) => market === id)) {
              const orders = p.orders?.orderMargin ?? 0;
              sums.initial += ((net ? 0 : p.requirement.initial) + orders) * multiplier;
              sums.maintenance += ((net ? 0 : p.requirement.maintenance) + orders) * multiplier;
              if (p.size === 0) continue;
              holds = true;
              sums.positions += 1;
              sums[p.size > 0 ? 'long' : 'short'] += Math.abs(p.size);
              sums[p.size > 0 ? 'longNotional' : 'shortNotional'] += p.notional;
            }
            for (const { market, orderMargin } of spotOrders)
              if (market === id) {
                sums.initial += orderMargin * multiplier;
                sums.maintenance += orderMargin * multiplier;
              }
          }
          if (holds) accounts += 1;
        }
        const at = `seed ${seed}, ${id}`;
        expect([views.positions[m], views.accounts[m]], at).toEqual([sums.positions, accounts]);
        near(views.openInterest.long[m] as number, sums.long, at);
        near(views.openInterest.short[m] as number, sums.short, at);
        near(views.notional.long[m] as number, sums.longNotional, at);
        near(views.notional.short[m] as number, sums.shortNotional, at);
        near(views.initialMargin[m] as number, sums.initial, `${at}, initial`);
        near(views.maintenanceMargin[m] as number, sums.maintenance, `${at}, maintenance`);
      }
      const { fund } = views;
      expect(fund.totals).toEqual(risk.totals);
      expect(fund.accounts).toBe(json.accounts.length);
      expect(Object.values(fund.units)).toEqual(
        STATUS.map((_, code) => risk.status.reduce((n, s) => n + ((s & 3) === code ? 1 : 0), 0)),
      );
      expect(fund.modelled).toEqual({ units: 0, initialMargin: 0, maintenanceMargin: 0 });
      const summed = views.maintenanceMargin.reduce((sum, x) => sum + x, 0);
      // Debts may ask for more.
      if (features === 0) near(summed, fund.totals.maintenanceMargin, `seed ${seed}, total`);
    }
  });
});

const small = (): BookJSON => ({
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USD', price: 1 }],
  markets: ['X', 'Y'].map((id) => ({
    ...{ id, kind: 'linear' as const, settle: 'USD', mark: 100 },
    brackets: [{ upTo: null, maintenanceRate: 0.05 }],
  })),
  accounts: [
    { id: 'long', balances: { USD: 10 }, positions: [{ market: 'X', size: 1, entry: 100 }] },
    {
      id: 'short',
      balances: { USD: 10 },
      positions: [
        { market: 'X', size: -2, entry: 95 },
        { market: 'Y', size: 1, entry: 100 },
      ],
    },
    { id: 'lost', balances: { USD: 1 }, positions: [{ market: 'X', size: 1, entry: 110 }] },
  ],
});

it('books with options and models have the prices of accounts one by one, and requirements of portfolios', () => {
  const book = ScenarioBook.fromJSON(readFileSync(new URL('../examples/node/options.json', import.meta.url), 'utf8'));
  const ladder = liquidationLadder(book, { reach: 0.3, steps: 6 });
  const { moves, price } = ladder;
  const units = new Uint32Array(price.length);
  for (let a = 0; a < book.accounts; a++) {
    const held = liquidationPrices(book, a).filter(({ size, status }) => size !== 0 && status === 'healthy');
    const seen = new Set<string>();
    for (const { market, bucket, down, up } of held) {
      if (seen.has(`${market} ${bucket}`)) continue;
      seen.add(`${market} ${bucket}`);
      const row = book.market(market) * moves.length;
      for (let i = row; i < row + moves.length; i++) {
        const x = price[i] as number;
        const reached = i - row < 6 ? down !== null && x <= down : up !== null && x >= up;
        if (reached) units[i] = (units[i] as number) + 1;
      }
    }
  }
  expect(Array.from(ladder.cumulative.units)).toEqual(Array.from(units));
  expect(units.some((n) => n > 0)).toBe(true);
  const { fund, maintenanceMargin } = marketViews(book);
  const risk = margin(book);
  const modelled = Array.from(book.store.columns.unit.model.subarray(0, book.units), (model) => model !== 0);
  const sum = (column: Float64Array): number => column.reduce((all, x, u) => all + (modelled[u] ? x : 0), 0);
  expect(fund.modelled.units).toBe(modelled.filter(Boolean).length);
  expect(fund.modelled.units).toBeGreaterThan(1);
  near(fund.modelled.maintenanceMargin, sum(risk.maintenanceMargin), 'modelled');
  near(fund.modelled.initialMargin, sum(risk.initialMargin), 'modelled');
  const all = maintenanceMargin.reduce((total, x) => total + x, 0) + fund.modelled.maintenanceMargin;
  near(all, fund.totals.maintenanceMargin, 'all');
});

it('a closed position asks for what its table of entry notional makes of its cost', () => {
  const [x] = small().markets;
  const closed = { market: 'X', size: 0, cost: 50 };
  const book = Book.fromJSON({
    ...small(),
    markets: [{ ...(x as MarketJSON), tables: { basis: 'entry' } }],
    accounts: [{ id: 'a', balances: { USD: 100 }, positions: [closed] }],
  });
  const { maintenanceMargin, positions, fund } = marketViews(book);
  expect([maintenanceMargin[0], positions[0], fund.totals.maintenanceMargin]).toEqual([2.5, 0, 2.5]);
});

it('a book that has lived has the views of one that is read anew', () => {
  for (let seed = SEED; seed < SEED + 3; seed++) {
    const live = Book.fromJSON(variedBook(seed, 0.5));
    const r = new Random(seed);
    const perpetuals = Array.from({ length: live.markets }, (_, m) => m).filter(
      (m) => live.store.columns.market.kind[m] === 0 && live.store.columns.market.rounding[m] === 0,
    );
    for (let i = 0; i < 12 && perpetuals.length > 0; i++) {
      const m = r.pick(perpetuals);
      const mark = (live.store.columns.market.mark[m] as number) * r.between(0.95, 1.05);
      const account = live.accountId(r.int(0, live.accounts - 1));
      if (r.chance(0.3)) live.setMark(m, mark);
      else if (r.chance(0.5)) live.deposit(account, live.assetId(0), r.between(1, 1e4), { bucket: 11 });
      else live.fill(account, { market: m, size: r.wide(1, 1e4) / mark, price: mark, bucket: 11 });
    }
    const again = Book.fromJSON(live.toJSON());
    const at = `seed ${seed}`;
    // Totals of margin fold in the order of units in memory.
    const folded = (book: BookBase): object => {
      const { fund, ...columns } = marketViews(book);
      return { ...columns, fund: { ...fund, totals: null } };
    };
    expect(folded(live), at).toEqual(folded(again));
    expect(liquidationLadder(live), at).toEqual(liquidationLadder(again));
    expect(equityAtRisk(live), at).toEqual(equityAtRisk(again));
  }
});

it('the reference engine gives the same', () => {
  for (const json of [variedBook(SEED, 0), randomBook(SEED, { features: 1, accounts: 1 })]) {
    const [kernel, reference] = [Book.fromJSON(json), ReferenceBook.fromJSON(json)];
    expect(marketViews(reference)).toEqual(marketViews(kernel));
    expect(liquidationLadder(reference)).toEqual(liquidationLadder(kernel));
    expect(equityAtRisk(reference)).toEqual(equityAtRisk(kernel));
  }
});

describe('a ladder', () => {
  it('has even moves as they are written, or those that are listed', () => {
    const book = Book.fromJSON(small());
    const { moves } = liquidationLadder(book);
    expect(moves).toHaveLength(40);
    expect(Array.from(moves.subarray(17, 23))).toEqual([-0.03, -0.02, -0.01, 0.01, 0.02, 0.03]);
    expect([moves[0], moves[39]]).toEqual([-0.2, 0.2]);
    expect(Array.from(liquidationLadder(book, { reach: '0.3', steps: 3 }).moves)).toEqual([
      -0.3, -0.2, -0.1, 0.1, 0.2, 0.3,
    ]);
    expect(Array.from(liquidationLadder(book, { moves: ['0.5', -0.1] }).moves)).toEqual([-0.1, 0.5]);
    expect(liquidationLadder(book, { moves: [0.1] }).cumulative.units).toHaveLength(2);
  });

  it('counts a unit in each of its markets, and what a step adds but once', () => {
    const book = Book.fromJSON(small());
    const { now, step, cumulative, price } = liquidationLadder(book, { reach: 0.1, steps: 2 });
    const [x, y] = [0, 4];
    // The long: 10 + (p - 100) < 0.05 p below 94.7. The short has nothing left.
    expect(Array.from(price.subarray(x, x + 4))).toEqual([90, 95, 105, 110]);
    expect(Array.from(now.units)).toEqual([2, 1]);
    expect(Array.from(now.notional)).toEqual([300, 100]);
    expect(Array.from(now.unitNotional)).toEqual([400, 300]);
    expect(Array.from(step.notional.subarray(x, x + 4))).toEqual([100, 0, 0, 0]);
    expect(Array.from(cumulative.units.subarray(y, y + 4))).toEqual([0, 0, 0, 0]);
    book.deposit('short', 'USD', 20);
    const after = liquidationLadder(book, { reach: 0.1, steps: 2 });
    expect(Array.from(after.now.units)).toEqual([1, 0]);
    // 20 less 2 (p - 100) is below 0.1 p + 5 from 102.4 on; with Y at 90 it has 10, and needs 14.5.
    expect(Array.from(after.cumulative.notional.subarray(x, x + 4))).toEqual([100, 0, 200, 200]);
    expect(Array.from(after.step.notional.subarray(x, x + 4))).toEqual([100, 0, 200, 0]);
    expect(Array.from(after.cumulative.unitNotional.subarray(x, x + 4))).toEqual([100, 0, 300, 300]);
    expect(Array.from(after.cumulative.notional.subarray(y, y + 4))).toEqual([100, 0, 0, 0]);
  });

  it('takes prices that are at hand', () => {
    const book = Book.fromJSON(small());
    const prices = liquidationPrices(book);
    expect(liquidationLadder(book, { prices })).toEqual(liquidationLadder(book));
    expect(equityAtRisk(book, { prices })).toEqual(equityAtRisk(book));
    const other = Book.fromJSON({ ...small(), accounts: small().accounts.slice(1) });
    expect(refusedAt(() => liquidationLadder(other, { prices }))).toBe('conflict options.prices.down');
  });

  it.each<[string, (book: BookBase) => unknown, string]>([
    ['no book', () => liquidationLadder({} as BookBase), 'type book'],
    ['no book', () => equityAtRisk({} as BookBase), 'type book'],
    ['no book', () => marketViews({} as BookBase), 'type book'],
    ['a fall of all', (book) => liquidationLadder(book, { reach: 1 }), 'range options.reach'],
    ['half a step', (book) => liquidationLadder(book, { steps: 1.5 }), 'type options.steps'],
    ['a key', (book) => liquidationLadder(book, { step: 1 } as object), 'unknown-key options.step'],
    ['no moves', (book) => liquidationLadder(book, { moves: [] }), 'type options.moves'],
    ['a move of -1', (book) => liquidationLadder(book, { moves: [0.1, -1] }), 'range options.moves[1]'],
    ['a move of 0', (book) => liquidationLadder(book, { moves: [0.1, 0] }), 'range options.moves'],
    ['a move twice', (book) => liquidationLadder(book, { moves: [0.1, '0.1'] }), 'range options.moves'],
    ['no share', (book) => equityAtRisk(book, { within: [] }), 'type options.within'],
    ['a share of 0', (book) => equityAtRisk(book, { within: [0] }), 'range options.within[0]'],
    ['a share twice', (book) => equityAtRisk(book, { within: [0.1, 0.1] }), 'range options.within'],
  ])('refuses %s', (_, call, what) => {
    expect(refusedAt(() => call(Book.fromJSON(small())))).toBe(what);
  });

  it('of an empty book is empty', () => {
    const book = Book.fromJSON({ ...small(), accounts: [] });
    expect(liquidationLadder(book).cumulative.units.some((n) => n !== 0)).toBe(false);
    expect(equityAtRisk(book).now).toEqual({ units: 0, equity: 0, notional: 0, deficit: 0 });
    expect(marketViews(book).fund.units).toEqual({ healthy: 0, warning: 0, liquidatable: 0, bankrupt: 0 });
  });
});
