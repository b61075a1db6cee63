// A transfer between two margin units: both balances are checked, and rows made room for, before either changes.
import { MarginError } from '../errors.js';
import { NONE } from '../layout.js';
import { checkBook } from '../margin.js';
import type { BookBase } from './book.js';
import type { Ref } from './book-rows.js';
import { decimal, Fields, POSITIVE } from './fields.js';
import type { Decimal } from './types.js';
import * as update from './update.js';

/** Buckets that an amount leaves and comes to; 0, the cross units, where nothing is said. */
export interface TransferPlaces {
  /** Isolated bucket that gives, from 1; default 0, the cross unit. */
  bucket?: number;
  /** Isolated bucket that receives, from 1; default 0, the cross unit. */
  toBucket?: number;
}

/**
 * Moves an amount (units of the asset, above 0) from one margin unit to another, of the same account or not. Buckets that are not there
 * are opened. Nothing checks whether the amount can be afforded.
 * @throws MarginError unknown-id, type, range, conflict; the book is unchanged
 * @example
 * transfer(book, 'a1', 'a1', 'USDT', 250, { toBucket: 3 });
 */
export function transfer(
  book: BookBase,
  from: Ref,
  to: Ref,
  asset: Ref,
  amount: Decimal,
  places: TransferPlaces = {},
): void {
  checkBook(book);
  const f = Fields.once(places, 'transfer', ['bucket', 'toBucket']);
  const a = book.asset(asset);
  const x = decimal(amount, 'amount', POSITIVE);
  const [source, target] = [book.account(from, 'from'), book.account(to, 'to')];
  const { model } = book.store.columns.unit;
  for (const account of [source, target]) book.hedged(a, model[book.unit(account)] ?? 0, 'asset');
  const bucket = f.integer('bucket', 0, NONE - 1, 0);
  const toBucket = f.integer('toBucket', 0, NONE - 1, 0);
  if (source === target && bucket === toBucket)
    throw new MarginError('conflict', { path: 'transfer', expected: 'two margin units: another account or bucket' });
  book.update(target, toBucket, (v) => {
    book.update(source, bucket, (u) => update.transfer(book.store, u, v, a, x, 'amount'));
  });
}
