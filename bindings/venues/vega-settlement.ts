// Vega: a mark-to-market settlement where losers can not pay everything. The insurance pool tops up, and what is still missing is
// taken from the gains of this settlement. Smallest units of the settlement asset.
// Source: vegaprotocol/vega core/collateral/engine.go, core/settlement; the same cut is variation-margin gains haircutting (VMGH).
import { MarginError } from '../errors.js';
import { allocate } from '../waterfall/allocate.js';
import { amount } from '../waterfall/amount.js';
import { type Integer, smaller } from './integer.js';
import { Row } from './rows.js';

/** Profits and losses of a mark, each party once on its side; smallest units, >= 0. */
export interface MtmSettlement {
  /** In the order in which the insurance pool tops up. */
  losers: readonly { id: string; loss: Integer; balance: Integer }[];
  /** The last gets what does not divide. */
  winners: readonly { id: string; gain: Integer }[];
  /** What the insurance pool has. */
  insurance: Integer;
}

/** A mark-to-market settlement, in smallest units. */
export interface SettledMtm {
  /** What each winner gets, in the order of the winners. */
  paid: bigint[];
  /** What each loser gives, and what the pool adds for it, in the order of the losers. */
  given: bigint[];
  /** What the pool adds for each loser, in their order. */
  toppedUp: bigint[];
  /** What the insurance pool has left. */
  insuranceLeft: bigint;
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);

/** Ids and amounts of a list, each id once. */
function partiesOf(list: Row[], keys: readonly string[]): { id: string; amounts: bigint[] }[] {
  const seen = new Set<string>();
  return list.map((row) => {
    const id = row.text('id');
    if (seen.has(id)) throw new MarginError('duplicate', { path: row.at('id'), got: id });
    seen.add(id);
    return { id, amounts: keys.map((key) => amount(row.integer(key), row.at(key))) };
  });
}

/**
 * Settles a mark: losers pay what they have, the pool adds what it has, and winners share what came in by their gains, rounded
 * down, the last with the remainder. Where everything came in, everybody gets the gain.
 * @param settlement - losers, winners and the pool
 * @returns smallest units; paid is given and toppedUp together, to the unit
 * @throws MarginError range where something came in and nobody has a gain; missing-key, unknown-key, type, inexact, duplicate
 * @see vegaprotocol/vega core/integration/features/verified/0002-STTL-settlement-verified-loss-socialization-case1.feature
 * @example
 * settleMtm({ losers: [{ id: 'party1', loss: 8_000, balance: 5_000 }, { id: 'aux1', loss: 80, balance: 80 }],
 *   winners: [{ id: 'aux2', gain: 80 }, { id: 'party2', gain: 8_000 }], insurance: 0 }).paid // [50n, 5_030n]
 */
export function settleMtm(settlement: MtmSettlement): SettledMtm {
  const row = new Row(settlement, '', ['losers', 'winners', 'insurance'], 'settlement');
  const losers = partiesOf(row.rows('losers', ['id', 'loss', 'balance']), ['loss', 'balance']);
  const winners = partiesOf(row.rows('winners', ['id', 'gain']), ['gain']);
  const insurance = amount(row.integer('insurance'), row.at('insurance'));

  const given = losers.map(({ amounts: [loss = 0n, balance = 0n] }) => smaller(loss, balance));
  const missing = losers.map(({ id, amounts: [loss = 0n] }, i) => ({ id, capacity: loss - (given[i] as bigint) }));
  const pool = allocate(insurance, missing, { method: 'sequential' });
  const gains = winners.map(({ amounts: [gain = 0n] }) => gain);
  const collected = sum(given) + pool.taken;
  const settled = { given, toppedUp: pool.shares, insuranceLeft: pool.residual };
  if (collected === sum(gains)) return { ...settled, paid: gains };
  if (sum(gains) === 0n) {
    throw new MarginError('range', { path: 'winners', got: 0n, expected: `gains, as ${collected} came in` });
  }
  const weights = winners.map(({ id }, i) => ({ id, weight: gains[i] as bigint }));
  const { shares: paid, dust } = allocate(collected, weights, { method: 'proRata', round: 'euclid' });
  paid[paid.length - 1] = (paid.at(-1) as bigint) + dust;
  return { ...settled, paid };
}
