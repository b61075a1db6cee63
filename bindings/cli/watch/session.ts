// Events through an engine, with what they came to: notices (a bounded list), sums of all crossings, times by the host's clock. The
// clock measures and decides nothing: what is found depends on the events alone.
import type { BookBase } from '../../book/book.js';
import type { UnitName } from '../../watch/engine/crossed.js';
import type { Engine } from '../../watch/engine/engine.js';
import type { EngineEvent } from '../../watch/engine/event.js';
import { Durations } from './durations.js';
import { type Cause, CROSSINGS, type Crossing, causeOf, type Notice, standing } from './notice.js';
import type { Trail } from './trail.js';

export type Totals = Record<Crossing, number>;

export class Session<B extends BookBase = BookBase> {
  readonly engine: Engine<B>;
  readonly times: Durations = new Durations();
  readonly totals: Totals = Object.fromEntries(CROSSINGS.map((name) => [name, 0])) as Totals;
  /** Notices of each crossing that are made; the others are counted. */
  readonly most: number;
  /** Events that were in the state already. */
  skipped = 0;
  #applied = 0;
  readonly trail: Trail | undefined;

  constructor(engine: Engine<B>, most: number, trail?: Trail) {
    this.engine = engine;
    this.most = most;
    this.trail = trail;
  }

  get applied(): number {
    return this.#applied;
  }

  /** Applies an event. @returns its notices, those that are listed @throws MarginError; nothing has changed */
  apply(event: EngineEvent, day: string | null): readonly Notice[] {
    const start = performance.now();
    const outcome = this.engine.apply(event);
    const took = performance.now() - start;
    if (!outcome.applied) {
      this.skipped++;
      return NOTHING;
    }
    this.#applied++;
    // A checkpoint hashes the whole book: that is no tick.
    if (event.kind !== 'checkpoint') this.times.add(took);
    const { crossings, held, released, sequence } = outcome;
    const lists = { ...crossings, held, released };
    const fallen = lists.liquidatable.length;
    this.trail?.add(sequence, causeOf(this.engine.book, event), fallen);
    if (CROSSINGS.every((name) => lists[name].length === 0)) return NOTHING;
    return this.#noticed(lists, sequence, causeOf(this.engine.book, event), day);
  }

  #noticed(
    lists: Readonly<Record<Crossing, readonly UnitName[]>>,
    sequence: number,
    cause: Cause,
    day: string | null,
  ): Notice[] {
    const rows = (units: readonly UnitName[]): Set<number> => new Set(units.map(({ unit }) => unit));
    const [fallen, beyond, recovered] = [rows(lists.liquidatable), rows(lists.backstop), rows(lists.recovered)];
    const notices: Notice[] = [];
    for (const crossing of CROSSINGS) {
      for (const { account, bucket, unit } of lists[crossing]) {
        if (++this.totals[crossing] > this.most) continue;
        notices.push({
          sequence,
          day,
          crossing,
          account,
          bucket,
          cause,
          ...standing(this.engine.book, account, bucket),
          twin: (crossing === 'backstop' && fallen.has(unit)) || (crossing === 'cleared' && recovered.has(unit)),
          backstop: crossing === 'liquidatable' && beyond.has(unit),
        });
      }
    }
    return notices;
  }
}

const NOTHING: readonly Notice[] = [];
