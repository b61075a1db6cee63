// Names that columns of money are kept by. A key joins two of them by NUL, and the journal keeps lots and costs under words of
// its own: a name with either would stand for two things at once.
import { MarginError } from '../errors.js';
import { COST, POSITION } from './journal.js';

/** The id of an account or a market, or an asset. @throws MarginError range where it has a NUL */
export function plainName(name: string, path: string): string {
  if (!name.includes('\u0000')) return name;
  throw new MarginError('range', { path, got: name, expected: 'a name without the character NUL' });
}

/** A purse. @throws MarginError conflict where the journal has another use for the name; range */
export function purseName(name: string, path: string): string {
  if (name !== POSITION && name !== COST) return plainName(name, path);
  const kept = name === POSITION ? 'the lots' : 'the cost';
  throw new MarginError('conflict', {
    path,
    got: name,
    expected: `another name: postings of "${name}" are ${kept} of positions`,
  });
}
