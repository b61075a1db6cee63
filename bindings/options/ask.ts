// Questions put to an engine: of one option, answered by a small object, and of columns, a block at a time.
import { clobbers } from '../overlap.js';
import type { Form, OptionEngine } from './engine.js';
import { ANSWERS, ROWS, STATUS_COLUMN } from './layout.js';
import { type Batch, readBatch, readInto, readOption } from './read.js';
import { OPTION_STATUS, type OptionStatus } from './types.js';

/** What is asked, in the names of `OptionEngine`. */
export interface Question<Name extends string> {
  ask: 'prices' | 'digitals' | 'greeks' | 'vols';
  /** What stands in the column of the vol. */
  measure: 'vol' | 'price';
  names: readonly Name[];
  /** Columns that a batch has to have room for. */
  needed: readonly Name[];
}

/** The answer to one option. @throws MarginError type, range, missing-key, unknown-key, conflict */
export function askOne<Name extends string>(
  engine: OptionEngine,
  { ask, measure, names }: Question<Name>,
  option: unknown,
): { status: OptionStatus } & Record<Name, number> {
  const { block } = engine;
  engine[ask](readOption(block, option, measure), 1);
  const answer: Record<string, unknown> = { status: OPTION_STATUS[block[STATUS_COLUMN * ROWS]!] };
  for (let k = 0; k < names.length; k++) answer[names[k]!] = block[(ANSWERS + k) * ROWS];
  return answer as { status: OptionStatus } & Record<Name, number>;
}

/** The answers to columns. @returns how many rows have another status than ok @throws MarginError as `askOne` */
export function askAll<Name extends string>(
  engine: OptionEngine,
  { ask, measure, names, needed }: Question<Name>,
  options: unknown,
  into: unknown,
): number {
  const { status, columns, rows } = readInto(into, names, needed);
  const batch = readBatch(options, measure, rows);
  const { block } = engine;
  const { form } = batch;
  let others = 0;
  saveInputs(batch, status, columns);
  fillConstants(block, batch);
  for (let from = 0; from < rows; from += ROWS) {
    const count = rows - from < ROWS ? rows - from : ROWS;
    fillRows(block, batch, from, count);
    engine[ask](form as Form, count);
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k];
      const at = (ANSWERS + k) * ROWS;
      if (column) column.set(block.subarray(at, at + count), from);
    }
    for (let i = 0; i < count; i++) {
      const code = block[STATUS_COLUMN * ROWS + i]!;
      status[from + i] = code;
      if (code !== 0) others++;
    }
  }
  return others;
}

/** Puts copies in the place of inputs that answers would be written over before they are read. */
function saveInputs({ columns }: Batch, status: Uint8Array, answers: readonly (Float64Array | undefined)[]): void {
  for (let k = 0; k < columns.length; k++) {
    const column = columns[k]!;
    if (typeof column === 'number') continue;
    let lost = clobbers(status, column);
    for (let j = 0; j < answers.length && !lost; j++) {
      const answer = answers[j];
      lost = answer !== undefined && clobbers(answer, column);
    }
    if (lost) columns[k] = column.slice();
  }
}

function fillConstants(block: Float64Array, { columns }: Batch): void {
  columns.forEach((column, k) => {
    if (typeof column === 'number') block.fill(column, k * ROWS, (k + 1) * ROWS);
  });
}

function fillRows(block: Float64Array, { columns }: Batch, from: number, count: number): void {
  for (let k = 0; k < columns.length; k++) {
    const column = columns[k]!;
    if (typeof column !== 'number') block.set(column.subarray(from, from + count), k * ROWS);
  }
}
