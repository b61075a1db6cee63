// The double-entry journal of a run: every movement of money or lots is a posting of an entry, every entry sums to zero in
// each asset and market, and its reason says which rule moved it. Columns, because a mutual layer may post to a million.
import type { Amount } from './amount.js';
import type { Asked } from './asked.js';
import type { Draft } from './draft.js';
import { Lines } from './lines.js';
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

/** Why money or lots moved. */
export interface Reason {
  /** What kind of movement it is. */
  code: ReasonCode;
  /** Rule by which the amount is shared, where it is. */
  rule?: string;
  /** What weighs, and the sum of the weights of all who were asked, where they were asked at once. */
  weight?: string;
  /** Sum of the weights of all who were asked. */
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
  /** Whose purse. */
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
  /** Of its entry. */
  reason: Reason;
  /** What this account was asked by, and the most it could give, where a rule shares an amount. */
  weight?: Amount;
  /** The most that it could give; null: no limit. */
  capacity?: Amount | null;
}

interface Entry {
  stage: string;
  reason: Reason;
  /** First line. */
  from: number;
  /** By which its lines are shared. */
  asked: Asked | undefined;
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
  readonly #lines = new Lines();
  readonly #entries: Entry[] = [];
  /** Of the entry that is being written. */
  #sums = new Sums(this.#targets);
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
    return this.#lines.length;
  }

  /**
   * Writes an entry: `write` gets a pen for its lines, and when it is done they have to sum to zero.
   * @param asked - who is asked, where lines name their place in it
   * @throws Error where they do not: a mistake of this package, never of its caller
   */
  enter(reason: Reason, write: (pen: Pen) => void, asked?: Asked): void {
    const from = this.#lines.length;
    this.#entries.push({ stage: this.#stage, reason, from, asked });
    this.#sums = new Sums(this.#targets);
    write(this.#pen);
    for (const [what, rest] of this.#sums.all()) {
      if (rest !== 0n) throw new Error(`an entry does not balance: ${rest} of ${what}`);
    }
    if (this.#lines.length === from) this.#entries.pop();
  }

  readonly #pen: Pen = {
    money: (row, asset, delta, purse = BALANCE, place) => {
      if (delta === 0n) return;
      this.#draft.purse(purse, asset).add(row, delta);
      this.#line(row, purse, asset, undefined, delta, place);
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

  #line(row: number, purse: string, asset: string, market: string | undefined, delta: Amount, place?: number): void {
    const target = this.#targetFor(purse, asset, market);
    this.#lines.push(row, target, delta, place ?? -1);
    this.#sums.add(target, delta);
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

  /** The postings, to be handed out. */
  postings(): Postings {
    return new Postings(this.#draft, this.#lines, this.#targets, this.#entries);
  }
}

/** Sums of lines: by asset, and by market of lots. */
class Sums {
  readonly #targets: readonly Target[];
  readonly #sums = new Map<string, Amount>();
  /** Lines of one column mostly follow one another: its sum so far. */
  #target = -1;
  #sum = 0n;

  constructor(targets: readonly Target[]) {
    this.#targets = targets;
  }

  add(target: number, delta: Amount): void {
    if (target !== this.#target) {
      this.all();
      this.#target = target;
    }
    this.#sum += delta;
  }

  all(): Map<string, Amount> {
    if (this.#target >= 0) {
      const { purse, asset } = this.#targets[this.#target] as Target;
      const what = summedAs(purse, asset);
      this.#sums.set(what, (this.#sums.get(what) ?? 0n) + this.#sum);
      this.#sum = 0n;
    }
    return this.#sums;
  }
}

/** With what a posting sums to zero: with all others of its asset, or of the lots of its market. */
export const summedAs = (purse: string, asset: string): string => (purse === POSITION ? `lots of ${asset}` : asset);

/** Writes lines of an entry; amounts of 0 leave none. */
export interface Pen {
  /** @param place - in those who are asked by the entry */
  money(row: number, asset: string, delta: Amount, purse?: string, place?: number): void;
  lots(row: number, market: string, delta: Amount): void;
  /** Of a position: what it has paid or received, in its market's settle asset. */
  cost(row: number, market: string, delta: Amount): void;
}

/** The postings of a run in the order in which they were made: iterable, and searchable without making an object of each. */
export class Postings implements Iterable<Posting> {
  readonly #names: { id(row: number): string; row(id: string): number };
  readonly #lines: Lines;
  readonly #targets: readonly Target[];
  readonly #entries: readonly Entry[];

  constructor(
    names: { id(row: number): string; row(id: string): number },
    lines: Lines,
    targets: readonly Target[],
    entries: readonly Entry[],
  ) {
    this.#names = names;
    this.#lines = lines;
    this.#targets = targets;
    this.#entries = entries;
  }

  /** How many postings. */
  get length(): number {
    return this.#lines.length;
  }

  /** One posting. @param index - from 0 */
  at(index: number): Posting | undefined {
    const lines = this.#lines;
    if (!(index >= 0 && index < lines.length)) return undefined;
    const { purse, asset, market } = this.#targets[lines.target(index)] as Target;
    const { stage, reason, asked } = this.#entryOf(index);
    const place = lines.place(index);
    return {
      account: this.#names.id(lines.account(index)),
      purse,
      asset,
      ...(market === undefined ? {} : { market }),
      delta: lines.delta(index),
      stage,
      reason,
      ...(asked && place >= 0 ? { weight: asked.weight(place), capacity: asked.capacity(place) } : {}),
    };
  }

  /** Entry of a line, by bisection. */
  #entryOf(index: number): Entry {
    let [low, high] = [0, this.#entries.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#entries[middle] as Entry).from <= index) low = middle;
      else high = middle - 1;
    }
    return this.#entries[low] as Entry;
  }

  /** All postings, in the order in which they were made. */
  *[Symbol.iterator](): Iterator<Posting> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as Posting;
  }

  /** Those of one account. @throws MarginError unknown-id */
  *of(account: string): Generator<Posting> {
    const row = this.#names.row(account);
    for (let i = 0; i < this.length; i++) if (this.#lines.account(i) === row) yield this.at(i) as Posting;
  }

  /** Sum by asset, and by market of lots: all zeros, whatever ran. */
  sums(): Map<string, Amount> {
    const sums = new Sums(this.#targets);
    for (let i = 0; i < this.length; i++) sums.add(this.#lines.target(i), this.#lines.delta(i));
    return sums.all();
  }

  /** All of them as objects. */
  toArray(): Posting[] {
    return [...this];
  }
}
