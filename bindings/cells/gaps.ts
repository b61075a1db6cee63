// What of somebody else's data could not be taken over: every adapter reports it in this one shape, or throws in strict mode.
import { MarginError, type MarginErrorCode } from '../errors.js';
import { rowsOf } from '../venues/rows.js';

/** What is not in the result because of a gap: the whole row, one figure of it, or nothing (all is there, but look at it). */
export type Lost = 'row' | 'field' | 'nothing';

/** A place of the source where something was missing or wrong. It is plain data: it can be logged as JSON. */
export interface Gap {
  /** What is not in the result because of it. */
  lost: Lost;
  /** What is wrong, as a `MarginError` would say. */
  code: MarginErrorCode;
  /** Where: `positions[3].collateral`, or `line 7, column size`. */
  path: string;
  /** What stood there; nothing where the key was not there at all. */
  got?: unknown;
  /** What would have been taken. */
  expected?: string;
  /** How to mend it. */
  hint?: string;
  /** Account that is not whole because of it; its margin says nothing until the gap is mended. */
  account?: string;
  /** All of it in one line, as a `MarginError` says it. */
  message: string;
}

/** A wrong mapping makes a gap of every row; more than these would only fill the memory. */
const MOST_GAPS = 1000;

/** Gaps in the order in which they were found. */
export class Gaps {
  /** The first of them. */
  readonly list: Gap[] = [];
  readonly #accounts = new Set<string>();
  readonly #strict: boolean;
  #count = 0;

  /** @param strict - whether the first gap is thrown instead */
  constructor(strict = false) {
    this.#strict = strict;
  }

  /** @throws MarginError the gap itself, in strict mode, unless it is a mere note */
  add(error: MarginError, lost: Lost, account?: string): void {
    if (this.#strict && lost !== 'nothing') throw error;
    if (account !== undefined && lost !== 'nothing') this.#accounts.add(account);
    const { code, path = '', expected, hint, message } = error;
    const full = this.list.length === MOST_GAPS;
    // What two figures of an account were missing for is to be mended once.
    if (!full && this.list.some((gap) => gap.message === message && gap.account === account && gap.lost === lost))
      return;
    this.#count++;
    if (full) return;
    this.list.push({
      lost,
      code,
      path: error.index === undefined ? path : `${path}[${error.index}]`,
      ...(error.got === undefined ? {} : { got: error.got }),
      ...(expected === undefined ? {} : { expected }),
      ...(hint === undefined ? {} : { hint }),
      ...(account === undefined ? {} : { account }),
      message,
    });
  }

  /** What `read` gives; nothing where it refuses, and the refusal becomes a gap. */
  try<T>(lost: Lost, read: () => T, account?: string): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof MarginError)) throw error;
      this.add(error, lost, account);
      return undefined;
    }
  }

  /** What adapters hand out: the first thousand gaps, how many there are, and the accounts that are not whole. */
  result(): { gaps: Gap[]; gapCount: number; incomplete: string[] } {
    return { gaps: this.list, gapCount: this.#count, incomplete: [...this.#accounts] };
  }
}

/**
 * Gaps as lines of text, one each.
 * @throws MarginError type where it is not a list of gaps
 * @example
 * gapsText([{ lost: 'row', code: 'missing-key', path: 'positions[0].side', message: 'missing-key at positions[0].side' }])
 * // 'row left out: missing-key at positions[0].side'
 */
export function gapsText(gaps: readonly Gap[]): string {
  rowsOf(gaps, 'gaps');
  const words = { row: 'row left out', field: 'figure left out', nothing: 'note' };
  return gaps
    .map(({ lost, message, account }) => `${words[lost]}${account === undefined ? '' : ` (${account})`}: ${message}`)
    .join('\n');
}
