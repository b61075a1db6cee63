// Files of the command line as bytes and text; `-` is stdin.
import { readFileSync } from 'node:fs';
import { UsageError } from './command.js';

const STDIN = 0;
/** V8 holds no longer string. */
const MOST_TEXT = 0x1fffffe8;

/** @throws UsageError where there is no such file */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path === '-' ? STDIN : path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

export const readText = (path: string): string => decode(path, readBytes(path));

/** Bytes as text. @throws UsageError where they are too many for one, or no UTF-8 */
export function decode(path: string, bytes: Uint8Array): string {
  if (bytes.length > MOST_TEXT) {
    throw new UsageError(
      `${path} is too long for one JSON text`,
      'Use the binary form: book.encode(), or demo --out book.mkb',
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Two ids could become one.
    throw new UsageError(`${path} is not UTF-8`, 'Convert it: iconv -f latin1 -t utf8');
  }
}

/** What the system says about a file, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  return message;
}
