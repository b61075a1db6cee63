// The <book> argument: a JSON file or the binary form, told apart by its first bytes; `-` reads stdin.
import { readFileSync } from 'node:fs';
import { Book } from '../index.js';
import { UsageError } from './command.js';
import { short } from './format.js';
import type { Terminal } from './terminal.js';

const STDIN = 0;
/** V8 holds no longer string. */
const MOST_TEXT = 0x1fffffe8;
/** JSON of this many bytes takes seconds to read: worth a word. */
const LONG_TEXT = 50_000_000;

/** @throws UsageError where there is no such file */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path === '-' ? STDIN : path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

export const readText = (path: string): string => decode(path, readBytes(path));

function decode(path: string, bytes: Uint8Array): string {
  if (bytes.length > MOST_TEXT) {
    throw new UsageError(
      `${path} is too long for one JSON text`,
      'Use the binary form: book.encode(), or demo --out book.mkb',
    );
  }
  return new TextDecoder().decode(bytes);
}

/** What the system says about a file, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  return message;
}

/** @throws UsageError where the file can not be read; MarginError where it is not a book */
export function readBook(path: string, terminal: Terminal, quiet: boolean): Book {
  const bytes = readBytes(path);
  if (Book.isEncoded(bytes)) return Book.decode(bytes);
  if (bytes.length > LONG_TEXT && !quiet) terminal.err.write(`reading ${short(bytes.length)} bytes of JSON\n`);
  return Book.fromJSON(decode(path, bytes));
}
