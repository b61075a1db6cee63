// How many scenarios a tail has: (1 - confidence) times their number, without the error that doubles make of it
// (1000 * (1 - 0.99) is 10.000000000000009 in doubles, and its ceiling 11).

/**
 * (1 - confidence) * count, rounded once.
 * @param text - the confidence as it was written; a number is taken at its shortest decimal
 */
export function tailOf(text: string, confidence: number, count: number): number {
  const digits = /^0?\.(\d{1,15})$/.exec(text)?.[1];
  if (digits === undefined) return (1 - confidence) * count;
  const scale = Number(`1e${digits.length}`);
  // Whole numbers below 2^53: exact.
  return ((scale - Number(digits)) * count) / scale;
}
