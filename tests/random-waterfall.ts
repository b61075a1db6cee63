// Random states and stacks of layers for the waterfall's properties: small numbers beside numbers far beyond 2^53, empty
// purses, several defaulters, every method, rounding, scope and cap.
import * as fc from 'fast-check';
import type { AccountJSON, Allocation, DefaultEvent, Layer, StateJSON } from '../bindings/waterfall/index.js';

export interface Crisis {
  state: StateJSON;
  stages: Layer[];
  event: DefaultEvent;
}

const small = fc.bigInt(0n, 60n);
const amount = fc.oneof({ weight: 3, arbitrary: small }, { weight: 1, arbitrary: fc.bigInt(0n, 1n << 96n) });
const weight = fc.oneof(fc.bigInt(1n, 9n), fc.bigInt(1n, 1n << 80n));

const member = fc.record({
  balance: amount,
  fund: amount,
  stake: weight,
  loss: fc.option(fc.oneof(fc.bigInt(1n, 90n), fc.bigInt(1n, 1n << 97n)), { freq: 3 }),
  universe: fc.constantFrom('', 'u'),
  group: fc.integer({ min: 0, max: 2 }),
  rank: fc.integer({ min: 0, max: 3 }),
});

const METHODS = ['sequential', 'queue', 'cappedProRata', 'juniority'] as const;
/** With the one that leaves a part open by its own rule, so that less may be taken of a larger loss. */
const ALL_METHODS = [...METHODS, 'proRata'] as const;
const ROUNDINGS = ['largestRemainder', 'floorThenId', 'floorThenLast', 'ceilKeep', 'euclid'] as const;

/** A layer of each kind. */
const layerOf = (methods: readonly Allocation[]) =>
  fc.record({
    base: fc.constantFrom<Omit<Layer, 'id'>[]>(
      { who: 'defaulter', from: 'fund' },
      { who: ['insurance'] },
      { who: ['insurance', 'treasury'], from: 'reserve' },
      { who: 'survivors', from: 'fund' },
      { who: 'survivors', weight: 'stake' },
      { who: 'survivors', weight: 'stake', scope: 'universe', from: 'fund' },
      {
        who: 'survivors',
        from: 'assessed',
        overdraft: true,
        weight: 'stake',
        caps: { perMember: { of: 'stake', times: 3 } },
      },
    ),
    allocate: fc.constantFrom(...methods),
    round: fc.constantFrom(...ROUNDINGS),
    capacity: fc.option(amount),
    perDefault: fc.option(amount, { freq: 2 }),
  });

const crisisOf = (methods: readonly Allocation[]): fc.Arbitrary<Crisis> =>
  fc
    .record({
      members: fc.array(member, { minLength: 2, maxLength: 9 }),
      insurance: amount,
      reserves: fc.tuple(amount, amount),
      layers: fc.array(layerOf(methods), { minLength: 1, maxLength: 6 }),
    })
    .map(({ members, insurance, reserves, layers }) => {
      // The first always defaults, the last never does.
      const people = members.map((each, i) => ({
        ...each,
        id: `m${i}`,
        loss: i === 0 ? (each.loss ?? 40n) : each.loss,
      }));
      (people.at(-1) as (typeof people)[number]).loss = null;
      const accounts = people.map(
        ({ id, balance, fund, stake, universe, group, rank, loss }): AccountJSON => ({
          id,
          balances: { USD: loss === null ? balance : 0n },
          purses: { fund: { USD: fund }, assessed: { USD: 0n } },
          measures: { stake },
          ...(universe === '' ? {} : { universe }),
          group,
          rank,
        }),
      );
      accounts.push({
        id: 'insurance',
        house: true,
        balances: { USD: insurance },
        purses: { reserve: { USD: reserves[0] } },
      });
      accounts.push({ id: 'treasury', house: true, purses: { reserve: { USD: reserves[1] } } });
      const stages = layers.map(({ base, allocate, round, capacity, perDefault }, i): Layer => {
        return {
          id: `layer${i}`,
          ...base,
          whenEmpty: 'skip',
          ...(base.who === 'defaulter' ? {} : { allocate, round }),
          ...(capacity === null ? {} : { capacity }),
          ...(perDefault === null ? {} : { caps: { ...base.caps, perDefault } }),
        };
      });
      const losers = people.flatMap(({ id, loss }) => (loss === null ? [] : [[id, loss] as const]));
      const event = { asset: 'USD', defaulters: losers.map(([id]) => id), losses: Object.fromEntries(losers) };
      return { state: { accounts }, stages, event };
    });

/** Methods that give all that they can. */
export const crisis = crisisOf(METHODS);
export const anyCrisis = crisisOf(ALL_METHODS);
