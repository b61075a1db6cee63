// The first few of many by any order, without sorting those that are not reached.

/**
 * @param count - how many there are
 * @param most - how many are wanted; all where there are fewer
 * @param before - whether one place comes before another; a strict order
 * @returns places, the first first
 */
export function firsts(count: number, most: number, before: (a: number, b: number) => boolean): number[] {
  const order = (a: number, b: number): number => (before(a, b) ? -1 : before(b, a) ? 1 : 0);
  const places = Array.from({ length: count }, (_, place) => place);
  if (most >= count) return places.sort(order);
  // A heap of the first `most`, the last of them on top.
  const heap = places.slice(0, most);
  const sink = (from: number): void => {
    const moved = heap[from] as number;
    let node = from;
    for (let child = 2 * node + 1; child < most; child = 2 * node + 1) {
      if (child + 1 < most && before(heap[child] as number, heap[child + 1] as number)) child += 1;
      if (!before(moved, heap[child] as number)) break;
      heap[node] = heap[child] as number;
      node = child;
    }
    heap[node] = moved;
  };
  for (let node = (most >> 1) - 1; node >= 0; node--) sink(node);
  for (let place = most; place < count && most > 0; place++) {
    if (!before(place, heap[0] as number)) continue;
    heap[0] = place;
    sink(0);
  }
  return heap.sort(order);
}
