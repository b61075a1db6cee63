// What venues have agreed to give each other, as data: read, and as far as it goes now.
import { MarginError } from '../../errors.js';
import type { Exact } from '../../liquidation/exact.js';
import { listOf } from '../../liquidation/list.js';
import type { Integer } from '../../venues/integer.js';
import { type Row, rowsOf } from '../../venues/rows.js';
import { type Amount, amountAt, byId, floorOf, fraction, type Ratio } from '../amount.js';

/** The fund of one venue stands behind another. */
export interface Agreement {
  /** Whose fund gives. */
  from: string;
  /** Who may draw on it. */
  to: string;
  /** Of the giver's fund, after its own loss: a fraction from 0 to 1, default 1. */
  share?: Ratio;
  /** Most that it gives in the term of the agreement, minor units; default: no limit. */
  cap?: Integer;
  /** Of the cap, what has been drawn before, minor units; default 0. */
  drawn?: Integer;
  /** Most that it gives in one event, minor units; default: no limit. */
  perEvent?: Integer;
  /** The lowest group is drawn on first, those of one group together; default 0. */
  group?: number;
  /** Seconds for which it rests after a draw; default 0. */
  cooldown?: number;
  /** Second until which it rests; default: it does not. */
  restsUntil?: number;
}

/** An agreement as it is worked with. */
export interface ReadAgreement {
  from: string;
  to: string;
  share: Exact;
  /** Most that passes under it in an event by its terms, and of that now; null: no limit but the share. */
  terms: Amount | null;
  most: Amount | null;
  drawn: Amount;
  group: number;
  cooldown: number;
  rests: boolean;
  /** Place in the caller's list. */
  index: number;
}

const AGREEMENT = ['from', 'to', 'share', 'cap', 'drawn', 'perEvent', 'group', 'cooldown', 'restsUntil'] as const;

/**
 * Reads agreements, sorted by who draws and on whom, so that their order does not matter.
 * @throws MarginError unknown-id, duplicate, conflict, range, missing-key, unknown-key, type, inexact
 */
export function agreementsOf(value: unknown, venues: { has(id: string): boolean }, time: number): ReadAgreement[] {
  const seen = new Set<string>();
  const read = rowsOf(listOf(value, 'agreements'), 'agreements', AGREEMENT).map((row, index): ReadAgreement => {
    const [from, to] = [venueAt(row, 'from', venues), venueAt(row, 'to', venues)];
    if (from === to) throw new MarginError('conflict', { path: row.at('to'), got: to, expected: 'another venue' });
    const key = JSON.stringify([from, to]);
    if (seen.has(key)) {
      throw new MarginError('duplicate', {
        path: row.path,
        got: `${from} for ${to}`,
        expected: 'one agreement each way',
      });
    }
    seen.add(key);
    const drawn = amountAt(row, 'drawn', 0n);
    return {
      from,
      to,
      share: fraction(row.has('share') ? (row.raw('share') as Ratio) : 1n, row.at('share')),
      ...mostOf(row, drawn),
      drawn,
      group: row.number('group', 0),
      cooldown: secondsOf(row),
      rests: row.has('restsUntil') && time < row.number('restsUntil'),
      index,
    };
  });
  return read.sort((a, b) => byId(a.to, b.to) || byId(a.from, b.from));
}

function venueAt(row: Row, key: string, venues: { has(id: string): boolean }): string {
  const id = row.text(key);
  if (venues.has(id)) return id;
  throw new MarginError('unknown-id', {
    path: row.at(key),
    got: id,
    expected: 'a venue that has a fund, if only of 0',
  });
}

function secondsOf(row: Row): number {
  const seconds = row.number('cooldown', 0);
  if (seconds >= 0) return seconds;
  throw new MarginError('range', { path: row.at('cooldown'), got: seconds, expected: '>= 0 seconds' });
}

function mostOf(row: Row, drawn: Amount): Pick<ReadAgreement, 'terms' | 'most'> {
  const once = row.has('perEvent') ? amountAt(row, 'perEvent') : null;
  if (!row.has('cap')) return { terms: once, most: once };
  const cap = amountAt(row, 'cap');
  return { terms: lower(cap, once), most: lower(cap > drawn ? cap - drawn : 0n, once) };
}

const lower = (a: Amount, b: Amount | null): Amount => (b !== null && b < a ? b : a);

/** What a fund gives of its own under an agreement now, minor units: its share, within the caps. */
export const ownPart = ({ share, most, rests }: ReadAgreement, fund: Amount): Amount =>
  rests ? 0n : lower(floorOf(fund, share), most);

/**
 * Most that may pass under each agreement because it passes the other way too: a multiple of what the fund of who draws would
 * have given before any loss; nothing where it has agreed to give nothing.
 */
export function reciprocalBounds(
  agreements: readonly ReadAgreement[],
  funds: ReadonlyMap<string, Amount>,
  times: Exact,
): Amount[] {
  const given = new Map(
    agreements.map(({ from, to, share, terms }) => {
      return [JSON.stringify([from, to]), lower(floorOf(funds.get(from) as Amount, share), terms)];
    }),
  );
  return agreements.map(({ from, to }) => floorOf(given.get(JSON.stringify([to, from])) ?? 0n, times));
}
