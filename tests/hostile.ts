// Hostile values in the place of arguments: what no type admits, at every place of the arguments of a call, one by one and several at
// once. A call answers with finite numbers (or null, which a flag explains) or refuses with a MarginError that says where.

import { expect } from 'vitest';
import { MarginError } from '../bindings/errors.js';
import type { Random } from './random-book.js';

/** A function with arguments that it takes, made anew for each case. */
export interface Call {
  readonly name: string;
  readonly run: (...args: never[]) => unknown;
  readonly args: () => unknown[];
  /** Documented to answer NaN or an infinity where it is not defined. */
  readonly open?: boolean;
}

/** Thrown by what a caller hands over, and so not ours. */
class Own extends Error {}

const throwing = {
  get length(): number {
    throw new Own('length');
  },
  get 0(): number {
    throw new Own('0');
  },
};

/** Made anew for each case, as some are written to. */
export const HOSTILE: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => Number.NEGATIVE_INFINITY,
  () => -0,
  () => 0,
  () => 1,
  () => -1,
  () => 2,
  () => 0.5,
  () => 1e-320,
  () => 1e-300,
  () => 1e-160,
  () => 1e-30,
  () => 1e-12,
  () => 1 - 2 ** -53,
  () => 1e30,
  () => -1e30,
  () => 1e31,
  () => 1.7e308,
  () => 2 ** 31,
  () => 2 ** 32 - 1,
  () => 2 ** 53 - 1,
  () => 1n,
  () => 10n ** 400n,
  () => Symbol('s'),
  () => true,
  () => '',
  () => 'x',
  () => '7',
  () => '1/3',
  () => '0.999999999',
  () => `0.${'9'.repeat(400)}`,
  () => '1e-400',
  () => '1e-30',
  () => '__proto__',
  () => 'constructor',
  () => [],
  () => [1],
  () => [[1]],
  () => [null],
  () => [undefined],
  () => [1n],
  () => [Symbol('s')],
  () => ['7'],
  () => [''],
  () => [true],
  () => [{}],
  () => [Number.NaN],
  () => new Array(3),
  () => [1e30, -1e30, 1e30],
  () => [0, 0, 0],
  () => [1e-320, 2e-320, 3e-320],
  () => [1e-200, -1e-200, 2e-200],
  () => Float64Array.of(),
  () => Float64Array.of(1),
  () => Float64Array.of(Number.NaN),
  () => Float64Array.of(1e308, -1e308, 1e308, 1e308),
  () => Float64Array.of(1e-320, 0, 0, 1e-320),
  () => Float32Array.of(1, 2, 3),
  () => Uint8Array.of(1, 0, 1),
  () => BigInt64Array.of(1n, 2n, 3n),
  () => new Float64Array(new SharedArrayBuffer(32)),
  () => new DataView(new ArrayBuffer(24)),
  () => new ArrayBuffer(24),
  () => ({}),
  () => Object.freeze({}),
  () => Object.create(null),
  () => ({ length: 3 }),
  () => ({ length: 1e9 }),
  () => throwing,
  () => Object.defineProperty({}, 'z', { enumerable: true, get: () => throwing.length }),
  () => ({ z: 1 }),
  () => ({ z: Number.NaN }),
  () => ({ toString: null, valueOf: null }),
  () => new Map([['z', 1]]),
  () => new Date(0),
  () => new Date(Number.NaN),
  () => () => 1,
  () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    return cycle;
  },
];

type Node = Record<string, unknown>;
type Path = readonly string[];
const isNode = (x: unknown): x is Node =>
  (typeof x === 'object' && x !== null && !ArrayBuffer.isView(x)) || x instanceof Float64Array;

/** Every place of a value, of a long list the first, the second and the last. */
export function placesOf(value: unknown, before: Path = []): Path[] {
  if (!isNode(value)) return [];
  const keys = Object.keys(value);
  const some = keys.length > 4 && 'length' in value ? [...keys.slice(0, 2), keys[keys.length - 1] ?? ''] : keys;
  return some.flatMap((key) => [[...before, key], ...placesOf(value[key], [...before, key])]);
}

/** Puts a value at a place; what is no place any more stays. */
export function putAt(args: unknown[], path: Path, value: unknown): void {
  let at: unknown = args;
  for (const key of path.slice(0, -1)) at = isNode(at) ? Object.getOwnPropertyDescriptor(at, key)?.value : undefined;
  if (!isNode(at) || Object.isFrozen(at)) return;
  const key = path[path.length - 1] ?? '';
  if (at instanceof Float64Array) at[Number(key)] = typeof value === 'number' ? value : Number.NaN;
  else Object.defineProperty(at, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Numbers of an answer that are none. */
function wrongIn(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const at = (value as unknown as number[]).findIndex((x) => typeof x === 'number' && !Number.isFinite(x));
    return at < 0 ? [] : [`${path}[${at}] is not finite`];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => wrongIn(each, `${path}.${key}`));
}

const PATIENCE = 4000;

export interface Answer {
  readonly refused?: MarginError;
  readonly value?: unknown;
}

/** Asks, and says what is wrong with the answer. */
export function ask(call: Call, args: unknown[]): { answer: Answer; wrong: string | undefined } {
  const began = performance.now();
  const answer: Answer = {};
  let wrong: string | undefined;
  try {
    const value = (call.run as (...all: unknown[]) => unknown)(...args);
    Object.assign(answer, { value });
    if (!call.open) wrong = wrongIn(value, 'answer')[0];
  } catch (error) {
    if (error instanceof MarginError) {
      Object.assign(answer, { refused: error });
      if (error.path === undefined || error.path === '') wrong = `a refusal without a place: ${error.message}`;
    } else if (!(error instanceof Own)) wrong = error instanceof Error ? (error.stack ?? '') : String(error);
  }
  const took = performance.now() - began;
  if (took > PATIENCE) wrong = `took ${took} ms`;
  return { answer, wrong };
}

const shown = (value: unknown): string => {
  try {
    if (typeof value === 'object' && value !== null)
      return `${value.constructor?.name} ${(JSON.stringify(value) ?? '').slice(0, 60)}`;
    return typeof value === 'bigint' ? 'a bigint' : String(value).slice(0, 60);
  } catch {
    return 'something';
  }
};

/** Answers as they compare: what it was refused with, or the value. */
const compared = ({ refused, value }: Answer): unknown => (refused ? refused.message : value);

/** One hostile value at one place of a call's arguments. @returns what is wrong, in words */
export function hostileAt(call: Call, path: Path, make: () => unknown): string[] {
  const args = call.args();
  const value = make();
  putAt(args, path, value);
  const { wrong } = ask(call, args);
  return wrong === undefined ? [] : [`${call.name}, ${path.join('.')} = ${shown(value)}: ${wrong}`];
}

/** Several at once, and the answer twice. */
export function hostileMany(call: Call, r: Random, what: string): string[] {
  const args = call.args();
  const places = placesOf(args);
  for (let n = r.int(1, 3); n > 0; n--) putAt(args, r.pick(places), r.pick(HOSTILE)());
  if (r.chance(0.1)) args.pop();
  const first = ask(call, args);
  if (first.wrong !== undefined) return [`${what}, ${call.name}: ${first.wrong}`];
  expect(compared(ask(call, args).answer), `${what}, ${call.name} twice`).toEqual(compared(first.answer));
  return [];
}
