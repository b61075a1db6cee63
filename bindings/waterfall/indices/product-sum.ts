// A pool that takes debts over and is paid in collateral, shared by all depositors in O(1): a running product of what each loss
// leaves and a running sum of gains (Liquity's stability pool). A position is a snapshot of both, kept where its owner is.
// Eager twin: eagerLoss of the debt, eagerShares of the collateral. Dust: with n events (offsets, and deposits and withdrawals of
// anybody) and T the largest total, a deposit is within 2n (T/1e9 + 2) of the twin's; a gain within the sum over offsets of
// collateral x that bound / total + T/1e18 + 2. Nobody is paid what the pool does not hold.

import { listOf } from '../../liquidation/list.js';
import { type Integer, larger, positive, smaller } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amount } from '../amount.js';
import { amountsOf, atMost, type Stored } from './state.js';

/** 1 of the product and of gains for each unit. */
const ONE = 10n ** 18n;
/** Where the product falls below this it is multiplied by it, and the scale is one more. */
const SCALE = 10n ** 9n;

/** A pool; the same whatever the number of depositors. */
export interface ProductSum {
  /** What is left of a unit that was there from the start, 1e18, times 1e9 for each scale. */
  product: bigint;
  /** Times that the product was multiplied; by 2 more when the pool was emptied, after which the product is 1 again. */
  scale: number;
  /** By scale: gains of a unit that was there from the start, 1e36. */
  sums: readonly bigint[];
  /** Deposits, minor units. */
  total: Amount;
  /** Collateral that is not paid out yet, minor units. */
  gains: Amount;
  /** What losses took too much, and gains gave too little, so far: 1e-18 minor units. */
  lossError: bigint;
  /** What gains gave too little so far: 1e-18 minor units. */
  gainError: bigint;
}

/** A deposit and the pool as it was then. */
export interface PoolPosition {
  /** Minor units. */
  amount: Amount;
  /** `product` of the pool when it was handed out, without its scales. */
  product: bigint;
  /** Sum of its scale then, 1e36. */
  sum: bigint;
  /** `scale` of the pool then. */
  scale: number;
}

/** What a position has now, minor units. */
export interface PoolWorth {
  /** What losses have left of it, minor units. */
  deposit: Amount;
  /** Its part of the collateral, minor units. */
  gain: Amount;
}

/** A pool without deposits. */
export const EMPTY_PRODUCT_SUM: ProductSum = {
  ...{ product: ONE, scale: 0, sums: [0n], total: 0n, gains: 0n },
  ...{ lossError: 0n, gainError: 0n },
};

/** @throws MarginError type, missing-key, inexact, range where there is no sum of its scale */
export function poolOf(pool: Stored<ProductSum>, path = 'pool'): ProductSum {
  const row = new Row(pool, path);
  const sums = listOf(row.raw('sums'), row.at('sums')).map((sum, i) =>
    amount(sum as Integer, `${row.at('sums')}[${i}]`),
  );
  const whole = amountsOf(pool, path, ['product', 'total', 'gains', 'lossError', 'gainError', 'scale']);
  const scale = atMost(whole.scale, BigInt(sums.length) - 1n, row.at('scale'), 'There is a sum for each scale');
  return { ...whole, sums, scale: Number(scale) };
}

const snapshot = ({ product, scale, sums }: ProductSum, held: Amount): PoolPosition => {
  return { amount: held, product, sum: sums[scale] ?? 0n, scale };
};

/**
 * Debt that the pool takes over, and collateral that its depositors have for it. A loss for each unit is rounded up and what was
 * taken too much is lessened from the next one; a gain is rounded down and what was given too little added.
 * @param pool - before
 * @param debt - minor units of the deposits, at most the pool's total
 * @param collateral - minor units of the asset that depositors gain
 * @returns the pool after; an empty one starts anew, and gains of those who were in it stay theirs
 * @throws MarginError range where the pool has less or nobody has a deposit; type, missing-key, inexact
 * @see liquity/dev packages/contracts/contracts/StabilityPool.sol _computeRewardsPerUnitStaked, _updateRewardSumAndProduct
 * @example
 * poolOffset(poolDeposit(EMPTY_PRODUCT_SUM, null, 1_000).pool, 250, 20).product // 749999999999999999n
 */
export function poolOffset(pool: Stored<ProductSum>, debt: Integer, collateral: Integer): ProductSum {
  const before = poolOf(pool);
  const { scale, sums } = before;
  const total = positive(before.total, 'pool.total');
  const loss = atMost(amount(debt, 'debt'), total, 'debt', 'Redistribute the rest');
  const gain = amount(collateral, 'collateral');

  const charged = larger(0n, loss * ONE - before.lossError);
  const lossPer = loss === total ? ONE : charged / total + 1n;
  const owed = gain * ONE + before.gainError;
  const gainPer = owed / total;
  const emptied = lossPer === ONE;
  const kept = before.product * (ONE - lossPer);
  const once = (kept * SCALE) / ONE;
  const [product, steps] = emptied
    ? [ONE, 2]
    : kept / ONE >= SCALE
      ? [kept / ONE, 0]
      : once >= SCALE
        ? [once, 1]
        : [kept, 2];

  const grown = Array.from({ length: scale + steps + 1 }, (_, i) => sums[i] ?? 0n);
  grown[scale] = (sums[scale] ?? 0n) + gainPer * before.product;
  return {
    product,
    scale: scale + steps,
    sums: grown,
    total: total - loss,
    gains: before.gains + gain,
    lossError: emptied ? 0n : lossPer * total - charged,
    gainError: owed - gainPer * total,
  };
}

/**
 * What a position has now.
 * @param pool - as it is
 * @param position - as it was handed out
 * @returns minor units: what losses have left of the deposit, and its part of the collateral; a deposit of which less than a
 *   billionth is left is 0. It is paid as far as the pool holds it
 * @throws MarginError type, missing-key, inexact, range
 * @see liquity/dev packages/contracts/contracts/StabilityPool.sol getCompoundedLUSDDeposit, getDepositorETHGain
 * @example
 * poolWorth({ ...EMPTY_PRODUCT_SUM, product: 5n * 10n ** 17n, total: 500n },
 *   { amount: 1_000n, product: 10n ** 18n, sum: 0n, scale: 0 }) // { deposit: 500n, gain: 0n }
 */
export function poolWorth(pool: Stored<ProductSum>, position: Stored<PoolPosition>): PoolWorth {
  const { product, scale, sums } = poolOf(pool);
  const then = amountsOf(position, 'position', ['amount', 'product', 'sum', 'scale']);
  const [held, start, from] = [then.amount, positive(then.product, 'position.product'), Number(then.scale)];
  const left = (held * product) / start / (scale > from ? SCALE : 1n);
  const deposit = scale > from + 1 || left < held / SCALE ? 0n : left;
  const grown = (sums[from] ?? 0n) - then.sum + (sums[from + 1] ?? 0n) / SCALE;
  return { deposit, gain: (held * grown) / start / ONE };
}

/** What a position is paid: what it is worth, as far as the pool holds it. Errors that are carried on may lead units beyond. */
function payable(pool: ProductSum, position: Stored<PoolPosition>): PoolWorth {
  const { deposit, gain } = poolWorth(pool, position);
  return { deposit: smaller(deposit, pool.total), gain: smaller(gain, pool.gains) };
}

/**
 * A deposit; what the position has already is compounded first, and its gain paid.
 * @param pool - before
 * @param position - what the depositor has; null: nothing
 * @param added - minor units
 * @returns pool and position after, and the gain that is paid out now, minor units
 * @throws MarginError type, missing-key, inexact, range
 * @see liquity/dev packages/contracts/contracts/StabilityPool.sol provideToSP
 * @example
 * poolDeposit(EMPTY_PRODUCT_SUM, null, 1_000).position // { amount: 1000n, product: 10n ** 18n, sum: 0n, scale: 0 }
 */
export function poolDeposit(
  pool: Stored<ProductSum>,
  position: Stored<PoolPosition> | null,
  added: Integer,
): { pool: ProductSum; position: PoolPosition; gain: Amount } {
  const before = poolOf(pool);
  const more = amount(added, 'added');
  const { deposit, gain } = position === null ? { deposit: 0n, gain: 0n } : payable(before, position);
  const after = { ...before, total: before.total + more, gains: before.gains - gain };
  return { pool: after, position: snapshot(after, deposit + more), gain };
}

/**
 * Pays a position out: its gain, and its deposit or a part of it.
 * @param pool - before
 * @param position - of the depositor
 * @param most - minor units of the deposit; left out: all
 * @returns pool after; position after, null where nothing is left; what is paid, minor units
 * @throws MarginError type, missing-key, inexact, range
 * @see liquity/dev packages/contracts/contracts/StabilityPool.sol withdrawFromSP
 * @example
 * poolWithdraw({ ...EMPTY_PRODUCT_SUM, total: 1_000n }, { amount: 1_000n, product: 10n ** 18n, sum: 0n, scale: 0 }, 400)
 *   .position // { amount: 600n, product: 10n ** 18n, sum: 0n, scale: 0 }
 */
export function poolWithdraw(
  pool: Stored<ProductSum>,
  position: Stored<PoolPosition>,
  most?: Integer,
): PoolWorth & { pool: ProductSum; position: PoolPosition | null } {
  const before = poolOf(pool);
  const worth = payable(before, position);
  const deposit = most === undefined ? worth.deposit : smaller(amount(most, 'most'), worth.deposit);
  const after = { ...before, total: before.total - deposit, gains: before.gains - worth.gain };
  const left = worth.deposit - deposit;
  return { pool: after, position: left === 0n ? null : snapshot(after, left), deposit, gain: worth.gain };
}
