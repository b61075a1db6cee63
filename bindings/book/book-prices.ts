// The layer of a book that follows the market: marks, prices, volatilities, funding and totals, in place. A refused tick leaves the
// book as it was.
import { MarginError } from '../errors.js';
import { FEATURE, KIND, MAX_INPUT, MIN_INPUT } from '../layout.js';
import { BookBuilding } from './book-building.js';
import type { Ref } from './book-rows.js';
import { AT_LEAST_0, decimal, Fields, FRACTION, POSITIVE, PRICE, type Range, VOLATILITY } from './fields.js';
import { writeRow } from './parameters.js';
import type { Decimal, ExpiryJSON } from './types.js';

/** Nothing is said beside a mark. */
const ALONE = /* @__PURE__ */ Object.freeze({});
/** Bits of a guard that counts at every level. */
const ALL_LEVELS = 7;

export abstract class BookPrices extends BookBuilding {
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
    // Read first: a getter may change the book, and growth detaches the views.
    const beside = more === ALONE ? more : { ...more };
    const m = this.market(market);
    if (more === ALONE && typeof mark === 'number' && this.#markAlone(m, mark)) return;
    const c = this.store.columns.market;
    if (mark === null) {
      this.#unquoted(m, beside);
      return;
    }
    const range: Range = c.kind[m] === KIND.prediction ? { above: 0, below: 1 } : POSITIVE;
    // An option has one price: its index is that of its base asset, and nothing guards it.
    if ((c.kind[m] ?? 0) >= KIND.call) new Fields(beside, 'more', []);
    if (c.rounding[m] !== 0 && (beside.twap ?? beside.stable ?? null) !== null) {
      throw new MarginError('conflict', {
        path: (beside.twap ?? null) === null ? 'stable' : 'twap',
        got: beside.twap ?? beside.stable,
        expected: 'no guard price: a market in whole units has one price',
      });
    }
    const valued = c.valued[m] ?? 0;
    this.#quoted(m);
    try {
      this.#prices(c, m, 'mark', ['index', 'twap', 'stable'], mark, beside, range);
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
    const f = Fields.once(changes, 'expiry', ['seconds', 'forward', 'settled', 'rate', 'confidence', 'discounted']);
    const e = this.expiry(expiry);
    const { doors } = this.scenarios('expiry');
    const had = doors.expiryJSON(this.store.columns, e, this.expiryId(e), (a) => this.assetId(a));
    const { row } = doors.readExpiry({ ...had, ...f.all }, f.path, (id, p) => this.asset(id, p));
    writeRow(this.store.columns.expiry, e, row);
    this.touchPrices();
  }

  /** Sets an asset's price (numeraire), and where given its guard prices. */
  setPrice(asset: Ref, price: Decimal, more: { twap?: Decimal; stable?: Decimal } = {}): void {
    const beside = { ...more };
    const a = this.asset(asset);
    this.#prices(this.store.columns.asset, a, 'price', ['twap', 'stable'], price, beside, PRICE);
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
    const f = Fields.once(totals, 'totals', ['deposits', 'borrows', 'depositIndex', 'borrowIndex']);
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

  #prices<C extends object>(
    columns: C,
    row: number,
    main: keyof C & string,
    others: readonly (keyof C & string)[],
    price: Decimal,
    more: Record<string, Decimal | undefined>,
    range: Range,
  ): void {
    const f = new Fields(more, main, others);
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

  /** Row of a market that has positions. */
  protected derivative(market: Ref): number {
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
    const m = this.derivative(market);
    if ((this.store.columns.market.kind[m] ?? 0) < KIND.call) return m;
    const expected = 'no option: it is margined by the scenarios of a model';
    throw new MarginError('conflict', { path: 'market', got: market, expected });
  }
}
