// What can happen to a book, as data. Refs are ids or rows; numbers are JSON numbers or decimal strings, and mean what they mean to
// the call of the book that takes them in. How events are written is in kinds.ts and record.ts.
import type { Ref } from '../../book/book-rows.js';
import type { AccountJSON, AssetJSON, Decimal, ExpiryJSON, MarketJSON } from '../../book/types.js';
import type { Allowed } from '../../guards/actions.js';
import type { ModelJSON } from '../../scenario/types.js';

/** What guards allow at a price: by action (an action that is not named is allowed), or as bits in the order of `ACTIONS`. */
export type Allow = Partial<Allowed> | number;

/** Whose margin unit an event is of. */
export interface UnitRef {
  /** Id or row. */
  account: Ref;
  /** Default 0, the cross unit. */
  bucket?: number;
}
/** Which side of a unit's positions an event is of. */
export interface SideRef extends UnitRef {
  /** Default `net`. */
  positionSide?: 'net' | 'long' | 'short';
}
/** An open order, or the aggregate of one side's orders. */
export interface OrderRef extends SideRef {
  /** Id or row. */
  market: Ref;
  /** Which way it trades. */
  side: 'buy' | 'sell';
  /** Contracts. */
  size: Decimal;
  /** Quote; or `notional`, `worst` and `count` of several orders. */
  price?: Decimal;
  /** Of several orders: sum of size times price, quote. */
  notional?: Decimal;
  /** Of several orders: highest bid, lowest ask, quote. */
  worst?: Decimal;
  /** Of several orders: how many. */
  count?: number;
}

/** Events by kind, without their sequence. */
export interface Events {
  /** A market's mark (quote), index and guard prices as `setMark` takes them; and what is allowed at them, everything by default. */
  mark: { market: Ref; mark: Decimal; index?: Decimal; twap?: Decimal; stable?: Decimal; allow?: Allow };
  /** Marks (quote) of many markets, as one tick: what crosses a line and comes back between them is not said. All or none are taken. */
  marks: { marks: readonly (readonly [market: Ref, mark: Decimal])[]; allow?: Allow };
  /** An asset's price (numeraire) and guard prices; and what is allowed at them. */
  price: { asset: Ref; price: Decimal; twap?: Decimal; stable?: Decimal; allow?: Allow };
  /** Signed contracts at a price (quote), bought positive; the fee (settle units) is paid where positive. */
  fill: SideRef & { market: Ref; size: Decimal; price: Decimal; fee?: Decimal };
  /** Signed amount: a deposit, or a withdrawal if negative. */
  deposit: UnitRef & { asset: Ref; amount: Decimal };
  /** An amount above 0 from one margin unit to another. */
  transfer: UnitRef & { to: Ref; toBucket?: number; asset: Ref; amount: Decimal };
  /** An order that is open from now on. */
  placeOrder: OrderRef;
  /** An order, or a part of it, that is open no more; `remaining`: the extreme price that is left (quote). */
  cancelOrder: OrderRef & { remaining?: Decimal };
  /** Cumulative funding a contract, settle units. */
  funding: { market: Ref; index: Decimal };
  /** Indices that balances and debts are multiplied with: interest that has accrued. */
  interest: { asset: Ref; depositIndex?: Decimal; borrowIndex?: Decimal };
  /** Amounts that all accounts of the venue have deposited and borrowed. */
  totals: { asset: Ref; deposits?: Decimal; borrows?: Decimal };
  /** Contracts. */
  openInterest: { market: Ref; contracts: Decimal };
  /** Of the price of a market or of an asset, in [0, 1]. */
  confidence: { market?: Ref; asset?: Ref; confidence: Decimal };
  /** Of an option, per root of a year. */
  volatility: { market: Ref; volatility: Decimal };
  /** An option without a mark of its own from now on: it is marked at its value. */
  unquote: { market: Ref };
  /** What has changed of an expiry. */
  changeExpiry: { expiry: Ref; json: Partial<Omit<ExpiryJSON, 'id' | 'asset'>> };
  /** An account's own leverage in a market. */
  leverage: SideRef & { market: Ref; leverage: Decimal };
  /** An account's terms, in all its buckets. */
  terms: { account: Ref; marginMultiplier?: Decimal; liquidationBuffer?: Decimal; initialRateFloor?: Decimal };
  /**
   * Closes all positions of a market for good: of a future at its settlement price (quote), of a prediction at its outcome (0 to 1),
   * of an option at what it pays at this price of its underlying.
   */
  settle: { market: Ref; price: Decimal };
  /** The same of all markets of an expiry, options and futures, at one price of their underlying (quote). */
  expire: { expiry: Ref; price: Decimal };
  /** No fill and no order in this market from now on; its positions stay until it is settled. */
  delist: { market: Ref };
  /** A new asset, behind the others. */
  addAsset: { json: AssetJSON };
  /** A new expiry, behind the others. */
  addExpiry: { json: ExpiryJSON };
  /** A new scenario model, behind the others. */
  addModel: { json: ModelJSON };
  /** A new market, behind the others. */
  addMarket: { json: MarketJSON };
  /** A new account, behind the others. */
  addAccount: { json: AccountJSON };
  /** New terms of the asset of that id. */
  replaceAsset: { json: AssetJSON };
  /** New terms of the scenario model of that id. */
  replaceModel: { json: ModelJSON };
  /** New terms of the market of that id. */
  replaceMarket: { json: MarketJSON };
  /** Hash of the state as it was before this event: a replay that has come to another one is refused here. */
  checkpoint: { hash: string };
}

/** Name of a kind of event. */
export type EventKind = keyof Events;
/** An event of one kind; without a sequence it is the engine's next. */
export type EventOf<K extends EventKind> = { kind: K; sequence?: number } & Events[K];
/**
 * One event. Without a `sequence` it is the next one; with one, it is applied once and in order.
 * @example
 * const event = { kind: 'mark', market: 'BTC-PERP', mark: 58_400, allow: { liquidate: false } };
 * engine.apply(event);
 */
export type EngineEvent = { [K in EventKind]: EventOf<K> }[EventKind];
/** The same with its number. */
export type NumberedEvent = EngineEvent & { sequence: number };
