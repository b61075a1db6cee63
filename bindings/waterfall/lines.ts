// The lines of a journal as columns that grow: a mutual layer posts to a million accounts, and an object for each would be
// what the garbage collector does all day.
import type { Amount } from './amount.js';
import { AmountColumn, grown } from './amount-column.js';

/** Lines of a block: a journal grows block by block, so that what it has is not copied again and again. */
const BITS = 13;
const BLOCK = 1 << BITS;

/** Account, target and place of a line. */
const WIDTH = 3;

interface Block {
  words: Int32Array;
  readonly deltas: AmountColumn;
}

export class Lines {
  readonly #blocks: Block[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /**
   * @param account - row
   * @param target - column that it was posted to
   * @param place - of the account in those who were asked; -1: nobody was
   */
  push(account: number, target: number, delta: Amount, place: number): void {
    const line = this.#length++ & (BLOCK - 1);
    if (line === 0) this.#blocks.push({ words: new Int32Array(0), deltas: AmountColumn.zeros(0) });
    const block = this.#blocks.at(-1) as Block;
    if (line * WIDTH === block.words.length) {
      const longer = new Int32Array(grown(line, BLOCK) * WIDTH);
      longer.set(block.words);
      block.words = longer;
    }
    block.words[line * WIDTH] = account;
    block.words[line * WIDTH + 1] = target;
    block.words[line * WIDTH + 2] = place;
    block.deltas.push(delta);
  }

  account(line: number): number {
    return this.#word(line, 0);
  }

  target(line: number): number {
    return this.#word(line, 1);
  }

  place(line: number): number {
    return this.#word(line, 2);
  }

  delta(line: number): Amount {
    return (this.#blocks[line >>> BITS] as Block).deltas.at(line & (BLOCK - 1));
  }

  #word(line: number, word: number): number {
    return (this.#blocks[line >>> BITS] as Block).words[(line & (BLOCK - 1)) * WIDTH + word] as number;
  }
}
