// Waterfalls as one page that needs nothing but itself: tiles, a chart each, layer by layer as tables, and who paid.

import type { NamedOutcome } from '../../waterfall/index.js';
import { count, many } from '../format.js';
import { compareTable, payerCompareTable } from '../waterfall-compare.js';
import {
  dustText,
  feasibilityText,
  lossText,
  notesText,
  payersOf,
  payerTable,
  type Rows,
  residualText,
  speaker,
  stageTable,
  whoText,
  whyOf,
} from '../waterfall-rows.js';
import { BESIDE } from './draw.js';
import { badgeOf, card, cardOf, head, markup, TAIL, tableFrom, tile } from './parts.js';
import { layerClasses, stepsChart } from './steps.js';

/** Rows of a table of accounts on a page: more are for --json. */
const MOST_ROWS = 100;

function tiles(run: NamedOutcome): string {
  const say = speaker(run);
  const { trace, residual, deficits } = run.outcome;
  const payers = payersOf(run.outcome);
  const [most] = payers;
  const applied = trace.steps.filter(({ need, open }) => need > open).length;
  return `<div class="tiles">
${tile(`Loss (${trace.asset})`, say(trace.need), many(deficits.length, 'defaulter'))}
${tile('Paid', say(trace.need - residual), `by ${applied} of ${many(trace.stages.length, 'layer')}`)}
${tile('Left open', say(residual), residual > 0n ? whoText(run) : '', residual > 0n)}
${tile('Accounts that paid', count(payers.length), most ? `most: ${most.account}, ${say(most.amount)}` : '')}
</div>`;
}

function layersTable(run: NamedOutcome, all: readonly NamedOutcome[]): string {
  const cssOf = layerClasses(all);
  const rows = stageTable(run, (row) => whyOf(run, row));
  const shown = rows.cells.map(([stage = '', ...row]) => [badgeOf(`plain ${cssOf(stage)}`, stage), ...row.map(markup)]);
  const facts = [
    ['Left open', residualText(run)],
    ['Covered', feasibilityText(run)],
    ['Rounding', dustText(run)],
  ];
  return `${tableFrom(`${run.name}, layer by layer`, rows, shown)}
<p class="soft">${facts.map(([name, text]) => `${name}: ${markup(text ?? '')}.`).join(' ')}</p>`;
}

function accountsCard(title: string, rows: Rows & { total: number }): string {
  if (rows.cells.length === 0) return '';
  const first = rows.cells.length < rows.total ? `The first ${count(rows.cells.length)} of ` : '';
  return `<section class="card" aria-labelledby="payers"><h2 id="payers">${markup(title)}</h2>
<p class="soft">${first}${many(rows.total, 'account')}, those who pay most first.</p>
${tableFrom(title, rows)}</section>
`;
}

/** The cards of one or several waterfalls, in pieces: for this page and for others that show a default. */
export function* waterfallCards(runs: readonly NamedOutcome[]): Generator<string> {
  const [first, ...more] = runs;
  if (!first) return;
  if (more.length === 0) {
    yield card(stepsChart(first, 'steps', runs), layersTable(first, runs));
    yield accountsCard('Who paid', payerTable(first, MOST_ROWS));
    return;
  }
  const side = compareTable(runs);
  yield `<section class="card" aria-labelledby="compare"><h2 id="compare">Side by side</h2>
${tableFrom('Side by side', side)}</section>
`;
  yield '<div class="multiples">';
  for (const [i, run] of runs.entries()) yield cardOf(stepsChart(run, `steps-${i}`, runs), BESIDE);
  yield '</div>\n';
  yield accountsCard('Who pays how much', payerCompareTable(runs, MOST_ROWS));
  for (const [i, run] of runs.entries()) {
    yield `<section class="card" aria-labelledby="layers-${i}"><h2 id="layers-${i}">${markup(run.name)}, layer by layer</h2>
${layersTable(run, runs)}</section>
`;
  }
}

/** The page, in pieces. */
export function* waterfallPage(title: string, runs: readonly NamedOutcome[]): Generator<string> {
  const [first, ...more] = runs;
  if (!first) return;
  const what = more.length === 0 ? [first.name] : [many(runs.length, 'waterfall')];
  yield head(`Default waterfall: ${title}`, [...what, `loss of ${lossText(first)}`]);
  if (more.length === 0) yield `${tiles(first)}\n`;
  yield* waterfallCards(runs);
  yield `<footer><p>${[...notesText(runs), 'Made by margin-kernel.'].map(markup).join(' ')}</p></footer>`;
  yield TAIL;
}
