// The loop: batches of events through a session, and between two of them what was noticed goes out and journals are saved.
import { MarginError } from '../../errors.js';
import type { EngineEvent } from '../../watch/engine/event.js';
import { UsageError } from '../command.js';
import { many } from '../format.js';
import type { Progress } from '../progress.js';
import { pour, type Terminal } from '../terminal.js';
import { Digest } from './digest.js';
import type { NoticeLines } from './lines-text.js';
import { CROSSINGS, type Notice } from './notice.js';
import type { Recorder } from './recorder.js';
import type { Session } from './session.js';
import type { Source } from './source.js';
import type { Proof } from './watched.js';

export interface Run {
  source: Source;
  session: Session;
  terminal: Terminal;
  progress: Progress;
  recorder: Recorder | undefined;
  /** Notices as lines; null: none are written. */
  lines: NoticeLines | null;
  /** Notices are kept for the end. */
  keep: boolean;
  /** A checkpoint that differs ends the run instead of being refused. */
  replay: boolean;
}

export interface Ran {
  notices: Notice[];
  checkpoints: number;
  differs: Proof['differs'];
  /** Somebody has asked to stop (SIGINT). */
  stopped: boolean;
}

/** A refusal with the place of its event. */
function placed(error: unknown, source: Source, applied: number): unknown {
  const where = source.where();
  if (!(error instanceof MarginError) || where === null || error.path?.startsWith(where)) return error;
  const path = error.path === undefined ? where : `${where}: ${error.path.replace(/^event\./, '')}`;
  const note = `The ${many(applied, 'event')} before it ${applied === 1 ? 'was' : 'were'} applied`;
  return error.with({ path, ...(error.hint === undefined && applied > 0 ? { hint: note } : {}) });
}

/** The state that a checkpoint has found to differ; null: it is another refusal. */
function difference(error: unknown, event: EngineEvent | undefined, session: Session): Proof['differs'] {
  if (event?.kind !== 'checkpoint' || !(error instanceof MarginError) || error.path !== 'event.hash') return null;
  return { sequence: session.engine.sequence + 1, got: event.hash, hash: session.engine.hash() };
}

/** Applies all events. @throws MarginError, UsageError: what came before is applied, printed and recorded */
export async function run({ source, session, terminal, progress, recorder, lines, keep, replay }: Run): Promise<Ran> {
  const ran: Ran = { notices: [], checkpoints: 0, differs: null, stopped: false };
  const digest = new Digest(source.total, session.engine.sequence);
  let capped = false;
  let text: string[] = [];
  const stop = (): void => {
    ran.stopped = true;
  };
  const list = (notices: readonly Notice[], to: NoticeLines): void => {
    for (const notice of notices) {
      digest.listed(notice);
      if (!notice.twin) text.push(to.line(notice));
    }
    if (capped || CROSSINGS.every((name) => session.totals[name] <= session.most)) return;
    capped = true;
    text.push(to.capped(session.most));
  };
  const sum = (to: NoticeLines, last = false): void => {
    const digested = digest.at(session.engine.sequence, session.totals, last);
    if (digested) text.push(to.digest(digested, source.day()));
  };
  const put = async (): Promise<void> => {
    recorder?.write();
    if (text.length === 0) return;
    progress.clear();
    const gathered = text;
    text = [];
    await pour(terminal.out, gathered);
  };
  process.once('SIGINT', stop);
  let event: EngineEvent | undefined;
  try {
    for await (const batch of source.batches()) {
      for (event of batch) {
        const { applied } = session;
        const notices = session.apply(event, source.day());
        if (keep) for (const notice of notices) ran.notices.push(notice);
        if (lines) {
          list(notices, lines);
          sum(lines);
        }
        // One that is in the state already says nothing of it.
        if (event.kind === 'checkpoint' && session.applied > applied) ran.checkpoints++;
        progress.at(session.applied);
      }
      await put();
      // Signals are heard between batches.
      await new Promise(setImmediate);
      if (ran.stopped) break;
    }
    if (lines) sum(lines, true);
    await put();
  } catch (error) {
    await put();
    ran.differs = replay ? difference(error, event, session) : null;
    if (!ran.differs) throw placed(error, source, session.applied);
  } finally {
    process.removeListener('SIGINT', stop);
    progress.end(session.applied);
  }
  return ran;
}

/** Refuses to write two things into one file. */
export function distinct(paths: readonly (readonly [option: string, path: string | undefined])[]): void {
  const seen = new Map<string, string>();
  for (const [option, path] of paths) {
    if (path === undefined) continue;
    const other = seen.get(path);
    if (other !== undefined)
      throw new UsageError(`--${other} and --${option} are both ${path}`, 'Give each a file of its own');
    seen.set(path, option);
  }
}
