// What of somebody else's data could not be taken over: every adapter reports it in this one shape, or throws in strict mode.
import { MarginError, type MarginErrorCode } from '../errors.js';

/** What is not in the result because of a gap: the whole row, one figure of it, or nothing (all is there, but look at it). */
export type Lost = 'row' | 'field' | 'nothing';

/** A place of the source where something was missing or wrong. It is plain data: it can be logged as JSON. */
export interface Gap {
  lost: Lost;
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

/** Gaps in the order in which they were found. */
export class Gaps {
  readonly list: Gap[] = [];
  readonly #strict: boolean;

  /** @param strict - whether the first gap is thrown instead */
  constructor(strict = false) {
    this.#strict = strict;
  }

  /** @throws MarginError the gap itself, in strict mode */
  add(error: MarginError, lost: Lost, account?: string): void {
    if (this.#strict) throw error;
    const { code, path = '', expected, hint, message } = error;
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

  /** Accounts that are not whole, each once. */
  accounts(): string[] {
    const named = this.list.filter(({ lost }) => lost !== 'nothing').map(({ account }) => account);
    return [...new Set(named.filter((id) => id !== undefined))];
  }
}

/**
 * Gaps as lines of text, one each.
 * @example
 * gapsText([{ lost: 'row', code: 'missing-key', path: 'positions[0].side', message: 'missing-key at positions[0].side' }])
 * // 'row left out: missing-key at positions[0].side'
 */
export function gapsText(gaps: readonly Gap[]): string {
  const words = { row: 'row left out', field: 'figure left out', nothing: 'note' };
  return gaps
    .map(({ lost, message, account }) => `${words[lost]}${account === undefined ? '' : ` (${account})`}: ${message}`)
    .join('\n');
}
