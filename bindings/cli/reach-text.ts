// How far liquidation is, for people: margin units by the move that they would not stand, and the markets of which a small move would
// liquidate most.
import { count, heading, many, money, percent, quantity, wrap } from './format.js';
import type { Report } from './model.js';
import { entryAt, type HeldMarket, type LadderEntry, type Reach } from './reach.js';
import { table } from './table.js';
import { type Terminal, widthOf } from './terminal.js';

/** The move of the table of markets, and its rows. */
const MOVE = 0.05;
const MOST_MOVED = 5;

const title = (text: string, colour: boolean): string => `\n${heading(text, colour)}`;

/** Margin units by the move of one market that they would not stand. */
function atRisk({ risk: { now, within } }: Reach, colour: boolean): string {
  const rows = [
    ['liquidatable now', count(now.units), money(now.equity), money(now.notional)],
    ...within.map((row) => [
      `within ${percent(row.within, 0)}`,
      count(row.units),
      money(row.equity),
      money(row.notional),
    ]),
  ];
  return table(
    ['', 'Units', 'Equity', 'Notional'].map((name, i) => ({ title: name, left: i === 0 })),
    rows,
    colour,
  );
}

/** A market, and what a fall and a rise would liquidate. */
type Moved = readonly [market: HeldMarket, fall: LadderEntry, rise: LadderEntry];

/** Markets of which a small move would liquidate most. */
function mostMoved({ markets, ladder }: Reach): Moved[] {
  const both = ([, fall, rise]: Moved): number => fall.notional + rise.notional;
  return markets
    .map((market): Moved => [market, entryAt(ladder, market.row, -MOVE), entryAt(ladder, market.row, MOVE)])
    .filter((row) => both(row) > 0)
    .sort((a, b) => both(b) - both(a));
}

function moved(rows: readonly Moved[], most: number, colour: boolean): string {
  const side = ({ notional, units }: LadderEntry, held: number): string[] => [
    count(notional),
    percent(notional / held),
    count(units),
  ];
  const cells = rows
    .slice(0, most)
    .map(([{ id, mark, held }, fall, rise]) => [
      id,
      quantity(mark),
      count(held),
      ...side(fall, held),
      ...side(rise, held),
    ]);
  const titles = ['Market', 'Mark', 'Held', 'Falling', 'Share', 'Units', 'Rising', 'Share', 'Units'];
  const rest = rows.length - cells.length;
  return (
    table(
      titles.map((name, i) => ({ title: name, left: i === 0 })),
      cells,
      colour,
    ) + (rest > 0 ? ` and ${many(rest, 'more market')}\n` : '')
  );
}

/** @param reach - null: too many positions to ask for their prices; @param top - rows of each table */
export function* reachText(
  report: Report,
  reach: Reach | null,
  top: number,
  { colour, columns }: Terminal,
): Generator<string> {
  if (report.size.positions === 0 || top === 0) return;
  if (!reach) {
    yield `\n${wrap('What moves of markets would liquidate is left out of so long a report: margin-kernel liquidations, --html and --json have it.', widthOf(columns), ' ')}\n`;
    return;
  }
  const unsolved = reach.unsolved > 0 ? `; without ${many(reach.unsolved, 'unit')} that models margin` : '';
  yield title(`Equity at risk, ${report.numeraire}: a move of one market liquidates the unit${unsolved}`, colour);
  yield atRisk(reach, colour);
  const rows = mostMoved(reach);
  if (rows.length === 0) return;
  yield title(`Liquidated by a move of the market within ${percent(MOVE, 0)}, ${report.numeraire} at the mark`, colour);
  yield moved(rows, Math.min(top, MOST_MOVED), colour);
}
