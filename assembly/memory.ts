// Reading the packed book: header words to column pointers. The TypeScript side allocates; the kernel only reads and writes.

/** Pointer of a column. */
// @ts-ignore: decorator
@inline
export function column(header: usize, word: i32): usize {
  return <usize>load<u32>(header + ((<usize>word) << 2));
}

/** Row count of a section. */
// @ts-ignore: decorator
@inline
export function rows(header: usize, section: i32): u32 {
  return load<u32>(header + ((<usize>section) << 2));
}

/** f64 at row `i` of a column. */
// @ts-ignore: decorator
@inline
export function f64At(pointer: usize, i: u32): f64 {
  return load<f64>(pointer + ((<usize>i) << 3));
}

/** u32 at row `i` of a column. */
// @ts-ignore: decorator
@inline
export function u32At(pointer: usize, i: u32): u32 {
  return load<u32>(pointer + ((<usize>i) << 2));
}

/** f64 column read through the header; for what happens once a tick. */
// @ts-ignore: decorator
@inline
export function readF64(header: usize, word: i32, i: u32): f64 {
  return f64At(column(header, word), i);
}

/** u32 column read through the header; for what happens once a tick. */
// @ts-ignore: decorator
@inline
export function readU32(header: usize, word: i32, i: u32): u32 {
  return u32At(column(header, word), i);
}

// Both by vector instructions: a choice between scalars becomes a branch, which rates and caps mispredict.

/** Larger of two, the first if equal: as f64x2.pmax, and as `larger` of the reference. */
// @ts-ignore: decorator
@inline
export function larger(a: f64, b: f64): f64 {
  return f64x2.extract_lane(f64x2.pmax(f64x2.splat(a), f64x2.splat(b)), 0);
}

/** Smaller of two, the first if equal. */
// @ts-ignore: decorator
@inline
export function smaller(a: f64, b: f64): f64 {
  return f64x2.extract_lane(f64x2.pmin(f64x2.splat(a), f64x2.splat(b)), 0);
}
