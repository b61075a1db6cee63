// The page's part on accounts that scenario models margin: who they are, and for the largest of them a picture of what they may
// lose, when they are liquidated and what their requirement is made of.
import { count, many, money, percent } from '../format.js';
import type { Report } from '../model.js';
import { madeOf } from '../scenario/modelled.js';
import type { Picture } from '../scenario/pictures.js';
import { modelledRows } from '../scenario/text.js';
import { heatLegend, heatMap } from './heat-map.js';
import { legBars } from './legs.js';
import { card, legend, markup, tableOf } from './parts.js';
import { dateLegend, profitChart } from './profit-curve.js';

function overview({ modelled, modelledUnits, numeraire }: Report): string {
  const { titles, left, rows } = modelledRows(modelled);
  const cells = rows.map((row, i) => {
    const made = modelled[i] ? madeOf(modelled[i]) : '';
    const words = [...row.slice(0, left), made].map(markup);
    return [
      ...words.map((word, c) => (c < 2 ? word : `<span class="wrap">${word}</span>`)),
      ...row.slice(left).map(markup),
    ];
  });
  const heads = [...titles.slice(0, left), 'Made of', ...titles.slice(left)];
  const first = modelledUnits > modelled.length ? `The largest ${count(modelled.length)} of ` : '';
  return `<section class="card" aria-labelledby="modelled"><h2 id="modelled">Margined by scenario models</h2>
<p class="soft">${first}${many(modelledUnits, 'margin unit')}. A model values an account anew in each of its scenarios; what is lost in the one that decides is the requirement, with charges. Amounts in ${markup(numeraire)}.</p>
${tableOf('Margined by scenario models', heads, left + 1, cells)}</section>`;
}

function surfaceTable({ surface, account }: Picture): string {
  if (!surface) return '';
  const { prices, volatilities, profit } = surface.wide;
  const titles = ['Volatility', ...Array.from(prices, (price) => percent(price, 1))];
  const rows = Array.from(volatilities, (volatility, v) => [
    percent(volatility, 1),
    ...Array.from(prices, (_, p) => money(profit[v * prices.length + p] as number)),
  ])
    .reverse()
    .map((row) => row.map(markup));
  const table = tableOf(
    `Profit of ${account} by moves of the spot (columns) and of volatility (rows)`,
    titles,
    1,
    rows,
  );
  return `<details><summary>The same as a table</summary>${table}</details>`;
}

/** Cards, in pieces. */
export function* modelledCards(report: Report, pictures: readonly Picture[]): Generator<string> {
  if (report.modelled.length === 0) return;
  yield `${overview(report)}\n`;
  for (const picture of pictures) {
    yield card(heatMap(picture, report.numeraire), legend(heatLegend(picture)), surfaceTable(picture));
    for (const curve of picture.curves)
      yield card(profitChart(picture, curve, report.numeraire), legend(dateLegend(curve)));
    yield card(legBars(picture, report.numeraire));
  }
}
