// Arrays of the caller that share memory: what is read a piece at a time must not be written over before.

type Cells = Float64Array | Int8Array | Uint8Array;

/** Whether two arrays have memory in common. */
export function overlaps(a: Cells, b: Cells): boolean {
  return begins(a, b) && begins(b, a) && a.buffer === b.buffer;
}

/** Whether `a` begins before the end of `b`, were they of one buffer. */
const begins = (a: Cells, b: Cells): boolean => a.byteOffset < b.byteOffset + b.byteLength;

/** Whether rows of `from` change before they are read, where row by row, or block by block, `from` is read and then `to` written. */
export function clobbers(to: Cells, from: Cells): boolean {
  const inStep = to.BYTES_PER_ELEMENT === from.BYTES_PER_ELEMENT;
  // In step and not ahead, what is written has been read.
  return !(inStep && to.byteOffset <= from.byteOffset) && overlaps(to, from);
}
