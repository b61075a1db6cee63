// Splitting an amount: published splits, and what must hold of every split of random amounts.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Allocation, allocate, type Rounding, run } from '../bindings/waterfall/index.js';
import { refusal } from './refusal.js';

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, part) => total + part, 0n);
const METHODS: Allocation[] = ['sequential', 'queue', 'proRata', 'cappedProRata', 'juniority'];
const ROUNDINGS: Rounding[] = ['largestRemainder', 'floorThenId', 'floorThenLast', 'ceilKeep', 'euclid'];

/** The same cases in every run; another seed finds others. */
const all = { seed: Number(process.env.WATERFALL_SEED ?? 20260103), numRuns: 400 };

const big = fc.oneof(fc.bigInt(0n, 50n), fc.bigInt(0n, 1n << 100n));
const people = fc
  .array(
    fc.record({
      weight: fc.oneof(fc.bigInt(1n, 20n), fc.bigInt(1n, 1n << 90n)),
      capacity: fc.option(big),
      rank: fc.integer({ min: 0, max: 3 }),
      group: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) => list.map((entry, i) => ({ ...entry, id: String(i + 1) })));
const rules = fc.record({ method: fc.constantFrom(...METHODS), round: fc.constantFrom(...ROUNDINGS) });

describe('allocate', () => {
  it('gives left-over units by ascending id (MetaFlux: 10 over three capacities of 7)', () => {
    const seven = ['3', '1', '2'].map((id) => ({ id, capacity: 7n }));
    expect(allocate(10n, seven, { method: 'cappedProRata', round: 'floorThenId' }).shares).toEqual([3n, 4n, 3n]);
  });

  it('gives the remainder to the last (Vega: 5,110 over gains of 80 and 8,000)', () => {
    const winners = [
      { id: 'aux2', weight: 80n },
      { id: 'party2', weight: 8000n },
    ];
    expect(allocate(5080n, winners, { method: 'proRata', round: 'floorThenLast' }).shares).toEqual([50n, 5030n]);
  });

  it('fills those who are full and lets the others bear the rest', () => {
    const asked = [
      { id: 'a', weight: 1n, capacity: 10n },
      { id: 'b', weight: 1n, capacity: 100n },
      { id: 'c', weight: 2n, capacity: 100n },
    ];
    expect(allocate(100n, asked, { method: 'cappedProRata' }).shares).toEqual([10n, 30n, 60n]);
    expect(allocate(100n, asked, { method: 'proRata' })).toMatchObject({ shares: [10n, 25n, 50n], residual: 15n });
  });

  it('takes the junior group first', () => {
    const asked = [
      { id: 'a', capacity: 10n, group: 1 },
      { id: 'b', capacity: 30n, group: 0 },
      { id: 'c', capacity: 10n, group: 1 },
    ];
    expect(allocate(40n, asked, { method: 'juniority' }).shares).toEqual([5n, 30n, 5n]);
  });

  it('names what is wrong', () => {
    expect(refusal(() => allocate(-1n, [], { method: 'queue' }))).toMatch(/range at amount: got -1n/);
    expect(refusal(() => allocate(1n, [{ id: 'a', capacity: -1n }], { method: 'queue' }))).toMatch(/capacity: got -1n/);
    expect(refusal(() => allocate(1n, [{ id: 'a', weight: 0n }], { method: 'proRata' }))).toMatch(/All weights are 0/);
    expect(refusal(() => allocate(1n, [], { method: 'prorata' as Allocation }))).toMatch(/Did you mean "proRata"/);
    const twice = [
      { id: 'a', weight: 1n },
      { id: 'a', weight: 2n },
    ];
    expect(refusal(() => allocate(1n, twice, { method: 'proRata' }))).toMatch(/duplicate at participants\[1\].id/);
  });

  it('conserves, keeps capacities and does not look at the order', () => {
    fc.assert(
      fc.property(big, people, rules, (amount, asked, rule) => {
        const { shares, taken, residual, dust } = allocate(amount, asked, rule);
        expect(sum(shares)).toBe(taken);
        expect(taken + residual + dust).toBe(amount);
        shares.forEach((part, i) => {
          const { capacity } = asked[i]!;
          expect(part >= 0n && (capacity === null || part <= capacity)).toBe(true);
        });
        const n = BigInt(asked.length);
        expect(dust <= n && dust >= -n && residual >= 0n).toBe(true);
        if (rule.method === 'sequential' || rule.round === 'floorThenLast') return;
        const back = allocate(amount, [...asked].reverse(), rule);
        expect(back.shares.reverse()).toEqual(shares);
      }),
      all,
    );
  });

  it('takes no less of a larger amount, and gives nobody less of it than a unit', () => {
    fc.assert(
      fc.property(big, big, people, rules, (a, b, asked, rule) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const [low, high] = [allocate(less, asked, rule), allocate(more, asked, rule)];
        expect(high.taken + high.dust >= low.taken + low.dust).toBe(true);
        // All left-over units go to the last: it may have had many of the smaller amount and none of the larger.
        const units = rule.round === 'floorThenLast' ? BigInt(asked.length) : 1n;
        high.shares.forEach((part, i) => {
          expect(part + units >= low.shares[i]!).toBe(true);
        });
      }),
      all,
    );
  });
});

describe('ceilKeep', () => {
  const three = [1, 2, 3].map((i) => ({ id: `m${i}`, weight: 1n, capacity: 1n }));

  it('keeps nothing of what payers gave while something is open', () => {
    const rule = { method: 'proRata', round: 'ceilKeep' } as const;
    expect(allocate(4n, three, rule)).toEqual({ shares: [1n, 1n, 1n], taken: 3n, residual: 1n, dust: 0n });
    const none = three.map((each) => ({ ...each, capacity: 0n }));
    expect(allocate(1n, none, rule)).toEqual({ shares: [0n, 0n, 0n], taken: 0n, residual: 1n, dust: 0n });
    const roomy = three.map((each) => ({ ...each, capacity: 9n }));
    expect(allocate(4n, roomy, rule)).toEqual({ shares: [2n, 2n, 2n], taken: 6n, residual: 0n, dust: -2n });
  });

  it('leaves no more open than was asked', () => {
    const bearer = fc.record({ weight: fc.bigInt(0n, 5n), capacity: fc.bigInt(0n, 5n) });
    fc.assert(
      fc.property(fc.bigInt(0n, 30n), fc.array(bearer, { minLength: 1, maxLength: 6 }), (amount, bearers) => {
        fc.pre(bearers.some(({ weight }) => weight > 0n));
        for (const method of ['proRata', 'cappedProRata'] as const) {
          const asked = bearers.map((each, i) => ({ id: `${i}`, ...each }));
          const { shares, residual, dust } = allocate(amount, asked, { method, round: 'ceilKeep' });
          const given = shares.reduce((sum, share) => sum + share, 0n);
          expect([given + residual + dust, residual >= 0n && residual <= amount]).toEqual([amount, true]);
          expect(dust === 0n || residual === 0n).toBe(true);
        }
      }),
    );
  });

  it('asks nobody beyond a cap of the layer', () => {
    const members = ['a', 'b', 'c'].map((id) => ({ id, balances: { USD: 100n }, measures: { w: 1n } }));
    const state = { accounts: [{ id: 'd', balances: { USD: -100n } }, ...members] };
    const layer = { id: 'L', who: 'survivors', weight: 'w', round: 'ceilKeep', capacity: 10n } as const;
    const { residual, dust, feasibility } = run(state, [layer], { defaulter: 'd' });
    expect([residual, dust.size, feasibility.capacity]).toEqual([90n, 0, 10n]);
  });
});
