// What guards do with values that they are not made for: every exported function, with junk as its arguments and with junk at
// every place inside good ones, gives a result or refuses with a MarginError that names the place.
import { describe, expect, it } from 'vitest';
import { MarginError } from '../bindings/errors.js';
import * as guards from '../bindings/guards/index.js';
import { functionsOf } from './examples.js';
import { refusal, refusedAt } from './refusal.js';

type Call = (...args: unknown[]) => unknown;

const JUNK: unknown[] = [
  undefined,
  null,
  5,
  'x',
  [],
  {},
  '',
  true,
  -1,
  0.5,
  1e300,
  NaN,
  2 ** 52,
  7n,
  '1/0',
  [[]],
  [null],
];

/** Good arguments of every function. */
const GOOD: Record<string, unknown[]> = (() => {
  const set = { version: 1, author: 'dao', at: 0, values: { a: 1, b: [{ c: '0.3' }] } };
  const proposal = { id: 'p', author: 'ana', values: { a: 2 }, at: 5 };
  const queue = guards.propose([], set, proposal, { delay: 9, grace: 4 });
  const closed = guards.cancelProposal(queue, 'p', { by: 'x', at: 6 });
  const over = (level: number | string): object => ({ operator: '>', level });
  const breaker = {
    once: true,
    levels: [{ trip: over(2), release: { operator: '<', level: 1 }, hold: 3, notAfter: 99, forbids: ['open'] }],
  };
  const tripped = guards.breakerStep(guards.CLOSED_CIRCUIT, { now: 1, value: 3 }, breaker as guards.BreakerRules).state;
  const band = guards.bandStep(guards.UNTRADED, { now: 1, trades: [100] }, guards.US_LULD).state;
  const triggers = [{ horizon: 60, down: '0.9', up: '1.1', extension: 300 }];
  let watched = guards.monitorPrice(guards.UNWATCHED, { now: 0, price: 100 }, triggers).state;
  watched = guards.monitorPrice(watched, { now: 1, price: 200 }, triggers).state;
  const fallen = guards.drawdownTrigger(
    guards.NO_DRAWDOWN,
    { at: 1, value: 9, fund: 100 },
    guards.BYBIT_DRAWDOWN,
  ).state;
  const limiters = [{ period: 60, share: '0.1', least: 5 }];
  const multiplier = { levels: [1, 2], multipliers: [1, '1.5', 2], back: ['0.8', '1.6'] };
  const decision = { market: 'M', price: 1, authority: 'dao', evidence: ['vote'], at: 1 };
  const quote = { source: 'a', price: '100', at: 9, confidence: 1, weight: 2, min: 1, max: 1000 };
  const growth = { snapshot: 1, at: 0, growth: '0.1', year: 1000 };
  const limits = {
    stale: over(9),
    delayed: over(3),
    uncertain: over('0.1'),
    volatile: over(5),
    deviation: over('0.5'),
  };
  const more = { ahead: 1, minSources: 1, boundMargin: '0.1', growth, middle: 'mean', forbids: { capped: ['open'] } };
  const samples = [
    { at: 0, price: 10 },
    { at: 5, price: 20 },
  ];
  const stable = { ...guards.MANGO_STABLE_PRICE, intervals: 3 };
  return {
    allowedBy: [guards.guardPrice([], {}, { now: 0 }).actions, guards.guardPrice([], {}, { now: 0 }).actions],
    breakerStep: [tripped, { now: 2, value: 1 }, breaker],
    setBreaker: [tripped, { now: 2, level: 1, quiet: 5 }],
    clipperMom: ['0.6'],
    drawdownAt: [
      { value: 4, reference: 10, base: 15, fund: 3 },
      { start: { operator: '<', level: '-0.3', least: 1 }, stop: over(0), counts: over(1) },
    ],
    drawdownTrigger: [fallen, { at: 2, value: 5, fund: 90 }, guards.BYBIT_DRAWDOWN],
    freshness: [{ at: 100 }, 130, { stale: over(60), ahead: 1, widen: { after: 10, rate: '0.001', most: '0.05' } }],
    growthCap: [growth, 500],
    depleted: [0n, '<='],
    pnlFactor: [{ side: 'long', size: 1, entry: 2, price: 3, pool: 4 }, over('0.1')],
    withdrawalGate: [
      { now: 30, insolvent: 6, fund: 5, seen: { halt: 7 }, assets: 1, liabilities: 2 },
      { insolvency: { operator: '>' }, delays: { halt: 50 }, haircut: true },
    ],
    bandStep: [band, { now: 9, bid: 99, ask: 101, trades: [100] }, guards.US_LULD],
    medianPrice: [[{ price: 100, weight: 1 }, { price: 101 }], 'mean'],
    priceRatio: [59, 100],
    decline: [93, 100],
    priceTolerance: [
      { current: 100, next: 59 },
      { tolerance: '0.6', operator: '<' },
    ],
    priceBand: [100, '0.05'],
    priceBounds: [100, { down: '0.93', up: '1.08' }],
    stressMultiplier: [1, multiplier],
    multiplierStep: [{ step: 1 }, { stress: 1 }, multiplier],
    diffParameters: [set.values, proposal.values],
    guardPrice: [
      [quote, { source: 'b', price: '101', at: 1 }],
      { ...limits, ...more },
      { now: 10, twap: 100, anchor: 100 },
    ],
    monitorPrice: [watched, { now: 400, price: 100 }, triggers],
    startRateLimit: [0, 1000, limiters],
    rateLimit: [guards.startRateLimit(0, 1000, limiters), { now: 1, held: 1000, deposit: 1, withdraw: 2 }, limiters],
    settlementDecision: [decision, [guards.settlementDecision({ ...decision, market: 'N' }, [])]],
    startStablePrice: [samples[0], stable],
    stablePrice: [guards.startStablePrice(samples[0]!, stable), { at: 99, price: 11 }, stable],
    withinBound: [1, 2, { kind: 'relative', max: '0.5', step: 1 }],
    steward: [set.values, { a: 2 }, { a: 0 }, 5, [{ path: 'a', kind: 'absolute', max: 5, step: 1, minDelay: 2 }]],
    propose: [closed, set, { ...proposal, id: 'q' }, { delay: 9, grace: 4 }],
    cancelProposal: [queue, 'p', { by: 'x', at: 6 }],
    applyAt: [set, queue, 'p', { by: 'x', at: 14 }],
    conservativePrice: [[1, 2], 'asset'],
    cumulate: [{ at: 0, price: 100, sum: 0 }, samples[1]],
    meanBetween: [
      { at: 0, price: 100, sum: 0 },
      { at: 60, price: 140, sum: 6600 },
    ],
    twap: [samples, 60, 60],
  };
})();

/** Every value with one place of it replaced by another, itself first. */
function* replaced(value: unknown, by: unknown): Generator<unknown> {
  yield by;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const other of replaced(inner, by)) {
      yield Array.isArray(value)
        ? value.map((one, i) => (String(i) === key ? other : one))
        : { ...value, [key]: other };
    }
  }
}

/** What a call fails with, other than a refusal that names a place. */
function failure(name: string, args: unknown[]): string | null {
  try {
    (guards as unknown as Record<string, Call>)[name]!(...args);
    return null;
  } catch (error) {
    const named = error instanceof MarginError && (error.path ?? '') !== '' && !error.path?.startsWith('.');
    return named ? null : `${name}: ${error}`;
  }
}

describe('every door', () => {
  it('is tried, and open to what it is made for', () => {
    expect(Object.keys(GOOD).sort()).toEqual(functionsOf(guards).sort());
    expect(Object.entries(GOOD).flatMap(([name, args]) => failure(name, args) ?? [])).toEqual([]);
  });

  it.each(Object.keys(GOOD))('refuses junk: %s', (name) => {
    const args = GOOD[name]!;
    const calls = JUNK.flatMap((junk) => [[], [junk], args.map(() => junk), ...(replaced(args, junk) as never)]);
    const wrong = calls.filter(Array.isArray).flatMap((call) => failure(name, call) ?? []);
    expect([...new Set(wrong)].slice(0, 5)).toEqual([]);
  });
});

describe('a refusal', () => {
  const limit = { operator: '>', level: 'x' } as const;

  it('names the place of a rule, before anything needs the rule', () => {
    const band = { ...guards.US_LULD, percent: 'x' };
    expect(refusedAt(() => guards.bandStep(guards.UNTRADED, { now: 0 }, band))).toBe('type rules.percent');
    expect(refusedAt(() => guards.bandStep(guards.UNTRADED, { now: 0, ask: 0 }, guards.US_LULD))).toBe(
      'range observation.ask',
    );
    const change = { ...guards.US_LULD, change: -1 };
    expect(refusedAt(() => guards.bandStep(guards.UNTRADED, { now: 0 }, change))).toBe('range rules.change');
    const triggers = [{ horizon: 60, down: '1.1', up: '1.2', extension: 300 }];
    expect(refusedAt(() => guards.monitorPrice(guards.UNWATCHED, { now: 0, price: 1 }, triggers))).toBe(
      'range triggers[0].down',
    );
    const pool = { side: 'long', size: 1, entry: 2, price: 1, pool: 4 } as const;
    expect(refusedAt(() => guards.pnlFactor(pool, { operator: '>', level: 'x' }))).toBe('type cap.level');
    const gate = { insolvency: { operator: '=' } } as unknown as guards.GateRules;
    expect(refusedAt(() => guards.withdrawalGate({ now: 0, insolvent: 0, fund: 0 }, gate))).toBe(
      'type rules.insolvency.operator',
    );
  });

  it('names the rules and the context of a price, where no source has one too', () => {
    for (const key of ['stale', 'delayed', 'uncertain', 'volatile', 'deviation']) {
      expect(refusedAt(() => guards.guardPrice([], { [key]: limit }, { now: 0 }))).toBe(`type rules.${key}.level`);
    }
    expect(refusedAt(() => guards.guardPrice([], {}, { now: 0, anchor: 'x' }))).toBe('type context.anchor');
    const growth = { snapshot: 1, at: 5, growth: '0.1' };
    expect(refusedAt(() => guards.guardPrice([], { growth }, { now: 4 }))).toBe('range context.now');
    const source = { source: 'a', price: null, at: 0, min: 'x' };
    expect(refusedAt(() => guards.guardPrice([source], {}, { now: 0 }))).toBe('type quotes[0].min');
  });

  it('is what several guards say together where one of them is none', () => {
    const { actions } = guards.guardPrice([], {}, { now: 0 });
    expect(refusedAt(() => guards.allowedBy(actions, undefined as never))).toBe('type guards[1]');
    expect(refusedAt(() => guards.allowedBy({ ...actions, open: 'no' } as never))).toBe('type guards[0].open');
    expect(refusedAt(() => guards.allowedBy({ actions } as never))).toBe('unknown-key guards[0].actions');
  });

  it('ends what has no end', () => {
    const cycle: Record<string, unknown> = {};
    cycle.again = cycle;
    expect(refusal(() => guards.diffParameters(cycle as guards.Tree, {}))).toMatch(/range at a: .*at most 100 levels/);
    const rules = { ...guards.MANGO_STABLE_PRICE, intervals: 2 ** 40 };
    expect(refusedAt(() => guards.startStablePrice({ at: 0, price: 1 }, rules))).toBe('range rules.intervals');
  });
});
