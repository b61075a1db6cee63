// Random numbers of the demo: xoshiro128** (Blackman and Vigna 2018) seeded by splitmix32. Integers, additions and Math.sqrt
// only, so that a seed gives the same venue, bit for bit, on every engine.

/** 2^-53 and 2^-32: the steps of a double in [0, 1) and of a word. */
const STEP = 1.1102230246251565e-16;
const WORD = 4294967296;

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed - unsigned 32-bit. @param stream - unsigned 32-bit; streams of one seed are independent */
  constructor(seed: number, stream = 0) {
    let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 0x7f4a7c15, 0xc2b2ae35);
    const split = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    this.#a = split();
    this.#b = split();
    this.#c = split();
    this.#d = split() | 1; // never all zero
  }

  /** Next word, an unsigned 32-bit integer. */
  word(): number {
    const mixed = Math.imul(this.#b, 5);
    const result = Math.imul((mixed << 7) | (mixed >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** Uniform in [low, high), 53 bits. */
  uniform(low = 0, high = 1): number {
    const bits = (this.word() >>> 5) * 67108864 + (this.word() >>> 6);
    return low + (high - low) * (bits * STEP);
  }

  /** Integer in [0, count). The bias of at most count / 2^32 does not matter here. */
  below(count: number): number {
    return Math.floor((this.word() / WORD) * count);
  }

  chance(probability: number): boolean {
    return this.word() < probability * WORD;
  }

  /** Nearly normal, mean 0 and variance 1: twelve uniforms less six (Irwin-Hall), never beyond 6. */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.word() / WORD;
    return sum;
  }

  /** Heavy tail (Pareto with exponent 1): at least `least`, twice it in half of the cases, never above `most`. */
  heavy(least: number, most: number): number {
    return Math.min(most, least / (1 - this.uniform()));
  }

  /** Index drawn in proportion to rising cumulative weights. */
  pick(cumulative: Float64Array): number {
    const at = this.uniform(0, cumulative[cumulative.length - 1]);
    let index = 0;
    while (index < cumulative.length - 1 && at >= (cumulative[index] as number)) index += 1;
    return index;
  }
}

/** Running sums, as `pick` wants them. */
export function cumulate(weights: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(weights, (weight) => {
    sum += weight;
    return sum;
  });
}
