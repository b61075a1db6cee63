// A 64-bit hash of bytes: FNV-1a over 32-bit little-endian words instead of bytes, the last word padded with zeros, then the number
// of bytes as one more word. A step maps states one to one, so two inputs that differ in a single word never hash alike.

const TWO_32 = 4294967296;
/** FNV-1a, 64 bits: offset basis, and the prime 2^40 + 0x1b3. */
const BASIS_HIGH = 0xcbf29ce4;
const BASIS_LOW = 0x84222325;
const PRIME_LOW = 0x1b3;

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/**
 * @returns 16 hexadecimal digits
 * @example
 * hashOf(new TextEncoder().encode('margin')) // '460054e2ebb87c3f'
 */
export function hashOf(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % 4);
  let high = BASIS_HIGH;
  let low = BASIS_LOW;
  const step = (word: number): void => {
    const x = (low ^ word) >>> 0;
    // Below 2^42, so exact; what is above 32 bits of it is carried.
    const product = x * PRIME_LOW;
    low = product >>> 0;
    high = (high * PRIME_LOW + (product - low) / TWO_32 + ((x << 8) >>> 0)) >>> 0;
  };
  for (let i = 0; i < whole; i += 4) step(view.getUint32(i, true));
  let rest = 0;
  for (let i = whole; i < bytes.length; i++) rest |= (bytes[i] as number) << (8 * (i - whole));
  if (whole < bytes.length) step(rest >>> 0);
  step(bytes.length >>> 0);
  return hex(high) + hex(low);
}
