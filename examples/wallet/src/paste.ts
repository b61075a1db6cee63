// What a person pastes: a whole book, an account for the markets at hand, or what ccxt hands out. Each becomes a state; what is
// refused says where in the text, and what would mend it.
import { type AccountJSON, Book, type BookJSON, MarginError } from 'margin-kernel/reference/var';
import { isCcxt, readCcxt } from './ccxt.ts';
import { lineOf, NotJSON, spanAt, spansOf } from './locate.ts';
import { refusalText } from './refusal.ts';
import { accountOf, bookOf, type State } from './state.ts';

/** A refused text. */
export class PasteProblem extends Error {
  /** Where in the text. */
  readonly start: number;
  readonly end: number;
  /** The whole text as it would be taken, and what that changes. */
  readonly mend: { label: string; text: string } | undefined;

  constructor(message: string, start = 0, end = start, mend?: { label: string; text: string }) {
    super(message);
    this.start = start;
    this.end = end;
    this.mend = mend;
  }
}

export interface Pasted {
  state: State;
  /** What it was taken for. */
  what: string;
  /** What was assumed and left out. */
  notes?: string[];
}

/**
 * The state with what was pasted in place of what it had.
 * @throws PasteProblem
 */
export function readPaste(text: string, state: State): Pasted {
  try {
    spansOf(text);
  } catch (error) {
    if (!(error instanceof NotJSON)) throw error;
    const { line, column } = lineOf(text, error.offset);
    const mend = withoutTrailing(text);
    throw new PasteProblem(
      `Not JSON: line ${line}, column ${column}: ${error.message}.`,
      error.offset,
      error.offset + 1,
      mend,
    );
  }
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new PasteProblem(WANTED, 0, text.length);
  if ('format' in value) return readBook(text, value as BookJSON, state);
  if (isCcxt(value)) return readOfCcxt(text, value, state);
  if (!Array.isArray(value) && ['balances', 'positions', 'buckets', 'id'].some((key) => key in value)) {
    return readAccount(text, value as AccountJSON, state);
  }
  throw new PasteProblem(WANTED, 0, text.length);
}

const WANTED =
  'This is neither a book ("format": "margin-kernel/book@1"), nor an account ({ "balances": …, "positions": … }), nor ccxt’s positions ([{ "symbol": …, "contracts": … }]).';

/** A comma before a closing bracket is what hand-written JSON has most often. */
function withoutTrailing(text: string): { label: string; text: string } | undefined {
  const mended = text.replace(/,(\s*[}\]])/g, '$1');
  try {
    JSON.parse(mended);
  } catch {
    return undefined;
  }
  return { label: 'Take out commas before } and ]', text: mended };
}

function readBook(text: string, book: BookJSON, state: State): Pasted {
  checked(text, '', () => Book.fromJSON(text));
  const { format: _, accounts, ...venue } = book;
  if (accounts.length === 0) {
    throw new PasteProblem('The book has no account.', ...around(text, 'accounts'));
  }
  const market = venue.markets[0]?.id ?? '';
  return {
    what: `a book of ${count(venue.markets.length, 'market')} and ${count(accounts.length, 'account')}`,
    state: { ...state, ...FRESH, venue, accounts, account: 0, ticket: { ...state.ticket, market } },
  };
}

function readOfCcxt(text: string, value: unknown, state: State): Pasted {
  return checked(text, '', () => {
    const { book, notes, nothing } = readCcxt(value, accountOf(state).id);
    if (nothing) throw new PasteProblem(`Not one position could be read. ${notes.slice(-5).join(' ')}`, 0, text.length);
    const { what, state: next } = readBook(JSON.stringify(book), book, state);
    return { what: `what ccxt hands out: ${what}`, notes, state: next };
  });
}

function readAccount(text: string, account: AccountJSON, state: State): Pasted {
  const named = { ...account, id: account.id ?? accountOf(state).id };
  const accounts = state.accounts.map((old, i) => (i === state.account ? named : old));
  const next = { ...state, accounts };
  checked(text, `accounts[${state.account}].`, () => Book.fromJSON(bookOf(next)));
  const { positions = [], buckets = [] } = named;
  const all = positions.length + buckets.reduce((sum, b) => sum + (b.positions?.length ?? 0), 0);
  return { what: `an account of ${count(all, 'position')}`, state: next };
}

/** Where another book stands is for the page to begin with. */
const FRESH = { prices: {}, focus: '', moves: '' };

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

const around = (text: string, path: string): [number, number] => {
  const span = spanAt(text, path);
  return span ? [span.start, span.end] : [0, text.length];
};

/** Runs a reader and says its refusal where it was typed. @param prefix - of paths that the text does not have */
function checked<T>(text: string, prefix: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    const path = (error.path ?? '').startsWith(prefix) ? (error.path ?? '').slice(prefix.length) : (error.path ?? '');
    const span = spanAt(text, path) ?? { start: 0, end: text.length };
    const meant = /Did you mean "([^"]+)"\?/.exec(error.hint ?? '')?.[1];
    // An id may stand as a key: the assets of balances do.
    const named = span.key && text.slice(span.key.start, span.key.end) === JSON.stringify(error.got);
    const place = error.code === 'unknown-key' || named ? (span.key ?? span) : span;
    const mend =
      meant === undefined
        ? undefined
        : { label: `Use “${meant}”`, text: text.slice(0, place.start) + JSON.stringify(meant) + text.slice(place.end) };
    const { line } = lineOf(text, place.start);
    throw new PasteProblem(`Line ${line}: ${refusalText(error, path)}`, place.start, place.end, mend);
  }
}
