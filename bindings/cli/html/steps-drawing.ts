// Draws a waterfall: a bar a line, each from where the one above it ends, with its label on the side that has room.
import { axisX, axisY, barX, gridX, ruleX, text } from '@observablehq/plot';
import { short } from '../format.js';
import type { Chart, Width } from './draw.js';

/** Below this width amounts are written short. */
const ROOMY = 700;

/** A part of a bar. */
export interface Bar {
  /** Line that it is on. */
  row: number;
  x1: number;
  x2: number;
  css: string;
  title: string;
}

/** A line of the drawing: the loss, a layer, or what is left. */
export interface Line {
  row: number;
  name: string;
  /** Where the bar starts and ends. */
  from: number;
  to: number;
  label: string;
  brief: string;
  /** What it leaves open. */
  next: number;
}

export interface Steps {
  /** Of its place on the page. */
  id: string;
  title: string;
  description: string;
  lines: Line[];
  bars: Bar[];
  /** Where the axis ends. */
  most: number;
  /** Letters of the longest name. */
  names: number;
}

export function stepsDrawing({ id, title, description, lines, bars, most, names }: Steps): Chart {
  return {
    id,
    title,
    description,
    draw: ({ width, narrow }: Width) => {
      const roomy = width >= ROOMY;
      const marginLeft = Math.min(narrow ? 118 : 200, 16 + 7 * names);
      const letters = Math.floor((marginLeft - 12) / 7);
      const words = ({ label, brief }: Line): string => (roomy ? label : brief);
      // A label stands on the side of its bar that has more room, and inside where the bar leaves none.
      const inside = ({ from, to }: Line): boolean => to - from > 0.6 * most;
      const after = ({ from, to }: Line): boolean => from + to <= most;
      const label = (lines: Line[], x: (line: Line) => number, textAnchor: 'start' | 'end', fill: string) =>
        text(lines, { x, y: 'row', text: words, textAnchor, dx: textAnchor === 'start' ? 6 : -6, fill });
      const beside = lines.filter((line) => !inside(line));
      return {
        height: 40 + lines.length * 26,
        marginTop: 6,
        marginLeft,
        marginRight: narrow ? 14 : 24,
        x: { domain: [0, most], label: null },
        y: { domain: lines.map(({ row }) => row), label: null, padding: 0.22 },
        color: { type: 'identity' as const },
        marks: [
          gridX({ ticks: roomy ? 8 : narrow ? 3 : 5 }),
          axisX({ ticks: roomy ? 8 : narrow ? 3 : 5, tickFormat: (v: number) => short(v), label: null }),
          axisY({
            tickSize: 0,
            label: null,
            tickFormat: (row: number) => shortened(lines[row]?.name ?? '', letters),
          }),
          ruleX(lines.slice(0, -1), {
            x: 'next',
            y1: 'row',
            y2: ({ row }: Line) => row + 1,
            stroke: 'var(--soft)',
            strokeDasharray: '2 3',
          }),
          barX(bars, {
            x1: 'x1',
            x2: 'x2',
            y: 'row',
            fill: ({ css }: Bar) => (css === 'loss' ? 'var(--soft)' : `var(--${css})`),
            stroke: 'var(--card)',
            strokeWidth: 0.6,
            title: 'title',
          }),
          label(lines.filter(inside), ({ from }) => from, 'start', 'var(--card)'),
          label(beside.filter(after), ({ to }) => to, 'start', 'currentColor'),
          label(
            beside.filter((line) => !after(line)),
            ({ from }) => from,
            'end',
            'currentColor',
          ),
          ruleX([0], { stroke: 'currentColor' }),
        ],
      };
    },
  };
}

const shortened = (name: string, most: number): string => (name.length <= most ? name : `${name.slice(0, most - 1)}…`);
