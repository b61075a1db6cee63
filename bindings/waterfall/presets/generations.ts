// Three generations of default management: a script that auctions, funds with partial liquidation, and a pipeline that knows
// bounds, bids, hedges and what comes after.
import type { Integer } from '../../venues/integer.js';
import type { Stage } from '../stage.js';
import { rulesOf } from './rules.js';

/**
 * First generation: everything is auctioned as one, and what is missing is shared by all, in proportion to their balances.
 * @returns stages for `run`
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * gen1().map(({ id }) => id) // ['auction', 'everybody']
 */
export function gen1(rules: Readonly<Record<never, never>> = {}): Stage[] {
  rulesOf('gen1', rules);
  return [
    { kind: 'auction', id: 'auction' },
    { id: 'everybody', who: 'survivors', whenEmpty: 'skip' },
  ];
}

/**
 * Second generation: the order book, an insurance fund, and a queue of winners.
 * @param rules - fund: account
 * @returns stages for `run`
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * gen2().map(({ id }) => id) // ['book', 'ownAssets', 'insurance', 'deleverage']
 */
export function gen2(rules: { fund?: string } = {}): Stage[] {
  const { fund = 'insurance' } = rulesOf('gen2', rules);
  return [
    { kind: 'liquidate', id: 'book' },
    { kind: 'convert', id: 'ownAssets' },
    { id: 'insurance', who: [fund] },
    { kind: 'adl', id: 'deleverage', score: 'hyperliquid' },
  ];
}

/** Rules of the third generation. */
export interface Gen3Rules {
  /** Account of the insurance fund. */
  fund?: string;
  /** Account of the backstop. */
  vault?: string;
  /** Most that the vault bears at once, 1/10,000 of its equity; default 4,000. */
  bpsOfNav?: Integer;
  /** Most that the fund gives for one default, minor units; default: all it has. */
  perDefault?: Integer;
}

/**
 * Third generation: the book never below the bankruptcy price, a bounded backstop, an auction whose bids decide who pays first, a
 * fund bounded for each default, the members' fund by juniority, and what is left in proportion over the other side; then
 * withdrawals wait while something is open. Prices are guarded by a `guard` stage in front, one a market.
 * @param rules - where the defaults do not fit
 * @returns stages for `run`
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * gen3().map(({ id }) => id)
 *   // ['book', 'ownAssets', 'backstop', 'auction', 'insurance', 'members', 'deleverage', 'withdrawals']
 */
export function gen3(rules: Gen3Rules = {}): Stage[] {
  const { fund = 'insurance', vault = 'vault', bpsOfNav = 4_000n, perDefault } = rulesOf('gen3', rules);
  return [
    { kind: 'liquidate', id: 'book', floor: 'bankruptcy' },
    { kind: 'convert', id: 'ownAssets' },
    { kind: 'transfer', id: 'backstop', to: vault, caps: { bpsOfNav } },
    { kind: 'auction', id: 'auction', mandatory: 'survivors' },
    { id: 'insurance', who: [fund], ...(perDefault === undefined ? {} : { caps: { perDefault } }) },
    { id: 'members', who: 'survivors', from: 'fund', allocate: 'juniority', whenEmpty: 'skip' },
    { kind: 'adl', id: 'deleverage', allocate: 'cappedProRata' },
    { kind: 'gate', id: 'withdrawals', fund, rules: { insolvency: { operator: '>' } } },
  ];
}
