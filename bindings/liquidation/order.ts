// Which leg first: most relief for its cost, least impact, or never leaving a hedge open. The order does not depend on
// that of the input; ties go to the lower id.
import { wordOf } from '../book/fields.js';
import { byId, type Leg, type ReadLeg, readLegs } from './leg.js';

/** What decides which leg is closed first; see `orderLegs`. */
export type Objective = 'maxRelief' | 'minImpact' | 'hedgeSafe';

/** A leg, or a part of one. */
export interface LegClose {
  /** Of the leg. */
  id: string;
  /** Signed contracts that are closed, in the direction of the position. */
  size: number;
  /** Requirement that goes, quote. */
  relief: number;
  /** Fees and impact, quote. */
  cost: number;
}

/** What is closed at once: a leg or a part of it, or a part of two that hedge each other. */
export interface OrderStep {
  /** What it closes: one leg, or a pair jointly. */
  legs: LegClose[];
  /** Whose net delta it changes. */
  underlying: string;
  /** Requirement that goes, quote. */
  relief: number;
  /** Fees and impact, quote. */
  cost: number;
  /** Net delta of the underlying before and after, units of it. */
  deltaBefore: number;
  /** Net delta of the underlying after it, units of it. */
  deltaAfter: number;
}

/** Net deltas below this share of the gross count as hedged: sums of sizes round. */
const HEDGED = 1e-12;

const OBJECTIVES: Readonly<Record<Objective, number>> = { maxRelief: 0, minImpact: 1, hedgeSafe: 2 };

/** Relief for each unit of cost; without cost any relief is best. */
const score = ({ relief, cost }: { relief: number; cost: number }): number =>
  cost > 0 ? relief / cost : relief > 0 ? Number.POSITIVE_INFINITY : 0;

/** Falling numbers; infinities are equal to each other. */
const falling = (a: number, b: number): number => (a === b ? 0 : a > b ? -1 : 1);

const byRelief = (a: ReadLeg, b: ReadLeg): number =>
  falling(score({ relief: a.requirement, cost: a.cost }), score({ relief: b.requirement, cost: b.cost })) ||
  falling(a.requirement, b.requirement) ||
  byId(a.id, b.id);

const byImpact = (a: ReadLeg, b: ReadLeg): number =>
  falling(-a.impact, -b.impact) || falling(-a.cost, -b.cost) || byRelief(a, b);

/**
 * The order in which the legs of an account are closed.
 * @param legs - positions of the account, each id once
 * @param objective - maxRelief: greedy, most requirement freed for each unit of cost; minImpact: the least relative
 *   price move; hedgeSafe: as maxRelief, but no step raises the absolute net delta of an underlying: first what is not
 *   hedged, then pairs of long and short delta jointly
 * @returns steps that together close all legs
 * @throws MarginError range, duplicate, missing-key, type, not-finite, unknown-key
 * @example
 * orderLegs([{ id: 'perp', size: -1, notional: 100, requirement: 5, underlying: 'BTC' },
 *   { id: 'spot', size: 1.5, notional: 150, requirement: 30, underlying: 'BTC' }], 'hedgeSafe')
 *   .map(({ legs }) => legs.map(({ id, size }) => [id, size])) // [[['spot', 0.5]], [['spot', 1], ['perp', -1]]]
 */
export function orderLegs(legs: readonly Leg[], objective: Objective): OrderStep[] {
  const read = readLegs(legs);
  const goal = wordOf(objective, 'objective', OBJECTIVES);
  if (goal === OBJECTIVES.hedgeSafe) return hedged(read);
  const net = netDeltas(read);
  return read.sort(goal === OBJECTIVES.minImpact ? byImpact : byRelief).map((leg) => {
    const before = net.get(leg.underlying) ?? 0;
    const step = stepOf([{ leg, part: 1 }], before, before - leg.delta);
    net.set(leg.underlying, step.deltaAfter);
    return step;
  });
}

function netDeltas(legs: readonly ReadLeg[]): Map<string, number> {
  const net = new Map<string, number>();
  for (const { underlying, delta } of legs) net.set(underlying, (net.get(underlying) ?? 0) + delta);
  return net;
}

function stepOf(parts: { leg: ReadLeg; part: number }[], deltaBefore: number, deltaAfter: number): OrderStep {
  const legs = parts.map(({ leg, part }) => closeOf(leg, part));
  return {
    legs,
    underlying: parts[0]?.leg.underlying ?? '',
    relief: legs.reduce((sum, { relief }) => sum + relief, 0),
    cost: legs.reduce((sum, { cost }) => sum + cost, 0),
    deltaBefore,
    deltaAfter,
  };
}

/** Impact grows with the square of a part; a later part of the same leg finds the book as it was. */
function closeOf({ id, size, requirement, notional, impact, cost }: ReadLeg, part: number): LegClose {
  const moved = (notional * impact) / 2;
  return { id, size: size * part, relief: requirement * part, cost: (cost - moved) * part + moved * part * part };
}

/** Steps of each underlying in their own order; at each turn the underlying whose next step frees most for its cost. */
function hedged(legs: readonly ReadLeg[]): OrderStep[] {
  const groups = new Map<string, ReadLeg[]>();
  for (const leg of legs) groups.set(leg.underlying, [...(groups.get(leg.underlying) ?? []), leg]);
  const queues = [...groups.values()].map(hedgedGroup).filter((steps) => steps.length > 0);
  const steps: OrderStep[] = [];
  while (queues.length > 0) {
    queues.sort(([a], [b]) => (a && b ? byStep(a, b) : 0));
    const next = queues[0]?.shift();
    if (next) steps.push(next);
    if (queues[0]?.length === 0) queues.shift();
  }
  return steps;
}

const byStep = (a: OrderStep, b: OrderStep): number =>
  falling(score(a), score(b)) || falling(a.relief, b.relief) || byId(a.legs[0]?.id ?? '', b.legs[0]?.id ?? '');

/** Steps that close the legs of one underlying without ever raising its absolute net delta. */
function hedgedGroup(legs: readonly ReadLeg[]): OrderStep[] {
  const gross = legs.reduce((sum, { delta }) => sum + Math.abs(delta), 0);
  const best = [...legs].sort(byRelief);
  const open = new Map(best.map((leg) => [leg, leg.delta]));
  const steps: OrderStep[] = [];
  let net = legs.reduce((sum, { delta }) => sum + delta, 0);
  const settle = (value: number): number => (Math.abs(value) <= HEDGED * gross ? 0 : value);
  const close = (parts: { leg: ReadLeg; delta: number }[]): void => {
    const after = settle(parts.reduce((sum, { delta }) => sum - delta, net));
    const shares = parts.map(({ leg, delta }) => ({ leg, part: leg.delta === 0 ? 1 : delta / leg.delta }));
    steps.push(stepOf(shares, net, after));
    net = after;
    for (const { leg, delta } of parts) {
      const left = (open.get(leg) ?? 0) - delta;
      if (settle(left) === 0) open.delete(leg);
      else open.set(leg, left);
    }
  };
  const first = (holds: (delta: number) => boolean): [ReadLeg, number] | undefined =>
    [...open].find(([, delta]) => holds(delta));
  for (;;) {
    net = settle(net);
    const neutral = first((delta) => delta === 0);
    const excess = net === 0 ? undefined : first((delta) => delta > 0 === net > 0 && delta !== 0);
    const [long, short] = [first((delta) => delta > 0), first((delta) => delta < 0)];
    if (neutral) close([{ leg: neutral[0], delta: 0 }]);
    else if (excess) close([{ leg: excess[0], delta: Math.abs(excess[1]) <= Math.abs(net) ? excess[1] : net }]);
    else if (long && short) {
      const joint = Math.min(long[1], -short[1]);
      close([
        { leg: long[0], delta: joint },
        { leg: short[0], delta: -joint },
      ]);
    } else break;
  }
  // What rounding has left of a leg goes with the last step.
  for (const [leg, delta] of [...open]) close([{ leg, delta }]);
  return steps;
}
