// A body, read no further than its route allows, whatever its headers say.
import { Problem } from './problem.js';

/** Room at first where no length is told. */
const FIRST = 16 * 1024;

/** @throws Problem 413; the rest of the stream is cancelled then */
export async function readBody(request: Request, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const told = Number(request.headers.get('content-length') ?? Number.NaN);
  if (told > most) throw tooLarge(most);
  // HTTP gives no more than what was told, unless it comes in chunks: then a length says nothing.
  if (told >= 0 && !request.headers.has('transfer-encoding')) return new Uint8Array(await whole(request.arrayBuffer()));
  if (!request.body) return new Uint8Array(0);
  // What is told saves copies; nothing relies on it.
  let bytes = new Uint8Array(told > 0 ? told : Math.min(FIRST, most));
  let length = 0;
  const reader = request.body.getReader();
  for (let chunk = await whole(reader.read()); !chunk.done; chunk = await whole(reader.read())) {
    const { value } = chunk as { value: Uint8Array };
    if (length + value.length > most) {
      await reader.cancel();
      throw tooLarge(most);
    }
    if (length + value.length > bytes.length) {
      const larger = new Uint8Array(Math.min(most, Math.max(2 * bytes.length, length + value.length)));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(value, length);
    length += value.length;
  }
  return length === bytes.length ? bytes : bytes.slice(0, length);
}

/** A body that breaks off, or whose chunks are none, is the sender's fault. */
async function whole<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch {
    throw new Problem(400, 'syntax', { path: 'body', expected: 'a whole body' });
  }
}

/** @throws Problem 408 where it takes longer, in milliseconds */
export async function within<T>(most: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = scheduler.wait(most, { signal: timer.signal }).then(() => {
    throw new Problem(408, 'timeout', { path: 'body', expected: `all of it within ${most} ms`, hint: 'Send it again' });
  });
  // It is given up where the work is done first.
  late.catch(() => undefined);
  return Promise.race([work, late]).finally(() => timer.abort());
}

const tooLarge = (most: number): Problem =>
  new Problem(413, 'too-large', { path: 'body', expected: `at most ${most} bytes` });
