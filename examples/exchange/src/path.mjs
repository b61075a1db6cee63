// Where prices come from elsewhere: an index by market and step. Three days are made from four closes, real or made up:
// a calm day, the day of the crash, the day after. Between two closes runs a Brownian bridge whose clock hurries
// through the hours of the crash.

import { MarginError } from 'margin-kernel';
import { closeOn, dayOf, parseCloses } from 'margin-kernel/adapters/closes';
import { exp, log } from 'margin-kernel/numeric';
import { Random } from './random.mjs';

/** @typedef {{ coin: string, closes: number[] }} Coin four closes */
/** @typedef {{ source: string, day: string | undefined, coins: Coin[] }} Days */

/** Closes around a crash that never was: a quarter in an hour. */
const MADE_UP = [
  { coin: 'BTC', closes: [64_000, 64_600, 49_500, 52_300] },
  { coin: 'ETH', closes: [3_200, 3_235, 2_330, 2_510] },
  { coin: 'SOL', closes: [160, 162.5, 108, 118.4] },
];

/** Share of a day's variance that all coins have in common, and the deviation of a day apart from its drift. */
const COMMON = 0.8;
const CALM = 0.02;
const CRASH = 0.05;
/** The crash: when it begins and how long it takes, shares of its day; the share of the move that falls into it. */
const BEGINS = 0.3;
const TAKES = 0.25;
const SHARE = 0.85;
/** Where the days begin, shares of the steps: half of them belong to the day of the crash. */
const DAYS = [0, 0.25, 0.75, 1];
/** How far the price falls beyond where it will stand, a share of the move, and by when it is back. */
const BEYOND = 0.35;
const BACK = 0.4;

/** @returns {Days} */
export const madeUp = () => ({ source: 'synthetic', day: undefined, coins: MADE_UP });

/**
 * The closes of three days from a table, the second of which is the day of the crash.
 * @param {string} text @param {string} file for messages @param {string} day YYYY-MM-DD
 * @param {readonly string[]} symbols
 * @returns {Days}
 */
export function closesAround(text, file, day, symbols) {
  const table = parseCloses(text, { path: file });
  const at = dayOf(table, day);
  if (at < 2 || at + 1 >= table.dates.length) {
    const { dates } = table;
    const expected =
      dates.length < 4
        ? `a table of four days or more, not ${dates.length} as in ${file}`
        : `a day with two before it and one behind it in ${file}, ${dates[2]} to ${dates.at(-2)}`;
    throw new MarginError('range', { path: '--date', got: day, expected });
  }
  const coins = symbols.map((coin) => {
    const closes = [at - 2, at - 1, at, at + 1].map((row) => closeOn(table, coin, row));
    const missing = closes.findIndex((close) => close === null || close === undefined);
    if (missing >= 0) {
      const expected = `a close of ${coin} on ${table.dates[at - 2 + missing]}`;
      throw new MarginError('range', {
        path: '--markets',
        got: coin,
        expected,
        hint: 'Leave it out, or take another day',
      });
    }
    return { coin, closes: /** @type {number[]} */ (closes) };
  });
  return { source: file, day, coins };
}

/** Day from 0, and the share of it that has passed by a step. @param {number} step @param {number} steps */
export function timeOf(step, steps) {
  const day = step < firstOf(1, steps) ? 0 : step < firstOf(2, steps) ? 1 : 2;
  const [from, to] = [firstOf(day, steps), firstOf(day + 1, steps)];
  return { day, share: (step - from) / (to - from) };
}

/** The phase that a step is in. @param {number} step @param {number} steps */
export function phaseOf(step, steps) {
  const { day, share } = timeOf(step, steps);
  if (day === 0 || (day === 1 && share < BEGINS)) return 'calm';
  if (day === 2) return 'aftermath';
  return share < BEGINS + TAKES ? 'crash' : share < BEGINS + BACK ? 'rebound' : 'aftermath';
}

/** First step of a day. @param {number} day @param {number} steps */
const firstOf = (day, steps) => Math.round(/** @type {number} */ (DAYS[day]) * steps);

/**
 * Indices of all coins.
 * @param {readonly Coin[]} coins @param {number} steps @param {number} seed
 * @returns {Float64Array[]} by coin: `steps` prices, quote
 */
export function indices(coins, steps, seed) {
  const paths = coins.map(() => new Float64Array(steps));
  for (const day of [0, 1, 2]) {
    const first = firstOf(day, steps);
    const n = firstOf(day + 1, steps) - first;
    const clock = day === 1 ? crashClock : evenly;
    const deviation = day === 1 ? CRASH : CALM;
    const common = bridge(new Random(seed, 100 + day), n, clock);
    coins.forEach(({ closes }, c) => {
      const own = bridge(new Random(seed, 1000 * (c + 1) + day), n, clock);
      const [from, to] = [log(/** @type {number} */ (closes[day])), log(/** @type {number} */ (closes[day + 1]))];
      const path = /** @type {Float64Array} */ (paths[c]);
      for (let i = 0; i < n; i++) {
        const share = (i + 1) / n;
        const noise = deviation * (sqrt(COMMON) * at(common, i) + sqrt(1 - COMMON) * at(own, i));
        const beyond = day === 1 ? BEYOND * spike(share) : 0;
        path[first + i] = exp(from + (to - from) * (clock(share) + beyond) + noise);
      }
    });
  }
  return paths;
}

const sqrt = Math.sqrt;
/** @param {Float64Array} values @param {number} i @returns {number} */
const at = (values, i) => /** @type {number} */ (values[i]);
/** @param {number} share */
const evenly = (share) => share;
/** From 0 to 1 without a kink. @param {number} x */
const smooth = (x) => (x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x));
/** @param {number} share */
const crashClock = (share) => (1 - SHARE) * share + SHARE * smooth((share - BEGINS) / TAKES);
/** The fall beyond: at its deepest where the crash ends. @param {number} share */
const spike = (share) =>
  share < BEGINS + TAKES ? smooth((share - BEGINS) / TAKES) : 1 - smooth((share - BEGINS - TAKES) / (BACK - TAKES));

/**
 * A standard Brownian bridge over a day in the time of a clock, at n points; the last is 0.
 * @param {Random} random
 * @param {number} n
 * @param {(share: number) => number} clock
 */
function bridge(random, n, clock) {
  const walk = new Float64Array(n);
  let [sum, before] = [0, 0];
  for (let i = 0; i < n; i++) {
    const now = clock((i + 1) / n);
    sum += sqrt(now - before) * random.normal();
    before = now;
    walk[i] = sum;
  }
  return walk.map((value, i) => value - clock((i + 1) / n) * sum);
}
