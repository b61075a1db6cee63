// Venues whose funds stand behind one another: each bears its loss out of its own fund, then out of what others have agreed to
// give it. What nobody gives stays with the venue by name.
import { MarginError } from '../../errors.js';
import type { Exact } from '../../liquidation/exact.js';
import { type Integer, smaller } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amount, byId, type Ratio, ratioFrom0 } from '../amount.js';
import { oneOf } from '../words.js';
import { type Agreement, agreementsOf, ownPart, type ReadAgreement, reciprocalBounds } from './agreement.js';
import { draw, grouped, type Link } from './chains.js';
import { refuseCycles } from './cycles.js';

/** Minor units of one asset by venue. */
export type ByVenue = Readonly<Record<string, Integer>>;

/** Who gets the units that division leaves over; ties go to the lower id. No account bears them, so none is named. */
export type MutualRounding = 'largestRemainder' | 'floorThenId';

export const MUTUAL_ROUNDINGS: readonly MutualRounding[] = ['largestRemainder', 'floorThenId'];

/** In which order, and how far, venues stand behind one another. */
export interface MutualRule {
  /** Whether a venue's own fund pays before the others', or for what they leave open; default true. */
  ownFirst?: boolean;
  /**
   * Most that a venue draws on another, as a multiple of what its own fund would have given that one before any loss: 1, and
   * nobody gets more than it stands in for. Draws before do not count. Default: no such bound.
   */
  reciprocal?: Ratio;
  /**
   * Whether a giver whose fund has less than it has agreed to give (its `cap`, `perEvent`) draws on others for the rest;
   * default false.
   */
  onward?: boolean;
  /** Default `largestRemainder`. */
  round?: MutualRounding;
  /** Now, seconds, for agreements that rest; default 0. */
  time?: number;
}

/** What one venue bears and gives. */
export interface MutualVenue {
  /** Its name. */
  id: string;
  /** own + received + residual, minor units as all below. */
  loss: Amount;
  /** Of its loss, out of its own fund. */
  own: Amount;
  /** Of its loss, from others. */
  received: Amount;
  /** Of its loss, what nobody has paid. */
  residual: Amount;
  /** Out of its fund to others. */
  given: Amount;
  /** Money of others that it has drawn and handed on. */
  passed: Amount;
  /** What its fund has left. */
  fund: Amount;
}

/** Minor units from one venue to another. */
export interface MutualTransfer {
  /** Venue that gives. */
  from: string;
  /** Venue that receives. */
  to: string;
  /** > 0. */
  amount: Amount;
}

/** Losses of a network, and who has borne them. */
export interface MutualOutcome {
  /** By id. */
  venues: MutualVenue[];
  /** One for each agreement that was drawn on, by who draws and on whom. */
  transfers: MutualTransfer[];
  /** Funds pay, losses are paid: sums to zero. */
  postings: { account: string; purse: 'fund' | 'loss'; delta: Amount }[];
  /** Sum of what nobody has paid. */
  residual: Amount;
  /** As they were given, with what has been drawn and until when they rest. */
  agreements: Agreement[];
}

/** Funds by venue, sorted by id. */
export function fundsOf(value: unknown): Map<string, Amount> {
  const entries = new Row(value, '', undefined, 'funds').entries();
  const funds = entries.map(([id, fund]): [string, Amount] => [id, amount(fund as Integer, `funds.${id}`)]);
  return new Map(funds.sort(([a], [b]) => byId(a, b)));
}

/**
 * Bears losses of venues by their own funds and by those of others.
 * @param losses - minor units by venue, >= 0
 * @param funds - minor units by venue, >= 0; every venue of the losses and agreements is in it
 * @param agreements - who gives to whom, up to what
 * @param rule - own fund first, reciprocal bounds, onward draws
 * @returns what each venue has paid, received and could not pay. A loss is split over givers in proportion to what each can give
 *   under its agreement, losses that draw on one fund share it in proportion to what each would get of it alone, and shorter chains of
 *   onward draws come before longer ones. Proportion comes before the least residual: where several draw on the same funds,
 *   another split might pay more in all
 * @throws MarginError conflict where onward draws could go in a circle (the cycle is named) or are combined with
 *   `ownFirst: false`; unknown-id, duplicate, range, missing-key, unknown-key, type, inexact; before anything is computed
 * @example
 * mutualNetwork({ A: 100n }, { A: 30n, B: 60n, C: 30n }, [{ from: 'B', to: 'A', share: '1/2' }, { from: 'C', to: 'A', cap: 10n }])
 *   .transfers // [{ from: 'B', to: 'A', amount: 30n }, { from: 'C', to: 'A', amount: 10n }]
 */
export function mutualNetwork(
  losses: ByVenue,
  funds: ByVenue,
  agreements: readonly Agreement[],
  rule: MutualRule = {},
): MutualOutcome {
  const has = fundsOf(funds);
  const lost = lossesOf(losses, has);
  const { ownFirst, onward, round, time, reciprocal } = ruleOf(rule);
  const agreed = agreementsOf(agreements, has, time);
  if (onward) refuseCycles(agreed);
  const forOwn = new Map([...has].map(([id, fund]) => [id, smaller(fund, lost.get(id) ?? 0n)]));
  const free = new Map([...has].map(([id, fund]) => [id, fund - (forOwn.get(id) as Amount)]));
  const open = new Map([...lost].map(([id, loss]) => [id, ownFirst ? loss - (forOwn.get(id) as Amount) : loss]));
  const gave = new Map<string, Amount>();
  const links = linksOf(agreed, { before: has, free }, reciprocal, onward);
  draw({ links, free, open, gave, degrees: onward ? has.size : 1, round });
  const gives = grouped(links, 'from');
  const venues = [...has].map(([id, fund]): MutualVenue => {
    const loss = lost.get(id) ?? 0n;
    const left = open.get(id) ?? 0n;
    const own = ownFirst ? (forOwn.get(id) as Amount) : smaller(forOwn.get(id) as Amount, left);
    const residual = ownFirst ? left : left - own;
    const given = gave.get(id) ?? 0n;
    const handed = (gives.get(id) ?? []).reduce((sum, link) => sum + link.given, 0n);
    const received = loss - own - residual;
    return { id, loss, own, received, residual, given, passed: handed - given, fund: fund - own - given };
  });
  return {
    venues,
    transfers: links.flatMap(({ from, to, given }) => (given > 0n ? [{ from, to, amount: given }] : [])),
    postings: postingsOf(venues),
    residual: venues.reduce((sum, { residual }) => sum + residual, 0n),
    agreements: drawnOn(agreements, agreed, links, time),
  };
}

function lossesOf(value: unknown, funds: ReadonlyMap<string, Amount>): Map<string, Amount> {
  const losses = new Row(value, '', undefined, 'losses').entries().map(([id, loss]): [string, Amount] => {
    if (funds.has(id)) return [id, amount(loss as Integer, `losses.${id}`)];
    throw new MarginError('unknown-id', {
      path: `losses.${id}`,
      got: id,
      expected: 'a venue that has a fund, if only of 0',
    });
  });
  return new Map(losses.sort(([a], [b]) => byId(a, b)));
}

function ruleOf(value: MutualRule) {
  const row = new Row(value, 'rule', ['ownFirst', 'reciprocal', 'onward', 'round', 'time']);
  const ownFirst = !row.has('ownFirst') || row.flag('ownFirst');
  const onward = row.has('onward') && row.flag('onward');
  if (onward && !ownFirst) {
    const expected = 'ownFirst where draws go onward: only a fund that is used up falls short';
    throw new MarginError('conflict', { path: 'rule.onward', expected });
  }
  const round = oneOf(row.has('round') ? row.raw('round') : 'largestRemainder', 'rule.round', MUTUAL_ROUNDINGS);
  return { ownFirst, onward, round, time: row.number('time', 0), reciprocal: reciprocalOf(row) };
}

/** The multiple of `MutualRule.reciprocal`, if there is one. */
export function reciprocalOf(row: Row): Exact | undefined {
  return row.has('reciprocal') ? ratioFrom0(row.raw('reciprocal') as Ratio, row.at('reciprocal')) : undefined;
}

/** Agreements with what each admits now. Onward, the caps are the promise; otherwise it ends with the giver's own part. */
export function linksOf(
  agreements: readonly ReadAgreement[],
  funds: { before: ReadonlyMap<string, Amount>; free: ReadonlyMap<string, Amount> },
  reciprocal: Exact | undefined,
  onward: boolean,
): Link[] {
  const bounds = reciprocal ? reciprocalBounds(agreements, funds.before, reciprocal) : [];
  return agreements.map((agreement, i): Link => {
    const { from, to, group, most, rests } = agreement;
    const own = ownPart(agreement, funds.free.get(from) as Amount);
    const promise = onward && most !== null && !rests ? most : own;
    const bound = bounds[i] ?? promise;
    return { from, to, group, own, room: smaller(promise, bound), given: 0n };
  });
}

const postingsOf = (venues: readonly MutualVenue[]): MutualOutcome['postings'] =>
  venues
    .flatMap(({ id, own, given, received }) => [
      { account: id, purse: 'fund' as const, delta: -own - given },
      { account: id, purse: 'loss' as const, delta: own + received },
    ])
    .filter(({ delta }) => delta !== 0n);

/** The caller's agreements after the event. */
function drawnOn(
  agreements: readonly Agreement[],
  read: readonly ReadAgreement[],
  links: readonly Link[],
  time: number,
): Agreement[] {
  const after = [...agreements];
  for (const [i, { index, drawn, cooldown }] of read.entries()) {
    const { given } = links[i] as Link;
    if (given === 0n) continue;
    const rest = cooldown > 0 ? { restsUntil: time + cooldown } : {};
    after[index] = { ...(agreements[index] as Agreement), drawn: drawn + given, ...rest };
  }
  return after;
}
