// The report's table of what scenario models margin: which scenario decides, what is lost in it, what the requirement is made of.
import { money, wrap } from '../format.js';
import { table } from '../table.js';
import { type Terminal, widthOf } from '../terminal.js';
import { type Modelled, madeOf } from './modelled.js';

const nameOf = ({ account, bucket }: Modelled): string => (bucket === 0 ? account : `${account} in ${bucket}`);

/** What a scenario makes of a unit, signed; cash of a model that has no scenarios is none. */
const gainOf = ({ gain }: Modelled): string => (gain === null ? '-' : money(gain));

export function modelledRows(rows: readonly Modelled[]): { titles: string[]; left: number; rows: string[][] } {
  return {
    titles: ['Account', 'Model', 'Decided by', 'P&L in it', 'Maintenance', 'Initial'],
    left: 3,
    rows: rows.map((row) => {
      const { initialMargin, maintenanceMargin } = row.explanation;
      return [nameOf(row), row.model.id, row.decides, gainOf(row), money(maintenanceMargin), money(initialMargin)];
    }),
  };
}

export function modelledText(modelled: readonly Modelled[], { colour, columns }: Terminal): string {
  const { titles, left, rows } = modelledRows(modelled);
  const drawn = table(
    titles.map((title, i) => ({ title, left: i < left })),
    rows,
    colour,
  );
  const made = modelled.map((row) => `${wrap(`${nameOf(row)}: ${madeOf(row)}`, widthOf(columns), '   ')}\n`);
  return `${drawn} Initial margin is made of\n${made.join('')}`;
}
