// What the venue says of a position beside what the kernel says of it.
import { MarginError } from '../errors.js';
import { Row } from '../venues/rows.js';
import type { PositionRow } from './account.js';
import type { CcxtBook } from './book.js';

/** Liquidation price (quote) and maintenance margin (settle asset) of one position; null: none. */
export interface Figures {
  /** Quote. */
  liquidationPrice: number | null;
  /** Settle asset. */
  maintenanceMargin: number | null;
}

/** Both sides of a position. */
export interface Compared extends Omit<PositionRow, 'liquidationPrice' | 'maintenanceMargin'> {
  /** What the kernel says. */
  ours: Figures;
  /** What the venue says. */
  venue: Figures;
  /** Ours less the venue's, over the venue's; null where one of them is missing. */
  difference: Figures;
}

/** Where a position stands. */
export interface Side {
  /** Id of the market in the book. */
  market: string;
  /** 0: the cross unit; isolated from 1. */
  bucket: number;
  /** net, or the side of a hedged position. */
  side: 'net' | 'long' | 'short';
}

/** The two functions of `margin-kernel`, `/reference` or `/scenario` that are asked. */
export interface Engine<B> {
  /** Of every position of an account, quote. */
  liquidationPrices(
    book: B,
    account: string,
  ): readonly (Side & { size: number; down: number | null; up: number | null })[];
  /** Requirements of every position of an account, numeraire. */
  explain(
    book: B,
    account: string,
  ): {
    units: readonly {
      bucket: number;
      positions: readonly { market: string; side: string; requirement: { maintenance: number } }[];
    }[];
  };
}

/**
 * Liquidation prices and maintenance margins of all positions beside those that the venue gave. Of a long position the price
 * below the mark is compared, of a short one that above. A difference has reasons: fees that the venue adds, marks of another
 * moment, other assets and positions that fall with it (a venue holds them still, the kernel does not).
 * @param converted - what `ccxtBook` gave
 * @param book - the book of it, with the marks at which it is to be compared
 * @param engine - `import * as kernel from 'margin-kernel'`
 * @throws MarginError type where one of them is something else
 * @returns one row for each position of the book, in the order of the accounts; ratios are fractions
 * @example
 * const converted = ccxtBook(sources);
 * compareVenue(converted, kernel.Book.fromJSON(converted.book), kernel)[0].difference.liquidationPrice // 0.0004
 */
export function compareVenue<B>(converted: CcxtBook, book: B, engine: Engine<B>): Compared[] {
  checkShapes(converted, engine);
  const priceOf = new Map(converted.book.assets.map(({ id, price }) => [id, Number(price)]));
  const settleOf = new Map(converted.book.markets.map(({ id, settle = '' }) => [id, settle]));
  const answers = new Map<
    string,
    { prices: ReturnType<Engine<B>['liquidationPrices']>; units: ReturnType<Engine<B>['explain']>['units'] }
  >();
  const ask = (account: string) => {
    const known = answers.get(account);
    if (known) return known;
    const answer = { prices: engine.liquidationPrices(book, account), units: engine.explain(book, account).units };
    answers.set(account, answer);
    return answer;
  };
  return converted.rows.map(({ liquidationPrice, maintenanceMargin, ...row }) => {
    const { prices, units } = ask(row.account);
    const price = prices.find((one) => one.bucket === row.bucket && one.market === row.market && one.side === row.side);
    const unit = units.find(({ bucket }) => bucket === row.bucket);
    const held = unit?.positions.find((one) => one.market === row.market && one.side === row.side);
    const unitPrice = priceOf.get(settleOf.get(row.market) ?? '') ?? 0;
    const ours: Figures = {
      liquidationPrice: price === undefined ? null : price.size < 0 ? price.up : price.down,
      maintenanceMargin: held === undefined || unitPrice === 0 ? null : held.requirement.maintenance / unitPrice,
    };
    const venue = { liquidationPrice, maintenanceMargin };
    return {
      ...row,
      ours,
      venue,
      difference: {
        liquidationPrice: relative(ours.liquidationPrice, liquidationPrice),
        maintenanceMargin: relative(ours.maintenanceMargin, maintenanceMargin),
      },
    };
  });
}

/** @throws MarginError type, missing-key */
function checkShapes(converted: unknown, engine: unknown): void {
  const top = new Row(converted, 'converted');
  top.rows('rows');
  for (const key of ['assets', 'markets']) top.row('book').rows(key);
  const asked = new Row(engine, 'engine');
  for (const name of ['liquidationPrices', 'explain']) {
    if (typeof asked.need(name, 'a function', 'Give margin-kernel itself: import * as kernel') === 'function') continue;
    throw new MarginError('type', { path: asked.at(name), got: asked.raw(name), expected: 'a function' });
  }
}

const relative = (ours: number | null, theirs: number | null): number | null =>
  ours === null || theirs === null || theirs === 0 ? null : (ours - theirs) / Math.abs(theirs);
