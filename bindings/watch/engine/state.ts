// The state of an engine as a snapshot says it, and back: by accounts and buckets, since margin units may lie elsewhere in the memory
// of another book of the same state.
import type { BookBase } from '../../book/book.js';
import { MarginError } from '../../errors.js';
import { ZONE, ZONES } from '../lines.js';
import type { Watch } from '../watch.js';
import type { Sides } from './apply.js';
import { inOrder } from './crossed.js';
import type { Held } from './held.js';
import type { Beside, Place } from './snapshot.js';

/** What an engine knows, in its working form. */
export interface Known {
  readonly book: BookBase;
  readonly watch: Pick<Watch, 'zone'>;
  readonly sides: Sides;
  readonly held: Held;
}

/** Number of the zone that a unit stands in. */
export const zoneAt = (watch: Pick<Watch, 'zone'>, unit: number): number => ZONES.indexOf(watch.zone(unit));

export function besideOf({ book, watch, sides, held }: Known): Omit<Beside, 'levels'> {
  const ill: number[] = [];
  for (let u = 0; u < book.units; u++) if (zoneAt(watch, u) !== ZONE.healthy) ill.push(u);
  const place = (u: number): Place => [book.unitAccount(u), book.unitBucket(u)];
  return {
    markets: sides.markets.entries(),
    assets: sides.assets.entries(),
    closed: [...sides.closed].sort(([a], [b]) => a - b),
    held: inOrder(book, held.units()).map(place),
    zones: inOrder(book, ill).map((u) => [...place(u), zoneAt(watch, u)]),
  };
}

const corrupt = (path: string, got: unknown, expected: string): MarginError =>
  new MarginError('corrupt', { path: `snapshot.${path}`, got, expected });

/**
 * Takes over what a snapshot says beside the book.
 * @throws MarginError corrupt; conflict where the watch finds a unit in another zone than the snapshot says
 */
export function takeOver({ book, watch, sides, held }: Known, beside: Beside): void {
  for (const [path, list, rows, into] of [
    ['markets', beside.markets, book.markets, sides.markets],
    ['assets', beside.assets, book.assets, sides.assets],
  ] as const) {
    for (const [row, bits] of list) {
      if (row >= rows) throw corrupt(path, row, 'a row of the book');
      into.set(row, bits);
    }
  }
  for (const [row, state] of beside.closed) {
    if (row < 0 || row >= book.markets) throw corrupt('closed', row, 'a market of the book');
    sides.closed.set(row, state);
  }
  const unitAt = (path: string, account: number, bucket: number): number => {
    const units = account < book.accounts ? book.unitsOf(account) : [];
    const found = units.find((u) => book.unitBucket(u) === bucket);
    if (found === undefined) throw corrupt(path, [account, bucket], 'a margin unit of the book');
    return found;
  };
  for (const [account, bucket] of beside.held) held.add(unitAt('held', account, bucket));
  const zones = new Map(beside.zones.map(([account, bucket, zone]) => [unitAt('zones', account, bucket), zone]));
  for (let u = 0; u < book.units; u++) {
    const was = zones.get(u) ?? ZONE.healthy;
    if (was === zoneAt(watch, u)) continue;
    throw new MarginError('conflict', {
      path: 'snapshot.zones',
      got: watch.zone(u),
      expected: `account "${book.accountId(book.unitAccount(u))}" to be ${ZONES[was]}, as it was`,
      hint: 'The snapshot was written by a version that margins otherwise: replay with that version',
    });
  }
}
