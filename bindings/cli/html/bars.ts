// Bars: exposure by market (long to the right, short to the left), margin ratio of the riskiest accounts, and how many
// accounts have which margin ratio.
import { axisX, barX, rectY, ruleX, ruleY, text, tickX } from '@observablehq/plot';
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
  const names = shown.map((e) => e.market);
  const end = ROOM * Math.max(...shown.map((e) => Math.max(e.long, e.short)));
  return {
    id: 'exposure',
    title: `Exposure by market (${numeraire})`,
    description: `Notional at the mark, ${many(shown.length, 'market')}, largest first: long to the right, short to the left, the tick is the net.`,
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
    description: `Margin ratio, which is maintenance requirement over collateral, of ${many(shown.length, 'account')} with large requirements: from 100 % on an account is liquidatable.`,
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
        text(shown, { x: length, y: 'id', text: label, textAnchor: 'start', dx: 6, fill: 'currentColor' }),
        ruleX([0], { stroke: 'currentColor' }),
        ruleX([1], { stroke: 'currentColor', strokeDasharray: '5 4' }),
      ],
      color: { type: 'identity' },
    }),
  };
}

interface Bin {
  from: number;
  to: number;
  accounts: number;
  colour: string;
}

/** Accounts by margin ratio in steps of 5 %; the last step takes all beyond it, and those without collateral. */
function binsOf({ columns, size }: Report): Bin[] {
  const bins = Array.from({ length: BINS }, (_, i): Bin => {
    const from = i * BIN;
    return {
      from,
      to: from + BIN,
      accounts: 0,
      colour: from >= 1 - BIN / 2 ? 'var(--liquidatable)' : 'var(--healthy)',
    };
  });
  for (let i = 0; i < size.accounts; i++) {
    const ratio = columns.worstRatio[i] as number;
    if (ratio > 0) (bins[Math.min(BINS - 1, Math.floor(ratio / BIN))] as Bin).accounts += 1;
  }
  return bins;
}

export function ratioHistogram(report: Report): Chart | null {
  const bins = binsOf(report);
  const total = bins.reduce((sum, bin) => sum + bin.accounts, 0);
  if (total === 0) return null;
  const beyond = bins.filter((bin) => bin.colour !== 'var(--healthy)').reduce((sum, bin) => sum + bin.accounts, 0);
  return {
    id: 'ratios',
    title: 'Distribution of the margin ratio',
    description: `Accounts by maintenance requirement over collateral (of their worst margin unit), in steps of 5 %; ${count(beyond)} of ${count(total)} are at 100 % or beyond. The height is the square root of the number, so that few can be seen beside many.`,
    draw: ({ narrow }: Width) => ({
      height: narrow ? 240 : 280,
      marginLeft: narrow ? 44 : 60,
      marginBottom: 40,
      marginTop: 30,
      x: { label: 'margin ratio →', domain: [0, BINS * BIN], tickFormat: (v: number) => percent(v, 0) },
      y: {
        type: 'sqrt',
        label: '↑ accounts',
        tickFormat: (v: number) => (Number.isInteger(v) ? short(v) : ''),
        ticks: 5,
        grid: true,
        domain: [0, Math.max(...bins.map((b) => b.accounts))],
      },
      color: { type: 'identity' },
      marks: [
        axisX({
          ticks: narrow ? [0, 0.5, 1] : [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2],
          label: 'margin ratio →',
          tickFormat: (v: number) => (v >= BINS * BIN - 1e-9 ? `${percent(v, 0)}+` : percent(v, 0)),
        }),
        rectY(bins, { x1: 'from', x2: 'to', y: 'accounts', fill: 'colour', inset: 1 }),
        ...(narrow
          ? []
          : [
              text(
                bins.filter((b) => b.accounts > 0),
                {
                  x: (b: Bin) => (b.from + b.to) / 2,
                  y: 'accounts',
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
