// Aave Umbrella: a reserve's deficit is covered by slashing what is staked for it, beyond an offset that the treasury bears and
// down to a minimum that is never slashed. Smallest units; reserve and stake are one asset at one price.
// Source: aave-dao/aave-umbrella src/contracts/umbrella/Umbrella.sol.
import { amount } from '../waterfall/amount.js';
import { type Integer, larger, smaller } from './integer.js';
import { Row } from './rows.js';

/** Basis points in one. */
const BPS = 10_000n;
const KEYS = ['deficit', 'stake', 'minAssetsRemaining', 'deficitOffset', 'liquidationFeeBps'] as const;

/** What a slash comes to, smallest units. */
export interface Slash {
  /** Deficit beyond the offset. */
  toCover: bigint;
  /** Taken from the stake, and received by the treasury: the fee included. */
  slashed: bigint;
  /** What stays of the stake. */
  stakeLeft: bigint;
  /** What the treasury receives. */
  collector: bigint;
  /** Deficit that may be written off now, as its cover has been slashed; and what is still uncovered. */
  pendingDeficit: bigint;
  /** Deficit beyond the offset that nothing covers yet. */
  uncovered: bigint;
}

/**
 * Slashes a stake for a deficit.
 * @param reserve - deficit, stake, minAssetsRemaining and deficitOffset (smallest units, >= 0), liquidationFeeBps (1e-4 of what
 *   is covered, >= 0)
 * @returns smallest units; pendingDeficit and uncovered are the deficit beyond the offset
 * @throws MarginError missing-key, unknown-key, type, inexact, range
 * @see aave-dao/aave-umbrella src/contracts/umbrella/Umbrella.sol _slashAsset
 * @example
 * slash({ deficit: 1_000, stake: 501, minAssetsRemaining: 1, deficitOffset: 0, liquidationFeeBps: 0 })
 *   // { toCover: 1_000n, slashed: 500n, stakeLeft: 1n, collector: 500n, pendingDeficit: 500n, uncovered: 500n }
 */
export function slash(reserve: {
  deficit: Integer;
  stake: Integer;
  minAssetsRemaining: Integer;
  deficitOffset: Integer;
  liquidationFeeBps: Integer;
}): Slash {
  const row = new Row(reserve, '', KEYS, 'reserve');
  const of = (key: (typeof KEYS)[number]): bigint => amount(row.integer(key), row.at(key));
  const stake = of('stake');
  const toCover = larger(0n, of('deficit') - of('deficitOffset'));
  const withFee = (toCover * (BPS + of('liquidationFeeBps'))) / BPS;
  const slashed = smaller(withFee, larger(0n, stake - of('minAssetsRemaining')));
  const pendingDeficit = slashed === withFee ? toCover : (toCover * slashed) / withFee;
  const uncovered = toCover - pendingDeficit;
  return { toCover, slashed, stakeLeft: stake - slashed, collector: slashed, pendingDeficit, uncovered };
}
