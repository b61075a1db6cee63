// The fixed work of all runtimes, here and now: the recorded hash without the package being packed, and what the digest tells apart.
import { readFileSync } from 'node:fs';
import * as numeric from 'margin-kernel/numeric';
import * as options from 'margin-kernel/options';
import * as risk from 'margin-kernel/var';
import { describe, expect, it } from 'vitest';
import { Digest } from './runtimes/digest.js';
import { hashesOf } from './runtimes/work.js';

const recorded = readFileSync(new URL('runtimes/hash.txt', import.meta.url), 'utf8').trim();

describe('the fixed work', () => {
  it('has the recorded hash on the kernel', async () => {
    expect((await hashesOf({ Book: risk.Book, risk, options, numeric })).hash).toBe(recorded);
  });
});

describe('a digest', () => {
  const hex = (value: unknown): Promise<string> => new Digest().add(value).hex();

  it('has one NaN, and tells zeros, lists, types and names apart', async () => {
    const odd = new Float64Array(new BigUint64Array([0x7ff8000000000123n, 0xfff8000000000000n]).buffer);
    expect(await hex(odd)).toBe(await hex([Number.NaN, Number.NaN]));
    const others = [0, -0, '0', 0n, null, undefined, false, [], [0], [[0]], { a: 0 }, { b: 0 }, { a: [0] }];
    expect(new Set(await Promise.all(others.map(hex))).size).toBe(others.length);
  });

  it('does not depend on the order of keys, on methods, or on how much it has held', async () => {
    expect(await hex({ a: 1, b: 2, copy: () => 1 })).toBe(await hex({ b: 2, a: 1 }));
    const long = Float64Array.from({ length: 30_000 }, (_, i) => i);
    expect(await new Digest().add(long).add(1).hex()).not.toBe(await new Digest().add(long).add(2).hex());
  });
});
