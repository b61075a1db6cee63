// Rolling windows of step machines: whatever a step keeps of the past, it says what the whole window says, and says it as fast
// after a day as after a minute.
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  bandStep,
  type DrawdownRule,
  type DrawdownStep,
  drawdownTrigger,
  type MonitorTrigger,
  monitorPrice,
  NO_DRAWDOWN,
  type Observation,
  twap,
  UNTRADED,
  UNWATCHED,
  US_LULD,
} from '../bindings/guards/index.js';
import { compare, fractionText, over, plus } from '../bindings/liquidation/exact.js';
import { ratio } from '../bindings/waterfall/amount.js';
import { cases } from './cases.js';
import { refusedAt } from './refusal.js';

// The same cases in every run.
fc.configureGlobal({ seed: 20260104 });
vi.setConfig({ testTimeout: 120_000 });

/** Steps of a window in a bound that is some twenty times what they take. */
const STEPS = 10_000;
const MOST_MS = 20_000;

interface Seen {
  at: number;
  value: number;
  fund: number;
}

/** Gaps of time, values and funds; small numbers, so that values and times meet often. */
const series = (most: number): fc.Arbitrary<Seen[]> =>
  fc
    .array(
      fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: 9 })),
      {
        minLength: 1,
        maxLength: 300,
        size: 'max',
      },
    )
    .map((steps) => {
      let at = 0;
      return steps.map(([gap, value, fund]) => {
        at += gap;
        return { at, value, fund };
      });
    });

const rule = (reference: 'max' | 'avg', window: number): DrawdownRule => ({
  reference,
  window,
  // The threshold is then the reference.
  start: { operator: '<', level: 0 },
});

/** Steps over a list; `copied`: each from a copy of the state that came back from elsewhere. */
function run(list: readonly Seen[], rules: DrawdownRule, copied = false): DrawdownStep[] {
  let state = NO_DRAWDOWN;
  return list.map((one) => {
    const step = drawdownTrigger(copied ? structuredClone(state) : state, one, rules);
    state = step.state;
    return step;
  });
}

/** All of a window that holds at some time of it. */
const windowOf = (list: readonly Seen[], from: number): Seen[] =>
  list.filter((_, i) => (list[i + 1]?.at ?? Number.POSITIVE_INFINITY) > from);

describe('drawdownTrigger', () => {
  it('has the peaks of the whole window', () => {
    fc.assert(
      fc.property(series(30), fc.integer({ min: 1, max: 400 }), (list, window) => {
        run(list, rule('max', window)).forEach((step, i) => {
          const { at, value } = list[i]!;
          const seen = windowOf(list.slice(0, i + 1), at - window);
          const peak = Math.max(...seen.map((one) => one.value));
          const base = BigInt(Math.max(...seen.map((one) => one.fund)));
          expect(step.threshold).toBe(String(peak));
          expect(compare(ratio(step.ratio!), { numerator: BigInt(value - peak), denominator: base })).toBe(0);
        });
      }),
    );
  });

  it('has the mean of the whole window', () => {
    fc.assert(
      fc.property(series(1_000), fc.integer({ min: 1, max: 400 }), (list, window) => {
        const prices: Observation[] = list.map(({ at, value }) => ({ at, price: value }));
        run(list, rule('avg', window)).forEach((step, i) => {
          expect(step.threshold).toBe(twap(prices.slice(0, i + 1), window, list[i]!.at));
        });
      }),
      { numRuns: cases(12) },
    );
  });

  it('says the same from a copy of its state', () => {
    fc.assert(
      fc.property(series(30), fc.constantFrom('max', 'avg'), fc.integer({ min: 1, max: 400 }), (list, kind, window) => {
        expect(run(list, rule(kind, window), true)).toEqual(run(list, rule(kind, window)));
      }),
      { numRuns: cases(10) },
    );
  });

  it('leaves the state that it was given as it was', () => {
    const list = Array.from({ length: 200 }, (_, at) => ({ at, value: (at * 7) % 100, fund: 5 }));
    const { state } = run(list, rule('max', 50)).at(-1)!;
    const copy = structuredClone(state);
    const [low, high] = [1, 1_000].map((value) => drawdownTrigger(state, { at: 200, value, fund: 5 }, rule('max', 50)));
    expect([low!.threshold, high!.threshold]).toEqual(['99', '1000']);
    expect(state).toEqual(copy);
  });

  it('keeps few observations of a window whose values go up and down', () => {
    const list = Array.from({ length: 5_000 }, (_, at) => ({ at, value: (at * 7_919) % 10_007, fund: 5 }));
    expect(run(list, rule('max', 5_000)).at(-1)!.state.seen.flat().length).toBeLessThan(200);
  });

  it.each([
    ['max', 'falls'],
    ['max', 'moves'],
    ['avg', 'moves'],
  ] as const)(`takes ${STEPS} steps in a window of as many: %s of what %s`, (kind, how) => {
    const value = (at: number): number => (how === 'falls' ? STEPS - at : (at * 7_919) % 10_007);
    const list = Array.from({ length: STEPS }, (_, at) => ({ at, value: value(at), fund: 100_000 }));
    const begin = performance.now();
    run(list, rule(kind, STEPS));
    expect(performance.now() - begin).toBeLessThan(MOST_MS);
  });

  it('names what is wrong in a state that somebody wrote', () => {
    const one = { at: 5, value: 1n, fund: 1n };
    const at = (seen: unknown): string =>
      refusedAt(() => drawdownTrigger({ on: false, seen } as never, { at: 9, value: 1 }, rule('max', 5)));
    expect(at([one])).toBe('type state.seen[0]');
    expect(at([[one, { ...one, value: 'x' }]])).toBe('type state.seen[0][1].value');
    expect(at([[one, { ...one, at: 4 }]])).toBe('range state.seen[0][1].at');
    expect(at([[one], [{ ...one, at: 4 }]])).toBe('range state.seen[1]');
  });
});

describe('bandStep', () => {
  // The reference follows every mean.
  const rules = { ...US_LULD, window: 50, change: 0, every: 1 };
  /** As many trades as the fund has units, in thirds. */
  const tradesOf = ({ value, fund }: Seen): string[] => Array.from({ length: fund }, (_, k) => `${value + k}/3`);

  it('has the mean of the whole window, from a copy of its state too', () => {
    fc.assert(
      fc.property(series(30), (list) => {
        let state = UNTRADED;
        list.forEach((one, i) => {
          const observation = { now: one.at, trades: tradesOf(one) };
          const step = bandStep(state, observation, rules);
          expect(bandStep(structuredClone(state), observation, rules)).toEqual(step);
          state = step.state;
          // A time has one reference.
          if (one.at <= (list[i - 1]?.at ?? one.at)) return;
          const seen = list.slice(0, i + 1).filter(({ at }) => at >= one.at - rules.window);
          const prices = seen.flatMap(tradesOf).map((price) => ratio(price));
          const count = { numerator: BigInt(prices.length), denominator: 1n };
          expect(step.reference).toBe(fractionText(over(prices.reduce(plus), count)));
        });
      }),
      { numRuns: cases(10) },
    );
  });

  it(`takes ${STEPS} steps in a window of as many`, () => {
    let state = UNTRADED;
    const begin = performance.now();
    for (let now = 0; now < STEPS; now++) {
      ({ state } = bandStep(state, { now, trades: [100 + (now % 7)] }, { ...US_LULD, window: STEPS }));
    }
    expect(performance.now() - begin).toBeLessThan(MOST_MS);
  });
});

describe('monitorPrice', () => {
  const triggers = (...horizons: number[]): MonitorTrigger[] =>
    horizons.map((horizon) => ({ horizon, down: '0.0001', up: 1_000, extension: 1 }));

  it('has the price at the begin of each horizon, from a copy of its state too', () => {
    fc.assert(
      fc.property(series(30), fc.integer({ min: 1, max: 400 }), (list, horizon) => {
        const rules = triggers(horizon, 7);
        let state = UNWATCHED;
        list.forEach(({ at, value }, i) => {
          const step = monitorPrice(state, { now: at, price: value }, rules);
          expect(monitorPrice(structuredClone(state), { now: at, price: value }, rules)).toEqual(step);
          state = step.state;
          const before = list.slice(0, i);
          const wanted = rules.map((rule) => {
            const held = before.filter((one) => one.at <= at - rule.horizon).at(-1) ?? before[0];
            return String(held?.value);
          });
          expect(step.bounds?.map(({ reference }) => reference) ?? ['undefined', 'undefined']).toEqual(wanted);
        });
      }),
      { numRuns: cases(10) },
    );
  });

  it(`takes ${STEPS} steps in a horizon of as many`, () => {
    let state = UNWATCHED;
    const begin = performance.now();
    for (let now = 0; now < STEPS; now++) {
      ({ state } = monitorPrice(state, { now, price: 100 + (now % 7) }, triggers(STEPS)));
    }
    expect(performance.now() - begin).toBeLessThan(MOST_MS);
  });
});
