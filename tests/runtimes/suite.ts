// What every runtime does, and what it answers: the hashes of the fixed work, and how many published cases come out as published.
import cases from 'virtual:cases';
import { casesOf } from '../conformance/cases.js';
import { judgeCase, type Result } from '../conformance/judge.js';
import { type Entries, hashesOf } from './work.js';

export interface Answer {
  hash: string;
  parts: Record<string, string>;
  conformance: { passed: number; failed: number; skipped: number; failures: string[] };
}

export async function suite(entries: Entries): Promise<Answer> {
  const results: Result[] = cases.flatMap(([name, text]) => casesOf(text, name)).map(judgeCase);
  const count = (wanted: string): number => results.filter(({ outcome }) => outcome === wanted).length;
  return {
    ...(await hashesOf(entries)),
    conformance: {
      passed: count('passed'),
      failed: count('failed'),
      skipped: count('skipped'),
      failures: results.filter(({ outcome }) => outcome === 'failed').map((r) => `${r.case.id}: ${r.notes.join('; ')}`),
    },
  };
}
