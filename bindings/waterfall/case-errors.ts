// A refusal in the words of a case: where it stands in the file, and what is written there instead of minor units.
import { MarginError } from '../errors.js';
import { isObject } from './case-units.js';

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

function reworded({ code, path, index, got, expected, hint }: MarginError, json: unknown, stages: string): MarginError {
  const at = path?.startsWith('stages') ? path.replace('stages', stages) : path;
  const written = at === undefined ? undefined : leafAt(json, at);
  const preset = code === 'unknown-id' && stages.startsWith('presets.') && path?.startsWith('stages');
  const help = hint ?? (preset ? MISSING : undefined);
  return new MarginError(code, {
    ...(at === undefined ? {} : { path: at }),
    ...(index === undefined ? {} : { index }),
    ...(got === undefined ? {} : { got: written ?? got }),
    ...(expected === undefined ? {} : { expected: written === undefined ? expected : inUnits(expected) }),
    ...(help === undefined ? {} : { hint: help }),
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
