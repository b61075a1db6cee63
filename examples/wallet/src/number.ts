// A number as people type it: plain, or with thousands marked where a field shows them so. What may be two numbers is neither.

/** What a text may have meant. */
export interface Mend {
  label: string;
  text: string;
}

export interface NotNumber {
  message: string;
  mend?: Mend;
}

/** Why not, and what to type, in one line. */
export const whyNot = ({ message, mend }: NotNumber): string => (mend ? `${message} ${mend.label}.` : message);

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const GROUPED = /^[+-]?\d{1,3}(?:[,\s]\d{3})+(?:\.\d*)?$/;

/** A number as people write it; where it is not one, what it may have meant. */
export function readNumber(text: string): number | NotNumber {
  const trimmed = text.trim().replace('−', '-');
  if (NUMBER.test(trimmed)) {
    const value = Number(trimmed);
    return Math.abs(value) <= 1e30 ? value : { message: 'At most 1e30.' };
  }
  if (trimmed === '') return { message: 'A number is needed here.' };
  const message = `“${text}” is not a number.`;
  // A unit before or behind it, not letters within.
  const bare = /^[^\d.,+-]*([+-]?[\d.,\s]+(?:[eE][+-]?\d+)?)(?:\s+\D*|[^\d\s.,a-zA-Z]*)$/
    .exec(trimmed)?.[1]
    ?.replace(/\s/g, '');
  if (bare === undefined) return { message };
  // 1.234,5 has its comma last, 1,234.5 its point.
  const comma = bare.lastIndexOf(',') > bare.lastIndexOf('.') && /,\d{1,2}$/.test(bare);
  const plain = comma ? bare.replace(/\./g, '').replace(',', '.') : bare.replace(/,/g, '');
  return NUMBER.test(plain) ? { message, mend: { label: `Use ${plain}`, text: plain } } : { message };
}

/** The same for a field that shows thousands with marks, which may stay where they belong: 59,000.5 but not 58,5. */
export const readGrouped = (text: string): ReturnType<typeof readNumber> =>
  readNumber(GROUPED.test(text.trim()) ? text.replace(/[,\s]/g, '') : text);
