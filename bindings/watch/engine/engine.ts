// The live engine: a book, its watch and a journal. It takes what happens to a venue as a stream of numbered events, says who has
// crossed a line, and comes to the same state and the same crossings when the journal is replayed. No clock, no randomness.
import type { BookBase } from '../../book/book.js';
import type { Ref } from '../../book/book-rows.js';
import { Fields, isObject } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import type { Allowed } from '../../guards/actions.js';
import { checkBook } from '../../margin.js';
import type { Crossings } from '../crossings.js';
import { linesOf, type WatchLevels, ZONE } from '../lines.js';
import { Watch } from '../watch.js';
import { Allowances, allowedActions } from './allow.js';
import { applyEvent, type MarketState, type Sides, type Touched } from './apply.js';
import { byName, NO_CROSSINGS, NOBODY, named, type Outcome, type UnitName } from './crossed.js';
import type { Damage } from './damage.js';
import type { EngineEvent, NumberedEvent } from './event.js';
import { hashOf } from './hash.js';
import { Held, isForbidden } from './held.js';
import { type Journal, journalHead } from './journal.js';
import { MAX_SEQUENCE, readEvent, sequenceOf } from './read-event.js';
import { decodeEvent, encodeEvent, isBytes, writeRecord } from './record.js';
import { decodeSnapshot, encodeSnapshot } from './snapshot.js';
import { besideOf, type Known, takeOver, zoneAt } from './state.js';

/** Takes whole records, in order; throws where it could not take all of one. */
export type Sink = (bytes: Uint8Array) => void;

/** What an engine is made with. */
export interface EngineOptions {
  /** Lines of the watch. */
  levels?: WatchLevels;
}

/** What a replay has done. */
export interface Replayed {
  /** Events applied, and those that were in the state already. */
  applied: number;
  /** Events that were in the state already. */
  skipped: number;
  /** What is wrong behind them, as the journal says. */
  damage: Damage | undefined;
}

/** An event that has been applied, and whose outcome or record has not been given out yet. */
interface Pending {
  sequence: number;
  record: Uint8Array | undefined;
  touched: Touched;
}

/**
 * Follows a venue event by event. The book belongs to the engine: whatever changes it goes through `apply`.
 * @example
 * const engine = new Engine(book);
 * engine.record((bytes) => fs.writeSync(file, bytes));
 * const { crossings } = engine.apply({ kind: 'mark', market: 'BTC-PERP', mark: 58_400 });
 * for (const { account, bucket } of crossings.liquidatable) liquidate(account, bucket);
 */
export class Engine<B extends BookBase = BookBase> {
  /** The book that it follows; `apply` alone may change it. */
  readonly book: B;
  readonly #watch: Watch;
  readonly #levels: WatchLevels;
  readonly #sides: Sides = { assets: new Allowances(), markets: new Allowances(), closed: new Map() };
  readonly #held = new Held();
  #sequence = 0;
  #changes: number;
  #sink: Sink | undefined;
  #pending: Pending | undefined;
  #closed = false;
  /** An event is being read, whose getters are the caller's code: they apply no other. */
  #reading = false;

  /** Takes the book over as it is, at sequence 0. @throws MarginError type, range, conflict where the book has a watch already */
  constructor(book: B, options: EngineOptions = {}) {
    checkBook(book);
    const f = new Fields(options, 'options', ['levels']);
    const levels = f.has('levels') ? (options.levels as WatchLevels) : {};
    linesOf(levels, false, 'options.levels');
    const { warning, backstop } = levels;
    this.#levels = { ...(warning === undefined ? {} : { warning }), ...(backstop === undefined ? {} : { backstop }) };
    this.book = book;
    this.#watch = new Watch(book, { levels: this.#levels });
    this.#changes = book.changes;
  }

  /**
   * The engine of a snapshot: same state, same hash.
   * @param options.decode - reads the book: `Book.decode` of the entry that the book is of
   * @throws MarginError type, format, truncated, corrupt; conflict where this version finds units in other zones than the snapshot says
   * @example
   * const engine = Engine.restore(bytes, { decode: Book.decode });
   */
  static restore<B extends BookBase>(bytes: Uint8Array, options: { decode: (bytes: Uint8Array) => B }): Engine<B> {
    const { sequence, beside, book } = decodeSnapshot(bytes);
    const f = new Fields(options, 'options', ['decode']);
    if (typeof f.raw('decode') !== 'function')
      throw new MarginError('type', { path: f.at('decode'), got: f.raw('decode'), expected: 'Book.decode' });
    const engine = new Engine(options.decode(book), { levels: beside.levels });
    engine.#sequence = sequence;
    takeOver(engine.#known, beside);
    return engine;
  }

  /** Number of the last event that has been applied; 0: none yet. */
  get sequence(): number {
    return this.#sequence;
  }

  /**
   * Takes an event in: applies it to the book, records it, says who has crossed a line by it.
   * @param event - the next event; or its bytes, of `encodeEvent` or a journal. One that has been applied is ignored
   * @returns what it came to; of its own, nothing of it is borrowed
   * @throws MarginError with code and path; nothing has changed. conflict at sequence: events before it are missing; at book: it was
   *   changed by somebody else; at event: a getter of another has called it; at journal: a record is left to `flush`. What the sink throws: then the event stands, and so does its
   *   record
   * @example
   * engine.apply({ kind: 'fill', account: 'a1', market: 'BTC-PERP', size: -0.5, price: 58_400, fee: 14.6 });
   * engine.apply(bytes).sequence
   */
  apply(event: EngineEvent | Uint8Array): Outcome {
    this.#ready();
    const next = this.#sequence + 1;
    const read = this.#read(event, next);
    if (typeof read === 'number')
      return { sequence: read, applied: false, crossings: NO_CROSSINGS, held: NOBODY, released: NOBODY };
    // A getter of the event may have called the book, or closed the engine.
    this.#ready();
    this.#proven(read);
    const record = this.#sink ? writeRecord(read) : undefined;
    const touched = this.#run(read);
    this.#sequence = next;
    this.#pending = { sequence: next, record, touched };
    return this.#finish();
  }

  /** The event as it is applied, or the number of one that has been. */
  #read(event: EngineEvent | Uint8Array, next: number): NumberedEvent | number {
    this.#reading = true;
    try {
      const given: EngineEvent = isBytes(event) ? decodeEvent(event) : event;
      const number = sequenceOf(given) ?? next;
      if (number < next) return number;
      this.#follows(number);
      return readEvent(given, next, this.book);
    } finally {
      this.#reading = false;
    }
  }

  /**
   * Gives the record that the sink has refused to it again, and finishes its event, which stands.
   * @returns what the event came to; undefined where nothing was left to do
   * @throws what the sink throws
   */
  flush(): Outcome | undefined {
    return this.#pending ? this.#finish() : undefined;
  }

  /**
   * Records events from now on: first the head of a journal, then each event as it is applied. Each call of the sink is a whole record.
   * @param sink - undefined: record no more
   * @param options.resume - true: no head, the sink goes on with a journal that is whole up to this state
   * @throws MarginError type; what the sink throws
   * @example
   * engine.record((bytes) => chunks.push(bytes));
   */
  record(sink: Sink | undefined, options: { resume?: boolean } = {}): void {
    const resume = new Fields(options, 'options', ['resume']).boolean('resume', false);
    if (sink !== undefined && typeof sink !== 'function')
      throw new MarginError('type', { path: 'sink', got: sink, expected: 'a function that takes bytes' });
    this.#ready();
    if (sink && !resume) sink(journalHead({ sequence: this.#sequence, hash: this.hash() }));
    this.#sink = sink;
  }

  /**
   * Applies the events of a journal that are not in the state yet.
   * @param visit - is given the outcome of each event that is applied, in order
   * @throws MarginError conflict where the journal starts behind this state, or from another state of the same sequence; what `apply` throws
   * @example
   * engine.replay(readJournal(bytes), ({ crossings }) => report(crossings.liquidatable));
   */
  replay(journal: Journal, visit: (outcome: Outcome) => void = () => {}): Replayed {
    this.#ready();
    this.#startsHere(journal);
    const done: Replayed = { applied: 0, skipped: 0, damage: journal.damage };
    for (const event of journal) {
      const outcome = this.apply(event);
      if (outcome.applied) {
        done.applied++;
        visit(outcome);
      } else done.skipped++;
    }
    return done;
  }

  /**
   * The event as the bytes of a message or a journal, with this engine's ids and, where it has none, its next sequence.
   * @throws MarginError type, missing-key, unknown-key, unknown-id, not-finite, range
   */
  encode(event: EngineEvent): Uint8Array<ArrayBuffer> {
    return encodeEvent({ ...event, sequence: sequenceOf(event) ?? this.#sequence + 1 } as NumberedEvent, this.book);
  }

  /** Records the hash of the state, so that a replay is proven to have come to it. @returns the hash */
  checkpoint(): string {
    const hash = this.hash();
    this.apply({ kind: 'checkpoint', hash });
    return hash;
  }

  /** All of the state in one buffer: book, sequence, levels, permissions, closed markets, held units, zones. */
  snapshot(): Uint8Array<ArrayBuffer> {
    this.#ready();
    const beside = { levels: this.#levels, ...besideOf(this.#known) };
    return encodeSnapshot(this.#sequence, beside, this.book.encode());
  }

  /**
   * Hash of the state: FNV-1a of 64 bits over the snapshot, which is the same for equal states however their rows lie in memory.
   * @returns 16 hexadecimal digits
   */
  hash(): string {
    return hashOf(this.snapshot());
  }

  /** Units that may be liquidated now: below maintenance margin, and not held. */
  liquidatable(): readonly UnitName[] {
    return named(
      this.book,
      this.#watch.liquidatable().filter((u) => !this.#held.has(u)),
    );
  }

  /** Units below maintenance margin whose liquidation waits for a price at which it is allowed. */
  held(): readonly UnitName[] {
    return named(this.book, this.#held.units());
  }

  /** What guards allow at a market's mark, or at an asset's price, as its last event said. @throws MarginError unknown-id */
  allowed(section: 'market' | 'asset', id: Ref): Allowed {
    const { markets, assets } = this.#sides;
    return allowedActions(section === 'market' ? markets.get(this.book.market(id)) : assets.get(this.book.asset(id)));
  }

  /** Whether a market is listed, delisted (no fills, no orders), or settled for good. @throws MarginError unknown-id */
  state(market: Ref): 'listed' | MarketState {
    return this.#sides.closed.get(this.book.market(market)) ?? 'listed';
  }

  /** Where a margin unit stands, and the cost of following it: see `Watch`. */
  get watch(): Pick<Watch, 'zone' | 'statistics'> {
    return this.#watch;
  }

  /** Lets go of the book: the engine takes nothing more in. */
  close(): void {
    this.#sink = undefined;
    this.#closed = true;
    this.#watch.close();
  }

  get #known(): Known {
    return { book: this.book, watch: this.#watch, sides: this.#sides, held: this.#held };
  }

  /** Refuses to go on from a state that is not the engine's own. */
  #ready(): void {
    if (this.#closed)
      throw new MarginError('conflict', { path: 'engine', expected: 'an engine that has not let go of its book' });
    if (this.#reading) {
      throw new MarginError('conflict', {
        path: 'event',
        expected: 'no other event while one is being read',
        hint: 'A getter of the event has called the engine: apply one event after the other',
      });
    }
    if (this.#pending) {
      throw new MarginError('conflict', {
        path: 'journal',
        expected: `a record of event ${this.#pending.sequence}, which has been applied`,
        hint: 'The sink has thrown: mend it and call flush()',
      });
    }
    if (this.book.changes !== this.#changes) {
      throw new MarginError('conflict', {
        path: 'book',
        expected: 'a book that is changed by events only',
        hint: 'Calls on the book itself are in no journal: make a new Engine of it',
      });
    }
  }

  #follows(number: number): void {
    const next = this.#sequence + 1;
    if (next > MAX_SEQUENCE)
      throw new MarginError('too-many', { path: 'sequence', got: next, expected: `at most ${MAX_SEQUENCE}` });
    if (number === next) return;
    throw new MarginError('conflict', {
      path: 'sequence',
      got: number,
      expected: `${next}, the next event`,
      hint: `${number - next} ${number - next === 1 ? 'event is' : 'events are'} missing`,
    });
  }

  #proven(event: NumberedEvent): void {
    if (event.kind !== 'checkpoint') return;
    const hash = this.hash();
    if (event.hash === hash) return;
    throw new MarginError('conflict', {
      path: 'event.hash',
      got: event.hash,
      expected: `${hash}, the hash of the state before event ${event.sequence}`,
    });
  }

  /** Applies an event. A refusal leaves everything as it was, also where the book has counted it as a change. */
  #run(event: NumberedEvent): Touched {
    try {
      return applyEvent(this.book, event, this.#sides);
    } finally {
      this.#changes = this.book.changes;
    }
  }

  /** Records the pending event, and says what it came to. */
  #finish(): Outcome {
    const pending = this.#pending as Pending;
    if (pending.record) this.#sink?.(pending.record);
    pending.record = undefined;
    const crossings = this.#watch.poll();
    this.#pending = undefined;
    return { sequence: pending.sequence, applied: true, ...this.#told(crossings, pending.touched) };
  }

  /** Crossings by name, with those set apart that are held. */
  #told(crossings: Crossings, touched: Touched): Omit<Outcome, 'sequence' | 'applied'> {
    const name = (units: ArrayLike<number>): readonly UnitName[] => named(this.book, units);
    if (this.#held.isIdle(this.#sides)) {
      const { liquidatable, backstop, warning, recovered, cleared } = crossings;
      const none = liquidatable.length + backstop.length + warning.length + recovered.length + cleared.length === 0;
      const all = { liquidatable, backstop, warning, recovered, cleared };
      return { crossings: none ? NO_CROSSINGS : byName(all, name), held: NOBODY, released: NOBODY };
    }
    const { held, released, ...parted } = this.#held.part(
      crossings,
      (u) => isForbidden(this.book, u, this.#sides),
      (u) => zoneAt(this.#watch, u) === ZONE.backstop,
      this.#again(touched),
    );
    const { warning, cleared } = crossings;
    return { crossings: byName({ ...parted, warning, cleared }, name), held: name(held), released: name(released) };
  }

  /** Held units that an event may have freed. */
  #again(touched: Touched): readonly number[] {
    if (this.#held.size === 0) return [];
    return touched === 'everybody' ? this.#held.units() : touched.flatMap((account) => this.book.unitsOf(account));
  }

  #startsHere(journal: Journal): void {
    if (isBytes(journal) || !isObject(journal))
      throw new MarginError('type', { path: 'journal', got: journal, expected: 'readJournal(bytes)' });
    const { start, damage } = journal;
    if (!start) {
      throw new MarginError(damage?.state === 'cut' ? 'truncated' : 'corrupt', {
        path: 'journal',
        expected: `a journal with a head: ${damage?.message}`,
      });
    }
    if (start.sequence > this.#sequence) {
      throw new MarginError('conflict', {
        path: 'journal.sequence',
        got: start.sequence,
        expected: `a journal that starts from event ${this.#sequence} or before`,
      });
    }
    if (start.sequence < this.#sequence) return;
    const hash = this.hash();
    if (start.hash !== hash)
      throw new MarginError('conflict', { path: 'journal.hash', got: start.hash, expected: `${hash}, this state` });
  }
}
