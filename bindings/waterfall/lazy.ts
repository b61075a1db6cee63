// Layers that spread their loss over a pool by an index instead of posting to every member: the pool's account pays, the index
// moves, and members find their part when they come (indices/). The state carries the indices by the id of their layer.
import { knownKeys } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { smaller } from '../venues/integer.js';
import { Row } from '../venues/rows.js';
import type { Amount } from './amount.js';
import { type DepositIndex, depositIndexOf, indexLoss, indexWorth } from './indices/deposit-index.js';
import { type FundingIndex, fundingIndexOf, fundingLoss } from './indices/funding-index.js';
import { type ProductSum, poolOf, poolOffset } from './indices/product-sum.js';
import type { Stored } from './indices/state.js';
import { type CashPool, cashPoolOf, printLoss } from './indices/withdraw-rate.js';
import { oneOf } from './words.js';

/** An index of a state, by kind. */
export type LazyIndex =
  | ({ kind: 'productSum' } & Stored<ProductSum>)
  | ({ kind: 'depositIndex' } & Stored<DepositIndex>)
  | ({ kind: 'fundingIndex' } & Stored<FundingIndex>)
  | ({ kind: 'withdrawRate' } & Stored<CashPool>);

/** Name of an index that a layer can spread its loss by. */
export type LazyKind = LazyIndex['kind'];

export const LAZY: readonly LazyKind[] = ['productSum', 'depositIndex', 'fundingIndex', 'withdrawRate'];

/**
 * Reads an index into an object of its own.
 * @throws MarginError type, missing-key, unknown-key, inexact, range
 */
export function indexOf(value: unknown, path: string): LazyIndex {
  const row = new Row(value, path);
  const index = readAs(oneOf(row.raw('kind'), row.at('kind'), LAZY), value, path);
  knownKeys(value as Record<string, unknown>, path, Object.keys(index));
  return index;
}

function readAs(kind: LazyKind, value: unknown, path: string): LazyIndex {
  switch (kind) {
    case 'productSum':
      return { kind, ...poolOf(value as Stored<ProductSum>, path) };
    case 'depositIndex':
      return { kind, ...depositIndexOf(value as Stored<DepositIndex>, path) };
    case 'fundingIndex':
      return { kind, ...fundingIndexOf(value as Stored<FundingIndex>, path) };
    case 'withdrawRate':
      return { kind, ...cashPoolOf(value as Stored<CashPool>, path) };
  }
}

/**
 * Most that an index can bear, minor units; null: no limit. Of deposits it is what their shares are worth, which rounding may have
 * led below the total.
 * @throws MarginError type, missing-key, inexact, range
 */
export function mostOf(index: LazyIndex): Amount | null {
  switch (index.kind) {
    case 'productSum':
      return poolOf(index).total;
    case 'depositIndex':
      return smaller(depositIndexOf(index).total, indexWorth(index, index.shares));
    case 'fundingIndex': {
      const { longs, shorts } = fundingIndexOf(index);
      return longs + shorts === 0n ? 0n : null;
    }
    case 'withdrawRate':
      return null;
  }
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
