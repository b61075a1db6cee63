// A run in progress: the draft and its journal, who defaults, and how much of each deficit is still open.
import { MarginError } from '../errors.js';
import type { Action, Allowed } from '../guards/actions.js';
import type { Exact } from '../liquidation/exact.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { type Amount, below0 } from './amount.js';
import type { Facts } from './condition.js';
import { Draft } from './draft.js';
import type { ReadEvent } from './event.js';
import { Journal } from './journal.js';
import { type Market, worthOf } from './market.js';
import { BALANCE, OUTSIDE, type State } from './state.js';

/** A position. */
export interface Held {
  market: Market;
  /** Signed. */
  lots: Amount;
  /** What it has paid (below 0) or received for them, minor units. */
  cost: Amount;
}

export class Running implements Facts {
  readonly draft: Draft;
  readonly journal: Journal;
  readonly event: ReadEvent;
  /** Open deficit of each defaulter, in the order of the event: minor units, >= 0. */
  readonly open: Amount[];
  readonly #defaulted: Uint8Array;
  readonly #lacked = new Set<number>();
  readonly #universes = new Map<string, number[]>();
  readonly #guarded = new Map<string, Allowed>();
  /** Place of an account in a list of rows; -1 between two uses. */
  #places: Int32Array | undefined;

  constructor(from: State, event: ReadEvent) {
    const draft = new Draft(from.columns);
    this.draft = draft;
    this.event = event;
    this.journal = new Journal(draft);
    this.#defaulted = new Uint8Array(draft.accounts);
    for (const row of event.defaulters) this.#defaulted[row] = 1;
    this.#postLosses();
    this.open = this.#deficits();
    this.#mark();
  }

  get asset(): string {
    return this.event.asset;
  }

  isDefaulter(row: number): boolean {
    return this.#defaulted[row] === 1;
  }

  /**
   * Row of somebody who pays, buys or is paid in a default: not of a defaulter, who would pay its own deficit.
   * @throws MarginError unknown-id, conflict
   */
  other(id: string, path: string): number {
    const row = this.draft.row(id, path);
    if (!this.isDefaulter(row)) return row;
    throw new MarginError('conflict', { path, got: id, expected: 'somebody else than a defaulter' });
  }

  /** Rows of those who share one another's defaults. */
  universe(name: string): readonly number[] {
    if (this.#universes.size === 0) {
      for (const [row, universe] of this.draft.columns.universes.entries()) {
        const rows = this.#universes.get(universe);
        if (rows) rows.push(row);
        else this.#universes.set(universe, [row]);
      }
    }
    return this.#universes.get(name) ?? [];
  }

  /** Whether a defaulter's positions are taken from it: it has lacked something in this run, or the event says so. */
  takes(row: number): boolean {
    return this.event.solvent === 'take' || this.#lacked.has(row);
  }

  /** Positions of an account in the event's markets, in their order. */
  held(row: number): Held[] {
    const held: Held[] = [];
    this.#eachHeld(row, (market, lots, cost) => {
      held.push({ market: this.draft.market(market), lots, cost });
      return true;
    });
    return held;
  }

  /** What a guard says of a market for the stages behind it. */
  guard(market: string, allowed: Allowed): void {
    this.#guarded.set(market, allowed);
  }

  /** Whether a guard has not forbidden an action in a market. */
  allows(market: string, action: Action): boolean {
    return this.#guarded.get(market)?.[action] ?? true;
  }

  /** Whether there are positions of a defaulter that are taken from it. */
  gives(row: number): boolean {
    return this.takes(row) && !this.#eachHeld(row, () => false);
  }

  /** Whether any defaulter gives some. */
  get givesAny(): boolean {
    return this.event.defaulters.some((row) => this.gives(row));
  }

  /**
   * Money of an account that goes with its positions in the event's markets: its balance, and what positions in other markets
   * have made, so that whoever gets both gets all its equity and leaves nothing behind.
   */
  cash(row: number): Amount {
    let cash = this.draft.equityAt(row, this.asset);
    for (const market of this.event.markets) cash -= this.draft.profitAt(row, this.draft.market(market));
    return cash;
  }

  /** Visits positions until a visit says no. @returns whether none did */
  #eachHeld(row: number, visit: (market: string, lots: Amount, cost: Amount) => boolean): boolean {
    for (const market of this.event.markets) {
      const holdings = this.draft.columns.holdings.get(market);
      const at = holdings?.rowOf(row) ?? -1;
      if (!holdings || at < 0) continue;
      const lots = holdings.lots.at(at);
      if (lots !== 0n && !visit(market, lots, holdings.cost.at(at))) return false;
    }
    return true;
  }

  #mark(): void {
    for (const [i, row] of this.event.defaulters.entries()) if ((this.open[i] as Amount) > 0n) this.#lacked.add(row);
  }

  /** Deficits are read anew, after positions have moved at a price. */
  remeasure(): void {
    this.#deficits().forEach((deficit, i) => {
      this.open[i] = deficit;
    });
    this.#mark();
  }

  /** What defaulters lack if their positions close at the marks. */
  #deficits(): Amount[] {
    return this.equities(this.event.defaulters).map(below0);
  }

  /** Equity of accounts in the asset at the marks, minor units; of many in one pass over each market's holders. */
  equities(rows: readonly number[]): Amount[] {
    const { markets, holdings } = this.draft.columns;
    const equity = rows.map((row) => this.draft.amountAt(row, BALANCE, this.asset));
    this.#places ??= new Int32Array(this.draft.accounts).fill(-1);
    const places = this.#places;
    for (const [i, row] of rows.entries()) places[row] = i;
    for (const market of markets.values()) {
      const held = holdings.get(market.id);
      if (market.settle !== this.asset || !held) continue;
      const add = (i: number, at: number): void => {
        if (at < 0) return;
        const worth = worthOf(market, held.lots.at(at), market.mark);
        equity[i] = (equity[i] as Amount) + held.cost.at(at) + worth;
      };
      // A search costs as much as some fifty holders that are passed.
      if (rows.length * 50 < held.accounts.length) {
        for (const [i, row] of rows.entries()) add(i, held.rowOf(row));
        continue;
      }
      const { accounts } = held;
      for (let at = 0; at < accounts.length; at++) {
        const place = places[accounts[at] as number] as number;
        if (place >= 0) add(place, at);
      }
    }
    for (const row of rows) places[row] = -1;
    return equity;
  }

  /** Profit or loss of the positions of all accounts in all markets of the asset, by row. */
  profits(): Amount[] {
    const { markets, holdings } = this.draft.columns;
    const profits = new Array<Amount>(this.draft.accounts).fill(0n);
    for (const market of markets.values()) {
      const held = holdings.get(market.id);
      if (market.settle !== this.asset || !held) continue;
      for (const [at, row] of held.accounts.entries()) {
        const worth = worthOf(market, held.lots.at(at), market.mark);
        profits[row] = (profits[row] as Amount) + held.cost.at(at) + worth;
      }
    }
    return profits;
  }

  need(): Amount {
    return this.open.reduce((sum, open) => sum + open, 0n);
  }

  /** What the event offers a stage: one row a bid. @throws MarginError type, unknown-key */
  bids(stage: string, keys?: readonly string[]): Row[] {
    return rowsOf(this.event.bids.get(stage) ?? [], `event.bids.${stage}`, keys);
  }

  value(name: string, path: string, otherwise?: Exact): Exact {
    const value = this.event.values.get(name) ?? otherwise;
    if (value) return value;
    throw new MarginError('missing-key', {
      path: `event.values.${name}`,
      expected: `the number that ${path} asks for`,
    });
  }

  balance(account: string, purse: string | undefined, path: string): Amount {
    return this.draft.amountAt(this.draft.row(account, path), purse ?? 'balance', this.asset);
  }

  /** What closing out has cost goes to whoever closed it. */
  #postLosses(): void {
    const { losses } = this.event;
    if (losses.size === 0) return;
    const outside = this.draft.row(OUTSIDE);
    this.journal.at('loss');
    this.journal.enter({ code: 'loss' }, (pen) => {
      for (const [row, loss] of losses) {
        if (!this.isDefaulter(row)) {
          const id = this.draft.id(row);
          throw new MarginError('conflict', { path: `event.losses.${id}`, got: id, expected: 'a loss of a defaulter' });
        }
        pen.money(row, this.asset, -loss);
        pen.money(outside, this.asset, loss);
      }
    });
  }
}
