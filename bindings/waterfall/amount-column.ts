// A column of amounts: 64-bit integers in one block as long as all of them fit, bigints from the first that does not. A million
// accounts are then no million objects for the garbage collector, and nothing ever wraps around.
import type { Amount } from './amount.js';

const MOST = 2n ** 63n - 1n;
const LEAST = -(2n ** 63n);

const fits = (amount: Amount): boolean => amount <= MOST && amount >= LEAST;

export class AmountColumn {
  /** With room for growth behind the last row, which is zeros. */
  #packed: BigInt64Array | undefined;
  #wide: Amount[];
  #length: number;

  private constructor(packed: BigInt64Array | undefined, wide: Amount[], length: number) {
    this.#packed = packed;
    this.#wide = wide;
    this.#length = length;
  }

  static zeros(length: number): AmountColumn {
    return new AmountColumn(new BigInt64Array(length), [], length);
  }

  /** Of no rows, with room for some. */
  static withRoom(rows: number): AmountColumn {
    return new AmountColumn(new BigInt64Array(rows), [], 0);
  }

  get length(): number {
    return this.#length;
  }

  /** 0 behind the last row. */
  at(row: number): Amount {
    return (this.#packed ?? this.#wide)[row] ?? 0n;
  }

  set(row: number, amount: Amount): void {
    if (this.#packed && !fits(amount)) {
      this.#wide = Array.from(this.#packed.subarray(0, this.#length));
      this.#packed = undefined;
    }
    (this.#packed ?? this.#wide)[row] = amount;
  }

  add(row: number, delta: Amount): void {
    this.set(row, this.at(row) + delta);
  }

  /** A row behind the last. */
  push(amount: Amount): void {
    this.#grow();
    this.set(this.#length - 1, amount);
  }

  /** A row of 0 in front of another. */
  insert(row: number): void {
    const behind = this.#length;
    this.#grow();
    if (!this.#packed) {
      this.#wide.copyWithin(row + 1, row, behind);
      this.#wide[row] = 0n;
      return;
    }
    this.#packed.copyWithin(row + 1, row, behind);
    this.#packed[row] = 0n;
  }

  #grow(): void {
    this.#length += 1;
    if (!this.#packed) this.#wide.push(0n);
    else if (this.#length > this.#packed.length) {
      const longer = new BigInt64Array(grown(this.#length));
      longer.set(this.#packed);
      this.#packed = longer;
    }
  }

  copy(): AmountColumn {
    return new AmountColumn(this.#packed?.slice(0, this.#length), this.#wide.slice(), this.#length);
  }

  *[Symbol.iterator](): Generator<Amount> {
    for (let row = 0; row < this.#length; row++) yield this.at(row);
  }

  /** Whether all rows are 0. */
  get isZero(): boolean {
    for (let row = 0; row < this.#length; row++) if (this.at(row) !== 0n) return false;
    return true;
  }

  sum(): Amount {
    let sum = 0n;
    for (let row = 0; row < this.#length; row++) sum += this.at(row);
    return sum;
  }
}

/** Room for a column that has outgrown its own. @param most - that it will ever need */
export function grown(length: number, most = Number.POSITIVE_INFINITY): number {
  const room = length + (length >> 1) + 8;
  return room < most ? room : most;
}
