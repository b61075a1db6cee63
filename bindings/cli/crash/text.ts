// A fall for people: before and after, the presets side by side, who paid most, and the first preset layer by layer.
import { heading, many, percent, wrap } from '../format.js';
import { table } from '../table.js';
import { type Terminal, widthOf } from '../terminal.js';
import type { Rows } from '../waterfall-rows.js';
import type { Crash } from './model.js';
import {
  compareTable,
  conservedText,
  healthTable,
  layerTable,
  payerTable,
  reserveText,
  residualText,
  roundsText,
} from './rows.js';

/** The story, in pieces. @param top - rows of who paid most; 0: none */
export function* crashText(crash: Crash, top: number, { colour, columns }: Terminal): Generator<string> {
  const width = widthOf(columns);
  const title = (text: string): string => `\n${heading(text, colour)}`;
  const tableText = ({ columns, cells }: Rows): string => table(columns, cells, colour);
  const { title: name, time, numeraire, share, accounts, fallouts, notes } = crash;
  const [first] = fallouts;
  yield `${name}${time ? `, ${time}` : ''}, ${many(accounts, 'account')}, values in ${numeraire}\n`;
  yield title(`Every coin falls by ${percent(share, 0)}; ${reserveText(crash)}`) + tableText(healthTable(crash));
  yield title(`Side by side, down ${many(fallouts.length, 'preset')}`) + tableText(compareTable(crash));
  const payers = payerTable(crash, top);
  if (payers.cells.length > 0) yield title('Who paid most') + tableText(payers);
  if (first) {
    yield title(`${first.name}, layer by layer`) + tableText(layerTable(first));
    yield ` Rounds  ${roundsText(first)}\n Nobody paid  ${residualText(first)}\n`;
  }
  yield `\n${wrap(conservedText(crash), width, ' ')}\n`;
  yield title('Notes') + notes.map((note) => `${wrap(note, width, '  ')}\n`).join('');
}
