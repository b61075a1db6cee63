// What moves of the market make liquidatable: notional by the size of the move, markets stacked; and the positions one by one, by
// the move to their price and what they hold.
import { areaY, axisX, axisY, gridX, gridY, ruleX, ruleY, type ScaleFunctions } from '@observablehq/plot';
import type { LiquidationLadder } from '../../watch/views/ladder.js';
import { largest } from '../collect.js';
import { count, many, percent, short } from '../format.js';
import { BELOW } from '../liquidations-text.js';
import { type Ranking, REACH, STEPS } from '../ranking.js';
import { entryAt, type HeldMarket } from '../reach.js';
import { type Chart, svgElement, type Width } from './draw.js';
import { powersOfTen } from './scatter.js';

/** Markets with a colour of their own; the others share one. */
const MOST_MARKETS = 5;
const MOST_DOTS = 4000;
/** Two dots that are closer than this (pixels) are one to the eye. */
const GRAIN = 0.5;

/** Positions that get a price within reach, by their markets, largest market first. */
interface Profile {
  markets: HeldMarket[];
  ladder: LiquidationLadder;
  moves: number[];
  notional: number[];
}

export function profileOf({ eachMove, markets, ladder }: Ranking): Profile {
  const [moves, notionals]: [number[], number[]] = [[], []];
  eachMove((move, notional) => {
    if (Math.abs(move) > REACH) return;
    moves.push(move);
    notionals.push(notional);
  });
  const within = ({ row }: HeldMarket): number =>
    entryAt(ladder, row, -REACH).notional + entryAt(ladder, row, REACH).notional;
  const reached = markets.filter((market) => within(market) > 0).sort((a, b) => within(b) - within(a));
  return { markets: reached, ladder, moves, notional: notionals };
}

/** Names of the layers of the stack with their colours; what has no colour of its own comes last. */
export function layersOf({ markets }: Profile): (readonly [css: string, name: string])[] {
  const own = markets.slice(0, MOST_MARKETS).map(({ id }, i) => [`layer-${i}`, id] as const);
  const rest = markets.length - own.length;
  return rest > 0 ? [...own, ['layer-rest', many(rest, 'other market')] as const] : own;
}

interface Slice {
  x: number;
  y1: number;
  y2: number;
  layer: string;
  side: string;
}

/** Layer upon layer, a side. */
function slicesOf(profile: Profile, side: 'down' | 'up'): Slice[] {
  const sign = side === 'down' ? -1 : 1;
  const { step } = profile.ladder;
  const below = new Float64Array(STEPS + 1);
  return layersOf(profile).flatMap(([layer], l) => {
    const members = layer === 'layer-rest' ? profile.markets.slice(l) : [profile.markets[l] as HeldMarket];
    let sum = 0;
    return Array.from(below, (y1, i): Slice => {
      const at = side === 'down' ? STEPS - i : STEPS + i - 1;
      if (i > 0) for (const { row } of members) sum += step.notional[row * 2 * STEPS + at] as number;
      below[i] = y1 + sum;
      return { x: (sign * REACH * i) / STEPS, y1, y2: y1 + sum, layer, side };
    });
  });
}

const signed = (move: number): string => (move === 0 ? '0' : `${move < 0 ? '−' : '+'}${percent(Math.abs(move), 0)}`);
const ticksOf = (narrow: boolean): number[] =>
  narrow ? [-0.5, -0.25, 0, 0.25, 0.5] : [-0.5, -0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.5];

export function cliff(ranking: Ranking, profile: Profile): Chart | null {
  if (profile.moves.length === 0) return null;
  const what = BELOW[ranking.level];
  const [at5] = ranking.moves.filter(({ share }) => share === 0.05);
  const slices = [slicesOf(profile, 'down'), slicesOf(profile, 'up')];
  const most = Math.max(...slices.flat().map(({ y2 }) => y2));
  return {
    id: 'cliff',
    title: `Made ${what} by a move of the market (${ranking.numeraire})`,
    description: `Notional at the mark of the positions that are not ${what} now and are after a move of their own market, with all that shares its underlying; each market by itself, stacked. A fall of 5 % adds ${short(at5?.down.notional ?? 0)}, a rise of 5 % adds ${short(at5?.up.notional ?? 0)}.`,
    draw: ({ narrow }: Width) => ({
      height: narrow ? 260 : 340,
      marginLeft: narrow ? 44 : 60,
      marginRight: 24,
      marginBottom: 40,
      marginTop: 26,
      x: { domain: [-REACH, REACH], label: null },
      y: { domain: [0, most], label: null },
      color: { type: 'identity' },
      marks: [
        gridY({ ticks: 6 }),
        axisY({ ticks: 6, label: `↑ notional (${ranking.numeraire})`, tickFormat: short }),
        axisX(ticksOf(narrow), { label: 'move of the market →', tickFormat: signed }),
        ...slices.map((side) =>
          areaY(side, { x: 'x', y1: 'y1', y2: 'y2', z: 'layer', fill: ({ layer }: Slice) => `var(--${layer})` }),
        ),
        ruleX([0], { stroke: 'currentColor', strokeDasharray: '5 4' }),
        ruleY([0], { stroke: 'currentColor' }),
      ],
    }),
  };
}

/** Dots as one path: zero-length strokes with round ends. */
function dots(points: readonly (readonly [x: number, y: number])[], scales: ScaleFunctions, css: string): SVGElement {
  const at = (scale: unknown, v: number): number => Math.round((scale as (v: number) => number)(v) / GRAIN) * GRAIN;
  const marks = new Set(points.map(([x, y]) => `M${at(scales.x, x)},${at(scales.y, y)}h0`));
  return svgElement('path', { d: [...marks].join(''), class: `dots ${css}`, fill: 'none', 'stroke-linecap': 'round' });
}

export function positionDots(ranking: Ranking, { moves, notional }: Profile): Chart | null {
  const chosen = largest(
    Uint32Array.from(moves, (_, i) => i).filter((i) => (notional[i] as number) > 0),
    (i) => notional[i] as number,
    MOST_DOTS,
  );
  if (chosen.length === 0) return null;
  const left = moves.length - chosen.length;
  const points = chosen.map((i) => [moves[i] as number, notional[i] as number] as const);
  const high = (points[0] as readonly [number, number])[1] * 2;
  const low = Math.min((points.at(-1) as readonly [number, number])[1] / 2, high / 100);
  const sides = [
    ['long', points.filter(([move]) => move < 0)],
    ['short', points.filter(([move]) => move >= 0)],
  ] as const;
  return {
    id: 'nearest',
    title: 'Positions by the move to their liquidation price',
    description: `A dot a price, on a logarithmic axis of notional: high up and near the middle are large positions that a small move liquidates.${left > 0 ? ` The largest ${count(chosen.length)} are drawn; ${count(left)} smaller ones are not.` : ''} Prices beyond ${percent(REACH, 0)} are left out.`,
    draw: ({ narrow }: Width) => ({
      height: narrow ? 280 : 360,
      marginLeft: narrow ? 44 : 60,
      marginRight: 24,
      marginBottom: 40,
      marginTop: 26,
      x: { domain: [-REACH, REACH], label: null },
      y: { type: 'log', domain: [low, high], label: null },
      marks: [
        gridX(ticksOf(narrow)),
        gridY(powersOfTen(low, high, narrow ? 5 : 8)),
        axisY(powersOfTen(low, high, narrow ? 5 : 8), {
          label: `↑ notional (${ranking.numeraire})`,
          tickFormat: short,
        }),
        axisX(ticksOf(narrow), { label: 'move of the market →', tickFormat: signed }),
        ...sides.map(
          ([css, side]) =>
            (_: unknown, scales: ScaleFunctions) =>
              dots(side, scales, `${css}${points.length <= 300 ? ' few' : ''}`),
        ),
        ruleX([0], { stroke: 'currentColor', strokeDasharray: '5 4' }),
      ],
    }),
  };
}
