// `demo`: makes a venue, margins it, reports on it. The same numbers for the same options on every machine.
import { Book } from '../index.js';
import { collect } from './collect.js';
import { type Command, type ExitCode, type Input, UsageError } from './command.js';
import { crashJSON } from './crash/json.js';
import { type Crash, crashOf } from './crash/model.js';
import { DEFAULT_PRESETS, rulesOf } from './crash/rules.js';
import { shockOf, struck } from './crash/shock.js';
import { crashText } from './crash/text.js';
import { portfolioText } from './demo/portfolio.js';
import { realVenue } from './demo/real.js';
import { syntheticVenue } from './demo/synthetic.js';
import { accountsOf } from './demo/traders.js';
import type { Venue } from './demo/venue.js';
import { readText } from './files.js';
import { Phases, Progress } from './progress.js';
import { SHOW_OPTIONS, save, show, topOf } from './show.js';
import { pour, type Terminal } from './terminal.js';

const ACCOUNTS = 10_000;
const MOST_ACCOUNTS = 5_000_000;
/** And of a crash, whose ledgers are the larger part: as many as 4 GB of a heap hold. */
const MOST_CRASH = 1_000_000;
const MOST_SEED = 0xffffffff;
/** Rows an account takes on average, with some to spare: reserved at once, so that a million accounts grow nothing. */
const ROWS = { units: 1.25, balances: 1.8, positions: 2.3, orders: 0.6 };

export const demo: Command = {
  name: 'demo',
  summary: 'Makes a whole venue, the same one on every machine, margins it and reports on it.',
  operands: [],
  options: {
    accounts: { value: 'N', help: `accounts to make (default ${ACCOUNTS})` },
    seed: { value: 'N', help: 'another venue for another number (default 1)' },
    out: { value: 'file', help: 'write the venue as a book: .json, or binary with any other ending' },
    brackets: { value: 'file', help: 'real bracket tables (ccxt leverage tiers by market, JSON)' },
    closes: { value: 'file', help: 'real daily closes (Date;BTC-USD;... CSV), with --brackets and --date' },
    crash: {
      value: 'share',
      help: 'let every coin fall by this share (0.35), and resolve all defaults under several presets',
    },
    presets: { value: 'names', help: `presets to compare, with --crash (default ${DEFAULT_PRESETS})` },
    date: { value: 'YYYY-MM-DD', help: 'day to mark the venue at; positions were entered on the thirty days before' },
    ...SHOW_OPTIONS,
  },
  notes: [
    'With --brackets, --closes and --date the markets and prices are real ones, only the accounts are invented.',
    'With --crash the report is of the defaults; --out writes the fallen book before any is resolved; --top: who paid most (3).',
    'Exit status: 0 when it ran (what it finds is the show; report exits 1 on the same book), 2 bad input.',
  ],
  examples: [
    'demo',
    'demo --accounts 1000000',
    'demo --crash 0.35',
    'demo --crash 0.5 --presets gen1,gen2,gen3 --html crash.html',
    'demo --out venue.json && margin-kernel report venue.json',
    'demo --brackets tiers.json --closes closes.csv --date 2022-11-09 --html crash.html',
  ],
  async run(input: Input, terminal: Terminal): Promise<ExitCode> {
    const share = input.share('crash');
    const accounts = input.integer('accounts', ACCOUNTS, 1, share === undefined ? MOST_ACCOUNTS : MOST_CRASH);
    const seed = input.integer('seed', 1, 0, MOST_SEED);
    const top = topOf(input);
    const made = { accounts, seed, date: input.text('date') ?? null };
    if (share !== undefined) return crash(input, terminal, share, made);
    if (input.flag('presets'))
      throw new UsageError('--presets needs --crash', 'margin-kernel demo --crash 0.35 --presets …');
    const venue = venueOf(input, seed);
    const { book, seconds } = people(venue, made, input, terminal);
    write(input.text('out'), book, venue, accounts, seed);
    const { name, notes, leftOut } = venue;
    const report = collect(book, { title: name, top, buildSeconds: seconds, notes, leftOut });
    await show(book, report, input, terminal, { demo: made });
    if (!input.flag('json')) terminal.out.write(portfolioText(venue, terminal.colour) + NEXT);
    return 0;
  },
};

/** What to try after the plain report. */
const NEXT = '\nWho pays when every coin falls by 35 %: margin-kernel demo --crash 0.35\n';

/** How a venue was made. */
interface Made {
  accounts: number;
  seed: number;
  date: string | null;
}

/** The venue as a book, with a sign of life while it is made. */
function people(
  venue: Venue,
  { accounts, seed }: Made,
  input: Input,
  terminal: Terminal,
): { book: Book; seconds: number } {
  const progress = new Progress(terminal, input.flag('quiet'), 'making accounts', accounts);
  const book = build(venue, accounts, seed, (done) => progress.at(done));
  progress.end(accounts);
  return { book, seconds: progress.seconds };
}

/** Rows of who paid most, where nobody says how many. */
const PAYERS = 3;
/** Accounts from which on a crash takes minutes: worth a word. */
const MANY = 300_000;

/** The venue after a fall, and what its defaults cost whom. */
async function crash(input: Input, terminal: Terminal, share: number, made: Made): Promise<ExitCode> {
  const presets = rulesOf(input.text('presets') ?? DEFAULT_PRESETS);
  const top = input.flag('top') ? topOf(input) : PAYERS;
  const quiet = input.flag('quiet');
  const venue = { ...venueOf(input, made.seed), orders: false };
  const shock = shockOf(venue, share);
  if (made.accounts >= MANY && !quiet) {
    terminal.err.write('resolving the defaults of this many accounts takes minutes a preset; --presets names fewer\n');
  }
  const { book } = people(venue, made, input, terminal);
  const result = crashOf(book, venue, shock, { presets, seed: made.seed, phases: new Phases(terminal, quiet) });
  write(input.text('out'), book, struck(venue, shock), made.accounts, made.seed);
  await page(result, input, terminal);
  if (input.flag('json')) terminal.out.write(crashJSON(result, made));
  else await pour(terminal.out, crashText(result, top, terminal));
  return 0;
}

async function page(result: Crash, input: Input, terminal: Terminal): Promise<void> {
  const html = input.text('html');
  if (html === undefined) return;
  const { crashPage } = await import('./html/crash.js');
  save(html, crashPage(result));
  if (!input.flag('quiet')) terminal.err.write(`wrote ${html}\n`);
}

function venueOf(input: Input, seed: number): Venue {
  const [brackets, closes, date] = ['brackets', 'closes', 'date'].map((name) => input.text(name));
  if (brackets === undefined && closes === undefined && date === undefined) return syntheticVenue(seed);
  if (brackets === undefined || closes === undefined || date === undefined) {
    throw new UsageError(
      'a real venue needs --brackets, --closes and --date together',
      `See margin-kernel demo --help`,
    );
  }
  return realVenue({
    bracketsText: readText(brackets),
    bracketsName: brackets,
    closesText: readText(closes),
    closesName: closes,
    date,
  });
}

/** The venue as a book, built account by account. */
export function build(venue: Venue, accounts: number, seed: number, done: (accounts: number) => void = () => {}): Book {
  const reserve = {
    accounts,
    units: Math.ceil(accounts * ROWS.units),
    balances: Math.ceil(accounts * ROWS.balances),
    positions: Math.ceil(accounts * ROWS.positions),
    orders: Math.ceil(accounts * ROWS.orders),
  };
  const book = Book.create({ numeraire: venue.numeraire, time: venue.time, reserve });
  for (const asset of venue.assets) book.addAsset(asset);
  for (const market of venue.markets) book.addMarket(market);
  let made = 0;
  for (const account of accountsOf(venue, accounts, seed)) {
    book.addAccount(account);
    done(++made);
  }
  return book;
}

function write(path: string | undefined, book: Book, venue: Venue, accounts: number, seed: number): void {
  if (path === undefined) return;
  save(path, path.endsWith('.json') ? venueJSON(venue, accounts, seed) : [book.encode()]);
}

/** The book as JSON text in pieces: accounts are made once more instead of being read out, an account a line. */
export function* venueJSON(venue: Venue, accounts: number, seed: number): Generator<string> {
  const { numeraire, time, assets, markets } = venue;
  const head = JSON.stringify({ format: 'margin-kernel/book@1', numeraire, time });
  const lines = (items: unknown[]): string => items.map((item) => JSON.stringify(item)).join(',\n');
  yield `${head.slice(0, -1)},\n"assets":[\n${lines(assets)}\n],\n"markets":[\n${lines(markets)}\n],\n"accounts":[`;
  let first = true;
  for (const account of accountsOf(venue, accounts, seed)) {
    yield `${first ? '\n' : ',\n'}${JSON.stringify(account)}`;
    first = false;
  }
  yield '\n]}\n';
}
