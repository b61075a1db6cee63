// Markets in whole units against exact arithmetic: every double is a whole number times a power of two, so sizes, marks and
// limits multiply in BigInt without error. Where the book does not say `inexact`, every number must be the exact one.
import { describe, expect, it } from 'vitest';
import { accountMargin, Book } from '../bindings/index.js';
import type { MarketJSON } from '../bindings/public.js';
import { Random } from './random-book.js';

const CASES = Number(process.env.WHOLE_CASES ?? 600);
const MILLION = 1_000_000n;

/** Numerator over denominator, both whole. */
type Rational = readonly [bigint, bigint];

function rational(x: number): Rational {
  let shift = 0n;
  let scaled = x;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift += 1n;
  }
  return [BigInt(scaled), 1n << shift];
}
const times = (a: Rational, b: Rational): Rational => [a[0] * b[0], a[1] * b[1]];

type Rule = 'exact' | 'ceil' | 'floor' | 'trunc';
function rounded([n, d]: Rational, rule: Rule): Rational {
  if (rule === 'exact') return [n, d];
  const down = n / d;
  return [rule === 'ceil' && down * d !== n ? down + 1n : down, 1n];
}

interface Case {
  size: number;
  mark: number;
  initialPpm: bigint;
  maintenancePpm: bigint;
  fractionPpm: bigint;
  open?: { contracts: number; lower: number; upper: number };
  notional: Rule;
  requirement: Rule;
}

/** Initial and maintenance requirement of a case. */
function exactly(c: Case): [Rational, Rational] {
  const notional = rounded(times(rational(c.size), rational(c.mark)), c.notional);
  let initial = c.initialPpm;
  if (c.open) {
    const [n, d] = rounded(times(rational(c.open.contracts), rational(c.mark)), c.notional);
    const [lower, upper] = [BigInt(c.open.lower), BigInt(c.open.upper)];
    const room = MILLION - c.initialPpm;
    if (n >= upper * d) initial = MILLION;
    else if (n > lower * d) initial += ((n - lower * d) * room) / ((upper - lower) * d);
  }
  const share = (amount: Rational, ppm: bigint): Rational => rounded(times(amount, [ppm, MILLION]), c.requirement);
  const maintenance =
    c.fractionPpm === 0n ? share(notional, c.maintenancePpm) : share(share(notional, c.initialPpm), c.fractionPpm);
  return [share(notional, initial), maintenance];
}

function margined(c: Case): { initial: number; maintenance: number; inexact: boolean } {
  const rounding: MarketJSON['rounding'] = {
    notional: c.notional,
    requirement: c.requirement,
    ...(c.fractionPpm === 0n ? {} : { maintenanceFraction: Number(c.fractionPpm) / 1e6 }),
  };
  const market: MarketJSON = {
    id: 'M',
    kind: 'linear',
    settle: 'U',
    mark: c.mark,
    brackets: [
      { upTo: null, maintenanceRate: Number(c.maintenancePpm) / 1e6, initialRate: Number(c.initialPpm) / 1e6 },
    ],
    rounding,
    ...(c.open
      ? { openInterest: c.open.contracts, openInterestLower: c.open.lower, openInterestUpper: c.open.upper }
      : {}),
  };
  const book = Book.fromJSON({
    format: 'margin-kernel/book@1',
    assets: [{ id: 'U', price: 1 }],
    markets: [market],
    accounts: [{ id: 'a', positions: [{ market: 'M', size: c.size, entry: 1 }] }],
  });
  const { initialMargin, maintenanceMargin, inexact } = accountMargin(book, 'a');
  return { initial: initialMargin, maintenance: maintenanceMargin, inexact };
}

/** Whole, in thirds, or as decimals come: what makes products fall beside whole numbers. */
function amount(random: Random, most: number): number {
  const x = Math.max(1, Math.floor(random.wide(1, most)));
  return random.pick([x, x, x / 3, x + 2 / 3, x / 100, x / 8]);
}

function caseOf(random: Random): Case {
  const rules = ['exact', 'ceil', 'floor', 'trunc'] as const;
  const initialPpm = BigInt(random.int(1, 1_000_000));
  const lower = Math.floor(random.wide(1, 1e13));
  const mark = amount(random, 1e5);
  const near = random.chance(0.5);
  return {
    size: amount(random, random.pick([1e3, 1e9, 1e14])),
    mark,
    initialPpm,
    maintenancePpm: BigInt(random.int(1, Number(initialPpm))),
    fractionPpm: random.chance(0.3) ? BigInt(random.int(1, 1_000_000)) : 0n,
    notional: random.pick(rules),
    requirement: random.pick(['ceil', 'floor', 'trunc'] as const),
    ...(random.chance(0.5)
      ? {
          open: {
            contracts: near ? lower / mark + amount(random, 10) : amount(random, 1e9),
            lower,
            upper: lower + Math.ceil(random.wide(1, near ? 100 : 1e12)),
          },
        }
      : {}),
  };
}

describe('whole units', () => {
  it(`are exact or say that they may not be (${CASES} cases)`, () => {
    const random = new Random(99);
    let sure = 0;
    for (let i = 0; i < CASES; i++) {
      const c = caseOf(random);
      const got = margined(c);
      if (got.inexact) continue;
      sure += 1;
      const [initial, maintenance] = exactly(c);
      const text = JSON.stringify({ i, ...c }, (_, x) => (typeof x === 'bigint' ? `${x}n` : x));
      expect([got.initial, got.maintenance], text).toEqual(
        [initial, maintenance].map(([n, d]) => Number(n / d) + Number(n % d) / Number(d)),
      );
    }
    expect(sure).toBeGreaterThan(CASES / 2);
  }, 60_000);

  it.each([
    ['a fractional size of a whole price', { size: 0.3333333333333333, mark: 3, notional: 'floor', ppm: 1_000_000 }],
    ['the same rounded up', { size: 580.6666666666666, mark: 951, notional: 'floor', ppm: 730_000 }],
    [
      'a notional of 2^53 or more that is not rounded',
      { size: 278671934155521, mark: 148, notional: 'exact', ppm: 150_995 },
    ],
  ] as const)('are in doubt for %s', (_, { size, mark, notional, ppm }) => {
    const rest = { maintenancePpm: 1n, fractionPpm: 0n, requirement: 'floor' as const };
    expect(margined({ size, mark, notional, initialPpm: BigInt(ppm), ...rest }).inexact).toBe(true);
  });

  it('are in doubt for open interest whose distance to a limit is a rounding error', () => {
    const open = { contracts: 489944484238.3, lower: 3335542048694, upper: 3335542048696 };
    const c: Case = {
      size: 3408582,
      mark: 6.808,
      initialPpm: 404_124n,
      maintenancePpm: 2000n,
      fractionPpm: 0n,
      notional: 'exact',
      requirement: 'floor',
      open,
    };
    expect(margined(c).inexact).toBe(true);
  });
});
