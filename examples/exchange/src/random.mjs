// Chance from a seed: the same numbers on every machine. Whole numbers come from sfc32 (Chris Doty-Humphrey,
// PractRand), normal ones by the kernel's own quantile, so no digit depends on the host's Math.
import { exp, normalQuantile } from 'margin-kernel/numeric';

const WORDS = 4_294_967_296;

/** A stream of chance; each purpose forks its own, so that one more draw here changes nothing there. */
export class Random {
  #a;
  #b;
  #c;
  #d = 1;

  /** @param {number} seed @param {number} stream */
  constructor(seed, stream = 0) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / WORDS) | 0;
    this.#c = stream | 0;
    for (let i = 0; i < 15; i++) this.word();
  }

  /** A whole number of 32 bits. */
  word() {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** In (0, 1). */
  uniform() {
    return (this.word() + 0.5) / WORDS;
  }

  /** @param {number} low @param {number} high */
  between(low, high) {
    return low + (high - low) * this.uniform();
  }

  /** A whole number from 0, below `count`. @param {number} count */
  below(count) {
    return Math.floor(this.uniform() * count);
  }

  /** @param {number} share */
  happens(share) {
    return this.uniform() < share;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  pick(list) {
    return /** @type {T} */ (list[this.below(list.length)]);
  }

  /** Standard normal. */
  normal() {
    return normalQuantile(this.uniform());
  }

  /**
   * Lognormal: `median` times e to the `spread` times a normal number.
   * @param {number} median
   * @param {number} spread
   */
  around(median, spread) {
    return median * exp(spread * this.normal());
  }

  /** In another order, in place (Fisher and Yates). @template T @param {T[]} list */
  shuffle(list) {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [list[i], list[j]] = [/** @type {T} */ (list[j]), /** @type {T} */ (list[i])];
    }
    return list;
  }
}
