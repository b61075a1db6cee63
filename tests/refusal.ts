// What a call was refused with; a call that is not refused, or fails in another way, fails the test.
import { MarginError } from '../bindings/errors.js';

export function refusedWith(call: () => unknown): MarginError {
  try {
    call();
  } catch (error) {
    if (error instanceof MarginError) return error;
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
