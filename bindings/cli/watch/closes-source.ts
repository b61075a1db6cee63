// --generate closes: a table of daily closes as ticks. Prices begin where the book has them and move as the closes do, day by day,
// market after market; what has no closes stays.
import { type Closes, parseCloses } from '../../adapters/closes.js';
import type { BookBase } from '../../book/book.js';
import { nearest } from '../../book/nearest.js';
import type { EngineEvent } from '../../watch/engine/event.js';
import { type Input, type Option, UsageError } from '../command.js';
import { readText } from '../files.js';
import { count, many } from '../format.js';
import { type Mover, moversOf } from './movers.js';
import { batchesOf, type Source } from './source.js';

export const CLOSES_OPTIONS: Record<string, Option> = {
  closes: { value: 'file', help: 'of --generate closes: daily closes, Date;BTC-USD;ETH-USD;... a line a day' },
  since: { value: 'date', help: 'of --generate closes: its first day' },
  until: { value: 'date', help: 'of --generate closes: its last day' },
};

/** Names of what stays that are given. */
const FEW = 5;

interface Moved {
  mover: Mover;
  /** Closes, and the first of them. */
  prices: Float64Array;
  first: number;
}

/** Row of a day. @throws UsageError */
function dayOf(closes: Closes, input: Input, name: string, otherwise: number): number {
  const date = input.text(name);
  if (date === undefined) return otherwise;
  const row = closes.dates.indexOf(date);
  if (row >= 0) return row;
  const near = nearest(date, closes.dates);
  throw new UsageError(
    `--${name} ${date}: the closes have no such day`,
    `${near ? `Did you mean ${near}? ` : ''}They go from ${closes.dates[0]} to ${closes.dates[closes.dates.length - 1]}, as YYYY-MM-DD`,
  );
}

/** @param most - ticks at most @throws UsageError where there is no file, no such day, or nothing that moves with it */
export function closesSource(book: BookBase, input: Input, most: number): Source {
  const path = input.text('closes');
  if (path === undefined)
    throw new UsageError(
      '--generate closes needs --closes <file>',
      'Daily closes, a line a day: Date;BTC-USD;ETH-USD;...',
    );
  const closes = parseCloses(readText(path), { path });
  const [from, to] = [dayOf(closes, input, 'since', 0), dayOf(closes, input, 'until', closes.dates.length - 1)];
  if (from > to) throw new UsageError('--since is after --until', 'Give the earlier day as --since');
  const { movers, first } = moversOf(book);
  const moved = movers.flatMap((mover): Moved[] => {
    const symbol = mover.names.find((name) => closes.symbols.includes(name));
    const prices = symbol === undefined ? undefined : closes.prices[closes.symbols.indexOf(symbol)];
    const start = prices?.subarray(from, to + 1).find((close) => !Number.isNaN(close));
    return prices && start !== undefined ? [{ mover, prices, first: start }] : [];
  });
  if (moved.length === 0) {
    throw new UsageError(
      `--closes ${path}: nothing that is held moves with these closes`,
      `They are of ${closes.symbols.slice(0, FEW).join(', ')}, ...; the book holds ${
        movers
          .slice(0, FEW)
          .map(({ coin }) => coin)
          .join(', ') || 'nothing that moves'
      }`,
    );
  }
  const all = ticksOf(closes, moved, from, to);
  const total = Math.min(most, all);
  let day = from;
  function* events(): Generator<EngineEvent> {
    yield* first;
    let made = 0;
    // What the first day has is where prices begin.
    for (day = from + 1; day <= to; day++) {
      for (const { mover, prices, first: start } of moved) {
        const close = prices[day] as number;
        if (Number.isNaN(close)) continue;
        if (made++ === total) return;
        yield mover.event(mover.price * (close / start));
      }
    }
  }
  const still = [
    ...new Set(movers.filter((each) => !moved.some(({ mover }) => mover === each)).map(({ coin }) => coin)),
  ];
  const names = `${still.slice(0, FEW).join(', ')}${still.length > FEW ? ` and ${count(still.length - FEW)} more` : ''}`;
  const note = `${many(moved.length, 'price')} ${moved.length === 1 ? 'moves' : 'move'} as the closes do, from where the book has ${moved.length === 1 ? 'it' : 'them'}.`;
  return {
    name: `${path}, ${closes.dates[from]} to ${closes.dates[to]}, ${many(total, 'tick')}`,
    kind: 'generated',
    total: first.length + total,
    dated: true,
    notes: [note, ...(still.length > 0 ? [`Without closes, and left where the book has them: ${names}.`] : [])],
    batches: () => batchesOf(events()),
    where: () => null,
    day: () => closes.dates[Math.min(day, to)] ?? null,
  };
}

/** Closes from the second day on. */
const ticksOf = ({ dates }: Closes, moved: readonly Moved[], from: number, to: number): number =>
  moved.reduce(
    (sum, { prices }) =>
      sum + prices.subarray(from + 1, Math.min(to + 1, dates.length)).filter((x) => !Number.isNaN(x)).length,
    0,
  );
