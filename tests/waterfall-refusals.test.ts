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
  stateOf,
} from '../bindings/waterfall/index.js';
import * as indices from '../bindings/waterfall/indices/index.js';
import { mostOf } from '../bindings/waterfall/lazy.js';
import { refusedAt } from './refusal.js';

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
