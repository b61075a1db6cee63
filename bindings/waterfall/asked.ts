// Those who are asked for an amount: by what, and for how much at most. Columns, because a layer may ask a million.
import type { Amount } from './amount.js';
import { AmountColumn } from './amount-column.js';

/** Somebody who is asked. */
export interface Ask {
  /** Ties go by it. */
  id: string;
  /** By which it is asked, >= 0. */
  weight: Amount;
  /** Most that it bears; null or left out: no limit. */
  capacity?: Amount | null;
  /** Place in a queue, the largest first; default 0. */
  rank?: number;
  /** Seniority, the lowest first; default 0. */
  group?: number;
}

/** What the columns do not hold, by key: a state has it already. */
export interface AskedNames {
  id(key: number): string;
  rank(key: number): number;
  group(key: number): number;
}

/** A capacity without a limit, in the column. */
const NO_LIMIT = -1n;

export class Asked {
  /** By place: what `names` knows it by, such as the row of a state. */
  readonly keys: number[] = [];
  readonly #names: AskedNames;
  readonly #weights: AmountColumn;
  readonly #capacities: AmountColumn;
  #sum = 0n;
  #weightless = 0;

  /** @param most - how many there will be at most, as far as that is known */
  constructor(names: AskedNames, most = 0) {
    this.#names = names;
    this.#weights = AmountColumn.withRoom(most);
    this.#capacities = AmountColumn.withRoom(most);
  }

  static of(asks: readonly Ask[]): Asked {
    const at = (key: number): Ask => asks[key] as Ask;
    const names = {
      id: (key: number) => at(key).id,
      rank: (key: number) => at(key).rank ?? 0,
      group: (key: number) => at(key).group ?? 0,
    };
    const asked = new Asked(names, asks.length);
    for (const [key, { weight, capacity = null }] of asks.entries()) asked.add(key, weight, capacity);
    return asked;
  }

  get length(): number {
    return this.keys.length;
  }

  /** @returns its place */
  add(key: number, weight: Amount, capacity: Amount | null): number {
    this.#weights.push(weight);
    this.#sum += weight;
    if (weight === 0n) this.#weightless += 1;
    this.#capacities.push(capacity ?? NO_LIMIT);
    return this.keys.push(key) - 1;
  }

  id(place: number): string {
    return this.#names.id(this.keys[place] as number);
  }

  rank(place: number): number {
    return this.#names.rank(this.keys[place] as number);
  }

  group(place: number): number {
    return this.#names.group(this.keys[place] as number);
  }

  weight(place: number): Amount {
    return this.#weights.at(place);
  }

  /** null: no limit. */
  capacity(place: number): Amount | null {
    const capacity = this.#capacities.at(place);
    return capacity < 0n ? null : capacity;
  }

  /** Sum of all weights. */
  get weights(): Amount {
    return this.#sum;
  }

  /** Sum of the weights of some, each once. */
  weightOf(places: readonly number[]): Amount {
    return places.length === this.length ? this.#sum : places.reduce((sum, place) => sum + this.weight(place), 0n);
  }

  /** Those of some who have a weight. */
  weighty(places: readonly number[]): readonly number[] {
    return this.#weightless === 0 ? places : places.filter((place) => this.weight(place) > 0n);
  }
}
