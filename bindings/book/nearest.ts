// The nearest known word to an unknown one, for error messages.

/** Words of other systems for the same thing; in lower case. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  amount: 'size',
  contracts: 'size',
  contractsize: 'multiplier',
  entryprice: 'entry',
  imr: 'initialRate',
  long: 'buy',
  markprice: 'mark',
  mmr: 'maintenanceRate',
  perp: 'linear',
  perpetual: 'linear',
  qty: 'size',
  quantity: 'size',
  short: 'sell',
  swap: 'linear',
};

/** Letters that are taken for one another. */
const ALIKE = ['ckqsz', 'aeiouy', '-_/ '];

/** Cost of one letter for another: a little more where nobody takes them for one another, which decides between equals only. */
function exchange(a: string, b: string): number {
  if (a === b) return 0;
  return ALIKE.some((set) => set.includes(a) && set.includes(b)) ? 1 : 1.001;
}

/** Edit distance, case ignored; two neighbours that changed places are one edit (optimal string alignment). */
function distance(word: string, known: string): number {
  const [a, b] = [word.toLowerCase(), known.toLowerCase()];
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const [x, y] = [a.charAt(i - 1), b.charAt(j - 1)];
      const swapped = i > 1 && j > 1 && x === b.charAt(j - 2) && y === a.charAt(i - 2);
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + exchange(x, y),
          swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

/**
 * The known word closest to `word`, if it is close enough to be meant.
 * @param most - edits that a slip of the pen makes at most
 * @example nearest('sise', ['side', 'size']) // 'size'
 */
export function nearest(word: string, known: Iterable<string>, most = Math.ceil(word.length / 3)): string | undefined {
  const other = OTHER_WORDS[word.toLowerCase()];
  let best: string | undefined;
  let least = most + 1;
  let seen = 0;
  for (const k of known) {
    // A hint is not worth a scan of a million account ids.
    if (++seen > 5000) break;
    if (k === other) return k;
    if (Math.abs(k.length - word.length) >= least) continue;
    const d = distance(word.slice(0, 64), k.slice(0, 64));
    // Words without a letter in common are not meant for one another.
    if (d < least && d < Math.max(word.length, k.length)) {
      least = d;
      best = k;
    }
  }
  return best;
}
