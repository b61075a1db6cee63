// Who is there: a few market makers and many traders, with what they have brought. All of it from the seed.
import { Maker } from './bots/maker.mjs';
import { Everybody, Leveraged, TrendFollower } from './bots/traders.mjs';
import { minorOf } from './market.mjs';
import { Random } from './random.mjs';
import { FEE_POOL } from './venue.mjs';

/** @typedef {{ id: string, act(desk: import('./bots/desk.mjs').Desk): void }} Bot */

const MAKERS = 6;
/** What a trader has brought: the median and the spread of a lognormal, USDT. */
const DEPOSIT = { median: 2_000, spread: 1.1 };
/** Of all that traders have: what makers bring together, and what is in the fund. */
const MAKING = 2n;
const FUND = { numerator: 3n, denominator: 100n };

/** Shares of the traders; the rest is everybody else. */
const TREND = 0.2;
const LONG = 0.34;
const SHORT = 0.14;

/**
 * @param {number} count of traders @param {readonly string[]} markets @param {string} fund @param {number} seed
 */
export function population(count, markets, fund, seed) {
  const random = new Random(seed, 1);
  /** @type {Bot[]} */
  const traders = [];
  const accounts = Array.from({ length: count }, (_, i) => {
    const id = `t${String(i + 1).padStart(String(count).length, '0')}`;
    traders.push(trader(id, markets, random));
    return { id, deposit: minorOf(Math.max(100, Math.min(200_000, random.around(DEPOSIT.median, DEPOSIT.spread)))) };
  });
  const brought = accounts.reduce((sum, { deposit }) => sum + deposit, 0n);
  const makers = Array.from({ length: MAKERS }, (_, i) => new Maker(`maker${i + 1}`, markets));
  const deposit = (brought * MAKING) / BigInt(MAKERS);
  return {
    makers,
    traders,
    accounts: [
      ...makers.map(({ id }) => ({ id, deposit })),
      ...accounts,
      { id: fund, deposit: (brought * FUND.numerator) / FUND.denominator },
      { id: FEE_POOL, deposit: 0n },
    ],
  };
}

/** @param {string} id @param {readonly string[]} markets @param {Random} random @returns {Bot} */
function trader(id, markets, random) {
  const kind = random.uniform();
  // Most of the interest is in the first market.
  const market = random.happens(0.45) ? /** @type {string} */ (markets[0]) : random.pick(markets);
  if (kind < TREND) return new TrendFollower(id, market, random);
  if (kind < TREND + LONG) return new Leveraged(id, market, 1, random);
  if (kind < TREND + LONG + SHORT) return new Leveraged(id, market, -1, random);
  return new Everybody(id, markets, random);
}
