// The table of docs/runtimes.md, between two markers: `npm run test:runtimes -- --write`.
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'docs/runtimes.md';
const [begin, end] = [
  '<!-- runtimes: begin, written by npm run test:runtimes -- --write -->\n',
  '<!-- runtimes: end -->',
];

/** @param {{ name: string, outcome: string, version: string, hash: string }[]} rows */
export function writeTable(rows) {
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (from < begin.length || to < from) throw new Error(`${file} has lost its markers`);
  const lines = rows.map(({ name, outcome, version, hash }) => {
    const cells = [name, version || 'not run', hash ? `\`${hash.slice(0, 16)}\`` : '', outcome];
    return `| ${cells.join(' | ')} |\n`;
  });
  writeFileSync(
    file,
    `${text.slice(0, from)}| runtime | version | hash | |\n|---|---|---|---|\n${lines.join('')}${text.slice(to)}`,
  );
}
