// `watch [book]`: follows a book event by event, says who crosses a line as it happens, and proves that a replay comes to the same.
import { type Command, type ExitCode, type Input, UsageError } from './command.js';
import { Progress } from './progress.js';
import { MODEL_OPTIONS } from './scenario/choose.js';
import { save } from './show.js';
import { pour, type Terminal } from './terminal.js';
import { MOST_JSON, watchJSON } from './watch/json.js';
import { NoticeLines } from './watch/lines-text.js';
import { Recorder } from './watch/recorder.js';
import { distinct, type Ran, run } from './watch/run.js';
import { Session } from './watch/session.js';
import { START_OPTIONS, type Start, startOf } from './watch/start.js';
import { closingText, openingText } from './watch/text.js';
import { Trail } from './watch/trail.js';
import type { Proof, Watched } from './watch/watched.js';

/** Lines of each crossing on a terminal. */
const MOST_TEXT = 10;

const mostOf = (input: Input): number =>
  input.flag('all') ? Number.POSITIVE_INFINITY : input.flag('json') ? MOST_JSON : MOST_TEXT;

/** What the end is held against; null: nothing was asked. */
function proofOf(input: Input, { checkpoints, differs }: Ran, hash: string, session: Session): Proof | null {
  const expected = input.text('expect')?.toLowerCase() ?? null;
  if (expected === null && !input.flag('replay')) return null;
  // Events that were in the state already prove nothing of it.
  const idle = expected === null && session.applied === 0 && session.skipped > 0;
  const equal = differs === null && !idle && (expected === null || expected === hash);
  return { expected, checkpoints, differs, idle, equal };
}

const FILES = ['record', 'snapshot', 'snapshot-at-start', 'html'] as const;

function checkFiles(input: Input): void {
  const read = ['journal', 'replay', 'from', 'closes'] as const;
  distinct([...[...FILES, ...read].map((name) => [name, input.text(name)] as const)]);
  const book = input.operands[0];
  const over = FILES.find((name) => book !== undefined && input.text(name) === book);
  if (over) throw new UsageError(`--${over} would write over the book`, 'Give it a file of its own');
}

async function follow(start: Start, input: Input, terminal: Terminal): Promise<Watched> {
  const { engine, source, title, replay } = start;
  const quiet = input.flag('quiet');
  const [json, html] = [input.flag('json'), input.text('html')];
  const wrote: [string, string, number][] = [];
  const snapshot = (path: string | undefined, what: string): void => {
    if (path === undefined) return;
    const bytes = engine.snapshot();
    save(path, [bytes]);
    wrote.push([what, path, bytes.length]);
  };
  const began = performance.now();
  const session = new Session(engine, mostOf(input), html === undefined ? undefined : new Trail());
  const before = { sequence: engine.sequence, liquidatable: engine.liquidatable().length };
  snapshot(input.text('snapshot-at-start'), 'snapshot at the start');
  const lines = json ? null : new NoticeLines(engine.book, terminal, source.dated);
  if (lines) {
    const opening = openingText({ title, book: engine.book, source, start: before }, terminal);
    await pour(terminal.out, [opening, lines.heading()]);
  }
  const record = input.text('record');
  const recorder = record === undefined ? undefined : new Recorder(record);
  let ran: Ran;
  try {
    if (recorder) engine.record(recorder.take);
    const progress = new Progress(terminal, quiet, 'applying events', source.total);
    ran = await run({ source, session, terminal, progress, recorder, lines, keep: html !== undefined || json, replay });
    // A journal that ends with the hash of its state proves every replay.
    if (recorder) engine.checkpoint();
  } finally {
    recorder?.close();
  }
  if (recorder) wrote.push(['journal', recorder.path, recorder.bytes]);
  snapshot(input.text('snapshot'), 'snapshot at the end');
  const hash = engine.hash();
  return {
    title,
    book: engine.book,
    source,
    start: before,
    end: { sequence: engine.sequence, hash, liquidatable: engine.liquidatable(), held: engine.held() },
    applied: session.applied,
    skipped: session.skipped,
    stopped: ran.stopped,
    totals: session.totals,
    notices: ran.notices,
    most: session.most,
    times: session.times,
    seconds: (performance.now() - began) / 1000,
    statistics: engine.watch.statistics,
    wrote,
    proof: proofOf(input, ran, hash, session),
    trail: session.trail,
  };
}

export const watchCommand: Command = {
  name: 'watch',
  summary: 'Follows a book event by event: who crosses a line, as it happens; records, and proves replays.',
  operands: [],
  optional: 'book',
  options: {
    ...START_OPTIONS,
    all: {
      help: `every crossing (without it ${MOST_TEXT} of each kind, ${MOST_JSON} with --json); the others are counted`,
    },
    record: { value: 'file', help: 'write the journal of what is applied, with a checkpoint at its end' },
    snapshot: { value: 'file', help: 'write the state at the end' },
    'snapshot-at-start': { value: 'file', help: 'write the state before the first event' },
    json: { help: 'machine output: one JSON object on stdout' },
    html: { value: 'file', help: 'also write a page with charts that needs nothing but itself' },
    ...MODEL_OPTIONS,
  },
  notes: [
    "[book] is a JSON file (margin-kernel/book@1) or a binary one (book.encode()); - or nothing: the demo's venue.",
    'Events come on stdin: JSON lines ({"kind":"mark","market":"BTC-PERP","mark":58400}) or a journal, told apart by the first bytes.',
    'Exit status: 0 ok, 1 something is liquidatable at the end, or with --replay and --expect the state differs, 2 bad input.',
  ],
  examples: [
    'watch --generate gap --html gap.html',
    'watch book.json --record day.mkj --snapshot-at-start day.mks < events.jsonl',
    'watch --replay day.mkj --from day.mks',
    'watch book.json --generate closes --closes closes.csv --json | jq .totals',
  ],
  async run(input: Input, terminal: Terminal): Promise<ExitCode> {
    checkFiles(input);
    const start = await startOf(input, terminal);
    const watched = await follow(start, input, terminal);
    const html = input.text('html');
    if (html !== undefined) {
      const { watchPage } = await import('./html/watch.js');
      save(html, watchPage(watched));
      if (!input.flag('quiet')) terminal.err.write(`wrote ${html}\n`);
    }
    await pour(terminal.out, input.flag('json') ? watchJSON(watched) : closingText(watched, terminal));
    const { proof, end } = watched;
    if (proof && !proof.equal) return 1;
    return !start.replay && end.liquidatable.length > 0 ? 1 : 0;
  },
};
