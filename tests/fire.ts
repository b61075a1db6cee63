// Doors under fire, for books of every kind: the answer to a mutated book is a MarginError with a place, or a valid book, the same on
// both engines, without NaN or infinity, that can be written down again. FUZZ_CASES sets the number of cases of each kind,
// FUZZ_SEED the first seed; a failure prints the seed of its case.

import { expect, it } from 'vitest';
import { MarginError, margin } from '../bindings/index.js';
import { MARGIN_COLUMNS } from '../bindings/margin-columns.js';
import type { BookBase, BookJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { mutate, mutateBytes, mutateContents, mutateText, seal } from './mutations.js';
import { Random } from './random-book.js';

export const CASES = Number(process.env.FUZZ_CASES ?? 40);
export const FIRST = Number(process.env.FUZZ_SEED ?? 0);
export const TIMEOUT = 60_000 + CASES * 200;
/** Longest that one case may take: far beyond any answer, far below a hang. */
const PATIENCE = 5000;

const COLUMNS = [...MARGIN_COLUMNS, 'status'] as const;

export type Outcome = 'refused' | 'accepted';

/** A book of an engine. */
export interface Door {
  fromJSON(json: BookJSON | string): BookBase;
  decode(bytes: Uint8Array): BookBase;
}

/** Which results of a book are not finite, or differ between the engines. */
export function wrong(book: BookBase, other: BookBase): string | undefined {
  const [a, b] = [margin(book), margin(other)];
  for (const name of COLUMNS) {
    for (let u = 0; u < book.units; u++) {
      if (!Number.isFinite(a[name][u])) return `${name}[${u}] is ${a[name][u]}`;
      if (!Object.is(a[name][u], b[name][u])) return `${name}[${u}] is ${a[name][u]} and ${b[name][u]}`;
    }
  }
  const others = Object.values(b.totals);
  const at = Object.values(a.totals).findIndex((x, i) => !Number.isFinite(x) || !Object.is(x, others[i]));
  return at < 0 ? undefined : `total ${Object.keys(a.totals)[at]} is ${Object.values(a.totals)[at]} and ${others[at]}`;
}

const told = (what: string, e: unknown): Error => new Error(`${what}: ${e instanceof Error ? e.stack : String(e)}`);

/** What became of a case: refused with a message and a place, or accepted; anything else fails. */
function answerOf(what: string, Kernel: Door, open: (door: Door) => BookBase): Outcome {
  let book: BookBase;
  try {
    book = open(Kernel);
  } catch (e) {
    if (!(e instanceof MarginError)) throw told(what, e);
    if (!e.message.startsWith(e.code) || e.path === undefined)
      throw new Error(`${what}: a message without a place: ${e.message}`);
    return 'refused';
  }
  try {
    const found = wrong(book, open(ReferenceBook));
    if (found !== undefined) throw new Error(found);
    const bytes = book.encode();
    for (const again of [Kernel.decode(bytes), Kernel.fromJSON(JSON.stringify(book.toJSON()))]) {
      if (Buffer.compare(again.encode(), bytes) !== 0) throw new Error('another book when it is read again');
    }
  } catch (e) {
    throw told(what, e);
  }
  return 'accepted';
}

/** The same, and taking long fails too. */
export function outcome(what: string, Kernel: Door, open: (door: Door) => BookBase): Outcome {
  const began = performance.now();
  const answer = answerOf(what, Kernel, open);
  const took = performance.now() - began;
  if (took > PATIENCE) throw new Error(`${what}: took ${took} ms`);
  return answer;
}

/** Runs the cases of a kind and expects both answers to have come. */
export function fire(kind: string, one: (seed: number, r: Random) => Outcome): void {
  const seen = { refused: 0, accepted: 0 };
  for (let i = 0; i < CASES; i++) seen[one(FIRST + i, new Random((FIRST + i) ^ 0x5eed))]++;
  if (CASES < 500) return;
  expect(seen.refused, kind).toBeGreaterThan(CASES / 100);
  expect(seen.accepted, kind).toBeGreaterThan(CASES / 100);
}

/**
 * Tests of both doors of an engine with books that are not what they were.
 * @param small - a book of its own for each seed
 * @param part - what of it is mutated; default all of it
 */
export function takesMutations(
  Kernel: Door,
  small: (seed: number) => BookJSON,
  part: (json: BookJSON, r: Random) => object = (json) => json,
): void {
  const cases = (kind: string, one: (seed: number, r: Random) => (door: Door) => BookBase): void => {
    it(
      `take ${CASES} mutated ${kind}`,
      () => fire(kind, (seed, r) => outcome(`seed ${seed}`, Kernel, one(seed, r))),
      TIMEOUT,
    );
  };
  const bytesOf = (seed: number): Uint8Array => Kernel.fromJSON(small(seed)).encode();
  cases('objects', (seed, r) => {
    const json = small(seed);
    for (let n = r.int(1, 3); n > 0; n--) mutate(part(json, r), r);
    return (door) => door.fromJSON(json);
  });
  cases('texts', (seed, r) => {
    const json = small(seed);
    if (r.chance(0.5)) mutate(json, r);
    let text = JSON.stringify(json);
    for (let n = r.int(0, 2); n > 0; n--) text = mutateText(text, r);
    return (door) => door.fromJSON(text);
  });
  cases('bytes, most with a checksum that fits', (seed, r) => {
    let bytes = bytesOf(seed);
    for (let n = r.int(0, 3); n > 0; n--) bytes = mutateBytes(bytes, r);
    if (r.chance(0.9)) seal(bytes);
    return (door) => door.decode(bytes);
  });
  cases('tables of contents', (seed, r) => {
    const bytes = seal(mutateContents(bytesOf(seed), r));
    return (door) => door.decode(bytes);
  });
}
