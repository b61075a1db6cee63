// What a caller may hand in that is wrong: every function answers it by name, or with a result, and never in another way.
import { describe, expect, it } from 'vitest';
import * as adl from '../bindings/waterfall/adl/index.js';
import * as auction from '../bindings/waterfall/auction/index.js';
import * as waterfall from '../bindings/waterfall/index.js';
import { distributeRecovery, MarginError, type Recovery, run } from '../bindings/waterfall/index.js';
import * as indices from '../bindings/waterfall/indices/index.js';
import * as mutual from '../bindings/waterfall/mutual/index.js';
import { evaluateWith, examplesOf, functionsOf } from './examples.js';
import { refusal, refusedAt } from './refusal.js';

type Call = (...given: unknown[]) => unknown;
const WRONG = [undefined, null, 5, 'x', [], {}];

/** Calls with what the examples of a room leave out. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  adl: [
    `adl({ size: 2n, mark: 1, bankruptcy: 1, account: 'z', exec: 1 }, [{ id: 'a', lots: 3n, deltaRequirement: 1n, requirement: 2n,
      bankruptcy: 1, position: { pnl: 1n, wallet: 1n, maintenance: 1n, one: 1n, deltaNeutral: true } }],
      { allocation: 'queue', space: 'contracts', score: 'bybit', hedges: { share: '0.1', operator: '<' } })`,
    `adl({ loss: 9n, covered: 1n, severity: '1/2' }, [{ id: 'a', cash: 3n, pnl: 2n, leverage: 2, most: 1n }],
      { allocation: 'cappedProRata', space: 'equity', round: 'floorThenId', risk: { shape: 'power', exponent: 3 } })`,
    `adlQueue({ markets: [{ id: 'M', settle: 'USD', mark: 12 }], accounts: [{ id: 'a', balances: { USD: 9n },
      positions: { M: { lots: 3n, cost: -30n } } }] },
      { market: 'M', side: 'long', score: 'okx', reliefs: { a: { deltaRequirement: 1n, requirement: 2n } } })`,
    `closeMany([3n], new Float64Array([1]), [5n], ['a'])`,
    `topCandidates(new Float64Array([1]), 1, ['a'])`,
  ],
  auction: [
    `debtBid({ bid: 1n, lot: 9n, beg: 1, leader: 'a', system: 's', clock: { end: 9, ttl: 3, expires: 4 } },
      { bidder: 'b', lot: 5n, at: 1 })`,
    `sealedAuction([{ bidder: 'a', price: 5n, units: 6n, at: 1 }], { type: 'multi', units: 9n, reserve: 1n,
      mandatory: [{ id: 'a', minUnits: 1n }] })`,
  ],
  indices: [],
  mutual: [
    `mutualNetwork({ A: 5n }, { A: 3n, B: 9n }, [{ from: 'B', to: 'A', share: 1, cap: 9n, drawn: 1n, perEvent: 5n, group: 1,
      cooldown: 5, restsUntil: 0 }], { onward: true, reciprocal: 1, round: 'floorThenId', time: 3 })`,
    `lenderOfLastResort(9n, [{ id: 'a', amount: 5n, premium: 0 }], { maxPremium: 1, perLender: 3n, most: 4n, price: 'uniform' })`,
    `jointDefault([{ venue: 'A', equity: -5n, own: 1n }], [['A']], [{ id: 'l', capacity: 3n, venues: ['A'] }])`,
  ],
};

/** A value with something wrong in its place, or in that of one of its parts, however deep. */
function spoilt(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return [
      ...WRONG,
      ...value.flatMap((part, at) => spoilt(part).map((wrong) => Object.assign([...value], { [at]: wrong }))),
    ];
  }
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return WRONG;
  const parts = Object.entries(value).flatMap(([key, part]) =>
    spoilt(part).map((wrong) => ({ ...value, [key]: wrong })),
  );
  return [...WRONG, ...parts];
}

/** What a call answers, where that is neither a result nor a refusal by name. */
function failureOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return error instanceof MarginError ? undefined : String(error);
  }
}

describe.each(Object.entries({ adl, auction, indices, mutual }))('%s', (room, module) => {
  const names = functionsOf(module);
  const calls: [name: string, given: unknown[]][] = [];
  const noted = (name: string, call: Call): Call => {
    return (...given) => {
      calls.push([name, given]);
      return call(...given);
    };
  };
  const spied = Object.entries(waterfall).map(([name, value]) => {
    return [name, names.includes(name) ? noted(name, value as Call) : value] as const;
  });
  const evaluate = evaluateWith(Object.fromEntries(spied));
  for (const { expression } of examplesOf(`waterfall/${room}/`)) evaluate(expression);
  for (const expression of MORE[room] as readonly string[]) evaluate(expression);

  it('answers whatever is wrong in an argument, or in a part of one, by name or with a result', () => {
    const failures = new Set<string>();
    for (const [name, given] of calls) {
      const call = (module as unknown as Record<string, Call>)[name] as Call;
      for (let place = 0; place < Math.max(call.length, given.length); place++) {
        for (const wrong of spoilt(given[place])) {
          const spoiltCall = Object.assign([...given], { [place]: wrong });
          const failure = failureOf(() => call(...spoiltCall));
          if (failure) failures.add(`${name}, argument ${place}: ${failure}`);
        }
      }
    }
    expect([...failures]).toEqual([]);
    expect(new Set(calls.map(([name]) => name))).toEqual(new Set(names));
  });
});

describe('a queue', () => {
  it('is made of scores and ids, or refused', () => {
    const one = { numerator: 1n, denominator: 2n };
    for (const wrong of spoilt([one, one])) {
      expect(failureOf(() => new adl.RankQueue(wrong as (typeof one)[]))).toBe(undefined);
      expect(failureOf(() => new adl.RankQueue([one, one], wrong as string[]))).toBe(undefined);
    }
    expect(refusedAt(() => new adl.RankQueue([one, 5] as (typeof one)[]))).toBe('type scores[1]');
    expect(refusedAt(() => new adl.RankQueue([one], {} as string[]))).toBe('type ids');
  });

  it('of a state is asked for by words that are known', () => {
    const state = { markets: [{ id: 'M', settle: 'USD', mark: 12 }], accounts: [] };
    const asked = (queue: object) => refusedAt(() => adl.adlQueue(state, queue as adl.StateQueue));
    expect(asked({ market: 'M', side: 'long', score: 'okex' })).toBe('type queue.score');
    expect(asked({ market: 'N', side: 'long' })).toBe('unknown-id queue.market');
    expect(asked({ market: 'M', side: 'long', relief: {} })).toBe('unknown-key queue.relief');
    expect(asked({ market: 'M', side: 'long', reliefs: 5 })).toBe('type queue.reliefs');
  });
});

describe('errors name the argument of the caller', () => {
  it.each<[string, () => unknown]>([
    ['range accounts[0].most', () => adl.adlRound([{ id: 'a', equity: 1n, most: -1n }], { allocation: 'proRata' })],
    ['range rule.severity', () => adl.adlRound([{ id: 'a', equity: 1n }], { allocation: 'proRata', severity: 2 })],
    [
      'range bearers[1].leverage',
      () =>
        adl.riskShares(
          [
            { equity: 1n, leverage: 1 },
            { equity: 1n, leverage: -1 },
          ],
          { shape: 'linear' },
        ),
    ],
    ['missing-key event.estimated', () => adl.adlBudget({ size: 1n, bankruptcy: 1, exec: 1 } as adl.AdlEvent)],
    [
      'range transfers[0].amount',
      () => auction.settled({}, [{ from: 'a', to: 'b', asset: 'lot', amount: -1n }], 'lot'),
    ],
    ['range claims.b', () => indices.eagerShares(1n, { a: 1n, b: -1n })],
  ])('%s', (where, call) => {
    expect(refusedAt(call)).toBe(where);
  });
});

describe('a recovery', () => {
  const book = {
    accounts: [
      { id: 'a', balances: { USD: -7n } },
      { id: 'f', balances: { USD: 4n } },
      { id: 'g', balances: { USD: 4n } },
    ],
  };
  const stages = [
    { id: 'first', who: ['f'] },
    { id: 'second', who: ['g'] },
  ];
  const outcome = run(book, stages, { defaulter: 'a' });
  const again = (recovery: unknown) => () => distributeRecovery(outcome.state, outcome, recovery as Recovery);

  it('that is counted twice is refused, so that nobody is paid back for another', () => {
    const first = distributeRecovery(outcome.state, outcome, { amount: 5n });
    expect([...first.byStage]).toEqual([
      ['second', 3n],
      ['first', 2n],
    ]);
    const second = distributeRecovery(first.state, outcome, { amount: 5n, before: [first] });
    expect([[...second.byStage], second.surplus]).toEqual([[['first', 2n]], 3n]);
    expect(refusal(again({ amount: 5n, before: [first, first] }))).toMatch(
      /range at recovery\.before\[1\]: got 3n, expected at most 0, which is what g gave and has not got back/,
    );
  });

  it('is answered by name where it is none', () => {
    expect(refusedAt(again(undefined))).toBe('type recovery');
    expect(refusedAt(again({}))).toBe('missing-key recovery.amount');
    expect(refusedAt(again({ amount: 1n, form: 'a' }))).toBe('unknown-key recovery.form');
    expect(refusedAt(again({ amount: 1n, before: 5 }))).toBe('type recovery.before');
    expect(refusedAt(again({ amount: 1n, before: [{}] }))).toBe('missing-key recovery.before[0].postings');
    expect(refusedAt(again({ amount: 1n, before: [{ postings: 5 }] }))).toBe('type recovery.before[0].postings');
    for (const none of [undefined, null, 5, 'x', [], {}]) {
      expect(refusedAt(() => distributeRecovery(outcome.state, none as never, { amount: 1n }))).toMatch(/ outcome/);
    }
  });
});
