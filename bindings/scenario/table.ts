// A model without a book: its table as numbers, the size of its moves of volatility, a tiered charge. The same code as in margin.
import { decimal, Fields } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { MOVE, MOVETERM, NONE } from '../layout.js';
import { atTime } from '../reference/scenario/arrays.js';
import { tierSum } from '../reference/scenario/requirement.js';
import { type Model, readModel } from './model.js';
import { readTiers } from './part-terms.js';
import type { MoveRow } from './scenario-rows.js';
import type { ModelJSON } from './types.js';

const DAY = 86_400;

/** A row of the table, for one underlying. */
export interface TableRow {
  /** Name of the scenario; default its number. */
  id: string;
  /** Set that scans read it by. */
  set: string;
  /** Relative move of the price as a multiple of the range, and the name of the range; null: the multiple is the move. */
  multiple: number;
  /** Name of the parameter that `multiple` is of; null: none. */
  range: string | null;
  /** Relative move of the price. */
  move: number;
  /** Name of the move of volatilities, or null; whether they rise (1), fall (-1), or stay or move by their strikes (0). */
  volatility: string | null;
  /** 1: volatilities rise, -1: they fall, 0: they stay or move by their strikes. */
  direction: -1 | 0 | 1;
  /** Factor of the profit or loss. */
  weight: number;
}

/** The model as books read it; assets that it names need not be there. */
function read(model: ModelJSON): Model {
  return readModel(model, 'model', { asset: () => 0 });
}

/**
 * Whose parameters count: those of all others, or of the first underlying where the model has none for others.
 * @throws MarginError unknown-id of an underlying that such a model does not name
 */
function whose({ values, named }: Model, underlying: string | undefined): string {
  if (underlying === undefined) return !named || values.has('*') ? '*' : (values.keys().next().value ?? '*');
  if (!named || values.has(underlying)) return underlying;
  throw new MarginError('unknown-id', {
    path: 'underlying',
    got: underlying,
    expected: `one of ${[...values.keys()].filter((name) => name !== '*').join(', ')}: the model says "underlyings": "named"`,
  });
}

/** Value of a parameter, 1 without one. */
function parameter({ values }: Model, by: number, underlying: string): number {
  if (by === NONE) return 1;
  return (values.get(underlying) ?? values.get('*'))?.[by] ?? 1;
}

/** How far a move goes before time counts; 0 of a skew, which goes by strikes. */
function sizeOf(model: Model, { kind, range, terms }: MoveRow, underlying: string): number {
  return kind === MOVE.skew ? 0 : (terms[MOVETERM.by] ?? 0) * parameter(model, range, underlying);
}

/**
 * The table of a model in numbers, in the order in which it was written.
 * @param underlying - whose parameters count; default those of all others, or of the first where the model has none for others
 * @throws MarginError with the path of what is wrong in the model; unknown-id of an underlying that a model of named ones has not
 * @example
 * const rows = scenarioTable(presets.span({ ranges: { '*': { price: 0.06, volatility: 0.05 } } }));
 * console.log(rows[6]?.multiple === 2 / 3, rows[6]?.direction, rows[14]?.weight); // true 1 0.33
 */
export function scenarioTable(model: ModelJSON, underlying?: string): TableRow[] {
  const ready = read(model);
  const of = whose(ready, underlying);
  const names = Object.keys(model.volatility ?? {});
  const sets = [...ready.sets];
  const rows = ready.scenarios.map((row, s): [index: number, row: TableRow] => {
    const move = row.move === NONE ? undefined : ready.moves[row.move];
    return [
      row.index,
      {
        id: row.id,
        set: sets.find(([, [from, to]]) => s >= from && s < to)?.[0] ?? '',
        multiple: row.price,
        range: ready.parameters[row.range] ?? null,
        move: row.price * parameter(ready, row.range, of),
        volatility: names[row.move] ?? null,
        direction: Math.sign(move ? sizeOf(ready, move, of) : 0) as TableRow['direction'],
        weight: row.weight.value * parameter(ready, row.weight.by, of),
      },
    ];
  });
  return rows.sort(([a], [b]) => a - b).map(([, row]) => row);
}

/**
 * Size of a move of volatility at a time to expiry: a share of the volatility where the model says `scale`, volatility where it says
 * `shift`; falling moves are negative.
 * @param name - of the move, as the model has it under `volatility`
 * @param at - days to expiry; underlying whose parameters count, default as in `scenarioTable`
 * @throws MarginError unknown-id, unknown-key, missing-key, type, range; conflict of a skew, whose size goes by strikes
 * @example
 * console.log(volatilityMove(presets.powertrade(), 'up', { days: 7 })); // 0.6990276160004932
 */
export function volatilityMove(model: ModelJSON, name: string, at: { days: Decimal; underlying?: string }): number {
  const f = new Fields(at, 'at', ['days', 'underlying']);
  const ready = read(model);
  const names = Object.keys(model.volatility ?? {});
  const move = ready.moves[names.indexOf(name)];
  if (!move)
    throw new MarginError('unknown-id', {
      path: 'name',
      got: name,
      expected: names.length === 0 ? 'a model with moves of volatility' : `one of ${names.join(', ')}`,
    });
  if (move.kind === MOVE.skew)
    throw new MarginError('conflict', { path: 'name', got: name, expected: 'a move by scale or shift' });
  const seconds = f.number('days', { min: 0, max: 1e6 }) * DAY;
  const of = whose(ready, f.has('underlying') ? f.string('underlying') : undefined);
  return atTime(move.terms, 0, sizeOf(ready, move, of), seconds);
}

/**
 * Marginal tiers of an amount: the slice up to each bound counts with its own rate.
 * @param tiers - rising bounds (null: no end) and rates
 * @param amount - 0 or more
 * @throws MarginError with the path of what is wrong
 * @example
 * console.log(tieredCharge([{ upTo: 10_000, rate: 1 }, { upTo: null, rate: 2 }], 30_000)); // 50000
 */
export function tieredCharge(tiers: readonly { upTo: Decimal | null; rate: Decimal }[], amount: Decimal): number {
  const flat = readTiers(tiers, 'tiers').flatMap(({ upTo, rate }) => [upTo, rate]);
  return tierSum(flat, 0, flat.length, decimal(amount, 'amount', { min: 0 })).sum;
}
