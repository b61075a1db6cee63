// Collateral against maintenance requirement, a point a margin unit, both axes logarithmic: what is below the line is to be
// liquidated. Healthy points are sampled when there are many, the others are all drawn.
import { areaY, line, ruleY, type ScaleFunctions } from '@observablehq/plot';
import { STATUS } from '../../layout.js';
import { many, short } from '../format.js';
import { LIQUIDATABLE, type Report } from '../model.js';
import { type Chart, svgElement, type Width } from './draw.js';

const MOST_HEALTHY = 5000;
const HEALTHY = STATUS.indexOf('healthy');
/** Two points that are closer than this (pixels) are one point to the eye: drawn once. */
const GRAIN = 0.5;
/** The floor below the least requirement: collateral of zero or less has no logarithm and is drawn on it. */
const FLOOR_SHARE = 0.5;
/** Name of the line: its room, its distance from the line, half a line of text and a point (pixels); places that are tried. */
const NAME = { width: 136, gap: 14, height: 13 } as const;
const NAME_PLACES = 24;
/** Up to so many points there is room for large ones. */
const FEW = 300;

interface Points {
  /** By status: requirement and collateral, interleaved. */
  byStatus: number[][];
  sampled: boolean;
  shown: number;
  /** Not drawn: nothing is required of them. */
  without: number;
  /** Drawn on the left edge: nothing is required of them, and they owe. */
  owing: number;
  /** Drawn on the lower edge. */
  below: number;
  low: number;
  high: number;
}

function pointsOf({ units: { collateral, maintenanceMargin, status }, size }: Report): Points {
  const byStatus: number[][] = STATUS.map(() => []);
  let healthy = 0;
  for (let u = 0; u < size.units; u++) {
    if ((maintenanceMargin[u] as number) > 0 && status[u] === HEALTHY) healthy += 1;
  }
  // Every k-th healthy one: book order has no meaning, so this is as good as a draw and the same every time.
  const stride = Math.max(1, Math.ceil(healthy / MOST_HEALTHY));
  const points = { sampled: stride > 1, shown: 0, without: 0, owing: 0, below: 0 };
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  let seen = 0;
  for (let u = 0; u < size.units; u++) {
    const need = maintenanceMargin[u] as number;
    const s = status[u] as number;
    if (!(need > 0) && s < LIQUIDATABLE) {
      points.without += 1;
      continue;
    }
    if (s === HEALTHY && seen++ % stride !== 0) continue;
    const have = collateral[u] as number;
    (byStatus[s] as number[]).push(need, have);
    points.shown += 1;
    if (need > 0) low = Math.min(low, need);
    else points.owing += 1;
    if (!(have > 0)) points.below += 1;
    high = Math.max(high, need, have);
  }
  return { byStatus, ...points, low, high };
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

/** The name of the line beside it, above or below, where it covers the fewest points; the upper end first. */
function lineName(
  { byStatus }: Points,
  [low, floor, high]: readonly [number, number, number],
  scales: ScaleFunctions,
): SVGElement {
  const [x, y] = [scales.x as (v: number) => number, scales.y as (v: number) => number];
  const [left, right] = [x(low), x(high)];
  const px = byStatus.flatMap((points) =>
    points.flatMap((need, i) =>
      i % 2 === 0 ? [{ x: x(Math.max(need, low)), y: y(Math.max(points[i + 1] as number, floor)) }] : [],
    ),
  );
  let best = { covers: Number.POSITIVE_INFINITY, x: right, y: y(high), end: true };
  for (let step = 1; step < NAME_PLACES; step++) {
    const share = 1 - step / NAME_PLACES;
    const at = left + (right - left) * share;
    const height = y(high) + (y(low) - y(high)) * (1 - share);
    for (const end of [true, false]) {
      const from = end ? at - NAME.gap - NAME.width : at + NAME.gap;
      if (from < left || from + NAME.width > right) continue;
      const covers = px.filter(
        (p) => p.x > from - 4 && p.x < from + NAME.width + 4 && Math.abs(p.y - height) < NAME.height,
      ).length;
      if (covers < best.covers) best = { covers, x: end ? at - NAME.gap : at + NAME.gap, y: height, end };
    }
  }
  const name = svgElement('text', {
    x: String(best.x),
    y: String(best.y),
    dy: '0.32em',
    'text-anchor': best.end ? 'end' : 'start',
    fill: 'currentColor',
  });
  name.textContent = 'collateral = requirement';
  return name;
}

/** Powers of ten between two numbers, at most so many: every line has its number. */
export function powersOfTen(low: number, high: number, most: number): number[] {
  const power = (x: number): number => Number(x.toExponential().split('e')[1]);
  const first = Number(`1e${power(low)}`) < low ? power(low) + 1 : power(low);
  const last = power(high);
  const step = Math.max(1, Math.ceil((last - first + 1) / most));
  const ticks: number[] = [];
  for (let p = first; p <= last; p++) if (p % step === 0) ticks.push(Number(`1e${p}`));
  return ticks;
}

function caption({ sampled, shown, without, owing, below }: Points): string {
  return [
    `${many(shown, 'margin unit')} on logarithmic axes: an account's cross positions, and each of its isolated ones.`,
    'On the line collateral (at the maintenance weights) is just the requirement; below it a unit is to be liquidated.',
    ...(sampled ? ['The healthy ones are a sample.'] : []),
    ...(below > 0 ? [`On the lower edge: ${many(below, 'unit')} without positive collateral.`] : []),
    ...(owing > 0 ? [`On the left edge: ${many(owing, 'unit')} with a debt and no requirement.`] : []),
    ...(without > 0 ? [`Not drawn: ${many(without, 'unit')} without a requirement, which can not be liquidated.`] : []),
  ].join(' ');
}

export function scatter(report: Report): Chart | null {
  const points = pointsOf(report);
  if (points.shown === 0 || points.high === 0) return null;
  let low = Math.min(points.low, points.high) / 2;
  let high = points.high * 2;
  // At least two decades: a few units alike should not fill the whole chart.
  while (high / low < 100) {
    low /= 2;
    high *= 2;
  }
  const floor = low * FLOOR_SHARE;
  const size = points.shown <= FEW ? 'few' : '';
  return {
    id: 'scatter',
    title: 'Collateral against maintenance requirement, by margin unit',
    description: caption(points),
    draw: ({ narrow }: Width) => ({
      height: narrow ? 340 : 460,
      marginLeft: narrow ? 44 : 60,
      marginBottom: 40,
      x: {
        type: 'log',
        domain: [low, high],
        label: `maintenance requirement (${report.numeraire}) →`,
        tickFormat: short,
        ticks: powersOfTen(low, high, narrow ? 5 : 10),
      },
      y: {
        type: 'log',
        domain: [floor, high],
        label: `↑ collateral (${report.numeraire})`,
        tickFormat: short,
        ticks: powersOfTen(floor, high, narrow ? 6 : 10),
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
            dots(points.byStatus[s] as number[], [low, floor], scales, `${status} ${size}`.trim()),
        ),
        line([low, high], { x: (v: number) => v, y: (v: number) => v, stroke: 'currentColor', strokeDasharray: '5 4' }),
        ruleY([floor], { stroke: 'currentColor', strokeOpacity: 0.4 }),
        (_: unknown, scales: ScaleFunctions) => lineName(points, [low, floor, high], scales),
      ],
    }),
  };
}
