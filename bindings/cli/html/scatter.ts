// Equity against maintenance requirement, a point an account, both axes logarithmic: what is below the line cannot pay for
// its positions. An account of several margin units is drawn as its worst. Healthy points are sampled when there are many,
// the others are all drawn.
import { areaY, line, ruleY, type ScaleFunctions, text } from '@observablehq/plot';
import { STATUS } from '../../layout.js';
import { many, short } from '../format.js';
import { LIQUIDATABLE, type Report } from '../model.js';
import { type Chart, svgElement, type Width } from './draw.js';

const MOST_HEALTHY = 5000;
const HEALTHY = STATUS.indexOf('healthy');
/** Two points that are closer than this (pixels) are one point to the eye: drawn once. */
const GRAIN = 0.5;
/** The floor below the least requirement: equity of zero or less has no logarithm and is drawn on it. */
const FLOOR_SHARE = 0.5;

interface Points {
  /** By status: requirement and equity, interleaved. */
  byStatus: number[][];
  sampled: boolean;
  shown: number;
  without: number;
  low: number;
  high: number;
}

function pointsOf({ columns, size }: Report): Points {
  const { worstEquity: equity, worstMargin: maintenanceMargin, status } = columns;
  const byStatus: number[][] = STATUS.map(() => []);
  let healthy = 0;
  let without = 0;
  for (let i = 0; i < size.accounts; i++) {
    const needs = (maintenanceMargin[i] as number) > 0;
    if (!needs && (status[i] as number) < LIQUIDATABLE) without += 1;
    if (needs && status[i] === HEALTHY) healthy += 1;
  }
  // Every k-th healthy one: book order has no meaning, so this is as good as a draw and the same every time.
  const stride = Math.max(1, Math.ceil(healthy / MOST_HEALTHY));
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  let seen = 0;
  let shown = 0;
  for (let i = 0; i < size.accounts; i++) {
    const need = maintenanceMargin[i] as number;
    const s = status[i] as number;
    if (!(need > 0) && s < LIQUIDATABLE) continue;
    if (s === HEALTHY && seen++ % stride !== 0) continue;
    const have = equity[i] as number;
    (byStatus[s] as number[]).push(need, have);
    shown += 1;
    // A debt without a requirement has no place on the axis: it is drawn on its edge.
    if (need > 0) low = Math.min(low, need);
    high = Math.max(high, need, have);
  }
  return { byStatus, sampled: stride > 1, shown, without, low, high };
}

/** Dots as one path a status: zero-length strokes with round ends, a tenth of the size of as many circles. */
function dots(
  points: readonly number[],
  [left, floor]: readonly [number, number],
  scales: ScaleFunctions,
  name: string,
): SVGElement {
  const seen = new Set<string>();
  let d = '';
  for (let i = 0; i < points.length; i += 2) {
    const x = Math.round((scales.x as (v: number) => number)(Math.max(points[i] as number, left)) / GRAIN) * GRAIN;
    const y = Math.round((scales.y as (v: number) => number)(Math.max(points[i + 1] as number, floor)) / GRAIN) * GRAIN;
    const at = `M${x},${y}h0`;
    if (seen.has(at)) continue;
    seen.add(at);
    d += at;
  }
  return svgElement('path', { d, class: `dots ${name}`, fill: 'none', 'stroke-linecap': 'round' });
}

export function scatter(report: Report): Chart | null {
  const points = pointsOf(report);
  if (points.shown === 0 || points.high === 0) return null;
  let low = Math.min(points.low, points.high) / 2;
  let high = points.high * 2;
  // At least two decades: a few accounts alike should not fill the whole chart.
  while (high / low < 100) {
    low /= 2;
    high *= 2;
  }
  const floor = low * FLOOR_SHARE;
  const sample = points.sampled ? 'The healthy accounts are a sample. ' : '';
  const left = points.without > 0 ? `Not drawn: ${many(points.without, 'account')} without a requirement. ` : '';
  const isolated =
    report.size.units > report.size.accounts
      ? 'An account with isolated positions is drawn as the worst of its margin units.'
      : '';
  return {
    id: 'scatter',
    title: 'Equity against maintenance requirement, by account',
    description:
      `${many(points.shown, 'account')} on logarithmic axes; on the line equity is just the requirement. ${sample}${left}` +
      `Accounts whose equity is zero or less lie on the lower edge. ${isolated}`,
    draw: ({ narrow }: Width) => ({
      height: narrow ? 340 : 460,
      marginLeft: narrow ? 44 : 60,
      marginBottom: 40,
      x: {
        type: 'log',
        domain: [low, high],
        label: `maintenance requirement (${report.numeraire}) →`,
        tickFormat: short,
        ticks: narrow ? 4 : 8,
      },
      y: {
        type: 'log',
        domain: [floor, high],
        label: `↑ equity (${report.numeraire})`,
        tickFormat: short,
        ticks: narrow ? 5 : 8,
        grid: true,
      },
      marks: [
        areaY([low, high], {
          x: (v: number) => v,
          y1: () => floor,
          y2: (v: number) => v,
          fill: 'var(--liquidatable)',
          fillOpacity: 0.06,
        }),
        ...STATUS.map(
          (status, s) => (_: unknown, scales: ScaleFunctions) =>
            dots(points.byStatus[s] as number[], [low, floor], scales, status),
        ),
        line([low, high], { x: (v: number) => v, y: (v: number) => v, stroke: 'currentColor', strokeDasharray: '5 4' }),
        ruleY([floor], { stroke: 'currentColor', strokeOpacity: 0.4 }),
        text([high / 2], {
          x: (v: number) => v,
          y: (v: number) => v,
          text: () => 'equity = requirement',
          textAnchor: 'end',
          dx: narrow ? -6 : -16,
          fill: 'currentColor',
        }),
      ],
    }),
  };
}
