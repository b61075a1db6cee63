// CRC-32 (IEEE 802.3, reflected), the checksum of a binary book.

const POLYNOMIAL = 0xedb88320;
/** Slicing by four: four tables let four bytes go at a time. */
const TABLES: Uint32Array[] = /* @__PURE__ */ buildTables();

function buildTables(): Uint32Array[] {
  const first = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ POLYNOMIAL : c >>> 1;
    first[i] = c;
  }
  const tables = [first];
  for (let t = 1; t < 4; t++) {
    const before = tables[t - 1] as Uint32Array;
    tables.push(before.map((c) => (first[c & 0xff] as number) ^ (c >>> 8)));
  }
  return tables;
}

/** @param before - checksum of bytes that come before these */
export function crc32(bytes: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3] = TABLES as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let c = before ^ 0xffffffff;
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    c ^=
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    c =
      (t3[c & 0xff] as number) ^
      (t2[(c >>> 8) & 0xff] as number) ^
      (t1[(c >>> 16) & 0xff] as number) ^
      (t0[c >>> 24] as number);
  }
  for (; i < bytes.length; i++) c = (t0[(c ^ (bytes[i] as number)) & 0xff] as number) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
