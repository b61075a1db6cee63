// A tick as data: which price, guard price or index of what, and its new value.
import type { BookBase } from '../book/book.js';
import type { Ref } from '../book/book-rows.js';
import { ANY, decimal, Fields, POSITIVE, PRICE, type Range, wordOf } from '../book/fields.js';
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
  const f = Fields.once(tick, 'tick', ['kind', 'id', 'value']);
  const kind = NAMES[wordOf(f.raw('kind'), 'tick.kind', CODES)] as Tick['kind'];
  setRead(book, { kind, id: f.raw('id') as Ref, value: f.raw('value') as Decimal });
}

/** Sets one that has been read. */
export function setRead(book: BookBase, { kind, id, value }: Tick): void {
  SETTERS[kind](book, id, value);
}

/** Price of a prediction. */
const SHARE = { above: 0, below: 1 };

/** Kinds that move something of a market, and those of an asset with what their values may be. */
const OF_MARKET: readonly Tick['kind'][] = ['mark', 'index', 'marketTwap', 'marketStable', 'funding'];
const OF_ASSET: Partial<Record<Tick['kind'], Range>> = { price: PRICE, assetTwap: PRICE, assetStable: PRICE };

/** Permitted values of a tick of a market. @throws MarginError conflict, where the market has nothing of that kind */
function rangeOf(book: BookBase, kind: Tick['kind'], market: number, path: string): Range {
  const { kind: kinds, rounding } = book.store.columns.market;
  const of = kinds[market] as number;
  const refused = (expected: string): MarginError => new MarginError('conflict', { path, got: kind, expected });
  if (kind !== 'mark' && of >= KIND.call) throw refused('mark: an option has one price, and no funding');
  if (kind === 'funding') {
    if (of === KIND.spot) throw refused('the kind of a price: a spot market has no funding');
    return ANY;
  }
  if (rounding[market] !== 0 && (kind === 'marketTwap' || kind === 'marketStable'))
    throw refused('mark or index: a market in whole units has one price');
  return of === KIND.prediction ? SHARE : POSITIVE;
}

/** Ticks as rows and doubles that the book will take, so that all or none are set. @throws MarginError; nothing has changed */
export function readTicks(book: BookBase, ticks: readonly Tick[]): Tick[] {
  if (!Array.isArray(ticks)) throw new MarginError('type', { path: 'ticks', got: ticks, expected: 'a list of ticks' });
  // All of them are read before anything is looked up: a getter may change the book.
  return Array.from(ticks, (tick, i) => Fields.once(tick, `ticks[${i}]`, ['kind', 'id', 'value'])).map((f) => {
    const kind = NAMES[wordOf(f.raw('kind'), f.at('kind'), CODES)] as Tick['kind'];
    const section = OF_MARKET.includes(kind) ? 'market' : 'asset';
    const id = book[section](f.raw('id') as Ref, f.at('id'));
    const range = section === 'market' ? rangeOf(book, kind, id, f.at('kind')) : (OF_ASSET[kind] ?? POSITIVE);
    return { kind, id, value: f.number('value', range) };
  });
}

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
