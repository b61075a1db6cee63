// A trade or a withdrawal of any size on the unit to try things on, always from what the unit holds: as Book.fill and
// Book.deposit book it (book/update.ts).
import { KIND } from '../../layout.js';
import type { Store } from '../../memory.js';
import { Trial } from './trial.js';

/** Less than any size that a door takes is what rounding left. */
const LEAST = 1e-30;
/** So is less than this share of a lot behind a close, 2^-20 (LOT_NOISE of book/update.ts). */
const LOT_NOISE = 1 / 1_048_576;

/** Something of any size that a unit may do. */
export interface Attempt {
  readonly trial: Trial;
  /** What is held before it: signed contracts, or units of the asset. */
  readonly held: number;
  /** Books it at size `x` (>= 0). */
  at(x: number): void;
}

/** What is traded, and how. */
export interface TradeTerms {
  market: number;
  /** Of the position key: 0 net, 1 long, 2 short. */
  side: number;
  buys: boolean;
  /** Quote. */
  price: number;
  /** Rate on the traded value. */
  fee: number;
}

export class Trade implements Attempt {
  readonly trial: Trial;
  readonly held: number;
  readonly #terms: TradeTerms;
  readonly #spot: boolean;
  readonly #inverse: boolean;
  readonly #multiplier: number;
  /** Below it a rest behind a close is rounding. */
  readonly #rest: number;
  /** What is paid from (settle or quote), what arrives in (spot: base), and what both held. */
  readonly #cash: number;
  readonly #cashRow: number;
  readonly #cashHeld: number;
  readonly #base: number;
  readonly #baseRow: number;
  readonly #baseHeld: number;
  readonly #row: number;
  readonly #cost: number;
  readonly #owed: number;
  readonly #index: number;

  constructor(store: Store, u: number, terms: TradeTerms) {
    const { market, position } = store.columns;
    const m = terms.market;
    this.#terms = terms;
    this.#multiplier = market.multiplier[m]!;
    this.#rest = Math.max(LEAST, market.lot[m]! * LOT_NOISE);
    this.#spot = market.kind[m] === KIND.spot;
    this.#inverse = market.kind[m] === KIND.inverse;
    this.#base = market.base[m]!;
    this.#cash = (this.#spot ? market.quote : market.settle)[m]!;
    this.#index = market.fundingIndex[m]!;
    this.trial = new Trial(store, u);
    if (this.#spot) {
      this.trial.balanceOf(this.#base);
      this.#cashRow = this.trial.balanceOf(this.#cash);
      this.#baseRow = this.trial.balanceOf(this.#base);
      this.#baseHeld = this.trial.realAmount(this.#base, this.#baseRow);
      this.#row = 0;
      this.held = 0;
      this.#cost = 0;
      this.#owed = 0;
    } else {
      this.#row = this.trial.positionOf(this.#cash, m * 4 + terms.side);
      this.#cashRow = this.trial.balanceOf(this.#cash);
      this.#baseRow = 0;
      this.#baseHeld = 0;
      this.held = position.size[this.#row]!;
      this.#cost = position.cost[this.#row]!;
      this.#owed = (this.#index - position.funding[this.#row]!) * this.held;
    }
    this.#cashHeld = this.trial.realAmount(this.#cash, this.#cashRow);
  }

  /** Entry value of `size` contracts at the price, so that profit = size * unit value - cost. */
  #entryCost(size: number): number {
    const { price } = this.#terms;
    return this.#inverse ? -(size * (this.#multiplier / price)) : size * (this.#multiplier * price);
  }

  #spotAt(size: number): void {
    const { trial } = this;
    const units = size * this.#multiplier;
    const value = units * this.#terms.price;
    trial.putReal(this.#base, this.#baseRow, this.#baseHeld + units);
    trial.putReal(this.#cash, this.#cashRow, this.#cashHeld - (value + this.#terms.fee * Math.abs(value)));
  }

  at(x: number): void {
    const { held, trial } = this;
    const size = (this.#terms.buys ? 1 : -1) * x;
    if (this.#spot) {
      this.#spotAt(size);
      return;
    }
    let paid = this.#terms.fee * Math.abs(this.#entryCost(size)) + this.#owed;
    const sum = held + size;
    const closes = held * size < 0;
    const now = Math.abs(sum) < (closes ? this.#rest : LEAST) ? 0 : sum;
    let left: number;
    if (closes) {
      const flips = now === 0 || Math.abs(size) >= Math.abs(held);
      const closed = flips ? held : -size;
      const part = flips ? this.#cost : this.#cost * (closed / held);
      paid -= this.#entryCost(closed) - part;
      left = flips ? this.#entryCost(now) : this.#cost - part;
    } else left = this.#cost + this.#entryCost(size);
    trial.putPosition(this.#row, now, left, this.#index);
    trial.putReal(this.#cash, this.#cashRow, this.#cashHeld - paid);
  }
}

export class Withdrawal implements Attempt {
  readonly trial: Trial;
  readonly held: number;
  readonly #asset: number;
  readonly #row: number;

  constructor(store: Store, u: number, asset: number) {
    this.trial = new Trial(store, u);
    this.#asset = asset;
    this.#row = this.trial.balanceOf(asset);
    this.held = this.trial.realAmount(asset, this.#row);
  }

  at(x: number): void {
    this.trial.putReal(this.#asset, this.#row, this.held - x);
  }
}
