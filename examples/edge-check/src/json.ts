// JSON text to a value, strictly: UTF-8, bounded depth, no key twice, no endless text, no number that a double cannot hold.
import { badText } from './problem.js';
import { MOST_TEXT } from './routes.js';

const MOST_DEPTH = 12;
const MOST_DIGITS = 64;
const NUMBER = /-?[\d.eE+-]+/y;
/** One for all: objects of the platform are garbage that only a full collection takes away. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One object or list that is open: where it is, its keys so far (of a list: none), and the entry that is being read. */
interface Level {
  path: string;
  keys: Set<string> | undefined;
  key: string;
  index: number;
}

/** @throws Problem 400 with the path of what is wrong */
export function readJSON(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = UTF_8.decode(bytes);
  } catch {
    throw badText('syntax', 'body', 'UTF-8');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (e) {
    throw badText('syntax', 'body', `JSON text: ${e instanceof Error ? e.message : ''}`);
  }
  scan(text);
  return value;
}

const pathOf = ({ path, keys, key, index }: Level): string =>
  keys ? (path === '' ? key : `${path}.${key}`) : `${path}[${index}]`;

/** Looks through text that is JSON for what JSON.parse lets pass. */
function scan(text: string): void {
  const stack: Level[] = [];
  let top: Level | undefined;
  let atKey = false;
  const here = (): string => (top ? pathOf(top) : 'body');
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) {
      const end = endOfText(text, i);
      if (end - i - 2 > MOST_TEXT) throw badText('range', here(), `a text of at most ${MOST_TEXT} characters`);
      if (atKey && top?.keys) {
        const quoted = text.slice(i, end);
        top.key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
        if (top.keys.has(top.key)) throw badText('duplicate', here(), 'each key once in an object');
        top.keys.add(top.key);
      }
      i = end - 1;
    } else if (c === 0x7b || c === 0x5b) {
      if (stack.length === MOST_DEPTH) throw badText('range', here(), `at most ${MOST_DEPTH} levels`);
      top = { path: top ? pathOf(top) : '', keys: c === 0x7b ? new Set() : undefined, key: '', index: 0 };
      stack.push(top);
      atKey = c === 0x7b;
    } else if (c === 0x7d || c === 0x5d) {
      stack.pop();
      top = stack.at(-1);
      atKey = false;
    } else if (c === 0x2c) {
      if (top) top.index += 1;
      atKey = top?.keys !== undefined;
    } else if (c === 0x3a) atKey = false;
    else if (c === 0x2d || (c >= 0x30 && c <= 0x39)) {
      NUMBER.lastIndex = i;
      const [digits = ''] = NUMBER.exec(text) ?? [];
      if (digits.length > MOST_DIGITS || !Number.isFinite(Number(digits)))
        throw badText('not-finite', here(), `a finite number of at most ${MOST_DIGITS} characters`);
      i = NUMBER.lastIndex - 1;
    }
  }
}

/** Index behind the text that opens at `start`. */
function endOfText(text: string, start: number): number {
  let i = start + 1;
  while (text.charCodeAt(i) !== 0x22) i += text.charCodeAt(i) === 0x5c ? 2 : 1;
  return i + 1;
}
