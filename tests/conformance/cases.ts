// Reads the text of a file of published cases. JSON.parse would round integers past 2^53, so they become text before it sees them.
import type { Tolerance } from './compare.js';

export interface Case {
  id: string;
  source?: string;
  system: string;
  kind: string;
  mode?: string;
  formula?: string;
  inputs: Record<string, unknown>;
  expected: Record<string, unknown>;
  tolerance?: Tolerance;
  tolerances?: Record<string, Tolerance>;
  mustNotEqual?: Record<string, unknown>;
  published?: Record<string, unknown>;
  checked?: boolean;
  note?: string;
}

/** Significant digits that every double tells apart. */
const SAFE_DIGITS = 17;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function survives(token: string): boolean {
  if (/^-?\d+$/.test(token)) return Number.isSafeInteger(Number(token));
  if (Number.isInteger(Number(token)) && !Number.isSafeInteger(Number(token))) return false;
  return token.replace(/[eE].*$/, '').replace(/^-?0*\.?0*|\./g, '').length <= SAFE_DIGITS;
}

/** JSON whose numbers keep their digits: those that a double would change become strings. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text.replace(TOKEN, (token) => (token[0] === '"' || survives(token) ? token : `"${token}"`)));
}

/** The cases of a file. @param name - of the file, for errors @throws Error where it is not a list of cases */
export function casesOf(text: string, name: string): Case[] {
  let cases: unknown;
  try {
    cases = parseExactly(text);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const wrong = Array.isArray(cases)
    ? cases.findIndex((c) => typeof c?.id !== 'string' || typeof c.system !== 'string' || typeof c.kind !== 'string')
    : 0;
  if (!Array.isArray(cases) || wrong >= 0) {
    throw new Error(`${name}: case ${wrong} is not one: expected a list of { id, system, kind, inputs, expected }`);
  }
  return referred(cases as Case[]);
}

/** `returnsRef: id` among the inputs stands for the `returns` of another case of the file. */
export function referred(cases: Case[]): Case[] {
  const inputsOf = new Map(cases.map(({ id, inputs }) => [id, inputs]));
  return cases.map((test) => {
    const found = Object.entries(test.inputs ?? {}).flatMap(([key, id]) => {
      const name = key.endsWith('Ref') ? key.slice(0, -3) : '';
      const there = name === '' || typeof id !== 'string' ? undefined : inputsOf.get(id)?.[name];
      return there === undefined || name in test.inputs ? [] : [[name, there]];
    });
    return found.length === 0 ? test : { ...test, inputs: { ...test.inputs, ...Object.fromEntries(found) } };
  });
}
