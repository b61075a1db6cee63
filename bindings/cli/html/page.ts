// The report as one page that needs nothing but itself: tiles, charts, and the same numbers as tables for those who do
// not see the charts.
import { STATUS } from '../../layout.js';
import { count, many, money, percent, quantity, seconds, short } from '../format.js';
import type { Report, Risky } from '../model.js';
import type { Reach } from '../reach.js';
import type { Picture } from '../scenario/pictures.js';
import { exposureRows, nextRows, statusOf } from '../text.js';
import { aroundBars, exposureBars, ratioHistogram } from './bars.js';
import { liquidationMap, type MapSource, mapLegend, mapTable } from './liquidation-map.js';
import { modelledCards } from './modelled.js';
import { badgeOf, card, head, legend, markup, SIDES, TAIL, tableOf, tile } from './parts.js';
import { priceLadder } from './price-ladder.js';
import { scatter } from './scatter.js';

const MOST_LISTED = 200;

function tiles({ size, totals, counts, numeraire }: Report): string {
  const found = counts.liquidatable + counts.bankrupt;
  const share = size.accounts > 0 ? percent(found / size.accounts, 2) : '0 %';
  const used = totals.collateral > 0 ? `${percent(totals.maintenanceMargin / totals.collateral)} of collateral` : '';
  return `<div class="tiles">
${tile('Accounts', count(size.accounts), many(size.positions, 'position'))}
${tile(`Equity (${numeraire})`, short(totals.equity), `collateral ${short(totals.collateral)}`)}
${tile('Maintenance margin', short(totals.maintenanceMargin), used)}
${tile('Notional', short(totals.notional), many(size.markets, 'market'))}
${tile('To liquidate', count(found), `${share} of accounts`, found > 0)}
${tile('Deficit', short(totals.deficit), 'negative equity', totals.deficit > 0)}
</div>`;
}

function statusCard({ counts }: Report): string {
  const present = STATUS.filter((status) => counts[status] > 0);
  return `<section class="card" aria-labelledby="status"><h2 id="status">Accounts by status</h2>
<div class="stack" aria-hidden="true">${present.map((s) => `<i class="${s}" style="flex: ${counts[s]}"></i>`).join('')}</div>
${legend(STATUS.map((status) => [status, `${status} ${count(counts[status])}`]))}</section>`;
}

const badge = (r: Risky): string => badgeOf(r.status, statusOf(r));

function riskiestTable({ riskiest, numeraire }: Report): string {
  const titles = [
    'Account',
    'Status',
    'Largest position',
    'Equity',
    'Collateral',
    'Maintenance',
    'Margin ratio',
    'Notional',
  ];
  const rows = riskiest.map((r) => [
    markup(r.id),
    badge(r),
    r.largest ? markup(`${quantity(r.largest.size)} ${r.largest.market}`) : '',
    money(r.equity),
    money(r.collateral),
    money(r.maintenanceMargin),
    r.marginRatio === null ? '–' : percent(r.marginRatio),
    money(r.notional),
  ]);
  const isolated = riskiest.some((r) => r.bucket !== null);
  const note = isolated
    ? '; "in n" is the isolated bucket that is so, the ratio is the riskiest unit\'s, the amounts are the whole account\'s'
    : '';
  return `<p class="soft">Amounts in ${markup(numeraire + note)}.</p>\n${tableOf('The riskiest accounts', titles, 3, rows)}`;
}

function exposureTable({ exposure, numeraire }: Report): string {
  const { titles, rows } = exposureRows(exposure);
  const cells = rows.map((row) => row.map(markup));
  const table = tableOf(`Notional at the mark, ${numeraire}`, titles, 2, cells);
  return `<details><summary>All ${count(exposure.length)} markets with positions as a table</summary>${table}</details>`;
}

function riskiestCard(report: Report): string {
  if (report.riskiest.length === 0) return '';
  return `<section class="card" aria-labelledby="worst"><h2 id="worst">The riskiest accounts</h2>
<p class="soft">The bankrupt by what they lack, the others by margin ratio.</p>
${riskiestTable(report)}</section>`;
}

function nextCard({ next }: Report): string {
  if (next.length === 0) return '';
  const { titles, rows } = nextRows(next);
  const cells = rows.map((row) => row.map(markup));
  return `<section class="card" aria-labelledby="next"><h2 id="next">Next in line</h2>
<p class="soft">The highest margin ratios of accounts that may stay, and the liquidation price that is nearest to its mark.</p>
${tableOf('Next in line', titles, 2, cells)}</section>`;
}

function liquidatableCard({ liquidatable, idOf }: Report): string {
  if (liquidatable.length === 0) return '';
  const shown = Array.from(liquidatable.subarray(0, MOST_LISTED), (a) => markup(idOf(a))).join(', ');
  const more = liquidatable.length > MOST_LISTED ? ` and ${count(liquidatable.length - MOST_LISTED)} more` : '';
  return `<section class="card" aria-labelledby="list"><h2 id="list">To liquidate</h2>
<p class="soft">${many(liquidatable.length, 'account')} whose collateral is below the maintenance requirement, in book order.</p>
<details><summary>Account ids</summary><p>${shown}${more}</p></details></section>`;
}

function footer({ notes, leftOut, seconds: took, size }: Report): string {
  const made = `Built in ${seconds(took.build)}, ${many(size.units, 'margin unit')} margined in ${seconds(took.margin)} by margin-kernel.`;
  const out = leftOut.map(
    ({ reason, names }) =>
      `<details><summary>Left out: ${markup(reason)} (${count(names.length)})</summary><p>${markup(names.join(', '))}</p></details>`,
  );
  return `<footer>${[...notes, made].map((line) => `<p>${markup(line)}</p>`).join('\n')}${out.join('\n')}</footer>`;
}

/** The page, in pieces. @param reach - null: prices were not asked for */
export function* page(report: Report, pictures: readonly Picture[], reach: Reach | null): Generator<string> {
  const { title, numeraire, time, size } = report;
  const facts = [many(size.accounts, 'account'), many(size.markets, 'market'), many(size.assets, 'asset')].join(', ');
  yield head(`Margin report: ${title}`, [...(time ? [time] : []), facts, `values in ${numeraire}`]);
  yield `${tiles(report)}\n${statusCard(report)}\n`;
  const statuses = STATUS.map((status) => [status, status] as const);
  yield card(scatter(report), legend(statuses));
  yield `${riskiestCard(report)}\n${nextCard(report)}\n`;
  yield* modelledCards(report, pictures);
  yield card(aroundBars(report));
  yield card(ratioHistogram(report), legend(statuses));
  yield card(
    exposureBars(report),
    legend([
      ['long', 'long'],
      ['short', 'short'],
    ]),
    exposureTable(report),
  );
  if (reach) {
    const source: MapSource = { ...reach, numeraire, what: 'liquidatable' };
    yield card(liquidationMap(source), mapLegend(source), mapTable(source));
    yield card(priceLadder(source), legend(SIDES));
  }
  yield liquidatableCard(report);
  yield footer(report);
  yield TAIL;
}
