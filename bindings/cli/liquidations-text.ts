// Liquidation prices for people: who is liquidatable now, who is nearest to it, and how much a move of the market would add.
import type { Certificate } from '../certificate.js';
import { count, heading, many, money, percent, quantity, seconds, short, signedPercent, wrap } from './format.js';
import type { LevelName } from './prices.js';
import type { PriceRow, Ranking } from './ranking.js';
import { type RowColour, type TableColumn, table } from './table.js';
import { type Terminal, widthOf } from './terminal.js';

/** A speed over fewer positions is noise of the clock. */
const TIMED_POSITIONS = 10_000;
/** Nearer than this is worth a colour. */
const NEAR = 0.02;

/** What being below the requirement of a level is called. */
export const BELOW: Record<LevelName, string> = {
  initial: 'below the initial requirement',
  maintenance: 'liquidatable',
  liquidationEnd: 'below the requirement at which a liquidation ends',
  equity: 'bankrupt',
};

/** Titles of the two tables. */
export const TITLES: Record<LevelName, { now: string; near: string }> = {
  initial: { now: 'Below the initial requirement now', near: 'Nearest to the initial requirement' },
  maintenance: { now: 'Liquidatable now', near: 'Nearest to liquidation' },
  liquidationEnd: {
    now: 'Below the requirement at which a liquidation ends',
    near: 'Nearest to the requirement at which a liquidation ends',
  },
  equity: { now: 'Bankrupt now', near: 'Nearest to bankruptcy' },
};

const title = (text: string, colour: boolean): string => `\n${heading(text, colour)}`;

/** Long or short, and on which side of a hedged account. */
export const sideOf = ({ side, size }: PriceRow): string => (side === 'net' ? (size < 0 ? 'short' : 'long') : side);

/** The price that can be traded where there is a tick: the first one at which the unit is liquidatable. */
export function priceText(price: number | null, { tick }: Certificate): string {
  return price === null ? '-' : quantity(tick?.liquidatable ?? price);
}

/** The move to the nearer price: to liquidation, or out of it. */
export function moveText({ mark, down, up }: PriceRow): string {
  const moves = [down, up].flatMap((end) => (end === null ? [] : [(end - mark) / mark]));
  const [first, second] = moves;
  if (first === undefined) return '-';
  return signedPercent(second !== undefined && Math.abs(second) < Math.abs(first) ? second : first);
}

/** How prices were found, where it is not by Newton's steps or a closed form. */
export function foundText({ certificate: { down, up } }: PriceRow): string {
  const words = [down, up].flatMap(({ status, method }) =>
    status === 'capped' ? ['capped'] : method === 'bracketed' ? ['bracketed'] : [],
  );
  return [...new Set(words)].join(', ');
}

const COLUMNS: readonly (TableColumn & { text(row: PriceRow): string; rare?: boolean })[] = [
  { title: 'Account', left: true, text: (row) => row.account },
  { title: 'Bucket', left: true, rare: true, text: (row) => (row.bucket === 0 ? '' : String(row.bucket)) },
  { title: 'Market', left: true, text: (row) => row.market },
  { title: 'Side', left: true, text: sideOf },
  { title: 'Size', text: (row) => quantity(Math.abs(row.size)) },
  { title: 'Notional', text: (row) => count(row.notional) },
  { title: 'Mark', text: (row) => quantity(row.mark) },
  { title: 'Down', text: (row) => priceText(row.down, row.certificate.down) },
  { title: 'Up', text: (row) => priceText(row.up, row.certificate.up) },
  { title: 'Distance', text: moveText },
  { title: 'Found', left: true, rare: true, text: foundText },
];

/** Titles and cells; columns that say something of few rows are there where they do. */
export function priceTable(rows: readonly PriceRow[], distance: string): { columns: TableColumn[]; cells: string[][] } {
  const shown = COLUMNS.filter(({ rare, text }) => !rare || rows.some((row) => text(row) !== ''));
  return {
    columns: shown.map(({ title: name, left }) => ({
      title: name === 'Distance' ? distance : name,
      left: left ?? false,
    })),
    cells: rows.map((row) => shown.map(({ text }) => text(row))),
  };
}

function header({ title: name, time, numeraire, account, size, counts, seconds: took }: Ranking): string {
  const rate = size.positions < TIMED_POSITIONS ? '' : ` (${short(size.positions / Math.max(took, 1e-6))} positions/s)`;
  const whose = account === null ? many(size.accounts, 'account') : `account ${account}`;
  const without = counts.without > 0 ? `; ${count(counts.without)} without a liquidation price` : '';
  return [
    `${name}${time ? `, ${time}` : ''}, values in ${numeraire}`,
    `${whose}; ${many(size.units, 'margin unit')}, ${many(size.positions, 'position')}${without}`,
    `prices found in ${seconds(took)}${rate}`,
    '',
  ].join('\n');
}

function moves({ moves: all }: Ranking, colour: boolean): string {
  const titles = ['Move', 'Positions, falling', 'Notional', 'Positions, rising', 'Notional'];
  const rows = all.map(({ share, down, up }) => [
    percent(share, 0),
    count(down.positions),
    count(down.notional),
    count(up.positions),
    count(up.notional),
  ]);
  return table(
    titles.map((name) => ({ title: name })),
    rows,
    colour,
  );
}

function section(
  rows: readonly PriceRow[],
  total: number,
  distance: string,
  colour: boolean,
  shade: (row: PriceRow) => RowColour,
): string {
  const { columns, cells } = priceTable(rows, distance);
  const more = total - rows.length;
  return (
    table(columns, cells, colour, (i) => (rows[i] ? shade(rows[i]) : undefined)) +
    (more > 0 ? ` and ${many(more, 'more position')}\n` : '')
  );
}

/** What the columns say, and the words in them. */
export function legend({ level }: Ranking, rows: readonly PriceRow[]): string[] {
  const healed =
    'Healed by: the move of this market that ends it, "-" where none does; down is above the mark there, or up below it.';
  const options = 'Options: mark, down and up are prices of what they are on.';
  const bracketed =
    'bracketed: health is not concave along this price, so this is the first change of side on a grid; others may follow.';
  return [
    `Down and up: at this price of the market and beyond it the margin unit is ${BELOW[level]}; on the tick where the market has one.`,
    ...(rows.some(({ status }) => status === 'liquidatable') ? [healed] : []),
    ...(rows.some(({ asset }) => asset !== undefined) ? [options] : []),
    ...(rows.some((row) => foundText(row).includes('bracketed')) ? [bracketed] : []),
  ];
}

/** The list, in pieces. */
export function* liquidationsText(ranking: Ranking, { colour, columns }: Terminal): Generator<string> {
  const { counts, liquidatable, level, numeraire, illNotional } = ranking;
  const [ill, near] = [ranking.ill.map(ranking.row), ranking.near.map(ranking.row)];
  yield header(ranking);
  if (liquidatable.length > 0) {
    const held =
      counts.liquidatable > 0
        ? `with ${many(counts.liquidatable, 'position')}, ${money(illNotional)} ${numeraire}`
        : 'without a position';
    yield title(`${TITLES[level].now}: ${many(liquidatable.length, 'account')} ${held}`, colour);
    if (ill.length > 0) yield section(ill, counts.liquidatable, 'Healed by', colour, () => 'red');
  }
  if (near.length > 0) {
    yield title(TITLES[level].near, colour);
    yield section(near, counts.priced + counts.without, 'Distance', colour, ({ distance }) =>
      distance !== null && distance < NEAR ? 'yellow' : undefined,
    );
  }
  if (counts.priced > 1 && ranking.account === null) {
    yield title(`Made ${BELOW[level]} by a move of its own market, ${numeraire} at the mark`, colour);
    yield moves(ranking, colour);
  }
  if (ill.length + near.length === 0) return;
  yield '\n';
  for (const line of legend(ranking, [...ill, ...near])) yield `${wrap(line, widthOf(columns), ' ')}\n`;
}
