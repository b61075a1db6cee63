// A sealed-bid auction of a defaulter's positions as clearing houses hold it: one price for the whole portfolio, or prices for
// identical units of it. All bids are opened together, so there is no order to run ahead of.
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { type Integer, positive } from '../../venues/integer.js';
import { Row, rowsOf } from '../../venues/rows.js';
import { share } from '../allocate.js';
import { type Amount, byId } from '../amount.js';
import { type BidQuality, type MandatoryBid, qualityOf } from './quality.js';

/** A bid in a sealed auction. */
export interface SealedBid {
  /** Who bids. */
  bidder: string;
  /** For the portfolio, or for each unit; minor units, below 0 where the bidder wants to be paid. */
  price: Integer;
  /** Units wanted at that price; `single` has one. Default 1. */
  units?: Integer;
  /** When it was given, in any unit: of equal prices the earlier is served first. Default 0. */
  at?: number;
}

/** What is sold, and at which price. */
export interface SealedRule {
  /** `single`: the portfolio as a whole; `multi`: in identical units, a bidder may have several bids. */
  type: 'single' | 'multi';
  /** Units for sale; only with `multi`. */
  units?: Integer;
  /** What winners pay: their own price, or all of them the lowest that was served. Default `payAsBid`. */
  price?: 'payAsBid' | 'uniform';
  /** Lowest price accepted, signed; default: any. */
  reserve?: Integer | null;
  /** Who has to bid, and for how many units at least; default: nobody. */
  mandatory?: readonly MandatoryBid[];
}

/** What a bidder gets, and pays. */
export interface Award {
  /** Who gets it. */
  bidder: string;
  /** How many. */
  units: Amount;
  /** For each unit. */
  price: Amount;
  /** units x price: below 0 the house pays. */
  pays: Amount;
}

/** A sealed auction after its bids were opened. */
export interface SealedResult {
  /** The best price first. */
  awards: Award[];
  /** Lowest price served; null where nothing is sold. */
  clearing: Amount | null;
  /** Units. */
  sold: Amount;
  /** Units. */
  unsold: Amount;
  /** Sum of what winners pay. */
  proceeds: Amount;
  /** Of those who have to bid, in their order. */
  quality: BidQuality[];
}

/** A bid as it is worked with. */
export interface Bid {
  bidder: string;
  price: Amount;
  units: Amount;
  at: number;
}

const PRICES = ['payAsBid', 'uniform'] as const;

/**
 * Opens the bids and sells to the best.
 * @param bids - in any order: the result does not depend on it
 * @param rule - what is sold, and at which price
 * @returns awards from the best price down; of equal prices the earlier is served first, and what is left for bids of the
 *   same time is split by their units, left-over units to the largest fractions and then to the lower id
 * @throws MarginError range where units are not above 0, conflict where `single` has units; missing-key, unknown-key, type,
 *   inexact, duplicate
 * @see Eurex Clearing, Default Management Process, auction formats of the liquidation groups
 * @example
 * sealedAuction([{ bidder: 'a', price: -5n, units: 6n }, { bidder: 'b', price: 3n, units: 6n }], { type: 'multi', units: 10n,
 *   price: 'uniform' }).awards
 *   // [{ bidder: 'b', units: 6n, price: -5n, pays: -30n }, { bidder: 'a', units: 4n, price: -5n, pays: -20n }]
 */
export function sealedAuction(bids: readonly SealedBid[], rule: SealedRule): SealedResult {
  const row = new Row(rule, 'rule', ['type', 'units', 'price', 'reserve', 'mandatory']);
  const single = row.word('type', ['single', 'multi']) === 'single';
  const given = rowsOf(listOf(bids, 'bids'), 'bids', ['bidder', 'price', 'units', 'at']).map((bid) =>
    read(bid, single),
  );
  const units = single ? oneUnit(row) : positive(row.integer('units'), row.at('units'));
  const uniform = row.word('price', PRICES, 'payAsBid') === 'uniform';
  const reserve = row.has('reserve') ? row.integer('reserve') : null;
  const valid = reserve === null ? given : given.filter(({ price }) => price >= reserve);
  const served = serve(valid, units);
  const clearing = served.at(-1)?.price ?? null;
  const awards = served.map(({ bidder, units: won, price: own }) => {
    const price = uniform ? (clearing as Amount) : own;
    return { bidder, units: won, price, pays: won * price };
  });
  const sold = served.reduce((sum, bid) => sum + bid.units, 0n);
  const proceeds = awards.reduce((sum, { pays }) => sum + pays, 0n);
  return {
    awards,
    clearing,
    sold,
    unsold: units - sold,
    proceeds,
    quality: qualityOf(row, { given, valid, clearing }),
  };
}

function read(row: Row, single: boolean): Bid {
  const units = single ? oneUnit(row) : positive(row.integer('units', 1n), row.at('units'));
  return { bidder: row.text('bidder'), price: row.integer('price'), units, at: row.number('at', 0) };
}

function oneUnit(row: Row): Amount {
  if (!row.has('units')) return 1n;
  throw new MarginError('conflict', { path: row.at('units'), got: row.raw('units'), expected: 'no units with single' });
}

/** The best price first, of equal ones the earliest; 0 where both are served together. */
const order = (a: Bid, b: Bid): number => (a.price === b.price ? a.at - b.at : a.price > b.price ? -1 : 1);

/** Bids that are served together, turn after turn; those of one bidder in a turn are one bid. */
function turnsOf(bids: readonly Bid[]): Bid[][] {
  const turns: Bid[][] = [];
  for (const bid of [...bids].sort((a, b) => order(a, b) || byId(a.bidder, b.bidder))) {
    const turn = turns.at(-1);
    const last = turn?.at(-1);
    if (!turn || !last || order(last, bid) !== 0) turns.push([bid]);
    else if (last.bidder === bid.bidder) turn[turn.length - 1] = { ...last, units: last.units + bid.units };
    else turn.push(bid);
  }
  return turns;
}

/** What is sold, best first. */
function serve(bids: readonly Bid[], units: Amount): Bid[] {
  const served: Bid[] = [];
  let left = units;
  for (const turn of turnsOf(bids)) {
    const asked = turn.map(({ bidder: id, units }) => ({ id, weight: units, capacity: units }));
    const { shares, taken } = share(left, asked, 'cappedProRata', 'largestRemainder');
    for (const [k, bid] of turn.entries()) {
      const won = shares[k] as Amount;
      if (won > 0n) served.push({ ...bid, units: won });
    }
    left -= taken;
  }
  return served;
}
