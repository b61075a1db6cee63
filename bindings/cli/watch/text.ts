// What stands around the notices: who is watched with what, and at the end sums, speed, state and what a replay has proven.
import { count, heading, many, percent, seconds, short, wrap } from '../format.js';
import { pairs } from '../table.js';
import { type Terminal, widthOf } from '../terminal.js';
import { WORDS } from './lines-text.js';
import { CROSSINGS } from './notice.js';
import type { Proof, Watched } from './watched.js';

/** Ids of who is liquidatable at the end that are named. */
const FEW = 8;

const title = (text: string, colour: boolean): string => `\n${heading(text, colour)}`;

/** Microseconds as people say them. */
export function micros(value: number): string {
  if (value < 1000) return `${value < 10 ? value.toFixed(1) : Math.round(value)} µs`;
  return value < 1e6 ? `${(value / 1000).toFixed(value < 1e4 ? 1 : 0)} ms` : `${(value / 1e6).toFixed(1)} s`;
}

/** Above the notices. */
export function openingText(
  { title: name, book, source, start }: Pick<Watched, 'title' | 'book' | 'source' | 'start'>,
  terminal: Terminal,
): string {
  const width = widthOf(terminal.columns);
  const facts = `${many(book.accounts, 'account')}; ${many(book.units, 'margin unit')}, ${many(book.markets, 'market')}`;
  const lines = [
    `${name}: ${facts}, values in ${book.numeraire}`,
    `events from ${source.name}`,
    ...source.notes,
    `${start.sequence > 0 ? `from event ${count(start.sequence)} on; ` : ''}${start.liquidatable === 0 ? 'nothing is' : `${many(start.liquidatable, 'margin unit')} ${start.liquidatable === 1 ? 'is' : 'are'}`} liquidatable before the first event`,
  ];
  return `${lines.map((line) => wrap(line, width)).join('\n')}\n\n`;
}

function crossings({ totals, most }: Watched): string {
  const shown = CROSSINGS.filter((name) => totals[name] > 0);
  if (shown.length === 0) return 'No line was crossed.\n';
  return pairs(
    shown.map((name) => [WORDS[name], count(totals[name]), totals[name] > most ? `${count(most)} listed` : '']),
  );
}

function atTheEnd({ end, book }: Watched, width: number): string {
  const { liquidatable, held } = end;
  const share = book.units > 0 ? `${percent(liquidatable.length / book.units, 2)} of margin units` : '';
  const names = liquidatable
    .slice(0, FEW)
    .map(({ account, bucket }) => (bucket === 0 ? account : `${account} in ${bucket}`))
    .join(', ');
  const more = liquidatable.length > FEW ? ` and ${count(liquidatable.length - FEW)} more` : '';
  return (
    pairs([
      ['liquidatable', count(liquidatable.length), share],
      ...(held.length > 0 ? [['held', count(held.length), 'below, at a price that must not liquidate'] as const] : []),
    ]) + (names === '' ? '' : `${wrap(names + more, width, '  ')}\n`)
  );
}

function speed({ times, applied, skipped, seconds: took, statistics }: Watched): string {
  const p = times.percentiles;
  const { pops, margined, rescans, waiting } = statistics;
  const rate = times.seconds > 0 ? `${short(times.events / times.seconds)} events/s` : '';
  return pairs([
    [
      'events',
      count(applied),
      [rate, skipped > 0 ? `${count(skipped)} were applied before` : ''].filter(Boolean).join('; '),
    ],
    ['whole run', seconds(took), 'reading, printing and recording included'],
    ...(p
      ? ([
          ['median', micros(p.median), 'an event, by the clock of this machine'],
          ['90 %', micros(p.p90)],
          ['99 %', micros(p.p99)],
          ['99.9 %', micros(p.p999)],
          ['worst', micros(p.worst)],
        ] as const)
      : []),
    ['ends crossed', count(pops), 'of the ranges in which a unit needs no look'],
    ['margined', count(margined), 'units looked at, rescans included'],
    ['rescans', count(rescans), waiting > 0 ? `${many(waiting, 'unit')} still wait for a range` : ''],
  ]);
}

/** What a replay is proven by, in a sentence. */
export function proofText({ expected, checkpoints, differs, idle, equal }: Proof, hash: string): string {
  if (idle)
    return 'Nothing was replayed and nothing is proven: the snapshot is at the end of the journal already, or is of another one.';
  if (differs)
    return `The state differs: before event ${count(differs.sequence)} its hash is ${differs.hash}, the journal has ${differs.got}.`;
  if (expected !== null && !equal) return `The state differs: its hash is ${hash}, expected was ${expected}.`;
  const by = [
    ...(expected === null ? [] : ['the hash that was expected']),
    ...(checkpoints > 0 ? [`${many(checkpoints, 'checkpoint')} of the journal`] : []),
  ];
  return by.length > 0
    ? `The state is the same: it has ${by.join(' and ')}.`
    : 'Nothing was compared at the end: the journal has no checkpoints; --expect takes a hash.';
}

/** Below the notices, in pieces. */
export function* closingText(watched: Watched, terminal: Terminal): Generator<string> {
  const { colour } = terminal;
  const { end, proof, wrote } = watched;
  yield title('Crossed', colour) + crossings(watched);
  yield title('At the end', colour) + atTheEnd(watched, widthOf(terminal.columns));
  yield title('Speed', colour) + speed(watched);
  yield title('State', colour);
  yield pairs([
    ['sequence', count(end.sequence)],
    ['hash', end.hash],
  ]);
  if (watched.stopped) yield '  Stopped on request: more events may have followed.\n';
  if (proof) yield `${wrap(proofText(proof, end.hash), widthOf(terminal.columns), '  ')}\n`;
  if (wrote.length > 0) {
    yield title('Written', colour);
    yield wrote.map(([what, path, bytes]) => `  ${what}, ${many(bytes, 'byte')}: ${path}\n`).join('');
  }
}
