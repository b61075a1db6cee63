// Liquity v1: what a liquidated trove's debt and collateral become: gas compensation, what the stability pool takes over, and
// what is redistributed. The pool itself is ProductSum, the redistribution Redistribution, both in margin-kernel/waterfall.
// Source: liquity/dev packages/contracts/contracts/TroveManager.sol, Dependencies/LiquityBase.sol.
import { amount } from '../waterfall/amount.js';
import { type Integer, positive, smaller } from './integer.js';
import { Row } from './rows.js';

/** Collateral is divided by it for the compensation: half a per cent. */
export const GAS_COMPENSATION_DIVISOR = 200n;

/**
 * Collateral that who liquidates keeps.
 * @param collateral - of the trove, smallest units, >= 0
 * @param divisor - > 0
 * @returns smallest units, rounded down
 * @throws MarginError type, inexact, range
 * @see liquity/dev packages/contracts/contracts/Dependencies/LiquityBase.sol _getCollGasCompensation
 * @example
 * gasCompensation(1_999n) // 9n
 */
export function gasCompensation(collateral: Integer, divisor: Integer = GAS_COMPENSATION_DIVISOR): bigint {
  return amount(collateral, 'collateral') / positive(divisor, 'divisor');
}

/** Debt and collateral, smallest units of each. */
export interface TrovePart {
  /** Smallest units. */
  debt: bigint;
  /** Smallest units. */
  collateral: bigint;
}

/**
 * Splits a trove between the stability pool, as far as its deposits reach, and all other troves.
 * @param trove - debt (> 0) and collateral, smallest units
 * @param deposits - of the stability pool, smallest units of debt
 * @returns gas (collateral), offset (for poolOffset) and redistributed (for redistribute); together the trove, to the unit
 * @throws MarginError missing-key, unknown-key, type, inexact, range
 * @see liquity/dev packages/contracts/contracts/TroveManager.sol _getOffsetAndRedistributionVals
 * @example
 * troveSplit({ debt: 3_000, collateral: 2_000 }, 1_000)
 *   // { gas: 10n, offset: { debt: 1_000n, collateral: 663n }, redistributed: { debt: 2_000n, collateral: 1_327n } }
 */
export function troveSplit(
  trove: { debt: Integer; collateral: Integer },
  deposits: Integer,
): { gas: bigint; offset: TrovePart; redistributed: TrovePart } {
  const row = new Row(trove, '', ['debt', 'collateral'], 'trove');
  const debt = positive(row.integer('debt'), row.at('debt'));
  const gas = gasCompensation(row.integer('collateral'));
  const collateral = row.integer('collateral') - gas;
  const taken = smaller(debt, amount(deposits, 'deposits'));
  const offset = { debt: taken, collateral: (collateral * taken) / debt };
  return { gas, offset, redistributed: { debt: debt - taken, collateral: collateral - offset.collateral } };
}
