// docs/measures/ against itself and the code: every page has the same sections and an example, the index names every page, and
// each call is exported by the entry that the index gives.
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOf, read, sourceOf } from './doc-pages.js';

const FOLDER = 'docs/measures';
const INDEX = `${FOLDER}/README.md`;
const SECTIONS = ['Formula', 'Unit', 'Sign', 'Rounding', 'Limits', 'Source', 'Example', 'See also'];
const files = filesOf(FOLDER, '.md').filter((file) => file !== INDEX);

interface Row {
  measure: string;
  calls: string[];
  entry: string;
  unit: string;
  sign: string;
  page: string;
}

const HEAD = ['measure', 'call', 'entry', 'unit', 'sign', 'page'];
const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const lines = read(INDEX)
  .split('\n')
  .filter((line) => line.startsWith('| '));
const rows = lines
  .map(cellsOf)
  .filter((cells) => cells.join() !== HEAD.join())
  .map(([measure = '', call = '', entry = '', unit = '', sign = '', link = '']): Row => {
    const page = /^\[([\w-]+\.md)\]\(\1\)$/.exec(link)?.[1] ?? `no page: ${link}`;
    const calls = [...call.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    return { measure, calls, entry: entry.replaceAll('`', ''), unit, sign, page: join(FOLDER, page) };
  });

/** Of a page: its first lines, then text by section. */
function partsOf(file: string): { title: string; says: string; sections: [heading: string, text: string][] } {
  const [head = '', ...rest] = read(file).split(/^## /m);
  const [title = '', ...says] = head.trim().split('\n');
  const sections = rest.map((part): [string, string] => {
    const [heading = '', ...text] = part.split('\n');
    return [heading, text.join('\n').trim()];
  });
  return { title, says: says.join(' ').trim(), sections };
}

describe('a page of docs/measures', () => {
  it.each(files)('%s has all sections in their order', (file) => {
    const { title, says, sections } = partsOf(file);
    expect(title).toMatch(/^# \S/);
    expect(says).toMatch(/\.$/);
    expect(sections.map(([heading]) => heading)).toEqual(SECTIONS);
    for (const [heading, text] of sections) expect(text.length, heading).toBeGreaterThan(3);
  });

  it.each(files)('%s is short, and has one example that says what it prints', (file) => {
    const text = read(file);
    const length = text.trimEnd().split('\n').length;
    expect(length).toBeGreaterThanOrEqual(30);
    expect(length).toBeLessThanOrEqual(80);
    const examples = [...text.matchAll(/^```js runnable\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
    expect(examples).toHaveLength(1);
    expect(examples[0]).toMatch(/^.*console\.log\(.*\); \/\/ \S/m);
  });

  it.each(files)('%s calls and names what the index says', (file) => {
    const text = read(file);
    const [, example = ''] = /^```js runnable\n([\s\S]*?)^```$/m.exec(text) ?? [];
    const calls = rows.filter(({ page }) => page === file).flatMap((row) => row.calls);
    for (const call of calls) expect(text, call).toMatch(new RegExp(`\\b${call}\\b`));
    expect(calls.some((call) => new RegExp(`\\b${call}\\b`).test(example))).toBe(true);
  });
});

describe('the index of docs/measures', () => {
  it('names every page, and no other', () => {
    expect(files.length).toBeGreaterThan(50);
    expect([...new Set(rows.map(({ page }) => page))].sort()).toEqual([...files].sort());
  });

  it('has the same columns in every table, and something in every cell', () => {
    expect(lines.filter((line) => cellsOf(line).join() === HEAD.join()).length).toBeGreaterThan(0);
    for (const line of lines) expect(cellsOf(line), line).toHaveLength(HEAD.length);
    for (const row of rows) {
      for (const text of [row.measure, row.entry, row.unit, row.sign]) expect(text, row.measure).not.toBe('');
      expect(row.calls.length, row.measure).toBeGreaterThan(0);
    }
  });

  it('names each measure once', () => {
    const names = rows.map(({ measure }) => measure);
    expect(new Set(names).size).toBe(names.length);
  });

  it('gives calls that their entry exports', async () => {
    for (const { measure, calls, entry } of rows) {
      const exported: object = await import(/* @vite-ignore */ sourceOf(entry));
      for (const call of calls) expect(Object.keys(exported), `${measure}: ${call} of ${entry}`).toContain(call);
    }
  });

  it('is linked from the page of units', () => {
    expect(read('docs/units.md')).toContain(`(${INDEX.slice(dirname('docs/units.md').length + 1)})`);
  });
});
