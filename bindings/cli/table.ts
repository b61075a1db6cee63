// Tables for people, drawn by console-table-printer in a quiet style: a rule under the titles, no boxes.
import { stripVTControlCharacters } from 'node:util';
import { Table } from 'console-table-printer';

export interface TableColumn {
  title: string;
  /** Default right, as numbers want it. */
  left?: boolean;
}

export type RowColour = 'red' | 'yellow' | undefined;

const NOTHING = { left: '', mid: '', right: '', other: '' };
/** What the package calls white is the terminal's own colour here: white on white can not be read. */
const COLOURS = { white: '\x1b[39m', white_bold: '\x1b[1m', red: '\x1b[31m', yellow: '\x1b[33m' };

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
  rows.forEach((row, i) => {
    const shade = colourOf(i);
    drawing.addRow(Object.fromEntries(row.entries()), shade ? { color: shade } : {});
  });
  const all = drawing
    .render()
    .split('\n')
    .filter((line) => line !== '');
  // The package draws a rule only between borders, which are left out: this one is ours, as wide as the table.
  const width = Math.max(...all.map((line) => stripVTControlCharacters(line).trimEnd().length));
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
