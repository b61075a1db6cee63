// Where a waterfall could lose somebody's money without a posting that does not balance: who may pay, what is handed over, what a
// cap has seen, what a state forgets on its way through JSON.
import { describe, expect, it } from 'vitest';
import {
  type DefaultEvent,
  distributeRecovery,
  explainAccount,
  presets,
  run,
  type Stage,
  type StateJSON,
  stateJSON,
  stateOf,
  verify,
} from '../bindings/waterfall/index.js';
import { refusal } from './refusal.js';

const WAD = 10n ** 18n;
const two: StateJSON = {
  accounts: [
    { id: 'a', balances: { USD: -10n } },
    { id: 'b', balances: { USD: 100n } },
    { id: 'f', house: true, balances: { USD: 5n } },
  ],
};
const refused = (stage: unknown, event: Partial<DefaultEvent> = {}): string =>
  refusal(() => run(two, [stage as Stage], { asset: 'USD', defaulter: 'a', ...event }));

describe('who may pay', () => {
  it('system accounts are no survivors, also after JSON', () => {
    const { state } = run({ accounts: [{ id: 'a' }, { id: 'b', balances: { USD: 100n } }, { id: 'dust' }] }, [], {
      asset: 'USD',
      defaulter: 'a',
      losses: { a: 90n },
    });
    for (const from of [state, stateOf(stateJSON(state))]) {
      const outcome = run(from, [{ id: 'all', who: 'survivors' }], { asset: 'USD', defaulter: 'a' });
      expect(outcome.state.amount('b', 'USD')).toBe(10n);
      expect(verify(outcome, stateJSON(from)).ok).toBe(true);
    }
  });

  it('an account is asked once, and no defaulter pays its own deficit', () => {
    expect(refused({ id: 'x', who: ['f', 'f'] })).toMatch(/duplicate at stages\[0\]\.who\[1\]/);
    expect(refused({ id: 'x', who: ['a'] })).toMatch(
      /conflict at stages\[0\]\.who\[0\].*somebody else than a defaulter/,
    );
    expect(refused({ id: 'x', who: ['f'], round: 'euclid', dust: 'a' })).toMatch(/stages\[0\]\.dust/);
    expect(refused({ kind: 'convert', id: 'x', to: 'a' })).toMatch(/stages\[0\]\.to/);
    expect(refused({ kind: 'transfer', id: 'x', to: 'a' })).toMatch(/stages\[0\]\.to/);
    expect(
      refused({ kind: 'mint', id: 'x', token: 'T', lot: 1n }, { bids: { x: [{ bidder: 'a', lot: 1n }] } }),
    ).toMatch(/event\.bids\.x\[0\]\.bidder/);
    expect(refused({ id: 'x', who: ['f'], seize: { asset: 'USD', from: 'balance' } })).toMatch(/another asset/);
    expect(refusal(() => run(two, [], { asset: 'USD', defaulter: 'dust' }))).toMatch(/conflict at event\.defaulter/);
    expect(refused({ id: 'x', who: ['f'] }, { losses: { b: 5n } })).toMatch(/conflict at event\.losses\.b/);
  });

  it('bids are for a stage of the run, by somebody who can pay', () => {
    expect(refused({ id: 'x', who: ['f'] }, { bids: { y: [] } })).toMatch(/unknown-id at event\.bids\.y/);
    const mint = { kind: 'mint', id: 'm', token: 'T', lot: 100n } as const;
    const poor = run(two, [mint], { asset: 'USD', defaulter: 'a', bids: { m: [{ bidder: 'f', lot: 50n }] } });
    expect(poor.residual).toBe(10n);
  });
});

describe('markets of an event', () => {
  const state: StateJSON = {
    markets: [
      { id: 'M', settle: 'USD', mark: 10 },
      { id: 'N', settle: 'USD', mark: 10 },
      { id: 'B', settle: 'BTC', mark: 1 },
    ],
    accounts: [
      { id: 'a', balances: { USD: 0n }, positions: { M: { lots: 1n, cost: -20n }, N: { lots: 1n, cost: -50n } } },
      { id: 'v', house: true, balances: { USD: 1000n } },
      { id: 'b', positions: { M: { lots: -1n, cost: 20n }, N: { lots: -1n, cost: 50n } } },
    ],
  };

  it('of some markets come with all that the account is worth: nothing is owed, and nothing is kept', () => {
    const { state: after, residual } = run(state, [{ kind: 'transfer', id: 't', to: 'v' }], {
      asset: 'USD',
      defaulter: 'a',
      markets: ['M'],
    });
    expect([residual, after.equity('a', 'USD')]).toEqual([0n, 0n]);
  });

  it('of some markets cost the taker no more than its caps and its own', () => {
    const markets = ['A', 'B'].map((id) => ({ id, settle: 'USD', mark: 1 }));
    const held = (a: bigint, costA: bigint, b: bigint) => ({ A: { lots: a, cost: costA }, B: { lots: b, cost: 0n } });
    const accounts = [
      { id: 'd', balances: { USD: 1000n }, positions: held(1500n, -3000n, 200n) },
      { id: 't', balances: { USD: 300n }, house: true },
      { id: 'z', balances: { USD: 9000n }, positions: held(-1500n, 3000n, -200n) },
    ];
    const stages: Stage[] = [{ kind: 'transfer', id: 'T', to: 't', caps: { perDefault: 300n } }];
    const outcome = run({ markets, accounts }, stages, { defaulter: 'd', markets: ['A'] });
    const equities = ['t', 'd'].map((id) => outcome.state.equity(id, 'USD'));
    expect([outcome.trace.steps[0]?.capacity, outcome.residual, ...equities]).toEqual([300n, 0n, 0n, 0n]);
  });

  it('of some markets are bought for what they are worth', () => {
    const markets = ['A', 'B'].map((id) => ({ id, settle: 'USD', mark: 1 }));
    const held = (a: bigint, b: bigint) => ({ A: { lots: a, cost: 0n }, B: { lots: b, cost: 0n } });
    const accounts = [
      { id: 'd', balances: { USD: -100n }, positions: held(200n, 1000n), measures: { maintenance: 1500n } },
      { id: 'b', balances: { USD: 5000n } },
      { id: 'f', balances: { USD: 1000n }, house: true },
      { id: 'z', positions: held(-200n, -1000n) },
    ];
    const wad = 10n ** 18n;
    const curve = { kind: 'twoSegment', start: wad, cutoff: (wad * 8n) / 10n, fast: 600, slow: 7200 } as const;
    const outcome = run({ markets, accounts }, [{ kind: 'portfolio', id: 'C', curve, length: 100, fund: 'f' }], {
      ...{ defaulter: 'd', solvent: 'take', markets: ['A'] },
      bids: { C: [{ bidder: 'b', share: wad, at: 0 }] },
    });
    expect([outcome.state.equity('b', 'USD'), outcome.state.equity('d', 'USD')]).toEqual([5000n, 1100n]);
  });

  it('of those who can pay are left alone, unless the event says that they are taken', () => {
    const rich = {
      ...state,
      accounts: state.accounts.map((each) => (each.id === 'a' ? { ...each, balances: { USD: 900n } } : each)),
    };
    const whole: Stage[] = [
      ...presets.hyperliquid.map((stage) => ({ ...stage, ...(stage.id === 'vault' ? { to: 'v' } : {}) }) as Stage),
    ];
    const alone = run(rich, whole, { asset: 'USD', defaulter: 'a' });
    expect([alone.postings.length, alone.residual]).toEqual([0, 0n]);
    expect(run(rich, whole, { asset: 'USD', defaulter: 'a', solvent: 'take' }).state.position('a', 'M').lots).toBe(0n);
    expect(refusal(() => run(rich, [], { asset: 'USDD', defaulter: 'a' }))).toMatch(
      /unknown-id at event\.asset.*Did you mean "USD"/,
    );
  });

  it('settle in the asset of the loss, each once', () => {
    const at = (markets: string[]): string => refusal(() => run(state, [], { asset: 'USD', defaulter: 'a', markets }));
    expect(at(['B'])).toMatch(/conflict at event\.markets\[0\]/);
    expect(at(['M', 'M'])).toMatch(/duplicate at event\.markets\[1\]/);
  });

  it('a settlement in a run is final in it', () => {
    const settle = (id: string, price: number): Stage => ({ kind: 'settle', id, market: 'M', price, authority: id });
    const { trace, state: after } = run(state, [settle('x', 40), settle('y', 70)], { asset: 'USD', defaulter: 'a' });
    expect(trace.steps.map(({ status }) => status)).toEqual(['applied', 'idle']);
    expect(stateJSON(after).settled).toEqual({ M: { price: '40', authority: 'x' } });
  });

  it('counterparties that a price ruins are named, and passed over in a rotation', () => {
    const ruin = {
      ...state,
      accounts: state.accounts.map((each) => (each.id === 'b' ? { ...each, balances: { USD: -20n } } : each)),
    };
    const adl = run(ruin, [{ kind: 'adl', id: 'adl' }], { asset: 'USD', defaulter: 'a' });
    expect(adl.trace.steps[0]?.detail).toMatchObject({ ruined: ['b'] });
    const rotation = run(ruin, [{ kind: 'adl', id: 'adl', allocate: 'rotation' }], { asset: 'USD', defaulter: 'a' });
    // Its equity of 30 bears the 25 of one market, not those of both.
    expect(rotation.trace.steps[0]).toMatchObject({ open: 25n, detail: { ruined: [] } });
  });
});

describe('what is handed over is what is paid for', () => {
  const lot: StateJSON = {
    markets: [{ id: 'M', settle: 'USD', mark: 100 }],
    accounts: [
      { id: 'a', measures: { maintenance: 500n }, positions: { M: { lots: 1n, cost: -120n } } },
      { id: 'b', balances: { USD: 0n }, measures: { maintenance: 0n }, positions: { M: { lots: -1n, cost: 120n } } },
      { id: 'insurance', house: true, balances: { USD: 1000n } },
    ],
  };

  it('no half of a lot is sold for half of the payment', () => {
    const bids = { auction: [{ bidder: 'b', share: WAD / 2n, at: 600 }] };
    const { state } = run(lot, presets.derive, { asset: 'USD', defaulter: 'a', bids });
    expect([state.position('a', 'M').lots, state.amount('insurance', 'USD')]).toEqual([1n, 980n]);
  });

  it('only defaulters are sold', () => {
    const bids = { auction: [{ bidder: 'insurance', account: 'b', share: WAD, at: 600 }] };
    expect(refusal(() => run(lot, presets.derive, { asset: 'USD', defaulter: 'a', bids }))).toMatch(
      /event\.bids\.auction\[0\]\.account/,
    );
  });

  it('collateral is not given away when nobody came in time, and splitting a purchase saves no penalty', () => {
    const state: StateJSON = {
      accounts: [
        { id: 'a', balances: { DAI: -100n }, purses: { collateral: { ETH: 200n } } },
        { id: 'k', balances: { DAI: 5000n } },
        { id: 'vow', house: true },
      ],
    };
    const stage = {
      kind: 'collateral',
      id: 'clip',
      asset: 'ETH',
      curve: { kind: 'linear', top: 10n ** 27n, tau: 100 },
      penalty: '0.13',
      penaltyTo: 'vow',
    } as const;
    const at = (...bids: object[]) => run(state, [stage], { asset: 'DAI', defaulter: 'a', bids: { clip: bids } });
    const late = at({ bidder: 'k', amount: 200n, at: 100 });
    expect([late.state.amount('k', 'ETH'), late.residual]).toEqual([0n, 100n]);
    const once = at({ bidder: 'k', amount: 113n, at: 0 });
    const parts = at({ bidder: 'k', amount: 100n, at: 0 }, { bidder: 'k', amount: 13n, at: 0 });
    expect([once, parts].map(({ state: after }) => after.amount('vow', 'DAI'))).toEqual([13n, 13n]);
    expect(refusal(() => run(state, [{ ...stage, penalty: '-0.5' }], { asset: 'DAI', defaulter: 'a' }))).toMatch(
      /stages\[0\]\.penalty/,
    );
  });
});

describe('caps', () => {
  it('of a block are remembered through JSON', () => {
    const stage: Stage = { id: 'f', who: ['f'], caps: { perBlock: 3n } };
    const { state } = run(two, [stage], { defaulter: 'a' });
    for (const from of [state, stateOf(stateJSON(state))])
      expect(run(from, [stage], { defaulter: 'a' }).residual).toBe(7n);
  });

  it('of a member count what it has been assessed before', () => {
    const members: StateJSON = {
      accounts: [
        { id: 'a', balances: { USD: 0n } },
        { id: 'm', measures: { contribution: 100n } },
      ],
    };
    const stage: Stage = {
      id: 'assess',
      who: 'survivors',
      from: 'assessed',
      overdraft: true,
      weight: 'contribution',
      caps: { perMember: { of: 'contribution', times: '2.75' } },
    };
    let from = stateOf(members);
    for (let k = 0; k < 3; k++) from = run(from, [stage], { asset: 'USD', defaulter: 'a', losses: { a: 200n } }).state;
    expect(from.amount('m', 'USD', 'assessed')).toBe(-275n);
  });

  it('of a refill hold, and the fund does not refill itself', () => {
    const refill = { kind: 'replenish', id: 'r', who: 'survivors', to: 'f', target: 100n } as const;
    const open = {
      ...two,
      accounts: two.accounts.map((each) => (each.id === 'f' ? { id: 'f', balances: { USD: 5n } } : each)),
    };
    expect(run(open, [refill], { defaulter: 'a' }).state.amount('f', 'USD')).toBe(100n);
    expect(run(open, [{ ...refill, capacity: 5n }], { defaulter: 'a' }).state.amount('f', 'USD')).toBe(10n);
  });

  it('of recoveries: nobody gets back more than it gave, and nobody gives what it has not', () => {
    const outcome = run(two, [{ id: 'f', who: ['f'] }], { defaulter: 'a' });
    const first = distributeRecovery(outcome.state, outcome, { amount: 4n });
    const second = distributeRecovery(first.state, outcome, { amount: 4n, before: [first] });
    expect([second.state.amount('f', 'USD'), second.surplus]).toEqual([5n, 3n]);
    expect(refusal(() => distributeRecovery(outcome.state, outcome, { amount: 4n, from: 'a' }))).toMatch(
      /recovery\.amount.*at most -5/,
    );
  });
});

describe('names', () => {
  it('with spaces, and those that every object has, are names like others', () => {
    const state = stateOf({
      accounts: [
        { id: 'constructor', balances: { USD: -4n }, purses: { 'a b': { c: 5n }, a: { 'b c': 7n } } },
        { id: '__proto__', balances: { USD: 9n } },
      ],
    });
    expect([state.amount('constructor', 'c', 'a b'), state.amount('constructor', 'b c', 'a')]).toEqual([5n, 7n]);
    const { state: after } = run(state, [{ id: 'toString', who: 'survivors' }], {
      asset: 'USD',
      defaulter: 'constructor',
    });
    expect(after.amount('__proto__', 'USD')).toBe(5n);
    expect(refused({ id: 'x', who: 'survivors', weight: 'toString' })).toMatch(/unknown-id at stages\[0\]\.weight/);
  });
});

describe('a hedge', () => {
  it('is deleveraged last, whoever has made the scores', () => {
    const held = (lots: bigint) => ({ M: { lots, cost: 0n } });
    const state = {
      markets: [{ id: 'M', settle: 'USD', mark: 1 }],
      accounts: [
        { id: 'd', balances: { USD: -5n }, positions: held(2n) },
        { id: 'hedger', balances: { USD: 9n }, positions: held(-2n), rank: 7 },
        { id: 'plain', balances: { USD: 9n }, positions: held(-2n), rank: 3 },
      ],
    };
    const first = (event: Partial<DefaultEvent>, score = 'given'): string | undefined => {
      const { postings } = run(state, [{ kind: 'adl', id: 'adl', score } as Stage], { defaulter: 'd', ...event });
      return [...postings].find(({ purse, account }) => purse === 'position' && account !== 'd')?.account;
    };
    const reliefs = { M: { hedger: { deltaRequirement: 50n, requirement: 10n } } };
    const scores = { M: [0, 7, 3] };
    expect([first({}), first({ reliefs })]).toEqual(['hedger', 'plain']);
    expect([first({ scores }), first({ scores, reliefs })]).toEqual(['hedger', 'plain']);
    expect([first({}, 'hyperliquid'), first({ reliefs }, 'hyperliquid')]).toEqual(['hedger', 'plain']);
  });
});

describe('a guard', () => {
  it('forbids a deleveraging at a price that may be sold at, for the stages behind it', () => {
    const state = {
      time: 100,
      markets: [{ id: 'A', settle: 'USD', mark: 1 }],
      accounts: [
        { id: 'a', balances: { USD: -1n }, positions: { A: { lots: 1n, cost: 0n } } },
        { id: 'z', balances: { USD: 5n }, positions: { A: { lots: -1n, cost: 0n } } },
      ],
    };
    const stages: Stage[] = [
      { kind: 'guard', id: 'g', market: 'A', rules: { stale: { operator: '>', level: 5 } } },
      { kind: 'adl', id: 'adl' },
    ];
    const because = (at: number): unknown[] =>
      run(state, stages, {
        ...{ defaulter: 'a', solvent: 'take' },
        quotes: { A: { quotes: [{ source: 's', price: 3, at }] } },
      }).trace.steps.map((step) => step.because ?? step.status);
    expect(because(0)).toEqual(['applied', 'guarded']);
    expect(because(99)).toEqual(['applied', 'applied']);
  });
});

describe('bidders', () => {
  it('win what they can pay, and stand with those who did not bid for the rest', () => {
    const held = (lots: bigint) => ({ M: { lots, cost: 0n } });
    const state = {
      markets: [{ id: 'M', settle: 'USD', mark: 1 }],
      accounts: [
        { id: 'd', balances: { USD: -100n }, positions: held(10n) },
        { id: 'poor', balances: { USD: 70n } },
        { id: 'rich', balances: { USD: 500n } },
        { id: 'z', balances: { USD: 50n }, positions: held(-10n) },
      ],
    };
    const sold = (...bids: object[]) =>
      run(state, [{ kind: 'auction', id: 'C', mandatory: 'survivors' }], { defaulter: 'd', bids: { C: bids } });
    const outcome = sold({ bidder: 'poor', price: 71n }, { bidder: 'rich', price: 60n });
    expect(outcome.trace.steps[0]?.detail).toMatchObject({ unfunded: ['poor'], proceeds: 60n, without: 2 });
    expect([outcome.residual, outcome.state.amount('poor', 'USD')]).toEqual([30n, 70n]);
    expect(sold({ bidder: 'poor', price: 70n }).residual).toBe(20n);
    expect(sold({ bidder: 'poor', price: 71n }).feasible).toBe(false);
  });
});

describe('worths that are no whole units', () => {
  const state = (lots: bigint, others: bigint[]): StateJSON => ({
    markets: [{ id: 'A', settle: 'USD', mark: '0.5' }],
    accounts: [
      { id: 'd', balances: { USD: -5n }, positions: { A: { lots, cost: 0n } } },
      ...others.map((held, i) => ({ id: `m${i}`, balances: { USD: 9n }, positions: { A: { lots: -held, cost: 0n } } })),
      { id: 'x', house: true, positions: { A: { lots: others.reduce((sum, held) => sum + held, -lots), cost: 0n } } },
    ],
  });

  it('are explained as what the account has gained', () => {
    const stages: Stage[] = [
      { kind: 'adl', id: 'a' },
      { id: 'all', who: 'survivors' },
    ];
    const [from, outcome] = [stateOf(state(1n, [1n])), run(state(1n, [1n]), stages, { asset: 'USD', defaulter: 'd' })];
    for (const id of ['d', 'm0']) {
      const gained = outcome.state.equity(id, 'USD') - from.equity(id, 'USD');
      expect(explainAccount(id, outcome).money).toBe(gained);
    }
  });

  it('open nothing that was covered when a part is closed', () => {
    const stages: Stage[] = [
      { id: 'ins', who: ['x'], overdraft: true },
      { kind: 'adl', id: 'a' },
    ];
    const { residual, trace } = run(state(3n, [1n, 1n]), stages, { asset: 'USD', defaulter: 'd' });
    expect([residual, trace.steps.map(({ open }) => open)]).toEqual([0n, [0n, 0n]]);
  });
});

describe('who pays, buys or takes over', () => {
  const held = (house: boolean): StateJSON => ({
    markets: [{ id: 'A', settle: 'USD', mark: 1 }],
    accounts: [
      { id: 'd', balances: { USD: -100n, ETH: 100n }, purses: { collateral: { ETH: 100n } } },
      { id: 'm', house, balances: { USD: 100n }, positions: { A: { lots: 100n, cost: -190n } } },
      { id: 'x', house: true, positions: { A: { lots: -100n, cost: 190n } } },
    ],
  });
  const curve = { kind: 'linear', top: 10n ** 27n, tau: 100 } as const;
  const bids = { c: [{ bidder: 'm', amount: 100n, at: 0 }] };

  it.each<[string, boolean, Stage, Partial<DefaultEvent>]>([
    ['survivors', false, { id: 'c', who: 'survivors' }, {}],
    ['a fund', true, { id: 'c', who: ['m'] }, {}],
    ['members that refill', false, { kind: 'replenish', id: 'c', who: 'survivors', to: 'x', target: 100n }, {}],
    ['a buyer', true, { kind: 'convert', id: 'c', to: 'm' }, { prices: { ETH: 1 } }],
    ['a bidder', true, { kind: 'collateral', id: 'c', asset: 'ETH', curve }, { bids }],
    [
      'a minter',
      true,
      { kind: 'mint', id: 'c', token: 'T', lot: 10n, beg: 1 },
      { bids: { c: [{ bidder: 'm', lot: 9n }] } },
    ],
  ])('gives no more than it is worth: %s', (_name, house, stage, event) => {
    const { state } = run(held(house), [stage], { asset: 'USD', defaulter: 'd', ...event });
    expect(state.equity('m', 'USD') >= 0n).toBe(true);
  });

  it('gets a share of everything for a share of the price', () => {
    const wad = 10n ** 18n;
    const market = (id: string) => ({ id, settle: 'USD', mark: 100 });
    const state: StateJSON = {
      markets: [market('A'), market('B')],
      accounts: [
        {
          ...{ id: 'd', measures: { maintenance: 1000n } },
          positions: { A: { lots: 1n, cost: 900n }, B: { lots: 10n, cost: -1900n } },
        },
        { id: 'b', balances: { USD: 200n } },
        { id: 'fund', house: true },
        { id: 'x', house: true, positions: { A: { lots: -1n, cost: -900n }, B: { lots: -10n, cost: 1900n } } },
      ],
    };
    const curve = { kind: 'twoSegment', start: wad, cutoff: (wad * 8n) / 10n, fast: 600, slow: 7200 } as const;
    const outcome = run(state, [{ kind: 'portfolio', id: 'p', curve, length: 100, fund: 'fund' }], {
      ...{ asset: 'USD', defaulter: 'd', solvent: 'take' },
      bids: { p: [{ bidder: 'b', share: wad / 2n, at: 0 }] },
    });
    expect(['b', 'd'].map((id) => outcome.state.equity(id, 'USD'))).toEqual([200n, 100n]);
  });

  it('is asked for no other universe’s fund', () => {
    const stage = { kind: 'replenish', id: 'r', who: 'survivors', scope: 'universe', to: 'x', target: 20n } as const;
    expect(refusal(() => run(held(false), [stage], { asset: 'USD', defaulter: 'd' }))).toMatch(
      /conflict at stages\[0\]\.scope/,
    );
  });
});

describe('units of an auction', () => {
  const sold = (bids: object[], lots: bigint, units: number) =>
    run(
      {
        markets: [{ id: 'A', settle: 'USD', mark: 100 }],
        accounts: [
          { id: 'd', balances: { USD: -500n }, positions: { A: { lots, cost: 0n } } },
          { id: 'b', balances: { USD: 100n } },
          { id: 'c', balances: { USD: 1000n } },
          { id: 'x', house: true, positions: { A: { lots: -lots, cost: 0n } } },
        ],
      },
      [{ kind: 'auction', id: 'a', type: 'multi', units }],
      { asset: 'USD', defaulter: 'd', bids: { a: bids } },
    );

  it('are bid for in any order', () => {
    const bids = [
      { bidder: 'b', price: 60n, units: 1 },
      { bidder: 'b', price: 50n, units: 2 },
    ];
    const [one, other] = [sold(bids, 2n, 2), sold([...bids].reverse(), 2n, 2)];
    expect(other.residual).toBe(one.residual);
    expect(other.trace.steps).toEqual(one.trace.steps);
  });

  it('are paid for as far as there are lots for them, the best bid first', () => {
    const bids = [
      { bidder: 'c', price: 30n, units: 9 },
      { bidder: 'b', price: 20n, units: 1 },
    ];
    const { state, trace } = sold(bids, 1n, 10);
    expect(['c', 'b'].map((id) => state.position(id, 'A').lots)).toEqual([1n, 0n]);
    expect([state.equity('c', 'USD'), state.equity('b', 'USD')]).toEqual([730n, 100n]);
    expect(trace.steps[0]?.detail).toMatchObject({ proceeds: 270n });
  });
});

describe('a trigger', () => {
  it('looks at one thing', () => {
    const stage = { id: 'l', who: ['f'], trigger: { need: true, value: 'x', operator: '>', level: 0 } };
    const state = { accounts: [{ id: 'd', balances: { USD: -1n } }, { id: 'f' }] };
    const refused = refusal(() => run(state, [stage as never], { defaulter: 'd' }));
    expect(refused).toMatch(
      /conflict at stages\[0\]\.trigger\.need: expected one of value, balance, need, all, any, not/,
    );
  });
});

describe('an order book', () => {
  it('of many levels is walked once by all defaulters', () => {
    const n = 4000;
    const short = { id: 'z', balances: { USD: 0n }, positions: { M: { lots: -BigInt(n), cost: 0n } } };
    const accounts = Array.from({ length: n }, (_, i) => {
      return { id: `d${i}`, balances: { USD: -9n }, positions: { M: { lots: 1n, cost: 0n } } };
    });
    const bids = Array.from({ length: n }, (_, i): [number, number] => [5 + (n - i), i % 2 === 0 ? 2 : 0]);
    const started = performance.now();
    const state = { markets: [{ id: 'M', settle: 'USD', mark: 1 }], accounts: [...accounts, short] };
    const defaulters = accounts.map(({ id }) => id);
    const outcome = run(state, [{ kind: 'liquidate', id: 'book' }], { defaulters, depth: { M: { bids } } });
    expect(outcome.trace.steps[0]).toMatchObject({ status: 'applied', detail: { sold: { M: 4000n } } });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('what layers could give', () => {
  const accounts = [
    { id: 'a', balances: { USD: -20n }, purses: { m: { USD: 50n } } },
    { id: 'b', balances: { USD: -4n } },
    { id: 'f', house: true, balances: { USD: 100n } },
  ];
  const could = (stage: Stage): bigint | null | undefined =>
    run({ accounts }, [stage], { defaulters: ['a', 'b'] }).feasibility.capacity;

  it('counts what it may give for each default', () => {
    expect(could({ id: 'L', who: ['f'] })).toBe(100n);
    expect(could({ id: 'L', who: ['f'], caps: { perDefault: 5n } })).toBe(10n);
    expect(could({ id: 'L', who: 'defaulter', from: 'm', caps: { perDefault: 5n } })).toBe(5n);
  });

  it('is never less than what was given', () => {
    const members = ['x', 'y', 'z'].map((id) => ({ id, balances: { USD: 1n }, measures: { w: 1n } }));
    const layer: Stage = { id: 'L', who: 'survivors', weight: 'w', allocate: 'proRata', round: 'euclid' };
    const state = { accounts: [{ id: 'a', balances: { USD: -10n } }, ...members] };
    const { residual, feasibility } = run(state, [layer], { defaulter: 'a' });
    expect([residual, feasibility.capacity]).toEqual([6n, 4n]);
  });

  it('of a universe is found without looking at all others each time', () => {
    const n = 6000;
    const people = Array.from({ length: n }, (_, i) => [
      { id: `d${i}`, balances: { USD: -1n }, universe: `u${i}` },
      { id: `s${i}`, balances: { USD: 2n }, universe: `u${i}` },
    ]).flat();
    const started = performance.now();
    const defaulters = Array.from({ length: n }, (_, i) => `d${i}`);
    const layer: Stage = { id: 'L', who: 'survivors', scope: 'universe' };
    expect(run({ accounts: people }, [layer], { defaulters }).residual).toBe(0n);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe('a stage that has done nothing says why', () => {
  const market = { id: 'M', settle: 'USD', mark: 10 };
  const short = { id: 'd', balances: { USD: -5n }, positions: { M: { lots: -3n, cost: 30n } } };
  const long = { id: 'a', balances: { USD: 0n }, positions: { M: { lots: 3n, cost: -30n } } };
  const fund = { id: 'fund', house: true, balances: { USD: 0n } };
  const held = { markets: [market], accounts: [short, long, fund] };
  const bare = { accounts: [{ id: 'd', balances: { USD: -5n } }, { id: 'a' }, fund] };
  const why = (state: StateJSON, stage: Stage, event: Partial<DefaultEvent> = {}): string | undefined =>
    run(state, [stage], { asset: 'USD', defaulter: 'd', ...event }).trace.steps[0]?.because;
  const bid = (id: string, ...bids: unknown[]) => ({ bids: { [id]: bids } });

  it.each<[string, StateJSON, Stage, Partial<DefaultEvent>, string | undefined]>([
    ['no loss', { accounts: [{ id: 'd' }, fund] }, { id: 'l', who: ['fund'] }, {}, 'nothingOpen'],
    ['trigger', bare, { id: 'l', who: ['fund'], trigger: { need: true, operator: '>', level: 9 } }, {}, 'trigger'],
    ['empty fund', bare, { id: 'l', who: ['fund'] }, {}, 'empty'],
    ['misspelt purse', bare, { id: 'l', who: ['fund'], from: 'resreve' }, {}, 'noPurse'],
    [
      'nobody else',
      { accounts: [short], markets: [market] },
      { id: 'l', who: 'survivors', whenEmpty: 'skip' },
      {},
      'nobody',
    ],
    ['ADL of nothing', bare, { kind: 'adl', id: 'l' }, {}, 'noPositions'],
    ['ADL alone', { ...held, accounts: [short] }, { kind: 'adl', id: 'l' }, {}, 'nobody'],
    ['ADL', held, { kind: 'adl', id: 'l' }, {}, undefined],
    ['beyond what it has', held, { kind: 'auction', id: 'l' }, bid('l', { bidder: 'a', price: 1n }), 'refused'],
    ['no auction', held, { kind: 'auction', id: 'l' }, {}, 'noBids'],
    ['auction of nothing', bare, { kind: 'auction', id: 'l' }, {}, 'noPositions'],
    ['below reserve', held, { kind: 'auction', id: 'l', reserve: 9n }, bid('l', { bidder: 'a', price: 1n }), 'refused'],
    [
      'portfolio',
      held,
      {
        kind: 'portfolio',
        id: 'l',
        fund: 'fund',
        length: 10,
        curve: { kind: 'twoSegment', start: 1n, cutoff: 0n, fast: 1n, slow: 1n },
      } as never,
      {},
      'noBids',
    ],
    ['takeover of nothing', bare, { kind: 'transfer', id: 'l', to: 'fund' }, {}, 'noPositions'],
    ['takeover too large', held, { kind: 'transfer', id: 'l', to: 'fund' }, {}, 'refused'],
    ['no book', held, { kind: 'liquidate', id: 'l' }, {}, 'noBook'],
    [
      'beyond the floor',
      held,
      { kind: 'liquidate', id: 'l', floor: 'bankruptcy' },
      { depth: { M: { asks: [[90, 5]] } } },
      'refused',
    ],
    ['no prices', bare, { kind: 'convert', id: 'l' }, {}, 'noPrices'],
    ['no other assets', bare, { kind: 'convert', id: 'l' }, { prices: { BTC: 2 } }, 'empty'],
    ['no token bids', bare, { kind: 'mint', id: 'l', token: 'T', lot: 9n } as never, {}, 'noBids'],
    ['full', bare, { kind: 'replenish', id: 'l', to: 'fund', who: 'survivors', target: 0n } as never, {}, 'full'],
    [
      'collateral',
      bare,
      { kind: 'collateral', id: 'l', asset: 'C', curve: { kind: 'linear', top: 5n, tau: 5n } } as never,
      {},
      'noBids',
    ],
  ])('%s', (_name, state, stage, event, because) => {
    expect(why(state, stage, event)).toBe(because);
  });
});
