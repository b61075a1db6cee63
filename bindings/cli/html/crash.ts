// A fall as one page: tiles, who paid what under each preset as stacked bars, a waterfall for each, and the tables.

import { axisX, axisY, barX, gridX, ruleX, text } from '@observablehq/plot';
import { amountText } from '../../waterfall/case-units.js';
import type { Amount } from '../../waterfall/index.js';
import type { Bearer, Fallout } from '../crash/fallout.js';
import { type Crash, found } from '../crash/model.js';
import { CENTS } from '../crash/reserve.js';
import {
  compareTable,
  conservedText,
  layerTable,
  openAfter,
  PAYER,
  paidBy,
  payerTable,
  residualText,
  roundsText,
  whole,
} from '../crash/rows.js';
import { count, many, percent, short } from '../format.js';
import type { Chart, Width } from './draw.js';
import { BESIDE } from './draw.js';
import { badgeOf, card, cardOf, head, legend, markup, TAIL, tableFrom, tile } from './parts.js';
import { type Bar, type Line, stepsDrawing } from './steps-drawing.js';

/** Rows of who paid most: more are for --json. */
const MOST_PAYERS = 10;

/** The colour of who pays, in every chart. */
const CSS: Readonly<Record<Bearer | 'nobody', string>> = {
  market: 'layer-7',
  own: 'layer-rest',
  fund: 'layer-0',
  bidders: 'layer-5',
  survivors: 'layer-2',
  winners: 'layer-1',
  nobody: 'bankrupt',
};
/** Who bears a loss, from the first to the last. */
const SHARES = ['own', 'fund', 'survivors', 'winners', 'nobody'] as const;

/** An amount as a length: only drawn, never computed with. */
const lengthOf = (cents: Amount): number => Number(amountText({ asset: '', decimals: { '': CENTS } }, cents));

function tiles({ before, after, reserve, fallouts, accounts, share, numeraire }: Crash): string {
  const { counts, totals } = after;
  const lost = before.totals.equity > 0 ? 1 - totals.equity / before.totals.equity : 0;
  const open = fallouts.map(({ residual }) => lengthOf(residual));
  const [least, most] = [Math.min(...open), Math.max(...open)];
  const range = least === most ? short(most) : `${short(least)} to ${short(most)}`;
  return `<div class="tiles">
${tile('Accounts', count(accounts), `every coin falls by ${percent(share, 0)}`)}
${tile('To be liquidated', count(found(after)), `before: ${count(found(before))}`, true)}
${tile('Of them bankrupt', count(counts.bankrupt), `lacking ${short(totals.deficit)} ${numeraire}`, true)}
${tile(`Equity (${numeraire})`, short(totals.equity), lost > 0 ? `${percent(lost)} less than before` : '')}
${tile('Set aside', short(lengthOf(reserve.size)), 'Cover-2 at half the fall')}
${tile('Paid by nobody', range, 'by preset', most > 0)}
</div>`;
}

interface Part {
  name: string;
  x1: number;
  x2: number;
  css: string;
  title: string;
}

/** What was owed and lost, by who bore it: the parts of a bar, from the left. */
function sharesOf(fallout: Fallout): Part[] {
  let end = 0n;
  return SHARES.flatMap((who): Part[] => {
    const amount = who === 'nobody' ? fallout.residual : paidBy(fallout, who);
    if (amount <= 0n) return [];
    const from = end;
    end += amount;
    const title = `${fallout.name}, ${PAYER[who]}: ${whole(amount)}`;
    return [{ name: fallout.name, x1: lengthOf(from), x2: lengthOf(end), css: CSS[who], title }];
  });
}

function sharesChart({ fallouts, numeraire }: Crash): Chart {
  const parts = fallouts.flatMap(sharesOf);
  const names = fallouts.map(({ name }) => name);
  const ends = names.map((name) => ({
    name,
    end: Math.max(0, ...parts.filter((part) => part.name === name).map(({ x2 }) => x2)),
  }));
  const most = 1.1 * Math.max(1, ...ends.map(({ end }) => end));
  return {
    id: 'who',
    title: `Who paid what (${numeraire})`,
    description:
      'All that defaulters owed, with what selling their positions cost, by who bore it: a bar a preset, over all rounds. What one pays and can not bear is owed again by itself, so that bars differ in length.',
    draw: ({ narrow }: Width) => ({
      height: 44 + names.length * 34,
      marginTop: 4,
      marginLeft: 16 + 7 * Math.max(...names.map((name) => name.length)),
      marginRight: 12,
      x: { domain: [0, most], label: null },
      y: { domain: names, label: null, padding: 0.25 },
      color: { type: 'identity' as const },
      marks: [
        gridX({ ticks: narrow ? 3 : 8 }),
        axisX({ ticks: narrow ? 3 : 8, tickFormat: (v: number) => short(v), label: null }),
        axisY({ tickSize: 0, label: null }),
        barX(parts, {
          x1: 'x1',
          x2: 'x2',
          y: 'name',
          fill: ({ css }: Part) => `var(--${css})`,
          stroke: 'var(--card)',
          strokeWidth: 0.6,
          title: 'title',
        }),
        text(ends, {
          x: 'end',
          y: 'name',
          text: ({ end }: { end: number }) => short(end),
          textAnchor: 'start',
          dx: 6,
          fill: 'currentColor',
        }),
        ruleX([0], { stroke: 'currentColor' }),
      ],
    }),
  };
}

/** The most that was ever open. */
const largestOf = (fallout: Fallout): number =>
  Math.max(lengthOf(fallout.owed), ...openAfter(fallout).map((open) => lengthOf(open)));

/** Layers that may pay: a gate decides, and moves nothing. */
const paying = ({ layers }: Fallout): Fallout['layers'] => layers.filter(({ bearer }) => bearer !== null);

function stepsOf(fallout: Fallout, id: string, all: readonly Fallout[]): Chart {
  const { name, owed, residual } = fallout;
  const layers = paying(fallout);
  const open = openAfter({ ...fallout, layers });
  const rows = [
    { name: 'owed', from: 0n, to: owed, css: 'soft', paid: owed, next: owed },
    ...layers.map(({ stage, bearer, paid }, i) => {
      const after = open[i] as Amount;
      const css = paid < 0n ? 'liquidatable' : CSS[bearer ?? 'market'];
      const [from, to] = paid < 0n ? [after + paid, after] : [after, after + paid];
      return { name: stage, from, to, css, paid, next: after };
    }),
    { name: 'left open', from: 0n, to: residual, css: 'bankrupt', paid: residual, next: residual },
  ];
  const words = ({ paid, name }: { paid: Amount; name: string }): string =>
    paid === 0n
      ? name === 'left open'
        ? 'nothing'
        : '-'
      : paid < 0n
        ? `+${short(lengthOf(-paid))}`
        : short(lengthOf(paid));
  const lines = rows.map((row, i): Line => {
    const [label, next] = [words(row), lengthOf(row.next)];
    return { row: i, name: row.name, from: lengthOf(row.from), to: lengthOf(row.to), label, brief: label, next };
  });
  const bars = rows.map(({ name: stage, from, to, css, paid }, i): Bar => {
    return { row: i, x1: lengthOf(from), x2: lengthOf(to), css, title: `${stage}: ${whole(paid)}` };
  });
  return stepsDrawing({
    ...{ id, title: name, lines, bars, most: Math.max(...all.map(largestOf)) || 1 },
    description: `${many(fallout.defaulters, 'defaulter')}, ${many(fallout.rounds.length, 'round')}. ${residual === 0n ? 'Nothing is left open.' : `${whole(residual)} is left open.`}`,
    names: Math.max(...all.flatMap((each) => paying(each).map(({ stage }) => stage.length)), 'left open'.length),
  });
}

function layersCard(fallout: Fallout, i: number): string {
  const rows = layerTable(fallout);
  const shown = rows.cells.map(([stage = '', ...row], at) => {
    const bearer = fallout.layers[at]?.bearer;
    return [badgeOf(`plain ${bearer ? CSS[bearer] : ''}`, stage), ...row.map(markup)];
  });
  return `<section class="card" aria-labelledby="layers-${i}"><h2 id="layers-${i}">${markup(fallout.name)}, layer by layer</h2>
${tableFrom(`${fallout.name}, layer by layer`, rows, shown)}
<p class="soft">${markup(`Rounds: ${roundsText(fallout)}. Nobody paid: ${residualText(fallout)}.`)}</p></section>
`;
}

function tableCard(id: string, title: string, note: string, rows: Parameters<typeof tableFrom>[1]): string {
  if (rows.cells.length === 0) return '';
  return `<section class="card" aria-labelledby="${id}"><h2 id="${id}">${markup(title)}</h2>
<p class="soft">${markup(note)}</p>
${tableFrom(title, rows)}</section>
`;
}

/** The page, in pieces. */
export function* crashPage(crash: Crash): Generator<string> {
  const { title, time, numeraire, accounts, share, fallouts, notes } = crash;
  const facts = [...(time ? [time] : []), many(accounts, 'account'), many(fallouts.length, 'preset')];
  yield head(`Every coin falls by ${percent(share, 0)}: ${title}`, [...facts, `values in ${numeraire}`]);
  yield `${tiles(crash)}\n`;
  yield card(sharesChart(crash), legend(SHARES.map((who) => [CSS[who], PAYER[who]])));
  yield tableCard(
    'compare',
    'Side by side',
    `Values in ${numeraire}, at the marks after the fall.`,
    compareTable(crash),
  );
  yield '<div class="multiples">';
  for (const [i, fallout] of fallouts.entries()) yield cardOf(stepsOf(fallout, `steps-${i}`, fallouts), BESIDE);
  yield '</div>\n';
  const most = 'Of those who did not default: what each gave against the marks, over all layers.';
  yield tableCard('payers', 'Who paid most', most, payerTable(crash, MOST_PAYERS));
  for (const [i, fallout] of fallouts.entries()) yield layersCard(fallout, i);
  const lines = [conservedText(crash), ...notes, 'Made by margin-kernel.'];
  yield `<footer>${lines.map((line) => `<p>${markup(line)}</p>`).join('\n')}</footer>`;
  yield TAIL;
}
