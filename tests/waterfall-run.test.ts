// The waterfall: a worked default, what must hold of every run of random crises, and what is refused before anything moves.
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import * as waterfall from '../bindings/waterfall/index.js';
import {
  type Amount,
  adlQueue,
  adlRank,
  ccp,
  distributeRecovery,
  explainAccount,
  feasibility,
  type Layer,
  type Outcome,
  presets,
  run,
  type StateJSON,
  stateJSON,
  stateOf,
  verify,
} from '../bindings/waterfall/index.js';
import { anyCrisis, crisis } from './random-waterfall.js';
import { refusal } from './refusal.js';

const RUNS = Number(process.env.WATERFALL_RUNS ?? 200);
const SEED = Number(process.env.WATERFALL_SEED ?? 20260101);
// The long suite runs each property a hundred thousand times.
vi.setConfig({ testTimeout: 5_000 + RUNS * 20 });
const all = { numRuns: RUNS, seed: SEED };

const absorbed = ({ trace }: Outcome): Amount[] => trace.steps.map(({ need, open }) => need - open);
const house: StateJSON = {
  accounts: [
    { id: 'P001', purses: { margin: { USD: 300n }, fund: { USD: 1000n } }, measures: { contribution: 1000n } },
    {
      id: 'P002',
      balances: { USD: 50n },
      purses: { fund: { USD: 2000n } },
      measures: { contribution: 2000n, gains: 40n },
    },
    { id: 'P003', purses: { fund: { USD: 3000n } }, measures: { contribution: 3000n } },
    { id: 'ccp', house: true, purses: { junior: { USD: 500n }, senior: { USD: 1000n } } },
  ],
};

describe('a clearing house', () => {
  const outcome = run(house, presets.ccp, { defaulter: 'P001', losses: { P001: 10_000n } });

  it('goes down its layers in order', () => {
    const steps = outcome.trace.steps.map(({ stage, need, open }) => [stage, need - open]);
    expect(steps).toEqual([
      ['auction', 0n],
      ['defaulterMargin', 300n],
      ['defaulterFund', 1000n],
      ['juniorCapital', 500n],
      ['survivorsFund', 5000n],
      ['seniorCapital', 1000n],
      ['assessments', 2200n],
      ['gainsHaircut', 0n],
      ['tearUp', 0n],
    ]);
    expect(outcome.residual).toBe(0n);
    expect(outcome.feasible).toBe(true);
    expect([...outcome.postings.sums().values()].every((sum) => sum === 0n)).toBe(true);
    expect(outcome.state.amount('P003', 'USD', 'assessed')).toBe(-1320n);
    expect(outcome.state.amount('outside', 'USD')).toBe(10_000n);
  });

  it('takes the members whose bids were worst first', () => {
    const accounts = house.accounts.map((each) => (each.id === 'P003' ? { ...each, group: 1 } : each));
    const { state } = run({ accounts }, presets.ccp, { defaulter: 'P001', losses: { P001: 4000n } });
    expect(state.amount('P002', 'USD', 'fund')).toBe(0n);
    expect(state.amount('P003', 'USD', 'fund')).toBe(2800n);
  });

  it('tells each account why', () => {
    const { money, text } = explainAccount('P002', outcome);
    expect(money).toBe(-2880n);
    expect(text).toMatch(
      /survivorsFund: pays 2000 USD from "fund", its part of 8200 USD \(could give 2000 USD; juniority, largestRemainder\)/,
    );
    expect(text).toMatch(
      /assessments: pays 880 USD from "assessed", its part of 2200 USD \(weighs 2000 of 5000 by contribution, 40\.0 %; could give 5500 USD/,
    );
  });

  it('pays recoveries back in reverse seniority', () => {
    const { state, byStage, surplus } = distributeRecovery(outcome.state, outcome, { amount: 3300n });
    expect([...byStage]).toEqual([
      ['assessments', 2200n],
      ['seniorCapital', 1000n],
      ['survivorsFund', 100n],
    ]);
    expect(surplus).toBe(0n);
    expect(state.amount('P002', 'USD', 'fund')).toBe(40n);
    expect(state.amount('P003', 'USD', 'assessed')).toBe(0n);
  });

  it('says before it starts how far the loss reaches', () => {
    const small = ccp({ assessment: 0, gainsHaircut: 0 });
    const answer = feasibility(house, small, { defaulter: 'P001', losses: { P001: 10_000n } });
    expect(answer).toMatchObject({ need: 10_000n, capacity: 7800n, feasible: false, shortfall: 2200n });
    expect(run(house, small, { defaulter: 'P001', losses: { P001: 10_000n } }).residual).toBe(2200n);
  });

  it('is verified by a replay, and a changed posting is found', () => {
    expect(verify(outcome, house)).toEqual({ ok: true, problems: [] });
    const postings = outcome.postings.toArray();
    const first = postings.findIndex(({ account }) => account === 'P002');
    const forged = postings.map((each, i) => (i === first ? { ...each, delta: each.delta + 1n } : each));
    expect(verify({ ...outcome, postings: forged }, house).problems.join()).toMatch(/sum to 1, not to 0.*posting/s);
    const cause = postings.map((each, i) =>
      i === first ? { ...each, reason: { ...each.reason, rule: 'queue' } } : each,
    );
    expect(verify({ ...outcome, postings: cause }, house).problems.join()).toMatch(/posting \d+ is .*\(absorbed\)/);
    const steps = outcome.trace.steps.map((step) => ({ ...step, participants: 99 }));
    expect(verify({ ...outcome, trace: { ...outcome.trace, steps } }, house).problems).toEqual([
      'steps of the outcome are not those of the replay',
    ]);
    const digits = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
    const { trace, residual, deficits } = outcome;
    const read = JSON.parse(JSON.stringify({ trace, residual, deficits, postings }, digits));
    expect(verify(read, house)).toEqual({ ok: true, problems: [] });
    const richer = { accounts: house.accounts.map((each) => (each.id === 'ccp' ? { ...each, purses: {} } : each)) };
    expect(verify(outcome, richer).ok).toBe(false);
  });
});

describe('stages that move more than money', () => {
  const markets = [{ id: 'BTC', settle: 'USD', mark: 90 }];
  const book: StateJSON = {
    markets,
    accounts: [
      { id: 'long', balances: { USD: 50n }, positions: { BTC: { lots: 10n, cost: -1000n } } },
      { id: 'short', balances: { USD: 500n }, positions: { BTC: { lots: -10n, cost: 1000n } } },
      { id: 'vault', house: true, balances: { USD: 1000n } },
    ],
  };

  it('a backstop takes over positions with their money', () => {
    const outcome = run(book, [{ kind: 'transfer', id: 'vault', to: 'vault' }], { defaulter: 'long' });
    expect(outcome.residual).toBe(0n);
    expect(outcome.state.position('vault', 'BTC')).toEqual({ lots: 10n, cost: -1000n });
    expect(outcome.state.equity('vault', 'USD')).toBe(950n);
    expect(outcome.state.equity('long', 'USD')).toBe(0n);
  });

  it('but not more than its bounds admit', () => {
    const capped = { kind: 'transfer', id: 'vault', to: 'vault', caps: { bpsOfNav: 400n } } as const;
    expect(run(book, [capped], { defaulter: 'long' }).residual).toBe(50n);
  });

  it('a market is settled at a price that was set, and the record says by whom', () => {
    const set = { price: '95.55', authority: 'council', evidence: 'vote 12' };
    const settle = { kind: 'settle', id: 'final', market: 'BTC', ...set } as const;
    const { state, trace, postings } = run(book, [settle], { defaulter: 'long' });
    expect(state.position('long', 'BTC')).toEqual({ lots: 0n, cost: 0n });
    expect([state.amount('long', 'USD'), state.amount('short', 'USD'), state.amount('dust', 'USD')]).toEqual([
      5n,
      544n,
      1n,
    ]);
    expect(trace.steps[0]?.detail).toMatchObject({ authority: 'council', evidence: 'vote 12', price: '95.55' });
    expect([...postings].find(({ account }) => account === 'long')?.reason.note).toBe('council: vote 12');
  });

  it('and that is final', () => {
    const settle = { kind: 'settle', id: 'again', market: 'BTC' } as const;
    const { state } = run(book, [{ ...settle, id: 'once' }], { defaulter: 'long' });
    expect(refusal(() => run(state, [settle], { defaulter: 'long' }))).toMatch(
      /conflict at stages\[0\]\.market.*is final/,
    );
    expect(stateJSON(state).settled).toEqual({ BTC: { price: '90' } });
  });

  it('a client sees its place in the queue that the run uses', () => {
    const three = {
      ...book,
      accounts: [
        ...book.accounts,
        { id: 'far', balances: { USD: 9000n }, positions: { BTC: { lots: -10n, cost: 950n } } },
      ],
    };
    const queue = { market: 'BTC', score: 'hyperliquid' } as const;
    expect(adlQueue(three, { ...queue, side: 'short' }).map(({ id }) => id)).toEqual(['short', 'far']);
    expect(adlRank('far', three, queue)).toMatchObject({ rank: 2, ahead: 10n, light: 100 });
    const closed = adlRank('short', three, queue).closedIf(10n);
    const { state } = run(three, [{ kind: 'adl', id: 'adl', score: 'hyperliquid' }], { defaulter: 'long' });
    expect(state.position('short', 'BTC').lots).toBe(-10n + closed);
    expect(refusal(() => adlRank('vault', three, queue))).toMatch(/a position in BTC/);
  });

  it('survivors refill the fund', () => {
    const refill = {
      kind: 'replenish',
      id: 'refill',
      who: 'survivors',
      from: 'fund',
      to: 'ccp',
      into: 'junior',
      target: 700n,
    } as const;
    const { state } = run(house, [refill], { defaulter: 'P001' });
    expect(state.amount('ccp', 'USD', 'junior')).toBe(700n);
    expect(state.amount('P002', 'USD', 'fund')).toBe(1920n);
  });
});

describe('every run', () => {
  it('conserves: postings sum to zero and the residual is the loss less what was absorbed', () => {
    fc.assert(
      fc.property(anyCrisis, ({ state, stages, event }) => {
        const outcome = run(state, stages, event);
        for (const [what, sum] of outcome.postings.sums()) expect([what, sum]).toEqual([what, 0n]);
        const given = absorbed(outcome).reduce((sum, part) => sum + part, 0n);
        expect(outcome.trace.need - given).toBe(outcome.residual);
        const left = outcome.deficits.reduce((sum, { residual }) => sum + residual, 0n);
        expect(left).toBe(outcome.residual);
        const owed = outcome.deficits.reduce((sum, { account }) => sum - outcome.state.amount(account, 'USD'), 0n);
        expect(owed).toBe(outcome.residual);
      }),
      all,
    );
  });

  it('takes nobody below zero, nor beyond what it may be asked', () => {
    fc.assert(
      fc.property(anyCrisis, ({ state, stages, event }) => {
        const { state: after } = run(state, stages, event);
        const layers = stages.filter(({ overdraft }) => overdraft).length;
        for (const { id, measures } of state.accounts) {
          expect(after.amount(id, 'USD', 'fund') >= 0n).toBe(true);
          expect(after.amount(id, 'USD', 'reserve') >= 0n).toBe(true);
          if (!event.defaulters?.includes(id)) expect(after.amount(id, 'USD') >= 0n).toBe(true);
          const most = BigInt(measures?.stake ?? 0) * 3n * BigInt(layers);
          expect(after.amount(id, 'USD', 'assessed') >= -most).toBe(true);
        }
      }),
      all,
    );
  });

  it('is feasible exactly if nothing stays open', () => {
    fc.assert(
      fc.property(anyCrisis, ({ state, stages, event }) => {
        const { feasible, residual } = run(state, stages, event);
        expect(feasible).toBe(residual === 0n);
      }),
      all,
    );
  });

  it('does not look at the order of accounts', () => {
    fc.assert(
      fc.property(anyCrisis, ({ state, stages, event }) => {
        const listed = stages.filter(({ allocate, round }) => allocate !== 'sequential' && round !== 'floorThenLast');
        const back = { ...state, accounts: [...state.accounts].reverse() };
        const [one, other] = [run(state, listed, event).state, run(back, listed, event).state];
        for (const { id } of state.accounts) {
          for (const purse of ['balance', 'fund', 'reserve', 'assessed']) {
            expect(other.amount(id, 'USD', purse)).toBe(one.amount(id, 'USD', purse));
          }
        }
      }),
      all,
    );
  });

  it('takes no less of a larger loss, layer by layer, and leaves no less open', () => {
    fc.assert(
      fc.property(crisis, fc.bigInt(1n, 1n << 60n), ({ state, stages, event }, more) => {
        const [id = '', loss = 0n] = Object.entries(event.losses ?? {})[0] ?? [];
        const single = { ...event, defaulters: [id], losses: { [id]: loss } };
        const worse = { ...single, losses: { [id]: BigInt(loss) + more } };
        const [a, b] = [run(state, stages, single), run(state, stages, worse)];
        absorbed(a).forEach((given, i) => {
          expect((absorbed(b)[i] as Amount) >= given).toBe(true);
        });
        expect(b.residual >= a.residual).toBe(true);
      }),
      all,
    );
  });

  it('spares later layers when one becomes larger', () => {
    fc.assert(
      fc.property(crisis, fc.nat(), fc.bigInt(1n, 1n << 60n), ({ state, stages, event }, at, more) => {
        const i = at % stages.length;
        const larger = stages.map((each, k): Layer => {
          const { capacity, ...rest } = each;
          if (k !== i || capacity === undefined) return each;
          return { ...rest, capacity: BigInt(capacity as bigint) + more };
        });
        const first = event.defaulters?.[0] as string;
        const single = { ...event, defaulters: [first], losses: { [first]: event.losses?.[first] ?? 1n } };
        const [a, b] = [run(state, stages, single), run(state, larger, single)];
        // A purse that two layers draw on is emptier for the second, and a third has to give more: that is the data's doing.
        const alone = stages.every(({ from }, k) => k === i || from !== stages[i]?.from);
        absorbed(a).forEach((given, k) => {
          if (k > i && alone) expect((absorbed(b)[k] as Amount) <= given).toBe(true);
        });
        // With euclid and ceilKeep a named account bears or keeps up to a unit a participant of each layer.
        const units = BigInt(stages.filter(({ round }) => round === 'euclid' || round === 'ceilKeep').length);
        expect(b.residual <= a.residual + units * BigInt(state.accounts.length)).toBe(true);
      }),
      all,
    );
  });

  it('does nothing to those who can pay', () => {
    fc.assert(
      fc.property(anyCrisis, ({ state, stages, event }) => {
        const { postings, residual, trace } = run(state, stages, { ...event, losses: {} });
        expect([postings.length, residual, trace.need]).toEqual([0, 0n, 0n]);
      }),
      all,
    );
  });

  it('replays, and leaves what it was given as it was', () => {
    fc.assert(
      fc.property(anyCrisis, ({ state, stages, event }) => {
        const from = stateOf(state);
        const before = JSON.stringify(stateJSON(from));
        const outcome = run(from, stages, event);
        expect(JSON.stringify(stateJSON(from))).toBe(before);
        expect(verify(outcome, stateJSON(from)).problems).toEqual([]);
      }),
      all,
    );
  });

  it('treats one account as it treats two halves of it, to a unit each', () => {
    fc.assert(
      fc.property(crisis, ({ state, event }) => {
        const stages: Layer[] = [{ id: 'fund', who: 'survivors', from: 'fund', whenEmpty: 'skip' }];
        const whole = state.accounts.at(-3) as (typeof state.accounts)[number];
        const fund = BigInt(whole.purses?.fund?.USD as bigint);
        const halves = [fund / 2n, fund - fund / 2n].map((part, i) => {
          return { ...whole, id: `${whole.id}-${i}`, purses: { fund: { USD: part } } };
        });
        const split = { accounts: [...state.accounts.filter(({ id }) => id !== whole.id), ...halves] };
        const [one, two] = [run(state, stages, event).state, run(split, stages, event).state];
        const kept = halves.reduce((sum, { id }) => sum + two.amount(id, 'USD', 'fund'), 0n);
        const difference = kept - one.amount(whole.id, 'USD', 'fund');
        expect(difference <= 2n && difference >= -2n).toBe(true);
      }),
      all,
    );
  });
});

describe('bad cases are answered before anything is posted', () => {
  const state: StateJSON = {
    accounts: [
      { id: 'a', balances: { USD: -10n } },
      { id: 'b', balances: { USD: 10n }, measures: { stake: 0n } },
      { id: 'fund', house: true, balances: { USD: 3n }, purses: { reserve: { USD: -1n } } },
    ],
  };
  const refused = (stage: unknown): string => refusal(() => run(state, [stage as Layer], { defaulter: 'a' }));

  it.each<[string, unknown, RegExp]>([
    ['an unknown kind', { kind: 'lyer', id: 'x' }, /type at stages\[0\]\.kind: got "lyer".*Did you mean "layer"/],
    ['an unknown key', { id: 'x', who: ['fund'], capcity: 1 }, /unknown-key at stages\[0\]\.capcity.*"capacity"/],
    ['an unknown account', { id: 'x', who: ['fnd'] }, /unknown-id at stages\[0\]\.who\[0\].*Did you mean "fund"/],
    ['an account without a list', { id: 'x', who: 'fund' }, /An account is a list of one: \["fund"\]/],
    ['a capacity below zero', { id: 'x', who: ['fund'], capacity: -1n }, /range at stages\[0\]\.capacity: got -1n/],
    [
      'a purse below zero',
      { id: 'x', who: ['fund'], from: 'reserve' },
      /fund\.purses\.reserve\.USD: got -1n, expected >= 0/,
    ],
    ['weights that are all zero', { id: 'x', who: 'survivors', weight: 'stake' }, /a weight above 0/],
    ['nobody to pay', { id: 'x', who: 'survivors', scope: 'market' }, /somebody who can be asked.*whenEmpty: "skip"/],
    ['an unknown weight', { id: 'x', who: 'survivors', weight: 'stak' }, /unknown-id at stages\[0\]\.weight/],
    ['a value that the event lacks', { id: 'x', who: ['fund'], capacity: { value: 'most' } }, /event\.values\.most/],
    ['its own balance against its own deficit', { id: 'x', who: 'defaulter' }, /another purse than balance/],
    [
      'a manual price without an authority',
      { kind: 'settle', id: 'x', market: 'M', price: 1 },
      /stages\[0\]\.authority/,
    ],
  ])('%s', (_, stage, message) => {
    expect(refused(stage)).toMatch(message);
  });

  it('two stages with one id, an unknown defaulter, a loss of nothing, a fraction of a unit', () => {
    const fund = { id: 'x', who: ['fund'] };
    expect(refusal(() => run(state, [fund, fund], { defaulter: 'a' }))).toMatch(/duplicate at stages\[1\]\.id/);
    expect(refusal(() => run(state, [fund], { defaulter: 'z' }))).toMatch(/unknown-id at event\.defaulter/);
    expect(refusal(() => run(state, [fund], { defaulter: 'a', losses: { a: 0n } }))).toMatch(/event\.losses\.a/);
    expect(refusal(() => stateOf({ accounts: [{ id: 'a', balances: { USD: 0.5 } }] }))).toMatch(/inexact.*USD/);
    expect(refusal(() => stateOf({ accounts: [{ id: 'a', balances: { USD: 2 ** 53 } }] }))).toMatch(/beyond 2\^53/);
  });
});

describe('what the module hands out', () => {
  it('runs amounts far beyond 2^53 exactly', () => {
    const state: StateJSON = {
      accounts: [
        { id: 'a', balances: { WEI: '-100000000000000000000000000000001' } },
        { id: 'b', balances: { WEI: '33333333333333333333333333333334' } },
        { id: 'c', balances: { WEI: '100000000000000000000000000000000' } },
      ],
    };
    const { state: after } = run(state, [{ id: 'all', who: 'survivors' }], { defaulter: 'a' });
    expect(after.amount('b', 'WEI') + after.amount('c', 'WEI')).toBe(33333333333333333333333333333333n);
    expect(Object.keys(waterfall)).toContain('run');
  });
});
