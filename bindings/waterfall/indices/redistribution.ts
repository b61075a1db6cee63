// Collateral and debt of who is liquidated, spread over all others by stake in O(1): a running sum for each unit of stake, with
// the remainder carried on, and stakes of newcomers lessened so that stakes stay in proportion to collateral (Liquity's troves).
// Eager twin: eagerShares of both by the collateral of the others. Dust: n events, C the largest collateral of all and s the least
// stake: within n (4 C/s + C/1e18 + 2) of the twin's collateral, of debt D within n (4 D/s + C/1e18 + 2), never above what is there.
import { type Integer, positive } from '../../venues/integer.js';
import { type Amount, amount } from '../amount.js';
import { amountsOf, atMost, type Stored } from './state.js';

/** 1 of what a unit of stake has received. */
const ONE = 10n ** 18n;

/** All positions together; the same whatever their number. */
export interface Redistribution {
  /** Received by a unit of stake so far, 1e18. */
  collateralPerStake: bigint;
  /** Debt received by a unit of stake so far, 1e18. */
  debtPerStake: bigint;
  /** What did not divide, 1e-18 minor units. */
  collateralError: bigint;
  /** What did not divide of the debt, 1e-18 minor units. */
  debtError: bigint;
  /** Sum of the stakes. */
  stakes: Amount;
  /** Collateral and debt of all positions, minor units. */
  collateral: Amount;
  /** Debt of all positions, minor units. */
  debt: Amount;
  /** Stakes and collateral after the last liquidation, which a newcomer's stake is measured by; 0 before the first. */
  snapshotStakes: Amount;
  /** Collateral after the last liquidation; 0 before the first. */
  snapshotCollateral: Amount;
}

/** What somebody brought, and the sums as they were then. */
export interface StakedPosition {
  /** That it brought, minor units. */
  collateral: Amount;
  /** That it brought, minor units. */
  debt: Amount;
  /** By which it receives. */
  stake: Amount;
  /** Running sum when it was handed out, 1e18. */
  collateralPerStake: bigint;
  /** Running sum when it was handed out, 1e18. */
  debtPerStake: bigint;
}

/** Minor units, each of its own asset. */
export interface RedistributionWorth {
  /** Minor units. */
  collateral: Amount;
  /** Minor units. */
  debt: Amount;
}

/** Without positions. */
export const EMPTY_REDISTRIBUTION: Redistribution = {
  ...{ collateralPerStake: 0n, debtPerStake: 0n, collateralError: 0n, debtError: 0n },
  ...{ stakes: 0n, collateral: 0n, debt: 0n, snapshotStakes: 0n, snapshotCollateral: 0n },
};

const STATE = Object.keys(EMPTY_REDISTRIBUTION) as (keyof Redistribution)[];
const POSITION = ['collateral', 'debt', 'stake', 'collateralPerStake', 'debtPerStake'] as const;

const stateOf = (state: Stored<Redistribution>): Redistribution => amountsOf(state, 'state', STATE);
const positionOf = (position: Stored<StakedPosition>): StakedPosition => amountsOf(position, 'position', POSITION);

/**
 * A new position. Whoever adds or takes collateral closes and opens again.
 * @param state - before
 * @param collateral - minor units
 * @param debt - minor units; default 0
 * @returns state after, and the position with its stake, rounded down: one that rounds to 0 bears and receives nothing
 * @throws MarginError type, missing-key, inexact, range
 * @see liquity/dev packages/contracts/contracts/TroveManager.sol _computeNewStake
 * @example
 * redistributionOpen({ ...EMPTY_REDISTRIBUTION, snapshotStakes: 2n, snapshotCollateral: 3n }, 3_000).position.stake // 2000n
 */
export function redistributionOpen(
  state: Stored<Redistribution>,
  collateral: Integer,
  debt: Integer = 0n,
): { state: Redistribution; position: StakedPosition } {
  const before = stateOf(state);
  const [brought, owed] = [amount(collateral, 'collateral'), amount(debt, 'debt')];
  const { snapshotStakes, snapshotCollateral, collateralPerStake, debtPerStake } = before;
  const stake = snapshotCollateral === 0n ? brought : (brought * snapshotStakes) / snapshotCollateral;
  return {
    state: {
      ...before,
      stakes: before.stakes + stake,
      collateral: before.collateral + brought,
      debt: before.debt + owed,
    },
    position: { collateral: brought, debt: owed, stake, collateralPerStake, debtPerStake },
  };
}

/**
 * What a position has now: what it brought, and its part of what was redistributed since.
 * @param state - as it is
 * @param position - as it was handed out
 * @returns minor units
 * @throws MarginError type, missing-key, inexact, range
 * @see liquity/dev packages/contracts/contracts/TroveManager.sol getPendingETHReward, getPendingLUSDDebtReward
 * @example
 * redistributionWorth({ ...EMPTY_REDISTRIBUTION, collateralPerStake: 5n * 10n ** 17n, collateral: 15n },
 *   redistributionOpen(EMPTY_REDISTRIBUTION, 10).position) // { collateral: 15n, debt: 0n }
 */
export function redistributionWorth(
  state: Stored<Redistribution>,
  position: Stored<StakedPosition>,
): RedistributionWorth {
  const now = stateOf(state);
  const { stake, ...then } = positionOf(position);
  const pending = (key: 'collateralPerStake' | 'debtPerStake'): Amount => (stake * (now[key] - then[key])) / ONE;
  return {
    collateral: then.collateral + pending('collateralPerStake'),
    debt: then.debt + pending('debtPerStake'),
  };
}

/**
 * Takes a position out; what it has leaves with it.
 * @param state - before
 * @param position - that is closed
 * @returns state after, and what the position had, minor units
 * @throws MarginError type, missing-key, inexact, range where it has more stake than all have
 * @see liquity/dev packages/contracts/contracts/TroveManager.sol _closeTrove, _removeStake
 * @example
 * redistributionClose({ ...EMPTY_REDISTRIBUTION, stakes: 10n, collateral: 10n }, redistributionOpen(EMPTY_REDISTRIBUTION, 10).position).state
 *   // EMPTY_REDISTRIBUTION
 */
export function redistributionClose(
  state: Stored<Redistribution>,
  position: Stored<StakedPosition>,
): RedistributionWorth & { state: Redistribution } {
  const before = stateOf(state);
  const held = redistributionWorth(before, position);
  const stake = atMost(positionOf(position).stake, before.stakes, 'position.stake');
  const collateral = before.collateral - atMost(held.collateral, before.collateral, 'position.collateral');
  const debt = before.debt - atMost(held.debt, before.debt, 'position.debt');
  return { ...held, state: { ...before, stakes: before.stakes - stake, collateral, debt } };
}

/**
 * Spreads what a position has over all others, by stake.
 * @param state - before
 * @param position - that is liquidated
 * @param leaves - collateral that goes elsewhere before (who liquidates is paid from it), minor units; default 0
 * @returns state after
 * @throws MarginError range where nobody is left to bear it, or more leaves than is there; type, missing-key, inexact
 * @see liquity/dev packages/contracts/contracts/TroveManager.sol _redistributeDebtAndColl, _updateSystemSnapshots_excludeCollRemainder
 * @example
 * redistribute({ ...EMPTY_REDISTRIBUTION, stakes: 30n, collateral: 30n }, redistributionOpen(EMPTY_REDISTRIBUTION, 10).position, 1)
 *   .collateralPerStake // 450000000000000000n
 */
export function redistribute(
  state: Stored<Redistribution>,
  position: Stored<StakedPosition>,
  leaves: Integer = 0n,
): Redistribution {
  const before = stateOf(state);
  const { state: others, ...held } = redistributionClose(before, position);
  const stakes = positive(others.stakes, 'state.stakes');
  const gone = atMost(amount(leaves, 'leaves'), held.collateral, 'leaves');
  const collateralOwed = (held.collateral - gone) * ONE + before.collateralError;
  const debtOwed = held.debt * ONE + before.debtError;
  const collateral = before.collateral - gone;
  return {
    collateralPerStake: before.collateralPerStake + collateralOwed / stakes,
    debtPerStake: before.debtPerStake + debtOwed / stakes,
    collateralError: collateralOwed % stakes,
    debtError: debtOwed % stakes,
    stakes,
    collateral,
    debt: before.debt,
    snapshotStakes: stakes,
    snapshotCollateral: collateral,
  };
}
