// Where in a JSON text the value of a path stands (`accounts[0].positions[1].market`), and where a text stops being JSON: so that
// an error can be shown where it was typed.

export interface Span {
  start: number;
  end: number;
  /** Of the key, where the value has one. */
  key?: { start: number; end: number };
}

/** A text that is not JSON: what was expected, and at which letter. */
export class NotJSON extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

/** A book has seven. */
const MOST_DEPTH = 100;

/**
 * Spans of all values by their path.
 * @throws NotJSON
 */
export function spansOf(text: string): Map<string, Span> {
  const spans = new Map<string, Span>();
  let at = 0;
  let depth = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const fail = (expected: string): never => {
    throw new NotJSON(at, at >= text.length ? `the text ends, ${expected} was expected` : `${expected} was expected`);
  };
  const take = (letter: string): boolean => {
    match(SPACE);
    if (text[at] !== letter) return false;
    at++;
    match(SPACE);
    return true;
  };
  const value = (path: string, key?: Span['key']): void => {
    match(SPACE);
    const start = at;
    depth += 1;
    if (depth > MOST_DEPTH) fail(`at most ${MOST_DEPTH} levels`);
    if (take('{')) members(path);
    else if (take('[')) items(path);
    else if (match(STRING) === null && match(WORD) === null) fail('a value');
    depth -= 1;
    spans.set(path, { start, end: at, ...(key ? { key } : {}) });
    match(SPACE);
  };
  const members = (path: string): void => {
    if (closes('}')) return;
    do {
      const start = at;
      const name = match(STRING) ?? fail('a key in quotes');
      const key = { start, end: at };
      if (!take(':')) fail('a colon');
      value(path === '' ? JSON.parse(name) : `${path}.${JSON.parse(name)}`, key);
    } while (take(','));
    if (!closes('}')) fail('a comma or }');
  };
  const items = (path: string): void => {
    if (closes(']')) return;
    let i = 0;
    do value(`${path}[${i++}]`);
    while (take(','));
    if (!closes(']')) fail('a comma or ]');
  };
  const closes = (letter: string): boolean => {
    if (text[at] !== letter) return false;
    at++;
    return true;
  };
  value('');
  if (at < text.length) fail('the end of the text');
  return spans;
}

/** The span of a path, or of the nearest thing around it that stands in the text. */
export function spanAt(text: string, path: string): Span | null {
  const spans = spansOf(text);
  for (let near = path; near !== ''; near = near.replace(/(?:\.[^.[\]]*|\[[^[\]]*\]|^[^.[\]]+)$/, '')) {
    const span = spans.get(near);
    if (span) return span;
  }
  return spans.get('') ?? null;
}

/** Line and column of an offset, counted from 1. */
export function lineOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
