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
  poolDeposit,
  run,
  type Stage,
  type State,
  stateJSON,
  stateOf,
  verify,
} from '../bindings/waterfall/index.js';
import * as indices from '../bindings/waterfall/indices/index.js';
import { mostOf } from '../bindings/waterfall/lazy.js';
import { refusedAt } from './refusal.js';

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
