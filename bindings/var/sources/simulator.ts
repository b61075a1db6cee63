// What a simulation of factor moves is, whichever engine runs it: everything that both need is made here or handed over, so that they
// differ in nothing but the inner loop. Path n has the same numbers whoever asks for it, alone or among others.

/** Correlated moves of some factors. */
export interface Simulation {
  readonly factors: number;
  /** Lower triangular factor of their covariance, row i with i + 1 numbers, rows one after the other. */
  readonly lower: Float64Array;
  readonly means: Float64Array;
  /** Whether what is drawn are log moves. */
  readonly log: boolean;
  readonly draw: PhiloxDraw | SobolDraw;
}

export interface PhiloxDraw {
  readonly generator: 'philox';
  /** Two words of 32 bits. */
  readonly key: Uint32Array;
}

export interface SobolDraw {
  readonly generator: 'sobol';
  /** 32 words a factor, their bits reversed. */
  readonly directions: Uint32Array;
  /** A word a factor. */
  readonly seeds: Uint32Array;
}

/** Simulates paths first .. first + count - 1 into columns of moves, one a factor; `mixes` is a number a path. */
export type Simulator = (
  simulation: Simulation,
  first: number,
  count: number,
  mixes: Float64Array | undefined,
  moves: readonly Float64Array[],
) => void;
