// What holds of the liquidation policies whatever the numbers. fast-check draws them; FC_SEED draws others.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact, rounded, toStep } from '../bindings/liquidation/exact.js';
import {
  type Action,
  bankruptcyPrice,
  chargeFee,
  closeSequence,
  closeSize,
  deltaAfter,
  disposalSchedule,
  fillablePrice,
  type Ladder,
  type LadderState,
  type Leg,
  ladderStep,
  liquidationPlan,
  liquidationPrice,
  marginCall,
  NO_POSITION,
  type Objective,
  orderLegs,
  pairedClose,
  partialSize,
  priceFloor,
  proRataBankruptcyPrice,
  rampedRate,
  sweep,
  takeOver,
  transferDebt,
  UNARMED,
} from '../bindings/liquidation/index.js';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20200312), numRuns: Number(process.env.FC_RUNS ?? 150) });

/** Decimals of a few digits, as prices and sizes are. */
const decimals = (min: number, max: number, digits = 2): fc.Arbitrary<number> =>
  fc
    .integer({ min: Math.round(min * 10 ** digits), max: Math.round(max * 10 ** digits) })
    .map((n) => Number(`${n}e-${digits}`));
const signed = (max: number): fc.Arbitrary<number> => decimals(-max, max).filter((n) => n !== 0);
const sideOf = (size: number): 'long' | 'short' => (size < 0 ? 'short' : 'long');
/** Rounding of doubles, relative to what was added up. */
const near = (got: number, want: number, scale: number): void =>
  expect(Math.abs(got - want)).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(scale)));

const check = <T>(property: fc.IProperty<T>): void => fc.assert(property);

describe('exact decimals', () => {
  it('go to doubles and back', () => {
    check(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }),
        (x) => rounded(exact(x)) === x + 0,
      ),
    );
  });

  it('are a multiple of the step, on the side that is asked for', () => {
    check(
      fc.property(decimals(-1000, 1000, 4), decimals(0.001, 5, 3), (value, step) => {
        const [down, up, near] = (['floor', 'ceil', 'nearest'] as const).map((way) => toStep(value, step, way));
        expect(down).toBeLessThanOrEqual(value);
        expect(up).toBeGreaterThanOrEqual(value);
        expect([down, up]).toContain(near);
        for (const price of [down, up])
          expect(toStep(price ?? 0, step, 'floor')).toBe(toStep(price ?? 0, step, 'ceil'));
      }),
    );
  });
});

describe('prices', () => {
  it('of bankruptcy leave equity 0, of liquidation the requirement', () => {
    check(
      fc.property(
        signed(100),
        decimals(1, 1000),
        signed(1e5),
        decimals(0, 0.5, 3),
        fc.boolean(),
        (size, mark, equity, rate, inverse) => {
          const kind = inverse ? 'inverse' : 'linear';
          const coin = inverse ? equity / 1e5 : equity;
          const pnl = (price: number): number => (inverse ? size * (1 / mark - 1 / price) : size * (price - mark));
          const notional = (price: number): number => Math.abs(size) * (inverse ? 1 / price : price);
          const bankruptcy = bankruptcyPrice({ kind, size, mark, equity: coin });
          if (bankruptcy) near(coin + pnl(bankruptcy), 0, Math.abs(coin) + notional(mark) + notional(bankruptcy));
          const price = liquidationPrice({ kind, size, price: mark, equity: coin, maintenanceRate: rate });
          if (price) near(coin + pnl(price), rate * notional(price), Math.abs(coin) + notional(mark) + notional(price));
          if (price && bankruptcy && coin > 0) expect(size > 0 ? price >= bankruptcy : price <= bankruptcy).toBe(true);
        },
      ),
    );
  });

  it('of all positions at their share of the equity leave nothing', () => {
    const position = fc.record({ size: signed(100), price: decimals(1, 1000), rate: decimals(0.01, 0.5) });
    check(
      fc.property(fc.array(position, { minLength: 1, maxLength: 6 }), signed(1e5), (positions, equity) => {
        const required = positions.map(({ size, price, rate }) => Math.abs(size) * price * rate);
        const maintenance = required.reduce((sum, x) => sum + x, 0);
        const value = positions.reduce((sum, { size, price }) => sum + size * price, 0);
        const received = positions.reduce((sum, { size, price }, i) => {
          return sum + proRataBankruptcyPrice({ size, price, equity, maintenance, released: required[i] ?? 0 }).quote;
        }, 0);
        near(equity - value + received, 0, Math.abs(equity) + positions.length * 1e5);
      }),
    );
  });

  it('of a forced order get worse with the account, and stay within the spread', () => {
    check(
      fc.property(
        signed(100),
        decimals(1, 1000),
        decimals(1, 9),
        decimals(-2, 2),
        decimals(0, 1),
        (size, price, ba, a, b) => {
          const maintenance = Math.abs(size) * price * 0.1;
          const rule = { bankruptcyAdjustment: ba, spreadToMaintenance: 1.5 };
          const at = (ratio: number): number =>
            fillablePrice(
              { size, price, positionMaintenance: maintenance, maintenance, equity: ratio * maintenance },
              rule,
            );
          const [healthy, worse] = [at(a), at(a - b)].map((p) => (size > 0 ? p : -p));
          expect(worse).toBeLessThanOrEqual(healthy ?? 0);
          near(Math.min(0.15 * price, Math.abs(at(a) - price)), Math.abs(at(a) - price), price);
          const floor = priceFloor(price, sideOf(size), { maintenanceRate: 0.05, tick: 0.01 });
          expect(Math.abs(floor - price)).toBeLessThanOrEqual(0.025 * price * (1 + 1e-12));
        },
      ),
    );
  });
});

describe('money', () => {
  it('of fees is at most the equity left', () => {
    const amount = fc.double({ min: 0, max: 1e9, noNaN: true }).map((x) => (x < 1e-20 ? 0 : x));
    const first = fc.constantFrom('both', 'liquidator', 'fund');
    check(
      fc.property(
        amount,
        amount,
        fc.double({ min: -1e9, max: 2e9, noNaN: true }),
        first,
        (toLiquidator, toFund, equity, order) => {
          const fee = chargeFee({ toLiquidator, toFund }, equity, order as 'both');
          expect(fee.charged).toBeLessThanOrEqual(Math.max(0, equity));
          expect(Math.min(fee.toLiquidator, fee.toFund, fee.waived)).toBeGreaterThanOrEqual(0);
          expect(fee.toLiquidator).toBeLessThanOrEqual(toLiquidator * (1 + 1e-15));
          near(fee.toLiquidator + fee.toFund, fee.charged, fee.charged);
          near(fee.charged + fee.waived, toLiquidator + toFund, toLiquidator + toFund);
          expect(fee.capped).toBe(fee.waived > 0);
        },
      ),
    );
  });

  it('of a rising fee never falls and ends at its maximum', () => {
    check(
      fc.property(
        decimals(0, 1),
        decimals(0, 1),
        decimals(0, 1),
        decimals(0, 99),
        decimals(0, 99),
        decimals(0, 9),
        (base, more, slope, grace, t, dt) => {
          const ramp = { base, slope, max: base + more, grace };
          expect(rampedRate(ramp, t + dt)).toBeGreaterThanOrEqual(rampedRate(ramp, t));
          expect(rampedRate(ramp, t)).toBeGreaterThanOrEqual(base);
          expect(rampedRate(ramp, t)).toBeLessThanOrEqual(base + more);
        },
      ),
    );
  });

  it('of a transfer neither exceeds the debt nor the collateral', () => {
    check(
      fc.property(
        decimals(0, 100),
        decimals(0, 100),
        decimals(0, 100),
        decimals(0.01, 9),
        decimals(0, 1),
        (repay, debt, collateral, price, bonus) => {
          const out = transferDebt({ repay, debt, debtPrice: 1, collateral, collateralPrice: price, bonus });
          expect(out.repaid).toBeLessThanOrEqual(Math.min(repay, debt));
          expect(out.seized).toBeLessThanOrEqual(collateral);
          expect(Math.min(out.debtLeft, out.collateralLeft, out.badDebt)).toBeGreaterThanOrEqual(0);
          near(out.seized * price, out.repaid * (1 + bonus), 1000);
        },
      ),
    );
  });

  it('of the network party is all that its trades have made', () => {
    const step = fc.record({
      mark: decimals(1, 1000),
      size: fc.integer({ min: -9, max: 9 }),
      price: decimals(1, 1000),
    });
    check(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const end = steps.reduce(takeOver, NO_POSITION);
        const mark = steps.at(-1)?.mark ?? 0;
        const made = steps.reduce((sum, { size, price }) => sum + size * (mark - price), 0);
        near(end.realizedPnl + end.unrealizedPnl, made, 1e6);
        expect(end.entry === null).toBe(end.position === 0);
      }),
    );
  });

  it('of a sequence ends where closing at once at the average price does', () => {
    const steps = fc.array(fc.record({ mark: decimals(1, 200), close: decimals(0, 1) }), {
      minLength: 1,
      maxLength: 5,
    });
    check(
      fc.property(steps, fc.boolean(), (closes, short) => {
        const account = { equity: 20, size: short ? -5 : 5, entry: 100, maintenanceRate: 0.05 };
        const end = closeSequence(account, closes);
        const made = closes.reduce((sum, { mark, close }) => sum + close * (mark - 100), 0) * (short ? -1 : 1);
        near(end.steps.at(-1)?.bucket ?? 0, 20 + made, 1000);
        expect(end.insuranceUsed).toBe(Math.max(0, -(end.steps.at(-1)?.bucket ?? 0)));
      }),
    );
  });

  it('of a margin call reaches the target and is worth its transfer', () => {
    check(
      fc.property(
        signed(1000),
        decimals(0, 1000),
        decimals(1, 2),
        decimals(0, 50),
        decimals(0.01, 9),
        (equity, requirement, target, minTransfer, unit) => {
          const { call, shortfall, due, warnOnly } = marginCall({ equity, requirement }, { target, minTransfer, unit });
          expect(call === 0 || (call >= shortfall && call >= minTransfer)).toBe(true);
          expect(call < shortfall + unit + 1e-9).toBe(true);
          expect([due === null, shortfall > 0 && call === 0]).toEqual([call === 0, warnOnly]);
        },
      ),
    );
  });
});

describe('execution', () => {
  it('fills what there is, at prices between the first and the last', () => {
    const ladder = fc.array(fc.tuple(decimals(1, 100), decimals(0, 9)), { maxLength: 8 });
    check(
      fc.property(ladder, decimals(0, 40), fc.boolean(), (levels, size, long) => {
        const depth = [...levels].sort(([a], [b]) => (long ? b - a : a - b));
        const { filled, unfilled, vwap, last } = sweep(depth, { size, side: long ? 'long' : 'short' });
        expect(toStep(filled + unfilled, 0.01, 'nearest')).toBe(size);
        const offered = toStep(
          levels.reduce((sum, [, n]) => sum + n, 0),
          0.01,
          'nearest',
        );
        expect(filled).toBe(Math.min(size, offered));
        const prices = [depth.find(([, n]) => n > 0)?.[0] ?? 0, last ?? 0].sort((a, b) => a - b);
        if (vwap !== null) expect(vwap >= (prices[0] ?? 0) && vwap <= (prices[1] ?? 0)).toBe(true);
      }),
    );
  });
});

describe('sizes', () => {
  it('that are feasible restore the ratio', () => {
    check(
      fc.property(
        signed(100),
        decimals(1, 1000),
        decimals(-0.05, 0.05),
        decimals(-0.1, 0.2, 3),
        decimals(0, 0.02, 3),
        (held, mark, slip, health, feeRate) => {
          const [side, size] = [sideOf(held), Math.abs(held)];
          const price = mark * (1 + slip);
          const equity = health * mark * size;
          const answer = partialSize({ side, size, mark, price, equity, ratio: 0.1, feeRate });
          expect(answer.size >= 0 && answer.size <= size).toBe(true);
          if (!answer.feasible || answer.size === 0) return;
          const gained = (held > 0 ? 1 : -1) * (price - mark) * answer.size - feeRate * mark * answer.size;
          near(equity + gained, 0.1 * mark * (size - answer.size), 1000 * mark * size);
        },
      ),
    );
  });

  it('are lots of the venue, or all', () => {
    check(
      fc.property(
        decimals(0, 20),
        decimals(0.01, 20),
        decimals(0.01, 3),
        decimals(0, 5),
        decimals(0, 999),
        (size, held, lot, minimumLeft, most) => {
          const closed = closeSize(size, { held, price: 9.9 }, { lot, minimumLeft, maxNotional: most });
          expect(closed <= held && closed * 9.9 <= most * (1 + 1e-12)).toBe(true);
          expect(closed === held || toStep(closed, lot, 'nearest') === closed).toBe(true);
          const free = closeSize(size, { held }, { lot, minimumLeft });
          expect(free === 0 ? size === 0 : free >= Math.min(size, held)).toBe(true);
          expect(free === 0 || free === held || rounded(exact(held)) - free >= minimumLeft - 1e-12).toBe(true);
        },
      ),
    );
  });

  it('of slices add up to the position', () => {
    check(
      fc.property(
        fc.integer({ min: -5000, max: 5000 }),
        decimals(0.01, 1),
        fc.nat(99),
        decimals(0.01, 1),
        fc.integer({ min: 1, max: 999 }),
        (position, fraction, fullSize, bookShare, volume) => {
          const { trades, times, left } = disposalSchedule(
            position,
            { fraction, fullSize, bookShare, every: 10 },
            volume,
          );
          expect(trades.reduce((sum, trade) => sum + trade, 0)).toBe(Math.abs(position));
          expect(left).toBe(0);
          expect(times).toEqual(trades.map((_, i) => 10 * i));
          for (const trade of trades) expect(trade <= Math.ceil(bookShare * volume + 1e-9)).toBe(true);
        },
      ),
    );
  });
});

describe('a ladder', () => {
  const ladder: Ladder = {
    tiers: [
      { tier: 'warned', op: '<=', level: 1.1, action: 'warn' },
      { tier: 'part', level: 1, action: 'partial' },
      { tier: 'all', level: 0.8, action: 'full' },
      { tier: 'fund', op: '<=', level: 0.6, action: 'backstop' },
    ],
    cooldown: 30,
  };
  const observations = fc.array(fc.tuple(decimals(0.5, 1.2), fc.nat(20)), { minLength: 2, maxLength: 20 });
  const walk = (
    rules: Ladder,
    seen: readonly (readonly [number, number])[],
  ): { time: number; action: Action | 'none' }[] => {
    let state: LadderState = UNARMED;
    let time = 0;
    return seen.map(([health, wait]) => {
      time += wait;
      const step = ladderStep(rules, state, health, time);
      expect(ladderStep(rules, state, health, time)).toEqual(step);
      expect(step.nextAt === null || step.nextAt > time).toBe(true);
      state = step.state;
      return { time, action: step.action };
    });
  };

  it('never goes from all back to a part within its cooldown', () => {
    check(
      fc.property(observations, fc.constantFrom('full', 'wait'), (seen, again) => {
        const steps = walk({ ...ladder, again: again as 'full' }, seen);
        steps.forEach((step, i) => {
          if (step.action !== 'partial') return;
          for (const before of steps.slice(0, i)) {
            const closed = before.action !== 'none' && before.action !== 'warn';
            expect(closed && step.time - before.time < 30).toBe(false);
          }
        });
      }),
    );
  });

  it('does so where it is told', () => {
    const seen = [
      [0.7, 0],
      [0.9, 1],
    ] as const;
    expect(walk(ladder, seen).map(({ action }) => action)).toEqual(['full', 'full']);
    expect(walk({ ...ladder, again: 'partial' }, seen).map(({ action }) => action)).toEqual(['full', 'partial']);
    expect(walk({ ...ladder, arms: ['partial'] }, seen).map(({ action }) => action)).toEqual(['full', 'partial']);
  });
});

describe('legs', () => {
  const leg = fc.record({
    id: fc.string({ minLength: 1, maxLength: 3 }),
    size: signed(10),
    notional: decimals(1, 1000),
    requirement: decimals(0, 100),
    underlying: fc.constantFrom('BTC', 'ETH'),
    depth: decimals(10, 10_000),
    feeRate: decimals(0, 0.01, 3),
  });
  const legs = fc.uniqueArray(leg, { selector: ({ id }) => id, minLength: 1, maxLength: 8 });
  const objective = fc.constantFrom<Objective>('maxRelief', 'minImpact', 'hedgeSafe');
  const shuffled = fc.infiniteStream(fc.nat());
  const permute = (list: readonly Leg[], keys: Iterable<number>): Leg[] => {
    const order = keys[Symbol.iterator]();
    return list
      .map((entry) => ({ entry, key: Number(order.next().value) }))
      .sort((a, b) => a.key - b.key)
      .map(({ entry }) => entry);
  };

  it('have one order, whatever the order they come in', () => {
    check(
      fc.property(legs, objective, shuffled, (list, goal, keys) => {
        expect(orderLegs(permute(list, keys), goal)).toEqual(orderLegs(list, goal));
      }),
    );
  });

  it('are all closed in full, and their requirement goes', () => {
    check(
      fc.property(legs, objective, (list, goal) => {
        const steps = orderLegs(list, goal);
        for (const { id, size, requirement } of list) {
          const closes = steps.flatMap((step) => step.legs).filter((close) => close.id === id);
          near(
            closes.reduce((sum, close) => sum + close.size, 0),
            size,
            10,
          );
          near(
            closes.reduce((sum, close) => sum + close.relief, 0),
            requirement,
            100,
          );
        }
        for (const { legs: closed, relief, cost } of steps) {
          near(
            relief,
            closed.reduce((sum, close) => sum + close.relief, 0),
            1000,
          );
          expect(cost).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('of a hedge never raise its net delta', () => {
    check(
      fc.property(legs, (list) => {
        const net = new Map<string, number>();
        for (const { underlying, size } of list) net.set(underlying, (net.get(underlying) ?? 0) + size);
        for (const step of orderLegs(list, 'hedgeSafe')) {
          near(step.deltaBefore, net.get(step.underlying) ?? 0, 100);
          const after = step.legs.reduce((left, { size }) => left - size, net.get(step.underlying) ?? 0);
          near(step.deltaAfter, after, 100);
          expect(Math.abs(step.deltaAfter)).toBeLessThanOrEqual(Math.abs(step.deltaBefore) + 1e-11);
          net.set(step.underlying, after);
        }
        for (const delta of net.values()) near(delta, 0, 100);
      }),
    );
  });

  it('make a plan within its limits', () => {
    check(
      fc.property(
        legs,
        objective,
        decimals(0, 200),
        decimals(0, 3000),
        shuffled,
        (list, goal, shortage, maxNotional, keys) => {
          const planned = list.map((entry) => ({ ...entry, mark: 100, maintenanceRate: 0.05, lot: 0.01 }));
          const plan = liquidationPlan(planned, { objective: goal }, { shortage, maxNotional });
          const again = liquidationPlan(
            permute(planned, keys) as typeof planned,
            { objective: goal },
            { shortage, maxNotional },
          );
          expect(again).toEqual(plan);
          const closed = plan.steps.reduce((sum, { notional }) => sum + notional, 0);
          expect(closed).toBeLessThanOrEqual(maxNotional * (1 + 1e-9) + 1e-9);
          expect(plan.feasible).toBe(plan.relief >= shortage);
          for (const { id, size } of plan.steps) {
            expect(size).toBeLessThanOrEqual(Math.abs(list.find((entry) => entry.id === id)?.size ?? 0) + 1e-9);
          }
        },
      ),
    );
  });

  it('closed in pairs leave the delta that they say', () => {
    const pair = fc.tuple(decimals(0.01, 50), decimals(0.5, 2), decimals(0.01, 1), decimals(0.01, 1));
    check(
      fc.property(
        pair,
        decimals(0.01, 1),
        fc.integer({ min: 1, max: 6 }),
        ([size, hedge, spotLot, perpLot], ratio, slices) => {
          const perp = -rounded(exact(Number((size * hedge).toFixed(4))));
          const both = [
            { id: 'spot', size, lot: spotLot },
            { id: 'perp', size: perp, lot: perpLot },
          ];
          const { steps, residualDelta } = pairedClose(both, ratio, slices);
          const closed = [0, 0];
          for (const step of steps) {
            step.close.forEach((entry, i) => {
              closed[i] = toStep((closed[i] ?? 0) + entry.size, 1e-6, 'nearest');
            });
            const open = size - (closed[0] ?? 0) + (perp - (closed[1] ?? 0));
            near(step.deltaAfter, open, 100);
            expect(
              deltaAfter(
                both,
                both.map(({ id }, i) => ({ id, size: closed[i] ?? 0 })),
              ),
            ).toBe(step.deltaAfter);
            expect(Math.abs(closed[0] ?? 0) <= size && Math.abs(closed[1] ?? 0) <= -perp).toBe(true);
          }
          expect(residualDelta).toBe(steps.at(-1)?.deltaAfter);
          if (ratio === 1) expect(residualDelta).toBe(0);
          // Beyond what was not hedged, the follower is at most half a lot off.
          const share = Math.abs((closed[0] ?? 0) / size);
          const unhedged = Math.abs(size + perp) * (1 - Math.min(share, Math.abs((closed[1] ?? 0) / perp)));
          expect(Math.abs(residualDelta)).toBeLessThanOrEqual(unhedged + Math.max(spotLot, perpLot) + 1e-9);
        },
      ),
    );
  });
});
