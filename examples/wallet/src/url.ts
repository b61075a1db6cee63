// A state as the hash of a link: `1.` and its JSON, deflated (zlib, whose checksum tells damage), in the letters of links.
// The number is the version of the form: another one is told from damage.
import { MarginError } from 'margin-kernel/reference/var';
import { refusalText, sentence } from './refusal.ts';
import { pack, type State, StateError, unpack } from './state.ts';

const VERSION = '1';
/** A link that unfolds to more than this is none of ours. */
const MOST_BYTES = 4_000_000;

/** A link that can not be read, in words for who opened it. */
export class LinkError extends Error {
  readonly why: 'damaged' | 'version' | 'content';

  constructor(why: LinkError['why'], message: string) {
    super(message);
    this.why = why;
  }
}

/** The hash of a state, without `#`. */
export async function hashOf(state: State): Promise<string> {
  const text = JSON.stringify(pack(state));
  const bytes = await through(new TextEncoder().encode(text), new CompressionStream('deflate'), MOST_BYTES);
  return `${VERSION}.${toLetters(bytes)}`;
}

/**
 * The state of a hash, with or without `#`; null where there is none.
 * @throws LinkError
 */
export async function stateOfHash(hash: string): Promise<State | null> {
  const text = hash.replace(/^#/, '');
  if (text === '') return null;
  const [version = '', letters = '', more] = text.split('.');
  if (!/^\d+$/.test(version) || letters === '' || more !== undefined) {
    throw new LinkError('damaged', 'It is not a link of this page: the part behind # has another form.');
  }
  if (version !== VERSION) {
    throw new LinkError(
      'version',
      `It was made by another version of this page (${version}; this one reads ${VERSION}).`,
    );
  }
  const packed = await unfold(letters);
  try {
    return unpack(packed);
  } catch (error) {
    if (!(error instanceof StateError || error instanceof MarginError)) throw error;
    throw new LinkError(
      'content',
      sentence(
        `It says something that can not be: ${error instanceof MarginError ? refusalText(error) : error.message}`,
      ),
    );
  }
}

async function unfold(letters: string): Promise<unknown> {
  try {
    const bytes = await through(fromLetters(letters), new DecompressionStream('deflate'), MOST_BYTES);
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new LinkError('damaged', 'Letters of it are missing or were changed on the way.');
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = stream.writable.getWriter();
  // What is wrong with the bytes is told by the reader.
  const written = writer.write(bytes).then(() => writer.close());
  written.catch(() => {});
  const reader = stream.readable.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError('too long');
    }
    chunks.push(next.value);
  }
  await written;
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

const toLetters = (bytes: Uint8Array): string => {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
};

const fromLetters = (letters: string): Uint8Array<ArrayBuffer> => {
  if (!/^[\w-]+$/.test(letters)) throw new RangeError('letters that are none of base64url');
  return Uint8Array.from(atob(letters.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
};
