// Progress of long work on stderr: one line that rewrites itself on a terminal, a line now and then elsewhere, nothing with
// --quiet. Work that is over soon leaves no trace.
import { count } from './format.js';
import type { Terminal } from './terminal.js';

/** Milliseconds before the first sign of life, and between two: on a terminal, and in a log. */
const TERMINAL = { first: 250, every: 100 };
const LOG = { first: 5000, every: 10_000 };
/** The clock is asked once in so many steps. */
const STRIDE = 1024;

export class Progress {
  readonly #stream: Terminal['err'];
  readonly #quiet: boolean;
  readonly #label: string;
  readonly #total: number;
  readonly #start: number;
  #next: number;
  #shown = false;

  /** @param total - 0: nobody knows */
  constructor(terminal: Terminal, quiet: boolean, label: string, total: number) {
    this.#stream = terminal.err;
    this.#quiet = quiet;
    this.#label = label;
    this.#total = total;
    this.#start = performance.now();
    this.#next = this.#start + this.#pace.first;
  }

  get #pace(): typeof LOG {
    return this.#stream.isTTY ? TERMINAL : LOG;
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** Says how far the work is. Cheap enough for every step of a loop. */
  at(done: number): void {
    if (this.#quiet || done % STRIDE !== 0) return;
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + this.#pace.every;
    this.#shown = true;
    this.#stream.write(this.#stream.isTTY ? `\r\x1b[2K${this.#line(done)}` : `${this.#line(done)}\n`);
  }

  /** Takes the line off the terminal, so that others may write; the next sign of life brings it back. */
  clear(): void {
    if (this.#shown && this.#stream.isTTY) this.#stream.write('\r\x1b[2K');
  }

  /** Takes the line off the terminal; a log that has seen progress learns that it is over. */
  end(done: number): void {
    if (!this.#shown) return;
    this.#stream.write(
      this.#stream.isTTY ? '\r\x1b[2K' : `${this.#line(done)}, done in ${this.seconds.toFixed(1)} s\n`,
    );
  }

  #line(done: number): string {
    const share = this.#total > 0 ? `${Math.floor((100 * done) / this.#total)} %, ` : '';
    const rate = done / Math.max(this.seconds, 1e-3);
    const of = this.#total > 0 ? ` of ${count(this.#total)}` : '';
    return `${this.#label}: ${share}${count(done)}${of}, ${count(Math.round(rate))}/s`;
  }
}

/** Where long work is that nobody can count: a line that is rewritten on a terminal, a line now and then in a log. */
export class Phases {
  readonly #stream: Terminal['err'];
  readonly #quiet: boolean;
  readonly #start: number;
  /** Milliseconds from the start, before which nothing more is said. */
  #next = 0;
  #shown = false;

  constructor(terminal: Terminal, quiet: boolean) {
    this.#stream = terminal.err;
    this.#quiet = quiet;
    this.#start = performance.now();
  }

  /** Says what begins, once the work takes long enough to ask. */
  at(what: string): void {
    const { isTTY = false } = this.#stream;
    const pace = isTTY ? TERMINAL : LOG;
    const passed = performance.now() - this.#start;
    if (this.#quiet || passed < this.#next || passed < pace.first) return;
    this.#next = passed + pace.every;
    this.#shown = true;
    this.#stream.write(isTTY ? `\r\x1b[2K${what}` : `${what}, after ${(passed / 1000).toFixed(1)} s\n`);
  }

  /** Takes the line off the terminal. */
  end(): void {
    if (this.#shown && this.#stream.isTTY) this.#stream.write('\r\x1b[2K');
  }
}
