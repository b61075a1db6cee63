// Liquidation prices over the bracket tables of a venue: what is left of health where the price says 0, a bisection that knows
// nothing but margin, ticks, and markets in whole units. `npm run test:long` has more positions and others.
import { describe, expect, it } from 'vitest';
import { bracketTables } from '../bench/portfolios.js';
import { accountMargin, Book, liquidationPrices } from '../bindings/index.js';
import type { AccountMargin, BookBase, BookJSON, MarketJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { ROOT } from '../bindings/reference/lanes.js';
import { Random } from './random-book.js';
import { bitsOf, ofBits, ulp } from './rays.js';

const POSITIONS = Number(process.env.LIQUIDATION_POSITIONS ?? 600);
const SEED = Number(process.env.LIQUIDATION_SEED ?? 20221109);
const TIMEOUT = 60_000 + POSITIONS * 10;
const { name, tables: all } = bracketTables(new Random(1));
/** With rates below 1 the health of a long rises with the price everywhere, so that one bisection finds all there is. */
const tables = all.filter((table) => table.every(({ maintenanceRate }) => Number(maintenanceRate) < 0.98));

/** A position alone in its account, and its market. */
interface Holding {
  account: string;
  market: string;
  mark: number;
  tick: number;
  size: number;
  entry: number;
  balance: number;
}

const isIll = ({ status }: AccountMargin): boolean => status === 'liquidatable' || status === 'bankrupt';

/** How the account stands where its market's mark is `x`; the mark stays there. */
function stand(book: BookBase, { account, market }: Holding, x: number): AccountMargin {
  book.setMark(market, x);
  return accountMargin(book, account);
}

/** As far as rounding may move the price: of the sums, over their slope, and of the price itself. */
function slack({ size, entry, balance }: Holding, x: number, requirement: number, slope: number): number {
  const terms = Math.abs(balance) + Math.abs(size * x) + Math.abs(size * entry) + requirement;
  return 4 * ulp(terms) + slope * ulp(x);
}

/** |dH/dP| at most: of all rates of the table on the side of the position, of a long from 1 - rate, of a short to 1 + rate. */
const slopeOf = (brackets: MarketJSON['brackets'], size: number): number =>
  Math.max(...(brackets ?? []).map(({ maintenanceRate }) => Math.abs(size - Math.abs(size) * Number(maintenanceRate))));

/** Between the last healthy double and the first that is not, by halves of what lies between in bits. */
function bisected(book: BookBase, holding: Holding): number | undefined {
  const { mark, size } = holding;
  const ill = (x: number): boolean => isIll(stand(book, holding, x));
  const [low, high] = [mark / 2 ** 20, mark * 2 ** 20];
  let [bad, good] = size > 0 ? [bitsOf(low), bitsOf(high)] : [bitsOf(high), bitsOf(low)];
  if (!ill(ofBits(bad)) || ill(ofBits(good))) return undefined;
  while (good - bad > 1n || bad - good > 1n) {
    const middle = (good + bad) / 2n;
    if (ill(ofBits(middle))) bad = middle;
    else good = middle;
  }
  return ofBits(bad);
}

function marketsOf(random: Random, more: Partial<MarketJSON>): MarketJSON[] {
  return tables.map((brackets, i) => {
    const mark = random.wide(0.01, 60_000);
    const tick = 10 ** (Math.floor(Math.log10(mark)) - random.int(2, 5));
    return { id: `M${i}`, kind: 'linear', settle: 'U', mark, tick, brackets, ...more };
  });
}

function holdingOf(random: Random, market: MarketJSON, account: string): Holding {
  const [mark, tick] = [Number(market.mark), Number(market.tick)];
  const notional = random.wide(100, 3e6);
  return {
    account,
    market: market.id,
    mark,
    tick,
    size: ((random.chance(0.5) ? 1 : -1) * notional) / mark,
    entry: mark * random.between(0.8, 1.25),
    balance: notional * random.between(-0.1, 0.6),
  };
}

const bookOf = (markets: MarketJSON[], holdings: Holding[], more: Partial<BookJSON> = {}): BookJSON => ({
  format: 'margin-kernel/book@1',
  ...more,
  assets: [{ id: 'U', price: 1 }],
  markets,
  accounts: holdings.map(({ account, market, size, entry, balance }) => ({
    id: account,
    balances: { U: balance },
    positions: [{ market, size, entry }],
  })),
});

describe(`over ${name}`, () => {
  // One form at every level is a book without special features, whose prices have a closed form; the default is none.
  it.each([
    ['marginal at every level: by the lines', { tables: { form: 'marginal' as const } }, ROOT.closed, 1],
    ['as venues read them: solved', {}, 0, 2],
    ['with the rule <=', { tables: { form: 'marginal' as const } }, ROOT.closed, 3],
  ])(
    '%s',
    (label, more, code, seed) => {
      const random = new Random(SEED + seed);
      const markets = marketsOf(random, more);
      const holdings = Array.from({ length: Math.ceil(POSITIONS / 3) }, (_, i) =>
        holdingOf(random, random.pick(markets), `${i}`),
      );
      const orEqual = label.includes('<=');
      const json = bookOf(markets, holdings, orEqual ? { liquidatableWhen: '<=' } : {});
      const book = Book.fromJSON(json);
      const spoilt = Book.fromJSON(json);
      const reference = ReferenceBook.fromJSON(json);
      const columns = liquidationPrices(book);
      const [downs, ups, codes] = [columns.down.slice(), columns.up.slice(), columns.code.slice()];
      let found = 0;
      let most = 0;
      holdings.forEach((holding, i) => {
        const { account, market, mark, size, tick } = holding;
        const at = `seed ${SEED}, account ${i}`;
        const single = liquidationPrices(book, account)[0] ?? expect.fail(at);
        const long = size > 0;
        const { certificate } = single;
        const {
          status,
          method,
          iterations,
          healthy,
          liquidatable,
          bracket,
          tick: ticks,
        } = certificate[long ? 'down' : 'up'];
        expect(certificate[long ? 'up' : 'down'].status, at).toBe('none');
        expect(method, at).toBe('newton');
        most = Math.max(most, iterations);
        expect((codes[i] ?? 0) & ROOT.closed, at).toBe(code);
        const column = (long ? downs : ups)[i] ?? Number.NaN;
        const price = long ? single.down : single.up;
        const want = bisected(reference, holding);
        stand(reference, holding, mark);
        if (want === undefined) {
          expect([status, price, column], at).toEqual(['none', null, long ? 0 : Number.POSITIVE_INFINITY]);
          return;
        }
        found++;
        expect(status, at).toBe('found');
        expect(price, at).toBe(liquidatable?.price);
        const table = tables[Number(market.slice(1))] ?? [];
        const row = table.findIndex(({ upTo }) => upTo == null || Math.abs(size) * (price as number) <= Number(upTo));
        expect(bracket, at).toBe(row < 0 ? table.length - 1 : row);
        const slope = slopeOf(table, size);
        for (const x of [price as number, column]) {
          const { health, maintenanceMargin } = stand(spoilt, holding, x);
          const allowed = slack(holding, x, maintenanceMargin, slope);
          if (Math.abs(health.maintenance) > allowed) expect.fail(`${at}: ${health.maintenance} is left at ${x}`);
          // Two prices whose residuals are that small are as close as the flattest line lets them be.
          const flattest = Math.abs(size) * 0.02;
          if (Math.abs(x - want) > (2 * allowed) / flattest) expect.fail(`${at}: ${x}, by bisection ${want}`);
        }
        expect(isIll(stand(spoilt, holding, liquidatable?.price as number)), at).toBe(true);
        expect(isIll(stand(spoilt, holding, healthy?.price as number)), at).toBe(false);
        expect(Math.abs(Number(bitsOf(price as number) - bitsOf(healthy?.price as number))), at).toBe(1);
        if (ticks) {
          expect(isIll(stand(spoilt, holding, ticks.liquidatable)), at).toBe(true);
          expect(isIll(stand(spoilt, holding, ticks.healthy)), at).toBe(false);
          expect(Math.abs(ticks.healthy - ticks.liquidatable) / tick, at).toBeCloseTo(1, 6);
          expect(ticks.healthy > ticks.liquidatable === long, at).toBe(true);
        } else expect(long && (price as number) < tick, `${at}: no tick`).toBe(true);
        stand(spoilt, holding, mark);
      });
      expect(found).toBeGreaterThan(holdings.length * 0.9);
      expect(most).toBeLessThanOrEqual(12);
    },
    TIMEOUT,
  );
});

const RULES = ['exact', 'ceil', 'floor', 'trunc'] as const;
const UNITS = Math.ceil(POSITIONS / 80);

describe('in whole units', () => {
  it.each(RULES.flatMap((notional) => RULES.map((requirement) => [notional, requirement] as const)))(
    'the first tick, with the notional %s and the requirement %s',
    (notional, requirement) => {
      const random = new Random(SEED + RULES.indexOf(notional) * 4 + RULES.indexOf(requirement));
      for (let i = 0; i < UNITS; i++) {
        const tick = random.pick([0.1, 0.25, 0.5, 1, 2]);
        const mark = Math.round(random.between(100, 3000) / tick) * tick;
        const size = (random.chance(0.5) ? 1 : -1) * random.int(1, 400);
        const rate = random.int(1, 200) / 1000;
        const both = notional === 'exact' && requirement === 'exact';
        // Now in the red or not, always some ticks away from where that changes.
        const away = random.between(0.03, 0.2) * (random.chance(0.3) ? -1 : 1);
        const holding: Holding = {
          account: 'a',
          market: 'M',
          mark,
          tick,
          size,
          entry: mark,
          balance: Math.round(Math.abs(size) * mark * (away + rate * (1 - Math.sign(size) * away))),
        };
        const fraction = both || random.chance(0.5) ? {} : { maintenanceFraction: 0.6 };
        const rates = fraction.maintenanceFraction
          ? { maintenanceRate: 0.6 * rate, initialRate: rate }
          : { maintenanceRate: rate };
        const market: MarketJSON = {
          id: 'M',
          kind: 'linear',
          settle: 'U',
          mark,
          tick,
          brackets: [{ upTo: null, ...rates }],
          rounding: { notional, requirement, ...fraction },
        };
        const json = bookOf([market], [holding], random.chance(0.5) ? { liquidatableWhen: '<=' } : {});
        const at = `seed ${SEED}, case ${i}`;
        const book = Book.fromJSON(json);
        const [single] = liquidationPrices(book, 'a');
        const long = size > 0;
        const price = (long ? single?.down : single?.up) ?? expect.fail(`${at}: no price`);
        const columns = liquidationPrices(book);
        const column = (long ? columns.down : columns.up)[0] as number;
        const ticks = single?.certificate[long ? 'down' : 'up'].tick ?? expect.fail(`${at}: no tick`);
        // Between two steps of rounding a nearer tick may be liquidatable: then the account is told that one.
        if (price !== ticks.liquidatable)
          expect(Math.abs(column - price), at).toBeLessThanOrEqual(both ? 1e-12 * price : 0);
        const way = long ? -1 : 1;
        // A hundred ticks on the healthy side of it, each of them looked at.
        let n = Math.max(1, Math.round(price / tick) - way * 100);
        const tickOf = (k: number): number => Math.round(k * tick * 100) / 100;
        while (!isIll(stand(book, holding, tickOf(n)))) n += way;
        expect(ticks.liquidatable, at).toBe(tickOf(n));
        expect(ticks.healthy, at).toBe(tickOf(n - way));
        expect(isIll(stand(book, holding, ticks.liquidatable)), at).toBe(true);
        expect(isIll(stand(book, holding, ticks.healthy)), at).toBe(false);
      }
    },
    TIMEOUT,
  );
});
