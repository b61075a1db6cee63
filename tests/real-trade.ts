// What a question is held against: the same trade or withdrawal booked for good on a decoded copy, and random books in which
// there is something to trade: lots, fees, largest sizes, and accounts with money.
import { accountMargin, Book, type Risk, type TradeInput } from '../bindings/index.js';
import { KIND } from '../bindings/layout.js';
import type { BookBase, BookJSON } from '../bindings/public.js';
import { Random, randomBook } from './random-book.js';

/** First path at which two answers differ in a bit. */
export function difference(a: unknown, b: unknown, path = ''): string | undefined {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null)
    return Object.is(a, b) ? undefined : `${path}: ${a} and ${b}`;
  const at = (x: object, key: string): unknown => (x as Record<string, unknown>)[key];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = difference(at(a, key), at(b, key), `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}

/** Books with lots, fees and limits; four accounts, most of which can afford something. */
export function tradable(seed: number): BookJSON {
  const r = new Random(seed * 3 + 2);
  const json = randomBook(seed, { features: seed % 3 === 0 ? 0 : 1, accounts: 4 });
  for (const m of json.markets) {
    const step = 10 ** Math.floor(Math.log10(10 / (m.mark as number)));
    m.lot = r.pick([0, 0, step, step / 1000]);
    m.takerFee = r.pick([0, 0.0005, 0.01, -0.0002]);
    m.liquidationFee = r.pick([0, 0.01]);
    if (r.chance(0.3)) m.maxSize = step * r.int(1, 1e5);
  }
  for (const account of json.accounts) {
    if (r.chance(0.3)) continue;
    for (const unit of [account, ...(account.buckets ?? [])]) {
      const { USDT = 0, ...others } = unit.balances ?? {};
      unit.balances = { ...others, USDT: (USDT as number) + r.wide(1e4, 1e8) };
    }
  }
  return json;
}

/** A trade with all that a question may leave out. */
export interface RealTrade {
  market: number;
  side: 'buy' | 'sell';
  positionSide: 'net' | 'long' | 'short';
  /** That counts: no better than the mark. */
  price: number;
  /** Rate. */
  fee: number;
  bucket: number;
}

/** As `check` and `maxOrder` fill it in. */
export function realTrade(book: BookBase, input: TradeInput): RealTrade {
  const c = book.store.columns.market;
  const market = book.market(input.market);
  const mark = c.mark[market] as number;
  const { side, positionSide = 'net', bucket = 0 } = input;
  const price = input.price === undefined ? mark : Number(input.price);
  const fee = input.fee === undefined ? (c.takerFee[market] as number) : Number(input.fee);
  const counted = side === 'buy' ? Math.max(price, mark) : Math.min(price, mark);
  return { market, side, positionSide, price: counted, fee, bucket };
}

/** Books the trade. */
export function fillReally(book: BookBase, account: string | number, trade: RealTrade, contracts: number): void {
  const { market, side, positionSide, price, bucket } = trade;
  const { kind, multiplier } = book.store.columns.market;
  const m = multiplier[market] as number;
  const size = side === 'buy' ? contracts : -contracts;
  const value =
    kind[market] === KIND.inverse
      ? size * (m / price)
      : kind[market] === KIND.spot
        ? size * m * price
        : size * (m * price);
  book.fill(account, { market, positionSide, bucket, size, price, fee: trade.fee * Math.abs(value) });
}

/** The book once the trade has been booked. */
export function filled(bytes: Uint8Array, account: string | number, trade: RealTrade, contracts: number): Book {
  const book = Book.decode(bytes);
  fillReally(book, account, trade, contracts);
  return book;
}

/** Risk of an account's margin unit. */
export const riskOf = (book: BookBase, account: string | number, bucket = 0): Risk => {
  const found = accountMargin(book, account).units.find((unit) => unit.bucket === bucket);
  if (!found) throw new Error(`no bucket ${bucket}`);
  return found;
};

/** A random trade in a random market. */
export function randomTrade(r: Random, book: BookBase, account: number): TradeInput {
  const c = book.store.columns.market;
  const market = r.int(0, book.markets - 1);
  const mark = c.mark[market] as number;
  const spot = c.kind[market] === KIND.spot;
  const most = c.kind[market] === KIND.prediction ? 0.999 : Number.POSITIVE_INFINITY;
  return {
    market,
    side: r.pick(['buy', 'sell'] as const),
    bucket: book.unitBucket(r.pick(book.unitsOf(account))),
    ...(spot || r.chance(0.3) ? {} : { price: Math.min(most, mark * r.between(0.97, 1.03)) }),
    ...(r.chance(0.3) ? { fee: r.between(-0.001, 0.002) } : {}),
    ...(spot || r.chance(0.6) ? {} : { positionSide: r.pick(['long', 'short'] as const) }),
  };
}
