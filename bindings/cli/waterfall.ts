// `waterfall <case.json>`: a default run down its waterfall, or down several for comparison.
import { Book } from '../index.js';
import { CASE_FORMAT } from '../waterfall/case-json.js';
import {
  about,
  MarginError,
  type NamedOutcome,
  type PresetName,
  presets,
  readCase,
  runCase,
  verify,
} from '../waterfall/index.js';
import { type Command, type ExitCode, type Input, namesIn, suggest, UsageError } from './command.js';
import { decode, readBytes } from './files.js';
import { wrap } from './format.js';
import { save, topOf } from './show.js';
import { pour, type Terminal, widthOf } from './terminal.js';
import { explainText } from './waterfall-explain.js';
import { waterfallJSON } from './waterfall-json.js';
import { verifiedText, waterfallText } from './waterfall-text.js';

function caseText(path: string): string {
  const bytes = readBytes(path);
  if (!Book.isEncoded(bytes)) return decode(path, bytes);
  throw new MarginError('format', {
    path: 'format',
    expected: `"${CASE_FORMAT}"`,
    hint: 'This is a binary book: report, liquidations, explain and check read it',
  });
}

/** Presets to compare with. @throws UsageError where one is not known */
function comparedWith(input: Input): string[] {
  const names = namesIn(input.text('compare') ?? '');
  const known = Object.keys(presets);
  for (const name of names) {
    if (!known.includes(name)) throw new UsageError(`--compare ${name}: there is no such preset`, suggest(name, known));
  }
  return names;
}

/** The presets, a line each. */
function listText({ columns }: Terminal): string {
  const names = Object.keys(about) as PresetName[];
  const width = Math.max(...names.map((name) => name.length));
  const indent = ' '.repeat(width + 4);
  const lines = names.map((name) => {
    return `  ${name.padEnd(width)}  ${wrap(about[name].summary, widthOf(columns), indent).trimStart()}\n`;
  });
  return lines.join('');
}

async function show(runs: readonly NamedOutcome[], title: string, input: Input, terminal: Terminal): Promise<void> {
  const html = input.text('html');
  if (html === undefined) return;
  const { waterfallPage } = await import('./html/waterfall.js');
  save(html, waterfallPage(title, runs));
  if (!input.flag('quiet')) terminal.err.write(`wrote ${html}\n`);
}

export const waterfall: Command = {
  name: 'waterfall',
  summary: 'Runs a default down its waterfall: what each layer paid, who paid, what is left; several side by side.',
  operands: ['case.json'],
  options: {
    compare: { value: 'names', help: 'also run these presets, side by side: ccp or several, separated by commas' },
    explain: { value: 'account', help: 'why this account paid or received what it did' },
    top: { value: 'N', help: 'rows of who paid most (default 10)' },
    verify: { help: 'replay every posting' },
    json: { help: 'machine output: one JSON object on stdout, with all postings' },
    html: { value: 'file', help: 'also write a page with charts that needs nothing but itself' },
    list: { alone: true, help: 'the presets, a line each' },
  },
  notes: [
    `<case.json> is a case (${CASE_FORMAT}): accounts, stages (a preset or a list), event; - reads stdin.`,
    'Exit status: 0 the loss is covered, 1 something is left open or a replay differs, 2 bad input.',
  ],
  examples: [
    'waterfall case.json',
    'waterfall case.json --compare ccp --html out.html',
    'waterfall case.json --explain P002 --verify',
    'waterfall case.json --json | jq ".waterfalls[0].residual"',
  ],
  async run(input: Input, terminal: Terminal): Promise<ExitCode> {
    if (input.flag('list')) {
      await pour(terminal.out, [listText(terminal)]);
      return 0;
    }
    const path = input.operands[0] as string;
    const [top, compare, account] = [topOf(input), comparedWith(input), input.text('explain')];
    const read = readCase(caseText(path), compare);
    if (account !== undefined) read.state.row(account, '--explain');
    const runs = runCase(read);
    const verified = runs.map(({ outcome }) => (input.flag('verify') ? verify(outcome, read.state) : null));
    await show(runs, path === '-' ? 'case' : path, input, terminal);
    if (input.flag('json')) {
      await pour(terminal.out, waterfallJSON(runs, { verified, explain: account }));
    } else {
      await pour(terminal.out, waterfallText(runs, top, terminal));
      const texts = account === undefined ? [] : runs.map((run) => explainText(run, account, terminal));
      const replays = runs.flatMap((run, i) => (verified[i] ? [verifiedText(run, verified[i].problems)] : []));
      if (replays.length > 0) texts.push('\n', ...replays);
      await pour(terminal.out, texts);
    }
    const open = runs.some(({ outcome }) => outcome.residual > 0n) || verified.some((each) => each?.ok === false);
    return open ? 1 : 0;
  },
};
