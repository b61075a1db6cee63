// What the waterfall does not take: states, stages, events and claims that would mean something else than they say. Each refusal
// names its place, and what is sold, refilled or verified is what the words say.
import { describe, expect, it } from 'vitest';
import {
  DRIFT_FUNDING_INDEX,
  EMPTY_DEPOSIT_INDEX,
  EMPTY_PRODUCT_SUM,
  fundWorth,
  indexDeposit,
  indexLoss,
  indexWorth,
  MarginError,
  outcomeJSON,
  type Posting,
  poolDeposit,
  run,
  runCase,
  type Stage,
  type State,
  type StateJSON,
  stateJSON,
  stateOf,
  verify,
} from '../bindings/waterfall/index.js';
import * as indices from '../bindings/waterfall/indices/index.js';
import { mostOf } from '../bindings/waterfall/lazy.js';
import { refusal, refusedAt, refusedWith } from './refusal.js';

const market = (id: string) => ({ id, settle: 'USD', mark: 1 });

/** What no caller with types could give. */
const wrong = (value: unknown): never => value as never;

/** A call that may be refused, and must not fail in another way. */
function orRefused(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
  }
}

const RAY = 10n ** 27n;

describe('indices of a state', () => {
  const whole = { ...EMPTY_DEPOSIT_INDEX, kind: 'depositIndex' };
  const reading = (index: unknown) => () => stateOf(wrong({ indices: { L: index }, accounts: [] }));

  it('are read field by field, at the place where they stand', () => {
    expect(refusedAt(reading({ kind: 'productSum' }))).toBe('missing-key indices.L.sums');
    expect(refusedAt(reading({ ...whole, total: 'abc' }))).toBe('type indices.L.total');
    expect(refusedAt(reading({ ...whole, total: null }))).toBe('missing-key indices.L.total');
    expect(refusedAt(reading({ ...EMPTY_PRODUCT_SUM, kind: 'productSum', sums: ['x'] }))).toBe(
      'type indices.L.sums[0]',
    );
    expect(refusedAt(reading({ ...EMPTY_PRODUCT_SUM, kind: 'productSum', scale: 5e9 }))).toBe('range indices.L.scale');
    expect(refusedAt(reading({ ...DRIFT_FUNDING_INDEX, kind: 'fundingIndex', step: 0 }))).toBe('range indices.L.step');
    expect(refusedAt(reading({ kind: 'withdrawRate', cash: 1.5, backing: 1 }))).toMatch(/ indices\.L\.cash$/);
    expect(refusedAt(reading({ ...whole, totals: 1n }))).toBe('unknown-key indices.L.totals');
    expect(refusedAt(reading(null))).toBe('type indices.L');
  });

  it("are the state's own from then on", () => {
    const index = { ...EMPTY_DEPOSIT_INDEX, kind: 'depositIndex' as const, total: 10n };
    const state = stateOf({ indices: { L: index }, accounts: [] });
    index.total = 3n;
    expect(state.index('L')).toMatchObject({ total: 10n });
  });

  it('say how much they can bear', () => {
    const deposits = indexLoss(indexDeposit(EMPTY_DEPOSIT_INDEX, 7n).state, 1n);
    expect([deposits.total, indexWorth(deposits, deposits.shares)]).toEqual([6n, 5n]);
    expect(mostOf({ kind: 'depositIndex', ...deposits })).toBe(5n);
    expect(indexLoss(deposits, 5n)).toMatchObject({ index: 0n });
    expect(mostOf({ kind: 'productSum', ...poolDeposit(EMPTY_PRODUCT_SUM, null, 8n).pool })).toBe(8n);
    expect(mostOf({ kind: 'fundingIndex', ...DRIFT_FUNDING_INDEX })).toBe(0n);
    expect(mostOf({ kind: 'fundingIndex', ...DRIFT_FUNDING_INDEX, shorts: 1n })).toBeNull();
    expect(mostOf({ kind: 'withdrawRate', cash: 0n, backing: 0n })).toBeNull();
  });

  it('refuse what is no state, position or claim of theirs', () => {
    for (const [name, call] of Object.entries(indices)) {
      if (typeof call !== 'function') continue;
      for (const args of [
        [],
        [null],
        [undefined, undefined],
        [5, 5, 5],
        ['x', 'y'],
        [{}, {}, {}],
        [5, null],
        [5, { a: 'x' }],
      ]) {
        expect(() => orRefused(() => (call as (...given: unknown[]) => unknown)(...args)), name).not.toThrow();
      }
    }
  });

  it('divide shares of a base that is far behind without raising ten to its power', () => {
    const fund = { balance: 5n, shares: 5n, base: 10n ** 12n };
    expect(fundWorth(fund, { shares: 5n, base: 0n })).toBe(0n);
    expect(fundWorth({ ...fund, base: 1n }, { shares: 20n, base: 0n })).toBe(2n);
  });
});

describe('a state as JSON', () => {
  const again = (state: State): State => stateOf(JSON.parse(JSON.stringify(stateJSON(state))));

  it('keeps purses, measures and assets of which nobody has anything', () => {
    const state = stateOf({
      accounts: [
        { id: 'a', balances: { USD: -10n, EUR: 0n } },
        { id: 'm', measures: { w: 0n }, purses: { fund: { USD: 0n } } },
      ],
    });
    expect(stateJSON(state).accounts[0]).toEqual({
      id: 'a',
      balances: { USD: '-10', EUR: '0' },
      purses: { fund: { USD: '0' } },
      measures: { w: '0' },
    });
    expect(stateJSON(again(state))).toEqual(stateJSON(state));
    // Of two assets one has to be named, before and after.
    for (const read of [state, again(state)]) {
      expect(refusedAt(() => run(read, [], { defaulter: 'a' }))).toBe('missing-key event.asset');
    }
  });

  it('replays a waterfall whose fund is used up', () => {
    const first = {
      accounts: [
        { id: 'a', balances: { USD: -10n } },
        { id: 'd', balances: { USD: -3n } },
        { id: 'm', purses: { fund: { USD: 5n } } },
      ],
    };
    const stages: Stage[] = [{ id: 'fund', who: 'survivors', from: 'fund', weight: 'fund' }];
    const { state } = run(first, stages, { defaulter: 'a' });
    const outcome = run(state, stages, { defaulter: 'd' });
    expect(outcome.residual).toBe(3n);
    expect(verify(outcome, again(state))).toEqual({ ok: true, problems: [] });
  });

  it('shares nothing with what it was read from, or is written to', () => {
    const settled = { A: { price: '3', authority: 'board' } };
    const state = stateOf({ markets: [market('A')], settled, accounts: [] });
    settled.A.price = '4';
    const written = stateJSON(state);
    (written.settled as typeof settled).A.price = '5';
    expect(stateJSON(state).settled).toEqual({ A: { price: '3', authority: 'board' } });
  });

  it('keeps accounts that are called as objects are', () => {
    const json = { accounts: [{ id: '__proto__', balances: JSON.parse('{"__proto__":"1","constructor":"2"}') }] };
    expect(JSON.stringify(stateJSON(stateOf(json)).accounts[0])).toBe(
      '{"id":"__proto__","balances":{"__proto__":"1","constructor":"2"}}',
    );
  });

  it('takes no longer for an account in ten thousand markets than for as many accounts', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `m${i}`);
    const each = <T>(value: T) => Object.fromEntries(names.map((name) => [name, value]));
    const state = stateOf({
      markets: names.map(market),
      accounts: [{ id: 'a', positions: each({ lots: 1, cost: 0 }), measures: each(1), purses: { p: each(1) } }],
    });
    const start = performance.now();
    expect(Object.keys(stateJSON(state).accounts[0]?.measures ?? {})).toHaveLength(10_000);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('refuses a block of caps that is no height', () => {
    expect(refusedAt(() => stateOf({ spent: { L: { block: 1.5, amount: 1n } }, accounts: [] }))).toBe(
      'range spent.L.block',
    );
  });
});

describe('names', () => {
  const holding = (purse: string, asset = 'USD') => ({ accounts: [{ id: 'a', purses: { [purse]: { [asset]: 5n } } }] });

  it('that postings have of their own are no purses', () => {
    const accounts = [
      { id: 'a', balances: { USD: -4n } },
      { id: 'f', balances: { USD: 9n } },
    ];
    const layer = (more: object) => () =>
      run({ accounts }, [wrong({ id: 'L', who: ['f'], ...more })], { defaulter: 'a' });
    for (const name of ['position', 'cost']) {
      expect(refusedAt(() => stateOf(holding(name)))).toBe(`conflict accounts[0].purses.${name}`);
      expect(refusedAt(layer({ from: name, overdraft: true }))).toBe('conflict stages[0].from');
      expect(refusedAt(layer({ seize: { asset: 'ETH', from: name } }))).toBe('conflict stages[0].seize.from');
    }
    expect(refusedAt(layer({ from: 'x\0y', overdraft: true }))).toBe('range stages[0].from');
  });

  it('have no NUL, which joins them to keys', () => {
    const terms = { ...market('A'), settle: 'US\0D' };
    expect(refusedAt(() => stateOf(holding('x\0y')))).toBe('range accounts[0].purses.x\0y');
    expect(refusedAt(() => stateOf(holding('x', 'y\0z')))).toBe('range accounts[0].purses.x.y\0z');
    expect(refusedAt(() => stateOf({ accounts: [{ id: 'a\0' }] }))).toBe('range accounts[0].id');
    expect(refusedAt(() => stateOf({ markets: [market('A\0')], accounts: [] }))).toBe('range markets[0].id');
    expect(refusedAt(() => stateOf({ markets: [terms], accounts: [] }))).toBe('range markets[0].settle');
  });
});

describe('a layer of a hundred thousand', () => {
  it('is read in one pass, and names who stands twice', () => {
    const who = Array.from({ length: 100_000 }, (_, i) => `m${i}`);
    const state = stateOf({
      accounts: [{ id: 'd', balances: { USD: -1n } }, ...who.map((id) => ({ id, balances: { USD: 1n } }))],
    });
    const start = performance.now();
    expect(run(state, [{ id: 'L', who }], { defaulter: 'd' }).residual).toBe(0n);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(refusedAt(() => run(state, [{ id: 'L', who: [...who, 'm5'] }], { defaulter: 'd' }))).toBe(
      'duplicate stages[0].who[100000]',
    );
  });
});

describe('a sale of collateral', () => {
  const curve = { kind: 'linear', top: RAY, tau: 1000 } as const;
  const sale = (stage: object, accounts: StateJSON['accounts'], markets: StateJSON['markets'] = []) =>
    run(
      { markets, accounts: [...accounts, { id: 'b', balances: { USD: 1000n } }] },
      [wrong({ kind: 'collateral', id: 'C', ...stage })],
      {
        asset: 'USD',
        defaulter: 'd',
        bids: { C: [{ bidder: 'b', amount: 100n, at: 0 }] },
      },
    );

  it('is not of the asset that is owed', () => {
    const accounts = [{ id: 'd', balances: { USD: 100n }, positions: { A: { lots: 10n, cost: -210n } } }];
    expect(refusedAt(() => sale({ asset: 'USD', from: 'balance', curve }, accounts, [market('A')]))).toBe(
      'conflict stages[0].asset',
    );
  });

  it('leaves a balance alone that backs a loss of positions', () => {
    const owing = (lost: bigint) => [
      { id: 'd', balances: { USD: -50n, ETH: 100n }, positions: { A: { lots: 0n, cost: -lost } } },
    ];
    const stage = { asset: 'ETH', from: 'balance', curve };
    const markets = [{ ...market('A'), settle: 'ETH' }];
    expect(sale(stage, owing(100n), markets).residual).toBe(50n);
    const { state, residual } = sale(stage, owing(70n), markets);
    expect([residual, state.equity('d', 'ETH')]).toEqual([20n, 0n]);
  });

  it('reads its curve, its reset and its health before it runs', () => {
    const accounts = [{ id: 'd', balances: { USD: -10n }, purses: { collateral: { ETH: 5n } } }];
    for (const value of [0, 0n, false, 5, []]) {
      expect(refusedAt(() => sale({ asset: 'ETH', curve: value }, accounts))).toBe('type stages[0].curve');
      expect(refusedAt(() => sale({ asset: 'ETH', health: value }, accounts))).toBe('type stages[0].health');
      expect(refusedAt(() => sale({ asset: 'ETH', curve, reset: value }, accounts))).toBe('type stages[0].reset');
    }
    expect(refusedAt(() => sale({ asset: 'ETH', curve: null }, accounts))).toBe('conflict stages[0].curve');
  });

  it('hands nothing over for nothing', () => {
    const health = { price: 0, liquidationLtv: '0.8', maxDiscount: '0.2' };
    const accounts = [{ id: 'd', balances: { USD: -10n }, purses: { collateral: { ETH: 5n } } }];
    const { state, trace } = sale({ asset: 'ETH', health }, accounts);
    expect([state.amount('d', 'ETH', 'collateral'), trace.steps[0]]).toMatchObject([5n, { because: 'refused' }]);
  });
});

describe('a refill', () => {
  const members = (count: number, more: object = {}) =>
    Array.from({ length: count }, (_, i) => ({ id: `m${i}`, balances: { USD: 10n }, ...more }));
  const accounts = (more: StateJSON['accounts']) => [
    { id: 'a', balances: { USD: 50n }, purses: { m: { USD: 50n } } },
    ...more,
    { id: 'f', house: true },
  ];
  const refill = (stage: object, more: StateJSON['accounts'] = members(3)) =>
    run(
      { accounts: accounts(more) },
      [wrong({ kind: 'replenish', id: 'R', who: 'survivors', to: 'f', target: 100n, ...stage })],
      { asset: 'USD', defaulter: 'a' },
    );

  it('is not paid by who defaults', () => {
    expect(refusedAt(() => refill({ who: ['m0', 'a'] }))).toBe('conflict stages[0].who[1]');
    expect(refusedAt(() => refill({ who: 'defaulter' }))).toBe('conflict stages[0].who');
    expect(refusedAt(() => refill({ who: 'defaulter', from: 'm' }))).toBe('conflict stages[0].who');
    expect(refusedAt(() => refill({ dust: 'a' }))).toBe('conflict stages[0].dust');
    expect(refusedAt(() => refill({ into: 'position' }))).toBe('conflict stages[0].into');
    expect(refusedAt(() => refill({ lazy: 'productSum' }))).toBe('unknown-key stages[0].lazy');
  });

  it('counts against the cap of its block what was given', () => {
    const { state } = refill({ caps: { perBlock: 100n } });
    expect([state.amount('f', 'USD'), state.columns.spent.get('R')?.amount]).toEqual([30n, 30n]);
  });

  it('of members leaves no unit to who happens to be the first', () => {
    for (const [round, dust] of [
      ['euclid', 2n],
      ['ceilKeep', -1n],
    ] as const) {
      const filled = (more: StateJSON['accounts']) => refill({ to: 'members', into: 'fund', target: 8n, round }, more);
      const outcome = filled(members(3));
      const part = (8n - dust) / 3n;
      for (const { state } of [outcome, filled(members(3).reverse())]) {
        const held = ['m0', 'm1', 'm2', 'dust'].map((id) => [state.amount(id, 'USD'), state.amount(id, 'USD', 'fund')]);
        expect(held).toEqual([...Array(3).fill([10n - part, part]), [-dust, dust]]);
      }
      expect(outcome.trace.steps[0]).toMatchObject({ status: 'applied', dust });
    }
  });

  it('has been applied where the dust account alone has paid', () => {
    const { state, trace } = refill({ target: 2n, round: 'euclid' });
    expect([state.amount('f', 'USD'), state.amount('dust', 'USD')]).toEqual([2n, -2n]);
    expect(trace.steps[0]).toMatchObject({ status: 'applied', participants: 0, dust: 2n });
  });
});

describe('a sale of own assets', () => {
  const sold = (balances: Record<string, bigint>, price: string | number, stage: object = {}) => {
    const accounts = [
      { id: 'd', balances },
      { id: 'b', balances: { USD: 250n } },
    ];
    const outcome = run({ accounts }, [wrong({ kind: 'convert', id: 'C', ...stage })], {
      asset: 'USD',
      defaulter: 'd',
      prices: { ETH: price },
    });
    const { state, residual, trace } = outcome;
    const balancesOf = (id: string) => [state.amount(id, 'USD'), state.amount(id, 'ETH')];
    return { d: balancesOf('d'), b: balancesOf('b'), residual, step: trace.steps[0] };
  };

  it('keeps units that bring nothing', () => {
    expect(sold({ USD: -100n, ETH: 1n }, '0.4')).toMatchObject({
      d: [-100n, 1n],
      step: { status: 'idle', because: 'empty' },
    });
    expect(sold({ USD: -100n, ETH: 5n }, '0.3')).toMatchObject({
      d: [-99n, 1n],
      residual: 99n,
      step: { status: 'applied' },
    });
  });

  it('is as large as what the buyer can pay', () => {
    const to = { to: 'b' };
    expect(sold({ USD: -1000n, ETH: 9n }, 100, to)).toMatchObject({
      d: [-800n, 7n],
      b: [50n, 2n],
      step: { capacity: 250n },
    });
    expect(sold({ USD: -1000n, ETH: 9n }, 300, to)).toMatchObject({ d: [-1000n, 9n], step: { status: 'idle' } });
    expect(sold({ USD: -1000n, ETH: 9n }, 300)).toMatchObject({
      d: [200n, 5n],
      residual: 0n,
      step: { capacity: 2700n },
    });
  });
});

describe('scores of an event', () => {
  const state = {
    markets: [market('A')],
    accounts: [
      { id: 'a', balances: { USD: -10n }, positions: { A: { lots: 3n, cost: 0n } } },
      { id: 'b', positions: { A: { lots: -3n, cost: 0n } } },
      { id: 'c', positions: { A: { lots: -3n, cost: 0n } } },
      { id: 'z', positions: { A: { lots: 3n, cost: 0n } } },
    ],
  };
  const ranked = (scores: unknown) =>
    run(state, [{ kind: 'adl', id: 'adl' }], { defaulter: 'a', scores: { A: wrong(scores) } });
  const takers = (scores: unknown): string[] =>
    ranked(scores)
      .postings.toArray()
      .flatMap(({ account, purse, delta }) => (purse === 'position' && delta > 0n ? [account] : []));
  const cases = [
    [0, 3, 5],
    Float64Array.of(0, 3, 5),
    { rows: Uint32Array.of(1, 2), scores: Float64Array.of(3, 5) },
    { rows: [1, 2], scores: [3, 5] },
    { rows: [1, 2], scores: ['-Infinity', 'Infinity'] },
    [0, 3, 'Infinity'],
  ];

  it('are lists, typed arrays, or what JSON makes of them', () => {
    for (const scores of cases) {
      expect(takers(scores)).toEqual(['c']);
      expect(takers(JSON.parse(JSON.stringify(scores)))).toEqual(['c']);
    }
    expect(takers({ rows: {}, scores: {} })).toEqual(['b']);
  });

  it('let an outcome be verified that was kept as JSON', () => {
    for (const scores of cases) {
      const { trace, residual, postings } = ranked(scores);
      const digits = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
      const kept = JSON.parse(JSON.stringify({ trace, residual, postings: [...postings] }, digits));
      expect(verify(kept, state)).toEqual({ ok: true, problems: [] });
    }
  });

  it('that are no numbers are refused', () => {
    expect(refusedWith(() => ranked([0, Number.NaN]))).toMatchObject({
      code: 'not-finite',
      path: 'event.scores.A',
      index: 1,
    });
    expect(refusal(() => ranked([0, null]))).toMatch(/got null.*write "Infinity"/);
    expect(refusedAt(() => ranked([0, 'x']))).toBe('type event.scores.A');
    expect(refusedAt(() => ranked({ rows: [0], scores: [Number.NaN] }))).toBe('not-finite event.scores.A.scores');
    expect(refusedAt(() => ranked({ rows: [-1], scores: [1] }))).toBe('type event.scores.A.rows');
    expect(refusedAt(() => ranked({ rows: [2, 1], scores: [1, 1] }))).toBe('range event.scores.A.rows');
    expect(refusedAt(() => ranked({ rows: [1], scores: [] }))).toBe('range event.scores.A.scores');
    for (const value of [null, 5, 'x', {}, { 1: 3 }, { rows: 5, scores: [] }]) {
      expect(refusedAt(() => ranked(value))).toBe('type event.scores.A');
    }
  });

  it('stand beside markets that are named once each', () => {
    expect(refusedAt(() => run(state, [], { defaulter: 'a', markets: ['A', 'A'] }))).toBe('duplicate event.markets[1]');
  });
});

describe('a claim', () => {
  const snapshot = {
    accounts: [{ id: 'a', balances: { USD: -10n } }, ...['f', 'g', 'h'].map((id) => ({ id, balances: { USD: 4n } }))],
  };
  const stages: Stage[] = [{ id: 'L', who: ['f', 'g', 'h'], capacity: 8n, round: 'euclid', caps: { perBlock: 9n } }];
  const outcome = run(snapshot, stages, { defaulter: 'a' });
  const problems = (changes: object): string => verify(wrong({ ...outcome, ...changes }), snapshot).problems.join('; ');
  const kept = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)));

  it('is true of an outcome, as it is and as JSON', () => {
    expect(outcome.dust).toEqual(new Map([['L', 2n]]));
    expect(verify(outcome, snapshot)).toEqual({ ok: true, problems: [] });
    const state = stateJSON(outcome.state);
    for (const dust of [[...outcome.dust], Object.fromEntries(outcome.dust)]) {
      const json = kept({ ...outcome, postings: [...outcome.postings], dust, state });
      expect(verify(wrong(json), stateOf(snapshot))).toEqual({ ok: true, problems: [] });
    }
  });

  it('is told what else does not hold', () => {
    const { feasibility, trace, state } = outcome;
    expect(problems({ feasible: true })).toBe('feasible of the outcome is not that of the replay');
    expect(problems({ feasibility: { ...feasibility, shortfall: 0n } })).toMatch(/^feasibility of/);
    expect(problems({ dust: new Map([['L', 5n]]) })).toMatch(/^dust of/);
    expect(problems({ dust: {} })).toMatch(/^dust of/);
    expect(problems({ trace: { ...trace, asset: 'EUR' } })).toBe('asset of the outcome is not that of the replay');
    expect(problems({ state: stateOf(snapshot) })).toMatch(
      /the state has other spent; the state has -10 USD of a\/balance, not -2/,
    );
    const tampered = (change: (json: StateJSON) => void): string => {
      const json = stateJSON(state);
      change(json);
      return problems({ state: json });
    };
    const first = (change: object) => tampered((json) => Object.assign(json.accounts[1] as object, change));
    expect(first({ measures: { w: 1n } })).toBe('the state has another measure w of f');
    expect(first({ group: 2 })).toBe('the state has another group of f');
    expect(first({ house: true })).toBe('the state has another house of f');
    expect(first({ universe: 'u' })).toBe('the state has another universe of f');
    expect(first({ purses: { p: { USD: 3n } } })).toBe('the state has 3 USD of f/p, not 0');
    expect(first({ id: 'x' })).toBe('the state has other accounts');
    expect(first({ balances: { USD: 'x' } })).toMatch(
      /^the state can not be read: type at accounts\[1\]\.balances\.USD/,
    );
    expect(tampered((json) => Object.assign(json, { time: 5 }))).toBe('the state has other time');
    expect(problems({ state: 5 })).toMatch(/^the state can not be read/);
  });

  it('finds a position that is another', () => {
    const lots = (size: bigint) => ({
      markets: [market('A')],
      accounts: [{ id: 'a', balances: { USD: -1n }, positions: { A: { lots: size, cost: 0n } } }],
    });
    const ran = run(lots(0n), [], { defaulter: 'a' });
    expect(verify({ ...ran, state: lots(2n) }, lots(0n)).problems).toEqual([
      'the state has another position of a in A',
    ]);
  });

  it('may be malformed in every way: it does not hold, and says so', () => {
    for (const residual of ['0x2', 'abc', '', 1.5, undefined, null, false, {}, [2]]) {
      expect(problems({ residual })).toMatch(/^the residual is .*, the replay has 2$/);
    }
    const posting = outcome.postings.at(0) as Posting;
    for (const delta of ['abc', '0x1', 1.5, undefined, null]) {
      expect(problems({ postings: [{ ...posting, delta }] })).toMatch(/posting 0 has a delta of .*, no whole number/);
    }
    for (const each of [null, 5, 'x', []])
      expect(problems({ postings: [each] })).toMatch(/posting 0 is .*, not an object/);
    for (const postings of [undefined, null, 5, 'xyz', {}])
      expect(problems({ postings })).toBe('the outcome has no list of postings');
    expect(problems({ postings: [{ delta: 1n }] })).toMatch(/postings of undefined sum to 1/);
    for (const trace of [undefined, null, 5, []]) expect(problems({ trace })).toMatch(/^the outcome has no trace/);
    for (const trace of [{}, { stages: [null], event: {} }, { stages, event: null }]) {
      expect(problems({ trace })).toMatch(/^what the trace asks for is refused: /);
    }
    for (const key of ['steps', 'need']) {
      for (const value of [undefined, null, 'abc', [null], {}]) {
        expect(problems({ trace: { ...outcome.trace, [key]: value } })).toMatch(new RegExp(`^${key} of the outcome`));
      }
    }
    for (const value of ['abc', 5, [5], true]) {
      for (const key of ['deficits', 'feasibility', 'dust'])
        expect(problems({ [key]: value })).toMatch(new RegExp(`^${key} of`));
    }
  });

  it('is refused where it is no outcome, and so is a snapshot that is none', () => {
    for (const value of [null, undefined, 5, 'x', []])
      expect(refusedAt(() => verify(wrong(value), snapshot))).toBe('type outcome');
    expect(refusedAt(() => verify(outcome, wrong(null)))).toBe('type state');
  });
});

describe('what is no outcome, state or case', () => {
  it('is refused', () => {
    const outcome = run({ accounts: [{ id: 'a', balances: { USD: -7n } }] }, [], { defaulter: 'a' });
    for (const value of [null, undefined, 5, 'x', {}, [], { state: outcome.state }, { waterfalls: [null] }]) {
      expect(refusedAt(() => outcomeJSON(wrong(value)))).toBe('type outcome');
      expect(refusedAt(() => stateJSON(wrong(value)))).toBe('type state');
      expect(refusedAt(() => runCase(wrong(value)))).toBe('type case');
    }
    expect(refusedAt(() => outcomeJSON(outcome, wrong(null)))).toBe('type decimals');
    expect(refusedAt(() => outcomeJSON(outcome, { USD: -1 }))).toBe('range decimals.USD');
    expect(refusedAt(() => outcomeJSON(outcome, wrong({ USD: 'x' })))).toBe('type decimals.USD');
  });
});

describe('a lazy layer', () => {
  it('gives what its index can bear, and the next layer the rest', () => {
    const index = indexLoss(indexDeposit(EMPTY_DEPOSIT_INDEX, 7n).state, 1n);
    const state = {
      indices: { L: { kind: 'depositIndex', ...index } },
      accounts: [
        { id: 'a', balances: { USD: -5000n } },
        { id: 'p', balances: { USD: index.total } },
        { id: 'f', balances: { USD: 9000n } },
      ],
    } as StateJSON;
    const layers: Stage[] = [
      { id: 'L', who: ['p'], lazy: 'depositIndex' },
      { id: 'F', who: ['f'] },
    ];
    const { residual, state: after } = run(state, layers, { defaulter: 'a' });
    expect([residual, after.amount('p', 'USD'), after.amount('f', 'USD')]).toEqual([0n, 1n, 4005n]);
  });
});

describe('a gate', () => {
  it('is refused for its rules before anything runs, by its place', () => {
    const state = { accounts: [{ id: 'a', balances: { USD: -5n } }] };
    const stages = [{ kind: 'gate', id: 'g', rules: { fraction: '0.5' } }] as unknown as Stage[];
    expect(refusal(() => run(state, stages, { defaulter: 'a' }))).toMatch(
      /unknown-key at stages\[0\]\.rules\.fraction/,
    );
  });
});

describe('a debt auction', () => {
  it('issues another asset than that of the loss', () => {
    const state = { accounts: [{ id: 'a', balances: { USD: -5n } }] };
    const stage = { kind: 'mint', id: 'm', token: 'USD', lot: 5n } as const;
    expect(refusal(() => run(state, [stage], { defaulter: 'a' }))).toMatch(/conflict at stages\[0\]\.token: got "USD"/);
  });
});
