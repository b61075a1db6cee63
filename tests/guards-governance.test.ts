// Gates on withdrawals, rate limits, parameters under governance and the capacities of loss layers: published rules, what is
// refusal, and what must hold of every sequence of steps.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyAt,
  cancelProposal,
  DERIVE_GATE,
  DYDX_GATE,
  DYDX_LIMITERS,
  diffParameters,
  type GateRules,
  type GateState,
  type ParameterBound,
  type ParameterSet,
  propose,
  type Queue,
  rateLimit,
  startRateLimit,
  steward,
  withdrawalGate,
  withinBound,
} from '../bindings/guards/index.js';
import * as waterfall from '../bindings/waterfall/index.js';
import { evaluateWith, examplesOf } from './examples.js';
import { refusal } from './refusal.js';

// The same cases in every run.
fc.configureGlobal({ seed: 20260104 });

describe('withdrawalGate', () => {
  it('blocks for 50 blocks after a loss, and names every reason', () => {
    const at = (now: number, seen: GateState['seen']): unknown => withdrawalGate({ now, seen: seen ?? {} }, DYDX_GATE);
    expect(at(56, { negativeCollateral: 7 })).toMatchObject({ withdraw: 'blocked', until: 57 });
    expect(at(57, { negativeCollateral: 7 })).toEqual({ withdraw: 'open', until: null, why: [] });
    expect(at(56, { negativeCollateral: 7, chainOutage: 30 })).toEqual({
      withdraw: 'blocked',
      until: 80,
      why: ['chainOutage', 'negativeCollateral'],
    });
    expect(at(5, { negativeCollateral: null })).toMatchObject({ withdraw: 'open' });
    expect(refusal(() => at(5, { negativeCollateral: 7 }))).toMatch(/range at state.seen.negativeCollateral: got 7/);
  });

  it('blocks while insolvent accounts need more than the fund has (Derive), and pays at a rate', () => {
    const gate = (state: Partial<GateState>, rules: GateRules = DERIVE_GATE): unknown =>
      withdrawalGate({ now: 0, ...state }, rules);
    expect(gate({ insolvent: 600n, fund: 599n })).toEqual({ withdraw: 'blocked', until: null, why: ['insolvency'] });
    expect(gate({ insolvent: 600n, fund: 600n })).toMatchObject({ withdraw: 'open' });
    expect(gate({ insolvent: 600n, fund: 600n }, { insolvency: { operator: '>=' } })).toMatchObject({
      withdraw: 'blocked',
    });
    expect(gate({ insolvent: 0n, fund: 0n }, { insolvency: { operator: '>=' } })).toMatchObject({ withdraw: 'open' });
    expect(gate({ assets: 90n, liabilities: 120n }, { haircut: true })).toMatchObject({
      withdraw: '0.75',
      why: ['haircut'],
    });
    expect(gate({ assets: 120n, liabilities: 120n }, { haircut: true })).toMatchObject({ withdraw: 'open' });
    expect(refusal(() => gate({ fund: 1n }))).toMatch(/missing-key at state.insolvent/);
  });
});

describe('rateLimit', () => {
  it('empties and refills as in CalculateNewCapacityList of dYdX', () => {
    const held = 1_000_000n;
    let step = rateLimit(startRateLimit(0, held, DYDX_LIMITERS), { now: 0, held, withdraw: 10_000n }, DYDX_LIMITERS);
    expect(step).toMatchObject({ allowed: true, available: 0n });
    step = rateLimit(step.state, { now: 1_800, held, withdraw: 5_001n }, DYDX_LIMITERS);
    expect(step).toMatchObject({ allowed: false, available: 5_000n });
    step = rateLimit(step.state, { now: 3_600, held }, DYDX_LIMITERS);
    expect(step.state.capacities.map(({ capacity }) => capacity)).toEqual([10_000n, 94_166n]);
    // A deposit adds to it; above twice the baseline it decays by what is above.
    step = rateLimit(step.state, { now: 3_600, held, deposit: 30_000n }, DYDX_LIMITERS);
    expect(step.available).toBe(40_000n);
    step = rateLimit(step.state, { now: 4_500, held }, DYDX_LIMITERS);
    expect(step.available).toBe(32_500n);
    expect(refusal(() => rateLimit(step.state, { now: 4_499, held }, DYDX_LIMITERS))).toMatch(
      /range at observation.now/,
    );
    expect(refusal(() => rateLimit(step.state, { now: 4_500, held }, []))).toMatch(/range at limiters/);
  });

  it('refills as much in many steps as in one', () => {
    const limiters = [{ period: 3_600, share: '0.01' }];
    let state = rateLimit(startRateLimit(0, 10_000, limiters), { now: 0, held: 10_000, withdraw: 100 }, limiters).state;
    for (let now = 1; now <= 1_800; now++) ({ state } = rateLimit(state, { now, held: 10_000 }, limiters));
    expect(state.capacities).toEqual([{ capacity: 50n, owed: 0n }]);
  });

  it('lets out no more than the baseline and its refill in any stretch of time', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.bigInt(0n, 1_200n)), { maxLength: 30 });
    const period = 1_000;
    fc.assert(
      fc.property(steps, (list) => {
        const limiters = [{ period, share: '0.1' }];
        let state = startRateLimit(0, 10_000n, limiters);
        const out: { at: number; amount: bigint }[] = [];
        for (const [gap, withdraw] of list) {
          const now = state.at + gap;
          const step = rateLimit(state, { now, held: 10_000n, withdraw }, limiters);
          state = step.state;
          expect(step.available >= 0n).toBe(true);
          if (step.allowed) out.push({ at: now, amount: withdraw });
        }
        out.forEach((first, i) => {
          let sum = 0n;
          for (const { at, amount } of out.slice(i)) {
            sum += amount;
            // 1,000 at once, and 1,000 a period.
            expect((sum - 1_000n) * BigInt(period) <= 1_000n * BigInt(at - first.at)).toBe(true);
          }
        });
      }),
    );
  });
});

describe('parameters', () => {
  const set: ParameterSet = {
    version: 3,
    author: 'dao',
    at: 100,
    values: {
      markets: { 'BTC/USD': { leverage: 50, brackets: [{ rate: '0.004' }, { rate: '0.01' }] } },
      paused: false,
    },
  };
  const next = {
    markets: { 'BTC/USD': { leverage: 40, brackets: [{ rate: '0.0040' }] }, ETH: { leverage: 25n } },
    paused: false,
  };

  it('differ path by path, and not where a number is written in another way', () => {
    expect(diffParameters(set.values, next)).toEqual([
      { path: 'markets.ETH.leverage', to: 25n },
      { path: 'markets["BTC/USD"].brackets[1].rate', from: '0.01' },
      { path: 'markets["BTC/USD"].leverage', from: 50, to: 40 },
    ]);
    expect(diffParameters(set.values, set.values)).toEqual([]);
    expect(refusal(() => diffParameters({}, { a: undefined } as never))).toMatch(/type at b.a/);
  });

  it('move as far as a steward may: both edges of Aave, and both kinds of bound apart', () => {
    const relative = { kind: 'relative', max: '0.5', step: 1 } as const;
    expect([1_500_000, 1_500_001, 500_000, 499_999].map((to) => withinBound(1_000_000, to, relative))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    // 70 % by 10 absolute points is 60 to 80 %, by 10 relative ones 63 to 77 %.
    expect([8_000, 8_001].map((to) => withinBound(7_000, to, { kind: 'absolute', max: 1_000 }))).toEqual([true, false]);
    expect([7_700, 7_701].map((to) => withinBound(7_000, to, { kind: 'relative', max: '0.1' }))).toEqual([true, false]);
    expect(withinBound(3, 4, { kind: 'relative', max: '0.5' })).toBe(true);
    expect(withinBound(3, 5, { kind: 'relative', max: '0.5', step: 1 })).toBe(false);
  });

  it('are judged together: one reason against it fails the whole proposal', () => {
    const bounds: ParameterBound[] = [
      { path: 'markets.*.leverage', kind: 'relative', max: '0.2', minDelay: 50 },
      { path: 'markets.*.brackets[*].rate', kind: 'absolute', max: '0.001' },
    ];
    const judged = steward(set.values, next, { 'markets["BTC/USD"].leverage': 90 }, 120, bounds);
    expect(judged).toMatchObject({
      ok: false,
      lastUpdate: { 'markets["BTC/USD"].leverage': 90 },
      rejections: [
        { path: 'markets.ETH.leverage', reason: 'shape' },
        { path: 'markets["BTC/USD"].brackets[1].rate', reason: 'shape' },
        { path: 'markets["BTC/USD"].leverage', reason: 'delay' },
      ],
    });
    const small = { a: 1.1, b: 5 };
    const rules: ParameterBound[] = [{ path: 'a', kind: 'absolute', max: '0.1', minDelay: 50 }];
    expect(steward({ a: 1, b: 5 }, small, { a: 70 }, 120, rules)).toMatchObject({ ok: true, lastUpdate: { a: 120 } });
    expect(steward({ a: 1, b: 5 }, small, { a: 71 }, 120, rules).rejections).toEqual([{ path: 'a', reason: 'delay' }]);
    expect(steward({ a: 1, b: 5 }, { a: 1, b: 6 }, {}, 0, rules).rejections).toEqual([
      { path: 'b', reason: 'unbounded' },
    ]);
    expect(refusal(() => steward({}, {}, {}, 0, [{ path: 'a', kind: 'absolut' as 'absolute', max: 1 }]))).toMatch(
      /bounds\[0\].kind.*Did you mean "absolute"/,
    );
  });

  it('wait, and come into force once', () => {
    const queue = propose([], set, { id: 'p1', author: 'ana', values: next, at: 200 }, { delay: 50, grace: 10 });
    expect(queue[0]).toMatchObject({ base: 3, readyAt: 250, expiresAt: 260, status: 'queued' });
    const at = (time: number, list: Queue = queue): ReturnType<typeof applyAt> =>
      applyAt(set, list, 'p1', { by: 'anyone', at: time });
    expect(refusal(() => at(249))).toMatch(/range at action.at: got 249, expected 250 to 260/);
    expect(refusal(() => at(261))).toMatch(/range at action.at/);
    const applied = at(250);
    expect(applied.parameters).toEqual({ version: 4, author: 'ana', at: 250, values: next });
    expect(applied.changes).toHaveLength(3);
    expect(applied.queue[0]).toMatchObject({ status: 'applied', closed: { by: 'anyone', at: 250 } });
    expect(queue[0]?.status).toBe('queued');
    expect(refusal(() => at(251, applied.queue))).toMatch(/conflict at id.*it is applied/);
    const cancelled = cancelProposal(queue, 'p1', { by: 'guardian', at: 210 });
    expect(refusal(() => at(250, cancelled))).toMatch(/it is cancelled/);
    expect(refusal(() => applyAt({ ...set, version: 4 }, queue, 'p1', { by: 'x', at: 250 }))).toMatch(
      /conflict at current.version: got 4, expected version 3/,
    );
    expect(refusal(() => cancelProposal(queue, 'p2', { by: 'x', at: 250 }))).toMatch(/unknown-id at id/);
    expect(refusal(() => propose(queue, set, { id: 'p1', author: 'b', values: next, at: 1e3 }, { delay: 1 }))).toMatch(
      /duplicate/,
    );
    expect(
      refusal(() => propose([], set, { id: 'p', author: 'b', values: set.values, at: 1e3 }, { delay: 1 })),
    ).toMatch(/a change of the set in force/);
  });
});

describe('capacities of layers', () => {
  const examples = examplesOf('waterfall/').filter(({ name }) => name.startsWith('capacity.ts'));
  const evaluate = evaluateWith(waterfall);

  it.each(examples)('$name', ({ expression, result }) => {
    expect(evaluate(expression)).toEqual(evaluate(result));
  });

  it('round an assessment down and refuse what is none', () => {
    expect(waterfall.assessmentCap(101n, 1)).toBe(277n);
    expect(refusal(() => waterfall.assessmentCap(101n, 0))).toMatch(/range at defaults/);
    expect(refusal(() => waterfall.assessmentCap(-1n, 1))).toMatch(/range at contribution/);
    expect(waterfall.fundCovers(0n, 0n)).toBe(true);
    expect(waterfall.fundCovers(0n, -1n)).toBe(false);
  });
});
