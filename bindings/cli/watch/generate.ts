// --generate: ticks that are made instead of read, the same ones for the same book, kind, number and seed on every machine.
import type { BookBase } from '../../book/book.js';
import type { EngineEvent } from '../../watch/engine/event.js';
import { UsageError } from '../command.js';
import { Random } from '../demo/random.js';
import { count, many } from '../format.js';
import { type Mover, moversOf } from './movers.js';
import { batchesOf, type Source } from './source.js';

export const KINDS = ['diffusive', 'trend', 'gap', 'crash', 'closes'] as const;
export type Kind = (typeof KINDS)[number];

/** Standard deviation of what a price has moved by since its last tick: a basis point. */
const STEP = 1e-4;
/** What all prices lose: over a whole trend, at once in a gap. */
const TREND = 0.2;
export const GAP = 0.1;
/** The flash crash, as shares of the ticks: falls from, is lowest at, has recovered at; and levels then. */
const CRASH = { from: 0.4, lowest: 0.45, until: 0.6, low: 0.7, after: 0.95 };
/** Another stream of random numbers than those of the demo's accounts. */
const STREAM = 0x7469636b;

/** Level that all prices have in common, by the share of ticks that is over. */
const COURSES: Record<Exclude<Kind, 'closes'>, (share: number) => number> = {
  diffusive: () => 1,
  trend: (share) => 1 - TREND * share,
  gap: (share) => (share < 0.5 ? 1 : 1 - GAP),
  crash(share) {
    const { from, lowest, until, low, after } = CRASH;
    if (share < from) return 1;
    if (share < lowest) return 1 - ((1 - low) * (share - from)) / (lowest - from);
    return share < until ? low + ((after - low) * (share - lowest)) / (until - lowest) : after;
  },
};

/** A tick moves one coin by a random step and brings a price of it; in a gap every price comes, one after the other. */
function* ticksOf(kind: Exclude<Kind, 'closes'>, movers: readonly Mover[], ticks: number, seed: number) {
  const random = new Random(seed, STREAM);
  const levels = new Map(movers.map(({ coin }) => [coin, 1]));
  // A coin moves with every tick of what is named after it, and so for each of them by that much less.
  const sharing = new Map<string, number>();
  for (const { coin } of movers) sharing.set(coin, (sharing.get(coin) ?? 0) + 1);
  const step = ({ coin }: Mover): number => STEP / Math.sqrt(sharing.get(coin) as number);
  const level = ({ coin }: Mover): number => levels.get(coin) as number;
  const gapAt = kind === 'gap' ? Math.min(Math.floor(ticks / 2), Math.max(0, ticks - movers.length)) : -1;
  let made = 0;
  while (made < ticks) {
    const course = kind === 'gap' ? COURSES.gap(made < gapAt ? 0 : 1) : COURSES[kind](made / ticks);
    if (made === gapAt) {
      for (const mover of movers.slice(0, ticks - made)) {
        yield mover.event(mover.price * level(mover) * course);
        made++;
      }
      continue;
    }
    const mover = movers[random.below(movers.length)] as Mover;
    levels.set(mover.coin, level(mover) * (1 + step(mover) * random.normal()));
    yield mover.event(mover.price * level(mover) * course);
    made++;
  }
}

export interface Generated {
  kind: Exclude<Kind, 'closes'>;
  ticks: number;
  seed: number;
}

const WORDS: Record<Generated['kind'], string> = {
  diffusive: 'diffusive ticks of a basis point',
  trend: `ticks of a basis point in a market that falls by ${100 * TREND} % over all of them`,
  gap: `ticks of a basis point, with a gap of ${100 * GAP} % in all markets half-way`,
  crash: `ticks of a basis point, with a fall of ${Math.round(100 * (1 - CRASH.low))} % half-way that recovers to ${Math.round(100 * (1 - CRASH.after))} % below`,
};

/** @throws UsageError where nothing of the book moves */
export function generated(book: BookBase, { kind, ticks, seed }: Generated): Source {
  const { movers, first } = moversOf(book);
  if (movers.length === 0) {
    throw new UsageError(
      `--generate ${kind}: nothing that moves is held in this book`,
      'Give events on stdin or by --journal',
    );
  }
  function* events(): Generator<EngineEvent> {
    yield* first;
    yield* ticksOf(kind, movers, ticks, seed);
  }
  const follow = `${many(first.length, 'option')} with a mark of its own ${first.length === 1 ? 'follows its' : 'follow their'} underlying by value from the first events on.`;
  return {
    name: `${count(ticks)} ${WORDS[kind]}, seed ${seed}`,
    kind: 'generated',
    total: first.length + ticks,
    dated: false,
    notes: first.length > 0 ? [follow] : [],
    batches: () => batchesOf(events()),
    where: () => null,
    day: () => null,
  };
}
