// Tables for people, drawn by console-table-printer in a quiet style: a rule under the titles, no boxes.
import { Table } from 'console-table-printer';

export interface TableColumn {
  title: string;
  /** Default right, as numbers want it. */
  left?: boolean;
}

export type RowColour = 'red' | 'yellow' | undefined;

const NOTHING = { left: '', mid: '', right: '', other: '' };
const RULE = { left: '', mid: '', right: '', other: '─' };
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
    style: { headerTop: NOTHING, headerBottom: RULE, tableBottom: NOTHING, rowSeparator: NOTHING, vertical: '' },
    colorMap: COLOURS,
    shouldDisableColors: !colour,
  });
  rows.forEach((row, i) => {
    const shade = colourOf(i);
    drawing.addRow(Object.fromEntries(row.entries()), shade ? { color: shade } : {});
  });
  const lines = drawing.render().split('\n');
  return `${lines
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n')}\n`;
}

/** Names and values under each other, values aligned at the right. */
export function pairs(rows: readonly (readonly [string, string, string?])[], indent = '  '): string {
  const left = Math.max(...rows.map(([name]) => name.length));
  const right = Math.max(...rows.map(([, value]) => value.length));
  return rows
    .map(([name, value, note]) => `${indent}${name.padEnd(left)}  ${value.padStart(right)}${note ? `  ${note}` : ''}\n`)
    .join('');
}
