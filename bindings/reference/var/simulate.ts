// The definition of a simulated path: uniform numbers of Philox or of scrambled Sobol points, their normal numbers, times a lower
// triangular factor, times the path's mixing number (Student-t), plus a mean, as a move of the price. Sums in the order of factors.
// Same bits: assembly/var/simulate.ts.
import type { Simulation, Simulator } from '../../var/sources/simulator.js';
import { exp } from '../numeric/exp.js';
import { normalQuantile } from '../numeric/normal.js';
import { openUnit, philox } from '../numeric/philox.js';
import { centred, scrambledReversed, sobol } from '../numeric/sobol.js';

const WORD = 4294967296;
/** A log move beyond counts as that: a price times 1e30. */
const MOST_LOG = 69;

/** Writes the normal numbers of path n, one a factor. */
function normals(simulation: Simulation, n: number, z: Float64Array): void {
  const { factors, draw } = simulation;
  if (draw.generator === 'sobol') {
    for (let i = 0; i < factors; i++) {
      const reversed = sobol(draw.directions.subarray(32 * i, 32 * i + 32), n);
      z[i] = normalQuantile(centred(scrambledReversed(reversed, draw.seeds[i]!)));
    }
    return;
  }
  const words = new Uint32Array(4);
  for (let i = 0; i < factors; i += 2) {
    // Path (two words), block of two numbers, 0: the mixing number of the path has a 1 there.
    philox([n % WORD, Math.floor(n / WORD), i >> 1, 0], draw.key, words);
    z[i] = normalQuantile(openUnit(words[0]!, words[1]!));
    if (i + 1 < factors) z[i + 1] = normalQuantile(openUnit(words[2]!, words[3]!));
  }
}

/** Price after / price before - 1, not below -1. */
function move(x: number, log: boolean): number {
  if (!log) return x < -1 ? -1 : x;
  return exp(MOST_LOG < x ? MOST_LOG : x) - 1;
}

export const simulate: Simulator = (simulation, first, count, mixes, moves) => {
  const { factors, lower, means, log } = simulation;
  const z = new Float64Array(factors);
  for (let path = 0; path < count; path++) {
    normals(simulation, first + path, z);
    let at = 0;
    for (let i = 0; i < factors; i++) {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += lower[at++]! * z[j]!;
      if (mixes) sum = mixes[path]! * sum;
      moves[i]![path] = move(means[i]! + sum, log);
    }
  }
};
