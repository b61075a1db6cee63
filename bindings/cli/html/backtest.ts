// A rolling backtest as a page of one figure: P&L by day against VaR of every method, below it the traffic light of each method with
// its exceptions, and the tests as a table. Nothing is fetched; light and dark are the reader's.
import { axisX, axisY, gridY, line, rect, ruleY, type ScaleFunctions } from '@observablehq/plot';
import type { MethodBacktest, RollingBacktest, Zone } from '../../statistics.js';
import {
  amountText,
  type BacktestView,
  backtestTable,
  type Cell,
  columnNotes,
  levelText,
  methodNotes,
} from '../backtest-rows.js';
import { daysText } from '../backtest-text.js';
import { count, many, percent, quantity } from '../format.js';
import { type Chart, svgElement, type Width } from './draw.js';
import { badgeOf, card, head, legend, markup, TAIL, tableFrom } from './parts.js';

/** Colour classes of lines: one a method, then again from the first. */
const LINES = ['layer-0', 'layer-1', 'layer-3', 'layer-5', 'layer-6', 'layer-4', 'layer-7'] as const;
const ZONE: Readonly<Record<Zone, string>> = { green: 'layer-2', yellow: 'warning', red: 'liquidatable' };
const cssOf = (method: number): string => LINES[method % LINES.length] as string;

/** Lanes of the traffic light below the drawing, in pixels. */
const LANE = 22;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MILLISECONDS = 86_400_000;

/** Ids and titles of cards: several backtests may stand on one page. */
const idOf = (card: string, { title = '' }: BacktestView): string =>
  [card, ...title.split(/[^A-Za-z0-9]+/)].filter((word) => word !== '').join('-');
const titled = (name: string, { title }: BacktestView): string => (title === undefined ? name : `${name}: ${title}`);

/** Where days stand: dates where the labels are dates, else their number. */
interface Days {
  dated: boolean;
  at(day: number): Date | number;
  name(day: number): string;
}

function daysOf({ labels, first }: RollingBacktest): Days {
  const dated = labels.length > 0 && labels.every((label) => DAY.test(label));
  return {
    dated,
    at: (day) => {
      const label = labels[day];
      if (dated && label !== undefined) return new Date(`${label}T00:00:00Z`);
      // One after the last is where the last lane ends.
      return dated ? new Date(Date.parse(`${labels[day - 1]}T00:00:00Z`) + MILLISECONDS) : first + day;
    },
    name: (day) => labels[day] ?? `day ${first + day}`,
  };
}

const px = (value: number): number => Math.round(value * 10) / 10;

type Scale = (value: Date | number) => number;
const scalesOf = (scales: ScaleFunctions): [x: Scale, y: Scale] => [scales.x as Scale, scales.y as Scale];

/** P&L of all days as one path of upright strokes, a hundredth of the size of as many bars. */
function strokes(pnl: Float64Array, days: Days, scales: ScaleFunctions): SVGElement {
  const [x, y] = scalesOf(scales);
  const zero = px(y(0));
  const d = Array.from(pnl, (gain, day) => `M${px(x(days.at(day)))},${zero}V${px(y(gain))}`).join('');
  return svgElement('path', { d, fill: 'none', stroke: 'var(--layer-rest)', 'stroke-width': '1' });
}

interface Exception {
  day: number;
  gain: number;
  /** Methods whose VaR it is beyond. */
  methods: MethodBacktest[];
}

function exceptionsOf({ pnl, methods }: RollingBacktest): Exception[] {
  return Array.from(pnl, (gain, day) => ({ day, gain, methods: methods.filter(({ hits }) => hits[day] === 1) })).filter(
    (exception) => exception.methods.length > 0,
  );
}

/** A ring for a loss beyond some VaR, filled where it is beyond all of them, each with its words. */
function marks(exceptions: readonly Exception[], result: RollingBacktest, days: Days, view: BacktestView) {
  const amount = amountText(view);
  return (_: unknown, scales: ScaleFunctions): SVGElement => {
    const [x, y] = scalesOf(scales);
    const group = svgElement('g', { stroke: 'var(--liquidatable)', 'stroke-width': '1.5' });
    for (const { day, gain, methods } of exceptions) {
      const all = methods.length === result.methods.length;
      const circle = svgElement('circle', {
        cx: String(px(x(days.at(day)))),
        cy: String(px(y(gain))),
        r: '3.4',
        fill: all ? 'var(--liquidatable)' : 'var(--card)',
      });
      const title = svgElement('title', {});
      title.textContent = `${days.name(day)}: ${amount(gain)}, beyond ${methods
        .map(({ name, valueAtRisk }) => `${name} (${amount(valueAtRisk[day] as number)})`)
        .join(', ')}`;
      circle.append(title);
      group.append(circle);
    }
    return group;
  };
}

interface Run {
  x1: Date | number;
  x2: Date | number;
  name: string;
  css: string;
  title: string;
}

/** Days in one zone after each other. */
function runsOf({ name, basel }: MethodBacktest, days: Days): Run[] {
  const runs: Run[] = [];
  let from = 0;
  basel.byDay.forEach((zone, day) => {
    if (basel.byDay[day + 1] === zone && day + 1 < basel.byDay.length) return;
    if (zone !== null) {
      const title = `${name}, ${zone}: ${days.name(from)} to ${days.name(day)}`;
      runs.push({ x1: days.at(from), x2: days.at(day + 1), name, css: ZONE[zone], title });
    }
    from = day + 1;
  });
  return runs;
}

const DOMAIN_ROOM = 0.04;

/** Both drawings start at the same place, so that a day stands above itself. */
const leftOf = ({ methods }: RollingBacktest, narrow: boolean): number =>
  Math.max(narrow ? 46 : 60, 24 + 7 * Math.max(...methods.map(({ name }) => name.length)));

function profitChart(result: RollingBacktest, view: BacktestView): Chart {
  const { pnl, methods, expected } = result;
  const days = daysOf(result);
  const exceptions = exceptionsOf(result);
  const { unit = '%', title = 'portfolio' } = view;
  const points = methods.flatMap(({ valueAtRisk, name }, z) =>
    Array.from(valueAtRisk, (loss, day) => ({ at: days.at(day), loss: -loss, name, z })),
  );
  const least = Math.min(...pnl, ...points.map(({ loss }) => loss));
  const most = Math.max(...pnl, ...points.map(({ loss }) => loss));
  const room = DOMAIN_ROOM * (most - least || 1);
  const right = `A right model has ${quantity(Number(expected.toPrecision(3)))} of them`;
  return {
    id: idOf('backtest', view),
    title: `${title}: profit and loss against VaR at ${levelText(result)}`,
    description: `Strokes are the P&L of a day, lines the loss that each method forecasts (VaR, below zero). Circles are losses beyond VaR, filled where they are beyond that of every method. ${right}.`,
    draw: ({ narrow }: Width) => ({
      height: narrow ? 280 : 400,
      marginLeft: leftOf(result, narrow),
      marginRight: narrow ? 10 : 20,
      marginTop: 26,
      marginBottom: narrow ? 30 : 40,
      x: {
        type: days.dated ? ('utc' as const) : ('linear' as const),
        domain: [days.at(0), days.at(pnl.length)],
        label: null,
      },
      y: { domain: [least - room, most + room], label: null },
      marks: [
        gridY({ ticks: narrow ? 5 : 8 }),
        axisX({ ticks: narrow ? 3 : 10, tickSize: 0, label: null }),
        axisY({
          ticks: narrow ? 5 : 8,
          label: unit === '%' ? '↑ profit' : `↑ profit (${unit})`,
          tickFormat: (value: number) => (unit === '%' ? percent(value, 0) : quantity(value)).replace('-', '−'),
        }),
        (_: unknown, scales: ScaleFunctions) => strokes(pnl, days, scales),
        ruleY([0], { stroke: 'currentColor' }),
        ...methods.map((_, z) =>
          line(
            points.filter((point) => point.z === z),
            { x: 'at', y: 'loss', stroke: `var(--${cssOf(z)})`, strokeWidth: 1.8, curve: 'step-after' as const },
          ),
        ),
        marks(exceptions, result, days, view),
      ],
    }),
  };
}

function zoneChart(result: RollingBacktest, view: BacktestView): Chart {
  const { methods, pnl, zoneDays } = result;
  const days = daysOf(result);
  const runs = methods.flatMap((method) => runsOf(method, days));
  const names = methods.map(({ name }) => name);
  return {
    id: idOf('zones', view),
    title: titled('Traffic light', view),
    description: `The Basel zone of each day, by exceptions of the last ${count(zoneDays)} days or of as many as there were; strokes are exceptions. Nothing is drawn while there are too few days to tell.`,
    draw: ({ narrow }: Width) => ({
      height: (narrow ? 34 : 44) + methods.length * LANE,
      marginLeft: leftOf(result, narrow),
      marginRight: narrow ? 10 : 20,
      marginTop: 4,
      marginBottom: narrow ? 28 : 38,
      x: {
        type: days.dated ? ('utc' as const) : ('linear' as const),
        domain: [days.at(0), days.at(pnl.length)],
        label: null,
      },
      y: { type: 'band' as const, domain: names, padding: 0.25, label: null },
      marks: [
        axisX({ ticks: narrow ? 3 : 10, tickSize: 0, label: null }),
        axisY({ tickSize: 0, label: null }),
        rect(runs, {
          x1: 'x1',
          x2: 'x2',
          y: 'name',
          fill: ({ css }: Run) => `var(--${css})`,
          fillOpacity: 0.75,
          title: 'title',
        }),
        (_: unknown, scales: ScaleFunctions) => ticks(methods, days, scales),
      ],
    }),
  };
}

/** Exceptions as strokes across the lanes. */
function ticks(methods: readonly MethodBacktest[], days: Days, scales: ScaleFunctions): SVGElement {
  const [x] = scalesOf(scales);
  const y = scales.y as unknown as ((name: string) => number) & { bandwidth?(): number };
  const height = LANE * 0.75;
  const d = methods
    .flatMap(({ hits, name }) =>
      Array.from(hits, (hit, day) => (hit === 1 ? `M${px(x(days.at(day)))},${px(y(name))}v${px(height)}` : '')),
    )
    .join('');
  return svgElement('path', { d, fill: 'none', stroke: 'var(--ink)', 'stroke-width': '1.2' });
}

/** A cell as markup: zones and rejected chances stand out. */
function cell({ text: words, rejected, zone }: Cell): string {
  if (zone !== null) return badgeOf(ZONE[zone], words);
  return rejected ? `<b style="color: var(--liquidatable)">${markup(words)}</b>` : markup(words);
}

function testsCard(result: RollingBacktest, view: BacktestView): string {
  const rows = backtestTable(result, view);
  const shown = rows.marked.map((row, i) =>
    row.map((each, column) => (column === 0 ? badgeOf(`plain ${cssOf(i)}`, each.text) : cell(each))),
  );
  const notes = [columnNotes(result), ...methodNotes(result)].map((note) => `<p class="soft">${markup(note)}</p>`);
  const [id, title] = [idOf('tests', view), titled('Tests', view)];
  return `<section class="card" aria-labelledby="${id}"><h2 id="${id}">${markup(title)}</h2>
${tableFrom(title, rows, shown)}
${notes.join('\n')}</section>
`;
}

/** The cards of a backtest, in pieces: for this page and for others that show one. */
export function* backtestCards(result: RollingBacktest, view: BacktestView = {}): Generator<string> {
  const methods = result.methods.map(
    ({ name, exceptions }, z) => [cssOf(z), `${name}, ${many(exceptions, 'exception')}`] as const,
  );
  yield card(profitChart(result, view), legend(methods));
  const zones = (['green', 'yellow', 'red'] as const).map((zone) => [ZONE[zone], zone] as const);
  yield card(zoneChart(result, view), legend(zones));
  yield testsCard(result, view);
}

/**
 * A rolling backtest as one page that needs nothing but itself.
 * @param view - what was held, and what P&L are in
 */
export function backtestFigure(result: RollingBacktest, view: BacktestView = {}): string {
  const { title = 'portfolio' } = view;
  const facts = [daysText(result), `VaR at ${levelText(result)}`];
  const footer = '<footer><p>Made by margin-kernel.</p></footer>';
  return [head(`Backtest: ${title}`, facts), ...backtestCards(result, view), footer, TAIL].join('');
}
