// A tick as data: which price, guard price or index of what, and its new value.
import type { BookBase } from '../book/book.js';
import type { Ref } from '../book/book-rows.js';
import { decimal, Fields, POSITIVE, wordOf } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { KIND } from '../layout.js';

/**
 * `mark`, `funding` (cumulative, settle units a contract) and the guard prices `marketTwap`, `marketStable` of a market; `price`, the
 * guard prices `assetTwap`, `assetStable`, `depositIndex` and `borrowIndex` of an asset.
 */
export interface Tick {
  /** What moves: a mark, an index, a guard price, a funding or interest index, of a market or an asset. */
  kind:
    | 'mark'
    | 'index'
    | 'marketTwap'
    | 'marketStable'
    | 'funding'
    | 'price'
    | 'assetTwap'
    | 'assetStable'
    | 'depositIndex'
    | 'borrowIndex';
  /** Of the market or asset: its id or row. */
  id: Ref;
  /** In the unit of what moves: quote, numeraire, settle units a contract, or a factor. */
  value: Decimal;
}

type Setter = (book: BookBase, id: Ref, value: Decimal) => void;

/** Sets one of the prices that stand beside a mark, which stays. */
const beside =
  (key: 'index' | 'twap' | 'stable'): Setter =>
  (book, id, value) =>
    book.setMark(id, book.store.columns.market.mark[book.market(id)] as number, { [key]: value });
const besidePrice =
  (key: 'twap' | 'stable'): Setter =>
  (book, id, value) =>
    book.setPrice(id, book.store.columns.asset.price[book.asset(id)] as number, { [key]: value });

const SETTERS: Record<Tick['kind'], Setter> = {
  mark: (book, id, value) => book.setMark(id, value),
  index: beside('index'),
  marketTwap: beside('twap'),
  marketStable: beside('stable'),
  funding: (book, id, value) => book.setFundingIndex(id, value),
  price: (book, id, value) => book.setPrice(id, value),
  assetTwap: besidePrice('twap'),
  assetStable: besidePrice('stable'),
  depositIndex: (book, id, depositIndex) => book.setTotals(id, { depositIndex }),
  borrowIndex: (book, id, borrowIndex) => book.setTotals(id, { borrowIndex }),
};
const NAMES = Object.keys(SETTERS) as Tick['kind'][];
const CODES: Record<string, number> = Object.fromEntries(NAMES.map((kind, code) => [kind, code]));

/** @throws MarginError unknown-key, type, unknown-id, range; nothing has changed */
export function setTick(book: BookBase, tick: Tick): void {
  new Fields(tick, 'tick', ['kind', 'id', 'value']);
  const kind = NAMES[wordOf(tick.kind, 'tick.kind', CODES)] as Tick['kind'];
  SETTERS[kind](book, tick.id, tick.value);
}

/** Price of a prediction. */
const SHARE = { above: 0, below: 1 };

/** Refuses marks that the book would not take. @param path - of the list of marks */
export function checkMarks(
  book: BookBase,
  markets: ArrayLike<Ref>,
  marks: ArrayLike<Decimal>,
  path: (i: number) => string = (i) => `marks[${i}]`,
): void {
  if (markets.length !== marks.length) {
    throw new MarginError('range', {
      path: 'marks',
      got: marks.length,
      expected: `${markets.length} entries, one a market`,
    });
  }
  const { kind } = book.store.columns.market;
  for (let i = 0; i < markets.length; i++) {
    const market = book.market(markets[i] as Ref, `markets[${i}]`);
    decimal(marks[i], path(i), kind[market] === KIND.prediction ? SHARE : POSITIVE);
  }
}
