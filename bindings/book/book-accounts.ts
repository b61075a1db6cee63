// The layer of a book that follows its accounts: deposits, fills, orders and terms, in place. A refused update leaves the book as it
// was; what happens to the rows of a unit is in update.ts.
import { FEATURE, NONE } from '../layout.js';
import { readAccount } from './account.js';
import { BookPrices } from './book-prices.js';
import type { Ref } from './book-rows.js';
import { ANY, AT_LEAST_0, decimal, Fields, LEVERAGE, MARGIN_MULTIPLIER, POSITIVE, SIZE, wordOf } from './fields.js';
import { ORDER_KEYS, readOrder } from './holdings.js';
import { replaceRows } from './replace.js';
import { appendUnit, makeRoom } from './rows.js';
import type { AccountJSON, Decimal, OrderJSON } from './types.js';
import * as update from './update.js';

/** Where an update goes; the cross unit and the net side where nothing is said. */
export interface Place {
  /** Isolated bucket of the account, from 1; default 0, the cross unit. */
  bucket?: number;
  /** Side of a hedged account's position; default net. */
  positionSide?: 'net' | 'long' | 'short';
}
export interface FillInput extends Place {
  /** Id or row. */
  market: string | number;
  /** Signed contracts, bought positive. */
  size: Decimal;
  /** Price in quote. */
  price: Decimal;
  /** Settle units (quote for spot), paid positive. */
  fee?: Decimal;
}
/** An open order as `placeOrder` takes it: the keys of an order, with its market as id or row, and where it stands. */
export type OrderInput = Omit<OrderJSON, 'market' | 'positionSide'> & Place & { market: string | number };

const PLACE_KEYS = ['bucket', 'positionSide'] as const;
const SIDES = { net: 0, long: 1, short: 2 } as const;

export abstract class BookAccounts extends BookPrices {
  readonly #freeOrders: update.FreeOrders = [];

  /** Adds a signed amount to an account's balance: a deposit, or a withdrawal if negative. Nothing checks whether the account can afford it. */
  deposit(account: Ref, asset: Ref, amount: Decimal, place: Place = {}): void {
    const f = Fields.once(place, 'place', PLACE_KEYS);
    const a = this.asset(asset);
    const x = decimal(amount, 'amount', ANY);
    this.hedged(a, this.#modelOf(account), 'asset');
    this.#update(account, f, (u) => update.deposit(this.store, u, a, x, 'amount'));
  }

  /** Books a fill: realised PnL, funding and fee go to the settle balance, the rest to the position. */
  fill(account: Ref, input: FillInput): void {
    const f = Fields.once(input, 'fill', ['market', 'size', 'price', 'fee', ...PLACE_KEYS]);
    const fill = {
      market: this.market(f.raw('market') as Ref, 'fill.market'),
      side: wordOf(f.raw('positionSide') ?? 'net', 'fill.positionSide', SIDES),
      size: f.number('size', SIZE),
      price: f.number('price', POSITIVE),
      fee: f.number('fee', ANY, 0),
    };
    this.margined(fill.market, this.#modelOf(account), 'fill.market');
    this.#update(account, f, (u) => update.fill(this.store, u, this.#freeOrders, fill, 'fill'));
    if (this.store.columns.market.fundingIndex[fill.market] !== 0) this.held |= FEATURE.funding;
  }

  /** Adds an open order. A spot order also opens a balance of its quote asset. */
  placeOrder(account: Ref, input: OrderInput): void {
    const f = Fields.once(input, 'order', [...ORDER_KEYS, 'bucket']);
    const market = this.market(f.raw('market') as Ref, 'order.market');
    const side = wordOf(f.raw('positionSide') ?? 'net', 'order.positionSide', SIDES);
    const row = readOrder(f);
    this.margined(market, this.#modelOf(account), 'order.market');
    this.#update(account, f, (u) => update.placeOrder(this.store, u, this.#freeOrders, market, side, row, 'order'));
    this.held |= FEATURE.full;
  }

  /** Takes an order out again: the same size and price. `remaining` names the extreme price that is left, where it is known. */
  cancelOrder(account: Ref, input: OrderInput & { remaining?: Decimal }): void {
    const f = Fields.once(input, 'order', [...ORDER_KEYS, 'bucket', 'remaining']);
    const market = this.market(f.raw('market') as Ref, 'order.market');
    const side = wordOf(f.raw('positionSide') ?? 'net', 'order.positionSide', SIDES);
    const row = readOrder(f);
    const worst = f.has('remaining') ? f.number('remaining', AT_LEAST_0) : undefined;
    const u = this.unit(account, (f.raw('bucket') ?? 0) as number);
    this.touchRows();
    update.cancelOrder(this.store, u, this.#freeOrders, market, side, f.raw('side') === 'buy', row, worst, 'order');
    this.touchRows(u);
  }

  /**
   * Exchanges all that an account holds and its terms for what is said now, as `addAccount` reads it: the state of a ledger. What is
   * not said is gone; a bucket that is not named is emptied, and stays.
   * @returns its row
   * @throws MarginError unknown-id where there is no such account; the book is unchanged
   * @example
   * book.replaceAccount({ id: 'a1', balances: { USDT: '950.25' }, positions: [{ market: 'BTC-PERP', size: 1, entry: 60_500 }] });
   */
  replaceAccount(json: AccountJSON, path = 'account'): number {
    const row = this.said(path, () => readAccount(json, path, this.store, this.directory));
    const a = this.account(row.id, `${path}.id`);
    if (row.model !== this.#modelOf(a)) this.touch();
    this.touchRows();
    for (const u of replaceRows(this.store, a, row, this.#freeOrders)) this.touchRows(u);
    this.hold(row);
    return a;
  }

  /** Sets an account's own leverage in a market: its initial rate is at least 1 / leverage. */
  setLeverage(account: Ref, market: Ref, leverage: Decimal, place: Place = {}): void {
    const f = Fields.once(place, 'place', PLACE_KEYS);
    const m = this.derivative(market);
    const rate = 1 / decimal(leverage, 'leverage', LEVERAGE);
    const side = wordOf(f.raw('positionSide') ?? 'net', 'place.positionSide', SIDES);
    this.margined(m, this.#modelOf(account), 'market');
    this.#update(account, f, (u) => update.setOwnRate(this.store, u, this.#freeOrders, m, side, rate));
    this.held |= FEATURE.full;
  }

  /** Sets an account's terms in all its buckets. */
  setTerms(
    account: Ref,
    terms: Pick<AccountJSON, 'marginMultiplier' | 'liquidationBuffer' | 'initialRateFloor'>,
  ): void {
    const f = Fields.once(terms, 'terms', ['marginMultiplier', 'liquidationBuffer', 'initialRateFloor']);
    const { unit } = this.store.columns;
    const units = this.unitsOf(account);
    const u0 = units[0] ?? 0;
    const multiplier = f.number('marginMultiplier', MARGIN_MULTIPLIER, unit.multiplier[u0] ?? 1);
    const buffer = f.number('liquidationBuffer', { min: 0, max: 1000 }, unit.buffer[u0] ?? 0);
    const rateFloor = f.number('initialRateFloor', { min: 0, max: 1000 }, unit.rateFloor[u0] ?? 0);
    for (const u of units) {
      unit.multiplier[u] = multiplier;
      unit.buffer[u] = buffer;
      unit.rateFloor[u] = rateFloor;
      this.touchRows(u);
    }
    this.held |= FEATURE.full;
  }

  /** Runs an update on the margin unit of an account and bucket. @internal */
  update(account: Ref, bucket: number, run: (unit: number, free: update.FreeOrders) => void): void {
    this.#update(account, new Fields({ bucket }, 'place', PLACE_KEYS), (u) => run(u, this.#freeOrders));
  }

  /** Runs an update on the unit of a place. A bucket that is not there is opened for it, and closed again if it is refused. */
  #update(account: Ref, place: Fields, run: (unit: number) => void): void {
    this.touchRows();
    const units = this.units;
    const u = this.#place(account, place.has('bucket') ? place.integer('bucket', 0, NONE - 1, 0) : 0);
    try {
      run(u);
    } catch (e) {
      if (this.units > units) {
        const { next } = this.store.columns.unit;
        for (const before of this.unitsOf(account)) if (next[before] === u) next[before] = next[u] ?? NONE;
        this.store.setCount('unit', units);
      }
      throw e;
    }
    this.touchRows(u);
  }

  /** Scenario model of an account, plus 1. */
  #modelOf(account: Ref): number {
    return this.store.columns.unit.model[this.unit(account)] ?? 0;
  }

  /** Unit of an account and bucket; a bucket that is not there yet is opened. */
  #place(account: Ref, bucket: number): number {
    const units = this.unitsOf(account);
    const found = units.find((u) => this.unitBucket(u) === bucket);
    if (found !== undefined) return found;
    makeRoom(this.store, 'unit', 1);
    const u = appendUnit(this.store, this.account(account), bucket);
    const { unit } = this.store.columns;
    const first = units[0] ?? 0;
    const before = units.filter((x) => this.unitBucket(x) < bucket).pop() ?? first;
    unit.next[u] = unit.next[before] ?? NONE;
    unit.next[before] = u;
    unit.multiplier[u] = unit.multiplier[first] ?? 1;
    unit.buffer[u] = unit.buffer[first] ?? 0;
    unit.rateFloor[u] = unit.rateFloor[first] ?? 0;
    unit.model[u] = unit.model[first] ?? 0;
    return u;
  }
}
