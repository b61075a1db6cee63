// A column of amounts: 64-bit integers in one block as long as all of them fit, bigints from the first that does not. A million
// accounts are then no million objects for the garbage collector, and nothing ever wraps around.
import type { Amount } from './amount.js';

const MOST = 2n ** 63n - 1n;
const LEAST = -(2n ** 63n);

const fits = (amount: Amount): boolean => amount <= MOST && amount >= LEAST;

export class AmountColumn {
  #packed: BigInt64Array | undefined;
  #wide: Amount[];

  private constructor(packed: BigInt64Array | undefined, wide: Amount[]) {
    this.#packed = packed;
    this.#wide = wide;
  }

  static of(amounts: readonly Amount[]): AmountColumn {
    return amounts.every(fits)
      ? new AmountColumn(BigInt64Array.from(amounts), [])
      : new AmountColumn(undefined, amounts.slice());
  }

  static zeros(length: number): AmountColumn {
    return new AmountColumn(new BigInt64Array(length), []);
  }

  get length(): number {
    return (this.#packed ?? this.#wide).length;
  }

  /** 0 where there is no such row. */
  at(row: number): Amount {
    return (this.#packed ?? this.#wide)[row] ?? 0n;
  }

  add(row: number, delta: Amount): void {
    const sum = this.at(row) + delta;
    if (this.#packed && !fits(sum)) {
      this.#wide = Array.from(this.#packed);
      this.#packed = undefined;
    }
    (this.#packed ?? this.#wide)[row] = sum;
  }

  /** A row of 0 in front of another. */
  insert(row: number): void {
    if (!this.#packed) {
      this.#wide.splice(row, 0, 0n);
      return;
    }
    const longer = new BigInt64Array(this.#packed.length + 1);
    longer.set(this.#packed.subarray(0, row));
    longer.set(this.#packed.subarray(row), row + 1);
    this.#packed = longer;
  }

  copy(): AmountColumn {
    return new AmountColumn(this.#packed?.slice(), this.#wide.slice());
  }

  *[Symbol.iterator](): Generator<Amount> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }

  sum(): Amount {
    let sum = 0n;
    for (let row = 0; row < this.length; row++) sum += this.at(row);
    return sum;
  }
}
