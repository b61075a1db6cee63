// The one error of the package: what was wrong, where, what was got and expected, and how to mend it.

/** Machine-readable reason of a refusal. */
export type MarginErrorCode =
  | 'syntax' // the text is not JSON
  | 'type' // a value of the wrong kind
  | 'not-finite' // NaN or an infinity
  | 'range' // outside the permitted interval
  | 'unknown-key'
  | 'missing-key'
  | 'unknown-id'
  | 'duplicate'
  | 'conflict' // two keys that exclude each other
  | 'not-concave' // a table that would break the one-interval property of health
  | 'too-many' // more rows than 2^32 or than the reserved maximum
  | 'memory' // the engine cannot grow its memory
  | 'format' // not a book of this format or version
  | 'truncated' // a binary book that ends early
  | 'corrupt' // a binary book whose checksum or content is wrong
  | 'inexact' // the number cannot be held without loss
  | 'engine'; // WebAssembly or SIMD is missing

/** What a refusal says beside its code. */
export interface MarginErrorDetails {
  /** Where: a JSON path (`accounts[3].positions[0].size`), a column or an argument. */
  path?: string;
  /** Row, where a column is meant. */
  index?: number;
  /** The value that was refused. */
  got?: unknown;
  /** What would have been accepted. */
  expected?: string;
  /** How to mend it, where that is not plain from `expected`. */
  hint?: string;
}

function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'number' || value === undefined) return String(value);
  const text = written(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** As JSON, or by its kind what JSON can not hold: a cycle, a bigint inside, a nesting deeper than the stack. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
}

/**
 * A refused input. The book is unchanged after it.
 * @example
 * try { Book.fromJSON('{}'); } catch (e) { if (e instanceof MarginError) console.error(e.code, e.path); }
 */
export class MarginError extends Error {
  // A field: a frozen Error.prototype allows no assignment.
  /** 'MarginError', also where two copies of the package are loaded and `instanceof` knows one of them. */
  override readonly name: string = 'MarginError';
  /** What kind of refusal it is; stable, for programs. */
  readonly code: MarginErrorCode;
  /** Where: a JSON path, a column or an argument. */
  readonly path: string | undefined;
  /** Row, where a column is meant. */
  readonly index: number | undefined;
  /** The value that was refused. */
  readonly got: unknown;
  /** What would have been accepted. */
  readonly expected: string | undefined;
  /** How to mend it, where that is not plain from `expected`. */
  readonly hint: string | undefined;

  /** Its message is made of code and details. */
  constructor(code: MarginErrorCode, details: MarginErrorDetails = {}) {
    const { path, index, got, expected, hint } = details;
    const where = path === undefined ? '' : ` at ${path}${index === undefined ? '' : `[${index}]`}`;
    const seen = 'got' in details ? `: got ${show(got)}` : '';
    const wanted = expected === undefined ? '' : `${seen ? ', ' : ': '}expected ${expected}`;
    super(`${code}${where}${seen}${wanted}${hint === undefined ? '' : `. ${hint}`}`);
    this.code = code;
    this.path = path;
    this.index = index;
    this.got = got;
    this.expected = expected;
    this.hint = hint;
  }

  /** The same refusal in other words: of a caller who calls the place or the value otherwise. */
  with(changes: MarginErrorDetails): MarginError {
    const { code, path, index, got, expected, hint } = this;
    const all = Object.entries({ path, index, got, expected, hint, ...changes });
    // Bundlers rename a class that names itself.
    const { constructor: Refusal } = this as unknown as { constructor: typeof MarginError };
    return new Refusal(code, Object.fromEntries(all.filter(([, value]) => value !== undefined)));
  }
}
