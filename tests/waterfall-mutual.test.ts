// Other venues' money: worked networks, what must hold of every network of random funds, losses and agreements, and the same
// transfers from a run whose layers are the other venues' funds.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as waterfall from '../bindings/waterfall/index.js';
import {
  type Agreement,
  type Amount,
  breakEvenPremium,
  type CommonLayer,
  injection,
  type JointCase,
  jointDefault,
  lenderOfLastResort,
  type MutualOutcome,
  type MutualRule,
  mutualFunds,
  mutualLayers,
  mutualNetwork,
  mutualPremium,
  poolExposure,
  run,
  verify,
} from '../bindings/waterfall/index.js';
import { evaluateWith, examplesOf } from './examples.js';
import { refusal } from './refusal.js';

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, part) => total + part, 0n);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

describe('examples', () => {
  const evaluate = evaluateWith(waterfall);
  const examples = examplesOf('waterfall/mutual/');

  it('are there', () => expect(examples).toHaveLength(9));

  it.each(examples)('$name', ({ expression, result }) => {
    expect(evaluate(expression)).toEqual(evaluate(result));
  });
});

const moved = ({ transfers }: MutualOutcome): Record<string, bigint> =>
  Object.fromEntries(transfers.map(({ from, to, amount }) => [`${from}>${to}`, amount]));
const venue = ({ venues }: MutualOutcome, id: string) => venues.find((each) => each.id === id);

describe('a mutual network', () => {
  it('uses the own fund, then the others in proportion to what they have agreed to give', () => {
    const agreements = [
      { from: 'B', to: 'A', share: '0.5' },
      { from: 'C', to: 'A', share: '0.5', cap: 20n },
    ];
    const outcome = mutualNetwork({ A: 100n, C: 10n }, { A: 40n, B: 80n, C: 60n }, agreements);
    expect(moved(outcome)).toEqual({ 'B>A': 40n, 'C>A': 20n });
    expect(venue(outcome, 'A')).toEqual({
      ...{ id: 'A', loss: 100n, own: 40n, received: 60n, residual: 0n, given: 0n, passed: 0n, fund: 0n },
    });
    expect(venue(outcome, 'C')).toMatchObject({ loss: 10n, own: 10n, given: 20n, fund: 30n });
    const half = mutualNetwork({ A: 70n }, { A: 40n, B: 80n, C: 60n }, agreements);
    expect(moved(half)).toEqual({ 'B>A': 20n, 'C>A': 10n });
  });

  it('draws on the lower group first', () => {
    const agreements = [
      { from: 'B', to: 'A', group: 1 },
      { from: 'C', to: 'A' },
    ];
    expect(moved(mutualNetwork({ A: 50n }, { A: 0n, B: 100n, C: 30n }, agreements))).toEqual({
      'B>A': 20n,
      'C>A': 30n,
    });
  });

  it('shares one fund in proportion to what each loss may draw alone, and names who is short', () => {
    const agreements = [
      { from: 'C', to: 'A' },
      { from: 'C', to: 'B' },
    ];
    const outcome = mutualNetwork({ A: 30n, B: 60n }, { A: 0n, B: 0n, C: 45n }, agreements);
    expect(moved(outcome)).toEqual({ 'C>A': 18n, 'C>B': 27n });
    expect(outcome.venues.map(({ id, residual }) => [id, residual])).toEqual([
      ['A', 12n],
      ['B', 33n],
      ['C', 0n],
    ]);
  });

  it('lets the others pay first where the rule says so, and a fund keeps what its own loss needs', () => {
    const agreements = [
      { from: 'B', to: 'A' },
      { from: 'A', to: 'B' },
    ];
    const outcome = mutualNetwork({ A: 50n }, { A: 40n, B: 30n }, agreements, { ownFirst: false });
    expect(venue(outcome, 'A')).toMatchObject({ received: 30n, own: 20n, residual: 0n, fund: 20n });
    const both = mutualNetwork({ A: 50n, B: 20n }, { A: 40n, B: 30n }, agreements, { ownFirst: false });
    expect(both.venues.map(({ own, received, residual, given }) => [own, received, residual, given])).toEqual([
      [40n, 10n, 0n, 0n],
      [20n, 0n, 0n, 10n],
    ]);
  });

  it('is reciprocal: A draws on B no more than B could have drawn on A', () => {
    const agreements = [
      { from: 'B', to: 'A', cap: 100n },
      { from: 'A', to: 'B', cap: 30n },
      { from: 'C', to: 'A' },
    ];
    const funds = { A: 50n, B: 200n, C: 200n };
    const bound = (reciprocal: MutualRule['reciprocal']) =>
      moved(mutualNetwork({ A: 500n }, funds, agreements, reciprocal === undefined ? {} : { reciprocal }));
    expect(bound(undefined)).toEqual({ 'B>A': 100n, 'C>A': 200n });
    expect(bound(1)).toEqual({ 'B>A': 30n });
    expect(bound('1.5')).toEqual({ 'B>A': 45n });
    expect(bound(0)).toEqual({});
  });

  it('goes onward for what a giver lacks of its promise', () => {
    const agreements = [
      { from: 'B', to: 'A', cap: 100n },
      { from: 'C', to: 'B', cap: 50n },
      { from: 'D', to: 'C', cap: 40n },
    ];
    const funds = { A: 0n, B: 30n, C: 20n, D: 1000n };
    const direct = mutualNetwork({ A: 100n }, funds, agreements);
    expect([moved(direct), direct.residual]).toEqual([{ 'B>A': 30n }, 70n]);
    const onward = mutualNetwork({ A: 100n }, funds, agreements, { onward: true });
    expect(moved(onward)).toEqual({ 'B>A': 80n, 'C>B': 50n, 'D>C': 30n });
    expect(onward.venues.map(({ given, passed, residual }) => [given, passed, residual])).toEqual([
      [0n, 0n, 20n],
      [30n, 50n, 0n],
      [20n, 30n, 0n],
      [30n, 0n, 0n],
    ]);
  });

  it('shares what is found onward between all whom it is for', () => {
    const agreements = [
      { from: 'G', to: 'A', cap: 100n },
      { from: 'G', to: 'B', cap: 100n },
      { from: 'H', to: 'G', cap: 100n },
    ];
    const outcome = mutualNetwork({ A: 90n, B: 30n }, { A: 0n, B: 0n, G: 40n, H: 40n }, agreements, { onward: true });
    expect(moved(outcome)).toEqual({ 'G>A': 53n, 'G>B': 27n, 'H>G': 40n });
  });

  it('keeps book of caps and rests for the next event', () => {
    const agreements = [{ from: 'B', to: 'A', cap: 50n, perEvent: 30n, cooldown: 3600 }];
    const first = mutualNetwork({ A: 100n }, { A: 0n, B: 90n }, agreements, { time: 1000 });
    expect(first.agreements).toEqual([{ ...agreements[0], drawn: 30n, restsUntil: 4600 }]);
    const again = (time: number) => mutualNetwork({ A: 100n }, { A: 0n, B: 60n }, first.agreements, { time });
    expect([moved(again(4599)), moved(again(4600))]).toEqual([{}, { 'B>A': 20n }]);
  });
});

describe('cycles', () => {
  const funds = { A: 10n, B: 10n, C: 10n, D: 10n };
  const ring = (...ids: string[]): Agreement[] =>
    ids.slice(1).map((from, i) => ({ from, to: ids[i] as string, cap: 5n }));
  const onward = (agreements: Agreement[]) =>
    refusal(() => mutualNetwork({ A: 20n }, funds, agreements, { onward: true }));

  it('are refused by name where draws go onward', () => {
    expect(onward(ring('A', 'B', 'C', 'A'))).toMatch(/^conflict at agreements.*The cycle is A -> B -> C -> A: take/);
    expect(onward([...ring('A', 'B'), ...ring('B', 'D', 'C', 'B')])).toMatch(/The cycle is B -> D -> C -> B: take/);
  });

  it('are found behind agreements that go both ways', () => {
    const both = [...ring('A', 'C'), ...ring('A', 'B', 'C', 'A')];
    expect(onward(both)).toMatch(/The cycle is A -> B -> C -> A/);
  });

  // 51,040 agreements: a search over the whole network for each of them takes many seconds.
  it('of a network of 320 venues are looked for in no time, found or not', () => {
    const ids = Array.from({ length: 320 }, (_, i) => `v${i}`);
    const downward = ids.flatMap((to, i) => ids.slice(i + 1).map((from): Agreement => ({ from, to, cap: 5n })));
    const many = Object.fromEntries(ids.map((id) => [id, 10n]));
    const timed = <T>(work: () => T): T => {
      const start = performance.now();
      const done = work();
      expect(performance.now() - start).toBeLessThan(3_000);
      return done;
    };
    const ends = [...ring('v0', 'x', 'v0'), ...ring('y', 'v319', 'y')];
    const free = timed(() =>
      mutualNetwork({ v0: 1_000n }, { ...many, x: 0n, y: 0n }, [...downward, ...ends], { onward: true }),
    );
    expect([free.venues[0]?.received, free.residual]).toEqual([990n, 0n]);
    const last = [...ring('v0', 'x', 'v0'), ...ring('v319', 'y', 'z', 'v319')];
    const named = timed(() =>
      refusal(() => mutualNetwork({}, { ...many, x: 0n, y: 0n, z: 0n }, [...downward, ...last], { onward: true })),
    );
    expect(named).toMatch(/The cycle is v319 -> y -> z -> v319: take/);
  });

  it('do no harm where draws end with the first giver', () => {
    expect(moved(mutualNetwork({ A: 20n }, funds, ring('A', 'B', 'C', 'A')))).toEqual({ 'B>A': 5n });
  });

  it('are not two venues that cover each other', () => {
    const pair = [...ring('A', 'B', 'A'), ...ring('B', 'C', 'B')];
    expect(mutualNetwork({ A: 20n, C: 3n }, funds, pair, { onward: true }).residual).toBe(5n);
  });
});

const IDS = ['A', 'B', 'C', 'D', 'E', 'F', '7', '11'];
const money = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt(0n, 40n) },
  { weight: 1, arbitrary: fc.bigInt(0n, 1n << 90n) },
);
const some = (key: string) =>
  fc.option(money, { nil: undefined }).map((value) => (value === undefined ? {} : { [key]: value }));
const terms = fc
  .tuple(some('cap'), some('perEvent'), fc.constantFrom(undefined, '1/3', '0.5', 0), fc.integer({ min: 0, max: 1 }))
  .map(([cap, perEvent, share, group]) => ({ ...cap, ...perEvent, ...(share === undefined ? {} : { share }), group }));
const pairs = IDS.flatMap((from) => IDS.filter((to) => to !== from).map((to) => ({ from, to })));
const network = fc
  .record({
    funds: fc.tuple(...IDS.map(() => money)),
    losses: fc.tuple(...IDS.map(() => fc.oneof(fc.constant(0n), money))),
    agreed: fc
      .subarray(pairs, { maxLength: 24 })
      .chain((chosen) => fc.tuple(...chosen.map((pair) => terms.map((rest) => ({ ...pair, ...rest }))))),
    round: fc.constantFrom('largestRemainder' as const, 'floorThenId' as const),
    reciprocal: fc.constantFrom(undefined, undefined, 1, '1/2'),
    kind: fc.constantFrom('first' as const, 'last' as const, 'onward' as const),
  })
  .map(({ funds, losses, agreed, round, reciprocal, kind }) => {
    const named = (amounts: readonly bigint[]) => Object.fromEntries(IDS.map((id, i) => [id, amounts[i] as bigint]));
    // Onward: who comes later in the list covers who comes before, or a neighbour both ways.
    const acyclic = agreed.filter(
      ({ from, to }) => IDS.indexOf(from) > IDS.indexOf(to) || (from === 'A' && to === 'B'),
    );
    const noTriangle = acyclic.filter(
      ({ from, to }) => !(from !== 'A' && from !== 'B' && to === 'A' && acyclic.some((e) => e.to === 'B')),
    );
    const rule: MutualRule = {
      round,
      ...(reciprocal === undefined ? {} : { reciprocal }),
      ...(kind === 'first' ? {} : kind === 'last' ? { ownFirst: false } : { onward: true }),
    };
    return {
      funds: named(funds),
      losses: named(losses),
      agreements: (kind === 'onward' ? noTriangle : agreed) as Agreement[],
      rule,
    };
  });
const partOf = (fund: bigint, share: Agreement['share'] = 1): bigint =>
  fund / ({ '1/3': 3n, '0.5': 2n, '0': fund + 1n }[String(share)] ?? 1n);
const many = {
  numRuns: Number(process.env.WATERFALL_RUNS ?? 200),
  seed: Number(process.env.WATERFALL_SEED ?? 20260101),
};

describe('every network', () => {
  it('conserves: losses are paid by funds or named', () => {
    fc.assert(
      fc.property(network, ({ losses, funds, agreements, rule }) => {
        const outcome = mutualNetwork(losses, funds, agreements, rule);
        expect(sum(outcome.postings.map(({ delta }) => delta))).toBe(0n);
        for (const { id, loss, own, received, residual, given, passed, fund } of outcome.venues) {
          expect([loss, own + received + residual]).toEqual([losses[id], loss]);
          expect(own + given + fund).toBe(funds[id]);
          const came = sum(outcome.transfers.filter(({ to }) => to === id).map(({ amount }) => amount));
          const went = sum(outcome.transfers.filter(({ from }) => from === id).map(({ amount }) => amount));
          expect([came, went]).toEqual([received + passed, given + passed]);
          for (const part of [own, received, residual, given, passed, fund]) expect(part >= 0n).toBe(true);
        }
        expect(outcome.residual).toBe(sum(outcome.venues.map(({ residual }) => residual)));
      }),
      many,
    );
  });

  it('takes nobody beyond its share, its caps, its own loss or the reciprocal bound', () => {
    fc.assert(
      fc.property(network, ({ losses, funds, agreements, rule }) => {
        const outcome = mutualNetwork(losses, funds, agreements, rule);
        const agreed = (from: string, to: string) => agreements.find((each) => each.from === from && each.to === to);
        for (const { from, to, amount } of outcome.transfers) {
          const agreement = agreed(from, to) as Agreement;
          for (const cap of [agreement.cap, agreement.perEvent]) {
            if (cap !== undefined) expect(amount <= BigInt(cap)).toBe(true);
          }
          const lost = losses[from] as bigint;
          if (!rule.onward)
            expect(amount <= partOf(max((funds[from] as bigint) - lost, 0n), agreement.share)).toBe(true);
          if (rule.reciprocal === undefined) continue;
          const back = agreed(to, from);
          const bound = back
            ? [back.cap, back.perEvent].reduce(
                (most: bigint, cap) => (cap === undefined ? most : min(most, BigInt(cap))),
                partOf(funds[to] as bigint, back.share),
              )
            : 0n;
          expect(amount <= (rule.reciprocal === 1 ? bound : bound / 2n)).toBe(true);
        }
        for (const { id, given, passed } of outcome.venues) {
          expect(given <= max((funds[id] as bigint) - (losses[id] as bigint), 0n)).toBe(true);
          if (!rule.onward) expect(passed).toBe(0n);
        }
      }),
      many,
    );
  });

  it('does not look at the order of venues or agreements', () => {
    fc.assert(
      fc.property(network, ({ losses, funds, agreements, rule }) => {
        const back = <T>(record: Record<string, T>) => Object.fromEntries(Object.entries(record).reverse());
        const one = mutualNetwork(losses, funds, agreements, rule);
        const other = mutualNetwork(back(losses), back(funds), [...agreements].reverse(), rule);
        expect({ ...other, agreements: [...other.agreements].reverse() }).toEqual(one);
      }),
      many,
    );
  });

  it('leaves no less open of a larger loss: to who has it, and in all but for units of division', () => {
    fc.assert(
      fc.property(network, fc.constantFrom(...IDS), money, ({ losses, funds, agreements, rule }, id, more) => {
        const worse = { ...losses, [id]: (losses[id] as bigint) + more };
        const [a, b] = [mutualNetwork(losses, funds, agreements, rule), mutualNetwork(worse, funds, agreements, rule)];
        expect((venue(b, id)?.residual as bigint) >= (venue(a, id)?.residual as bigint)).toBe(true);
        const others = IDS.some((other) => other !== id && losses[other] !== 0n);
        expect(b.residual >= a.residual - (others ? BigInt(IDS.length) : 0n)).toBe(true);
      }),
      many,
    );
  });

  it('leaves nothing open while a giver has what it has agreed to give', () => {
    fc.assert(
      fc.property(network, ({ losses, funds, agreements, rule: { reciprocal: _, ...rule } }) => {
        const outcome = mutualNetwork(losses, funds, agreements, rule);
        const gave = moved(outcome);
        const free = (id: string): bigint => max((funds[id] as bigint) - (losses[id] as bigint), 0n);
        // Money that could still come to a venue over any chain of agreements that are not used up.
        const reachable = (id: string, path: readonly string[]): boolean =>
          agreements.some(({ from, to, share, cap, perEvent }) => {
            if (to !== id || path.includes(from)) return false;
            const own = partOf(free(from), share);
            const caps = [cap, perEvent].flatMap((each) => (each === undefined ? [] : [BigInt(each)]));
            const given = gave[`${from}>${to}`] ?? 0n;
            const promise = caps.reduce(min, rule.onward && caps.length > 0 ? (caps[0] as bigint) : own);
            if (given >= promise) return false;
            const left = free(from) - (venue(outcome, from)?.given as bigint);
            // What has passed may be money of others: it is the giver's own only where nothing passes.
            const direct = left > 0n && (rule.onward ? given < own : true);
            return direct || (rule.onward === true && reachable(from, [...path, from]));
          });
        for (const { id, residual } of outcome.venues) {
          if (residual > 0n && rule.ownFirst !== false) expect([id, reachable(id, [id])]).toEqual([id, false]);
        }
      }),
      many,
    );
  });

  it('of one loss gives what a run gives whose layers are the funds of the others', () => {
    fc.assert(
      fc.property(network, money, ({ funds, agreements, rule }, loss) => {
        const { onward: _, ...direct } = rule;
        const outcome = mutualNetwork({ A: loss + 1n }, funds, agreements, direct);
        const { round, reciprocal } = direct;
        const bound = reciprocal === undefined ? {} : { reciprocal };
        const state = {
          accounts: [
            { id: 'trader', balances: { USD: 0n } },
            ...mutualFunds(funds, agreements, { asset: 'USD', ...bound }),
          ],
        };
        const own = { id: 'own', who: ['A'], from: 'fund' };
        const others = mutualLayers('A', agreements, { round: round as 'floorThenId' });
        const stages = direct.ownFirst === false ? [...others, own] : [own, ...others];
        const ran = run(state, stages, { asset: 'USD', defaulter: 'trader', losses: { trader: loss + 1n } });
        expect(ran.residual).toBe(outcome.residual);
        for (const { id, fund } of outcome.venues)
          expect([id, ran.state.amount(id, 'USD', 'fund')]).toEqual([id, fund]);
        expect(verify(ran, state).problems).toEqual([]);
      }),
      many,
    );
  });
});

describe('a default at several venues', () => {
  const venues = [
    { venue: 'A', equity: -100n, own: 20n },
    { venue: 'B', equity: 70n },
    { venue: 'C', equity: -40n },
    { venue: 'D', equity: 30n },
  ];
  const layers: CommonLayer[] = [{ id: 'guarantee', capacity: 50n, venues: ['A', 'C'] }];

  it('nets within agreements and uses common layers for the rest', () => {
    const { gross, ...netted } = jointDefault(venues, [['A', 'B', 'C']], layers);
    expect(
      netted.exposureByVenue.map(({ received, own, shared, residual }) => [received, own, shared, residual]),
    ).toEqual([
      [50n, 20n, 30n, 0n],
      [0n, 0n, 0n, 0n],
      [20n, 0n, 20n, 0n],
      [0n, 0n, 0n, 0n],
    ]);
    expect(netted.exposureByVenue.map(({ given, returned }) => [given, returned])).toEqual([
      [0n, 0n],
      [70n, 0n],
      [0n, 0n],
      [0n, 30n],
    ]);
    expect(netted.sharedLayerUse).toEqual([{ layer: 'guarantee', used: 50n, left: 0n, byVenue: { A: 30n, C: 20n } }]);
    expect([netted.loss, netted.residual, gross.loss, gross.residual]).toEqual([70n, 0n, 140n, 70n]);
    expect(gross.sharedLayerUse[0]?.byVenue).toEqual({ A: 33n, C: 17n });
  });

  const default_ = fc.record({
    held: fc.tuple(
      ...IDS.map(() => fc.tuple(fc.oneof(fc.bigInt(-60n, 60n), fc.bigInt(-(1n << 80n), 1n << 80n)), money)),
    ),
    groups: fc.tuple(...IDS.map(() => fc.integer({ min: 0, max: 2 }))),
    common: fc.array(fc.record({ capacity: money, venues: fc.subarray(IDS) }), { maxLength: 3 }),
  });

  it('conserves, and netting never leaves more open', () => {
    fc.assert(
      fc.property(default_, ({ held, groups, common }) => {
        const list = IDS.map((id, i) => ({ venue: id, equity: held[i]?.[0] as Amount, own: held[i]?.[1] as Amount }));
        const netting = [1, 2].map((group) => IDS.filter((_, i) => groups[i] === group));
        const shared = common.map((layer, i) => ({ id: `layer${i}`, ...layer }));
        const { gross, ...netted } = jointDefault(list, netting, shared);
        const check = ({ exposureByVenue, sharedLayerUse, loss, residual }: JointCase): void => {
          for (const { venue: id, ...each } of exposureByVenue) {
            const { equity, own } = list.find((one) => one.venue === id) as (typeof list)[number];
            expect(each.surplus - each.loss).toBe(equity);
            expect(each.loss).toBe(each.received + each.own + each.shared + each.residual);
            expect(each.surplus).toBe(each.given + each.returned);
            expect(each.own <= own).toBe(true);
          }
          const total = (key: 'received' | 'given' | 'shared' | 'residual') =>
            sum(exposureByVenue.map((each) => each[key]));
          expect(total('received')).toBe(total('given'));
          expect(total('shared')).toBe(sum(sharedLayerUse.map(({ used }) => used)));
          expect([total('residual'), loss]).toEqual([
            residual,
            sum(list.map(({ equity }) => max(-equity, 0n))) - total('given'),
          ]);
          sharedLayerUse.forEach(({ used, left, byVenue }, i) => {
            expect(used + left).toBe(common[i]?.capacity);
            expect(sum(Object.values(byVenue))).toBe(used);
          });
        };
        check(netted);
        check(gross);
        expect(netted.loss <= gross.loss && netted.residual <= gross.residual).toBe(true);
        expect(jointDefault([...list].reverse(), netting.reverse(), shared).exposureByVenue).toEqual(
          netted.exposureByVenue,
        );
      }),
      many,
    );
  });
});

describe('a pool in several roles', () => {
  it('keeps a loss of the liquidator away from the market maker', () => {
    const roles = [
      { id: 'maker', used: 600n },
      { id: 'liquidator', used: 100n },
    ];
    expect(poolExposure(1000n, roles)).toMatchObject({ used: 700n, free: 300n, blocked: 0n, short: 0n });
    const capped = poolExposure(1000n, roles, { liquidator: { share: '0.2', most: 150n }, maker: { most: 550n } });
    expect(capped).toMatchObject({ free: 300n, blocked: 250n });
    expect(capped.roles).toEqual([
      { id: 'liquidator', used: 100n, free: 50n, blocked: 250n, over: 0n },
      { id: 'maker', used: 600n, free: 0n, blocked: 300n, over: 50n },
    ]);
    expect(poolExposure(600n, roles)).toMatchObject({ free: 0n, short: 100n });
  });

  it('adds up, and no role reaches beyond its cap', () => {
    const uses = fc.array(fc.record({ used: money, most: fc.option(money) }), { maxLength: 5 });
    fc.assert(
      fc.property(money, uses, (pool, list) => {
        const roles = list.map(({ used }, i) => ({ id: `r${i}`, used }));
        const caps = Object.fromEntries(list.flatMap(({ most }, i) => (most === null ? [] : [[`r${i}`, { most }]])));
        const { used, free, blocked, short, roles: out } = poolExposure(pool, roles, caps);
        expect(used + free).toBe(pool + short);
        expect(blocked >= 0n && blocked <= free).toBe(true);
        out.forEach((role, i) => {
          expect(role.free + role.blocked).toBe(free);
          const most = min(pool, list[i]?.most ?? pool);
          expect(role.used + role.free <= max(most, role.used)).toBe(true);
          expect(role.over).toBe(max(role.used - most, 0n));
        });
      }),
      many,
    );
  });
});

describe('an injection', () => {
  it('is bounded by 40 % of what the pool is worth and by 100,000 a block (MetaFlux)', () => {
    const caps = { bpsOfNav: 4_000n, perBlock: 100_000n };
    const first = injection(70_000n, [{ id: 'mlp', nav: 200_000n }], caps);
    expect([first.injected, first.left]).toEqual([70_000n, 0n]);
    const { capacity: _, ...pool } = first.pools[0] as (typeof first.pools)[number];
    const second = injection(70_000n, [pool], caps);
    expect([second.injected, second.left]).toEqual([30_000n, 40_000n]);
    const next = injection(70_000n, [{ ...pool, spent: 0n }], caps);
    expect(next.injected).toBe(52_000n);
  });

  it('stops at what a pool may hold, and asks lower groups first', () => {
    const pools = [
      { id: 'a', nav: 100n, inventory: 60n, group: 0 },
      { id: 'b', nav: 100n, group: 1 },
    ];
    expect(injection(70n, pools, { inventory: 80n, perEvent: 40n })).toMatchObject({
      ...{ injected: 60n, left: 10n },
      transfers: [
        { from: 'a', amount: 20n },
        { from: 'b', amount: 40n },
      ],
    });
  });

  it('conserves within every bound', () => {
    const pool = fc.record({ nav: money, inventory: money, spent: money, group: fc.integer({ min: 0, max: 1 }) });
    const caps = fc.record(
      { perEvent: money, perBlock: money, bpsOfNav: fc.bigInt(0n, 20_000n), inventory: money },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(money, fc.array(pool, { maxLength: 5 }), caps, (need, list, bounds) => {
        const pools = list.map((each, i) => ({ id: `p${i}`, ...each }));
        const { injected, left, transfers, pools: after } = injection(need, pools, bounds);
        expect([injected + left, sum(transfers.map(({ amount }) => amount))]).toEqual([need, injected]);
        if (left > 0n) expect(injected).toBe(sum(after.map(({ capacity }) => capacity)));
        after.forEach(({ nav, spent, inventory }, i) => {
          const before = list[i] as (typeof list)[number];
          const paid = before.nav - nav;
          expect([spent - before.spent, inventory - before.inventory]).toEqual([paid, paid]);
          expect(nav >= 0n && paid <= (bounds.perEvent ?? paid)).toBe(true);
          if (paid > 0n)
            expect(spent <= (bounds.perBlock ?? spent) && inventory <= (bounds.inventory ?? inventory)).toBe(true);
          expect(paid * 10_000n <= before.nav * (bounds.bpsOfNav ?? 10_000n)).toBe(true);
        });
      }),
      many,
    );
  });
});

describe('premiums', () => {
  it('break even exactly: who survives pays for who does not', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 99n), fc.bigInt(0n, 100n), fc.bigInt(0n, 50n), (pd, lgd, cost) => {
        const { numerator: n, denominator: d } = breakEvenPremium(`${pd}/100`, `${lgd}/100`, `${cost}/100`);
        // (1 - pd) (1 + r) + pd (1 - lgd) = 1 + cost, times 100 x 100 x d.
        expect((100n - pd) * 100n * (d + n) + pd * (100n - lgd) * d).toBe((100n + cost) * 100n * d);
      }),
      many,
    );
  });

  it('of a mutual are paid in advance, so that they are lower', () => {
    expect(mutualPremium('0.2', '0.6', { cover: 1001n })).toEqual({
      rate: { numerator: 3n, denominator: 25n },
      premium: 121n,
    });
    expect(breakEvenPremium('0.2', '0.6')).toEqual({ numerator: 3n, denominator: 20n });
    expect(mutualPremium(0, 1, { cover: 5n }).premium).toBe(0n);
  });
});

describe('lenders of last resort', () => {
  const offers = [
    { id: 'c', amount: 50n, premium: '0.1' },
    { id: 'b', amount: 50n, premium: '0.05' },
    { id: 'a', amount: 50n, premium: '1/20' },
    { id: 'd', amount: 50n, premium: '0.3' },
  ];
  const awarded = (rule: Parameters<typeof lenderOfLastResort>[2], need = 170n) =>
    lenderOfLastResort(need, offers, rule).awards.map(({ id, amount, cost }) => [id, amount, cost]);

  it('are taken by premium, then by id', () => {
    expect(awarded({})).toEqual([
      ['a', 50n, 3n],
      ['b', 50n, 3n],
      ['c', 50n, 5n],
      ['d', 20n, 6n],
    ]);
    expect(awarded({ maxPremium: '0.1', perLender: 40n, price: 'uniform' })).toEqual([
      ['a', 40n, 4n],
      ['b', 40n, 4n],
      ['c', 40n, 4n],
    ]);
    expect(lenderOfLastResort(170n, offers, { most: 60n })).toMatchObject({ borrowed: 60n, residual: 110n, cost: 4n });
    expect(lenderOfLastResort(0n, offers)).toEqual({
      awards: [],
      borrowed: 0n,
      residual: 0n,
      cost: 0n,
      marginal: null,
    });
  });

  it('cost no more in all than in any other order, and no less for a larger need', () => {
    const offer = fc.record({ amount: fc.bigInt(0n, 99n), premium: fc.bigInt(0n, 9n) });
    fc.assert(
      fc.property(fc.array(offer, { maxLength: 6 }), fc.bigInt(0n, 300n), fc.bigInt(0n, 50n), (list, need, more) => {
        const ids = list.map((each, i) => ({ id: `l${i}`, ...each }));
        const { awards, borrowed, residual, cost } = lenderOfLastResort(need, ids);
        expect([borrowed + residual, sum(awards.map(({ amount }) => amount))]).toEqual([need, borrowed]);
        expect(borrowed).toBe(min(need, sum(list.map(({ amount }) => amount))));
        let [left, listed] = [need, 0n];
        for (const { amount, premium } of list) {
          listed += min(left, amount) * premium;
          left -= min(left, amount);
        }
        expect(cost <= listed).toBe(true);
        expect(lenderOfLastResort(need + more, [...ids].reverse()).cost >= cost).toBe(true);
      }),
      many,
    );
  });
});

describe('bad input is answered by name', () => {
  const funds = { A: 1n, B: 1n };
  const agreed =
    (agreement: object, rule: object = {}) =>
    () =>
      mutualNetwork({ A: 5n }, funds, [agreement as Agreement], rule);

  it.each<[string, () => unknown, RegExp]>([
    ['a giver without a fund', agreed({ from: 'Z', to: 'A' }), /unknown-id at agreements\[0\]\.from: got "Z"/],
    ['a venue that covers itself', agreed({ from: 'A', to: 'A' }), /conflict at agreements\[0\]\.to/],
    ['a share above 1', agreed({ from: 'B', to: 'A', share: 2 }), /range at agreements\[0\]\.share/],
    ['a cap below 0', agreed({ from: 'B', to: 'A', cap: -1n }), /range at agreements\[0\]\.cap/],
    ['a rest below 0', agreed({ from: 'B', to: 'A', cooldown: -1 }), /range at agreements\[0\]\.cooldown/],
    ['a key that nobody reads', agreed({ from: 'B', to: 'A', caps: 1n }), /unknown-key at agreements\[0\]\.caps/],
    [
      'two agreements one way',
      () =>
        mutualNetwork({}, funds, [
          { from: 'B', to: 'A' },
          { from: 'B', to: 'A' },
        ]),
      /duplicate at agreements\[1\]/,
    ],
    [
      'onward, and own fund last',
      agreed({ from: 'B', to: 'A' }, { onward: true, ownFirst: false }),
      /conflict at rule\.onward/,
    ],
    ['a rounding that needs an account', agreed({ from: 'B', to: 'A' }, { round: 'euclid' }), /type at rule\.round/],
    ['a multiple below 0', agreed({ from: 'B', to: 'A' }, { reciprocal: -1 }), /range at rule\.reciprocal/],
    ['a loss below 0', () => mutualNetwork({ A: -5n }, funds, []), /range at losses\.A: got -5n/],
    ['a loss of nobody', () => mutualNetwork({ Z: 5n }, funds, []), /unknown-id at losses\.Z/],
    ['a fund below 0', () => mutualNetwork({}, { A: -1n }, []), /range at funds\.A/],
    [
      'a venue in two groups',
      () => jointDefault([{ venue: 'A', equity: 1n }], [['A'], ['A']]),
      /duplicate at netting\[1\]/,
    ],
    [
      'a layer of nobody',
      () => jointDefault([], [], [{ id: 'l', capacity: 1n, venues: ['A'] }]),
      /layers\[0\]\.venues\[0\]/,
    ],
    ['a cap of no role', () => poolExposure(1n, [], { maker: { most: 1n } }), /unknown-id at caps\.maker/],
    [
      'a pool twice',
      () =>
        injection(1n, [
          { id: 'p', nav: 1n },
          { id: 'p', nav: 1n },
        ]),
      /duplicate at pools\[1\]\.id/,
    ],
    ['a probability above 1', () => mutualPremium(2, 1, { cover: 1n }), /range at pd/],
    ['a sure default', () => breakEvenPremium(1, 1), /range at pd: got 1, expected below 1/],
    ['a premium below 0', () => lenderOfLastResort(1n, [{ id: 'a', amount: 1n, premium: -1 }]), /offers\[0\]\.premium/],
    [
      'an offer twice',
      () =>
        lenderOfLastResort(1n, [
          { id: 'a', amount: 1n, premium: 1 },
          { id: 'a', amount: 1n, premium: 1 },
        ]),
      /duplicate/,
    ],
    [
      'layers of which the state knows nothing',
      () =>
        run(
          {
            accounts: [
              { id: 'a', balances: { USD: -1n } },
              { id: 'B', house: true, purses: { fund: { USD: 5n } } },
            ],
          },
          mutualLayers('A', [{ from: 'B', to: 'A' }]),
          { defaulter: 'a' },
        ),
      /unknown-id at stages\[0\]\.caps\.perMember\.of/,
    ],
  ])('%s', (_, call, message) => {
    expect(refusal(call)).toMatch(message);
  });
});
