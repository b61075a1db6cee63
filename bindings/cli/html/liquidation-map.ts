// The liquidation heat map: what a move of each market would liquidate, markets below one another, the colour by a logarithmic scale;
// and the same numbers as a table.
import { axisX, axisY, barX, ruleX, text } from '@observablehq/plot';
import { log } from '../../reference/numeric/log.js';
import type { LiquidationLadder } from '../../watch/views/ladder.js';
import { count, many, percent, quantity, short } from '../format.js';
import { entryAt, type HeldMarket, SHARES } from '../reach.js';
import type { Chart, Width } from './draw.js';
import { markup, tableOf } from './parts.js';

/** What the charts are drawn of. */
export interface MapSource {
  numeraire: string;
  /** The largest first. */
  markets: readonly HeldMarket[];
  ladder: LiquidationLadder;
  /** What a unit becomes: liquidatable. */
  what: string;
  /** Margin units that are not in it. */
  unsolved: number;
}

/** Per cent that are drawn both ways, and of a cell. */
const REACH = 20;
const CELL = { wide: 1, narrow: 2 };
const MOST_ROWS = { wide: 16, narrow: 12 };
/** Decades that the colour has at least and at most; what is less than they are has the weakest. */
const DECADES = { least: 2, most: 4 };
const WEAKEST = 0.14;
/** Letters of a name. */
const MOST_LETTERS = { wide: 26, narrow: 15 };

export const moveText = (move: number): string =>
  move === 0 ? '0' : `${move < 0 ? '−' : '+'}${percent(Math.abs(move), 0)}`;

/** Of a name that is too long its end stays: that is what tells contracts apart. */
export function cutName(id: string, most: number): string {
  if (id.length <= most) return id;
  const end = Math.floor((most - 1) / 2);
  return `${id.slice(0, most - 1 - end)}…${id.slice(id.length - end)}`;
}

/** Notional by the move of the market; per cent, so that moves are those of the ladder to the last bit. */
export const liquidatedAt = ({ ladder }: MapSource, { row }: HeldMarket, perCent: number): number =>
  entryAt(ladder, row, perCent / 100).notional;

/** From one power of ten to another: their exponents. */
interface Scale {
  low: number;
  high: number;
}

const exponentOf = (x: number): number => Number(x.toExponential().split('e')[1]);

function scaleOf(source: MapSource): Scale | null {
  const drawn = cellsOf(source, source.markets.slice(0, MOST_ROWS.wide), CELL.wide);
  const exponents = drawn.flatMap(({ value }) => (value > 0 ? [exponentOf(value)] : []));
  if (exponents.length === 0) return null;
  const [least, most] = [Math.min(...exponents), Math.max(...exponents) + 1];
  return { low: Math.min(most - DECADES.least, Math.max(most - DECADES.most, least)), high: most };
}

const strength = (value: number, { low, high }: Scale): number =>
  WEAKEST + (1 - WEAKEST) * Math.max(0, Math.min(1, (log(value) / Math.LN10 - low) / (high - low)));

interface Cell {
  id: string;
  x1: number;
  x2: number;
  value: number;
}

function cellsOf(source: MapSource, markets: readonly HeldMarket[], size: number): Cell[] {
  const ends = Array.from({ length: REACH / size }, (_, i) => (i + 1) * size);
  return markets.flatMap((market) =>
    ends.flatMap((end): Cell[] => [
      { id: market.id, x1: -end, x2: size - end, value: liquidatedAt(source, market, -end) },
      { id: market.id, x1: end - size, x2: end, value: liquidatedAt(source, market, end) },
    ]),
  );
}

/** What is to be seen, for those who do not. */
function description(source: MapSource): string {
  const { markets, numeraire, what, unsolved } = source;
  const sum = (perCent: number): string =>
    short(markets.reduce((total, market) => total + liquidatedAt(source, market, perCent), 0));
  const both = (m: HeldMarket): number => liquidatedAt(source, m, -5) + liquidatedAt(source, m, 5);
  const most = markets.reduce((a, b) => (both(b) > both(a) ? b : a));
  const where =
    both(most) > 0
      ? `; of these most is in ${most.id}, ${short(liquidatedAt(source, most, -5))} falling and ${short(liquidatedAt(source, most, 5))} rising`
      : '';
  const rest = markets.length - MOST_ROWS.wide;
  const shown =
    rest > 0
      ? ` The ${MOST_ROWS.wide} markets that hold most are drawn (fewer where it is narrow), ${many(rest, 'other')} are in the table.`
      : '';
  const left = unsolved > 0 ? ` Not in it: ${many(unsolved, 'margin unit')} that models margin.` : '';
  return `Notional at the mark (${numeraire}) of the positions that are made ${what} on the way to a move of their own market, with all that shares its underlying; what is so now is left out. The colour of a cell is the sum up to its outer end. A fall of 5 % of every market, each by itself, makes ${sum(-5)} so, a rise as large ${sum(5)}${where}.${shown}${left}`;
}

/** Swatches of the scale, a decade each, for falls and rises. */
export function mapLegend(source: MapSource): string {
  const scale = scaleOf(source);
  if (!scale) return '';
  const swatches = Array.from({ length: scale.high - scale.low + 1 }, (_, i) => {
    const value = Number(`1e${scale.low + i}`);
    const opacity = strength(value, scale).toFixed(2);
    const boxes = ['fall', 'rise'].map((css) => `<i class="${css}" style="opacity:${opacity}"></i>`).join('');
    return `<li>${boxes}<span>${markup(i === 0 ? `${short(value)} and less` : short(value))}</span></li>`;
  });
  return `<ul class="legend ramp"><li><span>${markup(`falling | rising, ${source.numeraire}:`)}</span></li>${swatches.join('')}</ul>`;
}

export function liquidationMap(source: MapSource): Chart | null {
  const scale = scaleOf(source);
  if (!scale) return null;
  return {
    id: 'map',
    title: `What a move of each market would liquidate`,
    description: description(source),
    draw: ({ narrow }: Width) => {
      const at = narrow ? 'narrow' : 'wide';
      const markets = source.markets.slice(0, MOST_ROWS[at]);
      const names = markets.map(({ id }) => id);
      const letters = Math.max(...names.map((id) => Math.min(id.length, MOST_LETTERS[at])));
      const held = new Map(markets.map(({ id, held }) => [id, short(held)]));
      const ticks = narrow ? [-20, -10, 0, 10, 20] : [-20, -15, -10, -5, 0, 5, 10, 15, 20];
      return {
        height: 66 + markets.length * (narrow ? 22 : 26),
        marginLeft: 14 + letters * 8,
        marginRight: narrow ? 46 : 62,
        marginTop: 24,
        marginBottom: 42,
        x: { domain: [-REACH, REACH], label: null },
        y: { domain: names, label: null, padding: 0.12 },
        color: { type: 'identity' as const },
        marks: [
          barX(names, { x1: -REACH, x2: REACH, y: (id: string) => id, fill: 'currentColor', fillOpacity: 0.05 }),
          barX(
            cellsOf(source, markets, CELL[at]).filter(({ value }) => value > 0),
            {
              x1: 'x1',
              x2: 'x2',
              y: 'id',
              fill: ({ x2 }: Cell) => (x2 <= 0 ? 'var(--fall)' : 'var(--rise)'),
              fillOpacity: ({ value }: Cell) => Number(strength(value, scale).toFixed(2)),
              insetLeft: 0.5,
              insetRight: 0.5,
            },
          ),
          ruleX([0], { stroke: 'currentColor' }),
          axisY({ tickSize: 0, tickFormat: (id: string) => cutName(id, MOST_LETTERS[at]), label: null }),
          axisY({ anchor: 'right', tickSize: 0, tickFormat: (id: string) => held.get(id) ?? '', label: null }),
          axisX(ticks, { label: 'move of the market →', tickFormat: (x: number) => moveText(x / 100) }),
          text(['held'], {
            frameAnchor: 'top-right',
            dx: narrow ? 42 : 52,
            dy: -14,
            fill: 'currentColor',
            fontWeight: 600,
          }),
        ],
      };
    },
  };
}

/** The numbers of the map, all markets. */
export function mapTable(source: MapSource): string {
  const { markets, ladder, numeraire } = source;
  const shares = SHARES.map((share) => share * 100);
  const falls = [...shares].reverse();
  const titles = [
    ...['Market', 'Mark', 'Held'],
    ...falls.map((x) => moveText(-x / 100)),
    'Now',
    ...shares.map((x) => moveText(x / 100)),
  ];
  const rows = markets.map((market) => [
    markup(market.id),
    quantity(market.mark),
    count(market.held),
    ...falls.map((x) => count(liquidatedAt(source, market, -x))),
    count(ladder.now.notional[market.row] as number),
    ...shares.map((x) => count(liquidatedAt(source, market, x))),
  ]);
  const table = tableOf(`Liquidated by moves of each market, notional at the mark, ${numeraire}`, titles, 1, rows);
  return `<details><summary>${many(markets.length, 'market')} with positions as a table</summary>${table}</details>`;
}
