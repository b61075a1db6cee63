// Checks are answered at the door, from the book of its own isolate: the way to the object and back takes longer than a check.
// The object is asked in the background how far it is, and what has happened there since is done here in the same order.
import type { BookState } from './book-state.js';
import { applyStored, held, hold, isSettled } from './held.js';
import { noBook, Problem } from './problem.js';
import { type Head, readSnapshot } from './snapshot.js';
import type { Batch } from './stored.js';

/** How far the object is. */
export interface News {
  /** The object itself: its book is the door's own where both are in one isolate. */
  writer: string;
  /** The last batch that is stored. */
  sequence: number;
  /** The next batches behind those that the door has; none: it has to begin with the snapshot. */
  batches: Batch[] | undefined;
  head: Head;
}

/** What a door asks of the object. */
export interface Source {
  /** @param stored - the last batch of the edition that the door has; `writer`: the object whose own book that is, or '' */
  since(edition: string, stored: number, writer: string): Promise<News | 'empty' | 'damaged'>;
  /** A part of the snapshot; undefined where another one has taken its place. */
  part(generation: number, i: number): Promise<Uint8Array | undefined>;
}

/** The way to the object, made when it is needed: most checks do without. */
export type Room = () => Source;

/** Milliseconds after which a check has the object asked, and after which it waits for the answer. */
const FRESH = 50;
const MOST_AGE = 1000;
/** A question that was not answered for so long is asked again: the request that it belonged to may be gone. */
const PATIENCE = 10_000;

/** Questions are numbered: the last one sent, the last one answered, and when that one was sent. */
let sent = 0;
let answered = 0;
let confirmed = Number.NEGATIVE_INFINITY;
/** When the question was sent that is on its way. */
let waiting: number | undefined;
let missing: 'empty' | 'damaged' = 'empty';

/**
 * The book to answer from, at most `MOST_AGE` behind the object.
 * @param least - number of a batch that has to be in it
 * @throws Problem 503 where there is none, or where the object does not answer; 409 where it has no such batch
 */
export async function current(room: Room, ctx: ExecutionContext, least = 0): Promise<BookState> {
  const { state } = held() ?? {};
  const age = Date.now() - confirmed;
  // Below 0 the clock was set back.
  if (state && state.sequence >= least && age >= 0 && age <= MOST_AGE) {
    if (age > FRESH && !isWaiting()) void ask(room, ctx).catch(console.error);
    return state;
  }
  await follow(room, ctx);
  const now = held()?.state;
  if (!now) throw noBook(missing);
  if (now.sequence >= least) return now;
  const hint = 'No such batch has been taken yet';
  throw new Problem(409, 'sequence', { path: 'sequence', got: least, expected: `at most ${now.sequence}`, hint });
}

/** Brings the book of this isolate to where the object is now, or further. @throws Problem 503 */
export async function follow(room: Room, ctx: ExecutionContext): Promise<void> {
  // One that is on its way may have been answered already, with what was then.
  const before = sent;
  try {
    // Requests cannot wait for a promise of another one, which may be gone before it is kept.
    while (answered <= before) await (isWaiting() ? scheduler.wait(1) : ask(room, ctx));
  } catch (error) {
    console.error(error);
    throw new Problem(503, 'unavailable', { path: 'book', hint: 'Send it again' }, { 'retry-after': '1' });
  }
}

const isWaiting = (): boolean => waiting !== undefined && Date.now() - waiting < PATIENCE;

/** One question at a time; it outlives the request that asks. */
async function ask(room: Room, ctx: ExecutionContext): Promise<void> {
  sent += 1;
  const number = sent;
  const now = Date.now();
  waiting = now;
  const question = catchUp(room)
    .then(() => {
      if (number < answered) return;
      answered = number;
      confirmed = now;
    })
    .finally(() => {
      if (number === sent) waiting = undefined;
    });
  ctx.waitUntil(question.catch(() => undefined));
  return question;
}

async function catchUp(room: Room): Promise<void> {
  for (;;) {
    const here = held();
    const { edition = '', stored = 0, writer = '' } = here ?? {};
    const news = await room().since(edition, stored, writer);
    // A book may have come while the object was asked.
    if (held() !== here) continue;
    if (typeof news === 'string') {
      missing = news;
      return hold(undefined);
    }
    if (here?.writer === news.writer) {
      here.stored = Math.max(here.stored, news.sequence);
      return;
    }
    if (here && news.batches && isSettled(here)) {
      try {
        applyStored(here, news.batches);
      } catch (error) {
        // It has to be loaded anew.
        hold(undefined);
        throw error;
      }
      if (here.stored >= news.sequence) return;
      continue;
    }
    // The old one goes first: two books at once may be more than there is memory for.
    hold(undefined);
    const stub = room();
    const next = await readSnapshot(news.head, (generation, i) => stub.part(generation, i));
    if (!held()) hold(next);
  }
}
