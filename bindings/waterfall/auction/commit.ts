// Commitments to sealed bids: a bidder publishes the hash of its bid first and the bid later, so that nobody, the house
// included, can bid or choose with the others' bids in view.
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import type { Integer } from '../../venues/integer.js';
import { Row, rowsOf } from '../../venues/rows.js';
import type { SealedBid } from './sealed.js';
import { sha256 } from './sha256.js';

/** A bid and the text that keeps its hash from being guessed. */
export interface SaltedBid {
  /** Who bids. */
  bidder: string;
  /** As in `SealedBid`. */
  price: Integer;
  /** Units wanted at that price; default 1. */
  units?: Integer;
  /** Random, at least 16 characters: prices alone are few enough to try. */
  salt: string;
}

/** A published hash of a bid. */
export interface Commitment {
  /** Who has published it. */
  bidder: string;
  /** As `commitBid` gives it. */
  hash: string;
  /** When it was published: the time of the bid. Default 0. */
  at?: number;
}

const LEAST_SALT = 16;
const BID = ['bidder', 'price', 'units', 'salt'] as const;

/**
 * The commitment to a bid.
 * @param bid - bidder, price, units and salt
 * @returns SHA-256, 64 hexadecimal digits, of the JSON list [bidder, price, units, salt] with the numbers as digits (units ''
 *   where there are none)
 * @throws MarginError range where the salt is short; missing-key, unknown-key, type, inexact
 * @example
 * commitBid({ bidder: 'a', price: -5n, salt: '0123456789abcdef' }).length // 64
 */
export function commitBid(bid: SaltedBid): string {
  return hashOf(new Row(bid, 'bid', BID));
}

function hashOf(row: Row): string {
  const salt = row.text('salt');
  if (salt.length < LEAST_SALT) {
    throw new MarginError('range', { path: row.at('salt'), got: salt, expected: `at least ${LEAST_SALT} characters` });
  }
  const units = row.has('units') ? String(row.integer('units')) : '';
  return sha256(JSON.stringify([row.text('bidder'), String(row.integer('price')), units, salt]));
}

/**
 * Opens committed bids.
 * @param commitments - published before the bids
 * @param reveals - bids with their salts
 * @returns bids for `sealedAuction`, in the order of the reveals and with the times of their commitments; and the places of
 *   commitments that nobody opened, whose bidders have not bid
 * @throws MarginError unknown-id where a bid was not committed to by its bidder, duplicate where a commitment is made or opened
 *   twice; range, missing-key, unknown-key, type, inexact
 * @example
 * openBids([{ bidder: 'a', hash: commitBid({ bidder: 'a', price: 3n, salt: '0123456789abcdef' }), at: 7 }],
 *   [{ bidder: 'a', price: 3n, salt: '0123456789abcdef' }])
 *   // { bids: [{ bidder: 'a', price: 3n, at: 7 }], unopened: [] }
 */
export function openBids(
  commitments: readonly Commitment[],
  reveals: readonly SaltedBid[],
): { bids: SealedBid[]; unopened: number[] } {
  const made = rowsOf(listOf(commitments, 'commitments'), 'commitments', ['bidder', 'hash', 'at']);
  const open = new Map<string, { place: number; at: number }>();
  for (const [place, row] of made.entries()) {
    const key = keyOf(row, row.text('hash'));
    if (open.has(key)) throw new MarginError('duplicate', { path: row.at('hash'), got: row.raw('hash') });
    open.set(key, { place, at: row.number('at', 0) });
  }
  const opened = new Set<number>();
  const bids = rowsOf(listOf(reveals, 'reveals'), 'reveals', BID).map((row): SealedBid => {
    const commitment = open.get(keyOf(row, hashOf(row)));
    if (!commitment) {
      throw new MarginError('unknown-id', { path: row.path, got: row.raw('bidder'), expected: 'a bid committed to' });
    }
    if (opened.has(commitment.place)) throw new MarginError('duplicate', { path: row.path, got: row.raw('bidder') });
    opened.add(commitment.place);
    const units = row.has('units') ? { units: row.integer('units') } : {};
    return { bidder: row.text('bidder'), price: row.integer('price'), ...units, at: commitment.at };
  });
  return { bids, unopened: made.map((_, place) => place).filter((place) => !opened.has(place)) };
}

const keyOf = (row: Row, hash: string): string => JSON.stringify([row.text('bidder'), hash]);
