// Liquidation prices of accounts with every feature, against prices that are walked: bit by bit where prices stand, side by side
// on a grid, kernel against reference. `npm run test:long` has 10,000 accounts and 10,000 points.
import { describe, expect, it } from 'vitest';
import { Book, jointMoves, liquidationPrices } from '../bindings/index.js';
import type { BookJSON, LiquidationPrice } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { ANSWER } from '../bindings/reference/lanes.js';
import { Random, randomBook } from './random-book.js';
import { gridOf, LEVELS, type LevelName, walker } from './rays.js';

const ACCOUNTS = Number(process.env.LIQUIDATION_ACCOUNTS ?? 40);
const POINTS = Number(process.env.LIQUIDATION_POINTS ?? 400);
const SEED = Number(process.env.LIQUIDATION_SEED ?? 0);
/** Of so many accounts the reference is asked too: it needs 20 us a point, and thousands of points where it brackets. */
const COMPARED = 24 + Math.ceil(ACCOUNTS / 40);
const TIMEOUT = 60_000 + ACCOUNTS * 200;

/** A random account, whose markets may share an underlying and move by a beta. */
function accountBook(seed: number): BookJSON {
  const random = new Random(seed ^ 0x5bd1e995);
  const json = randomBook(seed, { features: seed % 3 === 0 ? 0.2 : 1, accounts: 1 });
  const markets = json.markets.map((market) => ({
    ...market,
    ...(random.chance(0.4) ? { underlying: random.pick(['BTC', 'ETH', 'X']) } : {}),
    ...(random.chance(0.4) ? { beta: random.pick([2, -1, 0.5, 1, 0, 1.3]) } : {}),
    ...(random.chance(0.3) ? { tick: Number(market.mark) / random.pick([100, 1000, 30000]) } : {}),
  }));
  return { ...json, markets };
}

/** The scan compares health with 0: under `<=` a unit that has to hold nothing is healthy below that too. */
const strict = (json: BookJSON): BookJSON => ({ ...json, liquidatableWhen: '<' });

const isNewton = ({ certificate: { down, up } }: LiquidationPrice): boolean =>
  down.method === 'newton' && up.method === 'newton';

/** Health along the ray that is opened for a position, and its ends. */
function rayOf(
  book: Book,
  { bucket, market }: LiquidationPrice,
  level: LevelName,
): { at: (x: number) => number; low: number; high: number } {
  book.refresh();
  book.store.ensure('ray', 64);
  const u = book.unitsOf(0).find((unit) => book.unitBucket(unit) === bucket) as number;
  book.store.engine.openRay(book.store, u, book.market(market), LEVELS.indexOf(level));
  const { answer } = book.store.columns.house;
  return {
    at: (x) => book.store.engine.rayHealth(x),
    low: answer[ANSWER.low] as number,
    high: answer[ANSWER.high] as number,
  };
}

/** What the grid says of one side: the last point before the unit changes side and the first after it. */
function changeOn(grid: number[], ill: boolean[]): [before: number, after: number] | undefined {
  const i = ill.findIndex((side) => side !== ill[0]);
  return i < 0 ? undefined : [grid[i - 1] as number, grid[i] as number];
}

const between = (x: number | null, [a, b]: [number, number]): boolean =>
  x !== null && x >= Math.min(a, b) && x <= Math.max(a, b);

describe(`${ACCOUNTS} accounts with every feature`, () => {
  it(
    'health is what setMark, setPrice and accountMargin say, and certificates hold there',
    () => {
      for (let seed = SEED; seed < SEED + ACCOUNTS; seed++) {
        const json = accountBook(seed);
        const random = new Random(seed);
        const level = random.pick(LEVELS);
        const book = Book.fromJSON(json);
        for (const price of liquidationPrices(book, 0, { level })) {
          if (!random.chance(0.5)) continue;
          const { mark, market, certificate } = price;
          const at = `seed ${seed}, ${market}, ${level}`;
          const walk = walker(Book.fromJSON(json), json, { account: 'a0', bucket: price.bucket }, market, level);
          const ray = rayOf(book, price, level);
          for (const x of [mark, mark * 1.01, mark * 0.7, mark * 3, ray.low * 1.5, ray.high * 0.7]) {
            if (x < ray.low || x > ray.high) continue;
            const { health } = walk(x);
            if (!Object.is(ray.at(x), health)) expect.fail(`${at}: at ${x} ${ray.at(x)} and ${health}`);
          }
          for (const { status, liquidatable, healthy, tick } of [certificate.down, certificate.up]) {
            expect(status === 'capped', at).toBe(false);
            if (!liquidatable || !healthy) continue;
            const [ill, well] = [walk(liquidatable.price), walk(healthy.price)];
            expect([ill.liquidatable, well.liquidatable], at).toEqual([true, false]);
            expect([liquidatable.health, healthy.health], at).toEqual([ill.health, well.health]);
            // Under the rule <= ticks where nothing is required are not told apart yet.
            if (tick) expect(walk(tick.liquidatable).liquidatable, at).toBe(true);
          }
        }
      }
    },
    TIMEOUT,
  );

  it(
    'prices agree with a scan, and concave accounts have one range',
    () => {
      const steps: number[] = [];
      let [concave, others] = [0, 0];
      const steppedOver: string[] = [];
      for (let seed = SEED; seed < SEED + ACCOUNTS; seed++) {
        const json = strict(accountBook(seed));
        const random = new Random(seed);
        const level = random.pick(LEVELS);
        const book = Book.fromJSON(json);
        const prices = liquidationPrices(book, 0, { level });
        for (const price of prices.filter(isNewton)) {
          for (const { status, iterations } of Object.values(price.certificate)) {
            if (status === 'found') steps.push(iterations);
          }
        }
        if (prices.length === 0) continue;
        const price = random.pick(prices);
        const { mark, market, down, up, status } = price;
        const at = `seed ${seed}, ${market}, ${level}`;
        const { at: health, low, high } = rayOf(book, price, level);
        const downs = gridOf(mark, low, POINTS / 2);
        const ups = gridOf(mark, high, POINTS / 2);
        const [illDown, illUp] = [downs, ups].map((grid) => grid.map((x) => health(x) < 0)) as [boolean[], boolean[]];
        const [toLow, toHigh] = [changeOn(downs, illDown), changeOn(ups, illUp)];
        expect(status, at).toBe(illDown[0] ? 'liquidatable' : 'healthy');
        if (isNewton(price)) concave++;
        else others++;
        if (status === 'healthy') {
          // What the scan sees has a price that is as near or nearer. The grid of a bracketed search is coarser, by 2 % far away.
          if (toLow) expect(down, at).toBeGreaterThanOrEqual(toLow[1] * (isNewton(price) ? 1 : 0.95));
          if (toHigh) expect(up, at).toBeLessThanOrEqual(toHigh[1] * (isNewton(price) ? 1 : 1.05));
          if (!isNewton(price)) continue;
          const all = [...illDown].reverse().concat(illUp);
          expect(all.slice(all.indexOf(false), all.lastIndexOf(false)).includes(true), `${at}: two ranges`).toBe(false);
          if (toLow) expect(between(down, toLow), `${at}: down ${down}, scan ${toLow}`).toBe(true);
          else if (down !== null) expect(between(down, [low, downs.at(-2) as number]), at).toBe(true);
          if (toHigh) expect(between(up, toHigh), `${at}: up ${up}, scan ${toHigh}`).toBe(true);
          else if (up !== null) expect(between(up, [high, ups.at(-2) as number]), at).toBe(true);
        } else if (toLow || toHigh) {
          // What the scan sees has a price, above or else below.
          if (down === null && up === null) steppedOver.push(`${at}, scan ${toLow ?? toHigh}`);
          else if (isNewton(price) && toHigh)
            expect(between(down, toHigh), `${at}: ${down}, scan ${toHigh}`).toBe(true);
          else if (isNewton(price) && toLow) expect(between(up, toLow), `${at}: ${up}, scan ${toLow}`).toBe(true);
        }
      }
      expect(concave).toBeGreaterThan(ACCOUNTS / 8);
      expect(others).toBeGreaterThan(ACCOUNTS / 8);
      expect(steppedOver).toEqual([]);
      steps.sort((a, b) => a - b);
      expect(steps[steps.length >> 1]).toBeLessThanOrEqual(5);
    },
    TIMEOUT,
  );

  it(
    `kernel and reference agree on ${COMPARED} of them`,
    () => {
      let bracketed = 0;
      for (let seed = SEED; seed < SEED + COMPARED; seed++) {
        const json = accountBook(seed);
        const level = new Random(seed).pick(LEVELS);
        const book = Book.fromJSON(json);
        const { down, up, code } = liquidationPrices(book);
        const sides = Array.from(code).reduce((n, bits) => n + ((bits >>> 2) & 1) + ((bits >>> 10) & 1), 0);
        // A hundred milliseconds each: some of them will do.
        bracketed += sides;
        if (sides > 0 && bracketed > COMPARED / 2) continue;
        const kernel = { down: [...down], up: [...up], code: [...code] };
        const reference = ReferenceBook.fromJSON(json);
        const columns = liquidationPrices(reference);
        const at = `seed ${seed}`;
        expect({ down: [...columns.down], up: [...columns.up], code: [...columns.code] }, at).toStrictEqual(kernel);
        expect(liquidationPrices(reference, 0, { level }), at).toStrictEqual(liquidationPrices(book, 0, { level }));
        const markets = Object.fromEntries(json.markets.map(({ id }, i) => [id, 1 - i / 4]));
        const betas = { markets, assets: { USDT: 0.01 } };
        if (sides > 0) continue;
        expect(jointMoves(reference, 0, betas, { level }), at).toStrictEqual(jointMoves(book, 0, betas, { level }));
      }
      expect(bracketed).toBeGreaterThan(0);
    },
    TIMEOUT,
  );
});
