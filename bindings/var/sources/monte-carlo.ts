// Monte Carlo: correlated moves of coins, drawn from a normal or a Student-t distribution. One implementation for both engines, which
// differ in the inner loop alone; and any part of the paths is the same numbers, whoever makes it.
import { MarginError } from '../../errors.js';
import { chiSquareQuantile } from '../../reference/numeric/gamma.js';
import { openUnit, philox } from '../../reference/numeric/philox.js';
import { centred, directionsOf, reversed, scrambledReversed, sobol } from '../../reference/numeric/sobol.js';
import { repairPsd } from '../../statistics/matrix/repair.js';
import type { Scenarios } from '../types.js';
import { type MonteCarloOptions, type Request, requestOf } from './monte-carlo-options.js';
import type { Simulation, Simulator } from './simulator.js';

export type { MonteCarloOptions } from './monte-carlo-options.js';

export interface MonteCarloScenarios extends Scenarios {
  /** Paths that these are, of those that were asked for: scenario i is path from + i. */
  readonly from: number;
  /** Path behind the last of these. */
  readonly to: number;
  /** Where the random numbers come from. */
  readonly generator: 'philox' | 'sobol';
  /** Of the random numbers. */
  readonly seed: number;
  /** Degrees of freedom; null for the normal distribution. */
  readonly student: number | null;
  /** Covariance of the drawn returns over the horizon, row after row (after the repair; of `scale`, the scale matrix). */
  readonly covariance: Float64Array;
  /** Whether what was given was no covariance and has been mended, and its smallest eigenvalue (of correlations) before. */
  readonly repaired: boolean;
  /** Smallest eigenvalue of the correlations before the repair; null where none was needed. */
  readonly smallest: number | null;
  /** How moves were brought to the horizon. */
  readonly scaling: 'none' | 'square-root-of-time';
}

const WORD = 4294967296;
/** The fourth word of a counter says what the numbers are for; 0 is for normal numbers. */
const FOR_MIXING = 1;
const FOR_SCRAMBLING = 2;
/** 2 GB of moves; more is asked for in parts. */
const MOST_MOVES = 268_435_456;

/** `monteCarlo` on an engine. */
export function monteCarloOn(simulate: Simulator): (options: MonteCarloOptions) => MonteCarloScenarios {
  return (options) => {
    const request = requestOf(options);
    const { names, period, horizon, from, to, generator, seed, student } = request;
    const [n, count] = [names.length, to - from];
    if (count * n > MOST_MOVES)
      throw new MarginError('too-many', {
        path: 'options.paths',
        got: count * n,
        expected: `at most ${MOST_MOVES} moves in one call`,
        hint: 'Ask for parts with `from` and `to`: they are the same numbers',
      });
    const { matrix, lower, repaired, smallest } = repairPsd(request.covariance, n);
    const variance = horizon / period;
    const scale = Math.sqrt(student?.covariance ? (variance * (student.dof - 2)) / student.dof : variance);
    const packed = Array.from({ length: n }, (_, i) => Array.from(lower.subarray(i * n, i * n + i + 1)));
    const key = Uint32Array.of(seed % WORD, Math.floor(seed / WORD));
    const simulation: Simulation = {
      factors: n,
      lower: Float64Array.from(packed.flat(), (x) => x * scale),
      means: request.mean.map((x) => x * variance),
      log: request.kind === 'log',
      draw: generator === 'philox' ? { generator, key } : sobolDraw(n, key),
    };
    const mixes = student && mixesOf(request, student.dof, key);
    const moves = names.map(() => new Float64Array(count));
    simulate(simulation, from, count, mixes, moves);
    return {
      method: 'monte-carlo',
      names,
      count,
      moves,
      horizon,
      ...(from > 0 ? { first: from } : {}),
      from,
      to,
      generator,
      seed,
      student: student?.dof ?? null,
      covariance: matrix.map((x) => x * variance),
      repaired,
      smallest,
      scaling: horizon === period ? 'none' : 'square-root-of-time',
    };
  };
}

/** The scrambling of a dimension. */
function seedOf(dimension: number, key: Uint32Array): number {
  return philox([dimension, 0, 0, FOR_SCRAMBLING], key)[0] ?? 0;
}

const reversedOf = (dimension: number): Uint32Array => (directionsOf(dimension) ?? new Uint32Array(32)).map(reversed);

function sobolDraw(factors: number, key: Uint32Array): Simulation['draw'] {
  const directions = new Uint32Array(32 * factors);
  for (let i = 0; i < factors; i++) directions.set(reversedOf(i), 32 * i);
  return { generator: 'sobol', directions, seeds: Uint32Array.from({ length: factors }, (_, i) => seedOf(i, key)) };
}

/** sqrt(dof / chi-square) of each path: its own counter of Philox, or the dimension behind the factors of a Sobol point. */
function mixesOf({ names, from, to, generator }: Request, dof: number, key: Uint32Array): Float64Array {
  const mixes = new Float64Array(to - from);
  const words = new Uint32Array(4);
  const directions = generator === 'sobol' ? reversedOf(names.length) : undefined;
  const seed = seedOf(names.length, key);
  for (let path = from; path < to; path++) {
    philox([path % WORD, Math.floor(path / WORD), 0, FOR_MIXING], key, words);
    const u = directions
      ? centred(scrambledReversed(sobol(directions, path), seed))
      : openUnit(words[0] ?? 0, words[1] ?? 0);
    mixes[path - from] = Math.sqrt(dof / chiSquareQuantile(u, dof));
  }
  return mixes;
}
