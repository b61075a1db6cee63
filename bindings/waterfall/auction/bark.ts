// How much of a vault goes to auction: no more than the caps on running auctions admit, and no dust left behind; and what
// whoever starts it gets. Field names are those of Maker's contracts.
import { MarginError } from '../../errors.js';
import { type Integer, positive, smaller } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amountAt } from '../amount.js';
import { WAD, wadTimes } from './fixed.js';

/** A vault that is unsafe. */
export interface Vault {
  /** Collateral, WAD. */
  ink: Integer;
  /** Normalised debt, WAD: times `rate` it is the debt. */
  art: Integer;
  /** Debt of a unit of normalised debt, RAY. */
  rate: Integer;
}

/** What may be auctioned at once. */
export interface BarkRule {
  /** Most debt in auctions, of all collaterals and of this one, RAD. */
  Hole: Integer;
  /** Most debt of this collateral in auctions, RAD. */
  hole: Integer;
  /** Debt in auctions now, RAD. */
  Dirt: Integer;
  /** Debt of this collateral in auctions now, RAD. */
  dirt: Integer;
  /** Penalty: the debt to be raised for each debt auctioned, WAD (1.1 = 10 %). */
  chop: Integer;
  /** Least debt of a vault, RAD. */
  dust: Integer;
}

/** What of a vault goes to auction. */
export interface Bark {
  /** Normalised debt that is auctioned, WAD. */
  dart: Amount;
  /** Collateral for sale, WAD. */
  lot: Amount;
  /** Debt to be raised with the penalty, RAD. */
  tab: Amount;
  /** What stays in the vault, WAD. */
  artLeft: Amount;
  /** Collateral that stays in the vault, WAD. */
  inkLeft: Amount;
}

const RULE = ['Hole', 'hole', 'Dirt', 'dirt', 'chop', 'dust'] as const;

/**
 * How much of a vault goes to auction now.
 * @param vault - known to be unsafe
 * @param rule - caps, penalty and dust
 * @returns a part that the caps admit; all of it where the rest would be dust, even beyond the caps
 * @throws MarginError range where the caps leave no room, the part itself would be dust or no collateral would be sold, or a
 *   number is below 0; missing-key, unknown-key, type, inexact
 * @see makerdao/dss src/dog.sol bark
 * @example
 * bark({ ink: 40n, art: 100n, rate: 10n ** 27n }, { Hole: 75n * 10n ** 27n, Dirt: 0, hole: 10n ** 30n, dirt: 0,
 *   chop: 10n ** 18n, dust: 20n * 10n ** 27n })
 *   // { dart: 75n, lot: 30n, tab: 75_000_000_000_000_000_000_000_000_000n, artLeft: 25n, inkLeft: 10n }
 */
export function bark(vault: Vault, rule: BarkRule): Bark {
  const held = new Row(vault, 'vault', ['ink', 'art', 'rate']);
  const caps = new Row(rule, 'rule', RULE);
  const [ink, art] = [amountAt(held, 'ink'), positive(held.integer('art'), held.at('art'))];
  const rate = positive(held.integer('rate'), held.at('rate'));
  const chop = positive(caps.integer('chop'), caps.at('chop'));
  const dust = amountAt(caps, 'dust');
  const room = smaller(roomOf(caps, 'Hole', 'Dirt'), roomOf(caps, 'hole', 'dirt'));
  let dart = smaller(art, (room * WAD) / rate / chop);
  if (art > dart) {
    if ((art - dart) * rate < dust) dart = art;
    else if (dart * rate < dust) {
      throw new MarginError('range', { path: 'rule', got: dart * rate, expected: `room for at least ${dust} of debt` });
    }
  }
  const lot = (ink * dart) / art;
  if (lot === 0n) throw new MarginError('range', { path: 'vault.ink', got: ink, expected: 'collateral for the part' });
  return { dart, lot, tab: wadTimes(dart * rate, chop), artLeft: art - dart, inkLeft: ink - lot };
}

function roomOf(caps: Row, cap: 'Hole' | 'hole', used: 'Dirt' | 'dirt'): Amount {
  const room = amountAt(caps, cap) - amountAt(caps, used);
  if (room > 0n) return room;
  throw new MarginError('range', { path: caps.at(used), got: caps.raw(used), expected: `below ${cap}` });
}

/**
 * What whoever starts an auction gets: a fixed sum for the gas, and a part of the debt.
 * @param reward - tip and tab (RAD), chip (WAD, 1e18 = 100 %)
 * @returns tip + tab x chip, RAD, rounded down
 * @throws MarginError missing-key, unknown-key, type, inexact, range
 * @see makerdao/dss src/clip.sol kick
 * @example
 * keeperReward({ tip: 100n, chip: 20_000_000_000_000_000n, tab: 110n }) // 102n
 */
export function keeperReward(reward: { tip: Integer; chip: Integer; tab: Integer }): Amount {
  const row = new Row(reward, 'reward', ['tip', 'chip', 'tab']);
  return amountAt(row, 'tip') + wadTimes(amountAt(row, 'tab'), amountAt(row, 'chip'));
}
