// The kernel's exports, and nothing else.
/** Placeholder: the version of the ABI. */
export function abiVersion(): i32 {
  return 1;
}
