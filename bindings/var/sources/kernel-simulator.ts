// Simulation on the kernel, in a memory of its own that is made when it is first asked and grows with the number of factors. Moves come
// out block by block, so that no more than a cache of them is ever in the kernel.
import { type VarExports, varIn } from '../../var-module.js';
import type { Simulation, Simulator } from './simulator.js';

const PAGE = 65536;
const MOST_PAGES = 65536;
/** Paths that go together, see assembly/var/simulate.ts. */
const TILE = 8;
/** Bytes of moves that stay in a usual second cache, and paths of a block at the most. */
const BLOCK_BYTES = 131072;
const MOST_PATHS = 4096;

let opened: { memory: WebAssembly.Memory; kernel: VarExports } | undefined;

function open() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES });
  return { memory, kernel: varIn(memory) };
}

/** Places in the kernel's memory, one after the other, each on a cache line. */
function placesOf(base: number, { factors, lower }: Simulation, paths: number) {
  let at = base;
  const take = (bytes: number): number => {
    const place = Math.ceil(at / 64) * 64;
    at = place + bytes;
    return place;
  };
  return {
    lower: take(lower.length * 8),
    means: take(factors * 8),
    mixes: take(paths * 8),
    directions: take(factors * 128),
    seeds: take(factors * 4),
    states: take(factors * 4),
    normals: take((factors + 3) * TILE * 8),
    out: take(factors * paths * 8),
    end: at,
  };
}

export const simulateOnKernel: Simulator = (simulation, first, count, mixes, moves) => {
  opened ??= open();
  const { memory, kernel } = opened;
  const { factors, lower, means, log, draw } = simulation;
  const most = Math.min(MOST_PATHS, Math.floor(BLOCK_BYTES / (8 * factors)), count + TILE - 1);
  const paths = Math.max(TILE, most - (most % TILE));
  const places = placesOf(kernel.heapBase(), simulation, paths);
  const missing = Math.ceil(places.end / PAGE) - memory.buffer.byteLength / PAGE;
  if (missing > 0) memory.grow(missing);
  const doubles = new Float64Array(memory.buffer);
  doubles.set(lower, places.lower / 8);
  doubles.set(means, places.means / 8);
  if (draw.generator === 'sobol') {
    new Uint32Array(memory.buffer).set(draw.directions, places.directions / 4);
    new Uint32Array(memory.buffer).set(draw.seeds, places.seeds / 4);
  }
  const [key0 = 0, key1 = 0] = draw.generator === 'philox' ? draw.key : [];
  for (let at = 0; at < count; at += paths) {
    const n = Math.min(paths, count - at);
    if (mixes) doubles.set(mixes.subarray(at, at + n), places.mixes / 8);
    const shared = [
      factors,
      places.lower,
      places.means,
      mixes ? places.mixes : 0,
      places.normals,
      places.out,
      paths * 8,
      log,
      first + at,
      Math.ceil(n / TILE),
    ] as const;
    if (draw.generator === 'philox') kernel.simulatePhilox(...shared, key0, key1);
    else kernel.simulateSobol(...shared, places.directions, places.seeds, places.states);
    moves.forEach((column, i) => {
      const from = places.out / 8 + i * paths;
      column.set(doubles.subarray(from, from + n), at);
    });
  }
};
