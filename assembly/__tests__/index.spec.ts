// Placeholder: the kernel compiles and answers.
import { abiVersion } from '../index';

describe('abiVersion', () => {
  it('is one', () => {
    expect<i32>(abiVersion()).toBe(1);
  });
});
