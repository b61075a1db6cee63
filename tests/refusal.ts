// What a call was refused with; a call that is not refused, or fails in another way, fails the test.
import type { MarginError } from '../bindings/errors.js';

export function refusedWith(call: () => unknown): MarginError {
  try {
    call();
  } catch (error) {
    // By name: the sources and the built package have a class each.
    if (error instanceof Error && error.name === 'MarginError') return error as MarginError;
    throw error;
  }
  throw new Error('was not refused');
}

/** The message of the refusal. */
export const refusal = (call: () => unknown): string => refusedWith(call).message;

/** Code and path of the refusal. */
export function refusedAt(call: () => unknown): string {
  const { code, path } = refusedWith(call);
  return `${code} ${path}`;
}
