// What is set aside before the fall, by asset: what the two largest defaulters would lack at half of it, and as members'
// contributions what each has to hold against its positions.
import type { BookBase } from '../../book/book.js';
import { exact, over } from '../../liquidation/exact.js';
import { margin } from '../../margin.js';
import { type Cover, requirementsOf, sizeFund, stressLosses } from '../../venue/index.js';
import { ceilOf } from '../../waterfall/amount.js';
import type { Amount } from '../../waterfall/index.js';
import { exposureOf } from '../exposure.js';
import type { Shock } from './shock.js';

/** Digits of a minor unit in the ledger, of all assets; and of values in the numeraire. */
export const DECIMALS = 8;
export const CENTS = 2;
/** Owners whose default is to be covered. */
export const COVER = 2;

export interface Reserve {
  /** Numeraire, minor units; and whose losses it is. */
  size: Amount;
  owners: Cover['owners'];
  /** Minor units by asset: in proportion to the open interest that settles in it. */
  assets: ReadonlyMap<string, Amount>;
  /** Maintenance margin of each account of the ledger before the fall, in units of the first asset: a weight. */
  requirements: readonly Amount[];
}

/** @param book - before the fall, margined */
export function reserveOf(book: BookBase, { share, assets, markets }: Shock): Reserve {
  const risk = margin(book);
  const requirements = requirementsOf(book, risk, book.assetId(0), { decimals: DECIMALS });
  const interest = new Map<string, bigint>();
  for (const { market, long, short } of exposureOf(book)) {
    const settle = book.assetId(book.store.columns.market.settle[book.market(market)] as number);
    interest.set(settle, (interest.get(settle) ?? 0n) + BigInt(Math.floor(long + short)));
  }
  const half = (ids: Iterable<string>): Record<string, number> =>
    Object.fromEntries([...ids].map((id) => [id, -share / 2]));
  const losses = stressLosses(
    book,
    { assets: half(assets.keys()), markets: half(markets.keys()) },
    { decimals: CENTS },
  );
  const { size, owners } = sizeFund([losses], { cover: COVER });
  const sum = [...interest.values()].reduce((all, each) => all + each, 0n);
  return {
    size,
    owners,
    assets: new Map([...interest].map(([id, held]) => [id, sum === 0n ? 0n : bought(book, id, (size * held) / sum)])),
    requirements,
  };
}

/** Minor units of an asset that a value in the numeraire buys, rounded up. */
function bought(book: BookBase, id: string, value: Amount): Amount {
  const price = exact(book.store.columns.asset.price[book.asset(id)] as number);
  return ceilOf(value * 10n ** BigInt(DECIMALS - CENTS), over({ numerator: 1n, denominator: 1n }, price));
}
