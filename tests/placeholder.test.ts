// Placeholder: kernel and reference answer alike.
import { abiVersion } from 'margin-kernel';
import * as reference from 'margin-kernel/reference';
import { expect, it } from 'vitest';

it('is one ABI', () => {
  expect(abiVersion()).toBe(reference.abiVersion());
});
