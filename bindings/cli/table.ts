// Tables for people, drawn by console-table-printer in a quiet style: a rule under the titles, no boxes.
import { stripVTControlCharacters } from 'node:util';
import { Table } from 'console-table-printer';
import { MOST_WIDTH } from './terminal.js';

export interface TableColumn {
  title: string;
  /** Default right, as numbers want it. */
  left?: boolean;
}

export type RowColour = 'red' | 'yellow' | undefined;

/** Blanks that stand beside a cell. */
const PADDING = 2;
/** Names, which stand left, are cut in the middle where a table would be wider than a screen, but not below this length. */
const SHORTEST_NAME = 12;

const NOTHING = { left: '', mid: '', right: '', other: '' };
/** What the package calls white is the terminal's own colour here: white on white can not be read. */
const COLOURS = { white: '\x1b[39m', white_bold: '\x1b[1m', red: '\x1b[31m', yellow: '\x1b[33m' };

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - end)}…${text.slice(text.length - end)}`;
}

/** The longest that a name may be for the table to fit. */
function mostName(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): number {
  const widths = columns.map(({ title }, i) =>
    rows.reduce((most, row) => Math.max(most, (row[i] ?? '').length), title.length),
  );
  const widthAt = (most: number): number =>
    columns.reduce((sum, { left }, i) => {
      const width = widths[i] as number;
      return sum + PADDING + (left ? Math.min(width, most) : width);
    }, 0);
  let most = Math.max(...widths);
  while (most > SHORTEST_NAME && widthAt(most) > MOST_WIDTH) most -= 1;
  return most;
}

/** A table as text, ending in a newline. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  colour = false,
  colourOf: (row: number) => RowColour = () => undefined,
): string {
  const drawing = new Table({
    columns: columns.map(({ title, left }, i) => ({ name: String(i), title, alignment: left ? 'left' : 'right' })),
    style: { headerTop: NOTHING, headerBottom: NOTHING, tableBottom: NOTHING, rowSeparator: NOTHING, vertical: '' },
    colorMap: COLOURS,
    shouldDisableColors: !colour,
  });
  const most = mostName(columns, rows);
  rows.forEach((row, i) => {
    const shade = colourOf(i);
    const cells = row.map((cell, c) => [c, columns[c]?.left ? cut(cell, most) : cell]);
    drawing.addRow(Object.fromEntries(cells), shade ? { color: shade } : {});
  });
  const all = drawing
    .render()
    .split('\n')
    .filter((line) => line !== '');
  // The package draws a rule only between borders, which are left out: this one is ours, as wide as the table.
  const width = all.reduce((most, line) => Math.max(most, stripVTControlCharacters(line).trimEnd().length), 0);
  const [titles = '', ...lines] = all;
  return `${[titles, ` ${'─'.repeat(width - 1)}`, ...lines].map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Names and values under each other, values aligned at the right. */
export function pairs(rows: readonly (readonly [string, string, string?])[], indent = '  '): string {
  const left = Math.max(...rows.map(([name]) => name.length));
  const right = Math.max(...rows.map(([, value]) => value.length));
  return rows
    .map(([name, value, note]) => `${indent}${name.padEnd(left)}  ${value.padStart(right)}${note ? `  ${note}` : ''}\n`)
    .join('');
}
