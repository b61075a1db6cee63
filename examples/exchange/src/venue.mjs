// The exchange itself: order books, the ledger and the engine behind one desk. Whatever happens goes to all three, the
// engine's part as numbered events, so that its journal is the whole story. Who crosses a line is kept here, for the
// liquidator.
import { accountMargin, Book, CHECK_WIDTH, checkInto, REASONS } from 'margin-kernel';
import { ledgerOf } from 'margin-kernel/venue';
import { Engine } from 'margin-kernel/watch';
import { Ledger } from './ledger.mjs';
import { ASSET, amountOf, DECIMALS, FEES, feeOf } from './market.mjs';
import { OpenOrders } from './open-orders.mjs';
import { OrderBook } from './order-book.mjs';

/** @typedef {import('./market.mjs').Market} Market */
/** @typedef {import('./order-book.mjs').Side} Side */
/** @typedef {import('./order-book.mjs').Order} Order */
/** @typedef {{ id: string, deposit: bigint }} Opening */
/**
 * @typedef {{ filled: number, worth: bigint, resting: Order | undefined, refused: string | undefined }} Receipt lots,
 *   what they cost in minor units
 */

/** The venue's account of fees; the fund's name depends on the preset. */
export const FEE_POOL = 'feePool';

export class Venue {
  /** @type {Map<string, OrderBook>} */
  books = new Map();
  /** Price of the last trade, ticks. @type {Map<string, number>} */
  last = new Map();
  /**
   * Margin units below their maintenance margin, in the order in which they crossed; the engine says who.
   * @type {Set<string>}
   */
  endangered = new Set();
  #open = new OpenOrders();
  /** Fees that the engine has not heard of yet. */
  #fees = 0n;
  #verdict = new Float64Array(CHECK_WIDTH);
  counts = { orders: 0, refused: 0, trades: 0, cancelled: 0, selfTrades: 0, fees: 0n };

  /**
   * @param {object} setup
   * @param {readonly Market[]} setup.markets
   * @param {readonly Opening[]} setup.accounts
   * @param {string} setup.fund
   */
  constructor({ markets, accounts, fund }) {
    this.markets = markets;
    this.fund = fund;
    const book = Book.fromJSON({
      format: 'margin-kernel/book@1',
      assets: [{ id: ASSET, price: 1, decimals: DECIMALS }],
      markets: markets.map((market) => market.json()),
      accounts: accounts.map(({ id, deposit }) => ({ id, balances: { [ASSET]: amountOf(deposit) } })),
    });
    this.ledger = new Ledger(markets, [fund, FEE_POOL]);
    const opening = ledgerOf(book);
    for (const { id } of accounts) this.ledger.open(id, opening.amount(id, ASSET));
    for (const market of markets) {
      this.books.set(market.id, new OrderBook());
      this.last.set(market.id, market.start);
    }
    this.engine = new Engine(book);
  }

  get kernel() {
    return this.engine.book;
  }

  /** @param {string} account */
  isHouse(account) {
    return account === this.fund || account === FEE_POOL;
  }

  /** @param {string} market */
  book(market) {
    return /** @type {OrderBook} */ (this.books.get(market));
  }

  /**
   * Applies an event, and follows who crosses a line by it.
   * @param {import('margin-kernel/watch').EngineEvent} event
   */
  apply(event) {
    const outcome = this.engine.apply(event);
    const { liquidatable, recovered, cleared } = outcome.crossings;
    for (const { account } of liquidatable) if (!this.isHouse(account)) this.endangered.add(account);
    for (const { account } of recovered) this.endangered.delete(account);
    for (const { account } of cleared) this.endangered.delete(account);
    return outcome;
  }

  /** New marks of all markets, ticks, as one tick. @param {ReadonlyMap<string, number>} marks */
  mark(marks) {
    for (const [id, mark] of marks) this.ledger.marks.set(id, mark);
    return this.apply({ kind: 'marks', marks: this.markets.map(({ id }) => [id, this.markPrice(id)]) });
  }

  /** @param {string} market @returns {number} ticks */
  markOf(market) {
    return /** @type {number} */ (this.ledger.marks.get(market));
  }

  /** @param {string} id */
  markPrice(id) {
    return this.market(id).price(this.markOf(id));
  }

  /** @param {string} id @returns {Market} */
  market(id) {
    return /** @type {Market} */ (this.markets.find((market) => market.id === id));
  }

  /**
   * Takes an order: checked as `check` of the kernel does, matched, and what is left rests if it is to.
   * @param {object} order
   * @param {string} order.account
   * @param {string} order.market
   * @param {Side} order.side
   * @param {number} order.lots
   * @param {number} order.price ticks: the limit, also of a market order
   * @param {boolean} [order.rests] a limit order; else what does not trade at once is gone (IOC)
   * @param {boolean} [order.forced] by the venue itself, to close: not checked, and charged by who sends it
   * @returns {Receipt}
   */
  submit({ account, market: id, side, lots, price, rests = false, forced = false }) {
    this.counts.orders++;
    const market = this.market(id);
    if (!forced) {
      const { kernel } = this;
      const code = checkInto(
        kernel,
        kernel.unit(account),
        kernel.market(id),
        side,
        lots,
        market.price(price),
        this.#verdict,
      );
      if (code > 1) {
        this.counts.refused++;
        return { filled: 0, worth: 0n, resting: undefined, refused: /** @type {string} */ (REASONS[code]) };
      }
    }
    const book = this.book(id);
    const { trades, cancelled, left } = book.match(account, side, lots, price);
    for (const order of cancelled) {
      this.counts.selfTrades++;
      this.#closed(id, order, order.lots);
    }
    for (const trade of trades) this.#settle(id, account, side, trade, forced);
    const worth = trades.reduce((sum, trade) => sum + market.worth(BigInt(trade.lots), trade.price), 0n);
    const done = { filled: lots - left, worth, refused: undefined };
    if (!rests || left === 0) return { ...done, resting: undefined };
    const resting = book.rest(account, side, left, price);
    this.#open.of(account, id).set(resting.id, resting);
    const event = { account, market: id, side, size: left, price: market.price(price) };
    this.apply({ kind: 'placeOrder', ...event });
    return { ...done, resting };
  }

  /** Takes an open order out. @param {string} market @param {number} id */
  cancel(market, id) {
    const order = this.book(market).cancel(id);
    this.counts.cancelled++;
    this.#closed(market, order, order.lots);
  }

  /** Takes all open orders of an account out. @param {string} account @returns {number} how many */
  cancelAll(account) {
    const orders = this.#open.all(account);
    for (const [market, id] of orders) this.cancel(market, id);
    return orders.length;
  }

  /** Open orders of an account, by id; to look at. @param {string} account @param {string} market */
  ordersOf(account, market) {
    return this.#open.of(account, market);
  }

  /**
   * Money from one account to another, in the ledger and for the engine.
   * @param {string} from
   * @param {string} to
   * @param {bigint} minor
   */
  pay(from, to, minor) {
    if (minor === 0n) return;
    this.ledger.pay(from, to, minor);
    this.apply({ kind: 'deposit', account: from, asset: ASSET, amount: amountOf(-minor) });
    this.apply({ kind: 'deposit', account: to, asset: ASSET, amount: amountOf(minor) });
  }

  /**
   * The kernel's doubles round, and an account that was closed to the last unit would owe 1e-13: without positions it
   * gets the ledger's amount.
   * @param {string} account
   */
  trueUp(account) {
    if (this.ledger.account(account).positions.size > 0) return;
    const gap = amountOf(this.ledger.equity(account)) - accountMargin(this.kernel, account).equity;
    if (gap !== 0) this.apply({ kind: 'deposit', account, asset: ASSET, amount: gap });
  }

  /** Fees that were taken since the last time reach the engine's account of them, in one event. */
  bookFees() {
    if (this.#fees === 0n) return;
    this.apply({ kind: 'deposit', account: FEE_POOL, asset: ASSET, amount: amountOf(this.#fees) });
    this.#fees = 0n;
  }

  /**
   * One trade: lots and money in the ledger, the maker's order and both fills for the engine.
   * @param {string} id
   * @param {string} taker
   * @param {Side} side
   * @param {import('./order-book.mjs').Trade} trade
   * @param {boolean} forced
   */
  #settle(id, taker, side, { maker, lots, price }, forced) {
    const market = this.market(id);
    const [buyer, seller] = side === 'buy' ? [taker, maker.account] : [maker.account, taker];
    this.ledger.trade(buyer, seller, id, BigInt(lots), price);
    const worth = market.worth(BigInt(lots), price);
    const makerFee = this.#charge(maker.account, worth, FEES.maker);
    const takerFee = forced ? 0n : this.#charge(taker, worth, FEES.taker);
    const fill = { market: id, price: market.price(price) };
    const size = side === 'buy' ? lots : -lots;
    this.#closed(id, maker, lots);
    this.apply({ kind: 'fill', account: maker.account, ...fill, size: -size, fee: amountOf(makerFee) });
    this.apply({ kind: 'fill', account: taker, ...fill, size, fee: amountOf(takerFee) });
    this.last.set(id, price);
    this.counts.trades++;
  }

  /** @param {string} account @param {bigint} worth @param {bigint} rate */
  #charge(account, worth, rate) {
    const fee = feeOf(worth, rate);
    this.ledger.pay(account, FEE_POOL, fee);
    this.#fees += fee;
    this.counts.fees += fee;
    return fee;
  }

  /**
   * Lots of an order that are open no more: the engine's aggregate loses them, and learns the extreme price that is
   * left.
   * @param {string} id
   * @param {Order} order
   * @param {number} lots
   */
  #closed(id, order, lots) {
    const { account, side } = order;
    const market = this.market(id);
    const whole = this.book(id).order(order.id) === undefined;
    if (whole) this.#open.of(account, id).delete(order.id);
    const extreme = this.#open.extreme(account, id, side);
    const price = market.price(order.price);
    this.apply({
      kind: 'cancelOrder',
      account,
      market: id,
      side,
      size: lots,
      // A part of an order leaves the count of orders as it is.
      ...(whole ? { price } : { notional: lots * price, worst: price, count: 0 }),
      ...(extreme === undefined ? {} : { remaining: market.price(extreme) }),
    });
  }
}
