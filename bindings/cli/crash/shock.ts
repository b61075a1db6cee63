// A fall of every coin by the same share: the marks and prices that move, and where they move to. What is worth a dollar by
// promise stays, and so do prediction markets, whose prices are chances.
import type { BookBase } from '../../book/book.js';
import type { AssetJSON, MarketJSON } from '../../book/types.js';
import { round, STABLE, stepsFor, type Venue } from '../demo/venue.js';

/** Significant digits that are left of a fallen price. */
const DIGITS = 9;

export interface Shock {
  /** Of every price, above 0 and below 1. */
  share: number;
  /** Prices after it, by id of what moves. */
  assets: ReadonlyMap<string, number>;
  markets: ReadonlyMap<string, number>;
}

/** Whether a market's price moves: that of a coin in another coin does not, as both fall. */
function moves({ kind, base, underlying, quote, settle }: MarketJSON): boolean {
  const [of, by] = [base ?? underlying ?? '', quote ?? settle ?? ''];
  return kind !== 'prediction' && !STABLE.has(of) && STABLE.has(by);
}

/** What a fall does to a venue. */
export function shockOf(venue: Venue, share: number): Shock {
  const fallen = (price: number): number => {
    const low = price * (1 - share);
    return round(low, stepsFor(low, DIGITS)) || low;
  };
  const coins = venue.assets.filter(({ id }) => !STABLE.has(id));
  return {
    share,
    assets: new Map(coins.map(({ id, price }) => [id, fallen(Number(price))])),
    markets: new Map(venue.markets.filter(moves).map(({ id, mark }) => [id, fallen(Number(mark))])),
  };
}

/** Moves the prices of a book; the venue's markets have no guard prices of their own, so that those follow. */
export function strike(book: BookBase, { assets, markets }: Shock): void {
  for (const [id, price] of assets) book.setPrice(id, price);
  for (const [id, mark] of markets) book.setMark(id, mark);
}

/** The venue with moved prices; its people are those of before. */
export function struck(venue: Venue, { assets, markets }: Shock): Venue {
  return {
    ...venue,
    assets: venue.assets.map((asset): AssetJSON => ({ ...asset, price: assets.get(asset.id) ?? asset.price })),
    markets: venue.markets.map((market): MarketJSON => {
      const mark = markets.get(market.id);
      return mark === undefined ? market : { ...market, mark };
    }),
  };
}
