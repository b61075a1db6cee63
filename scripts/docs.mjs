// Writes the column tables of docs/abi.md from bindings/layout.ts, between two markers: `npm run docs`. With --check it
// only says whether they are up to date. layout.ts imports nothing, so it is stripped of its types and loaded as it is.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadTs } from './load-ts.mjs';

const root = new URL('..', import.meta.url);
const file = fileURLToPath(new URL('docs/abi.md', root));
const [begin, end] = ['<!-- columns: begin, written by npm run docs -->\n', '<!-- columns: end -->'];

/** What stands in front of each section. @type {Record<string, string>} */
const SECTIONS = {
  house: 'One row: rules, totals and the length of the list.',
  asset: 'One row an asset.',
  tier: 'Haircut and liability tiers, a table behind the other.',
  market: 'One row a market.',
  line: 'Bracket lines, a table behind the other.',
  bucket: 'Where a notional is looked up in a table of several lines.',
  account: 'One row an account.',
  unit: 'One row a margin unit: an account’s cross bucket, or one of its isolated ones.',
  balance: 'One row an asset of a unit.',
  position: 'One row a market and side of a unit.',
  order: 'Open orders of a position row, both sides in one row.',
  scratch: 'One row a balance of the unit that is being margined.',
  ray: 'One row an asset or a market that moves along the ray that is open.',
  price: 'One row a position, where liquidation prices of all were asked for.',
  expiry: 'One row an expiry of options.',
  model: 'One row a scenario model. It and the sections below are written anew when parameters have changed.',
  scenario: 'Scenarios of the models, a table behind the other, rows of a set together.',
  move: 'Moves of volatility, those of a model behind those of the one before.',
  node: 'Parts of the requirements, in pre-order: a part, then those that it holds.',
  parameter: 'Bounds and rates of tiers, two rows a tier; then the parameters of each model, by underlying.',
  spread: 'Spreads of the models: of months first, then between underlyings.',
  leg: 'Legs of the spreads.',
  link: 'Months of the legs.',
  delivery: 'Months that deliver.',
  cell: 'Risk arrays: by model, then by market and asset.',
  tenor: 'Expiries by model.',
  work: 'As many rows as the widest risk array has numbers.',
  fold: 'What a unit comes to while its requirement is made.',
  mover: 'Markets, then assets. It and the sections below have rows only where value at risk was asked for.',
  gain: 'Gains of all that moves, by scenario.',
  chance: 'One row a scenario.',
  quote: 'As many rows as a row of gains has numbers.',
  measure: 'One row: the measure that is asked for.',
  holding: 'One row a thing that is held and moves.',
  tail: 'One row a loss of a tail.',
  loss: 'One row a unit, or an account.',
  worst: 'Tails of all units or accounts, each as long as the longest.',
  deficit: 'One row a scenario, padded as a row of gains.',
  positionRisk: 'One row a position.',
  balanceRisk: 'One row a balance.',
  watch: 'One row: lines and state of the watch. It and the sections below have rows only where a book is watched.',
  coordinate: 'Five rows a market, then five an asset: the prices, guard prices and indices that ticks are of.',
  page: 'By heap: two of every coordinate that has ticked.',
  end: 'Ends of boxes, in pages that heaps take as they grow.',
  slot: 'One row a margin unit and coordinate, those of a unit side by side.',
  watched: 'One row a margin unit.',
  queue: 'One row a margin unit.',
  waiting: 'One row a margin unit.',
  deferred: 'One row a margin unit, where scenario margin is looked at every few ticks only.',
  bound: 'Scratch: coordinates of the unit that is being given a box.',
};

/** What stands behind each column in the source, by `section.column`. @param {string} source */
function commentsOf(source) {
  const docs = new Map();
  let section = '';
  for (const line of source.split('\n')) {
    section = /^ {2}(\w+): \{$/.exec(line)?.[1] ?? section;
    const [, name, doc] = /^ {4}(\w+): .*, \/\/ (.+)$/.exec(line) ?? [];
    if (name) docs.set(`${section}.${name}`, doc);
  }
  return docs;
}

/** The tables, from the layout as it is. */
export async function columnTables() {
  const source = readFileSync(new URL('bindings/layout.ts', root), 'utf8');
  const docs = commentsOf(source);
  const { layout, sections, headerWord, HEADER_COUNTS, HEADER_WORDS } = await loadTs('bindings/layout.ts');
  const lines = [`The header has ${HEADER_WORDS} words: ${HEADER_COUNTS} row counts, then the pointers.\n`];
  for (const [i, section] of sections.entries()) {
    lines.push(`### ${section}\n`, `${SECTIONS[section]} Row count in header word ${i}.\n`);
    lines.push('| word | column | type | role | what |', '|---|---|---|---|---|');
    for (const [name, { type, width, role }] of Object.entries(layout[section])) {
      const doc = docs.get(`${section}.${name}`);
      if (!doc) throw new Error(`bindings/layout.ts: no comment behind ${section}.${name}`);
      const kind = width === 1 ? type : `${type} x ${width}`;
      const cells = [headerWord(section, name), `\`${name}\``, kind, role, doc.replaceAll('|', '\\|')];
      lines.push(`| ${cells.join(' | ')} |`);
    }
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}

/** docs/abi.md with these tables. @param {string} text @param {string} tables */
export function withTables(text, tables) {
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (from < begin.length || to < from) throw new Error('docs/abi.md has lost its markers');
  return text.slice(0, from) + tables + text.slice(to);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const had = readFileSync(file, 'utf8');
  const now = withTables(had, await columnTables());
  const check = process.argv.includes('--check');
  if (now === had) console.log('docs/abi.md is up to date');
  else if (check) console.log('docs/abi.md differs from bindings/layout.ts: npm run docs');
  else {
    writeFileSync(file, now);
    console.log('docs/abi.md written');
  }
  if (check && now !== had) process.exitCode = 1;
}
