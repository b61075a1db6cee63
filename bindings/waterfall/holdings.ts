// Who holds how much of one market: rows by account, in whole lots, with what they cost. Kept by market because that is how
// counterparties are looked for; an account's row is found by bisection.
import { AmountColumn, grown } from './amount-column.js';

export class Holdings {
  /** Rows of accounts, rising; not the same list after a row was made. */
  accounts: Uint32Array;
  /** Signed lots; sums to zero over a whole venue. */
  readonly lots: AmountColumn;
  /**
   * What the position has paid (below 0) or received (above 0) for its lots, minor units of the settle asset: a long of cost
   * -100 is worth its lots' value less 100.
   */
  readonly cost: AmountColumn;
  /** Accounts with room for growth; its own, while `accounts` may be shared with the state it was copied from. */
  #block = new Uint32Array(0);

  constructor(accounts: Uint32Array, lots: AmountColumn, cost: AmountColumn) {
    this.accounts = accounts;
    this.lots = lots;
    this.cost = cost;
  }

  /** Nobody holds anything. */
  static none(): Holdings {
    return new Holdings(new Uint32Array(0), AmountColumn.zeros(0), AmountColumn.zeros(0));
  }

  copy(): Holdings {
    return new Holdings(this.accounts, this.lots.copy(), this.cost.copy());
  }

  /** Row of an account; -1 where it holds nothing and never did. */
  rowOf(account: number): number {
    const row = this.#place(account);
    return this.accounts[row] === account ? row : -1;
  }

  /** Row of an account, made where it has none. */
  ensure(account: number): number {
    const row = this.#place(account);
    if (this.accounts[row] === account) return row;
    const { length } = this.accounts;
    if (length >= this.#block.length) {
      const block = new Uint32Array(grown(length + 1));
      block.set(this.accounts);
      this.#block = block;
    }
    this.#block.copyWithin(row + 1, row, length);
    this.#block[row] = account;
    this.accounts = this.#block.subarray(0, length + 1);
    this.lots.insert(row);
    this.cost.insert(row);
    return row;
  }

  /** First row whose account is not before this one. */
  #place(account: number): number {
    let [low, high] = [0, this.accounts.length];
    // Whoever gathers holdings does so by rising account.
    if ((this.accounts[high - 1] ?? -1) < account) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.accounts[middle] as number) < account) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
