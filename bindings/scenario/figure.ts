// A number of a model, or the name of a parameter that each underlying has its own value of.
import { decimal, type Fields, type Range } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { NONE } from '../layout.js';

/** Times the parameter of that index, or NONE. */
export interface FigureRow {
  value: number;
  by: number;
}

/** Index of a parameter's name. @throws MarginError unknown-id */
export function parameterIndex(names: readonly string[], name: string, path: string): number {
  const index = names.indexOf(name);
  if (index >= 0) return index;
  throw new MarginError('unknown-id', {
    path,
    got: name,
    expected: names.length === 0 ? 'a name out of the parameters of the model' : `one of ${names.join(', ')}`,
    hint: 'Parameters stand under "parameters", by underlying or under "*"',
  });
}

/** A number or the name of a parameter. @throws MarginError */
export function figureOf(value: unknown, path: string, names: readonly string[], range: Range): FigureRow {
  if (typeof value === 'string' && (names.includes(value) || !/^[+-.\d]/.test(value)))
    return { value: 1, by: parameterIndex(names, value, path) };
  return { value: decimal(value, path, range), by: NONE };
}

/** The same of a key, with what it is where it is missing; without a fallback it must be there. */
export function figure(f: Fields, key: string, names: readonly string[], range: Range, fallback?: number): FigureRow {
  if (!f.has(key)) return { value: f.number(key, range, fallback), by: NONE };
  return figureOf(f.raw(key), f.at(key), names, range);
}
