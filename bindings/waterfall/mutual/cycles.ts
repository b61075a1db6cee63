// The cycle that forbids onward draws: where A draws on B, B on C and C on A, each counts on money that is its own. Found in about
// one pass over the agreements, as a network of some hundred venues has tens of thousands.
import { MarginError } from '../../errors.js';
import type { ReadAgreement } from './agreement.js';
import { grouped } from './chains.js';

type Ends = Pick<ReadAgreement, 'from' | 'to'>;
type ByVenue = ReadonlyMap<string, readonly Ends[]>;

/**
 * Refuses onward draws in a circle. Two venues that cover each other are none: who asks has nothing left to give.
 * @throws MarginError conflict, which names the cycle, from who draws to whom it draws on
 */
export function refuseCycles(agreements: readonly Ends[]): void {
  const circle = circlesOf(agreements);
  const inside = agreements.filter(({ from, to }) => circle.get(from) === circle.get(to));
  const asked = grouped(inside, 'to');
  // Venues of a circle that no cycle of three goes through are a tree of pairs, so few of these searches find nothing.
  for (const { from, to } of inside) {
    const back = pathOf(asked, from, to);
    if (!back) continue;
    throw new MarginError('conflict', {
      path: 'agreements',
      got: [to, ...back],
      expected: 'no cycle of three venues or more where draws go onward',
      hint: `The cycle is ${[to, ...back, to].join(' -> ')}: take one of its agreements out, or leave onward out`,
    });
  }
}

/** By venue, one that stands for all with which it can reach each other over agreements: no cycle leaves them (Kosaraju). */
function circlesOf(agreements: readonly Ends[]): Map<string, string> {
  const [asked, asking] = [grouped(agreements, 'to'), grouped(agreements, 'from')];
  const left: string[] = [];
  const seen = new Set<string>();
  for (const id of asked.keys()) walk(asked, 'from', id, seen, (venue) => left.push(venue));
  const circle = new Map<string, string>();
  const again = new Set<string>();
  for (const id of left.reverse()) walk(asking, 'to', id, again, (venue) => circle.set(venue, id));
  return circle;
}

/** Goes in depth from a venue to all that it reaches and that nobody has seen, and tells of each when it leaves it. */
function walk(
  agreements: ByVenue,
  end: keyof Ends,
  start: string,
  seen: Set<string>,
  leave: (venue: string) => void,
): void {
  if (seen.has(start)) return;
  const path: { id: string; next: Iterator<Ends> }[] = [];
  const enter = (id: string): void => {
    seen.add(id);
    path.push({ id, next: (agreements.get(id) ?? [])[Symbol.iterator]() });
  };
  enter(start);
  for (let at = path.at(-1); at; at = path.at(-1)) {
    const { done, value } = at.next.next();
    if (done) {
      path.pop();
      leave(at.id);
    } else if (!seen.has(value[end])) enter(value[end]);
  }
}

/** Shortest path from a venue to another over a third one: those on it without the last. */
function pathOf(asked: ByVenue, start: string, end: string): string[] | undefined {
  const before = new Map([[start, start]]);
  for (const at of before.keys()) {
    for (const { from: next } of asked.get(at) ?? []) {
      if (next === end && at !== start) return traced(before, start, at);
      if (next !== end && !before.has(next)) before.set(next, at);
    }
  }
  return undefined;
}

function traced(before: ReadonlyMap<string, string>, start: string, end: string): string[] {
  const path = [end];
  for (let at = end; at !== start; path.push(at)) at = before.get(at) as string;
  return path.reverse();
}
