// Liquidation prices as one page that needs nothing but itself: tiles, charts, and the nearest positions as a table.
import { count, many, percent, seconds, short } from '../format.js';
import { BELOW, legend as legendText, priceTable, TITLES } from '../liquidations-text.js';
import type { Ranking } from '../ranking.js';
import { liquidationMap, type MapSource, mapLegend, mapTable } from './liquidation-map.js';
import { cliff, layersOf, positionDots, profileOf } from './moves.js';
import { card, head, legend, markup, SIDES, TAIL, tableOf, tile } from './parts.js';
import { priceLadder } from './price-ladder.js';

/** Rows of a table on a page: more are for --json. */
const MOST_ROWS = 200;
const TILED = [0.01, 0.05, 0.1];

function tiles({ size, counts, liquidatable, illNotional, moves, numeraire, level }: Ranking): string {
  const without = counts.without > 0 ? `${count(counts.without)} without a price` : '';
  const what = level === 'maintenance' ? 'Liquidatable now' : 'Below it now';
  const near = TILED.flatMap((share) => moves.filter((move) => move.share === share));
  return `<div class="tiles">
${tile('Positions', count(size.positions), without)}
${tile(what, many(liquidatable.length, 'account'), `${short(illNotional)} ${numeraire}`, liquidatable.length > 0)}
${near.map(({ share, down, up }) => tile(`Within ${percent(share, 0)}`, short(down.notional + up.notional), `${short(down.notional)} falling, ${short(up.notional)} rising`)).join('\n')}
</div>`;
}

function tableCard(
  ranking: Ranking,
  [id, title, distance]: readonly [id: string, title: string, distance: string],
  rows: readonly number[],
  total: number,
): string {
  if (rows.length === 0) return '';
  const shown = rows.slice(0, MOST_ROWS).map(ranking.row);
  const { columns, cells } = priceTable(shown, distance);
  const left = columns.findIndex((column) => !column.left);
  const first = shown.length < total ? `The first ${count(shown.length)} of ` : '';
  return `<section class="card" aria-labelledby="${id}"><h2 id="${id}">${markup(title)}</h2>
<p class="soft">${first}${many(total, 'position')}. ${markup(legendText(ranking, shown).join(' '))}</p>
${tableOf(
  title,
  columns.map((column) => column.title),
  left,
  cells.map((row) => row.map(markup)),
)}</section>
`;
}

/** The page, in pieces. */
export function* liquidationsPage(ranking: Ranking): Generator<string> {
  const { title, time, numeraire, size, counts, ill, near, level, account, seconds: took } = ranking;
  const profile = profileOf(ranking);
  const whose = account === null ? many(size.accounts, 'account') : `account ${account}`;
  yield head(`Liquidation prices: ${title}`, [
    ...(time ? [time] : []),
    `${whose}, ${many(size.positions, 'position')}`,
    `values in ${numeraire}`,
  ]);
  yield `${tiles(ranking)}\n`;
  yield card(cliff(ranking, profile), legend(layersOf(profile)));
  const source: MapSource = { ...ranking, what: BELOW[level], unsolved: 0 };
  yield card(liquidationMap(source), mapLegend(source), mapTable(source));
  yield card(priceLadder(source), legend(SIDES));
  yield card(
    positionDots(ranking, profile),
    legend([
      ['long', 'by a fall'],
      ['short', 'by a rise'],
    ]),
  );
  yield tableCard(ranking, ['ill', TITLES[level].now, 'Healed by'], ill, counts.liquidatable);
  yield tableCard(ranking, ['near', TITLES[level].near, 'Distance'], near, counts.priced + counts.without);
  yield `<footer><p>${many(size.positions, 'position')} solved in ${seconds(took)} by margin-kernel.</p></footer>`;
  yield TAIL;
}
