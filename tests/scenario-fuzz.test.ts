// The doors of books with options and scenario models under fire, as fuzz.test.ts has it for the others.
import { describe, it } from 'vitest';
import type { BookJSON } from '../bindings/public.js';
import { Book } from '../bindings/scenario.js';
import { CASES, fire, outcome, TIMEOUT, takesMutations } from './fire.js';
import type { Random } from './random-book.js';
import { randomModelBook } from './random-model.js';

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
          return outcome(`seed ${seed}, ${kind}`, Book, (door) => door.fromJSON(json));
        });
    },
    TIMEOUT,
  );

  takesMutations(Book, small, modelOr);
});
