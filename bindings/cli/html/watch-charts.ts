// Charts of a watch: a price over the events and below it who became liquidatable, by what, and how long events took.
import { axisX, axisY, barX, gridX, gridY, line, rectY, ruleX, ruleY, text } from '@observablehq/plot';
import { count, many, quantity, short } from '../format.js';
import type { Durations, TimeBin } from '../watch/durations.js';
import { micros } from '../watch/text.js';
import type { Fall, Point, Trail } from '../watch/trail.js';
import { rootTicks } from './bars.js';
import type { Chart, Width } from './draw.js';

export interface Span {
  first: number;
  last: number;
}

/** Bars over all events. */
const BARS = { wide: 120, narrow: 45 };
const MOST_CAUSES = 12;
/** Bars of a doubling of the time. */
const PARTS = 4;

/** Both drawings start and end at the same place, so that an event stands above itself. */
const left = (narrow: boolean): number => (narrow ? 58 : 74);
const side = (narrow: boolean): { marginLeft: number; marginRight: number } => ({
  marginLeft: left(narrow),
  marginRight: narrow ? 14 : 24,
});

export function priceLine(trail: Trail, { first, last }: Span): Chart | null {
  const { most } = trail;
  if (!most || most.path.length < 2) return null;
  return {
    id: 'price',
    title: `Price of ${most.of}`,
    description: `Its prices over the events: ${many(most.units, 'margin unit')} became liquidatable by them, more than by any other's.`,
    draw: ({ narrow }: Width) => ({
      height: narrow ? 180 : 240,
      ...side(narrow),
      marginTop: 14,
      marginBottom: 26,
      x: { domain: [first, last + 1], label: null },
      y: { label: null, nice: true },
      marks: [
        gridY({ ticks: narrow ? 4 : 6 }),
        axisX({ ticks: narrow ? 3 : 8, tickSize: 0, label: null, tickFormat: (v: number) => short(v) }),
        axisY({ ticks: narrow ? 4 : 6, tickSize: 0, label: null, tickFormat: (v: number) => quantity(v) }),
        line(most.path as Point[], {
          x: 'sequence',
          y: 'price',
          stroke: 'var(--healthy)',
          strokeWidth: 1.6,
          curve: 'step-after' as const,
        }),
      ],
    }),
  };
}

export function fallBars(trail: Trail, { first, last }: Span): Chart | null {
  const all = trail.falls(last, BARS.wide);
  const total = all.reduce((sum, { units }) => sum + units, 0);
  if (total === 0) return null;
  return {
    id: 'falls',
    title: 'Who became liquidatable',
    description: `${many(total, 'crossing')} of the maintenance line over the events. The height is the square root of the number, so that few can be seen beside many.`,
    draw: ({ narrow }: Width) => {
      const bars = narrow ? trail.falls(last, BARS.narrow) : all;
      const ticks = rootTicks(Math.max(...bars.map(({ units }) => units)));
      return {
        height: narrow ? 170 : 210,
        ...side(narrow),
        marginTop: 26,
        marginBottom: 40,
        x: { domain: [first, last + 1], label: null },
        y: { label: null, axis: null },
        marks: [
          gridY(ticks.map(Math.sqrt)),
          axisX({ ticks: narrow ? 3 : 8, label: 'event →', tickFormat: (v: number) => short(v) }),
          axisY(ticks.map(Math.sqrt), {
            label: '↑ margin units',
            tickSize: 0,
            tickFormat: (v: number) => short(Math.round(v * v)),
          }),
          rectY(bars, {
            x1: 'from',
            x2: (each: Fall) => Math.min(each.to, last + 1),
            y: (each: Fall) => Math.sqrt(each.units),
            fill: 'var(--liquidatable)',
            title: (each: Fall) => `events ${count(each.from)} to ${count(each.to - 1)}: ${count(each.units)}`,
          }),
          ruleY([0], { stroke: 'currentColor' }),
        ],
      };
    },
  };
}

export function causeBars(trail: Trail): Chart | null {
  const { causes } = trail;
  if (causes.length < 2) return null;
  const shown = causes.slice(0, MOST_CAUSES).map(([of, units]) => ({ of, units }));
  const names = shown.map(({ of }) => of);
  const rest = causes.length > shown.length ? `; the first ${count(shown.length)} of ${count(causes.length)}` : '';
  return {
    id: 'causes',
    title: 'By which price',
    description: `Margin units that became liquidatable, by what had ticked${rest}.`,
    draw: ({ narrow }: Width) => ({
      height: 40 + shown.length * 22,
      marginLeft: Math.min(narrow ? 140 : 200, 16 + 7 * Math.max(...names.map((name) => name.length))),
      marginRight: narrow ? 44 : 60,
      x: { label: null, ticks: narrow ? 3 : 8 },
      y: { domain: names, label: null, tickSize: 0 },
      marks: [
        gridX({ ticks: narrow ? 3 : 8 }),
        barX(shown, { x: 'units', y: 'of', fill: 'var(--liquidatable)', insetTop: 3, insetBottom: 3 }),
        text(shown, {
          x: 'units',
          y: 'of',
          text: ({ units }: { units: number }) => count(units),
          textAnchor: 'start',
          dx: 6,
          fill: 'currentColor',
        }),
        ruleX([0], { stroke: 'currentColor' }),
      ],
    }),
  };
}

/** Powers of ten, in microseconds. */
const TICKS = [0.01, 0.1, 1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8];

/** A tick of the axis as people say it: 100 ns, 10 µs, 1 ms. */
const tickText = (value: number): string =>
  value < 1
    ? `${Math.round(1000 * value)} ns`
    : value < 1000
      ? `${value} µs`
      : value < 1e6
        ? `${value / 1000} ms`
        : `${value / 1e6} s`;

export function timeBars(times: Durations): Chart | null {
  const bins = times.histogram(PARTS);
  const p = times.percentiles;
  const [lowest, highest] = [bins[0], bins[bins.length - 1]];
  if (!p || !lowest || !highest) return null;
  const marks = [
    { at: p.median, name: 'median' },
    { at: p.p99, name: '99 %' },
  ];
  return {
    id: 'times',
    title: 'How long an event took',
    description: `By the clock of the machine that ran it: median ${micros(p.median)}, 90 % ${micros(p.p90)}, 99 % ${micros(p.p99)}, 99.9 % ${micros(p.p999)}, worst ${micros(p.worst)}. The height is the square root of the number of events.`,
    draw: ({ narrow }: Width) => {
      const most = Math.max(...bins.map(({ events }) => events));
      const ticks = rootTicks(most);
      return {
        height: narrow ? 210 : 260,
        ...side(narrow),
        marginTop: 40,
        marginBottom: 40,
        x: { type: 'log' as const, domain: [lowest.from, highest.to], label: null },
        y: { label: null, axis: null },
        marks: [
          gridY(ticks.map(Math.sqrt)),
          axisX(
            TICKS.filter((tick) => tick >= lowest.from && tick <= highest.to),
            { label: 'time of an event →', tickFormat: tickText },
          ),
          axisY(ticks.map(Math.sqrt), {
            label: '↑ events',
            tickSize: 0,
            tickFormat: (v: number) => short(Math.round(v * v)),
          }),
          rectY(bins, {
            x1: 'from',
            x2: 'to',
            y: (bin: TimeBin) => Math.sqrt(bin.events),
            fill: 'var(--layer-0)',
            insetLeft: 0.5,
            insetRight: 0.5,
            title: (bin: TimeBin) => `${micros(bin.from)} to ${micros(bin.to)}: ${count(bin.events)}`,
          }),
          ruleX(marks, { x: 'at', stroke: 'currentColor', strokeDasharray: '4 4' }),
          text(marks, {
            x: 'at',
            y: Math.sqrt(most),
            text: 'name',
            dy: -10,
            dx: 4,
            textAnchor: 'start',
            fill: 'currentColor',
            stroke: 'var(--plot-background)',
            strokeWidth: 5,
          }),
          ruleY([0], { stroke: 'currentColor' }),
        ],
      };
    },
  };
}
