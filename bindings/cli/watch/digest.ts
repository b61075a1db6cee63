// What is not listed, as one line for so many events: how many crossed which line. Lines get rarer as a stream goes on, so that a long
// one stays readable.
import { CROSSINGS, type Notice } from './notice.js';
import type { Totals } from './session.js';

/** Lines for a stream whose length is known. */
const LINES = 12;
/** Events of a line at first where nobody knows how many come; twice as many after so many lines. */
const EVENTS = 4096;
const DOUBLING = 8;

export interface Digested {
  /** Last event of the line. */
  to: number;
  totals: Totals;
}

const nobody = (): Totals => Object.fromEntries(CROSSINGS.map((name) => [name, 0])) as Totals;

export class Digest {
  #width: number;
  readonly #known: boolean;
  #lines = 0;
  #from: number;
  /** Sums of all crossings, and listed ones, when the line began. */
  #before: Totals = nobody();
  #listed: Totals = nobody();

  /** @param total - events; 0: nobody knows. @param sequence - of the state before them */
  constructor(total: number, sequence: number) {
    this.#known = total > 0;
    this.#width = this.#known ? Math.ceil(total / LINES) : EVENTS;
    this.#from = sequence + 1;
  }

  listed({ crossing }: Notice): void {
    this.#listed[crossing]++;
  }

  /** The line that ends with an event, where one is due and has anything to say. @param last - it is the last of all */
  at(sequence: number, totals: Readonly<Totals>, last = false): Digested | null {
    if (sequence - this.#from + 1 < this.#width && !last) return null;
    const unlisted = nobody();
    for (const name of CROSSINGS) unlisted[name] = totals[name] - this.#before[name] - this.#listed[name];
    const digested = { to: sequence, totals: unlisted };
    this.#from = sequence + 1;
    this.#before = { ...totals };
    this.#listed = nobody();
    if (CROSSINGS.every((name) => unlisted[name] === 0)) return null;
    if (!this.#known && ++this.#lines % DOUBLING === 0) this.#width *= 2;
    return digested;
  }
}
