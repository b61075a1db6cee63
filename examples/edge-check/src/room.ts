// The one object that writes the book: batches and snapshots that passed the door are taken here, one after the other, and kept.
// Doors ask it how far it is; checks are answered there.
import { DurableObject } from 'cloudflare:workers';
import { readBody, within } from './body.js';
import { type BatchKind, BookState, emptyHealth, Torn } from './book-state.js';
import { applyStored, type Held, held, hold, isSettled } from './held.js';
import { readJSON } from './json.js';
import { noBook, Problem, problemResponse } from './problem.js';
import type { News, Source } from './replica.js';
import { json } from './response.js';
import { match, type Route } from './routes.js';
import { readSnapshot } from './snapshot.js';
import { MOST_BATCHES, Stored } from './stored.js';

/** The platform ends an isolate at 128 MB, and a section that is full grows by half of itself. */
const MOST_MEMORY = 72 * 1024 * 1024;
/** Milliseconds. */
const PATIENCE = 30_000;

export interface RoomEnv {
  /** Batches after which what is stored becomes a snapshot again; default 10,000. */
  JOURNAL_BATCHES?: string;
  /** Bytes of kernel memory from which on no more batches of accounts are taken; default 72 MiB. */
  MOST_MEMORY?: string;
  /** Milliseconds that a snapshot may take to come in, as no other one is read meanwhile; default 30,000. */
  PATIENCE?: string;
}

export class BookRoom extends DurableObject<RoomEnv> implements Source {
  readonly #stored: Stored;
  readonly #mostMemory: number;
  readonly #patience: number;
  readonly #name = crypto.randomUUID();
  #held: Held | undefined;
  /** What is stored cannot be read: only a new snapshot helps. */
  #damaged = false;
  /** A snapshot is coming in, until it is stored. */
  #replacing = false;
  /** One is being stored: of a book that has come, or of batches. */
  #saving: Promise<void> | undefined;

  constructor(ctx: DurableObjectState, env: RoomEnv) {
    super(ctx, env);
    this.#stored = new Stored(ctx.storage, Number(env.JOURNAL_BATCHES ?? MOST_BATCHES));
    this.#mostMemory = Number(env.MOST_MEMORY ?? MOST_MEMORY);
    this.#patience = Number(env.PATIENCE ?? PATIENCE);
    void ctx.blockConcurrencyWhile(() => this.#restore());
  }

  /** The book as it was when the last object was given up: what this isolate has of it, or the snapshot, and every batch since. */
  async #restore(): Promise<void> {
    try {
      const head = await this.#stored.open();
      if (!head) return;
      const here = held();
      const fits = here && isSettled(here) && here.edition === head.edition && here.stored >= head.sequence;
      const next = fits ? here : await readSnapshot(head, (generation, i) => this.#stored.part(generation, i));
      if (!next) throw new Error('a part of the snapshot is missing');
      for (;;) {
        const batches = (await this.#stored.since(next.stored)) ?? [];
        if (batches.length === 0) break;
        applyStored(next, batches);
      }
      this.#hold(next);
    } catch (error) {
      // An object that fails to start would fail for ever.
      console.error(error);
      this.#damaged = true;
      hold(undefined);
    }
  }

  #hold(next: Held): void {
    next.writer = this.#name;
    this.#held = next;
    hold(next);
  }

  async since(edition: string, stored: number, writer: string): Promise<News | 'empty' | 'damaged'> {
    const { head } = this.#stored;
    if (!this.#held || !head) return this.#damaged ? 'damaged' : 'empty';
    const follows = edition === this.#held.edition && writer !== this.#name;
    const batches = follows ? await this.#stored.since(stored) : undefined;
    const { sequence } = await this.#settle(this.#held);
    return { writer: this.#name, sequence, batches, head };
  }

  part(generation: number, i: number): Promise<Uint8Array | undefined> {
    return this.#stored.part(generation, i);
  }

  override async fetch(request: Request): Promise<Response> {
    try {
      const { route } = match(request);
      const response = await this.#answer(request, route);
      return request.method === 'HEAD' ? new Response(null, response) : response;
    } catch (error) {
      // Starts again from what is stored, which has the whole of every batch that was told to be taken.
      if (error instanceof Torn) {
        hold(undefined);
        this.ctx.abort(error.message);
      }
      return problemResponse(error);
    }
  }

  async #answer(request: Request, route: Route): Promise<Response> {
    if (route.name === 'replace') return this.#replace(request, route);
    // Nothing is told of what may yet be lost.
    if (this.#held) await this.#settle(this.#held);
    if (route.name === 'health')
      return json(this.#held?.state.health() ?? emptyHealth(this.#damaged ? 'damaged' : 'empty'));
    if (route.name === 'snapshot') {
      const headers = { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' };
      return new Response(this.#book.state.book.encode(), { headers });
    }
    if (route.name !== 'marks' && route.name !== 'accounts') throw new Error(`the door answers ${route.name}`);
    const bytes = await readBody(request, route.most);
    return this.#take(route.name, readJSON(bytes), bytes.length);
  }

  get #book(): Held {
    if (this.#held) return this.#held;
    throw noBook(this.#damaged ? 'damaged' : 'empty');
  }

  async #take(kind: BatchKind, body: unknown, weight: number): Promise<Response> {
    const { state } = this.#book;
    if (kind === 'accounts') state.checkRoom(this.#mostMemory);
    let answer: object;
    try {
      answer = state.apply(kind, body);
    } catch (error) {
      // Whoever is told that a batch is in the book takes it for stored.
      if (error instanceof Problem) await this.#settle(this.#book);
      throw error;
    }
    if (this.#stored.append({ sequence: state.sequence, kind, body }, weight)) this.ctx.waitUntil(this.#compact());
    await this.#settle(this.#book);
    return json(answer);
  }

  /** Waits until all that has been taken is stored. @returns number of the last batch that surely is */
  async #settle(here: Held): Promise<{ sequence: number }> {
    const { sequence } = here.state;
    await this.#stored.sync();
    here.stored = Math.max(here.stored, sequence);
    return { sequence };
  }

  /** Exchanges what is stored for a snapshot of the book as it is. */
  async #compact(): Promise<void> {
    if (this.#saving) return;
    const { state, edition } = this.#book;
    const { sequence } = state;
    await this.#save(state.book.encode(), edition, () => sequence);
  }

  async #save(bytes: Uint8Array, edition: string, commit: () => number): Promise<void> {
    this.#saving = this.#stored.save(bytes, edition, commit);
    try {
      await this.#saving;
    } finally {
      this.#saving = undefined;
    }
  }

  /** A refused snapshot leaves the old one standing, in memory and in storage. */
  async #replace(request: Request, route: Route): Promise<Response> {
    if (this.#replacing)
      throw new Problem(409, 'busy', { path: 'snapshot', expected: 'one snapshot at a time', hint: 'Send it again' });
    this.#replacing = true;
    try {
      const bytes = await within(this.#patience, readBody(request, route.most));
      const state = BookState.decode(bytes, 0);
      // Batches may be becoming a snapshot, wherever the platform lets requests come between; that it fails is told there.
      await this.#saving?.catch(() => undefined);
      const edition = crypto.randomUUID();
      await this.#save(bytes, edition, () => {
        state.sequence = (this.#held?.state.sequence ?? 0) + 1;
        this.#hold({ state, edition, stored: state.sequence - 1 });
        this.#damaged = false;
        return state.sequence;
      });
      await this.#settle(this.#book);
      return json(state.health());
    } finally {
      this.#replacing = false;
    }
  }
}
