// The layer of a book that follows the market: prices, indices, deposits, fills and orders, in place. A refused update leaves
// the book as it was; what happens to the rows of a unit is in update.ts.
import { MarginError } from '../errors.js';
import { FEATURE, KIND, MAX_INPUT, MIN_INPUT, NONE } from '../layout.js';
import { readAccount } from './account.js';
import { BookBuilding } from './book-building.js';
import type { Ref } from './book-rows.js';
import {
  ANY,
  AT_LEAST_0,
  decimal,
  Fields,
  FRACTION,
  LEVERAGE,
  MARGIN_MULTIPLIER,
  POSITIVE,
  PRICE,
  type Range,
  SIZE,
  VOLATILITY,
  wordOf,
} from './fields.js';
import { ORDER_KEYS, readOrder } from './holdings.js';
import { writeRow } from './parameters.js';
import { replaceRows } from './replace.js';
import { appendUnit, makeRoom } from './rows.js';
import type { AccountJSON, Decimal, ExpiryJSON, OrderJSON } from './types.js';
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
/** Nothing is said beside a mark. */
const ALONE = /* @__PURE__ */ Object.freeze({});
/** Bits of a guard that counts at every level. */
const ALL_LEVELS = 7;

export abstract class BookLive extends BookBuilding {
  readonly #freeOrders: update.FreeOrders = [];

  /**
   * Sets a market's mark (quote), and where given its index and guard prices. Without new guards, those that followed the mark
   * still do; the first guard of a market that had none counts at all levels. With `null` an option follows its value again.
   * @throws MarginError; the book is unchanged
   */
  setMark(
    market: Ref,
    mark: Decimal | null,
    more: { index?: Decimal; twap?: Decimal; stable?: Decimal } = ALONE,
  ): void {
    const m = this.market(market);
    const c = this.store.columns.market;
    if (more === ALONE && typeof mark === 'number' && this.#markAlone(m, mark)) return;
    if (mark === null) {
      this.#unquoted(m, more);
      return;
    }
    const range: Range = c.kind[m] === KIND.prediction ? { above: 0, below: 1 } : POSITIVE;
    // An option has one price: its index is that of its base asset, and nothing guards it.
    if ((c.kind[m] ?? 0) >= KIND.call) new Fields(more, 'more', []);
    if (c.rounding[m] !== 0 && (more.twap ?? more.stable ?? null) !== null) {
      throw new MarginError('conflict', {
        path: (more.twap ?? null) === null ? 'stable' : 'twap',
        got: more.twap ?? more.stable,
        expected: 'no guard price: a market in whole units has one price',
      });
    }
    const valued = c.valued[m] ?? 0;
    this.#quoted(m);
    try {
      this.#prices(c, m, 'mark', ['index', 'twap', 'stable'], mark, more, range);
    } catch (e) {
      c.valued[m] = valued;
      throw e;
    }
    this.touchMark(m);
  }

  /** The tick of a mark alone, as most are, without a look at anything else: what follows the mark does. @returns whether it could be done */
  #markAlone(m: number, mark: number): boolean {
    const { kind, valued, mark: marks, index, twap, stable } = this.store.columns.market;
    const most = kind[m] === KIND.prediction ? 1 : MAX_INPUT;
    if (!(mark >= MIN_INPUT && mark < most) || valued[m] !== 0) return false;
    const had = marks[m];
    marks[m] = mark;
    if (index[m] === had) index[m] = mark;
    if (twap[m] === had) twap[m] = mark;
    if (stable[m] === had) stable[m] = mark;
    this.touchMark(m);
    return true;
  }

  #unquoted(m: number, more: object): void {
    const { kind, valued } = this.store.columns.market;
    if ((kind[m] ?? 0) < KIND.call)
      throw new MarginError('type', {
        path: 'mark',
        got: null,
        expected: 'a price: only an option has a value without one',
      });
    new Fields(more, 'more', []);
    valued[m] = 1;
    this.touchPrices();
  }

  /** An option that was valued has a mark of its own from now on; index and guards follow it. */
  #quoted(m: number): void {
    const { valued, mark, index, twap, stable } = this.store.columns.market;
    if (valued[m] === 0) return;
    valued[m] = 0;
    for (const column of [index, twap, stable]) column[m] = mark[m] ?? 0;
  }

  /** Sets the volatility of an option. Without a mark of its own its mark follows. */
  setVolatility(market: Ref, volatility: Decimal): void {
    const m = this.market(market);
    if ((this.store.columns.market.kind[m] ?? 0) < KIND.call)
      throw new MarginError('conflict', { path: 'market', got: market, expected: 'an option' });
    this.store.columns.market.volatility[m] = decimal(volatility, 'volatility', VOLATILITY);
    this.touchPrices();
  }

  /** Sets what has changed of an expiry: seconds, forward, settled, rate, confidence. @throws MarginError; the book is unchanged */
  setExpiry(expiry: Ref, changes: Partial<Omit<ExpiryJSON, 'id' | 'asset'>>): void {
    const e = this.expiry(expiry);
    const { doors } = this.scenarios('expiry');
    const had = doors.expiryJSON(this.store.columns, e, this.expiryId(e), (a) => this.assetId(a));
    const f = new Fields(changes, 'expiry', ['seconds', 'forward', 'settled', 'rate', 'confidence', 'discounted']);
    const { row } = doors.readExpiry({ ...had, ...changes }, f.path, (id, p) => this.asset(id, p));
    writeRow(this.store.columns.expiry, e, row);
    this.touchPrices();
  }

  /** Sets an asset's price (numeraire), and where given its guard prices. */
  setPrice(asset: Ref, price: Decimal, more: { twap?: Decimal; stable?: Decimal } = {}): void {
    const a = this.asset(asset);
    this.#prices(this.store.columns.asset, a, 'price', ['twap', 'stable'], price, more, PRICE);
    this.touchPrices(a);
  }

  /** Sets cumulative funding per contract (settle units). A position pays since its own index, at the next fill. */
  setFundingIndex(market: Ref, index: Decimal): void {
    const m = this.#linear(market);
    const now = decimal(index, 'index');
    this.store.columns.market.fundingIndex[m] = now;
    if (now !== 0) this.held |= FEATURE.funding;
    this.touchMark(m);
  }

  /** Sets open interest (contracts), which scales initial rates where the market says so. */
  setOpenInterest(market: Ref, contracts: Decimal): void {
    this.#set('market', this.#linear(market), { openInterest: decimal(contracts, 'contracts', AT_LEAST_0) });
  }

  /** Sets venue-wide deposits and borrows (amounts) and the indices that balances are multiplied with. */
  setTotals(
    asset: Ref,
    totals: { deposits?: Decimal; borrows?: Decimal; depositIndex?: Decimal; borrowIndex?: Decimal },
  ): void {
    const f = new Fields(totals, 'totals', ['deposits', 'borrows', 'depositIndex', 'borrowIndex']);
    const a = this.asset(asset);
    const c = this.store.columns.asset;
    const now = {
      deposits: f.number('deposits', AT_LEAST_0, c.deposits[a] ?? 0),
      borrows: f.number('borrows', AT_LEAST_0, c.borrows[a] ?? 0),
      depositIndex: f.number('depositIndex', POSITIVE, c.depositIndex[a] ?? 1),
      borrowIndex: f.number('borrowIndex', POSITIVE, c.borrowIndex[a] ?? 1),
    };
    this.#write('asset', a, now);
    if (now.depositIndex !== 1 || now.borrowIndex !== 1) this.held |= FEATURE.full;
    // Of indices balances follow; venue-wide sums change the weights of all holders.
    if (f.has('deposits') || f.has('borrows')) this.touchPrices();
    else this.touchPrices(a);
  }

  /** Sets the confidence of an asset's price, in [0, 1]. */
  setConfidence(section: 'asset' | 'market', id: Ref, confidence: Decimal): void {
    const row = section === 'asset' ? this.asset(id) : this.market(id);
    this.#set(section, row, { confidence: decimal(confidence, 'confidence', FRACTION) });
  }

  /** Adds a signed amount to an account's balance: a deposit, or a withdrawal if negative. Nothing checks whether the account can afford it. */
  deposit(account: Ref, asset: Ref, amount: Decimal, place: Place = {}): void {
    const a = this.asset(asset);
    const x = decimal(amount, 'amount', ANY);
    this.hedged(a, this.#modelOf(account), 'asset');
    this.#update(account, new Fields(place, 'place', PLACE_KEYS), (u) => update.deposit(this.store, u, a, x, 'amount'));
  }

  /** Books a fill: realised PnL, funding and fee go to the settle balance, the rest to the position. */
  fill(account: Ref, input: FillInput): void {
    const f = new Fields(input, 'fill', ['market', 'size', 'price', 'fee', ...PLACE_KEYS]);
    const fill = {
      market: this.market(input.market, 'fill.market'),
      side: wordOf(input.positionSide ?? 'net', 'fill.positionSide', SIDES),
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
    const f = new Fields(input, 'order', [...ORDER_KEYS, 'bucket']);
    const market = this.market(input.market, 'order.market');
    const side = wordOf(input.positionSide ?? 'net', 'order.positionSide', SIDES);
    const row = readOrder(f);
    this.margined(market, this.#modelOf(account), 'order.market');
    this.#update(account, f, (u) => update.placeOrder(this.store, u, this.#freeOrders, market, side, row, 'order'));
    this.held |= FEATURE.full;
  }

  /** Takes an order out again: the same size and price. `remaining` names the extreme price that is left, where it is known. */
  cancelOrder(account: Ref, input: OrderInput & { remaining?: Decimal }): void {
    const f = new Fields(input, 'order', [...ORDER_KEYS, 'bucket', 'remaining']);
    const market = this.market(input.market, 'order.market');
    const side = wordOf(input.positionSide ?? 'net', 'order.positionSide', SIDES);
    const row = readOrder(f);
    const worst = f.has('remaining') ? f.number('remaining', AT_LEAST_0) : undefined;
    const u = this.unit(account, input.bucket ?? 0);
    this.touchRows();
    update.cancelOrder(this.store, u, this.#freeOrders, market, side, input.side === 'buy', row, worst, 'order');
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
    const row = readAccount(json, path, this.store.columns, this.directory);
    const a = this.account(row.id, `${path}.id`);
    if (row.model !== this.#modelOf(a)) this.touch();
    this.touchRows();
    for (const u of replaceRows(this.store, a, row, this.#freeOrders)) this.touchRows(u);
    this.hold(row);
    return a;
  }

  /** Sets an account's own leverage in a market: its initial rate is at least 1 / leverage. */
  setLeverage(account: Ref, market: Ref, leverage: Decimal, place: Place = {}): void {
    const f = new Fields(place, 'place', PLACE_KEYS);
    const m = this.#derivative(market);
    const rate = 1 / decimal(leverage, 'leverage', LEVERAGE);
    const side = wordOf(place.positionSide ?? 'net', 'place.positionSide', SIDES);
    this.margined(m, this.#modelOf(account), 'market');
    this.#update(account, f, (u) => update.setOwnRate(this.store, u, this.#freeOrders, m, side, rate));
    this.held |= FEATURE.full;
  }

  /** Sets an account's terms in all its buckets. */
  setTerms(
    account: Ref,
    terms: Pick<AccountJSON, 'marginMultiplier' | 'liquidationBuffer' | 'initialRateFloor'>,
  ): void {
    const f = new Fields(terms, 'terms', ['marginMultiplier', 'liquidationBuffer', 'initialRateFloor']);
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

  #prices<C extends object>(
    columns: C,
    row: number,
    main: keyof C & string,
    others: readonly (keyof C & string)[],
    price: Decimal,
    more: Record<string, Decimal | undefined>,
    range: Range,
  ): void {
    const f = new Fields({ ...more }, main, others);
    const view = (key: keyof C): Float64Array => columns[key] as unknown as Float64Array;
    const now = decimal(price, main, range);
    const had = view(main)[row] ?? 0;
    const next = others.map((key) => {
      const before = view(key)[row] ?? 0;
      return f.number(key, range, before === had ? now : before);
    });
    const { guard } = columns as unknown as { guard: Uint32Array };
    const guards = others.filter((key) => key !== 'index');
    const unguarded = guard[row] === 0 && guards.every((key) => view(key)[row] === had);
    view(main)[row] = now;
    others.forEach((key, i) => {
      view(key)[row] = next[i] ?? now;
    });
    if (unguarded && guards.some((key) => view(key)[row] !== now)) {
      guard[row] = ALL_LEVELS;
      this.touch();
    }
  }

  #set(section: 'asset' | 'market', row: number, values: Record<string, number>): void {
    this.#write(section, row, values);
    this.touch();
  }

  #write(section: 'asset' | 'market', row: number, values: Record<string, number>): void {
    const columns = this.store.columns[section] as unknown as Record<string, Float64Array>;
    for (const [name, value] of Object.entries(values)) {
      const view = columns[name];
      if (view) view[row] = value;
    }
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

  /** Row of a market that has positions. */
  #derivative(market: Ref): number {
    const m = this.market(market);
    if (this.store.columns.market.kind[m] !== KIND.spot) return m;
    throw new MarginError('conflict', {
      path: 'market',
      got: market,
      expected: 'a derivative: a spot market has balances, no positions',
    });
  }

  /** A future, perpetual or prediction: an option has neither funding nor open interest that scales rates. */
  #linear(market: Ref): number {
    const m = this.#derivative(market);
    if ((this.store.columns.market.kind[m] ?? 0) < KIND.call) return m;
    const expected = 'no option: it is margined by the scenarios of a model';
    throw new MarginError('conflict', { path: 'market', got: market, expected });
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
