// Notices for people, a line each as they happen. Nobody knows yet what will come, so widths are those of the book's names and of the
// terminal, and what is longer is cut in the middle.
import type { BookBase } from '../../book/book.js';
import { count, money, quantity, short } from '../format.js';
import { MOST_WIDTH } from '../terminal.js';
import type { Digested } from './digest.js';
import { type Cause, CROSSINGS, type Crossing, type Notice } from './notice.js';

/** What a crossing is called. */
export const WORDS: Readonly<Record<Crossing, string>> = {
  liquidatable: 'liquidatable',
  backstop: 'backstop',
  held: 'held',
  warning: 'margin call',
  released: 'released',
  recovered: 'recovered',
  cleared: 'call cleared',
};

/** So many of them, in a line that has all kinds. */
function counted(name: Crossing, number: number): string {
  const calls = number === 1 ? 'call' : 'calls';
  const word = name === 'warning' ? `margin ${calls}` : name === 'cleared' ? `${calls} cleared` : WORDS[name];
  return `${short(number)} ${word}`;
}

const COLOURS: Partial<Record<Crossing, string>> = { liquidatable: '\x1b[33m', backstop: '\x1b[31m' };
const PLAIN = '\x1b[39m';

/** Columns that lines are made for at least. */
const LEAST = 80;
const GAP = '  ';
const WHEN = { sequence: 9, day: 10 };
const WORD = 12;
const AMOUNT = { least: 10, most: 14 };
/** Digits of a price, and what stands between it and its market. */
const PRICE = 10;
const NAME = { least: 8, most: 44 };
/** Accounts whose ids are measured. */
const SAMPLE = 2000;

const longest = (names: Iterable<string>): number => {
  let most = 0;
  for (const name of names) most = Math.max(most, name.length);
  return most;
};

function* accountIds(book: BookBase): Generator<string> {
  const step = Math.max(1, Math.floor(book.accounts / SAMPLE));
  for (let a = 0; a < book.accounts; a += step) yield book.accountId(a);
}
function* marketIds(book: BookBase): Generator<string> {
  for (let m = 0; m < book.markets; m++) yield book.marketId(m);
}

export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - end)}…${text.slice(text.length - end)}`;
}

/** An amount in so many characters: cents where they fit, else whole units, else 1.23M. */
function amount(value: number, width: number): string {
  const cents = money(value);
  if (cents.length <= width) return cents;
  const whole = count(value);
  return whole.length <= width ? whole : short(value);
}

/** Of an event that brings the price of something, that and the price; of any other its kind as well. */
export function causeText({ kind, of, value }: Cause, width = Number.POSITIVE_INFINITY): string {
  const priced = kind === 'mark' || kind === 'price';
  const tail = value === null ? '' : ` ${quantity(value)}`;
  const head = priced ? '' : `${kind} `;
  return `${head}${cut(of ?? '', Math.max(4, width - head.length - tail.length))}${tail}`.trim();
}

/** The account, and the bucket of an isolated unit. */
export const unitText = (account: string, bucket: number, most = Number.POSITIVE_INFINITY): string => {
  const place = bucket === 0 ? '' : ` in ${bucket}`;
  return `${cut(account, most - place.length)}${place}`;
};

/** What a notice is called: who fell below both lines at once is named by the lower one. */
export const wordOf = ({ crossing, backstop }: Notice): string => WORDS[backstop ? 'backstop' : crossing];

export class NoticeLines {
  readonly #dated: boolean;
  readonly #account: number;
  readonly #cause: number;
  readonly #amount: number;
  readonly #colour: boolean;

  /** @param dated - notices have days */
  constructor(book: BookBase, { columns, colour }: { columns: number; colour: boolean }, dated: boolean) {
    const width = Math.min(MOST_WIDTH, Math.max(LEAST, columns));
    this.#dated = dated;
    this.#colour = colour;
    const isolated = book.units > book.accounts ? 5 : 0;
    const account = Math.min(NAME.most, Math.max(NAME.least, longest(accountIds(book)) + isolated));
    const cause = Math.min(NAME.most, Math.max(NAME.least, longest(marketIds(book)))) + 1 + PRICE;
    const fixed = this.#when + WORD + 5 * GAP.length;
    const free = width - fixed - 2 * AMOUNT.least;
    // Where names do not fit, prices keep their place first.
    const names = account + cause;
    this.#account = names <= free ? account : Math.max(NAME.least, Math.min(account, Math.floor(free * 0.36)));
    this.#cause = Math.min(cause, free - this.#account);
    this.#amount = Math.min(AMOUNT.most, AMOUNT.least + Math.max(0, Math.floor((free - names) / 2)));
  }

  get #when(): number {
    return this.#dated ? WHEN.day : WHEN.sequence;
  }

  /** Titles of the columns. */
  heading(): string {
    return this.#row(this.#dated ? 'day' : 'event', '', 'account', 'by', 'collateral', 'maintenance');
  }

  line(notice: Notice): string {
    const { sequence, day, account, bucket, cause, collateral, maintenanceMargin } = notice;
    const text = this.#row(
      this.#dated ? (day ?? '') : count(sequence),
      wordOf(notice),
      unitText(account, bucket, this.#account),
      causeText(cause, this.#cause),
      amount(collateral, this.#amount),
      amount(maintenanceMargin, this.#amount),
    );
    const colour = this.#colour ? COLOURS[notice.backstop ? 'backstop' : notice.crossing] : undefined;
    return colour ? `${colour}${text.trimEnd()}${PLAIN}\n` : text;
  }

  /** Said once where notices begin to be counted alone. */
  capped(most: number): string {
    return `${' '.repeat(this.#when)}${GAP}${count(most)} of each kind are listed, the others counted (+); --all lists them\n`;
  }

  /** What was not listed of the events up to one. @param day - of that event */
  digest({ to, totals }: Digested, day: string | null): string {
    const sums = CROSSINGS.filter((name) => totals[name] > 0).map((name) => counted(name, totals[name]));
    return `${(this.#dated ? (day ?? '') : count(to)).padStart(this.#when)}${GAP}+ ${sums.join(', ')}\n`;
  }

  #row(when: string, what: string, who: string, by: string, collateral: string, maintenance: string): string {
    const cells = [
      when.padStart(this.#when),
      what.padEnd(WORD),
      who.padEnd(this.#account),
      by.padEnd(this.#cause),
      collateral.padStart(this.#amount),
      cut(maintenance, this.#amount).padStart(this.#amount),
    ];
    return `${cells.join(GAP).trimEnd()}\n`;
  }
}
