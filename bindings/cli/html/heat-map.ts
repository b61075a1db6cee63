// Profit of an account over moves of the spot and of volatility: a cell a point, its colour the profit and its number too; the
// scenarios of the model that margins it stand where they move, the one that decides with a ring and its name.
import { axisX, axisY, dot, rect, ruleX, ruleY, text } from '@observablehq/plot';
import type { ProfitSurface } from '../../scenario.js';
import { many, money, percent, short } from '../format.js';
import type { Picture } from '../scenario/pictures.js';
import type { Chart, Width } from './draw.js';

/** The colour of a cell is this strong at most, so that its number can be read on it; the weakest that is not 0 can be seen. */
const STRONGEST = 0.72;
const WEAKEST = 0.05;

interface Cell {
  /** Steps from the middle. */
  x: number;
  y: number;
  profit: number;
}

/** A place in steps from the middle, in the nearest row, so that it covers no number; beyond the edge it stands on it. */
type Placed<T> = T & { x: number; y: number };

const signed = (move: number): string => `${move < 0 ? '−' : move > 0 ? '+' : ''}${percentOf(Math.abs(move))}`;
const percentOf = (x: number): string => percent(x, Math.abs(x * 100 - Math.round(x * 100)) < 0.05 ? 0 : 1);

function cellsOf({ prices, volatilities, profit }: ProfitSurface): Cell[] {
  const [columns, rows] = [prices.length, volatilities.length];
  return Array.from(profit, (value, i) => ({
    x: (i % columns) - (columns - 1) / 2,
    y: Math.floor(i / columns) - (rows - 1) / 2,
    profit: value,
  }));
}

/** A move in steps from the middle: up and down may have steps of their own. */
function stepsOf(move: number, moves: Float64Array): number {
  const half = (moves.length - 1) / 2;
  const end = (move < 0 ? moves[0] : moves.at(-1)) as number;
  return end === 0 ? 0 : (Math.abs(move) / Math.abs(end)) * half * Math.sign(move);
}

function placed<T extends { price: number; volatility: number }>(
  marks: readonly T[],
  { prices, volatilities }: ProfitSurface,
): Placed<T>[] {
  const [right, top] = [(prices.length - 1) / 2 + 0.36, (volatilities.length - 1) / 2];
  const within = (x: number, most: number): number => Math.max(-most, Math.min(most, x));
  return marks.map((mark) => ({
    ...mark,
    x: within(stepsOf(mark.price, prices), right),
    y: within(Math.round(stepsOf(mark.volatility, volatilities)), top),
  }));
}

const colourOf = ({ profit }: Cell): string => (profit < 0 ? 'var(--loss)' : 'var(--gain)');

/** The underlyings that are ringed each at its own move, where there are several. */
const ringed = (rings: Picture['rings']): string[] => [
  ...new Set(rings.flatMap(({ underlying }) => (underlying === null ? [] : [underlying]))),
];

/** Names of rings; those in one place together. */
function namesOf(rings: readonly Placed<Picture['rings'][number]>[]): { x: number; y: number; name: string }[] {
  const names = new Map<string, { x: number; y: number; name: string }>();
  for (const { x, y, underlying } of rings) {
    if (underlying === null) continue;
    const had = names.get(`${x} ${y}`);
    names.set(`${x} ${y}`, { x, y, name: had ? `${had.name}, ${underlying}` : underlying });
  }
  return [...names.values()];
}

/** Dots stand where the first underlying moves. */
function ownRings(rings: Picture['rings'], first: string): string {
  const names = ringed(rings);
  return names.length < 2
    ? ''
    : ` Dots stand at the moves of ${first}; what decides for ${names.join(' and for ')} is ringed at its own move.`;
}

/** What is to be seen, for those who do not. */
function description(surface: ProfitSurface, { account, marks, rings, curves }: Picture): string {
  const { profit, prices } = surface;
  const [worst, best] = [Math.min(...profit), Math.max(...profit)];
  const at = (value: number): string => {
    const i = profit.indexOf(value);
    const v = surface.volatilities[Math.floor(i / prices.length)] as number;
    return `${signed(prices[i % prices.length] as number)} spot and ${signed(v)} volatility`;
  };
  const names = surface.underlyings.map(({ underlying }) => underlying).join(' and ');
  const gains = best > 0 ? `; it gains most, ${money(best)}, at ${at(best)}` : '';
  return `What ${account} gains or loses now as the spot of ${names} and all volatilities move. It loses most, ${money(-worst)}, at ${at(worst)}${gains}. Dots are the ${many(marks.length, 'scenario')} of the model, in the row nearest to what they do to the volatilities that are held; those at the edge go beyond it.${ownRings(rings, curves[0]?.underlying ?? '')}`;
}

/** Colour classes and what they mean. */
export const heatLegend = ({ decides, explanation, marks }: Picture): (readonly [css: string, name: string])[] => [
  ['loss', 'loses'],
  ['gain', 'gains'],
  ['mark full', 'scenario of the model'],
  ...(marks.some(({ full }) => !full) ? [['mark part', 'counts in part'] as const] : []),
  ...(explanation.deciding.length > 0 ? [['mark ring', `decides: ${decides}`] as const] : []),
];

export function heatMap(picture: Picture, numeraire: string): Chart | null {
  const { surface, account, marks } = picture;
  if (!surface) return null;
  const most = Math.max(...Array.from(surface.wide.profit, Math.abs)) || 1;
  const strength = ({ profit }: Cell): number =>
    profit === 0 ? 0 : WEAKEST + (STRONGEST - WEAKEST) * Math.sqrt(Math.min(1, Math.abs(profit) / most));
  return {
    id: `heat-${picture.id}`,
    title: `${account}: profit and loss by spot and volatility (${numeraire})`,
    description: description(surface.wide, picture),
    draw: ({ narrow }: Width) => {
      const shown = narrow ? surface.narrow : surface.wide;
      const cells = cellsOf(shown);
      const dots = placed(marks, shown);
      const rings = placed(picture.rings, shown);
      const named = ringed(picture.rings).length > 1 ? namesOf(rings) : [];
      const [halfX, halfY] = [(shown.prices.length - 1) / 2, (shown.volatilities.length - 1) / 2];
      const height = narrow ? 40 : 46;
      return {
        height: 52 + shown.volatilities.length * height + 26,
        marginLeft: narrow ? 50 : 70,
        marginRight: narrow ? 8 : 12,
        marginTop: 28,
        marginBottom: 44,
        x: { domain: [-halfX - 0.5, halfX + 0.5], label: null },
        y: { domain: [-halfY - 0.5, halfY + 0.5], label: null },
        color: { type: 'identity' as const },
        marks: [
          rect(cells, {
            x1: ({ x }: Cell) => x - 0.5,
            x2: ({ x }: Cell) => x + 0.5,
            y1: ({ y }: Cell) => y - 0.5,
            y2: ({ y }: Cell) => y + 0.5,
            fill: colourOf,
            fillOpacity: strength,
            inset: 0.75,
            rx: 3,
          }),
          // What stands is framed.
          ruleX([-0.5, 0.5], { stroke: 'currentColor', strokeOpacity: 0.35 }),
          ruleY([-0.5, 0.5], { stroke: 'currentColor', strokeOpacity: 0.35 }),
          axisX(
            Array.from(shown.prices, (_, i) => i - halfX),
            { label: 'spot →', tickSize: 0, tickFormat: (x: number) => signed(shown.prices[x + halfX] as number) },
          ),
          axisY(
            Array.from(shown.volatilities, (_, i) => i - halfY),
            {
              label: '↑ volatility',
              tickSize: 0,
              tickFormat: (y: number) => signed(shown.volatilities[y + halfY] as number),
            },
          ),
          text(cells, {
            x: 'x',
            y: 'y',
            dy: -9,
            text: ({ profit }: Cell) => short(profit).replace('-', '−'),
            fontSize: narrow ? 9.5 : 11,
            fill: 'currentColor',
          }),
          dot(
            dots.filter(({ full }) => full),
            { x: 'x', y: 'y', dy: 7, r: narrow ? 2.2 : 3, fill: 'currentColor', fillOpacity: 0.85 },
          ),
          dot(
            dots.filter(({ full }) => !full),
            { x: 'x', y: 'y', dy: 7, r: narrow ? 2.2 : 3, stroke: 'currentColor', strokeWidth: 1.3, fill: 'none' },
          ),
          dot(rings, {
            x: 'x',
            y: 'y',
            dy: 7,
            r: narrow ? 6 : 8,
            stroke: 'var(--ring)',
            strokeWidth: 2.5,
            fill: 'none',
          }),
          // Beside the ring, toward the middle.
          ...[true, false].map((right) =>
            text(
              named.filter(({ x }) => x > 0 === right),
              {
                x: 'x',
                y: 'y',
                dy: 7,
                dx: right ? -12 : 12,
                textAnchor: right ? 'end' : 'start',
                text: 'name',
                fontSize: narrow ? 9.5 : 11,
                fontWeight: 700,
                fill: 'currentColor',
              },
            ),
          ),
        ],
      };
    },
  };
}
