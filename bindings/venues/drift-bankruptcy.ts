// Drift v2: who bears a bankruptcy, layer after layer, in the programme's integers: the insurance fund, for a perp the market's
// fee pool, and everybody: open base of both sides, or depositors. USD 1e-6, base 1e-9, cumulative deposit interest 1e-10.
// Source: protocol-v2 programs/drift/src/controller/liquidation.rs resolve_perp_bankruptcy, resolve_spot_bankruptcy.
import { MarginError } from '../errors.js';
import { allocate } from '../waterfall/allocate.js';
import { amount } from '../waterfall/amount.js';
import { socialisedDepositInterest, socialisedFunding } from './drift-insurance.js';
import { type Integer, larger, magnitude, smaller } from './integer.js';
import { Row } from './rows.js';

/** Index units for 1e-6 USD by 1e-9 base: rates have 1e-9 USD for each base. */
const FUNDING_UNITS = 1_000_000_000_000n;

/** What the fund may pay of a bankruptcy. */
export interface InsuranceLimits {
  /** Tokens in the vault, smallest units; one stays. */
  insuranceVault: Integer;
  /** What the market may still draw. */
  insuranceAllowed: Integer;
}

const amountAt = (row: Row, key: string): bigint => amount(row.integer(key), row.at(key));

/** The most that the fund pays: all of its vault but a unit, and no more than the market may draw. */
const insuranceOf = (row: Row): bigint =>
  smaller(larger(amountAt(row, 'insuranceVault') - 1n, 0n), amountAt(row, 'insuranceAllowed'));

/**
 * Resolves the loss of a perp position: insurance fund, fee pool, open base of both sides.
 * @param bankruptcy - loss, insuranceVault, insuranceAllowed and feePool (1e-6 USD, >= 0), open base of both sides (1e-9, either
 *   sign)
 * @returns what fund and fee pool pay and what is socialised (together the loss), fundingDelta (added to the longs' cumulative
 *   rate, taken from the shorts'), and what each side loses by it, rounded down, 1e-6 USD
 * @throws MarginError missing-key, unknown-key, type, inexact, range where something is left and nobody has a position
 * @see protocol-v2 programs/drift/src/controller/liquidation.rs resolve_perp_bankruptcy
 * @example
 * resolvePerpBankruptcy({ loss: 100_000_000, baseLong: 5_000_000_000, baseShort: -5_000_000_000, insuranceVault: 0,
 *   insuranceAllowed: 0, feePool: 50_000_000 })
 *   // { insurance: 0n, feePool: 50_000_000n, socialised: 50_000_000n, fundingDelta: 5_000_000_000n,
 *   longLoss: 25_000_000n, shortLoss: 25_000_000n }
 */
export function resolvePerpBankruptcy(
  bankruptcy: InsuranceLimits & { loss: Integer; baseLong: Integer; baseShort: Integer; feePool: Integer },
): {
  insurance: bigint;
  feePool: bigint;
  socialised: bigint;
  fundingDelta: bigint;
  longLoss: bigint;
  shortLoss: bigint;
} {
  const keys = ['loss', 'baseLong', 'baseShort', 'insuranceVault', 'insuranceAllowed', 'feePool'];
  const row = new Row(bankruptcy, '', keys, 'bankruptcy');
  const [baseLong, baseShort] = [row.integer('baseLong'), row.integer('baseShort')];
  const layers = [
    { id: 'insurance', capacity: insuranceOf(row) },
    { id: 'feePool', capacity: amountAt(row, 'feePool') },
  ];
  const { shares, residual } = allocate(amountAt(row, 'loss'), layers, { method: 'sequential' });
  const [insurance = 0n, feePool = 0n] = shares;
  const fundingDelta = residual === 0n ? 0n : socialisedFunding({ loss: residual, baseLong, baseShort });
  const lossOf = (base: bigint): bigint => (magnitude(base) * fundingDelta) / FUNDING_UNITS;
  return {
    ...{ insurance, feePool, socialised: residual, fundingDelta },
    ...{ longLoss: lossOf(baseLong), shortLoss: lossOf(baseShort) },
  };
}

/**
 * Resolves a borrow that nobody repays: insurance fund, depositors.
 * @param bankruptcy - borrow and deposits of the market, insuranceVault and insuranceAllowed (one unit, >= 0), index (cumulative
 *   deposit interest, 1e-10)
 * @returns what the fund pays and what is socialised (together the borrow), the index after, and deposits at it, rounded down
 * @throws MarginError missing-key, unknown-key, type, inexact, range where depositors have less than is left
 * @see protocol-v2 programs/drift/src/controller/liquidation.rs resolve_spot_bankruptcy
 * @example
 * resolveSpotBankruptcy({ borrow: 100_000_000, deposits: 1_000_000_000, index: 10_000_000_000, insuranceVault: 0,
 *   insuranceAllowed: 0 }) // { insurance: 0n, socialised: 100_000_000n, index: 9_000_000_000n, deposits: 900_000_000n }
 */
export function resolveSpotBankruptcy(
  bankruptcy: InsuranceLimits & { borrow: Integer; deposits: Integer; index: Integer },
): { insurance: bigint; socialised: bigint; index: bigint; deposits: bigint } {
  const keys = ['borrow', 'deposits', 'index', 'insuranceVault', 'insuranceAllowed'];
  const row = new Row(bankruptcy, '', keys, 'bankruptcy');
  const [borrow, deposits, index] = [amountAt(row, 'borrow'), amountAt(row, 'deposits'), amountAt(row, 'index')];
  const insurance = smaller(borrow, insuranceOf(row));
  const socialised = borrow - insurance;
  if (socialised === 0n) return { insurance, socialised, index, deposits };
  const delta = socialisedDepositInterest({
    borrow: socialised,
    totalDeposits: deposits,
    cumulativeDepositInterest: index,
  });
  if (delta > index) {
    throw new MarginError('range', {
      path: row.at('borrow'),
      got: borrow,
      expected: `at most the deposits, ${deposits}`,
    });
  }
  return { insurance, socialised, index: index - delta, deposits: (deposits * (index - delta)) / index };
}
