// Bars: exposure by market (long to the right, short to the left), margin ratio of the riskiest accounts, and how many
// accounts have which margin ratio.
import { axisX, axisY, barX, gridY, rectY, ruleX, ruleY, text, tickX } from '@observablehq/plot';
import { STATUS } from '../../layout.js';
import { MOST_RATIO } from '../collect.js';
import type { Exposure } from '../exposure.js';
import { count, many, percent, short } from '../format.js';
import type { Report, Risky } from '../model.js';
import type { Chart, Width } from './draw.js';

const MOST_MARKETS = 20;
const MOST_BARS = 20;
/** Axis beyond the longest bar, for its number. */
const ROOM = 1.13;
const BINS = 24;
const BIN = 0.05;

/** Names on the left take what they need, less on a narrow screen. */
const margin = (names: readonly string[], narrow: boolean): number =>
  Math.min(narrow ? 128 : 200, 16 + 7 * Math.max(...names.map((name) => name.length)));

export function exposureBars({ exposure, numeraire }: Report): Chart | null {
  const shown = exposure.slice(0, MOST_MARKETS);
  if (shown.length === 0) return null;
  const rest = exposure.length - shown.length;
  const names = shown.map((e) => e.market);
  const end = ROOM * Math.max(...shown.map((e) => Math.max(e.long, e.short)));
  return {
    id: 'exposure',
    title: `Exposure by market (${numeraire})`,
    description: `Notional at the mark, ${rest > 0 ? `the largest ${count(shown.length)} of ` : ''}${many(exposure.length, 'market')} with positions, largest first: long to the right, short to the left, the tick is the net.`,
    draw: ({ narrow }: Width) => ({
      height: 44 + shown.length * (narrow ? 20 : 22),
      marginLeft: margin(names, narrow),
      marginRight: 8,
      x: {
        domain: [-end, end],
        label: null,
        tickFormat: (v: number) => short(Math.abs(v)),
        ticks: narrow ? 3 : 8,
        grid: true,
      },
      y: { domain: names, label: null, tickSize: 0 },
      marks: [
        barX(shown, { x: 'long', y: 'market', fill: 'var(--long)', insetTop: 3, insetBottom: 3 }),
        barX(shown, { x: (e: Exposure) => -e.short, y: 'market', fill: 'var(--short)', insetTop: 3, insetBottom: 3 }),
        ruleX([0], { stroke: 'currentColor' }),
        tickX(shown, { x: (e: Exposure) => e.long - e.short, y: 'market', stroke: 'currentColor', strokeWidth: 2.5 }),
        ...(narrow
          ? []
          : [
              text(shown, {
                x: 'long',
                y: 'market',
                text: (e: Exposure) => short(e.long),
                textAnchor: 'start',
                dx: 6,
                fill: 'currentColor',
              }),
              text(shown, {
                x: (e: Exposure) => -e.short,
                y: 'market',
                text: (e: Exposure) => short(e.short),
                textAnchor: 'end',
                dx: -6,
                fill: 'currentColor',
              }),
            ]),
      ],
    }),
  };
}

export function aroundBars({ around }: Report): Chart | null {
  const shown = around.slice(0, MOST_BARS);
  if (shown.length === 0) return null;
  const length = (r: Risky): number => r.marginRatio ?? 0;
  const label = (r: Risky): string => percent(length(r));
  const end = Math.max(1.2, ...shown.map(length));
  return {
    id: 'around',
    title: 'Large accounts around the line',
    description: `Margin ratio, which is maintenance requirement over collateral, of ${many(shown.length, 'account')} with large requirements: from 100 % on an account is liquidatable. Left out: ratios beyond ${percent(MOST_RATIO, 0)}, and accounts without positive collateral, which have none.`,
    draw: ({ narrow }: Width) => ({
      height: 44 + shown.length * 22,
      marginLeft: margin(
        shown.map((r) => r.id),
        narrow,
      ),
      marginRight: narrow ? 56 : 70,
      x: { domain: [0, end], label: null, tickFormat: (v: number) => percent(v, 0), ticks: narrow ? 3 : 6, grid: true },
      y: { domain: shown.map((r) => r.id), label: null, tickSize: 0 },
      marks: [
        barX(shown, { x: length, y: 'id', fill: (r: Risky) => `var(--${r.status})`, insetTop: 3, insetBottom: 3 }),
        ruleX([0], { stroke: 'currentColor' }),
        ruleX([1], { stroke: 'currentColor', strokeDasharray: '5 4' }),
        // After the line and with an edge, so that a label on the line can be read.
        text(shown, {
          x: length,
          y: 'id',
          text: label,
          textAnchor: 'start',
          dx: 6,
          fill: 'currentColor',
          stroke: 'var(--plot-background)',
          strokeWidth: 5,
        }),
      ],
      color: { type: 'identity' },
    }),
  };
}

/** Accounts by margin ratio in steps of 5 %; the last bin has no end, those without positive collateral are in it. */
interface Bin {
  from: number;
  accounts: number;
  /** Accounts by status. */
  byStatus: number[];
}

function binsOf({ columns, size }: Report): Bin[] {
  const bins = Array.from(
    { length: BINS + 1 },
    (_, i): Bin => ({ from: i * BIN, accounts: 0, byStatus: STATUS.map(() => 0) }),
  );
  for (let i = 0; i < size.accounts; i++) {
    const ratio = columns.worstRatio[i] as number;
    if (!(ratio > 0)) continue;
    const bin = bins[Math.min(BINS, Math.floor(ratio / BIN))] as Bin;
    const status = columns.status[i] as number;
    bin.accounts += 1;
    bin.byStatus[status] = (bin.byStatus[status] as number) + 1;
  }
  return bins;
}

interface Part {
  x1: number;
  x2: number;
  y1: number;
  y2: number;
  colour: string;
}

/** A bar is as high as the square root of its accounts; its statuses share that height by their numbers. */
const partsOf = (bins: readonly Bin[]): Part[] =>
  bins.flatMap(({ from, accounts, byStatus }) => {
    let below = 0;
    return byStatus.flatMap((number, s): Part[] => {
      if (number === 0) return [];
      const y1 = (Math.sqrt(accounts) * below) / accounts;
      below += number;
      const y2 = (Math.sqrt(accounts) * below) / accounts;
      return [{ x1: from, x2: from + BIN, y1, y2, colour: `var(--${STATUS[s]})` }];
    });
  });

/** Ticks of an axis of square roots: n k^2 for a round n, so that their lines are evenly apart. */
export function rootTicks(most: number): number[] {
  let n = 1;
  for (let power = 1; power <= most; power *= 10) for (const m of [1, 2, 5]) if (m * power * 16 <= most) n = m * power;
  const ticks = [0];
  for (let k = 1; n * k * k <= most; k++) ticks.push(n * k * k);
  return ticks;
}

export function ratioHistogram(report: Report): Chart | null {
  const bins = binsOf(report);
  const total = bins.reduce((sum, bin) => sum + bin.accounts, 0);
  if (total === 0) return null;
  const beyond = report.columns.worstRatio.reduce((sum, ratio) => sum + (ratio >= 1 ? 1 : 0), 0);
  const without = report.size.accounts - total;
  const left = without > 0 ? ` Left out: ${many(without, 'account')} without a requirement.` : '';
  const end = BINS * BIN;
  const most = Math.max(...bins.map((bin) => bin.accounts));
  return {
    id: 'ratios',
    title: 'Distribution of the margin ratio',
    description: `Accounts by maintenance requirement over collateral (of their riskiest margin unit), in steps of 5 %; ${count(beyond)} of ${count(total)} are at 100 % or beyond. The last bar has no end: those without positive collateral are in it.${left} The height is the square root of the number, so that few can be seen beside many.`,
    draw: ({ narrow }: Width) => ({
      height: narrow ? 240 : 280,
      marginLeft: narrow ? 44 : 60,
      marginRight: narrow ? 24 : 36,
      marginBottom: 40,
      marginTop: 30,
      x: { label: 'margin ratio →', domain: [0, end + BIN] },
      y: { domain: [0, Math.sqrt(most)], label: null, axis: null },
      color: { type: 'identity' },
      marks: [
        gridY(rootTicks(most).map(Math.sqrt)),
        axisY(rootTicks(most).map(Math.sqrt), {
          label: '↑ accounts',
          tickFormat: (v: number) => short(Math.round(v * v)),
        }),
        axisX([...(narrow ? [0, 0.5, 1] : [0, 0.2, 0.4, 0.6, 0.8, 1]), end + BIN / 2], {
          label: 'margin ratio →',
          tickFormat: (v: number) =>
            v < end ? percent(v, 0) : narrow ? `${percent(end, 0)}+` : `${percent(end, 0)} and more`,
        }),
        rectY(partsOf(bins), { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: 'colour', insetLeft: 1, insetRight: 1 }),
        ...(narrow
          ? []
          : [
              text(
                bins.filter((b) => b.accounts > 0),
                {
                  x: (b: Bin) => b.from + BIN / 2,
                  y: (b: Bin) => Math.sqrt(b.accounts),
                  text: (b: Bin) => short(b.accounts),
                  dy: -7,
                  fontSize: 11,
                  fill: 'currentColor',
                },
              ),
            ]),
        ruleX([1], { stroke: 'currentColor', strokeDasharray: '5 4' }),
        ruleY([0], { stroke: 'currentColor' }),
      ],
    }),
  };
}
