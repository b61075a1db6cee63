// What a book weighs, from the layout and from a book of the bench, and what a scan leaves to the garbage collector.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Book, marginInto } from '../bindings/index.js';
import { bytesOf, type Column, layout, type Section } from '../bindings/layout.js';
import { portfolio } from './portfolios.js';
import { type Group, type Options, progress, type Row } from './report.js';

const ACCOUNTS = 100_000;
const SCANS = 100;

const rowBytes = (section: Section): number =>
  Object.values<Column>(layout[section]).reduce((sum, column) => sum + bytesOf(column), 0);

/** Growth of the heap over so many scans into columns of the caller's. */
function heapGrowth(book: Book): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const into = { equity: new Float64Array(book.units), status: new Uint32Array(book.units) };
  const scans = (): void => {
    for (let i = 0; i < SCANS; i++) marginInto(book, into);
  };
  for (let warmUp = 0; warmUp < 4; warmUp++) scans();
  collect();
  const before = process.memoryUsage().heapUsed;
  scans();
  return process.memoryUsage().heapUsed - before;
}

async function memoryRows(options: Options): Promise<Row[]> {
  const accounts = Math.min(options.accounts, ACCOUNTS);
  progress(`memory: ${accounts} accounts x 8 positions`);
  const { book } = portfolio(accounts, 'single');
  const row = (name: string, bytes: number): Row => ({
    name: `memory, ${name}`,
    median: bytes,
    unit: 'bytes',
    ratios: {},
  });
  return [
    row('a position row', rowBytes('position')),
    row('a balance row', rowBytes('balance')),
    row('a margin unit with its results', rowBytes('unit')),
    row('a market', rowBytes('market')),
    row('a whole book, an account of 8 positions', book.store.bytes.columns / book.accounts),
    row(`heap growth over ${SCANS} scans with marginInto`, heapGrowth(book)),
  ];
}

export const memory: Group = { name: 'memory', run: memoryRows };
