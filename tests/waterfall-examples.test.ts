// The examples at the functions of margin-kernel/waterfall: there is one at every function, and it says what it gives.
import { describe, expect, it } from 'vitest';
import * as waterfall from '../bindings/waterfall/index.js';
import { evaluateWith, examplesOf, functionsOf } from './examples.js';

const examples = examplesOf('waterfall/');
const evaluate = evaluateWith(waterfall);

describe('examples', () => {
  it('stand at every function', () => {
    const shown = examples.map(({ expression }) => expression).join('\n');
    expect(functionsOf(waterfall).filter((name) => !shown.includes(`${name}(`))).toEqual([]);
  });

  it.each(examples)('$name', ({ expression, result }) => {
    expect(evaluate(expression)).toEqual(evaluate(result));
  });
});
