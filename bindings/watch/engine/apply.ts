// What each kind of event does to a book. Every call of the book refuses before it changes anything; what the engine alone knows
// (markets that are closed, what guards allow) is checked before and written after it.
import type { BookBase } from '../../book/book.js';
import type { Ref } from '../../book/book-rows.js';
import { isObject } from '../../book/fields.js';
import { settle as settleMarkets } from '../../book/settle.js';
import { transfer } from '../../book/transfer.js';
import { MarginError } from '../../errors.js';
import { KIND } from '../../layout.js';
import { checkMarks } from '../tick.js';
import type { EventKind, EventOf, NumberedEvent } from './event.js';
import type { Guarded } from './held.js';
import { settlementOf } from './payoff.js';

/** delisted: no fills, no orders. settled: no positions either, and none ever again. */
export type MarketState = 'delisted' | 'settled';

/** What an engine knows beside its book. */
export interface Sides extends Guarded {
  /** Markets that are closed, by row. */
  readonly closed: Map<number, MarketState>;
}

/** Whom an event may have freed of a price at which liquidation is forbidden: accounts by row, or everybody. */
export type Touched = readonly number[] | 'everybody';

type Apply<K extends EventKind> = (book: BookBase, event: EventOf<K>, sides: Sides) => Touched;

/** Refuses what a closed market takes no more. */
function open(book: BookBase, { closed }: Sides, market: Ref, path: string): void {
  const row = book.market(market, path);
  const state = closed.get(row);
  if (state === undefined) return;
  throw new MarginError('conflict', {
    path,
    got: book.marketId(row),
    expected: `a market that is listed: this one is ${state}`,
  });
}

/** The same of a market that is settled once and for all. */
function unsettled(book: BookBase, { closed }: Sides, market: Ref, path: string): void {
  if (closed.get(book.market(market, path)) === 'settled') open(book, { closed } as Sides, market, path);
}

/** Refuses an account that comes with positions or orders in a closed market; what else may be wrong the book says. */
function openHoldings(book: BookBase, sides: Sides, json: unknown): void {
  if (sides.closed.size === 0 || !isObject(json)) return;
  const buckets = Array.isArray(json.buckets) ? json.buckets : [];
  for (const holdings of [json, ...buckets].filter(isObject)) {
    for (const key of ['positions', 'orders'] as const) {
      const rows = holdings[key];
      if (!Array.isArray(rows)) continue;
      for (const row of rows) if (isObject(row) && typeof row.market === 'string') open(book, sides, row.market, key);
    }
  }
}

function settle(book: BookBase, sides: Sides, markets: readonly number[], price: number): Touched {
  const settlements = markets.map((market) => ({ market, price: settlementOf(book, market, price, 'price') }));
  settleMarkets(
    book,
    settlements.map((s) => (isSpot(book, s.market) ? { ...s, price: 1 } : s)),
  );
  for (const market of markets) sides.closed.set(market, 'settled');
  return 'everybody';
}

/** A spot market has no positions that a price could close. */
const isSpot = (book: BookBase, market: number): boolean => book.store.columns.market.kind[market] === KIND.spot;

/** Markets of an expiry that are not settled yet. */
function marketsOf(book: BookBase, { closed }: Sides, expiry: number): number[] {
  const column = book.store.columns.market.expiry;
  const markets: number[] = [];
  for (let m = 0; m < book.markets; m++) if (column[m] === expiry && closed.get(m) !== 'settled') markets.push(m);
  if (markets.length > 0) return markets;
  throw new MarginError('conflict', {
    path: 'expiry',
    got: book.expiryId(expiry),
    expected: 'an expiry with markets that are not settled',
  });
}

const NOBODY: Touched = [];
const nobody =
  <K extends EventKind>(run: (book: BookBase, event: EventOf<K>, sides: Sides) => void): Apply<K> =>
  (book, event, sides) => {
    run(book, event, sides);
    return NOBODY;
  };
/** What changes the holdings of one account. */
const account =
  <K extends EventKind>(run: (book: BookBase, event: EventOf<K> & { account: Ref }, sides: Sides) => void): Apply<K> =>
  (book, event, sides) => {
    const of = event as EventOf<K> & { account: Ref };
    run(book, of, sides);
    return [book.account(of.account)];
  };

/** Only the keys that an event has: a call of a book takes `undefined` for a key that is there. */
function some<T extends object, K extends keyof T>(event: T, keys: readonly K[]): Pick<T, K> {
  const out: Partial<T> = {};
  for (const key of keys) if (event[key] !== undefined) out[key] = event[key];
  return out as Pick<T, K>;
}

const ORDER = ['market', 'positionSide', 'bucket', 'side', 'size', 'price', 'notional', 'worst', 'count'] as const;

const APPLY: { readonly [K in EventKind]: Apply<K> } = {
  mark: (book, event, { markets }) => {
    book.setMark(event.market, event.mark, some(event, ['index', 'twap', 'stable']));
    return markets.set(event.market as number, event.allow as number) ? 'everybody' : NOBODY;
  },
  marks: (book, { marks, allow }, { markets }) => {
    const [rows, prices] = [marks.map(([market]) => market), marks.map(([, mark]) => mark)];
    checkMarks(book, rows, prices, (i) => `marks[${i}][1]`);
    let freed = false;
    for (const [market, mark] of marks) {
      book.setMark(market, mark);
      if (markets.set(market as number, allow as number)) freed = true;
    }
    return freed ? 'everybody' : NOBODY;
  },
  price: (book, event, { assets }) => {
    book.setPrice(event.asset, event.price, some(event, ['twap', 'stable']));
    return assets.set(event.asset as number, event.allow as number) ? 'everybody' : NOBODY;
  },
  fill: account((book, event, sides) => {
    open(book, sides, event.market, 'fill.market');
    book.fill(event.account, some(event, ['market', 'bucket', 'positionSide', 'size', 'price', 'fee']));
  }),
  deposit: account((book, { account, asset, amount, bucket }) => {
    book.deposit(account, asset, amount, { bucket: bucket ?? 0 });
  }),
  transfer: (book, event) => {
    transfer(book, event.account, event.to, event.asset, event.amount, some(event, ['bucket', 'toBucket']));
    return [book.account(event.account), book.account(event.to)];
  },
  placeOrder: account((book, event, sides) => {
    open(book, sides, event.market, 'order.market');
    book.placeOrder(event.account, some(event, ORDER));
  }),
  cancelOrder: account((book, event) => book.cancelOrder(event.account, some(event, [...ORDER, 'remaining']))),
  funding: nobody((book, { market, index }) => book.setFundingIndex(market, index)),
  interest: nobody((book, event) => book.setTotals(event.asset, some(event, ['depositIndex', 'borrowIndex']))),
  totals: nobody((book, event) => book.setTotals(event.asset, some(event, ['deposits', 'borrows']))),
  openInterest: nobody((book, { market, contracts }) => book.setOpenInterest(market, contracts)),
  confidence: nobody((book, { market, asset, confidence }) => {
    if ((market === undefined) === (asset === undefined))
      throw new MarginError('conflict', { path: 'event', expected: 'either a market or an asset' });
    if (market !== undefined) book.setConfidence('market', market, confidence);
    else book.setConfidence('asset', asset as Ref, confidence);
  }),
  volatility: nobody((book, { market, volatility }) => book.setVolatility(market, volatility)),
  unquote: nobody((book, { market }) => book.setMark(market, null)),
  changeExpiry: nobody((book, { expiry, json }) => book.setExpiry(expiry, json)),
  leverage: nobody((book, event, sides) => {
    open(book, sides, event.market, 'market');
    book.setLeverage(event.account, event.market, event.leverage, some(event, ['bucket', 'positionSide']));
  }),
  terms: nobody((book, event) => {
    book.setTerms(event.account, some(event, ['marginMultiplier', 'liquidationBuffer', 'initialRateFloor']));
  }),
  settle: (book, { market, price }, sides) => {
    unsettled(book, sides, market, 'market');
    return settle(book, sides, [market as number], price as number);
  },
  expire: (book, { expiry, price }, sides) =>
    settle(book, sides, marketsOf(book, sides, expiry as number), price as number),
  delist: (book, { market }, sides) => {
    open(book, sides, market, 'market');
    sides.closed.set(market as number, 'delisted');
    return NOBODY;
  },
  addAsset: nobody((book, { json }) => book.addAsset(json)),
  addExpiry: nobody((book, { json }) => book.addExpiry(json)),
  addModel: nobody((book, { json }) => book.addModel(json)),
  addMarket: nobody((book, { json }) => book.addMarket(json)),
  addAccount: nobody((book, { json }, sides) => {
    openHoldings(book, sides, json);
    book.addAccount(json);
  }),
  replaceAsset: nobody((book, { json }) => book.replaceAsset(json)),
  replaceModel: nobody((book, { json }) => book.replaceModel(json)),
  replaceMarket: nobody((book, { json }) => book.replaceMarket(json)),
  // The engine compares hashes before it applies anything.
  checkpoint: () => NOBODY,
};

/**
 * Applies an event that has been read.
 * @throws MarginError; book and sides are unchanged
 */
export function applyEvent(book: BookBase, event: NumberedEvent, sides: Sides): Touched {
  return (APPLY[event.kind] as Apply<EventKind>)(book, event as EventOf<EventKind>, sides);
}
