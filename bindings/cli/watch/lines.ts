// Events as JSON lines: one object a line, as `Engine.apply` takes them. Blank lines count and say nothing; a line that is no event
// is refused by its number, with what would mend it.
import { isObject } from '../../book/fields.js';
import { readJSON } from '../../book/json.js';
import { MarginError } from '../../errors.js';
import type { EngineEvent } from '../../watch/engine/event.js';
import type { Source } from './source.js';

const NEWLINE = 10;
const HINT =
  'Write one event a line, such as {"kind":"mark","market":"BTC-PERP","mark":58400}; jq -c . makes lines of other JSON';

/** An event of a line. @throws MarginError syntax, duplicate, type, whose path names the line */
function eventOf(text: string, where: string): EngineEvent {
  let value: unknown;
  try {
    value = readJSON(text, where);
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    // A key that stands twice is named by its own path.
    const path = error.path?.startsWith(where) ? error.path : `${where}: ${error.path}`;
    throw error.with({ path, ...(error.code === 'syntax' ? { got: text, hint: HINT } : {}) });
  }
  if (isObject(value)) return value as unknown as EngineEvent;
  throw new MarginError('type', {
    path: where,
    got: value,
    expected: 'one event, an object with a "kind"',
    hint: HINT,
  });
}

/** Reads lines from pieces of bytes as they come. @param name - of what is read, for people */
export class Lines implements Source {
  readonly name: string;
  readonly kind = 'lines';
  readonly total = 0;
  readonly dated = false;
  readonly notes: readonly string[] = [];
  readonly #pieces: AsyncIterable<Uint8Array>;
  readonly #decoder = new TextDecoder('utf-8');
  #line = 0;

  constructor(name: string, pieces: AsyncIterable<Uint8Array>) {
    this.name = name;
    this.#pieces = pieces;
  }

  where(): string {
    return `${this.name}, line ${this.#line}`;
  }

  day(): null {
    return null;
  }

  async *batches(): AsyncGenerator<Iterable<EngineEvent>> {
    let rest: Uint8Array[] = [];
    for await (const piece of this.#pieces) {
      const end = piece.lastIndexOf(NEWLINE);
      if (end < 0) {
        rest.push(piece);
        continue;
      }
      const whole = joined([...rest, piece.subarray(0, end)]);
      rest = [piece.subarray(end + 1)];
      yield this.#events(whole);
    }
    yield this.#events(joined(rest));
  }

  *#events(bytes: Uint8Array): Generator<EngineEvent> {
    for (const text of this.#decoder.decode(bytes).split('\n')) {
      this.#line++;
      if (text.trim() !== '') yield eventOf(text, this.where());
    }
  }
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
