// The ladder of one market: notional that each step of its price would liquidate, below the mark and above it.
import { axisX, axisY, gridY, rectY, ruleX, ruleY } from '@observablehq/plot';
import { percent, quantity, short } from '../format.js';
import type { HeldMarket } from '../reach.js';
import { rootTicks } from './bars.js';
import type { Chart, Width } from './draw.js';
import { liquidatedAt, type MapSource, moveText } from './liquidation-map.js';

/** Per cent that are drawn both ways, a bar each. */
const REACH = 20;

interface Bar {
  /** Per cent from the mark. */
  x1: number;
  x2: number;
  notional: number;
}

/** What each per cent adds. */
function barsOf(source: MapSource, market: HeldMarket): Bar[] {
  const ends = Array.from({ length: REACH }, (_, i) => i + 1);
  const at = (perCent: number): number => (perCent === 0 ? 0 : liquidatedAt(source, market, perCent));
  // A difference of sums may be below 0 by rounding.
  const added = (far: number, near: number): number => Math.max(0, at(far) - at(near));
  return ends.flatMap((end): Bar[] => [
    { x1: -end, x2: 1 - end, notional: added(-end, 1 - end) },
    { x1: end - 1, x2: end, notional: added(end, end - 1) },
  ]);
}

/** The market of which moves within reach would liquidate most. */
export function mostLiquidated(source: MapSource): HeldMarket | null {
  const within = (m: HeldMarket): number => liquidatedAt(source, m, -REACH) + liquidatedAt(source, m, REACH);
  const [first, ...rest] = source.markets;
  if (!first) return null;
  const most = rest.reduce((a, b) => (within(b) > within(a) ? b : a), first);
  return within(most) > 0 ? most : null;
}

/** Short enough to stand side by side on a telephone. */
const tickOf = (price: number): string =>
  price < 0.001 ? price.toExponential(2) : quantity(Number(price.toPrecision(5)));

export function priceLadder(source: MapSource): Chart | null {
  const market = mostLiquidated(source);
  if (!market) return null;
  const { numeraire, what, ladder } = source;
  const bars = barsOf(source, market);
  const most = Math.max(...bars.map(({ notional }) => notional));
  const [peak] = bars.filter(({ notional }) => notional === most) as [Bar];
  const edge = peak.x2 <= 0 ? peak.x1 : peak.x2;
  const priceAt = (perCent: number): number => market.mark + (market.mark * perCent) / 100;
  const now = ladder.now.notional[market.row] as number;
  const left =
    now > 0
      ? ` Left out: ${short(now)} that are ${what} at the mark of ${quantity(market.mark)}, ${percent(now / market.held)} of what is held.`
      : '';
  const sums = [-5, 5, -REACH, REACH].map((x) => short(liquidatedAt(source, market, x)));
  return {
    id: 'ladder',
    title: `${market.id}: notional made ${what} by price (${numeraire})`,
    description: `The market of which moves of up to ${REACH} % would liquidate most; a bar is what one per cent more adds, its height the square root of that, so that little can be seen beside much. A fall of 5 % makes ${sums[0]} so, a rise as large ${sums[1]}; moves of ${REACH} % make ${sums[2]} and ${sums[3]}. The highest bar, ${short(most)}, ends at ${quantity(priceAt(edge))} (${moveText(edge / 100)}).${left}`,
    draw: ({ narrow }: Width) => {
      const ticks = narrow ? [-20, -10, 0, 10, 20] : [-20, -15, -10, -5, 0, 5, 10, 15, 20];
      return {
        height: narrow ? 280 : 340,
        marginLeft: narrow ? 44 : 60,
        marginRight: narrow ? 24 : 30,
        marginTop: 44,
        marginBottom: 42,
        x: { domain: [-REACH, REACH], label: null },
        y: { type: 'sqrt' as const, domain: [0, most], label: null },
        color: { type: 'identity' as const },
        marks: [
          gridY(rootTicks(most)),
          axisY(rootTicks(most), { label: null, tickFormat: short }),
          axisX(ticks, { label: 'price →', tickFormat: (x: number) => tickOf(priceAt(x)) }),
          axisX(ticks, {
            anchor: 'top',
            label: null,
            tickSize: 0,
            tickFormat: (x: number) => (x === 0 ? 'mark' : moveText(x / 100)),
          }),
          rectY(
            bars.filter(({ notional }) => notional > 0),
            {
              x1: 'x1',
              x2: 'x2',
              y: 'notional',
              fill: ({ x2 }: Bar) => (x2 <= 0 ? 'var(--fall)' : 'var(--rise)'),
              insetLeft: 1,
              insetRight: 1,
            },
          ),
          ruleX([0], { stroke: 'currentColor', strokeDasharray: '5 4' }),
          ruleY([0], { stroke: 'currentColor' }),
        ],
      };
    },
  };
}
