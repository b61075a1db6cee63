// What a caller may hand in that is wrong: every function answers it by name, or with a result, and never in another way.
import { describe, expect, it } from 'vitest';
import { distributeRecovery, type Recovery, run } from '../bindings/waterfall/index.js';
import { refusal, refusedAt } from './refusal.js';

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
