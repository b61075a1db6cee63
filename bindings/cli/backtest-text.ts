// A rolling backtest for people: what was tested, a row a method, and what the columns mean.
import type { RollingBacktest } from '../statistics.js';
import { type BacktestView, backtestTable, columnNotes, levelText, methodNotes } from './backtest-rows.js';
import { count, heading, many, wrap } from './format.js';
import { type RowColour, table } from './table.js';
import { type Terminal, widthOf } from './terminal.js';

/** Days of a backtest, in words: from and to where they have names. */
export function daysText({ days, window, labels }: RollingBacktest): string {
  const [from, to] = [labels[0], labels[labels.length - 1]];
  const between = from === undefined ? '' : ` from ${from} to ${to}`;
  return `${many(days, 'day')}${between}, each forecast from the ${count(window)} before it`;
}

/** The backtest, in pieces. Red: the red zone; yellow: the yellow zone, or a coverage that is rejected. */
export function* backtestText(
  result: RollingBacktest,
  terminal: Pick<Terminal, 'colour' | 'columns'>,
  view: BacktestView = {},
): Generator<string> {
  const { colour } = terminal;
  const width = widthOf(terminal.columns);
  const { title = 'portfolio', unit = '%' } = view;
  yield heading(`Backtest of ${title}: VaR at ${levelText(result)}${unit === '%' ? '' : `, ${unit}`}`, colour);
  yield `${daysText(result)}\n\n`;
  const { columns, cells, marked } = backtestTable(result, view);
  const shade = (row: number): RowColour => {
    const zones = (marked[row] ?? []).map(({ zone }) => zone);
    if (zones.includes('red')) return 'red';
    return zones.includes('yellow') || (marked[row] ?? []).some(({ rejected }) => rejected) ? 'yellow' : undefined;
  };
  yield table(columns, cells, colour, shade);
  yield `\n${wrap(columnNotes(result), width)}\n`;
  for (const note of methodNotes(result)) yield `${wrap(note, width)}\n`;
}
