// Percolator: a deficit first burns profit that is still warming up, then draws on the insurance fund, and then cuts everybody's
// equity by one factor. The draw moves from the fund into collateral, so that nothing of it is lost; the source's model takes it
// out of the fund without adding it, and cuts equity by money that is there.
// Source: aeyakovenko/percolator crates/model_safety/src/crisis/haircut.rs.
import type { Exact } from '../liquidation/exact.js';
import { amount } from '../waterfall/amount.js';
import { type Integer, larger, smaller } from './integer.js';
import { Row } from './rows.js';

/** What a crisis comes to, smallest units. */
export interface Haircut {
  /** Profit not yet paid out that is burnt, smallest units. */
  burnedWarming: bigint;
  /** Taken from the fund into collateral, smallest units. */
  insuranceDraw: bigint;
  /** Part of principal and realised profit that everybody loses, 0 to 1. */
  haircut: Exact;
  /** Profit not yet paid out that stays, smallest units. */
  warmingLeft: bigint;
  /** What the fund has left, smallest units. */
  insuranceLeft: bigint;
  /** With the draw. */
  collateralLeft: bigint;
}

/**
 * Resolves a deficit: claims beyond what collateral and insurance hold.
 * @param crisis - principal, warming (profit not yet paid out), insurance and collateral, >= 0; realized profit, either sign;
 *   smallest units
 * @returns smallest units; claims that are left are worth what collateral and fund hold, or less where there is no deficit
 * @throws MarginError missing-key, unknown-key, type, inexact, range
 * @see aeyakovenko/percolator crates/model_safety/src/crisis/haircut.rs crisis_apply_haircuts
 * @example
 * crisisHaircut({ principal: 1_000_000, realized: 0, warming: 200_000, insurance: 500_000, collateral: 0 }).haircut
 *   // { numerator: 500_000n, denominator: 1_000_000n }
 */
export function crisisHaircut(crisis: {
  principal: Integer;
  realized: Integer;
  warming: Integer;
  insurance: Integer;
  collateral: Integer;
}): Haircut {
  const row = new Row(crisis, '', ['principal', 'realized', 'warming', 'insurance', 'collateral'], 'crisis');
  const of = (key: string): bigint => amount(row.integer(key), row.at(key));
  const [warming, insurance, collateral] = [of('warming'), of('insurance'), of('collateral')];
  const equity = of('principal') + row.integer('realized');
  const deficit = larger(0n, equity + warming - collateral - insurance);
  const burnedWarming = smaller(deficit, warming);
  // At most the equity, as it is what equity is beyond collateral and fund.
  const left = deficit - burnedWarming;
  const insuranceDraw = smaller(left, insurance);
  return {
    burnedWarming,
    insuranceDraw,
    haircut: left === 0n ? { numerator: 0n, denominator: 1n } : { numerator: left, denominator: equity },
    warmingLeft: warming - burnedWarming,
    insuranceLeft: insurance - insuranceDraw,
    collateralLeft: collateral + insuranceDraw,
  };
}
