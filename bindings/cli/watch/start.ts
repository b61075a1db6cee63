// What is watched, and where its events come from: what the options say, a book and its engine, a source.

import type { BookBase } from '../../book/book.js';
import { MarginError } from '../../errors.js';
import { Book } from '../../var.js';
import { Engine } from '../../watch/engine/engine.js';
import { type Input, type Option, suggest, UsageError } from '../command.js';
import { syntheticVenue } from '../demo/synthetic.js';
import { build } from '../demo.js';
import { readBytes } from '../files.js';
import { many } from '../format.js';
import { Progress } from '../progress.js';
import { readBook } from '../read-book.js';
import type { Terminal } from '../terminal.js';
import { CLOSES_OPTIONS, closesSource } from './closes-source.js';
import { generated, KINDS, type Kind } from './generate.js';
import { isJournal, JournalSource, MAGIC_BYTES } from './journal-source.js';
import { joined, Lines } from './lines.js';
import type { Source } from './source.js';

const ACCOUNTS = 10_000;
const MOST_ACCOUNTS = 5_000_000;
const TICKS = 100_000;
const MOST_TICKS = 1_000_000_000;
const MOST_SEED = 0xffffffff;

export const START_OPTIONS: Record<string, Option> = {
  journal: { value: 'file', help: 'apply the events of this journal' },
  generate: { value: 'kind', help: `make ticks: ${KINDS.join(', ')} (what a terminal gets: diffusive)` },
  ticks: { value: 'N', help: 'ticks to make (default 100,000; of closes all)' },
  seed: { value: 'N', help: 'other ticks, and another demo venue, for another number (default 1)' },
  accounts: { value: 'N', help: "accounts of the demo's venue (default 10,000)" },
  ...CLOSES_OPTIONS,
  from: { value: 'snapshot', help: 'start from this snapshot instead of a book' },
  replay: {
    value: 'journal',
    help: 'apply a journal and say whether it comes to the same state: with --from, or its book',
  },
  expect: { value: 'hash', help: 'hash that the state is to have at the end, 16 hexadecimal digits' },
};

export interface Start {
  title: string;
  engine: Engine<BookBase>;
  source: Source;
  replay: boolean;
}

function engineOf(input: Input, terminal: Terminal): Pick<Start, 'title' | 'engine'> {
  const path = input.operands[0] ?? '-';
  const from = input.text('from');
  if (from !== undefined) {
    if (path !== '-') throw new UsageError('--from and a book are two states to start from', 'Leave one of them out');
    return { title: from, engine: restored(from) };
  }
  if (path !== '-') return { title: path, engine: new Engine<BookBase>(readBook(input, terminal)) };
  if (input.flag('model')) throw new UsageError('--model needs a book', 'margin-kernel watch book.json --model …');
  const seed = input.integer('seed', 1, 0, MOST_SEED);
  const accounts = input.integer('accounts', ACCOUNTS, 1, MOST_ACCOUNTS);
  const progress = new Progress(terminal, input.flag('quiet'), 'making accounts', accounts);
  const book = build(syntheticVenue(seed), accounts, seed, (done) => progress.at(done));
  progress.end(accounts);
  return { title: `the demo's venue, seed ${seed}`, engine: new Engine<BookBase>(book) };
}

function restored(path: string): Engine<BookBase> {
  try {
    return Engine.restore<BookBase>(snapshotBytes(path), { decode: Book.decode });
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    const inside =
      error.path === undefined || error.path === 'snapshot' ? '' : `, ${error.path.replace(/^snapshot\./, '')}`;
    throw error.with({ path: `snapshot ${path}${inside}` });
  }
}

function snapshotBytes(path: string): Uint8Array {
  const bytes = readBytes(path);
  if (isJournal(bytes))
    throw new UsageError(
      `--from ${path}: this is a journal`,
      'Give a snapshot (--snapshot-at-start writes one), and this as --replay',
    );
  if (Book.isEncoded(bytes))
    throw new UsageError(`--from ${path}: this is a book`, `margin-kernel watch ${path} starts from it`);
  return bytes;
}

function kindOf(word: string): Kind {
  const kind = KINDS.find((each) => each === word);
  if (kind) return kind;
  throw new UsageError(`--generate ${word}: there is no such kind`, suggest(word, [...KINDS]));
}

/** @throws UsageError where two say where events come from, or an option has nothing to say to */
function checkOptions(input: Input): void {
  const ways = ['journal', 'generate', 'replay'].filter((name) => input.flag(name));
  if (ways.length > 1)
    throw new UsageError(`--${ways[0]} and --${ways[1]} both say where events come from`, 'Give one of them');
  const closes = input.text('generate') === 'closes';
  for (const name of Object.keys(CLOSES_OPTIONS))
    if (input.flag(name) && !closes) throw new UsageError(`--${name} needs --generate closes`);
  if (input.flag('ticks') && (input.flag('journal') || input.flag('replay')))
    throw new UsageError('--ticks is of --generate', 'A journal is applied as a whole');
  if (input.flag('accounts') && ((input.operands[0] ?? '-') !== '-' || input.flag('from')))
    throw new UsageError("--accounts is of the demo's venue", 'A book has the accounts that it has');
  const expect = input.text('expect');
  if (expect !== undefined && !/^[0-9a-f]{16}$/i.test(expect))
    throw new UsageError(
      `--expect ${expect}: expected a hash of 16 hexadecimal digits`,
      'watch prints it as hash at its end',
    );
}

async function* behind(first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Journal or lines: the first bytes tell. */
async function stdinSource(pieces: AsyncIterable<Uint8Array>): Promise<Source> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < MAGIC_BYTES) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(next.value);
    length += next.value.length;
  }
  const head = joined(first);
  if (isJournal(head)) {
    for await (const piece of behind([], iterator)) first.push(piece);
    return new JournalSource('stdin', joined(first));
  }
  if (Book.isEncoded(head) || /^\s*\{\s*"format"/.test(new TextDecoder().decode(head.subarray(0, 64)))) {
    throw new MarginError('format', {
      path: 'stdin',
      expected: 'events, as JSON lines or as a journal; this is a book',
      hint: 'Give the book as a file, margin-kernel watch book.json, and its events on stdin',
    });
  }
  return new Lines('stdin', behind(first, iterator));
}

async function sourceOf(input: Input, engine: Engine<BookBase>, terminal: Terminal): Promise<Source> {
  const path = input.text('replay') ?? input.text('journal');
  if (path !== undefined) return new JournalSource(path, readBytes(path));
  const word = input.text('generate');
  const { in: pieces } = terminal;
  const made = word !== undefined || input.flag('ticks');
  if (!made && pieces && pieces.isTTY !== true) return stdinSource(pieces);
  const kind = kindOf(word ?? 'diffusive');
  const seed = input.integer('seed', 1, 0, MOST_SEED);
  const ticks = input.integer('ticks', kind === 'closes' ? MOST_TICKS : TICKS, 1, MOST_TICKS);
  return kind === 'closes' ? closesSource(engine.book, input, ticks) : generated(engine.book, { kind, ticks, seed });
}

/** @throws UsageError, MarginError: nothing has been applied or written */
export async function startOf(input: Input, terminal: Terminal): Promise<Start> {
  checkOptions(input);
  const { title, engine } = engineOf(input, terminal);
  const source = await sourceOf(input, engine, terminal);
  if (source instanceof JournalSource) {
    const from = input.text('from');
    source.startsFrom(engine, from === undefined ? 'a snapshot as --from, or its book' : `${from} is another one`);
  }
  return { title: titleOf(title, engine), engine, source, replay: input.flag('replay') };
}

const titleOf = (title: string, { sequence }: Engine): string =>
  sequence === 0 ? title : `${title}, ${many(sequence, 'event')} applied`;
