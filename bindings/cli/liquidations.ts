// `liquidations <book>`: at which prices positions are liquidated, the nearest first.
import { RAY_LEVEL } from '../certificate.js';
import { type Command, type ExitCode, type Input, suggest, UsageError } from './command.js';
import { liquidationsJSON } from './liquidations-json.js';
import { liquidationsText } from './liquidations-text.js';
import type { LevelName } from './prices.js';
import { Progress } from './progress.js';
import { type Ranking, rank } from './ranking.js';
import { readBook } from './read-book.js';
import { MODEL_OPTIONS } from './scenario/choose.js';
import { MOST_ROWS, save } from './show.js';
import { pour, type Terminal } from './terminal.js';

const TOP = 20;

function levelOf(input: Input): LevelName {
  const name = input.text('level') ?? 'maintenance';
  if (Object.hasOwn(RAY_LEVEL, name)) return name as LevelName;
  throw new UsageError(`--level ${name}: there is no such level`, suggest(name, Object.keys(RAY_LEVEL)));
}

/** Rows of those that are liquidatable, and of the others; machines are not kept short unless they say so. */
function mostOf(input: Input): number {
  const top = input.integer('top', input.flag('json') ? 0 : TOP, 0, MOST_ROWS);
  return top === 0 ? Number.POSITIVE_INFINITY : top;
}

async function show(ranking: Ranking, input: Input, terminal: Terminal): Promise<void> {
  const quiet = input.flag('quiet');
  const html = input.text('html');
  if (html !== undefined) {
    const { liquidationsPage } = await import('./html/liquidations.js');
    save(html, liquidationsPage(ranking));
    if (!quiet) terminal.err.write(`wrote ${html}\n`);
  }
  if (!input.flag('json')) {
    await pour(terminal.out, liquidationsText(ranking, terminal));
    return;
  }
  const rows = ranking.ill.length + ranking.near.length;
  const progress = new Progress(terminal, quiet, 'writing positions', rows);
  await pour(
    terminal.out,
    liquidationsJSON(ranking, (done) => progress.at(done)),
  );
  progress.end(rows);
}

export const liquidations: Command = {
  name: 'liquidations',
  summary: 'Liquidation prices of all positions, the nearest first, and what a move of the market would add.',
  operands: ['book'],
  options: {
    top: { value: 'N', help: `rows of each table (default ${TOP}, 0: all); --json has all unless it is said` },
    level: {
      value: 'name',
      help: 'initial, maintenance (default), liquidationEnd or equity (bankruptcy); others than the default are slower',
    },
    json: { help: 'machine output: one JSON object on stdout, with the certificate of each price' },
    html: { value: 'file', help: 'also write a page with charts that needs nothing but itself' },
    ...MODEL_OPTIONS,
    account: { value: 'id', help: 'positions of this account only; with --model no other is margined by it' },
  },
  notes: [
    '<book> is a JSON file (margin-kernel/book@1) or a binary one (book.encode()); - reads stdin.',
    'Exit status: 0 nothing is liquidatable, 1 something is (below the requirement of --level), 2 bad input.',
  ],
  examples: [
    'liquidations book.json',
    'liquidations book.json --account a1',
    'liquidations book.mkb --json | jq ".positions[] | select(.distance and .distance < 0.01)"',
  ],
  async run(input: Input, terminal: Terminal): Promise<ExitCode> {
    const path = input.operands[0] as string;
    const [level, most, account] = [levelOf(input), mostOf(input), input.text('account')];
    const book = readBook(input, terminal, { accountAlone: true });
    const progress = new Progress(terminal, input.flag('quiet'), 'solving margin units', book.units);
    const ranking = rank(book, {
      title: path === '-' ? 'book' : path,
      level,
      most,
      ...(account === undefined ? {} : { account }),
      done: (units) => progress.at(units),
    });
    progress.end(book.units);
    await show(ranking, input, terminal);
    return ranking.liquidatable.length > 0 ? 1 : 0;
  },
};
