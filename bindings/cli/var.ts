// `var <book> --closes file.csv`: value at risk and expected shortfall of a book, what they are made of, and how they would have done.

import { tailShare } from '../statistics/confidence.js';
import type { QuantileType } from '../statistics/empirical/quantile.js';
import type { RollingBacktest } from '../statistics.js';
import type { RiskMeasure, ShortfallConvention } from '../var.js';
import { backtestText } from './backtest-text.js';
import { type Command, type ExitCode, type Input, suggest, UsageError } from './command.js';
import { Phases, Progress } from './progress.js';
import { readBook } from './read-book.js';
import { SHOW_OPTIONS, save, topOf } from './show.js';
import { pour, type Terminal } from './terminal.js';
import { backtestsOf } from './var/backtest.js';
import { varJSON } from './var/json.js';
import { type Measured, measure } from './var/measured.js';
import { METHOD_OPTIONS, methodsOf } from './var/methods.js';
import { firstOf, horizonOf, latest, PANEL_OPTIONS, panelReturns, readPanel } from './var/panel.js';
import { varText } from './var/text.js';

const MEASURES: Readonly<Record<string, RiskMeasure>> = {
  es: 'expected-shortfall',
  'expected-shortfall': 'expected-shortfall',
  var: 'value-at-risk',
  'value-at-risk': 'value-at-risk',
};

function wordOf<T>(input: Input, name: string, words: Readonly<Record<string, T>>): T | undefined {
  const word = input.text(name);
  if (word === undefined) return undefined;
  if (Object.hasOwn(words, word)) return words[word];
  throw new UsageError(`--${name} ${word}: there is no such ${name}`, suggest(word, Object.keys(words)));
}

const CONVENTIONS: Readonly<Record<ShortfallConvention, ShortfallConvention>> = {
  'acerbi-tasche': 'acerbi-tasche',
  'rockafellar-uryasev': 'rockafellar-uryasev',
  'at-or-beyond': 'at-or-beyond',
  beyond: 'beyond',
  'beyond-type-7': 'beyond-type-7',
};

async function show(
  measured: Measured,
  backtests: ReadonlyMap<string, RollingBacktest>,
  input: Input,
  terminal: Terminal,
): Promise<void> {
  const html = input.text('html');
  if (html !== undefined) {
    const { varPage } = await import('./html/value-at-risk.js');
    save(html, varPage(measured, backtests));
    if (!input.flag('quiet')) terminal.err.write(`wrote ${html}\n`);
  }
  if (input.flag('json')) {
    await pour(terminal.out, varJSON(measured, backtests));
    return;
  }
  await pour(terminal.out, varText(measured, topOf(input), terminal));
  for (const [title, test] of backtests) {
    await pour(terminal.out, ['\n']);
    await pour(terminal.out, backtestText(test, terminal, { title, unit: measured.numeraire }));
  }
}

/** Portfolios that are tested: what was measured, and with --each every account. */
function portfolios(input: Input, measured: Measured): Map<string, string | null> {
  const { account, accounts } = measured;
  if (account !== null) return new Map([[account, account]]);
  const each = input.flag('each') ? accounts.map(({ id }) => [id, id] as const) : [];
  const [only] = accounts;
  if (accounts.length === 1 && only) return new Map([[only.id, only.id]]);
  return new Map([...each, ...(each.length > 0 ? [] : [['all accounts', null] as const])]);
}

export const varCommand: Command = {
  name: 'var',
  summary: 'Value at risk and expected shortfall over past or simulated moves, taken apart, with backtests.',
  operands: ['book'],
  options: {
    ...PANEL_OPTIONS,
    confidence: { value: 'level', help: 'such as 0.99 (default), 0.975 or 99/100' },
    ...METHOD_OPTIONS,
    type: { value: 'N', help: 'type of quantile of the value at risk, 1 (default) to 9' },
    convention: {
      value: 'name',
      help: `of expected shortfall: ${Object.keys(CONVENTIONS).join(', ')} (default the first)`,
    },
    measure: { value: 'name', help: 'what is taken apart: es (default) or var' },
    account: { value: 'id', help: 'this account only (default: all as one portfolio)' },
    backtest: { help: 'also forecast every day from the days before it, and test the forecasts' },
    each: { help: 'with --backtest: test every account by itself' },
    ...SHOW_OPTIONS,
  },
  notes: [
    '<book> is a JSON file (margin-kernel/book@1) or a binary one (book.encode()); - reads stdin.',
    'Every instrument is revalued in full at the moved prices. What is held moves with the closes of its id, its underlying or its base.',
    'Exit status: 0 ok, 1 an account may lose more than its equity (value at risk above equity), 2 bad input.',
  ],
  examples: [
    'var book.json --closes closes.csv',
    'var book.json --closes closes.csv --horizon 10d --method filtered,age,historical --account a1',
    'var book.json --closes closes.csv --backtest --method historical,filtered --from 2021-01-01 --html var.html',
  ],
  async run(input: Input, terminal: Terminal): Promise<ExitCode> {
    const path = input.operands[0] as string;
    const confidence = input.text('confidence') ?? '0.99';
    tailShare(confidence, '--confidence');
    const [methods, horizon] = [methodsOf(input), horizonOf(input)];
    const testing = input.flag('backtest');
    if (testing && horizon > 1)
      throw new UsageError(
        '--backtest is of single days: overlapping returns are no independent tests',
        'Leave --horizon out',
      );
    if (input.flag('each') && !testing) throw new UsageError('--each needs --backtest');
    const [measureName, convention] = [wordOf(input, 'measure', MEASURES), wordOf(input, 'convention', CONVENTIONS)];
    const type = input.text('type') === undefined ? undefined : (input.integer('type', 1, 1, 9) as QuantileType);
    const quiet = input.flag('quiet');
    const book = readBook(input, terminal, { accountAlone: true });
    const account = input.text('account') ?? null;
    const units = account === null ? Array.from({ length: book.units }, (_, u) => u) : book.unitsOf(account);
    book.refresh();
    const panel = readPanel(input, book, units);
    const window =
      input.text('window') === undefined ? Number.POSITIVE_INFINITY : input.integer('window', 1, 2, 1_000_000);
    const read = panelReturns(panel, input, horizon, firstOf(panel, input, window, horizon));
    const returns = latest(read, window);
    const progress = new Progress(terminal, quiet, 'measuring accounts', book.accounts);
    const measured = measure(book, panel, returns, {
      title: path === '-' ? 'book' : path,
      account,
      confidence,
      measure: measureName ?? 'expected-shortfall',
      methods,
      ...(type === undefined ? {} : { type }),
      ...(convention === undefined ? {} : { convention }),
      done: (accounts) => progress.at(accounts),
    });
    progress.end(book.accounts);
    const backtests = new Map<string, RollingBacktest>();
    if (testing) {
      const phases = new Phases(terminal, quiet);
      const asked = { confidence, portfolios: portfolios(input, measured) };
      phases.at('testing forecasts');
      for (const [name, test] of backtestsOf(book, panel, input, asked)) {
        backtests.set(name, test);
        phases.at(`tested ${name}`);
      }
      phases.end();
    }
    await show(measured, backtests, input, terminal);
    return measured.accounts.some((one) => one.var > one.equity) ? 1 : 0;
  },
};
