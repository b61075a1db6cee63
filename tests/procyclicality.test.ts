// Tools against procyclicality: published numbers, states that replay, bounds that hold whatever is seen, and what is refused. Exit costs
// against a depth curve beside them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { liquidityAddOn } from '../bindings/liquidation/index.js';
import {
  type BufferRule,
  type BufferState,
  buffered,
  bufferStep,
  type DynamicMarginOptions,
  type DynamicMarginState,
  dynamicMargin,
  floored,
  hysteresis,
  type LimitState,
  largestIncrease,
  limitStep,
  type MarginObservation,
  peakToTrough,
  type StressState,
  stressMultiplier,
  stressWeighted,
} from '../bindings/statistics.js';
import { Random } from './random-book.js';
import { refusal, refusedAt } from './refusal.js';

const margins = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('the three tools of EMIR Art. 28(1)', () => {
  it('as the regulation has them', () => {
    const base = [100, 140, 80];
    expect(base.map((margin) => buffered(margin))).toEqual([125, 175, 100]);
    expect(base.map((margin) => stressWeighted(margin, 200))).toEqual([125, 155, 110]);
    expect(base.map((margin, i) => floored(margin, [90, 90, 110][i] ?? 0))).toEqual([100, 140, 110]);
    expect([buffered(100, 0), stressWeighted(100, 300, 1), stressWeighted(100, 300, 0)]).toEqual([100, 300, 100]);
  });

  it('refuse what is no margin and no share', () => {
    expect(refusedAt(() => buffered(-1))).toBe('range margin');
    expect(refusedAt(() => buffered(Number.NaN))).toBe('not-finite margin');
    expect(refusedAt(() => buffered(1, Number.POSITIVE_INFINITY))).toBe('not-finite share');
    expect(refusedAt(() => stressWeighted(1, 1, 1.1))).toBe('range weight');
    expect(refusedAt(() => stressWeighted(1, -1))).toBe('range stressed');
    expect(refusedAt(() => floored(1, 'x' as never))).toBe('type floor');
  });
});

describe('a buffer', () => {
  const rule: BufferRule = { rise: 0.05, halfLife: 60, refill: 0.05 };
  const run = (calculated: readonly number[], of: BufferRule = rule): ReturnType<typeof bufferStep>[] => {
    let state: BufferState | null = null;
    return calculated.map((margin) => {
      const step = bufferStep(state, margin, of);
      ({ state } = step);
      return step;
    });
  };

  it('is used up while margins rise, and comes back after', () => {
    const steps = run([100, 110, 120, 130, 100, 100, 100, 100, 100, 100]);
    expect(steps.slice(0, 4).map(({ margin }) => margin)).toEqual([125, 125, 125, 130]);
    expect(steps.map(({ because }) => because)).toEqual([
      'full',
      'released',
      'released',
      'exhausted',
      ...new Array(4).fill('refilling'),
      'full',
      'full',
    ]);
    expect(steps[4]?.margin).toBeCloseTo(105, 12);
    expect(steps.at(-1)?.margin).toBe(125);
  });

  it('is not used where margins do not rise significantly', () => {
    expect(run([100, 104]).map(({ margin }) => margin)).toEqual([125, 130]);
  });

  it('is between nothing and all of it, and never lowers a margin below what is calculated', () => {
    fc.assert(
      fc.property(
        margins,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (all, rise, share) => {
          const steps = run(all, { rise, share, halfLife: 5, refill: 0.1 });
          steps.forEach(({ margin, state }, i) => {
            expect(state.share).toBeGreaterThanOrEqual(0);
            expect(state.share).toBeLessThanOrEqual(share);
            expect(margin).toBeGreaterThanOrEqual(all[i] ?? 0);
            expect(Number.isFinite(margin)).toBe(true);
          });
        },
      ),
      { seed: 28 },
    );
  });

  it('refuses rules and states that are none', () => {
    expect(refusedAt(() => bufferStep(null, 1, { rise: 0.1, halfLife: 0, refill: 0 }))).toBe('range rule.halfLife');
    expect(refusedAt(() => bufferStep(null, 1, { rise: 0.1, halfLife: 5 } as never))).toBe('missing-key rule.refill');
    expect(refusedAt(() => bufferStep(null, 1, { ...rule, rize: 1 } as never))).toBe('unknown-key rule.rize');
    expect(refusedAt(() => bufferStep({ mean: 1, share: -1, charged: 1 }, 1, rule))).toBe('range state.share');
    expect(refusedAt(() => bufferStep(null, -1, rule))).toBe('range margin');
  });
});

describe('limits of a step', () => {
  it('cut rises and falls, and say what is owed', () => {
    const at = (margin: number, behind = 0): LimitState => ({ margin, behind });
    const limits = { up: 0.2, down: 0.1, patience: 2 };
    expect(limitStep(null, 500, limits)).toEqual({ margin: 500, owed: 0, state: at(500), because: 'within' });
    expect(limitStep(at(100), 150, limits)).toEqual({ margin: 120, owed: 30, state: at(120, 1), because: 'rise' });
    expect(limitStep(at(120, 1), 150, limits)).toEqual({ margin: 144, owed: 6, state: at(144, 2), because: 'rise' });
    expect(limitStep(at(144, 2), 500, limits)).toEqual({ margin: 500, owed: 0, state: at(500), because: 'caught-up' });
    expect(limitStep(at(100, 1), 50, limits)).toEqual({ margin: 90, owed: 0, state: at(90), because: 'fall' });
    expect(limitStep(at(100, 1), 119, limits)).toEqual({ margin: 119, owed: 0, state: at(119), because: 'within' });
    // Nothing is no measure of a step.
    expect(limitStep(at(0), 70, limits).margin).toBe(70);
  });

  it('hold in every step, and are reached in the end', () => {
    fc.assert(
      fc.property(margins, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, up) => {
        let state: LimitState | null = null;
        for (const target of all) {
          const before = (state as LimitState | null)?.margin ?? null;
          const step = limitStep(state, target, { up, down: 0.5 });
          if (before !== null && before > 0) {
            expect(step.margin).toBeLessThanOrEqual(before * (1 + up));
            expect(step.margin).toBeGreaterThanOrEqual(before * 0.5);
          }
          expect(step.owed).toBe(Math.max(0, target - step.margin));
          ({ state } = step);
        }
      }),
      { seed: 29 },
    );
    let state: LimitState | null = { margin: 1, behind: 0 };
    for (let i = 0; i < 30; i++) ({ state } = limitStep(state, 100, { up: 0.2 }));
    expect(state?.margin).toBe(100);
  });

  it('refuse figures that are none', () => {
    expect(refusedAt(() => limitStep(null, 1, { up: -0.1 }))).toBe('range limits.up');
    expect(refusedAt(() => limitStep(null, 1, { up: 0.1, down: 1.1 }))).toBe('range limits.down');
    expect(refusedAt(() => limitStep(null, 1, { up: 0.1, patience: 1.5 }))).toBe('type limits.patience');
    expect(refusedAt(() => limitStep({ margin: 1 } as never, 1, { up: 0.1 }))).toBe('missing-key state.behind');
    expect(refusedAt(() => limitStep(null, Number.NaN, { up: 0.1 }))).toBe('not-finite target');
  });
});

describe('a band', () => {
  it('holds a number until another leaves it', () => {
    const band = { rise: 0.1, fall: 0.2 };
    expect(hysteresis(null, 3, band)).toBe(3);
    expect([1.65, 2.2, 2.25].map((value) => hysteresis(2, value, band))).toEqual([2, 2, 2.25]);
    expect([1.6, 1.59].map((value) => hysteresis(2, value, band))).toEqual([2, 1.59]);
    expect(hysteresis(2, 1.7, { rise: 0.1 })).toBe(1.7);
    expect(refusedAt(() => hysteresis(2, 2, { rise: -1 }))).toBe('range band.rise');
    expect(refusedAt(() => hysteresis(-2, 2, band))).toBe('range held');
  });
});

describe('a stress index', () => {
  const rule = {
    steps: [
      { from: 1.5, multiplier: 1.2 },
      { from: 2, multiplier: 1.5 },
    ],
    hysteresis: 0.1,
  };

  it('is a weighted mean, whose steps are left later than they are reached', () => {
    expect(stressMultiplier([1.8, 1.4], [1, 1], rule)).toEqual({ index: 1.6, multiplier: 1.2, state: { step: 1 } });
    expect(stressMultiplier([1, 4], [3, 1], rule).index).toBe(1.75);
    let state: StressState = { step: 0 };
    const seen = [1, 1.5, 1.4, 1.36, 1.34, 2.5, 1.85, 1.7, 1].map((index) => {
      const step = stressMultiplier([index], [1], rule, state);
      ({ state } = step);
      return step.multiplier;
    });
    expect(seen).toEqual([1, 1.2, 1.2, 1.2, 1, 1.5, 1.5, 1.2, 1]);
  });

  it('refuses what makes no index', () => {
    expect(refusedAt(() => stressMultiplier([1], [1, 2], rule))).toBe('range weights');
    expect(refusedAt(() => stressMultiplier([1], [0], rule))).toBe('range weights');
    expect(refusedAt(() => stressMultiplier([], [], rule))).toBe('range weights');
    expect(refusedAt(() => stressMultiplier([Number.NaN], [1], rule))).toBe('not-finite indicators[0]');
    expect(refusedAt(() => stressMultiplier([-1], [1], rule))).toBe('range indicators[0]');
    expect(refusedAt(() => stressMultiplier([1], [1], { steps: [...rule.steps].reverse() }))).toBe(
      'range rule.steps[1].from',
    );
    expect(refusedAt(() => stressMultiplier([1], [1], { ...rule, hysteresis: 1 }))).toBe('range rule.hysteresis');
    expect(refusedAt(() => stressMultiplier([1], [1], rule, { step: 3 }))).toBe('range state.step');
    expect(refusedAt(() => stressMultiplier(undefined as never, [1], rule))).toBe('missing-key indicators');
  });
});

describe('a dynamic margin', () => {
  const options: DynamicMarginOptions = {
    halfLife: 10,
    normal: 0.02,
    most: 5,
    band: 0.05,
    stress: { weights: [2, 1], steps: [{ from: 1.2, multiplier: 1.1 }], hysteresis: 0.1 },
    stressWeight: 0.25,
    buffer: { rise: 0.1, halfLife: 30, refill: 0.01 },
    limits: { up: 0.15, down: 0.05, patience: 3 },
  };
  const market = (seed: number, steps: number): MarginObservation[] => {
    const r = new Random(seed);
    return Array.from({ length: steps }, (_, i) => ({
      return: r.between(-1, 1) * (i > steps / 2 ? 0.1 : 0.02),
      margin: 0.05,
      stressed: 0.12,
      floor: 0.06,
      indicators: [r.between(0.5, 1.5), r.between(0.5, 2)],
    }));
  };

  it('applies its rules in their order', () => {
    const seen = { return: 0.3, margin: 100, stressed: 300, floor: 90, indicators: [1.5, 1.5] };
    const { state } = dynamicMargin(null, { ...seen, return: 0.02, indicators: [1, 1] }, options);
    const { margin, because, multiplier, volatility, owed } = dynamicMargin(state, seen, options);
    const decay = 2 ** -0.1;
    const variance = decay * 0.02 ** 2 + (1 - decay) * 0.3 ** 2;
    expect(volatility).toBeCloseTo(Math.sqrt(variance), 15);
    expect(multiplier).toBeCloseTo((Math.sqrt(variance) / 0.02) * 1.1, 12);
    expect(because.map(({ rule, did }) => `${rule} ${did}`)).toEqual([
      'volatility moved',
      'stress-index moved',
      'stress-weight in-force',
      'buffer exhausted',
      'limits rise',
      'floor below',
    ]);
    const [byVolatility, byIndex, weighted] = because.map((reason) => reason.margin);
    expect(byVolatility).toBeCloseTo((100 * Math.sqrt(variance)) / 0.02, 9);
    expect(byIndex).toBeCloseTo(100 * multiplier, 9);
    expect(weighted).toBeCloseTo(0.75 * 100 * multiplier + 75, 9);
    // The first step asked (0.75 x 100 + 75) x 1.25.
    expect(margin).toBeCloseTo(187.5 * 1.15, 9);
    // A rise of 15 % is not all: the rest is owed.
    expect(owed).toBeCloseTo((weighted ?? 0) - margin, 9);
  });

  it('replays from JSON at any step, to the bit', () => {
    const log = market(5, 200);
    const run = (from: DynamicMarginState | null, steps: readonly MarginObservation[], through: boolean): number[] => {
      let state = from;
      return steps.map((seen) => {
        const step = dynamicMargin(state, seen, options);
        state = through ? JSON.parse(JSON.stringify(step.state)) : step.state;
        return step.margin;
      });
    };
    const straight = run(null, log, false);
    expect(run(null, log, true)).toEqual(straight);
    let state: DynamicMarginState | null = null;
    for (const seen of log.slice(0, 77)) ({ state } = dynamicMargin(state, seen, options));
    const frozen = JSON.stringify(state);
    expect(run(state, log.slice(77), true)).toEqual(straight.slice(77));
    expect(JSON.stringify(state)).toBe(frozen);
  });

  it('swings less with its tools than without', () => {
    const log = market(6, 300);
    const run = (with_: DynamicMarginOptions): number[] => {
      let state: DynamicMarginState | null = null;
      return log.map(({ floor, ...seen }) => {
        const step = dynamicMargin(state, with_.limits ? { ...seen, floor: floor ?? 0 } : seen, with_);
        ({ state } = step);
        return step.margin;
      });
    };
    const plain = run({ halfLife: 10, normal: 0.02, least: 0 });
    const calm = run(options);
    expect(peakToTrough(calm).ratio).toBeLessThan(peakToTrough(plain).ratio ?? 0);
    expect(largestIncrease(calm).share).toBeLessThan(largestIncrease(plain).share ?? 0);
    expect(Math.min(...calm)).toBeGreaterThanOrEqual(0.06);
  });

  it('stays in its bounds whatever it sees', () => {
    const step = fc.record({
      return: fc.double({ min: -1, max: 1e6, noNaN: true }),
      margin: fc.double({ min: 0, max: 1e20, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (log) => {
        let state: DynamicMarginState | null = null;
        for (const seen of log) {
          const { margin, multiplier, ...rest } = dynamicMargin(state, seen, {
            halfLife: 3,
            normal: 1e-9,
            most: 4,
            band: 0.1,
          });
          expect(multiplier).toBeGreaterThanOrEqual(1);
          expect(multiplier).toBeLessThanOrEqual(4);
          expect(margin).toBe(seen.margin * multiplier);
          ({ state } = rest);
        }
      }),
      { seed: 30 },
    );
  });

  it('names what is wrong where the caller wrote it', () => {
    const seen = { return: 0, margin: 1, stressed: 1, indicators: [1, 1] };
    const at = (more: object, change: object = {}) =>
      refusedAt(() => dynamicMargin(null, { ...seen, ...change }, { ...options, ...more } as DynamicMarginOptions));
    expect(at({ halfLife: 0 })).toBe('range options.halfLife');
    expect(at({ normal: 0 })).toBe('range options.normal');
    expect(at({ most: 0.5 })).toBe('range options.most');
    expect(at({ band: 1 })).toBe('range options.band');
    expect(at({ buffer: { rise: 0.1 } })).toBe('missing-key options.buffer.halfLife');
    expect(at({ limits: {} })).toBe('missing-key options.limits.up');
    expect(at({ stress: { steps: [] } })).toBe('missing-key options.stress.weights');
    expect(at({ stress: { weights: [1, 1], steps: [{ from: 1 }] } })).toBe(
      'missing-key options.stress.steps[0].multiplier',
    );
    expect(at({ stres: {} })).toBe('unknown-key options.stres');
    expect(at({}, { indicators: [1] })).toBe('range options.stress.weights');
    expect(at({}, { stressed: undefined })).toBe('missing-key observation.stressed');
    expect(at({}, { return: -1.1 })).toBe('range observation.return');
    expect(at({}, { return: Number.NaN })).toBe('not-finite observation.return');
    expect(refusedAt(() => dynamicMargin({} as never, seen, options))).toBe('missing-key state.variance');
    const { state } = dynamicMargin(null, seen, options);
    expect(refusedAt(() => dynamicMargin({ ...state, limits: { margin: -1, behind: 0 } }, seen, options))).toBe(
      'range state.limits.margin',
    );
    expect(refusedAt(() => dynamicMargin({ ...state, stress: { step: 9 } }, seen, options))).toBe(
      'range state.stress.step',
    );
  });
});

describe('what leaving a position costs', () => {
  const bids = [
    [99, 2],
    [95, 10],
  ] as const;
  it('against a ladder, once or as often as it fills up', () => {
    const long = { side: 'long', size: 3, mark: 100 } as const;
    expect(liquidityAddOn(long, bids)).toEqual({ cost: 7, filled: 3, unfilled: 0, vwap: 293 / 3 });
    expect(liquidityAddOn(long, bids, { refills: 2 })).toEqual({ cost: 3, filled: 3, unfilled: 0, vwap: 99 });
    const asks = [
      [101, 1],
      [110, 1],
    ] as const;
    expect(liquidityAddOn({ side: 'short', size: 2, mark: 100 }, asks).cost).toBe(11);
  });

  it('charges what nobody takes, and gives nothing for better prices', () => {
    const all = { side: 'long', size: 20, mark: 100 } as const;
    expect(liquidityAddOn(all, bids)).toMatchObject({ cost: 2 + 50 + 8 * 100, unfilled: 8 });
    expect(liquidityAddOn(all, bids, { beyond: 0.3 }).cost).toBe(52 + 240);
    expect(liquidityAddOn(all, [], {}).cost).toBe(2000);
    expect(liquidityAddOn({ ...all, mark: 90, size: 1 }, bids).cost).toBe(0);
    expect(liquidityAddOn({ ...all, size: 0 }, bids)).toEqual({ cost: 0, filled: 0, unfilled: 0, vwap: null });
  });

  it('refuses ladders and positions that are none', () => {
    const long = { side: 'long', size: 3, mark: 100 } as const;
    expect(
      refusedAt(() =>
        liquidityAddOn(long, [
          [95, 1],
          [99, 1],
        ]),
      ),
    ).toBe('range depth[1][0]');
    expect(refusedAt(() => liquidityAddOn({ ...long, size: -1 }, bids))).toBe('range position.size');
    expect(refusedAt(() => liquidityAddOn(long, bids, { refills: 0 }))).toBe('range horizon.refills');
    expect(refusal(() => liquidityAddOn({ ...long, side: 'buy' as never }, bids))).toContain('one of long, short');
  });
});
