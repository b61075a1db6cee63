// What a person moves: one price for everything that shares an underlying. Coin, perpetuals, futures and forwards move in
// proportion, options are valued anew: the same move that liquidation prices are found along.
import type { AccountJSON, BookBase, BookJSON } from 'margin-kernel/reference/var';

const NONE = 0xffffffff;
/** An asset worth about one numeraire is money, not something to drag. */
const PEG = 0.1;
/** Prices stop here, as a share of where they started. */
const LEAST = 1e-6;

export interface Driver {
  /** Name of the underlying. */
  id: string;
  /** The market or asset whose price stands for it. */
  lead: string;
  /** Price of the lead in the book. */
  start: number;
  tick: number;
  /** A price has to stay below this: 1 for predictions. */
  most: number;
  beta: number;
  assets: { id: string; price: number }[];
  /** Futures and perpetuals. */
  markets: { id: string; mark: number; beta: number; most: number }[];
  expiries: { id: string; forward: number; settled: number }[];
  options: { id: string; row: number; volatility: number; distance: number | null }[];
}

/** All that moves in a book: underlyings of markets in their order, then assets that no market is on. */
export function driversOf(book: BookBase, json: BookJSON): Driver[] {
  book.refresh();
  const { market, asset } = book.store.columns;
  const byName = new Map<string, Driver>();
  const at = (id: string): Driver => {
    const known = byName.get(id);
    if (known) return known;
    const fresh = { id, lead: '', start: 0, tick: 0, most: Number.POSITIVE_INFINITY, beta: 1 };
    const driver: Driver = { ...fresh, assets: [], markets: [], expiries: [], options: [] };
    byName.set(id, driver);
    return driver;
  };
  const expiriesSeen = new Set<string>();
  json.markets.forEach((told, m) => {
    if (told.kind === 'spot') return;
    const driver = at(book.underlyingId(market.underlying[m] ?? 0));
    if (told.kind === 'call' || told.kind === 'put') {
      driver.options.push({
        id: told.id,
        row: m,
        volatility: Number(told.volatility),
        distance: distanceOf(book, m, told.mark),
      });
      const expiry = json.expiries?.find(({ id }) => id === told.expiry);
      if (!expiry || expiriesSeen.has(expiry.id)) return;
      expiriesSeen.add(expiry.id);
      const { id, forward, settled = 0 } = expiry;
      driver.expiries.push({ id, forward: Number(forward), settled: Number(settled) });
      return;
    }
    const beta = Number(told.beta ?? 1);
    const most = told.kind === 'prediction' ? 1 - LEAST : Number.POSITIVE_INFINITY;
    const mark = market.mark[m] ?? 0;
    driver.markets.push({ id: told.id, mark, beta, most });
    if (driver.lead === '' && beta !== 0) {
      Object.assign(driver, { lead: told.id, start: mark, tick: Number(told.tick ?? 0), most, beta });
    }
  });
  json.assets.forEach(({ id }, a) => {
    const price = asset.price[a] ?? 0;
    const row = asset.underlying[a] ?? NONE;
    if (row === NONE && (Math.abs(price - 1) <= PEG || price === 0)) return;
    const driver = at(row === NONE ? id : book.underlyingId(row));
    driver.assets.push({ id, price });
    if (driver.lead === '') Object.assign(driver, { lead: id, start: price });
  });
  return [...byName.values()].filter(({ start }) => start > 0);
}

/** The drivers that an account hangs on. */
export function heldOf(drivers: readonly Driver[], account: AccountJSON): Driver[] {
  const units = [account, ...(account.buckets ?? [])];
  const held = new Set(
    units.flatMap(({ balances = {}, positions = [] }) => [
      ...Object.keys(balances).map((id) => `asset ${id}`),
      ...positions.map(({ market }) => `market ${market}`),
    ]),
  );
  return drivers.filter(
    ({ assets, markets, options }) =>
      assets.some(({ id }) => held.has(`asset ${id}`)) ||
      [...markets, ...options].some(({ id }) => held.has(`market ${id}`)),
  );
}

/** How far an option's own mark stands from its value; null where it follows its value. */
function distanceOf(book: BookBase, row: number, mark: unknown): number | null {
  if (mark === undefined || mark === null) return null;
  const value = blackValue(book, row);
  book.setMark(row, Number(mark));
  return Number(mark) - value;
}

/** Value of an option without a mark of its own. */
function blackValue(book: BookBase, row: number): number {
  book.setMark(row, null);
  book.refresh();
  return book.store.columns.market.mark[row] ?? 0;
}

/** The factor of a driver's proportional things at a price of its lead. */
const factorAt = ({ start, beta }: Driver, price: number): number => 1 + (price / start - 1) / beta;

/** The same move by every driver: 0.1 is up by a tenth. */
export const movedBy = (drivers: readonly Driver[], move: number): Record<string, number> =>
  Object.fromEntries(drivers.map((d) => [d.id, Math.min(d.start * (1 + move * d.beta), d.most)]));

/**
 * Puts a book's prices where they are said to be; where nothing is said, where the book had them. The same prices give the same
 * bits whatever stood before.
 * @param volatility - relative move of the volatilities of options
 * @param vary - drivers whose volatilities move; default all
 */
export function place(
  book: BookBase,
  drivers: readonly Driver[],
  prices: Readonly<Record<string, number>>,
  volatility = 0,
  vary: (driver: Driver) => boolean = () => true,
): void {
  for (const driver of drivers) {
    const price = prices[driver.id] ?? driver.start;
    const factor = Math.max(factorAt(driver, price), LEAST);
    /** What stood where the lead stood, and moves as it does, stands where it stands: the price that was asked for, to the bit. */
    const moved = (from: number, beta: number): number =>
      from === driver.start && beta === driver.beta ? price : Math.max(from * (1 + beta * (factor - 1)), from * LEAST);
    for (const { id, price: from } of driver.assets) book.setPrice(id, moved(from, 1));
    for (const { id, mark, beta, most } of driver.markets) book.setMark(id, Math.min(moved(mark, beta), most));
    for (const { id, forward, settled } of driver.expiries) {
      book.setExpiry(id, { forward: settled + (forward - settled) * factor });
    }
    for (const option of driver.options) {
      book.setVolatility(option.row, option.volatility * (vary(driver) ? 1 + volatility : 1));
      if (option.distance === null) continue;
      book.setMark(option.row, Math.max(blackValue(book, option.row) + option.distance, LEAST));
    }
  }
}
