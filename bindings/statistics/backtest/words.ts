// TEMPORARY until the project's own Philox is merged.
import type { WordSource } from './overlapping.js';

const M0 = 0xd2511f53 | 0,
  M1 = 0xcd9e8d57 | 0,
  W0 = 0x9e3779b9 | 0,
  W1 = 0xbb67ae85 | 0;
function mulhi(a: number, b: number): number {
  const al = a & 0xffff,
    ah = a >>> 16,
    bl = b & 0xffff,
    bh = b >>> 16;
  const ll = Math.imul(al, bl),
    hl = Math.imul(ah, bl),
    lh = Math.imul(al, bh),
    hh = Math.imul(ah, bh);
  const t = (hl & 0xffff) + (ll >>> 16) + (lh & 0xffff);
  return (hh + (hl >>> 16) + (lh >>> 16) + (t >>> 16)) | 0;
}
export const wordSource =
  (seed: number): WordSource =>
  (path, block, out) => {
    let c0 = block,
      c1 = 0,
      c2 = path,
      c3 = 0,
      k0 = seed,
      k1 = 0;
    for (let r = 0; r < 10; r++) {
      const hi0 = mulhi(c0, M0),
        lo0 = Math.imul(c0, M0),
        hi1 = mulhi(c2, M1),
        lo1 = Math.imul(c2, M1);
      c0 = hi1 ^ c1 ^ k0;
      c1 = lo1;
      c2 = hi0 ^ c3 ^ k1;
      c3 = lo0;
      k0 = (k0 + W0) | 0;
      k1 = (k1 + W1) | 0;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  };
