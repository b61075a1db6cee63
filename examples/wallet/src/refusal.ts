// A refusal of the kernel in words for people: what stood there, what would do, and how to mend it; without codes.
import type { MarginError } from 'margin-kernel/reference/var';

/** @param path - what to call the place; default the error's own */
export function refusalText({ message, path, got, expected, hint }: MarginError, place = path): string {
  if (expected === undefined) return sentence(message);
  const where = place ? `${place}: expected` : 'Expected';
  const seen = got === undefined ? '' : ` instead of ${JSON.stringify(got) ?? String(got)}`;
  return sentence(`${where} ${expected}${seen}. ${hint ?? ''}`);
}

/** Ends a text as sentences end. */
export function sentence(text: string): string {
  const bare = text.trim();
  return /[.?!…]$/.test(bare) ? bare : `${bare}.`;
}
