// The <book> argument: a JSON file or the binary form, told apart by its first bytes; `-` reads stdin. --model has its say first.
import { NEEDS_MODEL } from '../book/book-rows.js';
import { readJSON } from '../book/json.js';
import { MarginError } from '../errors.js';
import { Book } from '../var.js';
import type { Input } from './command.js';
import { decode, readBytes } from './files.js';
import { short } from './format.js';
import { type ChoiceTerms, type ModelChoice, margined, modelChoice } from './scenario/choose.js';
import type { Terminal } from './terminal.js';

/** JSON of this many bytes takes seconds to read: worth a word. */
const LONG_TEXT = 50_000_000;

/** Who reads a book here may have a model from elsewhere. */
function orModel(read: () => Book): Book {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MarginError) || error.hint !== NEEDS_MODEL) throw error;
    throw error.with({ hint: `${NEEDS_MODEL}, or margin it by --model` });
  }
}

function bookOf(path: string, bytes: Uint8Array, choice: ModelChoice | null): Book {
  const encoded = Book.isEncoded(bytes);
  if (!choice) return encoded ? Book.decode(bytes) : orModel(() => Book.fromJSON(decode(path, bytes)));
  const json = encoded ? Book.decode(bytes).toJSON() : readJSON(decode(path, bytes));
  return margined(json, choice, (changed) => orModel(() => Book.fromJSON(changed)));
}

/**
 * The book of the first operand.
 * @throws UsageError where the file can not be read or a flag is wrong; MarginError where it is not a book
 */
export function readBook(input: Input, terminal: Terminal, terms: ChoiceTerms = {}): Book {
  const path = input.operands[0] as string;
  const choice = modelChoice(input, terms);
  const bytes = readBytes(path);
  const long = bytes.length > LONG_TEXT && (choice !== null || !Book.isEncoded(bytes));
  if (long && !input.flag('quiet')) terminal.err.write(`reading ${short(bytes.length)} bytes of JSON\n`);
  return bookOf(path, bytes, choice);
}
