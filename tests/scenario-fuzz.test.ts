// The doors of books with options and scenario models under fire, as fuzz.test.ts has it for the others: a MarginError or a valid
// book, the same on both engines, without NaN or infinity, that can be written down again.
import { describe, expect, it } from 'vitest';
import { MarginError, margin } from '../bindings/index.js';
import type { BookBase, BookJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { Book } from '../bindings/scenario.js';
import { mutate, mutateBytes, mutateContents, mutateText, seal } from './mutations.js';
import { Random } from './random-book.js';
import { randomModelBook } from './random-model.js';

const CASES = Number(process.env.FUZZ_CASES ?? 600);
const FIRST = Number(process.env.FUZZ_SEED ?? 0);
const TIMEOUT = 60_000 + CASES * 200;

const COLUMNS = [
  'equity',
  'collateral',
  'initialCollateral',
  'endCollateral',
  'initialMargin',
  'maintenanceMargin',
  'endMargin',
  'notional',
  'status',
] as const;

/** First result that is not finite, or differs between the engines. */
function wrong(book: BookBase, other: BookBase): string | undefined {
  const [a, b] = [margin(book), margin(other)];
  for (const name of COLUMNS) {
    for (let u = 0; u < book.units; u++) {
      if (!Number.isFinite(a[name][u])) return `${name}[${u}] is ${a[name][u]}`;
      if (!Object.is(a[name][u], b[name][u])) return `${name}[${u}] is ${a[name][u]} and ${b[name][u]}`;
    }
  }
  return undefined;
}

type Opener = (Door: typeof Book | typeof ReferenceBook) => BookBase;

/** What became of a case: refused with a message and a place, or accepted; anything else fails. */
function outcome(what: string, open: Opener): 'refused' | 'accepted' {
  let book: BookBase;
  try {
    book = open(Book);
  } catch (e) {
    if (!(e instanceof MarginError)) throw new Error(`${what}: ${e instanceof Error ? e.stack : String(e)}`);
    if (!e.message.startsWith(e.code) || e.path === undefined) throw new Error(`${what}: no place: ${e.message}`);
    return 'refused';
  }
  try {
    const found = wrong(book, open(ReferenceBook));
    if (found !== undefined) throw new Error(found);
    const bytes = book.encode();
    for (const again of [Book.decode(bytes), Book.fromJSON(JSON.stringify(book.toJSON()))]) {
      if (Buffer.compare(again.encode(), bytes) !== 0) throw new Error('another book when it is read again');
    }
  } catch (e) {
    throw new Error(`${what}: ${e instanceof Error ? e.stack : String(e)}`);
  }
  return 'accepted';
}

/** Runs the cases of a kind and expects both answers to have come. */
function fire(kind: string, one: (seed: number, r: Random) => 'refused' | 'accepted'): void {
  const seen = { refused: 0, accepted: 0 };
  for (let i = 0; i < CASES; i++) seen[one(FIRST + i, new Random((FIRST + i) ^ 0x5eed))]++;
  if (CASES < 500) return;
  expect(seen.refused, kind).toBeGreaterThan(CASES / 100);
  expect(seen.accepted, kind).toBeGreaterThan(CASES / 100);
}

/** The book, or one of its models where mutations have left any. */
function modelOr(json: BookJSON, r: Random): object {
  const model: unknown = Array.isArray(json.models) && r.chance(0.5) ? r.pick(json.models) : json;
  return typeof model === 'object' && model !== null ? model : json;
}

/** A book of its own: mutations leave what others share alone. */
const small = (seed: number): BookJSON => structuredClone(randomModelBook(seed, 2));

/** Ends of ranges, and numbers in between that are far from one another. */
const ENDS = [0, 1e-30, 1e-6, 1e-3, 0.5, 1, 50, 100, 1e5, 1e6, 1e30, -50, -100, -1e6, 31_536_000_000];

/** Puts ends of ranges in the place of some numbers. */
function stretch(node: object, r: Random, share: number): void {
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'object' && value !== null) stretch(value, r, share);
    else if (typeof value === 'number' && r.chance(share)) (node as Record<string, unknown>)[key] = r.pick(ENDS);
  }
}

describe('doors of books with models', () => {
  it(
    `take ${CASES * 2} books with numbers at the ends of their ranges`,
    () => {
      const both = ['ends', 'more ends'];
      for (const [i, kind] of both.entries())
        fire(kind, (seed, r) => {
          const json = small(seed + i * 100_000);
          stretch(json, r, r.pick([0.005, 0.01, 0.03]));
          return outcome(`seed ${seed}, ${kind}`, (Door) => Door.fromJSON(json));
        });
    },
    TIMEOUT,
  );

  it(
    `take ${CASES} mutated objects`,
    () => {
      fire('objects', (seed, r) => {
        const json = small(seed);
        for (let n = r.int(1, 3); n > 0; n--) mutate(modelOr(json, r), r);
        return outcome(`seed ${seed}`, (Door) => Door.fromJSON(json));
      });
    },
    TIMEOUT,
  );

  it(
    `take ${CASES} mutated texts`,
    () => {
      fire('texts', (seed, r) => {
        const json = small(seed);
        if (r.chance(0.5)) mutate(json, r);
        let text = JSON.stringify(json);
        for (let n = r.int(0, 2); n > 0; n--) text = mutateText(text, r);
        return outcome(`seed ${seed}`, (Door) => Door.fromJSON(text));
      });
    },
    TIMEOUT,
  );

  it(
    `take ${CASES} mutated bytes, most with a checksum that fits`,
    () => {
      fire('bytes', (seed, r) => {
        let bytes: Uint8Array = Book.fromJSON(small(seed)).encode();
        for (let n = r.int(0, 3); n > 0; n--) bytes = mutateBytes(bytes, r);
        if (r.chance(0.9)) seal(bytes);
        return outcome(`seed ${seed}`, (Door) => Door.decode(bytes));
      });
    },
    TIMEOUT,
  );

  it(
    `take ${CASES} mutated tables of contents, models among them`,
    () => {
      fire('contents', (seed, r) => {
        const bytes = mutateContents(Book.fromJSON(small(seed)).encode(), r);
        return outcome(`seed ${seed}`, (Door) => Door.decode(seal(bytes)));
      });
    },
    TIMEOUT,
  );
});
