// What each leg adds to a requirement by a model: a bar to the right adds, one to the left hedges; a tick is the maintenance level.
import { axisY, barX, ruleX, text, tickX } from '@observablehq/plot';
import { many, money, short } from '../format.js';
import type { Modelled } from '../scenario/modelled.js';
import type { Picture } from '../scenario/pictures.js';
import type { Chart, Width } from './draw.js';

const MOST_LEGS = 14;
/** A remainder below this share is one of rounding. */
const ROUNDING = 1e-9;

interface Leg {
  name: string;
  initial: number;
  maintenance: number;
}

function legsOf({ explanation: { legs, remainder, initialMargin } }: Modelled): { shown: Leg[]; all: number } {
  const told = legs
    .filter(({ initial, maintenance }) => initial !== 0 || maintenance !== 0)
    .map(({ market, asset = '', size, initial, maintenance }) => ({
      name: `${short(size)} ${market ?? asset}`,
      initial,
      maintenance,
    }))
    .sort((a, b) => b.initial - a.initial);
  const large = new Set(
    told
      .slice()
      .sort((a, b) => Math.abs(b.initial) - Math.abs(a.initial))
      .slice(0, MOST_LEGS),
  );
  const rest = told.filter((leg) => !large.has(leg));
  const sum = (of: (leg: Leg) => number): number => rest.reduce((total, leg) => total + of(leg), 0);
  const others = {
    name: `${many(rest.length, 'other leg')}`,
    initial: sum((l) => l.initial),
    maintenance: sum((l) => l.maintenance),
  };
  const left = { name: 'of no leg', ...remainder };
  return {
    shown: [
      ...told.filter((leg) => large.has(leg)),
      ...(rest.length > 0 ? [others] : []),
      ...(Math.abs(left.initial) > ROUNDING * initialMargin ? [left] : []),
    ],
    all: told.length,
  };
}

export function legBars(row: Picture, numeraire: string): Chart | null {
  const { shown, all } = legsOf(row);
  if (shown.length === 0) return null;
  const { initialMargin, maintenanceMargin } = row.explanation;
  const total: Leg = { name: 'requirement', initial: initialMargin, maintenance: maintenanceMargin };
  const rows = [...shown, total];
  const left = Math.min(0, ...rows.map(({ initial, maintenance }) => Math.min(initial, maintenance)));
  const right = Math.max(0, ...rows.map(({ initial, maintenance }) => Math.max(initial, maintenance)));
  const most = Math.max(right, -left);
  const label = ({ initial }: Leg): string => short(initial).replace('-', '−');
  const bars = rows.map((leg, y) => ({ ...leg, y: String(y) }));
  return {
    id: `legs-${row.id}`,
    title: `${row.account}: what each leg adds to the requirement (${numeraire})`,
    description: `${many(all, 'leg')} of ${money(initialMargin)} initial margin; to the left: it hedges the others. Ticks are the maintenance margin, ${money(maintenanceMargin)} in all. A leg adds what it loses in the scenarios that decide, and its own charges.`,
    draw: ({ narrow }: Width) => {
      const room = narrow ? 0.36 : 0.08;
      return {
        height: 34 + bars.length * 24,
        marginLeft: Math.min(narrow ? 132 : 220, 16 + 7 * Math.max(...rows.map(({ name }) => name.length))),
        marginRight: 10,
        marginTop: 8,
        x: {
          domain: [left === 0 ? 0 : left - most * room * (narrow ? 1.5 : 1), right + most * room],
          label: null,
          ticks: narrow ? 3 : 7,
          tickFormat: (v: number) => short(v).replace('-', '−'),
          grid: true,
        },
        y: { domain: bars.map(({ y }) => y), label: null, padding: 0.25 },
        color: { type: 'identity' as const },
        marks: [
          axisY({
            tickSize: 0,
            label: null,
            tickFormat: (y: string) => shortened(bars[Number(y)]?.name ?? '', narrow ? 17 : 30),
          }),
          barX(bars, {
            x: 'initial',
            y: 'y',
            fill: ({ name, initial }: Leg) =>
              name === total.name ? 'var(--soft)' : initial < 0 ? 'var(--gain)' : 'var(--loss)',
            fillOpacity: 0.85,
            rx: 2,
          }),
          tickX(bars, { x: 'maintenance', y: 'y', stroke: 'currentColor', strokeWidth: 2.5 }),
          ruleX([0], { stroke: 'currentColor' }),
          ...([1, -1] as const).map((sign) =>
            text(
              bars.filter(({ initial }) => (sign > 0 ? initial >= 0 : initial < 0)),
              {
                x: ({ initial, maintenance }: Leg) =>
                  sign > 0 ? Math.max(initial, maintenance) : Math.min(initial, maintenance),
                y: 'y',
                text: label,
                textAnchor: sign > 0 ? 'start' : 'end',
                dx: 6 * sign,
                fill: 'currentColor',
              },
            ),
          ),
        ],
      };
    },
  };
}

/** The end of a name tells options apart, so it is the middle that goes. */
function shortened(name: string, most: number): string {
  if (name.length <= most) return name;
  const end = Math.ceil((most - 1) * 0.6);
  return `${name.slice(0, most - 1 - end)}…${name.slice(-end)}`;
}
