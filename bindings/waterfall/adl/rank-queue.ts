// The queue as a heap: candidates leave it in exact rank order, and nobody who is not reached is sorted. A million
// accounts are a queue in one pass; each that leaves it costs log n.
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { byId } from '../amount.js';
import { orderOf, type Score } from './score.js';

/**
 * Places of candidates by falling score, ties by id (without ids by place). It takes scores as they are when it is made and
 * changes nothing of the caller's.
 */
export class RankQueue {
  readonly #heap: Uint32Array;
  readonly #before: (a: number, b: number) => boolean;
  #size: number;

  /**
   * @param scores - of the candidates: doubles (a kernel's column; infinities may be there), or exact ones
   * @param ids - of the candidates, for ties: a list, or by place
   * @throws MarginError not-finite where a score is NaN, range where there is not an id for each score; missing-key, type
   */
  constructor(scores: Float64Array | readonly Score[], ids?: readonly string[] | ((place: number) => string)) {
    if (!(scores instanceof Float64Array)) listOf(scores, 'scores').forEach(exactly);
    if (ids !== undefined && typeof ids !== 'function' && listOf(ids, 'ids').length !== scores.length) {
      throw new MarginError('range', { path: 'ids', got: ids.length, expected: `${scores.length} ids` });
    }
    const id = typeof ids === 'function' ? ids : (place: number): string => ids?.[place] ?? '';
    const tie = (a: number, b: number): boolean => {
      const order = ids ? byId(id(a), id(b)) : 0;
      return order === 0 ? a < b : order < 0;
    };
    this.#before = scores instanceof Float64Array ? beforeOf(scores, tie) : beforeOfExact(scores, tie);
    this.#size = scores.length;
    this.#heap = new Uint32Array(this.#size).map((_, place) => place);
    for (let node = (this.#size >> 1) - 1; node >= 0; node--) this.#sink(node);
  }

  /** Candidates that have not left. */
  get size(): number {
    return this.#size;
  }

  /** Place of the first; undefined where nobody is left. */
  peek(): number | undefined {
    return this.#size === 0 ? undefined : this.#heap[0];
  }

  /** Takes the first out. @returns its place; undefined where nobody is left */
  pop(): number | undefined {
    const first = this.peek();
    if (first === undefined) return undefined;
    this.#size--;
    this.#heap[0] = this.#heap[this.#size] as number;
    this.#sink(0);
    return first;
  }

  /** Takes them out one after the other; who stops early leaves the rest in the queue. */
  *[Symbol.iterator](): Generator<number, void> {
    for (let place = this.pop(); place !== undefined; place = this.pop()) yield place;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const moved = heap[from] as number;
    let node = from;
    for (let child = 2 * node + 1; child < this.#size; child = 2 * node + 1) {
      const right = child + 1;
      if (right < this.#size && this.#before(heap[right] as number, heap[child] as number)) child = right;
      const next = heap[child] as number;
      if (!this.#before(next, moved)) break;
      heap[node] = next;
      node = child;
    }
    heap[node] = moved;
  }
}

type Tie = (a: number, b: number) => boolean;

function beforeOf(scores: Float64Array, tie: Tie): Tie {
  const wrong = scores.findIndex((score) => Number.isNaN(score));
  if (wrong >= 0) throw new MarginError('not-finite', { path: 'scores', index: wrong, got: Number.NaN });
  return (a, b) => {
    const [x, y] = [scores[a] as number, scores[b] as number];
    return x === y ? tie(a, b) : x > y;
  };
}

/** Scores are compared as they are: a queue of a million has no time to read each again. */
function exactly(score: unknown, place: number): void {
  const { numerator, denominator } = (score ?? {}) as Partial<Score>;
  if (typeof numerator === 'bigint' && typeof denominator === 'bigint') return;
  throw new MarginError('type', { path: `scores[${place}]`, got: score, expected: 'a score, its parts bigint' });
}

function beforeOfExact(scores: readonly Score[], tie: Tie): Tie {
  return (a, b) => {
    const order = orderOf(scores[a] as Score, scores[b] as Score);
    return order === 0 ? tie(a, b) : order < 0;
  };
}

/**
 * The first candidates of a column of scores.
 * @param scores - of the candidates; infinities may be there
 * @param count - how many, >= 0; all where there are fewer
 * @param ids - of the candidates, for ties; without them ties go by place
 * @returns places in rank order
 * @throws MarginError not-finite where a score is NaN, range where the count is no count or there is not an id for each;
 *   missing-key, type
 * @example
 * [...topCandidates(new Float64Array([1, 5, 3, 5]), 3)] // [1, 3, 2]
 */
export function topCandidates(scores: Float64Array, count: number, ids?: readonly string[]): Uint32Array {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new MarginError('range', { path: 'count', got: count, expected: 'a whole number from 0' });
  }
  const queue = new RankQueue(scores, ids);
  return new Uint32Array(count < queue.size ? count : queue.size).map(() => queue.pop() as number);
}
