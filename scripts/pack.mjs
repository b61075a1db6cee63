// Bytes into the text that bindings/wasm/unpack.ts reads: the most frequent bytes are one character each, all others two.
import { loadTs } from './load-ts.mjs';

const { ALPHABET, SINGLES } = await loadTs('bindings/wasm/unpack.ts');

/** @param {Uint8Array} bytes */
export function pack(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const all = counts.map((_, byte) => byte);
  const singles = [...all].sort((a, b) => counts[b] - counts[a] || a - b).slice(0, SINGLES);
  const order = [...singles, ...all.filter((byte) => !singles.includes(byte))];
  const characters = new Map(order.map((byte, rank) => [byte, characterOf(rank)]));
  const header = singles.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return header + Array.from(bytes, (byte) => characters.get(byte)).join('');
}

/** @param {number} rank */
function characterOf(rank) {
  if (rank < SINGLES) return ALPHABET[rank + 2];
  const place = rank - SINGLES;
  return `${ALPHABET[Math.floor(place / ALPHABET.length)]}${ALPHABET[place % ALPHABET.length]}`;
}
