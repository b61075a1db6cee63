// Profit of an account by the price of an underlying: now, and on the days its options expire; with the prices at which it is
// liquidated, the spot, and the strikes that are held.
import { areaY, axisX, axisY, gridX, gridY, line, ruleX, ruleY, text } from '@observablehq/plot';
import { count, many, money, quantity, short, signedPercent } from '../format.js';
import type { Picture, UnderlyingCurve } from '../scenario/pictures.js';
import type { Chart, Width } from './draw.js';

/** Colours of the dates; now has the ink. */
const DATES = ['var(--layer-0)', 'var(--layer-1)', 'var(--layer-2)', 'var(--layer-3)'];

interface Point {
  price: number;
  profit: number;
  colour: string;
  z: number;
}

const days = (x: number): string => (x < 1 ? `${count(x * 24)} h` : many(Math.round(x), 'day'));

/** What a line is called. */
export function dateName({ days: left, expiries }: UnderlyingCurve['curve']['curves'][number]): string {
  if (left === 0) return 'now';
  return `in ${days(left)}${expiries.length > 0 ? `, ${expiries[0]} expires` : ''}`;
}

/** Colour classes and names of the lines. */
export const dateLegend = ({ curve }: UnderlyingCurve): (readonly [css: string, name: string])[] =>
  curve.curves.map((date, i) => [i === 0 ? 'ink' : `layer-${(i - 1) % DATES.length}`, dateName(date)] as const);

function pointsOf({ curve, spot }: UnderlyingCurve): Point[] {
  return curve.curves.flatMap(({ profit }, z) =>
    Array.from(profit, (value, i) => ({
      price: spot * (1 + (curve.prices[i] as number)),
      profit: value,
      colour: z === 0 ? 'currentColor' : (DATES[(z - 1) % DATES.length] as string),
      z,
    })),
  );
}

interface End {
  price: number;
  label: string;
  side: 'down' | 'up';
}

function endsOf(
  { down, up, spot }: UnderlyingCurve,
  [low, high]: readonly [number, number],
): { shown: End[]; beyond: string[] } {
  const shown: End[] = [];
  const beyond: string[] = [];
  for (const [side, price] of [
    ['down', down],
    ['up', up],
  ] as const) {
    if (price === null) continue;
    const label = `${quantity(Number(price.toPrecision(6)))} (${signedPercent(price / spot - 1)})`;
    if (price >= low && price <= high) shown.push({ price, label, side });
    else beyond.push(label);
  }
  return { shown, beyond };
}

function description(picture: Picture, of: UnderlyingCurve, beyond: readonly string[], shown: readonly End[]): string {
  const others = picture.curves.length > 1 ? '; other prices stand' : '';
  const last = of.curve.curves.at(-1);
  const made = last && last.days > 0 ? (last.profit[of.curve.prices.indexOf(0)] as number) : 0;
  const standing =
    last && last.days > 0
      ? ` If ${of.underlying} stays, it has ${made < 0 ? 'lost' : 'made'} ${money(Math.abs(made))} after ${days(last.days)}.`
      : '';
  const ends = of.liquidatable
    ? ' It is liquidatable now.'
    : shown.length > 0
      ? ` Liquidated at ${shown.map(({ label }) => label).join(' and at ')}.`
      : beyond.length > 0
        ? ` Liquidated beyond the drawing, at ${beyond.join(' and at ')}.`
        : ' No price of it alone liquidates the account.';
  const strikes =
    of.strikes.length > 0 ? ' Marks on the axis are strikes that are held: bought above the line, sold below it.' : '';
  return `What ${picture.account} gains or loses as ${of.underlying} moves from ${quantity(of.spot)} with volatilities as they are${others}.${standing}${ends}${strikes}`;
}

export function profitChart(picture: Picture, of: UnderlyingCurve, numeraire: string): Chart {
  const points = pointsOf(of);
  const low = (points[0] as Point).price;
  const high = Math.max(...points.map(({ price }) => price));
  const { shown, beyond } = endsOf(of, [low, high]);
  const least = Math.min(0, ...points.map(({ profit }) => profit));
  const most = Math.max(0, ...points.map(({ profit }) => profit));
  const room = 0.08 * (most - least || 1);
  const [bottom, top] = [least - room, most + room];
  const now = points.filter(({ z }) => z === 0);
  const lost = shown.map(({ price, side }) => (side === 'down' ? { x1: low, x2: price } : { x1: price, x2: high }));
  const strikes = of.strikes.filter(({ strike }) => strike >= low && strike <= high);
  return {
    id: `curve-${picture.id}-${picture.curves.indexOf(of) + 1}`,
    title: `${picture.account}: profit and loss by the price of ${of.underlying} (${numeraire})`,
    description: description(picture, of, beyond, shown),
    draw: ({ narrow }: Width) => ({
      height: narrow ? 270 : 360,
      marginLeft: narrow ? 50 : 70,
      marginRight: narrow ? 14 : 24,
      marginBottom: 42,
      marginTop: 28,
      x: { domain: [low, high], label: null },
      y: { domain: [bottom, top], label: null },
      color: { type: 'identity' as const },
      marks: [
        gridX({ ticks: narrow ? 4 : 8 }),
        gridY({ ticks: narrow ? 5 : 7 }),
        axisX({ ticks: narrow ? 3 : 8, label: `${of.underlying} →`, tickFormat: (v: number) => quantity(v) }),
        axisY({
          ticks: narrow ? 5 : 7,
          label: `↑ profit (${numeraire})`,
          tickFormat: (v: number) => short(v).replace('-', '−'),
        }),
        ...lost.map(({ x1, x2 }) =>
          areaY([x1, x2], {
            x: (v: number) => v,
            y1: () => bottom,
            y2: () => top,
            fill: 'var(--liquidatable)',
            fillOpacity: 0.08,
          }),
        ),
        areaY(now, {
          x: 'price',
          y1: () => 0,
          y2: (p: Point) => Math.max(0, p.profit),
          fill: 'var(--gain)',
          fillOpacity: 0.16,
        }),
        areaY(now, {
          x: 'price',
          y1: () => 0,
          y2: (p: Point) => Math.min(0, p.profit),
          fill: 'var(--loss)',
          fillOpacity: 0.16,
        }),
        ruleY([0], { stroke: 'currentColor' }),
        ruleX([of.spot], { stroke: 'currentColor', strokeDasharray: '2 3', strokeOpacity: 0.7 }),
        ...of.curve.curves
          .map((_, z) => z)
          .reverse()
          .map((z) =>
            line(
              points.filter((point) => point.z === z),
              { x: 'price', y: 'profit', stroke: 'colour', strokeWidth: z === 0 ? 2.6 : 1.9, curve: 'linear' },
            ),
          ),
        ruleX(strikes, {
          x: 'strike',
          y1: () => 0,
          y2: ({ size }: { size: number }) => (size > 0 ? 0.035 : -0.035) * (top - bottom),
          stroke: ({ size }: { size: number }) => (size > 0 ? 'var(--long)' : 'var(--short)'),
          strokeWidth: 3,
        }),
        ...(narrow
          ? []
          : [1, -1].map((sign) =>
              text(
                strikes.filter(({ size }) => size * sign > 0),
                {
                  x: 'strike',
                  y: () => 0.035 * sign * (top - bottom),
                  dy: -8 * sign,
                  text: ({ size }: { size: number }) => `${size > 0 ? '+' : '−'}${quantity(Math.abs(size))}`,
                  fill: 'var(--soft)',
                  fontSize: 11,
                },
              ),
            )),
        ruleX(shown, { x: 'price', stroke: 'var(--liquidatable)', strokeWidth: 2 }),
        ...(['down', 'up'] as const).map((side) =>
          text(
            shown.filter((end) => end.side === side),
            {
              x: 'price',
              y: () => top,
              text: ({ label }: End) => (narrow ? 'liquidated' : `liquidated at ${label}`),
              // On the side where it may stay, which has more room.
              textAnchor: side === 'down' ? 'start' : 'end',
              dx: side === 'down' ? 6 : -6,
              dy: 8,
              fill: 'var(--liquidatable)',
              fontWeight: 600,
              stroke: 'var(--plot-background)',
              strokeWidth: 4,
            },
          ),
        ),
        text([of.spot], {
          x: (v: number) => v,
          y: () => bottom,
          text: () => (narrow ? 'spot' : `spot ${quantity(of.spot)}`),
          dy: -7,
          dx: 5,
          textAnchor: 'start',
          fill: 'var(--soft)',
          stroke: 'var(--plot-background)',
          strokeWidth: 4,
        }),
      ],
    }),
  };
}
