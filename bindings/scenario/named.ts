// Models of named underlyings ("underlyings": "named"): what their accounts may hold. A market on another underlying, and a balance
// that hedges one, would stand still in every scenario, so every door of a book refuses them.
import type { BookRows } from '../book/book-rows.js';
import type { MarketRow } from '../book/market.js';
import { MarginError } from '../errors.js';
import { KIND, NONE } from '../layout.js';
import type { Model } from './model.js';

/** Refuses an underlying that a model does not name. @param held - what is on it */
function refuse(terms: Model, underlying: string, held: string, path: string): void {
  if (terms.values.has(underlying)) return;
  throw new MarginError('conflict', {
    path,
    got: held,
    expected: `nothing on "${underlying}": the model "${terms.id}" says "underlyings": "named" and has no parameters of it`,
    hint: 'Give the model parameters of it, a proxy of another underlying at the least',
  });
}

/** Refuses a balance that hedges what the model does not name. */
export function namedBalance(book: BookRows, terms: Model | undefined, asset: number, path: string): void {
  if (!terms?.named || asset === NONE) return;
  const hedged = book.store.columns.asset.hedges[asset] ?? NONE;
  if (hedged !== NONE) refuse(terms, book.underlyingOf(hedged), book.assetId(asset), path);
}

/** Refuses a market on what the model does not name, or that pays what hedges such. */
export function namedMarket(book: BookRows, terms: Model | undefined, market: number, path: string): void {
  if (!terms?.named) return;
  const { kind, underlying, base, quote, settle } = book.store.columns.market;
  const spot = kind[market] === KIND.spot;
  if (!spot) refuse(terms, book.underlyingId(underlying[market] ?? 0), book.marketId(market), path);
  for (const asset of spot ? [base[market], quote[market]] : [settle[market]]) {
    namedBalance(book, terms, asset ?? NONE, path);
  }
}

type Visit = { market: (m: number) => void; asset: (a: number) => void };

/** Visits all that a unit holds: markets with a position or an order, and assets with a balance. */
function eachHeld(book: BookRows, u: number, visit: Visit): void {
  const { unit, position, balance } = book.store.columns;
  const p0 = unit.positionStart[u] ?? 0;
  for (let p = p0; p < p0 + (unit.positionCount[u] ?? 0); p++) {
    if (position.size[p] !== 0 || position.order[p] !== 0) visit.market((position.key[p] ?? 0) >>> 2);
  }
  const b0 = unit.balanceStart[u] ?? 0;
  for (let b = b0; b < b0 + (unit.balanceCount[u] ?? 0); b++)
    if (balance.amount[b] !== 0) visit.asset(balance.asset[b] ?? NONE);
}

/** Refuses what accounts of a model hold on underlyings that it does not name. @param row - of the model */
export function namedHolders(
  book: BookRows,
  terms: Model,
  row: number,
  code: 'conflict' | 'corrupt',
  path: string,
): void {
  if (!terms.named) return;
  try {
    for (let u = 0; u < book.units; u++) {
      if (book.store.columns.unit.model[u] !== row + 1) continue;
      eachHeld(book, u, {
        market: (m) => namedMarket(book, terms, m, path),
        asset: (a) => namedBalance(book, terms, a, path),
      });
    }
  } catch (error) {
    if (code === 'conflict' || !(error instanceof MarginError)) throw error;
    throw new MarginError(code, { path, got: error.got, expected: error.expected ?? '' });
  }
}

/**
 * Refuses that what accounts hold comes to be on another underlying, where their model does not name it.
 * @param moved - whether the underlying of a market, and that of a balance of an asset, will be another
 */
function eachMoved(
  book: BookRows,
  underlying: string,
  path: string,
  moved: { market: (m: number) => boolean; asset: (a: number) => boolean },
): void {
  for (let u = 0; u < book.units; u++) {
    const terms = book.scenarioModel((book.store.columns.unit.model[u] ?? 0) - 1);
    if (!terms?.named || terms.values.has(underlying)) continue;
    eachHeld(book, u, {
      market: (m) => {
        if (moved.market(m)) refuse(terms, underlying, book.marketId(m), path);
      },
      asset: (a) => {
        if (moved.asset(a)) refuse(terms, underlying, book.assetId(a), path);
      },
    });
  }
}

/** The same of a market that is added, or replaced in row `market`: its base moves with it where no other market says otherwise. */
export function movedMarket(book: BookRows, { underlying, row }: MarketRow, market: number, path: string): void {
  const { kind, base, settle } = row as { kind: number; base: number; settle: number };
  const coin = kind === KIND.inverse ? settle : base;
  const moved = coin !== NONE && book.assetId(coin) !== underlying ? coin : NONE;
  const { market: markets, asset } = book.store.columns;
  const had = market === NONE ? underlying : book.underlyingId(markets.underlying[market] ?? 0);
  if (had === underlying && moved === NONE) return;
  eachMoved(book, underlying, `${path}.underlying`, {
    market: (m) => m === market && had !== underlying,
    asset: (a) => moved !== NONE && asset.hedges[a] === moved,
  });
}

/** The same of an asset that is to hedge another one. */
export function movedAsset(book: BookRows, asset: number, hedges: number, path: string): void {
  if (hedges === NONE || hedges === book.store.columns.asset.hedges[asset]) return;
  eachMoved(book, book.underlyingOf(hedges), `${path}.hedges`, { market: () => false, asset: (a) => a === asset });
}
