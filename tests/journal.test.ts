// Journals that were cut at every byte, and with every byte changed: all events before the damage are read, no wrong one ever is, and
// what is wrong is said by name.

import { describe, expect, it } from 'vitest';
import { crc32 } from '../bindings/book/crc.js';
import { Book, MarginError } from '../bindings/index.js';
import type { BookJSON } from '../bindings/public.js';
import { JOURNAL_HEAD } from '../bindings/watch/engine/journal.js';
import { fieldsOf, KINDS, kindNames } from '../bindings/watch/engine/kinds.js';
import { Engine, type EngineEvent, encodeEvent, type Journal, readJournal } from '../bindings/watch.js';
import { cases } from './cases.js';
import { Random } from './random-book.js';
import { refusedWith } from './refusal.js';

const BOOK: BookJSON = {
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USDT', price: 1 }],
  markets: [
    {
      id: 'BTC-PERP',
      kind: 'linear',
      settle: 'USDT',
      mark: 20_000,
      brackets: [{ upTo: null, maintenanceRate: 0.05, initialRate: 0.1 }],
    },
  ],
  accounts: [{ id: 'alice', balances: { USDT: 3000 }, positions: [{ market: 'BTC-PERP', size: 1, entry: 20_000 }] }],
};

const EVENTS: EngineEvent[] = [
  { kind: 'mark', market: 'BTC-PERP', mark: 19_000, index: 19_010 },
  { kind: 'fill', account: 'alice', market: 'BTC-PERP', size: -0.25, price: 19_000, fee: 1 },
  { kind: 'addAccount', json: { id: 'bob', balances: { USDT: '100.5' } } },
  { kind: 'deposit', account: 'bob', asset: 'USDT', amount: 10 },
  { kind: 'funding', market: 'BTC-PERP', index: 3 },
];

const book = (): Book => Book.fromJSON(BOOK);

/** A journal, the bytes at which its records end, and the hash after each. */
function recorded(events: readonly EngineEvent[] = EVENTS): { bytes: Uint8Array; ends: number[]; hashes: string[] } {
  const engine = new Engine(book());
  const chunks: Uint8Array[] = [];
  const ends: number[] = [];
  engine.record((bytes) => {
    chunks.push(bytes);
    ends.push((ends.at(-1) ?? 0) + bytes.length);
  });
  const hashes = [engine.hash()];
  for (const event of events) {
    engine.apply(event);
    hashes.push(engine.hash());
  }
  return { bytes: new Uint8Array(Buffer.concat(chunks)), ends, hashes };
}

const { bytes, ends, hashes } = recorded();

/** State that a journal leads to. */
function hashAfter(journal: Journal): string {
  const engine = new Engine(book());
  expect(engine.replay(journal).applied).toBe(journal.events);
  return engine.hash();
}

describe('a journal', () => {
  it('is a head, then records one behind the other', () => {
    expect(ends[0]).toBe(JOURNAL_HEAD);
    expect(ends).toHaveLength(EVENTS.length + 1);
    const journal = readJournal(bytes);
    expect(journal).toMatchObject({ events: EVENTS.length, whole: bytes.length, damage: undefined });
    expect(journal.start).toEqual({ sequence: 0, hash: hashes[0] });
    expect([...journal].map(({ kind, sequence }) => [kind, sequence])).toEqual(
      EVENTS.map(({ kind }, i) => [kind, i + 1]),
    );
    // Iterated twice, and from the middle of a buffer.
    const moved = new Uint8Array(bytes.length + 7);
    moved.set(bytes, 5);
    expect([...readJournal(moved.subarray(5, 5 + bytes.length))]).toEqual([...journal]);
    expect(hashAfter(journal)).toBe(hashes.at(-1));
  });

  it('has the bytes that docs/engine.md says', () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    expect(new TextDecoder().decode(bytes.subarray(0, 6))).toBe('MKJRNL');
    expect([view.getUint16(6, true), view.getUint32(8, true), view.getUint32(12, true)]).toEqual([1, 0, 0]);
    expect(Buffer.from(bytes.subarray(16, 24)).toString('hex')).toBe(hashes[0]);
    expect(view.getUint32(24, true)).toBe(crc32(bytes.subarray(0, 24)));
    // The mark: market, actions, mark, index.
    const at = 28;
    expect([view.getUint32(at, true), view.getUint8(at + 4), view.getUint8(at + 5)]).toEqual([22, 1, 1]);
    expect([view.getUint32(at + 6, true), view.getUint16(at + 10, true)]).toEqual([1, 0]);
    expect(view.getUint32(at + 12, true)).toBe(crc32(bytes.subarray(at, at + 12)));
    expect([view.getUint32(at + 16, true), view.getUint16(at + 20, true)]).toEqual([0, 0x7ff]);
    expect([view.getFloat64(at + 22, true), view.getFloat64(at + 30, true)]).toEqual([19_000, 19_010]);
    const covered = Buffer.concat([bytes.subarray(at, at + 12), bytes.subarray(at + 16, at + 38)]);
    expect(view.getUint32(at + 38, true)).toBe(crc32(covered));
  });

  it('starts from any sequence, and goes on where another left off', () => {
    const first: Uint8Array[] = [];
    const engine = new Engine(book());
    engine.record((chunk) => first.push(chunk));
    for (const event of EVENTS.slice(0, 2)) engine.apply(event);
    const snapshot = engine.snapshot();
    const second: Uint8Array[] = [];
    const again = Engine.restore(snapshot, { decode: Book.decode });
    again.record((chunk) => first.push(chunk), { resume: true });
    again.apply(EVENTS[2] as EngineEvent);
    again.record((chunk) => second.push(chunk));
    for (const event of EVENTS.slice(3)) again.apply(event);
    const journal = readJournal(Buffer.concat(second));
    expect(journal.start).toEqual({ sequence: 3, hash: hashes[3] });
    expect(hashAfter(readJournal(Buffer.concat(first)))).toBe(hashes[3]);
    const last = Engine.restore(snapshot, { decode: Book.decode });
    last.replay(readJournal(Buffer.concat(first)));
    expect(last.replay(journal)).toEqual({ applied: 2, skipped: 0, damage: undefined });
    expect(last.hash()).toBe(hashes.at(-1));
  });
});

describe('cut', () => {
  it('at any byte, it is recovered to its last whole event', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const journal = readJournal(bytes.subarray(0, cut));
      const events = ends.filter((end) => end <= cut).length - 1;
      expect(journal.events, `cut at ${cut}`).toBe(Math.max(0, events));
      const clean = ends.includes(cut);
      expect(journal.whole, `cut at ${cut}`).toBe(ends[events] ?? 0);
      expect(journal.damage?.state, `cut at ${cut}`).toBe(clean ? undefined : 'cut');
      if (!clean) expect(journal.damage).toMatchObject({ offset: journal.whole, behind: undefined });
      if (events >= 0) {
        expect(hashAfter(journal)).toBe(hashes[events]);
        expect([...journal]).toHaveLength(events);
      } else expect(refusedWith(() => new Engine(book()).replay(journal)).code).toBe('truncated');
    }
  });

  it('it says where, and how much is whole', () => {
    const at = (cut: number): string | undefined => readJournal(bytes.subarray(0, cut)).damage?.message;
    const end = ends[2] as number;
    expect(at(end + 20)).toBe(
      `cut at byte ${end + 20}: of event 3 (addAccount), which begins at byte ${end}, 20 of ${(ends[3] as number) - end} bytes are there; 2 events before it are whole, up to sequence 2`,
    );
    expect(at(end + 1)).toContain(`of event 3, which begins at byte ${end}, 1 byte is there`);
    expect(at(5)).toContain('of the head of the journal');
  });

  it('room that was never written is a cut too', () => {
    const room = new Uint8Array(bytes.length + 500);
    room.set(bytes);
    expect(readJournal(room)).toMatchObject({ events: EVENTS.length, damage: { state: 'cut', offset: bytes.length } });
  });

  it('it is written on from there', () => {
    const journal = readJournal(bytes.subarray(0, (ends[3] as number) + 9));
    const engine = new Engine(book());
    engine.replay(journal);
    const chunks: Uint8Array[] = [bytes.slice(0, journal.whole)];
    engine.record((chunk) => chunks.push(chunk), { resume: true });
    for (const event of EVENTS.slice(journal.events)) engine.apply(event);
    expect(Buffer.compare(Buffer.concat(chunks), bytes)).toBe(0);
  });
});

describe('corrupt', () => {
  /** Events as bytes, to compare what is read with what was written. */
  const written = [...readJournal(bytes)].map((event) => Buffer.from(encodeEvent(event)).toString('hex'));

  it('by any bit of any byte, no wrong event is read and the damage is named', () => {
    for (let i = 0; i < bytes.length; i++) {
      for (let bit = 0; bit < 8; bit++) {
        const wrong = bytes.slice();
        wrong[i] = (wrong[i] as number) ^ (1 << bit);
        const where = `byte ${i}, bit ${bit}`;
        if (i < 6) {
          // The magic: no journal at all, and said so.
          expect(refusedWith(() => readJournal(wrong)).code, where).toBe('format');
          continue;
        }
        const journal = readJournal(wrong);
        const event = ends.findIndex((end) => i < end) - 1;
        expect(journal.events, where).toBe(Math.max(0, event));
        expect(
          [...journal].map((e) => Buffer.from(encodeEvent(e)).toString('hex')),
          where,
        ).toEqual(written.slice(0, journal.events));
        expect(journal.damage, where).toMatchObject({ state: 'corrupt', offset: event < 0 ? 0 : ends[event] });
        if (event < 0) continue;
        expect(journal.damage?.sequence, where).toBe(event + 1);
        const behind = EVENTS.length - event - 1;
        expect(journal.damage?.behind?.events, where).toBe(behind || undefined);
        if (behind)
          expect(journal.damage?.behind, where).toMatchObject({ offset: ends[event + 1], sequence: event + 2 });
        // In the payload, the head still says what it was.
        if (i - (ends[event] as number) >= 16) expect(journal.damage?.kind).toBe(EVENTS[event]?.kind);
      }
    }
  });

  it('by any other byte value, in runs, or of mixed records', () => {
    const r = new Random(3);
    for (let n = 0; n < cases(3000); n++) {
      const wrong = bytes.slice();
      const at = r.int(JOURNAL_HEAD, bytes.length - 1);
      const run = Math.min(r.int(1, 40), bytes.length - at);
      const from = r.int(0, bytes.length - run);
      if (r.chance(0.5)) for (let i = 0; i < run; i++) wrong[at + i] = r.int(0, 255);
      else wrong.set(bytes.subarray(from, from + run), at);
      if (Buffer.compare(wrong, bytes) === 0) continue;
      const journal = readJournal(wrong);
      expect(journal.damage, `case ${n}`).toBeDefined();
      expect([...journal].map((e) => Buffer.from(encodeEvent(e)).toString('hex'))).toEqual(
        written.slice(0, journal.events),
      );
    }
  });

  it('it says what, where, and what stands behind', () => {
    const wrong = bytes.slice();
    const at = ends[1] as number;
    wrong[at + 30] = (wrong[at + 30] as number) ^ 1;
    expect(readJournal(wrong).damage?.message).toBe(
      `event 2 (fill) at byte ${at} is corrupt: its checksum does not hold; 1 event before it is whole, up to sequence 1, 3 whole events behind it, from sequence 3 at byte ${ends[2]}`,
    );
    // A length that would swallow all that follows.
    const long = bytes.slice();
    long[at + 1] = 0xff;
    expect(readJournal(long).damage).toMatchObject({
      state: 'corrupt',
      sequence: 2,
      kind: undefined,
      behind: { events: 3 },
    });
    const engine = new Engine(book());
    expect(engine.replay(readJournal(long)).damage?.state).toBe('corrupt');
    expect([engine.sequence, engine.hash()]).toEqual([1, hashes[1]]);
  });

  it('a head and a payload of different events do not hold together', () => {
    // Both of one length: the checksum of the head must not vanish from that of the whole.
    const two = [1, 2].map((sequence) => encodeEvent({ kind: 'funding', market: 0, index: 1, sequence }));
    const mixed = (two[0] as Uint8Array).slice();
    mixed.set((two[1] as Uint8Array).subarray(0, 16));
    const journal = readJournal(Buffer.concat([bytes.subarray(0, JOURNAL_HEAD), mixed]));
    expect(journal).toMatchObject({ events: 0, damage: { state: 'corrupt' } });
  });

  it('a missing event is a gap, a doubled one is ignored', () => {
    const [, b, c] = ends as [number, number, number];
    const without = Buffer.concat([bytes.subarray(0, b), bytes.subarray(c)]);
    expect(readJournal(without)).toMatchObject({
      events: 1,
      damage: { state: 'gap', offset: b, sequence: 3, kind: 'addAccount', behind: { events: 3 } },
    });
    expect(readJournal(without).damage?.message).toContain('event 2 is missing');
    const doubled = Buffer.concat([bytes.subarray(0, c), bytes.subarray(b)]);
    const engine = new Engine(book());
    expect(engine.replay(readJournal(doubled))).toEqual({ applied: 5, skipped: 1, damage: undefined });
    expect(engine.hash()).toBe(hashes.at(-1));
    // An old one that comes again does not set the count back.
    const late = Buffer.concat([bytes.subarray(0, c), bytes.subarray(ends[0], b), bytes.subarray(c)]);
    expect(readJournal(late)).toMatchObject({ events: EVENTS.length + 1, damage: undefined });
  });

  it('what is no journal, or of another version, is refused', () => {
    expect(refusedWith(() => readJournal(book().encode())).code).toBe('format');
    expect(refusedWith(() => readJournal('MKJRNL' as never)).code).toBe('type');
    const newer = bytes.slice();
    newer[6] = 2;
    new DataView(newer.buffer).setUint32(24, crc32(newer.subarray(0, 24)), true);
    expect(refusedWith(() => readJournal(newer)).path).toBe('journal.version');
    expect(readJournal(new Uint8Array(0))).toMatchObject({ events: 0, start: undefined, damage: { state: 'cut' } });
  });

  it('a kind, a word or a field that this version does not know is refused by name', () => {
    const change = (event: EngineEvent, of: (record: Uint8Array) => void): Uint8Array => {
      const record = encodeEvent({ ...event, sequence: 1 }, book());
      of(record);
      const view = new DataView(record.buffer);
      const head = crc32(record.subarray(0, 12));
      view.setUint32(12, head, true);
      view.setUint32(record.length - 4, crc32(record.subarray(16, -4), head), true);
      return record;
    };
    const order: EngineEvent = { kind: 'placeOrder', account: 'alice', market: 0, side: 'buy', size: 1, price: 1 };
    const cases: [string, Uint8Array, string][] = [
      ['kind', change(order, (b) => b.fill(99, 4, 5)), 'corrupt at event.kind: got 99'],
      ['word', change(order, (b) => b.fill(2, 29, 30)), 'corrupt at event.side: got 2'],
      ['flags', change(order, (b) => b.fill(0x63, 5, 6)), 'corrupt at event'],
      ['NaN', change(EVENTS[4] as EngineEvent, (b) => b.fill(255, 20, 28)), 'corrupt at event.index'],
      ['actions', change(EVENTS[0] as EngineEvent, (b) => b.fill(255, 20, 22)), 'corrupt at event.allow'],
      ['JSON', change(EVENTS[2] as EngineEvent, (b) => b.fill(0x7b, 17, 18)), 'syntax at event.json'],
      ['UTF-8', change(EVENTS[2] as EngineEvent, (b) => b.fill(255, 17, 18)), 'corrupt at event.json'],
    ];
    for (const [name, record, message] of cases) {
      const engine = new Engine(book());
      const refusal = refusedWith(() => engine.apply(record));
      expect(refusal.message.slice(0, message.length), name).toBe(message);
      expect(refusal).toBeInstanceOf(MarginError);
      expect(engine.hash(), name).toBe(hashes[0]);
    }
    const journal = readJournal(Buffer.concat([bytes.subarray(0, JOURNAL_HEAD), cases[0]?.[1] as Uint8Array]));
    expect(journal.damage?.message).toContain('this version knows no kind 99');
  });
});

describe('payloads of random bytes under good checksums', () => {
  it('are applied or refused, and a refusal changes nothing', () => {
    const r = new Random(11);
    let engine = new Engine(book());
    let applied = 0;
    let hash = engine.hash();
    const numbers = [0, -0, 1, -1, 1e-30, 1e30, 2e30, 1e300, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, 19_000];
    for (let n = 0; n < cases(4000); n++) {
      if (n % 100 === 0) {
        engine = new Engine(book());
        hash = engine.hash();
      }
      const kind = r.pick(kindNames);
      const parts: number[] = [];
      let present = 0;
      let optional = 0;
      for (const [, type] of fieldsOf(kind)) {
        if (type.endsWith('?')) {
          const flag = 1 << optional++;
          if (r.chance(0.5)) continue;
          present |= flag;
        }
        const field = new DataView(new ArrayBuffer(8));
        if (type.startsWith('number') || type === 'hash')
          field.setFloat64(0, r.chance(0.5) ? r.between(0.5, 2) : r.pick(numbers), true);
        else field.setUint32(0, r.chance(0.9) ? 0 : r.chance(0.5) ? r.int(1, 2) : r.int(0, 4294967295), true);
        const size = { number: 8, 'number?': 8, hash: 8, actions: 2, side: 1, positionSide: 1 }[type as string] ?? 4;
        if (type !== 'json') for (let i = 0; i < size; i++) parts.push(field.getUint8(i));
        else
          parts.push(
            ...new TextEncoder().encode(r.pick(['{}', '[]', '', '{"id":"bob"}', '{"id":"alice"}', '{"seconds":1}'])),
          );
      }
      if (r.chance(0.1)) parts.pop();
      const record = Uint8Array.from([...new Array(16).fill(0), ...parts, 0, 0, 0, 0]);
      const view = new DataView(record.buffer);
      view.setUint32(0, parts.length, true);
      view.setUint8(4, KINDS[kind].code);
      view.setUint8(5, r.chance(0.95) ? present : r.int(0, 255));
      view.setUint32(6, engine.sequence + 1, true);
      const head = crc32(record.subarray(0, 12));
      view.setUint32(12, head, true);
      view.setUint32(record.length - 4, crc32(record.subarray(16, -4), head), true);
      try {
        engine.apply(record);
        applied++;
        hash = engine.hash();
        if (applied % 5 === 0) engine = Engine.restore(engine.snapshot(), { decode: Book.decode });
      } catch (e) {
        if (!(e instanceof MarginError)) throw e;
        expect(engine.hash(), `case ${n}: ${e.message}`).toBe(hash);
      }
    }
    expect(applied).toBeGreaterThan(cases(400));
  });
});
