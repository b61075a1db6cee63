// Who defaults: the kernel's list of liquidatable units as defaulters of an event, in an order that two machines agree on.
import type { BookBase } from '../book/book.js';
import { MarginError } from '../errors.js';
import { STATUS } from '../layout.js';
import { checkBook, compareRisk, type Margin } from '../margin.js';
import { checkKeys } from '../trial.js';
import { byId } from '../waterfall/amount.js';
import { firsts } from '../waterfall/firsts.js';
import { unitName } from './unit-names.js';

/** Who counts as a defaulter. */
export interface DefaultOptions {
  /** How many at most; default all. */
  most?: number;
  /** Those alone whose equity is below 0; default false. */
  bankrupt?: boolean;
}

const BANKRUPT = STATUS.indexOf('bankrupt');

/**
 * The defaulters of a book: bankrupt ones first, the riskiest first in each (`compareRisk`), ties by id.
 * @param book - that was margined
 * @param risk - what `margin(book)` gave
 * @param options - how many, and whether the bankrupt alone
 * @returns accounts of the ledger, for `DefaultEvent.defaulters`
 * @throws MarginError type, unknown-key, range
 * @example
 * defaultsOf(book, margin(book)) // ['a2']
 */
export function defaultsOf(book: BookBase, risk: Margin, options: DefaultOptions = {}): string[] {
  checkBook(book);
  checkKeys(options, 'options', ['most', 'bankrupt']);
  if (!(risk?.liquidatable instanceof Uint32Array)) {
    throw new MarginError('type', { path: 'risk', got: typeof risk, expected: 'what margin(book) gave' });
  }
  const { most = Number.MAX_SAFE_INTEGER, bankrupt = false } = options;
  if (!Number.isSafeInteger(most) || most < 0) {
    throw new MarginError('range', { path: 'options.most', got: most, expected: 'a whole number from 0' });
  }
  const lost = (unit: number): boolean => ((risk.status[unit] ?? 0) & 3) === BANKRUPT;
  const units = bankrupt ? risk.liquidatable.filter(lost) : risk.liquidatable;
  const pairs = Array.from(units, (unit) => ({
    unit,
    lost: lost(unit),
    collateral: risk.collateral[unit] ?? 0,
    maintenanceMargin: risk.maintenanceMargin[unit] ?? 0,
  }));
  const places = firsts(pairs.length, most, (x, y) => {
    const [a, b] = [pairs[x], pairs[y]] as [(typeof pairs)[number], (typeof pairs)[number]];
    if (a.lost !== b.lost) return a.lost;
    const order = compareRisk(a, b);
    return order === 0 ? byId(unitName(book, a.unit), unitName(book, b.unit)) < 0 : order > 0;
  });
  return places.map((place) => unitName(book, (pairs[place] as (typeof pairs)[number]).unit));
}
