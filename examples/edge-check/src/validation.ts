// Shapes of requests: which keys there are, what is a text, what is a list. Amounts, prices and sizes are read by margin-kernel.
import { MarginError } from 'margin-kernel';

export type Shape = Readonly<Record<string, unknown>>;

/** An object with no other keys. @throws MarginError type, unknown-key */
export function object(value: unknown, path: string, keys: readonly string[]): Shape {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MarginError('type', { path, got: value, expected: 'an object' });
  for (const key of Object.keys(value)) {
    if (!keys.includes(key))
      throw new MarginError('unknown-key', { path: under(path, key), expected: `one of ${keys.join(', ')}` });
  }
  return value as Shape;
}

const under = (path: string, key: string): string => (path === 'body' ? key : `${path}.${key}`);

/** A text that is not empty: rows have numbers inside, outside they have ids. @throws MarginError missing-key, type */
export function text(of: Shape, path: string, key: string): string {
  const value = of[key];
  if (typeof value === 'string' && value !== '') return value;
  if (value === undefined) throw new MarginError('missing-key', { path: under(path, key), expected: 'a text' });
  throw new MarginError('type', { path: under(path, key), got: value, expected: 'a text that is not empty' });
}

/** A list of so many entries; one that is not there is empty. @throws MarginError type, too-many */
export function list(of: Shape, path: string, key: string, most: number): readonly unknown[] {
  const value = of[key] ?? [];
  if (!Array.isArray(value)) throw new MarginError('type', { path: under(path, key), got: value, expected: 'a list' });
  if (value.length > most)
    throw new MarginError('too-many', {
      path: under(path, key),
      got: value.length,
      expected: `at most ${most} entries`,
    });
  return value;
}

/** A whole number from 0, where there is one. @throws MarginError type */
export function whole(of: Shape, path: string, key: string): number | undefined {
  const value = of[key];
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0))
    return value as number | undefined;
  throw new MarginError('type', { path: under(path, key), got: value, expected: 'a whole number from 0' });
}

/** true or false, where it is said. @throws MarginError type */
export function flag(of: Shape, path: string, key: string): boolean {
  const value = of[key] ?? false;
  if (typeof value === 'boolean') return value;
  throw new MarginError('type', { path: under(path, key), got: value, expected: 'true or false' });
}

/** What is left of an object without these keys. */
export function without(of: Shape, ...keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(of).filter(([key]) => !keys.includes(key)));
}

/** Runs what reads an entry of a list, and names the entry where it is refused. */
export function at<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    const { path: inner } = error;
    throw error.with({
      path:
        inner === undefined
          ? path
          : inner.startsWith(path)
            ? inner
            : `${path}.${inner.replace(/^(order|fill|place|terms|account|more)\./, '')}`,
    });
  }
}
