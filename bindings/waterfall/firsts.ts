// The first few of many by any order, without sorting those that are not reached.

/** Whether one place comes before another; a strict order. */
export type Before = (a: number, b: number) => boolean;

/**
 * @param count - how many there are
 * @param most - how many are wanted; all where there are fewer
 * @param before - their order
 * @returns places, the first first
 */
export function firsts(count: number, most: number, before: Before): number[] {
  const places = Array.from({ length: count }, (_, place) => place);
  return firstOf(places, most, before).sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0));
}

/**
 * As `firsts` of some places, in no order: Hoare's selection, each pass over what the last one has left.
 * @param places - are moved about
 */
export function firstOf(places: number[], most: number, before: Before): number[] {
  let [low, high] = [0, places.length - 1];
  let passes = 0;
  while (most > low && most <= high) {
    // Each pass leaves about half; an order made to spoil that is sorted instead.
    if (++passes > MOST_PASSES) return places.sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0)).slice(0, most);
    const pivot = median(places, low, high, before);
    let [i, j] = [low, high];
    while (i <= j) {
      while (before(places[i] as number, pivot)) i += 1;
      while (before(pivot, places[j] as number)) j -= 1;
      if (i > j) break;
      const moved = places[i] as number;
      places[i++] = places[j] as number;
      places[j--] = moved;
    }
    // Up to j come before the pivot, from i on behind it; between them stands the pivot itself.
    if (most <= j) high = j;
    else if (most >= i) low = i;
    else break;
  }
  return places.slice(0, most);
}

const MOST_PASSES = 64;

/** Middle one of first, middle and last. */
function median(places: readonly number[], low: number, high: number, before: Before): number {
  const [a, b, c] = [places[low], places[(low + high) >>> 1], places[high]] as [number, number, number];
  if (before(a, b)) return before(b, c) ? b : before(a, c) ? c : a;
  return before(a, c) ? a : before(b, c) ? c : b;
}
