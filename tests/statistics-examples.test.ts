// The examples of the doc comments of samples and analytic risk run, and every function of theirs has one.
import { describe, expect, it } from 'vitest';
import * as closed from '../bindings/statistics/analytic/public.js';
import * as quadratic from '../bindings/statistics/delta-gamma/public.js';
import * as empirical from '../bindings/statistics/empirical/public.js';
import { evaluateWith, examplesOf, functionsOf } from './examples.js';

const analytic = { ...empirical, ...closed, ...quadratic };
const functions = functionsOf(analytic);
const examples = examplesOf('statistics/').filter(({ name }) => functions.includes(name.replace(/^.*: /, '').trim()));
const calls = examplesOf('statistics/').filter(({ expression }) =>
  functions.some((name) => expression.startsWith(`${name}(`)),
);
const evaluate = evaluateWith(analytic);

describe('examples of statistics', () => {
  it('are of every function', () => {
    expect(examples.length).toBe(calls.length);
    const shown = calls.map(({ expression }) => expression.slice(0, expression.indexOf('(')));
    expect([...new Set(shown)].sort()).toEqual([...functions].sort());
  });

  it.each(calls)('$name', ({ expression, result }) => {
    expect(evaluate(expression)).toEqual(evaluate(result));
  });
});
