// What an event came to: margin units by name, in an order that does not depend on where their rows lie in memory.
import type { BookBase } from '../../book/book.js';

/** A margin unit by name. */
export interface UnitName {
  /** Id of the account. */
  account: string;
  /** 0: the cross unit. */
  bucket: number;
  /** Row of the margin unit in this book; another book of the same state may have it elsewhere. */
  unit: number;
}

/** Margin units that have crossed a line by an event: accounts in the order of the book, their units by bucket. */
export interface EngineCrossings {
  /** Below maintenance margin and not before, or not allowed to be liquidated before. */
  readonly liquidatable: readonly UnitName[];
  /** The same of the backstop line. */
  readonly backstop: readonly UnitName[];
  /** Below the warning line and above it before. */
  readonly warning: readonly UnitName[];
  /** Reported as liquidatable before, above maintenance margin now. */
  readonly recovered: readonly UnitName[];
  /** Above the warning line, and not before. */
  readonly cleared: readonly UnitName[];
}

/** What `apply` says of an event. */
export interface Outcome {
  /** Number of the event. */
  sequence: number;
  /** false: an event of this sequence has been applied before, and nothing was done. */
  applied: boolean;
  /** Units by the line that they have crossed. */
  crossings: EngineCrossings;
  /** Below a line, at a price at which liquidation is not allowed. */
  held: readonly UnitName[];
  /** Held before, above maintenance margin now. */
  released: readonly UnitName[];
}

export const NOBODY: readonly UnitName[] = /* @__PURE__ */ Object.freeze([]);

/** Where nothing has crossed anything. */
export const NO_CROSSINGS: EngineCrossings = /* @__PURE__ */ Object.freeze({
  liquidatable: NOBODY,
  backstop: NOBODY,
  warning: NOBODY,
  recovered: NOBODY,
  cleared: NOBODY,
});

/** Orders units by account row, then bucket. */
export function inOrder(book: BookBase, units: ArrayLike<number>): number[] {
  return Array.from(units).sort(
    (a, b) => book.unitAccount(a) - book.unitAccount(b) || book.unitBucket(a) - book.unitBucket(b),
  );
}

export function named(book: BookBase, units: ArrayLike<number>): readonly UnitName[] {
  if (units.length === 0) return NOBODY;
  return inOrder(book, units).map((unit) => ({
    account: book.accountId(book.unitAccount(unit)),
    bucket: book.unitBucket(unit),
    unit,
  }));
}

/** Every list of crossings by name. */
export function byName(
  units: { readonly [K in keyof EngineCrossings]: ArrayLike<number> },
  name: (units: ArrayLike<number>) => readonly UnitName[],
): EngineCrossings {
  return {
    liquidatable: name(units.liquidatable),
    backstop: name(units.backstop),
    warning: name(units.warning),
    recovered: name(units.recovered),
    cleared: name(units.cleared),
  };
}
