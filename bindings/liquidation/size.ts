// How much of one position or debt to close so that its account has what it needs again. That no size does is an
// answer, not an error. Sizes over a book with brackets are not here, and lots are in lot.ts.
import { AT_LEAST_0, Fields, POSITIVE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { SIDES, type Side } from './side.js';

/** A position that is closed in part, and its account. */
export interface PartialClose {
  /** Of the position. */
  side: Side;
  /** Contracts held. */
  size: Decimal;
  /** Quote. */
  mark: Decimal;
  /** Price that the close gets, quote; default the mark. */
  price?: Decimal;
  /** Of the account at the mark, quote. */
  equity: Decimal;
  /** Requirement that the equity has to reach, a fraction of the notional that stays. */
  ratio: Decimal;
  /** Of the mark notional that is closed, a fraction: everybody's fees; default 0. */
  feeRate?: Decimal;
}

/** How much has to be closed. */
export interface PartialSize {
  /** Contracts to close, from 0 to the position. */
  size: number;
  /**
   * What would restore the ratio, whatever there is: above the position it can not, below 0 nothing is missing. null: no
   * size does, as each contract closed costs at least what it frees.
   */
  needed: number | null;
  /** Whether closing `size` restores the ratio. */
  feasible: boolean;
  /** Whether the position is the limit: it is closed in full. */
  capped: boolean;
}

/**
 * The part of a position that restores a ratio of equity to notional, with the fees and the price of closing it.
 * @param position - position, account and costs
 * @returns size, and whether it suffices
 * @throws MarginError range, type, not-finite, unknown-key
 * @see pluriholonomic/autodeleveraging-analysis paper/liquidation-mechanics.tex (Liquidation Strategy Example);
 *   drift-labs/protocol-v2 programs/drift/src/math/liquidation.rs (the same at the oracle price)
 * @example
 * partialSize({ side: 'long', size: 10, mark: 100, equity: 50, ratio: 0.1, feeRate: 0.05 })
 *   // { size: 10, needed: 10, feasible: true, capped: false }
 */
export function partialSize(position: PartialClose): PartialSize {
  const keys = ['side', 'size', 'mark', 'price', 'equity', 'ratio', 'feeRate'];
  const fields = new Fields(position, 'position', keys);
  const side = fields.word('side', SIDES);
  const size = fields.number('size', AT_LEAST_0);
  const mark = fields.number('mark', POSITIVE);
  const ratio = fields.number('ratio', AT_LEAST_0);
  const missing = ratio * mark * size - fields.number('equity', {});
  const gained = side * (fields.number('price', AT_LEAST_0, mark) - mark);
  const freed = gained - fields.number('feeRate', AT_LEAST_0, 0) * mark + ratio * mark;
  if (missing <= 0) return { size: 0, needed: freed > 0 ? missing / freed : 0, feasible: true, capped: false };
  const needed = freed > 0 ? missing / freed : null;
  const feasible = needed !== null && needed <= size;
  return { size: feasible ? needed : size, needed, feasible, capped: !feasible };
}

/**
 * Units of a debt to repay against collateral so that weighted collateral reaches weighted debt again.
 * @param debt - shortage: what health lacks, numeraire; price, weight of the debt; assetWeight: of the collateral that
 *   goes; bonus: on top of the value repaid, a fraction; feeRate: of the fund, on the debt; owed: units
 * @returns size, and whether it suffices
 * @throws MarginError range, type, not-finite, unknown-key
 * @see drift-labs/protocol-v2 programs/drift/src/math/liquidation.rs (liability transfer to cover a margin shortage)
 * @example
 * repaySize({ shortage: 30, owed: 500, price: 1, weight: 1.25, assetWeight: 0.5, bonus: 0.3 }).needed // 50
 */
export function repaySize(debt: {
  shortage: Decimal;
  owed: Decimal;
  price: Decimal;
  weight: Decimal;
  assetWeight: Decimal;
  bonus?: Decimal;
  feeRate?: Decimal;
}): PartialSize {
  const fields = new Fields(debt, 'debt', ['shortage', 'owed', 'price', 'weight', 'assetWeight', 'bonus', 'feeRate']);
  const owed = fields.number('owed', AT_LEAST_0);
  const shortage = fields.number('shortage', AT_LEAST_0);
  const weight = fields.number('weight', AT_LEAST_0);
  const gone = fields.number('assetWeight', AT_LEAST_0) * (1 + fields.number('bonus', AT_LEAST_0, 0));
  const freed = fields.number('price', POSITIVE) * (weight - gone - fields.number('feeRate', AT_LEAST_0, 0) * weight);
  const needed = freed > 0 ? shortage / freed : shortage === 0 ? 0 : null;
  const feasible = needed !== null && needed <= owed;
  return { size: feasible ? needed : owed, needed, feasible, capped: !feasible };
}
