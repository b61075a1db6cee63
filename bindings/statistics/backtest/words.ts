// Random words of simulated backtests: Philox under a seed, a counter a block of a path, so that every path is the same whatever was
// simulated before it. A stream of its own keeps one simulation's numbers from those of another with the same seed.
import { openUnit, philox } from '../../reference/numeric/philox.js';
import { countOf } from './read.js';

/** Fills four words of 32 bits: block `block` of path `path`, the same whoever asks, in whatever order. */
export type WordSource = (path: number, block: number, into: Uint32Array) => void;

/** What words are for: paths of overlapping windows, tails of expected shortfall. */
export const STREAM = { windows: 1, shortfall: 2 } as const;

const MOST_SEED = 4294967295;

/** @throws MarginError type, not-finite, range where the seed is no whole number of 32 bits */
export function wordSource(seed: number, stream: number): WordSource {
  const key = Uint32Array.of(countOf(seed, 'seed', 0, MOST_SEED), stream);
  const counter = new Uint32Array(4);
  return (path, block, into) => {
    counter[0] = block;
    counter[2] = path;
    philox(counter, key, into);
  };
}

/** Numbers of (0, 1): number `index` of path `path`, from a block of its own. */
export function uniformSource(source: WordSource): (path: number, index: number) => number {
  const words = new Uint32Array(4);
  return (path, index) => {
    source(path, index, words);
    return openUnit(words[0] ?? 0, words[1] ?? 0);
  };
}
