// What of a book moves with the prices that --generate makes: markets that are held (options follow by their value), prices of assets
// that are held, forwards of expiries. What is named after one coin moves with it.
import type { BookBase } from '../../book/book.js';
import { KIND, NONE } from '../../layout.js';
import { PEG } from '../../var/factors.js';
import type { EngineEvent } from '../../watch/engine/event.js';

export interface Mover {
  /** What it moves with: an underlying's name. */
  coin: string;
  /** Names that closes may have for it, the best first. */
  names: string[];
  /** Its price before anything moves. */
  price: number;
  /** The event that brings a price of it. */
  event(price: number): EngineEvent;
}

export interface Movers {
  movers: Mover[];
  /** Events that come first: options with marks of their own are from then on marked at their value. */
  first: EngineEvent[];
}

/** Digits of a generated price: a decimal that reads well. */
const DIGITS = 8;
/** The outcome of a prediction is never certain before it is settled. */
const UNCERTAIN = { least: 0.001, most: 0.999 };

const rounded = (price: number): number => Number(price.toPrecision(DIGITS));
const within = (price: number, least: number, most: number): number => Math.min(most, Math.max(least, price));

/** Markets in which somebody has a position or an order, and assets that somebody has or that such markets pay in. */
function held(book: BookBase): { markets: Set<number>; assets: Set<number> } {
  const { unit, position, balance, market } = book.store.columns;
  const [markets, assets] = [new Set<number>(), new Set<number>()];
  for (let u = 0; u < book.units; u++) {
    const p0 = unit.positionStart[u] as number;
    for (let p = p0; p < p0 + (unit.positionCount[u] as number); p++) markets.add((position.key[p] as number) >>> 2);
    const b0 = unit.balanceStart[u] as number;
    for (let b = b0; b < b0 + (unit.balanceCount[u] as number); b++) assets.add(balance.asset[b] as number);
  }
  for (const m of markets) assets.add(market.settle[m] as number);
  return { markets, assets };
}

function marketMover(book: BookBase, m: number): Mover {
  const { market } = book.store.columns;
  const [id, coin] = [book.marketId(m), book.underlyingId(market.underlying[m] as number)];
  const base = market.base[m] as number;
  const prediction = market.kind[m] === KIND.prediction;
  return {
    coin,
    names: [id, coin, ...(base === NONE ? [] : [book.assetId(base)])],
    price: market.mark[m] as number,
    event: (price) => ({
      kind: 'mark',
      market: id,
      mark: rounded(prediction ? within(price, UNCERTAIN.least, UNCERTAIN.most) : price),
    }),
  };
}

function assetMover(book: BookBase, a: number): Mover {
  const [id, coin] = [book.assetId(a), book.underlyingOf(a)];
  const price = book.store.columns.asset.price[a] as number;
  return { coin, names: [id, coin], price, event: (x) => ({ kind: 'price', asset: id, price: rounded(x) }) };
}

function expiryMover(book: BookBase, e: number): Mover {
  const { expiry } = book.store.columns;
  const [id, asset] = [book.expiryId(e), expiry.asset[e] as number];
  const settled = expiry.settled[e] as number;
  return {
    coin: book.underlyingOf(asset),
    names: [book.underlyingOf(asset), book.assetId(asset)],
    price: expiry.forward[e] as number,
    event: (x) => ({ kind: 'changeExpiry', expiry: id, json: { forward: Math.max(settled, rounded(x)) } }),
  };
}

/** What of a book moves, in the order of its rows. */
export function moversOf(book: BookBase): Movers {
  const { market, asset, expiry } = book.store.columns;
  const { markets, assets } = held(book);
  const [movers, first]: [Mover[], EngineEvent[]] = [[], []];
  const expiries = new Set<number>();
  for (let m = 0; m < book.markets; m++) {
    if (!markets.has(m)) continue;
    if ((market.kind[m] as number) < KIND.call) {
      movers.push(marketMover(book, m));
      continue;
    }
    const e = market.expiry[m] as number;
    expiries.add(e);
    assets.add(expiry.asset[e] as number);
    if (market.valued[m] !== 1) first.push({ kind: 'unquote', market: book.marketId(m) });
  }
  for (let e = 0; e < book.store.count('expiry'); e++) if (expiries.has(e)) movers.push(expiryMover(book, e));
  const coins = new Set(movers.map(({ coin }) => coin));
  for (let a = 0; a < book.assets; a++) {
    const moves = coins.has(book.underlyingOf(a)) || Math.abs((asset.price[a] as number) - 1) > PEG;
    if (assets.has(a) && moves && book.assetId(a) !== book.numeraire) movers.push(assetMover(book, a));
  }
  return { movers, first };
}
