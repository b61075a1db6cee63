// A loss that all open positions of a market bear by size, longs and shorts alike, in O(1): a cumulative funding index of each
// side moves against it (Drift, Mango). A position owes what its index moved since it was opened.
// Eager twin: eagerShares by the size of the base, rounded up (ceilKeep). Dust: after n losses a position owes at most
// n (base x step/1e12) + 1 minor units more and n less than its twin, and all together never less than the losses.
import { ceilDiv, type Integer, integer, magnitude, positive } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amount, amountAt } from '../amount.js';
import { atMost, type Stored } from './state.js';

/** Index units for a minor unit by a unit of base. */
const ONE = 10n ** 12n;

/** Both sides of a market; the same whatever the number of positions. */
export interface FundingIndex {
  /** Minor units for a unit of base that longs and shorts have paid so far, 1e12: rises for longs, falls for shorts. */
  long: bigint;
  /** Minor units for a unit of base that shorts have paid so far, 1e12, below 0. */
  short: bigint;
  /** Open base of each side, >= 0. */
  longs: Amount;
  /** Open base of shorts, >= 0. */
  shorts: Amount;
  /** What the index moves by is a multiple of it. */
  step: bigint;
}

/** A position and the index of its side when it was opened. */
export interface FundedPosition {
  /** Above 0: long. */
  base: bigint;
  /** Index of its side when it was opened, 1e12. */
  index: bigint;
}

/** Drift: USD 1e-6, base 1e-9; the programme's index has 1e-9 USD and moves by multiples of 1,000. */
export const DRIFT_FUNDING_INDEX: FundingIndex = { long: 0n, short: 0n, longs: 0n, shorts: 0n, step: 1_000n };

/** @throws MarginError type, missing-key, inexact, range */
export function fundingIndexOf(state: Stored<FundingIndex>, path = 'state'): FundingIndex {
  const row = new Row(state, path);
  return {
    long: row.integer('long'),
    short: row.integer('short'),
    longs: amountAt(row, 'longs'),
    shorts: amountAt(row, 'shorts'),
    step: positive(row.integer('step'), row.at('step')),
  };
}

function positionOf(position: Stored<FundedPosition>): FundedPosition {
  const row = new Row(position, 'position');
  return { base: row.integer('base'), index: row.integer('index') };
}

const withBase = (state: FundingIndex, longs: bigint, shorts: bigint): FundingIndex => {
  return { ...state, longs: state.longs + longs, shorts: state.shorts + shorts };
};

/**
 * A new position; whoever changes its size closes and opens again.
 * @param state - before
 * @param base - smallest units of base, above 0 long, below 0 short
 * @returns state and position after
 * @throws MarginError type, missing-key, inexact, range
 * @see protocol-v2 programs/drift/src/controller/position.rs update_position_and_market
 * @example
 * fundingOpen(DRIFT_FUNDING_INDEX, -5).state.shorts // 5n
 */
export function fundingOpen(
  state: Stored<FundingIndex>,
  base: Integer,
): { state: FundingIndex; position: FundedPosition } {
  const before = fundingIndexOf(state);
  const size = integer(base, 'base');
  return size < 0n
    ? { state: withBase(before, 0n, -size), position: { base: size, index: before.short } }
    : { state: withBase(before, size, 0n), position: { base: size, index: before.long } };
}

/**
 * What a position owes for losses since it was opened.
 * @param state - as it is
 * @param position - as it was handed out
 * @returns minor units, >= 0, rounded up; Drift's programme rounds down and bears the missing unit
 * @throws MarginError type, missing-key, inexact, range
 * @see protocol-v2 programs/drift/src/math/funding.rs calculate_funding_payment
 * @example
 * fundingOwed({ ...DRIFT_FUNDING_INDEX, short: -10_000_000_000_000n }, { base: -5_000_000n, index: 0n }) // 50_000_000n
 */
export function fundingOwed(state: Stored<FundingIndex>, position: Stored<FundedPosition>): Amount {
  const { long, short } = fundingIndexOf(state);
  const { base, index } = positionOf(position);
  return ceilDiv(base * ((base < 0n ? short : long) - index), ONE);
}

/**
 * Closes a position, which pays what it owes.
 * @param state - before
 * @param position - that is closed
 * @returns state after, and what is paid, minor units
 * @throws MarginError range where its side has less open base; type, missing-key, inexact
 * @see protocol-v2 programs/drift/src/controller/funding.rs settle_funding_payment
 * @example
 * fundingClose({ ...DRIFT_FUNDING_INDEX, longs: 5n }, { base: 5n, index: 0n }) // { state: DRIFT_FUNDING_INDEX, owed: 0n }
 */
export function fundingClose(
  state: Stored<FundingIndex>,
  position: Stored<FundedPosition>,
): { state: FundingIndex; owed: Amount } {
  const before = fundingIndexOf(state);
  const { base } = positionOf(position);
  atMost(magnitude(base), base < 0n ? before.shorts : before.longs, 'position.base');
  const owed = fundingOwed(before, position);
  return { state: base < 0n ? withBase(before, 0n, base) : withBase(before, -base, 0n), owed };
}

/**
 * A loss that all open base bears.
 * @param state - before
 * @param loss - minor units
 * @returns state after: each index moved against its side by loss / base of both sides, rounded up to a step
 * @throws MarginError range where nobody has a position; type, missing-key, inexact
 * @see protocol-v2 programs/drift/src/math/liquidation.rs calculate_funding_rate_deltas_to_resolve_bankruptcy
 * @example
 * fundingLoss({ ...DRIFT_FUNDING_INDEX, longs: 7_000_000_000n, shorts: 4_000_000_000n }, 100_000_000).long // 9_090_910_000n
 */
export function fundingLoss(state: Stored<FundingIndex>, loss: Integer): FundingIndex {
  const before = fundingIndexOf(state);
  const lost = amount(loss, 'loss');
  if (lost === 0n) return before;
  const base = positive(before.longs + before.shorts, 'state.longs');
  const move = ceilDiv(lost * ONE, base * before.step) * before.step;
  return { ...before, long: before.long + move, short: before.short - move };
}
