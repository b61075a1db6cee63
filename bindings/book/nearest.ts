// The nearest known word to an unknown one, for error messages.

/** Edit distance (Levenshtein), case ignored. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1]?.toLowerCase() === b[j - 1]?.toLowerCase();
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * The known word closest to `word`, if it is close enough to be meant.
 * @example nearest('prise', ['price', 'size']) // 'price'
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.ceil(word.length / 2)) + 1;
  let seen = 0;
  for (const k of known) {
    // A hint is not worth a scan of a million account ids.
    if (++seen > 5000) break;
    if (Math.abs(k.length - word.length) >= least) continue;
    const d = distance(word.slice(0, 64), k.slice(0, 64));
    if (d < least) {
      least = d;
      best = k;
    }
  }
  return best;
}
