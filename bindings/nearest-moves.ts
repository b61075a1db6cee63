// The likeliest joint move to liquidation: the point of the boundary of health that is nearest in the norm of a covariance.
import type { BookBase } from './book/book.js';
import { Fields } from './book/fields.js';
import { ensureRay, type PriceOptions, rayLevel } from './certificate.js';
import { MarginError } from './errors.js';
import { LEVEL, NONE } from './layout.js';
import { checkBook } from './margin.js';
import { ANSWER, ROOT } from './reference/lanes.js';
import { clearShifts } from './shifts.js';

/** Underlyings that move, and how. */
export interface Covariance {
  /** Names: the base asset of a market, unless the book says otherwise. */
  underlyings: readonly string[];
  /** Covariance of their relative moves over the horizon that is meant, row by row. */
  matrix: ArrayLike<number>;
}

/** The likeliest joint move to liquidation of a margin unit. */
export interface NearestMove {
  /** 0: the cross unit; isolated from 1. */
  bucket: number;
  /** Of the margin unit now. */
  status: 'healthy' | 'liquidatable';
  /** Distance to liquidation in standard deviations; null: none along any direction that was tried; 0: liquidatable now. */
  distance: number | null;
  /** The move itself, by underlying: -0.1 is a fall of 10 %. */
  move: Record<string, number>;
  /** Directions that were solved. */
  solved: number;
}

/** Directions that are tried from one start at most. */
const MOST_TURNS = 16;
/** Turns less than this share of the distance end a search. */
const SETTLED = 1e-9;
/** A pivot of so small a share of the largest variance is rounding. */
const SINGULAR = 1e-12;
/** Step of a difference quotient. */
const STEP = 1 / 65536;

/** matrix * v. */
const product = (matrix: ArrayLike<number>, v: readonly number[]): number[] =>
  v.map((_, i) => v.reduce((sum, x, j) => sum + (matrix[i * v.length + j] ?? 0) * x, 0));
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

/** @throws MarginError range, type */
function checkCovariance({ underlyings, matrix }: Covariance): void {
  if (!Array.isArray(underlyings))
    throw new MarginError('type', { path: 'covariance.underlyings', got: underlyings, expected: 'a list of names' });
  if (typeof matrix?.length !== 'number')
    throw new MarginError('type', {
      path: 'covariance.matrix',
      got: matrix,
      expected: 'a list of numbers, row by row',
    });
  const twice = underlyings.findIndex((name, i) => underlyings.indexOf(name) !== i);
  if (twice >= 0)
    throw new MarginError('duplicate', {
      path: 'covariance.underlyings',
      index: twice,
      got: underlyings[twice],
      expected: 'every underlying once',
    });
  const n = underlyings.length;
  if (n === 0 || matrix.length !== n * n)
    throw new MarginError('range', {
      path: 'covariance.matrix',
      got: matrix.length,
      expected: `${n * n} entries, ${n} rows of ${n} underlyings${n === 0 ? ', at least one' : ''}`,
    });
  for (let i = 0; i < n * n; i++) {
    const value = matrix[i] as number;
    const other = matrix[(i % n) * n + Math.floor(i / n)] as number;
    if (!Number.isFinite(value) || Math.abs(value - other) > 1e-12 * (Math.abs(value) + Math.abs(other)))
      throw new MarginError('range', {
        path: 'covariance.matrix',
        index: i,
        got: value,
        expected: 'finite numbers, the same on both sides of the diagonal',
      });
    if (i % (n + 1) === 0 && value < 0)
      throw new MarginError('range', { path: 'covariance.matrix', index: i, got: value, expected: 'a variance >= 0' });
  }
  if (!isSemidefinite(matrix, n))
    throw new MarginError('range', {
      path: 'covariance.matrix',
      expected:
        'a matrix in which no mix of moves has a negative variance: correlations from -1 to 1 that fit each other',
    });
}

/** Whether a symmetric matrix has no negative variance in any direction, but for rounding: Cholesky's pivots. */
function isSemidefinite(matrix: ArrayLike<number>, n: number): boolean {
  const a = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => matrix[i * n + j] as number));
  const scale = Math.max(...a.map((row, i) => row[i] as number));
  for (let k = 0; k < n; k++) {
    const row = a[k] as number[];
    const pivot = row[k] as number;
    if (pivot < -SINGULAR * scale) return false;
    const rest = a.slice(k + 1);
    if (pivot <= SINGULAR * scale) {
      // Without variance there is no covariance.
      if (rest.some((other) => Math.abs(other[k] as number) > Math.sqrt(SINGULAR) * scale)) return false;
      continue;
    }
    for (const other of rest) {
      const factor = (other[k] as number) / pivot;
      for (let j = k + 1; j < n; j++) other[j] = (other[j] as number) - factor * (row[j] as number);
    }
  }
  return true;
}

/** Solves for the nearest point of the boundary: step to it along a direction, then turn to where it is steepest there. */
class NearestSearch {
  solved = 0;
  readonly #book: BookBase;
  readonly #unit: number;
  readonly #level: number;
  readonly #covariance: Covariance;
  readonly #rows: number[];

  constructor(book: BookBase, unit: number, level: number, covariance: Covariance, rows: number[]) {
    this.#book = book;
    this.#unit = unit;
    this.#level = level;
    this.#covariance = covariance;
    this.#rows = rows;
  }

  /** Opens the ray along a vector of moves of the underlyings. */
  #open(moves: readonly number[]): void {
    const { store } = this.#book;
    const { asset, market } = store.columns;
    clearShifts(this.#book);
    const of = (underlying: number): number => moves[this.#rows.indexOf(underlying)] ?? 0;
    for (let m = 0; m < this.#book.markets; m++) {
      market.shift[m] = of(market.underlying[m] ?? NONE) * (market.beta[m] ?? 1);
    }
    for (let a = 0; a < this.#book.assets; a++) asset.shift[a] = of(asset.underlying[a] ?? NONE);
    store.engine.openRay(store, this.#unit, NONE, this.#level);
  }

  healthAt(moves: readonly number[]): number {
    this.#open(moves);
    return this.#book.store.engine.rayHealth(2);
  }

  /** By the house's operator, where that counts. */
  isLiquidatable(moves: readonly number[]): boolean {
    const health = this.healthAt(moves);
    const { rule, answer } = this.#book.store.columns.house;
    const orEqual = this.#level === LEVEL.maintenance && ((rule[0] ?? 0) & 1) !== 0;
    return orEqual ? health <= 0 && (answer[ANSWER.requirement] ?? 0) > 0 : health < 0;
  }

  /** Slope of health by underlying at a point, from the side of smaller moves. */
  #gradient(at: readonly number[], side: readonly number[]): number[] {
    const here = this.healthAt(at);
    return at.map((_, i) => {
      const step = (side[i] ?? 0) > 0 ? -STEP : STEP;
      return (this.healthAt(at.map((x, j) => (j === i ? x + step : x))) - here) / step;
    });
  }

  /** Unit direction (1 standard deviation) in which a linear function of this gradient falls fastest; null where it is flat. */
  #downhill(gradient: readonly number[]): number[] | null {
    const along = product(this.#covariance.matrix, gradient);
    const variance = dot(gradient, along);
    return variance > 0 ? along.map((x) => -x / Math.sqrt(variance)) : null;
  }

  /** Distance to the boundary along a unit direction. */
  #distance(direction: readonly number[]): number | null {
    this.solved++;
    this.#open(direction);
    const { store } = this.#book;
    const code = store.engine.solveRay(true);
    return code & ROOT.none ? null : (store.columns.house.answer[ANSWER.ill] ?? 1) - 1;
  }

  /** From one direction to the nearest point that turning leads to. */
  from(start: readonly number[]): { distance: number; move: number[] } | null {
    let direction: number[] | null = this.#downhill(start);
    let best: { distance: number; move: number[] } | null = null;
    for (let turn = 0; direction && turn < MOST_TURNS; turn++) {
      const distance: number | null = this.#distance(direction);
      if (distance === null) return best;
      const move: number[] = direction.map((x) => x * distance);
      const settled = best !== null && best.distance - distance <= SETTLED * distance;
      if (best === null || distance < best.distance) best = { distance, move };
      if (settled) return best;
      direction = this.#downhill(this.#gradient(move, move));
    }
    return best;
  }

  /** The gradient where prices stand, and every single underlying in both ways. */
  starts(): number[][] {
    const n = this.#rows.length;
    const single = (i: number, sign: number): number[] => Array.from({ length: n }, (_, j) => (i === j ? sign : 0));
    const zero = Array.from({ length: n }, () => 0);
    const here = this.#gradient(zero, zero);
    return [here, ...here.flatMap((_, i) => [single(i, 1), single(i, -1)])];
  }
}

/**
 * The likeliest joint move at which each margin unit of an account becomes liquidatable, in the norm of a covariance: how many
 * standard deviations away, and in which direction. Every underlying moves its markets by their betas and its asset. Searched
 * from the steepest direction and from every single underlying in both ways; the nearest find is the answer.
 * @throws MarginError unknown-id, range; nothing is changed
 * @example
 * const covariance = { underlyings: ['BTC'], matrix: [0.0016] }; // 4 % a day
 * const [unit] = nearestMoves(book, 'a1', covariance);
 * console.log(unit?.distance?.toFixed(2)); // 1.01
 */
export function nearestMoves(
  book: BookBase,
  account: string | number,
  covariance: Covariance,
  options: PriceOptions = {},
): NearestMove[] {
  checkBook(book);
  const level = rayLevel(options);
  const units = book.unitsOf(account);
  new Fields(covariance, 'covariance', ['underlyings', 'matrix']);
  checkCovariance(covariance);
  const rows = covariance.underlyings.map((name, i) => book.underlying(name, `covariance.underlyings[${i}]`));
  book.refresh();
  try {
    return units.map((u) => {
      ensureRay(book, u, u + 1);
      const search = new NearestSearch(book, u, level, covariance, rows);
      const zero = rows.map(() => 0);
      const liquidatable = search.isLiquidatable(zero);
      const found = liquidatable
        ? [{ distance: 0, move: zero }]
        : search.starts().flatMap((start) => search.from(start) ?? []);
      const best = found.reduce<(typeof found)[number] | null>((a, b) => (a && a.distance <= b.distance ? a : b), null);
      return {
        bucket: book.unitBucket(u),
        status: liquidatable ? 'liquidatable' : 'healthy',
        distance: best?.distance ?? null,
        move: Object.fromEntries(covariance.underlyings.map((name, i) => [name, best?.move[i] ?? 0])),
        solved: search.solved,
      };
    });
  } finally {
    clearShifts(book);
  }
}
