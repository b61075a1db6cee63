// A state packs into a link and comes back the same; what was damaged is told from what is another version.
import fc from 'fast-check';
import { accountMargin, Book } from 'margin-kernel/scenario';
import { describe, expect, it } from 'vitest';
import {
  bookOf,
  CONFIDENCES,
  ENGINES,
  HORIZONS,
  pack,
  RULES,
  SIDES,
  SOURCES,
  START,
  type State,
} from '../src/state.ts';
import { hashOf, LinkError, stateOfHash } from '../src/url.ts';

const markets = START.venue.markets.map(({ id }) => id);
const finite = fc.double({ min: 1e-9, max: 1e12, noNaN: true });
const balances = fc.dictionary(
  fc.constantFrom('USDT', 'BTC', 'ETH', 'SOL'),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((x) => x + 0),
  {
    noNullPrototype: true,
  },
);
const positions = fc.uniqueArray(
  fc.record({
    market: fc.constantFrom(...markets),
    size: fc.double({ min: -1e6, max: 1e6, noNaN: true }).filter((x) => Math.abs(x) > 1e-9),
    entry: finite,
  }),
  { selector: ({ market }) => market, maxLength: markets.length },
);
const accounts = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 12 }),
    model: fc.constant('portfolio'),
    balances,
    positions,
    buckets: fc.option(
      fc.record({ bucket: fc.integer({ min: 1, max: 99 }), balances, positions }).map((bucket) => [bucket]),
      { nil: [] },
    ),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 3 },
);

/** Any state that the page could come to. */
const states: fc.Arbitrary<State> = accounts.chain((all) =>
  fc.record({
    venue: fc.constantFrom(START.venue, { ...START.venue, numeraire: 'EUR' }),
    accounts: fc.constant(all),
    account: fc.integer({ min: 0, max: all.length - 1 }),
    prices: fc.dictionary(fc.constantFrom('BTC', 'ETH', 'SOL'), finite, { noNullPrototype: true }),
    focus: fc.constantFrom('', 'BTC', 'SOL'),
    moves: fc.constantFrom('', 'ETH'),
    engine: fc.constantFrom(...ENGINES),
    risk: fc.record({
      source: fc.constantFrom(...SOURCES),
      confidence: fc.constantFrom(...CONFIDENCES),
      horizon: fc.constantFrom(...HORIZONS),
      closes: fc.string({ unit: 'grapheme', maxLength: 60 }),
    }),
    rule: fc.constantFrom(...RULES),
    ticket: fc.record({
      market: fc.constantFrom(...markets),
      side: fc.constantFrom(...SIDES),
      size: fc.double({ min: 0, max: 1e6, noNaN: true }).map((x) => x + 0),
    }),
  }),
);

describe('a link', () => {
  it('brings any state back', async () => {
    await fc.assert(
      fc.asyncProperty(states, async (state) => {
        expect(await stateOfHash(`#${await hashOf(state)}`)).toEqual(state);
      }),
      { numRuns: 100 },
    );
  });

  it('of the first page is a few letters, of an edited one some hundred', async () => {
    expect((await hashOf(START)).length).toBeLessThan(20);
    const edited = { ...START, accounts: START.accounts.map((account) => ({ ...account, balances: { USDT: 9000 } })) };
    expect((await hashOf(edited)).length).toBeLessThan(500);
    expect(pack(START)).toEqual({});
  });

  it('is nothing where there is no hash', async () => {
    expect(await stateOfHash('')).toBeNull();
    expect(await stateOfHash('#')).toBeNull();
  });

  it('that lost or changed any letter is refused or the same, never another portfolio', async () => {
    const state = { ...START, prices: { BTC: 55_555 }, accounts: [{ id: 'x', balances: { USDT: 12_345 } }] };
    const hash = await hashOf(state);
    for (let at = 2; at < hash.length; at++) {
      for (const damaged of [
        hash.slice(0, at),
        hash.slice(0, at) + (hash[at] === 'A' ? 'B' : 'A') + hash.slice(at + 1),
        hash.slice(0, at) + hash.slice(at + 1),
      ]) {
        const got = await stateOfHash(damaged).catch((error: unknown) => error);
        // The last letter has bits that no byte reads.
        if (got instanceof LinkError) expect(got.why).toBe('damaged');
        else expect(got).toEqual(state);
      }
    }
  });

  it.each([
    ['1.', 'damaged'],
    ['hello', 'damaged'],
    ['1.!!!!', 'damaged'],
    ['2.eJyrrgUAAXUA-Q', 'version'],
  ])('%s is %s', async (hash, why) => {
    await expect(stateOfHash(hash)).rejects.toMatchObject({ why });
  });

  /** A link of any packed value. */
  const linkOf = async (packed: unknown): Promise<string> => {
    const stream = new Blob([JSON.stringify(packed)]).stream().pipeThrough(new CompressionStream('deflate'));
    return `1.${Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url')}`;
  };

  it.each([
    [[], 'not an object'],
    [{ z: 1 }, '"z"'],
    [{ p: { BTC: -1 } }, 'BTC'],
    [{ p: { BTC: 'x' } }, 'BTC'],
    [{ e: 'gpu' }, 'engine'],
    [{ a: [] }, 'no account'],
    [{ i: 5 }, 'not in the list'],
    [{ r: ['simulated', '0.99', 1] }, 'closes'],
    [{ t: ['BTC-PERP', 'buy', -1] }, 'size'],
    [{ a: [{ id: 'me', positions: [{ market: 'BTC-PREP', size: 1, entry: 1 }] }] }, 'BTC-PERP'],
    [{ a: [{ id: 'me', balances: { USDT: 'much' } }] }, 'number'],
    [{ v: { assets: [] } }, 'list'],
  ])('whose content %j can not be says why', async (packed, part) => {
    const error = await stateOfHash(await linkOf(packed)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LinkError);
    expect(error).toMatchObject({ why: 'content', message: expect.stringContaining(part) });
  });

  it('that would unfold without end is refused', async () => {
    expect(await stateOfHash(await linkOf({ x: 'a'.repeat(5_000_000) })).catch((e: unknown) => e)).toMatchObject({
      why: 'damaged',
    });
  });
});

it('the first page is a book that the kernel takes, with an option and an isolated position', () => {
  const { units } = accountMargin(Book.fromJSON(bookOf(START)), 'me');
  expect(units.map(({ bucket, status }) => [bucket, status])).toEqual([
    [0, 'healthy'],
    [1, 'healthy'],
  ]);
  expect(START.accounts[0]?.positions?.some(({ market }) => market.endsWith('-C'))).toBe(true);
});
