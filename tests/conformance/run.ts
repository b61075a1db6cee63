// Runs published numbers of real systems through the public API: `npm run conformance -- [file.json ...]`.
// Prints a table by system and kind, every failure, what is not supported, and the sum over all cases of the files.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Case, casesOf } from './cases.js';
import { judgeCase, type Outcome, type Result } from './judge.js';

const count = (results: readonly Result[], outcome: Outcome): number =>
  results.filter((result) => result.outcome === outcome).length;

function groupBy(results: readonly Result[], key: (test: Case) => string): [string, Result[]][] {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const name = key(result.case);
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function printTable(results: readonly Result[]): void {
  const groups = groupBy(results, (test) => `${test.system}\0${test.kind}`);
  const rows = groups.map(([name, group]) => [
    ...name.split('\0'),
    ...(['passed', 'failed', 'skipped'] as const).map((outcome) => String(count(group, outcome) || '·')),
  ]);
  const head = ['system', 'kind', 'passed', 'failed', 'skipped'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const print = (row: readonly string[]): void =>
    console.log(row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '));
  print(head);
  print(widths.map((width) => '-'.repeat(width)));
  for (const row of rows) print(row);
}

function printNotes(title: string, results: readonly Result[]): void {
  if (results.length === 0) return;
  console.log(`\n${title}`);
  for (const { case: test, notes } of results) {
    console.log(`  ${test.id}`);
    for (const note of notes) console.log(`    ${note}`);
  }
}

function printUnsupported(results: readonly Result[]): void {
  const groups = groupBy(
    results,
    ({ system, kind, mode }) => `${system} ${kind}${mode === undefined ? '' : `/${mode}`}`,
  );
  if (groups.length > 0) console.log('\nNot supported:');
  for (const [name, group] of groups) console.log(`  ${String(group.length).padStart(4)}  ${name}`);
}

/** The shared vectors beside the repository, where they are. */
function defaultFiles(): string[] {
  const folder = fileURLToPath(new URL('../../../shared/vectors/', import.meta.url));
  if (!existsSync(folder)) {
    console.log('No case files: none given, and ../shared/vectors is not there.');
    return [];
  }
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => folder + name);
}

function main(args: readonly string[]): void {
  const files = args.length > 0 ? args : defaultFiles();
  const results = files.flatMap((file) => casesOf(readFileSync(file, 'utf8'), file)).map(judgeCase);
  const unsupported = results.filter(({ outcome, notes }) => outcome === 'skipped' && notes.length === 0);
  if (results.length > 0) printTable(results);
  printUnsupported(unsupported);
  printNotes(
    'Not checked (wrong or unclear at its source):',
    results.filter(({ outcome, notes }) => outcome === 'skipped' && notes.length > 0),
  );
  printNotes(
    'Failed:',
    results.filter(({ outcome }) => outcome === 'failed'),
  );
  console.log(
    `\n${count(results, 'passed')} passed, ${count(results, 'failed')} failed, ${count(results, 'skipped')} skipped`,
  );
  if (count(results, 'failed') > 0) process.exitCode = 1;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
