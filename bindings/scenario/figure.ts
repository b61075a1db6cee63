// A number of a model, or the name of a parameter that each underlying has its own value of.
import { decimal, type Fields, type Range } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { NONE } from '../layout.js';

/** Times the parameter of that index, or NONE. */
export interface FigureRow {
  value: number;
  by: number;
}

/** A value of a parameter as it was written. */
interface Given {
  value: number;
  got: unknown;
  path: string;
}

/**
 * Parameters of a model: their names in the order of their first values, and the smallest and the largest value of each over all
 * underlyings and `*`. What holds for these two holds for all between, so a use of a parameter costs the same for one underlying as
 * for thousands.
 */
export class Parameters {
  readonly #index = new Map<string, number>();
  readonly #ends: [least: Given, most: Given][] = [];

  get names(): string[] {
    return [...this.#index.keys()];
  }

  add(name: string, given: Given): void {
    const index = this.#index.get(name);
    const ends = index === undefined ? undefined : this.#ends[index];
    if (ends === undefined) {
      this.#index.set(name, this.#ends.length);
      this.#ends.push([given, given]);
    } else if (given.value < ends[0].value) ends[0] = given;
    else if (given.value > ends[1].value) ends[1] = given;
  }

  has(name: string): boolean {
    return this.#index.has(name);
  }

  /** Index of a parameter's name. @throws MarginError unknown-id */
  index(name: string, path: string): number {
    const index = this.#index.get(name);
    if (index !== undefined) return index;
    throw new MarginError('unknown-id', {
      path,
      got: name,
      expected:
        this.#index.size === 0 ? 'a name out of the parameters of the model' : `one of ${this.names.join(', ')}`,
      hint: 'Parameters stand under "parameters", by underlying or under "*"',
    });
  }

  /** The same, of one whose values have the range of its use. @throws MarginError unknown-id, range */
  use(name: string, path: string, range: Range): number {
    const index = this.index(name, path);
    for (const given of this.#ends[index] ?? []) decimal(given.got, given.path, range, `, for ${path}`);
    return index;
  }

  /** Largest magnitude of what a figure comes to. */
  most({ value, by }: FigureRow): number {
    const [least, most] = this.#ends[by] ?? [];
    return Math.abs(value) * (least && most ? Math.max(Math.abs(least.value), Math.abs(most.value)) : 1);
  }
}

/** A number or the name of a parameter. @throws MarginError */
export function figureOf(value: unknown, path: string, parameters: Parameters, range: Range): FigureRow {
  if (typeof value === 'string' && (parameters.has(value) || !/^[+-.\d]/.test(value)))
    return { value: 1, by: parameters.use(value, path, range) };
  return { value: decimal(value, path, range), by: NONE };
}

/** The same of a key, with what it is where it is missing; without a fallback it must be there. */
export function figure(f: Fields, key: string, parameters: Parameters, range: Range, fallback?: number): FigureRow {
  if (!f.has(key)) return { value: f.number(key, range, fallback), by: NONE };
  return figureOf(f.raw(key), f.at(key), parameters, range);
}
