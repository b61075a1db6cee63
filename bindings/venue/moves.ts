// A book under moved prices: marks and asset prices move with their index and guards, something is read, and everything is put
// back, also where reading fails.
import type { BookBase } from '../book/book.js';
import { decimal, Fields, isObject } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { KIND, MAX_INPUT, MIN_INPUT } from '../layout.js';
import { type Margin, margin } from '../margin.js';

/** Relative moves (-0.3: 30 % down, above -1); what is not named stays. Markets and assets overrule their underlying. */
export interface Moves {
  /** All markets (by their beta) and assets that move with it. */
  underlyings?: Readonly<Record<string, Decimal>>;
  /** By market id, relative: -0.1 is a fall of 10 %; goes before its underlying's. */
  markets?: Readonly<Record<string, Decimal>>;
  /** By asset id, relative; goes before its underlying's. */
  assets?: Readonly<Record<string, Decimal>>;
}

const MARKET = ['mark', 'index', 'twap', 'stable'] as const;
const ASSET = ['price', 'twap', 'stable'] as const;

/**
 * Margins a book under moved prices.
 * @param read - gets the margin while the prices are moved
 * @throws MarginError unknown-id, unknown-key, type, range where a price would leave what a book may hold
 */
export function underMoves<T>(book: BookBase, moves: Moves, read: (risk: Margin) => T): T {
  const factors = factorsOf(book, moves);
  const { asset, market } = book.store.columns;
  const columns = [
    ...MARKET.map((name) => ({ view: market[name], factors: factors.markets, name: `markets.${name}` })),
    ...ASSET.map((name) => ({ view: asset[name], factors: factors.assets, name: `assets.${name}` })),
  ];
  const saved = columns.map(({ view, factors: by }) => view.slice(0, by.length));
  const back = (): void => {
    columns.forEach(({ view }, i) => {
      view.set(saved[i] as Float64Array);
    });
    book.touch();
  };
  const moved = columns.map(({ factors: by, name }, i) =>
    (saved[i] as Float64Array).map((price, row) => within(book, price * (by[row] as number), name, row)),
  );
  try {
    columns.forEach(({ view }, i) => {
      view.set(moved[i] as Float64Array);
    });
    book.touch();
    return read(margin(book));
  } finally {
    back();
    // Columns that the caller has borrowed say what the book says again.
    margin(book);
  }
}

function within(book: BookBase, price: number, name: string, row: number): number {
  const market = name.startsWith('markets');
  const most = market && book.store.columns.market.kind[row] === KIND.prediction ? 1 : MAX_INPUT;
  if ((price === 0 && !market) || (price >= MIN_INPUT && price < most)) return price;
  const path = `moves.${market ? `markets.${book.marketId(row)}` : `assets.${book.assetId(row)}`}`;
  throw new MarginError('range', { path, got: price, expected: `a move to a price from ${MIN_INPUT} to ${most}` });
}

/** Factors on prices, by row. */
function factorsOf(book: BookBase, moves: Moves): { markets: Float64Array; assets: Float64Array } {
  new Fields(moves, 'moves', ['underlyings', 'markets', 'assets']);
  book.refresh();
  const { market, asset } = book.store.columns;
  const markets = new Float64Array(book.markets).fill(1);
  const assets = new Float64Array(book.assets).fill(1);
  const each = (key: keyof Moves, visit: (move: number, id: string, path: string) => void): void => {
    const moved: unknown = moves[key] ?? {};
    if (!isObject(moved)) throw new MarginError('type', { path: `moves.${key}`, got: moved, expected: 'moves by id' });
    for (const [id, move] of Object.entries(moved as Record<string, Decimal>)) {
      const path = `moves.${key}.${id}`;
      visit(decimal(move, path, { above: -1, least: 0 }), id, path);
    }
  };
  each('underlyings', (move, name, path) => {
    const n = book.underlying(name, path);
    for (let m = 0; m < markets.length; m++) {
      if (market.underlying[m] === n) markets[m] = 1 + (market.beta[m] as number) * move;
    }
    for (let a = 0; a < assets.length; a++) {
      if (asset.underlying[a] === n) assets[a] = 1 + move;
    }
  });
  each('markets', (move, id, path) => {
    markets[book.market(id, path)] = 1 + move;
  });
  each('assets', (move, id, path) => {
    assets[book.asset(id, path)] = 1 + move;
  });
  return { markets, assets };
}
