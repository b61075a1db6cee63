// How an order is judged: what the market itself has against it, then what margin says, before and after it has filled.
import type { BookBase } from './book/book.js';
import { isMultiple } from './book/steps.js';
import { NO_LIMIT } from './layout.js';
import { compareRisk } from './margin.js';
import { ANSWER, RISK } from './reference/lanes.js';
import type { TradeTerms } from './reference/liquidation/trade.js';
import { contractValue } from './trial.js';

/**
 * Why an order is taken or not; the index is the code of `checkInto`. The first two accept: there is enough initial margin, or
 * the account has too little of it but the order leaves it less risky.
 */
export const REASONS = [
  'enoughMargin',
  'lessRisk',
  'insufficientMargin',
  'moreRisk',
  'offTick',
  'offLot',
  'belowMinNotional',
  'aboveMaxSize',
  'notReducing',
  'wrongSide',
] as const;
/** Why an order is taken or not: a word of `REASONS`. */
export type Reason = (typeof REASONS)[number];
/** Risk of a margin unit, numeraire. */
export interface CheckRisk {
  /** Value at weight 1 and unguarded prices; negative: bankrupt. */
  equity: number;
  /** At the maintenance weights. */
  collateral: number;
  /** At the initial weights. */
  initialCollateral: number;
  /** Requirement to open. */
  initialMargin: number;
  /** Requirement below which the unit is liquidated. */
  maintenanceMargin: number;
  /** Sum of |position|. */
  notional: number;
  /** Initial collateral less initial margin. */
  available: number;
}

/** Rounding of sizes and notionals, as a share of them: 0.1 and 0.2 may reach a limit of 0.3. */
const CLOSE = 1e-12;

/** Code of what the market itself has against an order; -1: nothing. @param price - that was named, if one was */
function against(
  book: BookBase,
  terms: TradeTerms,
  price: number | undefined,
  size: number,
  held: number,
  reduces: boolean,
): number {
  const c = book.store.columns.market;
  const m = terms.market;
  const way = terms.buys ? size : -size;
  const after = held + way;
  if (price !== undefined && !isMultiple(c.tick[m] ?? 0, price)) return 4;
  const opens = held * way >= 0 || size > Math.abs(held);
  // A whole position may always be closed: a rest below the least order, and one that is no multiple of the lot.
  if (!isMultiple(c.lot[m] ?? 0, size) && (opens || after !== 0)) return 5;
  const value = size * contractValue(book, m, price ?? terms.price);
  if (opens && value < (c.minNotional[m] ?? 0) * (1 - CLOSE)) return 6;
  const most = (c.maxSize[m] ?? NO_LIMIT) + CLOSE * (Math.abs(held) + size);
  if (Math.abs(after) > most && Math.abs(after) > Math.abs(held)) return 7;
  if (reduces && opens) return 8;
  if ((terms.side === 1 && after < 0) || (terms.side === 2 && after > 0)) return 9;
  return -1;
}

/** Initial collateral less initial margin, before or after. */
const availableOf = (answer: Float64Array, when: number): number =>
  (answer[when + RISK.initialCollateral] ?? 0) - (answer[when + RISK.initialMargin] ?? 0);

/** Used again by every call. */
const [was, would] = [
  { collateral: 0, maintenanceMargin: 0 },
  { collateral: 0, maintenanceMargin: 0 },
];

/**
 * Riskier than before (dYdX, Paradex): a requirement grows, or the ratio of collateral to maintenance margin falls. Where no
 * collateral is left a ratio says nothing, and health must not fall.
 */
function riskier(answer: Float64Array): boolean {
  if ((answer[ANSWER.after + RISK.initialMargin] ?? 0) > (answer[ANSWER.before + RISK.initialMargin] ?? 0)) return true;
  was.collateral = answer[ANSWER.before + RISK.collateral] ?? 0;
  was.maintenanceMargin = answer[ANSWER.before + RISK.maintenanceMargin] ?? 0;
  would.collateral = answer[ANSWER.after + RISK.collateral] ?? 0;
  would.maintenanceMargin = answer[ANSWER.after + RISK.maintenanceMargin] ?? 0;
  if (would.maintenanceMargin > was.maintenanceMargin) return true;
  if (was.collateral > 0) return compareRisk(would, was) > 0;
  return would.collateral - would.maintenanceMargin < was.collateral - was.maintenanceMargin;
}

/** Code of what margin says, from the risks in house.answer. */
export function byMargin(answer: Float64Array): number {
  if (availableOf(answer, ANSWER.after) >= 0) return 0;
  if (availableOf(answer, ANSWER.before) >= 0) return 2;
  return riskier(answer) ? 3 : 1;
}

/** Whether a code is one of those that accept. */
export const accepts = (code: number): boolean => code <= 1;

/** Tries an order on a copy of unit `u`. @returns index of REASONS; both risks are in house.answer */
export function judge(
  book: BookBase,
  u: number,
  terms: TradeTerms,
  price: number | undefined,
  size: number,
  reduces: boolean,
): number {
  const { store } = book;
  const held = store.engine.tryTrade(store, u, terms, size);
  const code = against(book, terms, price, size, held, reduces);
  return code >= 0 ? code : byMargin(store.columns.house.answer);
}

/** A risk of house.answer. @param when - ANSWER.before or ANSWER.after */
export function riskAt(answer: Float64Array, when: number): CheckRisk {
  const at = (slot: number): number => answer[when + slot] ?? 0;
  return {
    equity: at(RISK.equity),
    collateral: at(RISK.collateral),
    initialCollateral: at(RISK.initialCollateral),
    initialMargin: at(RISK.initialMargin),
    maintenanceMargin: at(RISK.maintenanceMargin),
    notional: at(RISK.notional),
    available: availableOf(answer, when),
  };
}
