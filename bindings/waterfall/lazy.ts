// Layers that spread their loss over a pool by an index instead of posting to every member: the pool's account pays, the index
// moves, and members find their part when they come (indices/). The state carries the indices by the id of their layer.
import { MarginError } from '../errors.js';
import { Row } from '../venues/rows.js';
import type { Amount } from './amount.js';
import { type DepositIndex, indexLoss } from './indices/deposit-index.js';
import { type FundingIndex, fundingLoss } from './indices/funding-index.js';
import { type ProductSum, poolOffset } from './indices/product-sum.js';
import type { Stored } from './indices/state.js';
import { type CashPool, printLoss } from './indices/withdraw-rate.js';
import { oneOf } from './words.js';

/** An index of a state, by kind. */
export type LazyIndex =
  | ({ kind: 'productSum' } & Stored<ProductSum>)
  | ({ kind: 'depositIndex' } & Stored<DepositIndex>)
  | ({ kind: 'fundingIndex' } & Stored<FundingIndex>)
  | ({ kind: 'withdrawRate' } & Stored<CashPool>);

export type LazyKind = LazyIndex['kind'];

export const LAZY: readonly LazyKind[] = ['productSum', 'depositIndex', 'fundingIndex', 'withdrawRate'];

/** @throws MarginError type, missing-key */
export function indexOf(value: unknown, path: string): LazyIndex {
  const row = new Row(value, path);
  oneOf(row.raw('kind'), row.at('kind'), LAZY);
  return value as LazyIndex;
}

/**
 * The index after a loss.
 * @param index - before
 * @param loss - minor units that the pool has paid
 * @param gain - minor units of collateral that it got for them; only a product-sum passes them on
 * @throws MarginError range where the pool has less, or was given collateral that its index can not pass on
 */
export function moved(index: LazyIndex, loss: Amount, gain: Amount): LazyIndex {
  if (index.kind !== 'productSum' && gain > 0n) {
    throw new MarginError('conflict', {
      path: 'seize',
      got: index.kind,
      expected: 'a productSum, which pays gains out',
    });
  }
  switch (index.kind) {
    case 'productSum':
      return { kind: index.kind, ...poolOffset(index, loss, gain) };
    case 'depositIndex':
      return { kind: index.kind, ...indexLoss(index, loss) };
    case 'fundingIndex':
      return { kind: index.kind, ...fundingLoss(index, loss) };
    case 'withdrawRate':
      return { kind: index.kind, ...printLoss(index, loss) };
  }
}
