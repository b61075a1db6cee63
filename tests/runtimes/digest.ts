// Bytes of any result, and their SHA-256: numbers as little-endian doubles with one NaN, so that equal hashes are equal bits on every
// engine, whatever NaN each of them makes.

/** The one NaN. */
const CANONICAL_NAN = 0x7ff8000000000000n;

export class Digest {
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Takes numbers, bigints, texts, booleans, null, undefined, typed arrays, lists, and objects: keys in rising order, no methods. */
  add(value: unknown): this {
    if (typeof value === 'number') return this.#number(value);
    if (typeof value === 'string') return this.#text('s', value);
    if (typeof value === 'bigint') return this.#text('i', String(value));
    if (value === null || typeof value !== 'object') return this.#text('c', String(value));
    if (ArrayBuffer.isView(value) || Array.isArray(value)) {
      const list = value as unknown as ArrayLike<unknown>;
      this.#text('l', String(list.length));
      for (let i = 0; i < list.length; i++) this.add(list[i]);
      return this;
    }
    const fields = Object.entries(value).filter(([, field]) => typeof field !== 'function');
    fields.sort(([a], [b]) => (a < b ? -1 : 1));
    this.#text('o', fields.map(([key]) => key).join(','));
    for (const [, field] of fields) this.add(field);
    return this;
  }

  /** SHA-256 of all that was added, in hexadecimal. */
  async hex(): Promise<string> {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', this.#bytes.subarray(0, this.#length)));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  #number(x: number): this {
    this.#room(8);
    if (Number.isNaN(x)) this.#view.setBigUint64(this.#length, CANONICAL_NAN, true);
    else this.#view.setFloat64(this.#length, x, true);
    this.#length += 8;
    return this;
  }

  #text(tag: string, text: string): this {
    const bytes = new TextEncoder().encode(`${tag}${text}\0`);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * this.#bytes.length + more);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
