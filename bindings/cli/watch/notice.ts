// A notice: a margin unit that has crossed a line, by which event, and where it stands now.
import type { BookBase } from '../../book/book.js';
import { accountMargin } from '../../margin.js';
import type { EngineEvent, EventKind } from '../../watch/engine/event.js';

/** Lists of an outcome, in the order in which an event's notices are listed. */
export const CROSSINGS = ['liquidatable', 'backstop', 'held', 'warning', 'released', 'recovered', 'cleared'] as const;
export type Crossing = (typeof CROSSINGS)[number];

/** What an event was about. */
export interface Cause {
  kind: EventKind;
  /** Id of the market, asset or expiry; null: none. */
  of: string | null;
  /** Price, index or amount that it brought; null: none. */
  value: number | null;
}

export interface Notice {
  sequence: number;
  /** Of the event, where its source gives one: a day. */
  day: string | null;
  crossing: Crossing;
  account: string;
  bucket: number;
  cause: Cause;
  collateral: number;
  maintenanceMargin: number;
  /** Said already by another notice of the same event and unit: below two lines at once, above two lines at once. */
  twin: boolean;
  /** Liquidatable, and below the backstop line by the same event. */
  backstop: boolean;
}

/** Fields of events, whatever their kind: ids or rows, and numbers. */
type AnyEvent = {
  kind: EventKind;
  market?: string | number;
  asset?: string | number;
  expiry?: string | number;
} & Record<string, unknown>;

const VALUES = ['mark', 'price', 'index', 'volatility', 'amount', 'contracts', 'confidence', 'leverage'];

export function causeOf(book: BookBase, given: EngineEvent): Cause {
  const event = given as AnyEvent;
  const { kind, market, asset, expiry } = event;
  const value = VALUES.map((key) => event[key]).find((each) => each !== undefined && each !== null);
  return { kind, of: idOf(book, market, asset, expiry), value: value === undefined ? null : Number(value) };
}

function idOf(book: BookBase, ...refs: [market?: unknown, asset?: unknown, expiry?: unknown]): string | null {
  const [market, asset, expiry] = refs as (string | number | undefined)[];
  if (market !== undefined) return book.marketId(book.market(market));
  if (asset !== undefined) return book.assetId(book.asset(asset));
  return expiry === undefined ? null : book.expiryId(book.expiry(expiry));
}

/** Collateral and maintenance margin of a unit as the prices stand. */
export function standing(
  book: BookBase,
  account: string,
  bucket: number,
): Pick<Notice, 'collateral' | 'maintenanceMargin'> {
  const unit = accountMargin(book, account).units.find((each) => each.bucket === bucket);
  return { collateral: unit?.collateral ?? 0, maintenanceMargin: unit?.maintenanceMargin ?? 0 };
}
