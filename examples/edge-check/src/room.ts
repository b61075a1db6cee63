// The one object that has the book: requests that passed the door are answered here, one after the other.
import { DurableObject } from 'cloudflare:workers';
import { readBody } from './body.js';
import { BookState, emptyHealth, Torn } from './book-state.js';
import { readJSON } from './json.js';
import { Problem, problemResponse } from './problem.js';
import { match, type Route } from './routes.js';
import { MOST_BATCHES, Stored } from './stored.js';

const json = (value: object): Response =>
  new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } });

export interface RoomEnv {
  /** Batches after which what is stored becomes a snapshot again; default 10,000. */
  JOURNAL_BATCHES?: string;
}

export class BookRoom extends DurableObject<RoomEnv> {
  readonly #stored: Stored;
  #state: BookState | undefined;
  /** What is stored cannot be read: only a new snapshot helps. */
  #damaged = false;
  /** A snapshot is being read or written. */
  #saving = false;

  constructor(ctx: DurableObjectState, env: RoomEnv) {
    super(ctx, env);
    this.#stored = new Stored(ctx.storage, Number(env.JOURNAL_BATCHES ?? MOST_BATCHES));
    void ctx.blockConcurrencyWhile(() => this.#restore());
  }

  /** The book as it was when the last isolate was given up: the snapshot, and every batch since. */
  async #restore(): Promise<void> {
    try {
      const snapshot = await this.#stored.snapshot();
      if (!snapshot) return;
      const state = BookState.decode(snapshot.bytes, snapshot.sequence);
      for await (const { kind, body } of this.#stored.batches()) state.apply(kind, body);
      this.#state = state;
    } catch (error) {
      // An object that fails to start would fail for ever.
      console.error(error);
      this.#damaged = true;
    }
  }

  override async fetch(request: Request): Promise<Response> {
    try {
      const { route, id } = match(request);
      const response = await this.#answer(request, route, id);
      return request.method === 'HEAD' ? new Response(null, response) : response;
    } catch (error) {
      // Starts again from what is stored, which has the whole of every batch that was told to be taken.
      if (error instanceof Torn) this.ctx.abort(error.message);
      return problemResponse(error);
    }
  }

  async #answer(request: Request, route: Route, id: string): Promise<Response> {
    if (route.name === 'replace') return this.#replace(request, route);
    if (route.name === 'health') return json(this.#state?.health() ?? emptyHealth(this.#damaged ? 'damaged' : 'empty'));
    if (route.name === 'account') return json(this.#held.account(id));
    if (route.name === 'snapshot') {
      const headers = { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' };
      return new Response(this.#held.book.encode(), { headers });
    }
    const bytes = await readBody(request, route.most);
    const body = readJSON(bytes);
    // After the body: the book may have become another one while it came.
    if (route.name === 'check') return json(this.#held.check(body));
    return this.#take(route.name, body, bytes.length);
  }

  get #held(): BookState {
    if (this.#state) return this.#state;
    const hint = this.#damaged ? 'What was stored cannot be read' : 'None has been put yet';
    throw new Problem(
      503,
      'no-book',
      { path: 'book', expected: 'a snapshot: PUT /snapshot', hint },
      { 'retry-after': '5' },
    );
  }

  async #take(kind: 'marks' | 'accounts', body: unknown, weight: number): Promise<Response> {
    const state = this.#held;
    const answer = state.apply(kind, body);
    if (this.#stored.append(state.sequence, kind, body, weight)) this.ctx.waitUntil(this.#compact(state));
    await this.#stored.sync();
    return json(answer);
  }

  /** Exchanges what is stored for a snapshot of the book as it is. */
  async #compact(state: BookState): Promise<void> {
    if (this.#saving) return;
    this.#saving = true;
    try {
      const { sequence } = state;
      await this.#stored.save(state.book.encode(), () => sequence);
    } finally {
      this.#saving = false;
    }
  }

  /** A refused snapshot leaves the old one standing, in memory and in storage. */
  async #replace(request: Request, route: Route): Promise<Response> {
    if (this.#saving)
      throw new Problem(409, 'busy', { path: 'snapshot', expected: 'one snapshot at a time', hint: 'Send it again' });
    this.#saving = true;
    try {
      const bytes = await readBody(request, route.most);
      const next = BookState.decode(bytes, 0);
      await this.#stored.save(bytes, () => {
        next.sequence = (this.#state?.sequence ?? 0) + 1;
        this.#state = next;
        this.#damaged = false;
        return next.sequence;
      });
      return json(next.health());
    } finally {
      this.#saving = false;
    }
  }
}
