// Waterfalls for people: the loss, layer by layer what was paid and by whom, what is left; several side by side.
import type { NamedOutcome } from '../waterfall/index.js';
import { heading, many, wrap } from './format.js';
import { table } from './table.js';
import { type Terminal, widthOf } from './terminal.js';
import { compareTable, payerCompareTable } from './waterfall-compare.js';
import {
  detailText,
  dustText,
  feasibilityText,
  lossText,
  notesText,
  payerTable,
  type Rows,
  residualText,
  stageRows,
  stageTable,
} from './waterfall-rows.js';

const tableText = ({ columns, cells }: Rows, colour: boolean): string => table(columns, cells, colour);

/** A line that says how many rows were left out. */
const moreText = (shown: number, total: number): string =>
  total > shown ? ` and ${many(total - shown, 'more account')}\n` : '';

function* oneText(run: NamedOutcome, top: number, colour: boolean, width: number): Generator<string> {
  const { outcome, name } = run;
  yield heading(`${name}: loss of ${lossText(run)}`, colour);
  yield tableText(stageTable(run), colour);
  yield '\n';
  for (const row of stageRows(outcome)) {
    const detail = detailText(run, row);
    if (detail !== '') yield `${wrap(` ${row.stage}: ${detail}`, width, ' ')}\n`;
  }
  const facts = [
    ['Left', residualText(run)],
    ['Covered', feasibilityText(run)],
    ['Rounding', dustText(run)],
  ];
  for (const [fact = '', text = ''] of facts) {
    const lines = wrap(text, width, ' '.repeat(11)).slice(1 + fact.length);
    const red = colour && fact === 'Left' && outcome.residual > 0n;
    yield `${red ? '\x1b[31m' : ''} ${fact}${lines}${red ? '\x1b[39m' : ''}\n`;
  }
  if (top === 0) return;
  const payers = payerTable(run, top);
  if (payers.total === 0) return;
  yield '\n';
  yield heading('Who paid most', colour);
  yield tableText(payers, colour);
  yield moreText(payers.cells.length, payers.total);
}

/** The outcomes, in pieces. @param top - rows of the table of who paid; 0: none */
export function* waterfallText(
  runs: readonly NamedOutcome[],
  top: number,
  { colour, columns }: Terminal,
): Generator<string> {
  const width = widthOf(columns);
  const [first, ...more] = runs;
  if (!first) return;
  if (more.length > 0) {
    yield heading(`Loss of ${lossText(first)} down ${many(runs.length, 'waterfall')}`, colour);
    yield tableText(compareTable(runs), colour);
    const payers = payerCompareTable(runs, top);
    if (payers.cells.length > 0) {
      yield '\n';
      yield heading('Who pays how much', colour);
      yield tableText(payers, colour);
      yield moreText(payers.cells.length, payers.total);
    }
  }
  for (const run of runs) {
    if (more.length > 0) yield '\n';
    yield* oneText(run, more.length > 0 ? 0 : top, colour, width);
  }
  for (const line of notesText(runs)) yield `\n${wrap(line, width, ' ')}\n`;
}

/** What a replay found. */
export function verifiedText({ name, outcome }: NamedOutcome, problems: readonly string[]): string {
  if (problems.length > 0)
    return `${[` Not verified: ${name}`, ...problems.map((problem) => `  ${problem}`)].join('\n')}\n`;
  return ` Verified  ${name}: ${many(outcome.postings.length, 'posting')} replayed, all as the rules say, sums are zero\n`;
}
