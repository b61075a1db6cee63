// Guards at the ends of what they are made for: a market that has to reopen, the latest times, states that somebody wrote by hand
// and sources that come too late.
import { describe, expect, it } from 'vitest';
import { bandStep, UNTRADED, US_LULD } from '../bindings/guards/index.js';

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
