// Guards at the ends of what they are made for: a market that has to reopen, the latest times, states that somebody wrote by hand
// and sources that come too late.
import { describe, expect, it } from 'vitest';
import {
  applyAt,
  type BreakerRules,
  bandStep,
  breakerStep,
  CLOSED_CIRCUIT,
  cancelProposal,
  guardPrice,
  monitorPrice,
  type Proposal,
  propose,
  type Quote,
  setBreaker,
  UNTRADED,
  UNWATCHED,
  US_LULD,
} from '../bindings/guards/index.js';
import { refusal, refusedAt } from './refusal.js';

describe('limit up, limit down', () => {
  it('a market reopens after a pause, however far from the old band its quotes are', () => {
    let step = bandStep(UNTRADED, { now: 0, trades: [100], bid: 99, ask: 101 }, US_LULD);
    step = bandStep(step.state, { now: 10, ask: 95 }, US_LULD);
    step = bandStep(step.state, { now: 25, ask: 90 }, US_LULD);
    expect(step).toMatchObject({ phase: 'paused', until: 325, lower: '95' });
    step = bandStep(step.state, { now: 325, bid: 89, ask: 90 }, US_LULD);
    expect(step).toMatchObject({ phase: 'open', reference: '100', lower: null, upper: null, until: null });
    expect(step.allowed.open).toBe(true);
    step = bandStep(step.state, { now: 330, trades: [90], bid: 89, ask: 91 }, US_LULD);
    expect(step).toMatchObject({ phase: 'open', reference: '90', lower: '85.5', upper: '94.5' });
    expect(bandStep(step.state, { now: 340, trades: [90], bid: 90, ask: 91 }, US_LULD).phase).toBe('open');
  });
});

describe('the latest times', () => {
  const LATEST = 2 ** 52;
  const set = { version: 1, author: 'dao', at: 0, values: { a: 1 } };
  const change = (at: number): { id: string; author: string; values: { a: number }; at: number } => ({
    id: 'p',
    author: 'ana',
    values: { a: 2 },
    at,
  });

  it('are read back from the state that a step has made', () => {
    const rules: BreakerRules = { levels: [{ trip: { operator: '>', level: 1 }, hold: LATEST, forbids: ['open'] }] };
    const held = breakerStep(CLOSED_CIRCUIT, { now: 9, value: 2 }, rules);
    expect(breakerStep(held.state, { now: LATEST, value: 0 }, rules)).toMatchObject({ level: 1, until: LATEST + 9 });
    const quiet = setBreaker(CLOSED_CIRCUIT, { now: 9, level: 0, quiet: LATEST });
    expect(breakerStep(quiet, { now: LATEST, value: 2 }, rules).level).toBe(0);

    const triggers = [{ horizon: 60, down: '0.9', up: '1.1', extension: LATEST }];
    let step = monitorPrice(UNWATCHED, { now: 9, price: 100 }, triggers);
    step = monitorPrice(step.state, { now: 9, price: 200 }, triggers);
    expect(monitorPrice(step.state, { now: LATEST, price: 100 }, triggers).until).toBe(LATEST + 9);

    const queue = propose([], set, change(9), { delay: LATEST - 9, grace: LATEST - 1 });
    expect(applyAt(set, queue, 'p', { by: 'x', at: LATEST }).parameters.version).toBe(2);
    expect(queue[0]?.expiresAt).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('are refused where they are made when no state could hold them', () => {
    const rules: BreakerRules = { levels: [{ trip: { operator: '>', level: 1 }, hold: LATEST, forbids: ['open'] }] };
    expect(refusedAt(() => breakerStep(CLOSED_CIRCUIT, { now: LATEST, value: 2 }, rules))).toBe(
      'range rules.levels[0].hold',
    );
    expect(refusedAt(() => setBreaker(CLOSED_CIRCUIT, { now: LATEST, level: 0, quiet: LATEST }))).toBe(
      'range action.quiet',
    );
    expect(refusedAt(() => propose([], set, change(LATEST), { delay: LATEST }))).toBe('range rule.delay');
    expect(refusedAt(() => propose([], set, change(9), { delay: LATEST, grace: LATEST }))).toBe('range rule.grace');
    const triggers = [1, 2, 3].map(() => ({ horizon: 60, down: '0.9', up: '1.1', extension: LATEST }));
    const { state } = monitorPrice(UNWATCHED, { now: 9, price: 100 }, triggers);
    expect(refusedAt(() => monitorPrice(state, { now: 9, price: 200 }, triggers))).toBe('range triggers[1].extension');
  });
});

describe('a queue of proposals that somebody wrote', () => {
  const set = { version: 1, author: 'dao', at: 0, values: { a: 1 } };
  const [proposal] = propose([], set, { id: 'p', author: 'ana', values: { a: 2 }, at: 5 }, { delay: 9 }) as [Proposal];
  const refusedWith = (more: object): string =>
    refusedAt(() => cancelProposal([{ ...proposal, ...more } as Proposal], 'p', { by: 'x', at: 6 }));

  it('is read as a whole', () => {
    expect(refusedWith({ expiresAt: -4 })).toBe('range queue[0].expiresAt');
    expect(refusedWith({ expiresAt: 'x' })).toBe('type queue[0].expiresAt');
    expect(refusedWith({ closed: 7 })).toBe('type queue[0].closed');
    expect(refusedWith({ values: 1 })).toBe('type queue[0].values');
    expect(refusedWith({ author: 5 })).toBe('type queue[0].author');
    expect(refusedWith({ base: 0 })).toBe('range queue[0].base');
    expect(refusedWith({ closed: { by: 'x', at: 6 } })).toBe('conflict queue[0].closed');
    expect(refusedWith({ status: 'applied' })).toBe('conflict queue[0].closed');
    expect(refusedWith({ status: 'applied', closed: { by: 'x', at: 4 } })).toBe('range queue[0].closed.at');
  });

  it('has each id once', () => {
    const twice = [proposal, { ...proposal, values: { a: 3 } }];
    expect(refusal(() => applyAt(set, twice, 'p', { by: 'x', at: 14 }))).toMatch(/duplicate at queue\[1\].id: got "p"/);
  });
});

describe('a source that comes too late', () => {
  const rules = { stale: { operator: '>', level: 10 } } as const;
  const quote = (source: string, at: number, price = '1'): Quote => ({ source, price, at });

  it('is dropped with its reason while another is fresh, and used where none is', () => {
    const quotes = [quote('old', 0), quote('new', 20), quote('none', 20, '0')];
    expect(guardPrice(quotes, rules, { now: 20 })).toMatchObject({
      used: ['new'],
      dropped: [
        { source: 'old', flag: 'stale' },
        { source: 'none', flag: 'nonPositive' },
      ],
    });
    expect(guardPrice(quotes, rules, { now: 31 })).toMatchObject({
      used: ['old', 'new'],
      dropped: [{ source: 'none', flag: 'nonPositive' }],
    });
  });
});
