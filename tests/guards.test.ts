// Guards on prices and markets: their examples run, incidents that they would have stopped, published behaviour of the systems
// they are from, and what must hold of every log of observations. Gates and parameters are in guards-governance.test.ts.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as guards from '../bindings/guards/index.js';
import {
  type Action,
  BYBIT_DRAWDOWN,
  bandStep,
  breakerStep,
  CLOSED_CIRCUIT,
  clipperMom,
  conservativePrice,
  cumulate,
  DRIFT_RULES,
  type DrawdownRule,
  drawdownTrigger,
  guardPrice,
  meanBetween,
  medianPrice,
  monitorPrice,
  multiplierStep,
  NO_DRAWDOWN,
  priceRatio,
  type Quote,
  setBreaker,
  stablePrice,
  startStablePrice,
  twap,
  UNTRADED,
  UNWATCHED,
  US_LULD,
  US_MARKET_WIDE,
} from '../bindings/guards/index.js';
import { compare } from '../bindings/liquidation/exact.js';
import { ratio } from '../bindings/waterfall/amount.js';
import { evaluateWith, examplesOf, functionsOf } from './examples.js';
import { refusal } from './refusal.js';

// The same cases in every run.
fc.configureGlobal({ seed: 20260104 });

const below = (a: string | number, b: string | number): boolean => compare(ratio(a), ratio(b)) < 0;

describe('examples', () => {
  const examples = examplesOf('guards/');
  const evaluate = evaluateWith(guards);

  it('are there for every function', () => {
    const shown = examples.map(({ expression }) => expression);
    expect(functionsOf(guards).filter((name) => !shown.some((text) => text.includes(`${name}(`)))).toEqual([]);
  });

  it.each(examples)('$name', ({ expression, result }) => {
    expect(evaluate(expression)).toEqual(evaluate(result));
  });
});

describe('incidents', () => {
  it('LUNA, May 2022: a price at the floor of its aggregator is none (Venus, Blizz)', () => {
    const feed: Quote = { source: 'chainlink', price: '0.107', at: 1_000, min: '0.10' };
    const frozen = guardPrice([feed], { boundMargin: '0.1' }, { now: 1_000 });
    expect(frozen).toMatchObject({ price: null, flags: ['noPrice', 'atFloor'] });
    expect(Object.values(frozen.actions)).not.toContain(true);
    // Paused instead: too old for margin, which is enough to forbid new loans.
    const rules = { stale: { operator: '>', level: 3_600 } } as const;
    const paused = guardPrice([feed], rules, { now: 20_000 });
    expect(paused.flags).toEqual(['stale', 'fewSources']);
    expect(paused.actions).toMatchObject({ open: false, withdraw: false, liquidate: true, close: true });
    // Sources that have no floor give the market's price.
    const others = ['a', 'b', 'c'].map((source, i) => ({ source, price: `0.000${i + 1}`, at: 1_000 }));
    expect(guardPrice([{ ...feed, price: '0.1' }, ...others], {}, { now: 1_000 })).toMatchObject({
      price: '0.0002',
      flags: [],
      dropped: [{ source: 'chainlink', flag: 'atFloor' }],
    });
  });

  it('Mango, October 2022: MNGO from 0.038 to 0.91 in half an hour is no collateral', () => {
    let state = startStablePrice({ at: 0, price: '0.038' });
    for (let at = 60; at <= 1_800; at += 60) ({ state } = stablePrice(state, { at, price: '0.91' }));
    expect(below(state.price, '0.065')).toBe(true);
    expect(conservativePrice(['0.91', state.price], 'asset')).toBe(state.price);
    expect(conservativePrice(['0.91', state.price], 'debt')).toBe('0.91');
    const rules = { ...DRIFT_RULES, deviation: { operator: '>', level: '0.5' } } as const;
    const quotes = [{ source: 'spot', price: '0.91', at: 1_800 }];
    const pumped = guardPrice(quotes, rules, { now: 1_800, twap: '0.05', anchor: state.price });
    expect(pumped.flags).toEqual(['tooVolatile', 'deviates']);
    expect(pumped.actions).toMatchObject({ open: false, withdraw: false, liquidate: false });
  });

  it('JELLY, March 2025: a pool of its own reaches its drawdown, and a manual price is recorded once', () => {
    const rule: DrawdownRule = { ...BYBIT_DRAWDOWN, window: 28_800 };
    let step = drawdownTrigger(NO_DRAWDOWN, { at: 0, value: 0, fund: 10_000_000 }, rule);
    expect(step.on).toBe(false);
    // A short worth 4M at 0.0095: at four times the price it has lost 12M.
    step = drawdownTrigger(step.state, { at: 600, value: -2_900_000, fund: 10_000_000 }, rule);
    expect(step).toMatchObject({ on: false, ratio: '-0.29' });
    step = drawdownTrigger(step.state, { at: 900, value: -12_000_000, fund: 10_000_000 }, rule);
    expect(step).toMatchObject({ on: true, why: 'drawdown', adlCloses: 9_000_000n });
    const decision = { market: 'JELLY', price: '0.0095', authority: 'validators', evidence: ['vote'], at: 1 };
    const record = guards.settlementDecision(decision, []);
    expect(refusal(() => guards.settlementDecision({ ...decision, price: '0.05' }, [record]))).toMatch(
      /conflict at decision.market: got "JELLY".*settled at 0.0095 by validators/,
    );
  });

  it('Black Thursday, March 2020: half of the price in an hour stops auctions until somebody looks', () => {
    const rules = clipperMom('0.6');
    let { state, level, allowed } = breakerStep(CLOSED_CIRCUIT, { now: 0, value: priceRatio(193, 194) }, rules);
    expect(level).toBe(0);
    ({ state, level, allowed } = breakerStep(state, { now: 3_600, value: priceRatio(95, 193) }, rules));
    expect([level, allowed.auction, allowed.restart, allowed.bid]).toEqual([2, false, false, true]);
    ({ state, level } = breakerStep(state, { now: 99_999, value: 1 }, rules));
    expect(level).toBe(2);
    state = setBreaker(state, { now: 100_000, level: 0, quiet: 3_600 });
    ({ state, level } = breakerStep(state, { now: 100_001, value: '0.1' }, rules));
    expect(level).toBe(0);
    expect(breakerStep(state, { now: 103_600, value: '0.1' }, rules).level).toBe(0);
    expect(breakerStep(state, { now: 103_601, value: '0.1' }, rules).level).toBe(2);
  });
});

describe('guardPrice', () => {
  const allowed = (price: guards.GuardedPrice): Action[] => guards.ACTIONS.filter((action) => price.actions[action]);
  const quote = (source: string, price: string | null, at = 100): Quote => ({ source, price, at });

  it('has the limits and the table of Drift', () => {
    const at = (now: number, more: Partial<Quote> = {}, twap = '100'): guards.GuardedPrice =>
      guardPrice([{ ...quote('pyth', '100'), ...more }], DRIFT_RULES, { now, twap });
    expect(allowed(at(110))).toEqual(guards.ACTIONS);
    expect(at(111).flags).toEqual(['delayed']);
    expect(at(111).actions).toMatchObject({ open: false, withdraw: true, liquidate: true });
    expect(at(221).flags).toEqual(['stale', 'fewSources', 'delayed']);
    expect(at(221).actions).toMatchObject({ withdraw: false, settle: true, close: true, liquidate: true });
    expect(at(100, { confidence: '2' }).flags).toEqual([]);
    expect(at(100, { confidence: '2.01' }).flags).toEqual(['tooUncertain']);
    expect(at(100, { confidence: '2.01' }).actions).toMatchObject({ close: false, trigger: true, liquidate: true });
    expect(at(100, {}, '500').flags).toEqual([]);
    expect(at(100, {}, '501').actions).toMatchObject({ liquidate: false, close: false });
    expect(at(100, { price: '0' }).flags).toEqual(['noPrice', 'nonPositive']);
  });

  it('takes the median of the fresh, and of all only where none is', () => {
    const rules = { stale: { operator: '>', level: 10 }, minSources: 2 } as const;
    const quotes = [quote('a', '100'), quote('b', '90', 50), quote('c', '104'), quote('d', null)];
    expect(guardPrice(quotes, rules, { now: 105 })).toMatchObject({
      price: '102',
      confidence: '2',
      used: ['a', 'c'],
      flags: [],
    });
    expect(guardPrice(quotes, rules, { now: 60 + 100 }).price).toBe('100');
    expect(guardPrice(quotes.slice(0, 2), rules, { now: 105 }).flags).toEqual(['fewSources']);
    expect(guardPrice([quote('a', '1', 106)], rules, { now: 105 }).flags).toEqual(['noPrice', 'ahead']);
  });

  it('cuts a price that outgrows its cap, and takes a table of the caller', () => {
    const growth = { snapshot: '1.1', at: 0, growth: '0.1', year: 1_000 };
    const forbids = { capped: ['open'] } as const;
    const capped = guardPrice([quote('lst', '1.3')], { growth, forbids }, { now: 500 });
    expect(capped).toMatchObject({ price: '1.155', flags: ['capped'] });
    expect(capped.actions).toMatchObject({ open: false, liquidate: true });
  });

  it('names what is wrong', () => {
    expect(refusal(() => guardPrice([quote('a', '1'), quote('a', '2')], {}, { now: 200 }))).toMatch(
      /duplicate at quotes\[1\].source/,
    );
    expect(refusal(() => guardPrice([quote('a', 'x')], {}, { now: 200 }))).toMatch(
      /type at quotes\[0\].price: got "x"/,
    );
    expect(refusal(() => guardPrice([], { minSource: 2 } as guards.PriceRules, { now: 0 }))).toMatch(/minSources/);
    expect(refusal(() => guardPrice([], { forbids: { stale: ['opn' as Action] } }, { now: 0 }))).toMatch(/"open"/);
    expect(refusal(() => guardPrice([], {}, { now: 0.5 }))).toMatch(/type at context.now: got 0.5/);
  });

  it('gives a price between its sources, whatever their order', () => {
    const quotes = fc.uniqueArray(
      fc.record({
        source: fc.string({ minLength: 1, maxLength: 3 }),
        price: fc.integer({ min: -2, max: 2_000 }).map((cents) => `${cents}e-2`),
        at: fc.integer({ min: 0, max: 100 }),
        weight: fc.integer({ min: 1, max: 4 }),
      }),
      { selector: ({ source }) => source.trim(), maxLength: 7 },
    );
    const rules = { stale: { operator: '>', level: 40 }, uncertain: { operator: '>', level: '0.1' } } as const;
    fc.assert(
      fc.property(quotes, fc.constantFrom('lower', 'upper', 'mean'), (list, middle) => {
        const named = list.map((one, i) => ({ ...one, source: `${i}` }));
        const guarded = guardPrice(named, { ...rules, middle }, { now: 100 });
        const back = guardPrice([...named].reverse(), { ...rules, middle }, { now: 100 });
        expect([back.price, back.confidence, back.flags]).toEqual([guarded.price, guarded.confidence, guarded.flags]);
        if (guarded.price === null) {
          expect(allowed(guarded)).toEqual([]);
          return;
        }
        const prices = named.filter(({ source }) => guarded.used.includes(source)).map(({ price }) => price);
        expect(prices.some((price) => !below(guarded.price as string, price))).toBe(true);
        expect(prices.some((price) => !below(price, guarded.price as string))).toBe(true);
      }),
    );
  });
});

describe('averages', () => {
  const walk = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 500 })), { minLength: 1, maxLength: 20 })
    .map((steps) => {
      let at = 0;
      return steps.map(([gap, price]) => {
        at += gap;
        return { at, price };
      });
    });

  it('are the same from a list and from a running sum, and lie within their prices', () => {
    fc.assert(
      fc.property(walk, fc.integer({ min: 1, max: 100 }), (observations, after) => {
        const [first, last] = [observations[0]!, observations.at(-1)!];
        const now = last.at + after;
        const sums = observations.reduce<guards.Cumulative | null>((sum, one) => cumulate(sum, one), null)!;
        const start = cumulate(null, first);
        const average = twap(observations, now - first.at, now);
        expect(average).toBe(meanBetween(start, cumulate(sums, { at: now, price: 1 })));
        const prices = observations.map(({ price }) => price);
        expect(below(average, Math.min(...prices)) || below(Math.max(...prices), average)).toBe(false);
      }),
    );
  });

  it('carry the price that held when the window began', () => {
    const observations = [
      { at: 0, price: 10 },
      { at: 50, price: 40 },
      { at: 90, price: 10 },
    ];
    expect(twap(observations, 60, 100)).toBe('30');
    expect(twap(observations, 5, 100)).toBe('10');
    expect(twap(observations, 3, 1)).toBe('10');
    expect(refusal(() => twap(observations.slice(1), 10, 40))).toMatch(/range at observations/);
  });

  it('are medians by weight', () => {
    const prices = [
      { price: 1, weight: 1 },
      { price: 2, weight: 1 },
      { price: 9, weight: 2 },
    ];
    expect([medianPrice(prices), medianPrice(prices, 'lower'), medianPrice(prices, 'upper')]).toEqual([
      '5.5',
      '2',
      '9',
    ]);
    expect(refusal(() => medianPrice([{ price: 1, weight: 0 }]))).toMatch(/at least one price with a weight/);
  });
});

describe('freshness', () => {
  const rules = {
    stale: { operator: '>=', level: 60 },
    ahead: 2,
    widen: { after: 10, rate: '0.001', most: '0.03' },
  } as const;

  it('ends at an age, widens up to a most, and takes no quote from the future', () => {
    const at = (time: number): guards.Freshness => guards.freshness({ at: time }, 100, rules);
    expect([at(90), at(89), at(41), at(40)].map(({ usable, widen }) => [usable, widen])).toEqual([
      [true, '0'],
      [true, '0.001'],
      [true, '0.03'],
      [false, '0.03'],
    ]);
    expect([at(102).reason, at(103).reason, at(40).reason]).toEqual([null, 'ahead', 'stale']);
    expect(refusal(() => guards.growthCap({ snapshot: 1, at: 5, growth: '0.1' }, 4))).toMatch(/range at now: got 4/);
    expect(refusal(() => guards.priceBounds(100, { down: '1.01', up: '1.1' }))).toMatch(/at most 1/);
    expect(refusal(() => guards.priceBand(0, '0.05'))).toMatch(/range at reference/);
  });
});

describe('stablePrice', () => {
  const near = (text: string | undefined, value: string, by: string): boolean =>
    below(text ?? '0', `${Number(value) + Number(by)}`) && below(`${Number(value) - Number(by)}`, text ?? '0');

  it('follows a price that rises tenfold as in test_stable_price_10x of Mango v4', () => {
    let state = startStablePrice({ at: 0, price: 1 });
    const run = (gap: number, steps: number): void => {
      for (let i = 0; i < steps; i++) ({ state } = stablePrice(state, { at: state.at + gap, price: 10 }));
    };
    run(60, 60);
    expect(near(state.price, '1.8', '0.1')).toBe(true);
    expect(near(state.delayed[0], '1.06', '0.01')).toBe(true);
    expect(new Set(state.delayed.slice(1))).toEqual(new Set(['1']));
    run(10, 360);
    expect(near(state.price, '2.3', '0.1')).toBe(true);
    expect(near(state.delayed[1], '1.1236', '0.01')).toBe(true);
    run(300, 276);
    expect(near(state.price, '7.4', '0.1')).toBe(true);
    expect(below(state.delayed[23]!, state.delayed[0]!) && below(state.delayed[22]!, state.delayed[23]!)).toBe(true);
  });

  it('averages an interval as in test_stable_price_average, and ignores steps that come too soon', () => {
    const rules = { ...guards.MANGO_STABLE_PRICE, delayGrowth: 10 };
    let state = startStablePrice({ at: 0, price: 1 }, rules);
    for (let at = 60; at <= 3_600; at += 60) ({ state } = stablePrice(state, { at, price: at > 1_800 ? 2 : 1 }, rules));
    expect(near(state.delayed[0], '1.5', '0.01')).toBe(true);
    expect(stablePrice(state, { at: 3_609, price: 5 }, rules).state).toBe(state);
    expect(refusal(() => stablePrice(state, { at: 3_599, price: 5 }, rules))).toMatch(/range at observation.at/);
  });

  it('never leaves the prices it has seen', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 50, max: 5_000 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (list) => {
        let state = startStablePrice({ at: 7, price: 100 });
        for (const [gap, price] of list) ({ state } = stablePrice(state, { at: state.at + gap, price }));
        const prices = [100, ...list.map(([, price]) => price)];
        expect(below(state.price, Math.min(...prices)) || below(Math.max(...prices), state.price)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});

describe('breakers', () => {
  it('stop the market once a level, and for the day at the last', () => {
    const falls: [now: number, value: string][] = [
      [600, '0.069'],
      [601, '0.07'],
      [1_500, '0.08'],
      [1_501, '0.10'],
      [2_000, '0.13'],
      [2_900, '0.14'],
      [9_000, '0.05'],
      [22_000, '0.20'],
      [23_000, '0'],
    ];
    let state = CLOSED_CIRCUIT;
    const levels = falls.map(([now, value]) => {
      const step = breakerStep(state, { now, value }, US_MARKET_WIDE);
      state = step.state;
      return [step.level, step.until, step.allowed.open];
    });
    expect(levels).toEqual([
      [0, null, true],
      [1, 1_501, false],
      [1, 1_501, false],
      [0, null, true],
      [2, 2_900, false],
      [0, null, true],
      [0, null, true],
      [3, null, false],
      [3, null, false],
    ]);
    expect(breakerStep(CLOSED_CIRCUIT, { now: 21_301, value: '0.07' }, US_MARKET_WIDE).level).toBe(0);
  });

  it('refuse a release that meets its own trip', () => {
    const level = (release: string): guards.BreakerRules => ({
      levels: [{ trip: { operator: '>=', level: 2 }, release: { operator: '<=', level: release }, forbids: ['open'] }],
    });
    expect(refusal(() => breakerStep(CLOSED_CIRCUIT, { now: 0, value: 0 }, level('2')))).toMatch(/would flap/);
    expect(breakerStep(CLOSED_CIRCUIT, { now: 0, value: 0 }, level('1.9')).level).toBe(0);
    expect(refusal(() => breakerStep({ ...CLOSED_CIRCUIT, at: 5 }, { now: 4, value: 0 }, level('1')))).toMatch(
      /range at observation.now: got 4, expected at least 5/,
    );
  });

  it('do not flap between trip and release', () => {
    const rules: guards.BreakerRules = {
      levels: [
        { trip: { operator: '>', level: 10 }, release: { operator: '<', level: 5 }, forbids: ['open'] },
        {
          trip: { operator: '>', level: 20 },
          release: { operator: '<', level: 15 },
          hold: 3,
          forbids: ['open', 'close'],
        },
      ],
    };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 25 }), { maxLength: 40 }), (values) => {
        let state = CLOSED_CIRCUIT;
        values.forEach((value, now) => {
          const before = state;
          const step = breakerStep(state, { now, value }, rules);
          state = step.state;
          if (value >= 5 && value <= 10 && before.level === 1) expect(step.level).toBe(1);
          if (value >= 15 && before.level === 2) expect(step.level).toBe(2);
          if (value > 10) expect(step.level).toBeGreaterThan(0);
          if (value < 5 && (before.until === null || now >= before.until)) expect(step.level).toBe(0);
        });
      }),
    );
  });

  it('multiply margins with a memory', () => {
    const rule = { levels: [1, 2], multipliers: [1, '1.5', 2], back: ['0.8', '1.6'] };
    let state = { step: 0 };
    const told = ['0.9', '1', '0.9', '0.79', '2.5', '1.7', '1.5', '0.8', '0.5'].map((stress) => {
      const step = multiplierStep(state, { stress }, rule);
      state = step.state;
      return step.multiplier;
    });
    expect(told).toEqual(['1', '1.5', '1.5', '1', '2', '2', '1.5', '1.5', '1']);
    expect(refusal(() => guards.stressMultiplier(1, { levels: [2, 1], multipliers: [1, 1, 1] }))).toMatch(
      /levels\[1\]/,
    );
    expect(refusal(() => guards.stressMultiplier(1, { levels: [2], multipliers: [1] }))).toMatch(/got 1, expected 2/);
  });

  it('limit up, limit down: 15 seconds at the band are a pause of 5 minutes', () => {
    let step = bandStep(UNTRADED, { now: 0, trades: [100], bid: 99, ask: 101 }, US_LULD);
    expect(step).toMatchObject({ phase: 'open', lower: '95', upper: '105', until: null });
    step = bandStep(step.state, { now: 20, trades: [102], bid: 99, ask: 101 }, US_LULD);
    expect(step.reference).toBe('100');
    step = bandStep(step.state, { now: 31, bid: 99, ask: 101 }, US_LULD);
    expect(step).toMatchObject({ reference: '101', lower: '95.95', upper: '106.05' });
    step = bandStep(step.state, { now: 40, bid: 95, ask: '95.95' }, US_LULD);
    expect(step).toMatchObject({ phase: 'limit', until: 55 });
    expect(bandStep(step.state, { now: 54, bid: 96, ask: 97 }, US_LULD).phase).toBe('open');
    step = bandStep(step.state, { now: 55, bid: 96, ask: 97 }, US_LULD);
    expect(step).toMatchObject({ phase: 'paused', until: 355 });
    expect(step.allowed).toMatchObject({ open: false, liquidate: false, withdraw: true });
    step = bandStep(step.state, { now: 355 }, US_LULD);
    expect(step).toMatchObject({ phase: 'open', reference: '101' });
    step = bandStep(step.state, { now: 360, trades: [90], bid: 89, ask: 91 }, US_LULD);
    expect(step).toMatchObject({ phase: 'open', reference: '90', lower: '85.5' });
  });

  it('price monitoring: each bound prolongs an auction once (Vega)', () => {
    const triggers = [
      { horizon: 60, down: '0.95', up: '1.05', extension: 30 },
      { horizon: 600, down: '0.9', up: '1.1', extension: 100 },
    ];
    let step = monitorPrice(UNWATCHED, { now: 0, price: 100 }, triggers);
    const go = (now: number, price: number): guards.MonitorStep => {
      step = monitorPrice(step.state, { now, price }, triggers);
      return step;
    };
    expect(go(10, 105)).toMatchObject({ traded: true, until: null, breached: [] });
    expect(go(20, 106)).toMatchObject({ traded: false, until: 50, breached: [0] });
    expect(go(30, 100)).toMatchObject({ traded: false, until: 50 });
    expect(go(50, 111)).toMatchObject({ traded: false, until: 150, breached: [0, 1] });
    expect(go(150, 120)).toMatchObject({ traded: true, until: null });
    expect(go(151, 121).bounds?.map(({ reference }) => reference)).toEqual(['120', '120']);
  });
});

describe('drawdownTrigger', () => {
  it('starts and stops as in the examples of Bybit', () => {
    const run = (pnl: number[], fund = 1_000_000): guards.DrawdownStep[] => {
      let state = NO_DRAWDOWN;
      return pnl.map((value, i) => {
        const step = drawdownTrigger(state, { at: i * 60_000, value, fund }, BYBIT_DRAWDOWN);
        state = step.state;
        return step;
      });
    };
    const steps = run([0, -350_000, -300_000, -260_000, -250_000, -249_999, -300_000]);
    expect(steps.map(({ on }) => on)).toEqual([false, true, true, true, true, false, false]);
    expect(steps[1]).toMatchObject({ ratio: '-0.35', adlCloses: 50_000n });
    // The peak of 8 hours is what counts: from a profit of 1M, 0.4M is 30 % of a pool of 2M.
    const peak = run([0, 1_000_000, 400_000, 399_999], 2_000_000);
    expect(peak.map(({ on }) => on)).toEqual([false, false, false, true]);
    expect(drawdownTrigger(NO_DRAWDOWN, { at: 0, value: 0, fund: -1 }, BYBIT_DRAWDOWN)).toMatchObject({ why: 'empty' });
  });

  it('measures a reserve against its mean of 8 hours (OKX)', () => {
    const rule: DrawdownRule = {
      reference: 'avg',
      window: 8,
      start: { operator: '<', level: '-0.3', least: 50_000 },
    };
    let step = drawdownTrigger(NO_DRAWDOWN, { at: 0, value: 400_000 }, rule);
    step = drawdownTrigger(step.state, { at: 8, value: 280_000 }, rule);
    expect(step).toMatchObject({ on: false, threshold: '280000' });
    step = drawdownTrigger(step.state, { at: 8, value: 279_999 }, rule);
    expect(step).toMatchObject({ on: true, adlCloses: 1n });
    step = drawdownTrigger(step.state, { at: 12, value: 279_999 }, rule);
    expect(step.threshold).toBe('237999.65');
    expect(step.on).toBe(false);
  });

  it('refuses levels that could both hold', () => {
    const at = (start: '<' | '<=', stop: '>' | '>=', level: string): DrawdownRule => ({
      reference: 'max',
      window: 8,
      start: { operator: start, level: '-0.3' },
      stop: { operator: stop, level },
    });
    const call = (rule: DrawdownRule) => (): unknown => drawdownTrigger(NO_DRAWDOWN, { at: 0, value: 1 }, rule);
    expect(refusal(call(at('<=', '>=', '-0.3')))).toMatch(/would flap/);
    expect(refusal(call(at('<', '>', '-0.31')))).toMatch(/would flap/);
    expect(call(at('<', '>=', '-0.3'))).not.toThrow();
    expect(refusal(call({ ...at('<', '>', '-0.2'), start: { operator: '>', level: 0 } }))).toMatch(
      /rule.start.operator/,
    );
  });

  it('never changes inside its band, and what ADL closes brings the value to the start', () => {
    const values = fc.array(fc.integer({ min: -600, max: 600 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, (list) => {
        let state = NO_DRAWDOWN;
        list.forEach((value, at) => {
          const before = state.on;
          const step = drawdownTrigger(state, { at, value, fund: 1_000 }, { ...BYBIT_DRAWDOWN, window: 5 });
          state = step.state;
          const [low, high] = [below('-0.3', step.ratio!), below('-0.25', step.ratio!)];
          if (low || step.ratio === '-0.3') expect(step.on).toBe(before && !high);
          else expect(step.on).toBe(true);
          const lifted = BigInt(value) + step.adlCloses;
          expect(below(String(lifted), step.threshold)).toBe(false);
          if (step.adlCloses > 0n) expect(below(String(lifted - 1n), step.threshold)).toBe(true);
        });
      }),
    );
  });
});
