// A refusal in the words of a case: where it stands in the file, and what is written there instead of minor units.

import { isObject } from '../book/fields.js';
import { MarginError } from '../errors.js';

/** What to do where a preset asks for an account that the case has not. */
const MISSING = 'Add it to "accounts", or name another in the "rules" of the preset';

/**
 * Does what may be refused.
 * @param json - the case as it was read
 * @param path - of the stages that are meant, in the case
 * @throws MarginError as `work`, in the words of the case
 */
export function inCase<T>(json: unknown, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof MarginError ? reworded(error, json, path) : error;
  }
}

function reworded(error: MarginError, json: unknown, stages: string): MarginError {
  const { code, path, expected, hint } = error;
  const inStages = path?.startsWith('stages') === true;
  const at = inStages ? path?.replace('stages', stages) : path;
  const written = at === undefined || error.got === undefined ? undefined : leafAt(json, at);
  const lacks = code === 'unknown-id' && inStages && stages.startsWith('presets.') && hint === undefined;
  return error.with({
    ...(at === undefined ? {} : { path: at }),
    ...(written === undefined ? {} : { got: written }),
    ...(written === undefined || expected === undefined ? {} : { expected: inUnits(expected) }),
    ...(lacks ? { hint: MISSING } : {}),
  });
}

/** A case has no minor units. */
const inUnits = (expected: string): string => expected.replace(', in minor units', '');

/** The number or text at a path; undefined where there is none. */
function leafAt(json: unknown, path: string): unknown {
  let value = json;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== '')) {
    if (!(isObject(value) || Array.isArray(value)) || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}
