// A mutual network as layers of one venue's own waterfall: the funds of other venues are accounts of its state, and what each
// has agreed to give is a measure by which a layer asks it.
import { Row } from '../../venues/rows.js';
import type { Ratio } from '../amount.js';
import type { Layer } from '../layer.js';
import type { AccountJSON } from '../state-json.js';
import { oneOf } from '../words.js';
import { type Agreement, agreementsOf } from './agreement.js';
import { grouped } from './chains.js';
import { type ByVenue, fundsOf, linksOf, MUTUAL_ROUNDINGS, type MutualRounding, reciprocalOf } from './network.js';

/** Measure of what a fund has agreed to give a venue. */
const measureOf = (venue: string): string => `agreed ${venue}`;

/** How funds of venues become accounts. */
export interface MutualFundsRule {
  /** Asset of the funds. */
  asset: string;
  /** Purse that they are in; default `fund`. */
  purse?: string;
  /** As in `MutualRule`. */
  reciprocal?: Ratio;
  /** Now, seconds, for agreements that rest; default 0. */
  time?: number;
}

/**
 * Funds of venues as accounts for a state.
 * @param funds - minor units by venue, as they are now
 * @param agreements - who gives to whom
 * @param rule - asset and purse; reciprocal bound and time as for the network
 * @returns an account of the house for each fund, by id, with what it gives each venue at most as a measure, minor units
 * @throws MarginError unknown-id, duplicate, conflict, range, missing-key, unknown-key, type, inexact
 * @example
 * mutualFunds({ B: 60n }, [], { asset: 'USD' }) // [{ id: 'B', house: true, purses: { fund: { USD: 60n } }, measures: {} }]
 */
export function mutualFunds(funds: ByVenue, agreements: readonly Agreement[], rule: MutualFundsRule): AccountJSON[] {
  const row = new Row(rule, 'rule', ['asset', 'purse', 'reciprocal', 'time']);
  const has = fundsOf(funds);
  const agreed = agreementsOf(agreements, has, row.number('time', 0));
  const links = linksOf(agreed, { before: has, free: has }, reciprocalOf(row), false);
  const gives = grouped(links, 'from');
  const [asset, purse] = [row.text('asset'), purseAt(row)];
  return [...has].map(([id, fund]) => {
    const measures = Object.fromEntries((gives.get(id) ?? []).map(({ to, room }) => [measureOf(to), room]));
    return { id, house: true, purses: { [purse]: { [asset]: fund } }, measures };
  });
}

/** How funds of other venues become layers. */
export interface MutualLayersRule {
  /** Purse of the funds, as in `mutualFunds`; default `fund`. */
  purse?: string;
  /** Default `largestRemainder`. */
  round?: MutualRounding;
}

/**
 * The layers of other venues' funds in a venue's waterfall, to be put before its own fund or after it. With the accounts of
 * `mutualFunds` in the state they draw what `mutualNetwork` does for a loss of this venue alone, without onward draws.
 * @param venue - whose waterfall it is
 * @param agreements - who gives to whom; those for other venues are left out
 * @param rule - purse and rounding
 * @returns a layer for each group of givers, the lowest group first
 * @throws MarginError duplicate, conflict, range, missing-key, unknown-key, type, inexact
 * @example
 * mutualLayers('A', [{ from: 'B', to: 'A' }, { from: 'C', to: 'B' }]).map(({ id, who }) => [id, who]) // [['mutual 0', ['B']]]
 */
export function mutualLayers(venue: string, agreements: readonly Agreement[], rule: MutualLayersRule = {}): Layer[] {
  const row = new Row(rule, 'rule', ['purse', 'round']);
  const round = oneOf(row.has('round') ? row.raw('round') : 'largestRemainder', 'rule.round', MUTUAL_ROUNDINGS);
  const from = purseAt(row);
  const groups = new Map<number, string[]>();
  // Whether venues are known is for the state to say, which has the accounts.
  for (const { from: giver, to, group } of agreementsOf(agreements, { has: () => true }, 0)) {
    if (to === venue) groups.set(group, [...(groups.get(group) ?? []), giver]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([group, who]): Layer => {
      const caps = { perMember: { of: measureOf(venue), times: 1 } };
      return { id: `mutual ${group}`, who, from, caps, round };
    });
}

const purseAt = (row: Row): string => (row.has('purse') ? row.text('purse') : 'fund');
