// How money comes to open losses: over the shortest chains of agreements first (a venue's own givers, then those on whom these
// may draw), each round in proportion, until no chain is left that has money at its end.
import { smaller } from '../../venues/integer.js';
import { share } from '../allocate.js';
import type { Amount } from '../amount.js';
import type { Rounding } from '../rounding.js';

/** An agreement at work; amounts are minor units. */
export interface Link {
  from: string;
  to: string;
  group: number;
  /** What the giver's own fund may still give under it. */
  own: Amount;
  /** What may still pass under it, whosever money it is. */
  room: Amount;
  /** What has passed. */
  given: Amount;
}

interface Network {
  /** Sorted by who draws and on whom. */
  links: readonly Link[];
  /** What funds have left for others. */
  free: Map<string, Amount>;
  /** Open losses. */
  open: Map<string, Amount>;
  /** What funds have given of their own. */
  gave: Map<string, Amount>;
  /** Longest chain. */
  degrees: number;
  round: Rounding;
}

type Sums = Map<string, Amount>;

const sumOf = (sums: ReadonlyMap<string, Amount>, id: string): Amount => sums.get(id) ?? 0n;
const add = (sums: Sums, id: string, amount: Amount): void => {
  sums.set(id, sumOf(sums, id) + amount);
};

/** Draws on funds until losses are paid or nothing can come any more; changes the network. */
export function draw(network: Network): void {
  for (let chains = shortest(network); chains; chains = shortest(network)) follow(network, chains);
}

const spare = ({ free }: Network, { from, own, room }: Link): Amount => smaller(smaller(own, room), sumOf(free, from));

/**
 * Links by degree, the last with money; none where there is none. A venue asks on once in a round, and never the one that it
 * asks for.
 */
function shortest(network: Network): Link[][] | undefined {
  let asking = new Set([...network.open].flatMap(([id, open]) => (open > 0n ? [id] : [])));
  const asked = new Map<string, Set<string>>();
  const chains: Link[][] = [];
  while (asking.size > 0 && chains.length < network.degrees) {
    const links = network.links.filter(
      ({ from, to, room }) => room > 0n && asking.has(to) && asked.get(to)?.has(from) !== true,
    );
    const ends = links.filter((link) => spare(network, link) > 0n);
    if (ends.length > 0) return [...chains, ends];
    const onward = links.filter(({ from }) => !asked.has(from));
    for (const { from, to } of onward) asked.set(from, new Set([...(asked.get(from) ?? []), to]));
    asking = new Set(onward.map(({ from }) => from));
    chains.push(onward);
  }
  return undefined;
}

/** One round: what can come is found from the ends, then it is asked for, then it is handed on. */
function follow(network: Network, chains: readonly Link[][]): void {
  const { reach, powers } = reachOf(network, chains);
  const wants = chains.map(() => new Map<Link, Amount>());
  let wanted: Sums = new Map(network.open);
  for (const [degree, links] of chains.entries()) {
    const asks = wants[degree] as Map<Link, Amount>;
    const live = links.filter((link) => reach.has(link));
    for (const [to, group] of grouped(live, 'to')) {
      const most = group.map((link): [Link, Amount] => [link, reach.get(link) as Amount]);
      divide(sumOf(wanted, to), most, 'from', network, asks);
    }
    wanted = new Map();
    for (const [from, group] of grouped(live, 'from')) {
      const power = sumOf(powers[degree] as Sums, from);
      for (const amount of divide(power, parts(group, asks), 'to', network, asks)) add(wanted, from, amount);
    }
  }
  handOn(network, chains, wants);
}

/** Most that can come over each link, and what each giver can give at each degree: its fund at the last, else its givers. */
function reachOf(network: Network, chains: readonly Link[][]): { reach: Map<Link, Amount>; powers: Sums[] } {
  const reach = new Map<Link, Amount>();
  const powers: Sums[] = [];
  let power: Sums = network.free;
  for (const [back, links] of [...chains].reverse().entries()) {
    powers.unshift(power);
    const next: Sums = new Map();
    for (const link of links) {
      const most = back === 0 ? spare(network, link) : smaller(link.room, sumOf(power, link.from));
      if (most === 0n) continue;
      reach.set(link, most);
      add(next, link.to, most);
    }
    power = next;
  }
  return { reach, powers };
}

/** Money goes from the funds at the ends to the losses; what comes short is short for all who asked, in proportion. */
function handOn(network: Network, chains: readonly Link[][], wants: readonly Map<Link, Amount>[]): void {
  let arrived: Sums = network.free;
  for (let degree = chains.length - 1; degree >= 0; degree--) {
    const asks = wants[degree] as Map<Link, Amount>;
    const next: Sums = new Map();
    for (const [from, group] of grouped([...asks.keys()], 'from')) {
      divide(sumOf(arrived, from), parts(group, asks), 'to', network, asks);
      for (const [link, amount] of parts(group, asks)) {
        link.room -= amount;
        link.given += amount;
        add(next, link.to, amount);
        if (degree < chains.length - 1) continue;
        link.own -= amount;
        add(network.free, from, -amount);
        add(network.gave, from, amount);
      }
    }
    arrived = next;
  }
  for (const [id, amount] of arrived) add(network.open, id, -amount);
}

const parts = (links: readonly Link[], asks: ReadonlyMap<Link, Amount>): [Link, Amount][] =>
  links.map((link) => [link, asks.get(link) ?? 0n]);

/** Splits an amount over links by the most that each takes, and notes it. @param end - by whom ties are broken */
function divide(
  amount: Amount,
  most: readonly [Link, Amount][],
  end: 'from' | 'to',
  { round }: Network,
  out: Map<Link, Amount>,
): Amount[] {
  const asked = most.map(([link, capacity]) => {
    return { id: link[end], weight: capacity, capacity, group: end === 'from' ? link.group : 0 };
  });
  const { shares } = share(amount, asked, 'juniority', round);
  most.forEach(([link], i) => {
    out.set(link, shares[i] as Amount);
  });
  return shares;
}

/** Links by who gives, or by who draws; of each in their order. */
export function grouped<L extends { from: string; to: string }>(
  links: readonly L[],
  end: 'from' | 'to',
): Map<string, L[]> {
  const groups = new Map<string, L[]>();
  for (const link of links) {
    const group = groups.get(link[end]);
    if (group) group.push(link);
    else groups.set(link[end], [link]);
  }
  return groups;
}
