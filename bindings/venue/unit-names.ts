// Who a margin unit is in a ledger: an account is its cross unit, an isolated bucket an account of its own, since the rest of
// the account does not answer for it.
import type { BookBase } from '../book/book.js';

/**
 * The ledger account of a margin unit.
 * @param book - of the unit
 * @param unit - row, as in `margin(book).liquidatable`
 * @returns the account's id, of an isolated bucket with its number behind a colon
 * @example
 * unitName(book, 0) // 'a1'
 */
export function unitName(book: BookBase, unit: number): string {
  const id = book.accountId(book.unitAccount(unit));
  const bucket = book.unitBucket(unit);
  return bucket === 0 ? id : `${id}:${bucket}`;
}

/** The margin unit of a ledger account; undefined where the book has none. */
export function unitNamed(book: BookBase, name: string): number | undefined {
  if (book.accountIds.has(name)) return book.unit(name);
  const colon = name.lastIndexOf(':');
  const [id, bucket] = [name.slice(0, colon), name.slice(colon + 1)];
  if (colon < 0 || !book.accountIds.has(id)) return undefined;
  return book.unitsOf(id).find((unit) => String(book.unitBucket(unit)) === bucket);
}

/** Units in the order of a ledger: cross units by account, then the buckets by row. */
export function unitOrder(book: BookBase): Uint32Array {
  const order = new Uint32Array(book.units);
  const { account, unit } = book.store.columns;
  order.set(account.firstUnit.subarray(0, book.accounts));
  let next = book.accounts;
  if (next === order.length) return order;
  for (let u = 0; u < order.length; u++) if (unit.bucket[u] !== 0) order[next++] = u;
  return order;
}

/** As `unitNamed`. @throws MarginError unknown-id */
export function unitAt(book: BookBase, name: string, path: string): number {
  return unitNamed(book, name) ?? book.unit(book.account(name, path));
}
