// What an adapter answers to a published case, against what was published.
import { MarginError } from 'margin-kernel';
import { adapterOf } from './adapters/index.js';
import type { Case } from './cases.js';
import { knownBugs, type Mismatch, mismatches } from './compare.js';

export type Outcome = 'passed' | 'failed' | 'skipped';

export interface Result {
  case: Case;
  outcome: Outcome;
  /** What is wrong, or why the case was skipped. */
  notes: string[];
}

const show = (value: unknown): string =>
  typeof value === 'bigint'
    ? String(value)
    : (JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)) ?? String(value));

const line = ({ field, got, want }: Mismatch): string => `${field || 'answer'}: got ${show(got)}, want ${show(want)}`;

/** Complaints about an answer; none: it is as published. */
function complaints(test: Case, answer: () => unknown): string[] {
  const { expected, tolerance = {}, tolerances = {}, mustNotEqual } = test;
  let got: unknown;
  try {
    got = answer();
  } catch (error) {
    if (expected.error === true && error instanceof MarginError) return [];
    const kind = error instanceof MarginError ? 'refused' : 'exception';
    return [`${kind}: ${error instanceof Error ? error.message : String(error)}`];
  }
  if (expected.error === true) return [`error: got ${show(got)}, want a MarginError`];
  const wrong = mismatches(got, expected, tolerance, tolerances);
  return [...wrong, ...knownBugs(got, mustNotEqual, expected, tolerance, tolerances)].map(line);
}

export function judgeCase(test: Case): Result {
  const answer = adapterOf(test.system, test.kind, test.mode);
  if (!answer) return { case: test, outcome: 'skipped', notes: [] };
  const notes = complaints(test, () => answer(test.inputs));
  if (test.checked === false) {
    return { case: test, outcome: 'skipped', notes: notes.length > 0 ? notes : ['as published'] };
  }
  return { case: test, outcome: notes.length > 0 ? 'failed' : 'passed', notes };
}
