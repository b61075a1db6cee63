// The double-entry journal of a run: every movement of money or lots is a posting of an entry, every entry sums to zero in
// each asset and market, and its reason says which rule moved it. Columns, because a mutual layer may post to a million.
import type { Amount } from './amount.js';
import type { Draft } from './draft.js';
import { BALANCE } from './state.js';

/** Why an entry was made, for machines. */
export type ReasonCode =
  | 'loss' // what closing the defaulter's positions has cost
  | 'absorbed' // a layer's participants pay for a deficit
  | 'traded' // a position changes hands at a price
  | 'settled' // a position is settled at a price that was set
  | 'transferred' // a position is taken over with its money
  | 'charged' // a fee of what was sold
  | 'seized' // collateral goes to those who paid the debt
  | 'sold' // a lot of an auction is paid for
  | 'issued' // new units of a token
  | 'replenished' // a fund is refilled
  | 'recovered' // what came back goes to those who had paid
  | 'rounding'; // units that division leaves over

export interface Reason {
  code: ReasonCode;
  /** Rule by which the amount is shared, where it is. */
  rule?: string;
  /** What weighs, and the sum of the weights of all who were asked. */
  weight?: string;
  total?: Amount;
  /** What was to be shared, minor units. */
  amount?: Amount;
  /** Price of a trade, as a fraction. */
  price?: string;
  /** Free words: authority and evidence of a manual decision. */
  note?: string;
}

/** One line of an entry, as it is handed out. */
export interface Posting {
  account: string;
  /** A purse; `position` where lots move, `cost` where what positions have cost does. */
  purse: string;
  /** Asset of the money, or market of the lots. */
  asset: string;
  /** Market of a cost. */
  market?: string;
  /** Minor units or lots; above 0: received. */
  delta: Amount;
  /** Id of the stage that posted it. */
  stage: string;
  reason: Reason;
  /** What this account was asked by, and the most it could give, where a rule shares an amount. */
  weight?: Amount;
  capacity?: Amount | null;
}

interface Entry {
  stage: string;
  reason: Reason;
  /** First line. */
  from: number;
}

export const POSITION = 'position';
export const COST = 'cost';

/** A column that lines point to. */
interface Target {
  purse: string;
  asset: string;
  market: string | undefined;
}

export class Journal {
  readonly #draft: Draft;
  readonly #targets: Target[] = [];
  readonly #targetOf = new Map<string, number>();
  readonly #account: number[] = [];
  readonly #target: number[] = [];
  readonly #delta: Amount[] = [];
  readonly #entries: Entry[] = [];
  /** By line, where a rule has asked by it. */
  readonly #asked: (Asking | undefined)[] = [];
  #stage = '';
  /** Target of the last line. */
  #last = -1;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** Postings from here on belong to a stage. */
  at(stage: string): void {
    this.#stage = stage;
  }

  get length(): number {
    return this.#delta.length;
  }

  /**
   * Writes an entry: `write` gets a pen for its lines, and when it is done they have to sum to zero.
   * @throws Error where they do not: a mistake of this package, never of its caller
   */
  enter(reason: Reason, write: (pen: Pen) => void): void {
    const from = this.#delta.length;
    this.#entries.push({ stage: this.#stage, reason, from });
    write(this.#pen);
    this.#balance(from);
    if (this.#delta.length === from) this.#entries.pop();
  }

  readonly #pen: Pen = {
    money: (row, asset, delta, purse = BALANCE, asked) => {
      if (delta === 0n) return;
      this.#draft.purse(purse, asset).add(row, delta);
      this.#line(row, purse, asset, undefined, delta, asked);
    },
    lots: (row, market, delta) => {
      if (delta === 0n) return;
      const holdings = this.#draft.holdings(market);
      const at = holdings.ensure(row);
      holdings.lots.add(at, delta);
      this.#line(row, POSITION, market, undefined, delta);
    },
    cost: (row, market, delta) => {
      if (delta === 0n) return;
      const holdings = this.#draft.holdings(market);
      const at = holdings.ensure(row);
      holdings.cost.add(at, delta);
      this.#line(row, COST, this.#draft.market(market).settle, market, delta);
    },
  };

  #line(row: number, purse: string, asset: string, market: string | undefined, delta: Amount, asked?: Asking): void {
    this.#account.push(row);
    this.#target.push(this.#targetFor(purse, asset, market));
    this.#delta.push(delta);
    this.#asked.push(asked);
  }

  /** Lines of one column mostly follow one another, so the last one is looked at before a key is made. */
  #targetFor(purse: string, asset: string, market: string | undefined): number {
    const last = this.#targets[this.#last];
    if (last && last.purse === purse && last.asset === asset && last.market === market) return this.#last;
    const key = `${purse}\u0000${asset}\u0000${market ?? ''}`;
    const found = this.#targetOf.get(key) ?? this.#targets.push({ purse, asset, market }) - 1;
    this.#targetOf.set(key, found);
    this.#last = found;
    return found;
  }

  #balance(from: number): void {
    const sums = new Map<number, Amount>();
    let [target, sum] = [-1, 0n];
    for (let i = from; i <= this.#delta.length; i++) {
      const next = this.#target[i] ?? -1;
      if (next !== target) {
        if (target >= 0) sums.set(target, (sums.get(target) ?? 0n) + sum);
        [target, sum] = [next, 0n];
      }
      sum += this.#delta[i] ?? 0n;
    }
    const left = new Map<string, Amount>();
    for (const [at, part] of sums) {
      const { purse, asset } = this.#targets[at] as Target;
      const what = purse === POSITION ? `lots of ${asset}` : asset;
      left.set(what, (left.get(what) ?? 0n) + part);
    }
    for (const [what, rest] of left) if (rest !== 0n) throw new Error(`an entry does not balance: ${rest} of ${what}`);
  }

  /** The postings, to be handed out. */
  postings(): Postings {
    return new Postings(this.#draft, {
      targets: this.#targets,
      account: this.#account,
      target: this.#target,
      delta: this.#delta,
      entries: this.#entries,
      asked: this.#asked,
    });
  }
}

/** What somebody was asked by. */
export interface Asking {
  weight: Amount;
  capacity: Amount | null;
}

/** Writes lines of an entry; amounts of 0 leave none. */
export interface Pen {
  money(row: number, asset: string, delta: Amount, purse?: string, asked?: Asking): void;
  lots(row: number, market: string, delta: Amount): void;
  /** Of a position: what it has paid or received, in its market's settle asset. */
  cost(row: number, market: string, delta: Amount): void;
}

interface Lines {
  targets: readonly Target[];
  account: readonly number[];
  target: readonly number[];
  delta: readonly Amount[];
  entries: readonly Entry[];
  asked: readonly (Asking | undefined)[];
}

/** The postings of a run in the order in which they were made: iterable, and searchable without making an object of each. */
export class Postings implements Iterable<Posting> {
  readonly #names: { id(row: number): string; row(id: string): number };
  readonly #lines: Lines;

  constructor(names: { id(row: number): string; row(id: string): number }, lines: Lines) {
    this.#names = names;
    this.#lines = lines;
  }

  get length(): number {
    return this.#lines.delta.length;
  }

  /** One posting. @param index - from 0 */
  at(index: number): Posting | undefined {
    const { targets, account, target, delta, asked } = this.#lines;
    if (!(index >= 0 && index < delta.length)) return undefined;
    const { purse, asset, market } = targets[target[index] as number] as Target;
    const { stage, reason } = this.#entryOf(index);
    const by = asked[index];
    return {
      account: this.#names.id(account[index] as number),
      purse,
      asset,
      ...(market === undefined ? {} : { market }),
      delta: delta[index] as Amount,
      stage,
      reason,
      ...(by ? { weight: by.weight, capacity: by.capacity } : {}),
    };
  }

  /** Entry of a line, by bisection. */
  #entryOf(index: number): Entry {
    const { entries } = this.#lines;
    let [low, high] = [0, entries.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((entries[middle] as Entry).from <= index) low = middle;
      else high = middle - 1;
    }
    return entries[low] as Entry;
  }

  *[Symbol.iterator](): Iterator<Posting> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as Posting;
  }

  /** Those of one account. @throws MarginError unknown-id */
  *of(account: string): Generator<Posting> {
    const row = this.#names.row(account);
    const { account: rows } = this.#lines;
    for (let i = 0; i < rows.length; i++) if (rows[i] === row) yield this.at(i) as Posting;
  }

  /** Sum by asset, and by market of lots: all zeros, whatever ran. */
  sums(): Map<string, Amount> {
    const { targets, target, delta } = this.#lines;
    const sums = new Map<string, Amount>();
    for (let i = 0; i < delta.length; i++) {
      const { purse, asset } = targets[target[i] as number] as Target;
      const what = purse === POSITION ? `lots of ${asset}` : asset;
      sums.set(what, (sums.get(what) ?? 0n) + (delta[i] as Amount));
    }
    return sums;
  }

  toArray(): Posting[] {
    return [...this];
  }
}
