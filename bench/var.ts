// Value at risk and expected shortfall of all accounts of a book over 1,024 scenarios, beside C, typed arrays and npm packages; with
// components, with 10,000 scenarios, what-ifs of an account, what a tick costs, what it weighs. Rounds as in scans.ts.
import { type Book, riskAfter, type Scenarios, Book as VarBook, valueAtRisk } from '../bindings/var.js';
import { Random } from '../tests/random-book.js';
import { tailPeers } from './baselines/peers.js';
import { peerTails, sortedTails, type TailInputs, type Tails, tailInputs, typedTails } from './baselines/tails.js';
import { NativeTails } from './native/var.js';
import { portfolio } from './portfolios.js';
import { type Group, median, type Options, progress, type Rival, type Row, ratio, timed } from './report.js';

const NAME = 'value at risk, 1,024 scenarios';
const WARM_UP = 2;
const SCENARIOS = 1024;
const CONFIDENCE = '0.99';
/** Accounts of baselines of which one is slower than the other, and of the kernel's rows beside the first. */
const FEW = 20_000;
const PEER_ACCOUNTS = 200;
const SOME = 200_000;
const QUESTIONS = 500;
/** Rounds of what takes seconds. */
const LONG_ROUNDS = 5;
/** Relative to the loss itself: sums are made in the same order, those of a tail may not be. */
const TOLERANCE = 1e-12;

/** Moves of all markets: one they share and one of their own, about 3 % each. */
function scenariosOf(book: Book, count: number): Scenarios {
  const random = new Random(count);
  // Of 12 uniform numbers: near enough to normal.
  const normal = (): number => Array.from({ length: 12 }, () => random.next()).reduce((a, b) => a + b) - 6;
  const shared = Float64Array.from({ length: count }, () => 0.03 * normal());
  const names = Array.from({ length: book.markets }, (_, m) => book.marketId(m));
  // A normal number for each would take longer to make than all else here.
  const own = Float64Array.from({ length: 4096 }, () => 0.03 * normal());
  const moves = names.map(() => {
    const from = random.int(0, 4095);
    const step = 2 * random.int(0, 2047) + 1;
    return shared.map((move, s) => move + own[(from + s * step) & 4095]!);
  });
  return { method: 'bench', names, count, moves, horizon: 1 };
}

const measure = (book: Book, scenarios: Scenarios): Tails => valueAtRisk(book, scenarios, { confidence: CONFIDENCE });

/** @throws where a baseline does not give the kernel's answers: its time would mean nothing */
function agree(name: string, got: Tails, want: Tails): void {
  let bits = true;
  for (const key of ['var', 'es'] as const) {
    const wrong = got[key].findIndex((x, i) => {
      bits &&= Object.is(x, want[key][i]);
      return !(Math.abs(x - want[key][i]!) <= TOLERANCE * Math.abs(want[key][i]!));
    });
    if (wrong >= 0)
      throw new Error(`${name} disagrees: ${key} ${got[key][wrong]} of ${wrong}, kernel ${want[key][wrong]}`);
  }
  progress(`  ${name}: both measures as the kernel's of ${got.var.length} accounts${bits ? ', to the bit' : ''}`);
}

/** What is timed in turn, and how many accounts it does. */
interface Runner {
  label: string;
  accounts: number;
  /** @returns ms */
  run(): Promise<number> | number;
  rival?: Rival;
  /** Accounts by ms, by round. */
  speeds: number[];
}

const runner = (label: string, accounts: number, run: Runner['run'], rival?: Rival): Runner => ({
  label,
  accounts,
  run,
  ...(rival ? { rival } : {}),
  speeds: [],
});

async function inTurn(runners: readonly Runner[], rounds: number): Promise<void> {
  for (let round = -WARM_UP; round < rounds; round++) {
    if (round === 0) for (const { speeds } of runners) speeds.length = 0;
    for (const { run, accounts, speeds } of runners) speeds.push(accounts / (await run()));
  }
}

const row = (label: string, value: number, unit: string, ratios: Row['ratios'] = {}): Row => ({
  name: label === '' ? NAME : `${NAME}: ${label}`,
  median: value,
  unit,
  ratios,
});

/** The kernel on the accounts of the baselines, and they, in turn. */
async function besideBaselines(rounds: number): Promise<Row[]> {
  const { book } = portfolio(FEW, 'single', { kind: VarBook });
  const scenarios = scenariosOf(book, SCENARIOS);
  const inputs = tailInputs(book, scenarios, FEW);
  const native = NativeTails.start(inputs);
  if (!native) progress('  no C compiler (cc): going on without the C baseline');
  const want = valueAtRisk(book, scenarios, { confidence: CONFIDENCE }).copy();
  const [typed, sorted] = [typedTails(inputs), sortedTails(inputs)];
  agree('typed JavaScript', typed(), want);
  agree('typed JavaScript, sorted', sorted(), want);
  if (native) agree('C', await native.tails(), want);
  const kernel = runner('kernel', FEW, () => timed(() => measure(book, scenarios)));
  const baselines = [
    ...(native ? [runner('C', FEW, () => native.run(), 'c')] : []),
    runner('typed JavaScript', FEW, () => timed(typed), 'typed'),
    runner('typed JavaScript, sorted', FEW, () => timed(sorted), 'naive'),
    ...(await peerRunners(book, scenarios)),
  ];
  await inTurn([kernel, ...baselines], rounds);
  native?.stop();
  const ratios: Row['ratios'] = {};
  for (const { rival, speeds } of baselines) {
    // Of several peers the fastest.
    if (rival) ratios[rival] = Math.min(ratio(kernel.speeds, speeds), ratios[rival] ?? Infinity);
  }
  return [
    row(`${FEW.toLocaleString('en')} accounts`, median(kernel.speeds), 'k accounts/s', ratios),
    ...baselines.map(({ label, accounts, speeds }) =>
      row(`${label}, ${accounts.toLocaleString('en')} accounts`, median(speeds), 'k accounts/s'),
    ),
  ];
}

async function peerRunners(book: Book, scenarios: Scenarios): Promise<Runner[]> {
  const inputs: TailInputs = tailInputs(book, scenarios, PEER_ACCOUNTS);
  return (await tailPeers()).map((peer) => {
    const run = peerTails(inputs, peer, Number(CONFIDENCE));
    const { var: risk, es } = valueAtRisk(book, scenarios, { confidence: CONFIDENCE, ...peer.means });
    agree(peer.name, run(), { var: risk, es });
    return runner(peer.name, PEER_ACCOUNTS, () => timed(run), 'peer');
  });
}

/** Of a whole book, and what it weighs. */
async function wholeBook(accounts: number, rounds: number): Promise<Row[]> {
  const { book } = portfolio(accounts, 'single', { kind: VarBook });
  const scenarios = scenariosOf(book, SCENARIOS);
  const { columns } = book.store.bytes;
  measure(book, scenarios);
  const { loss, gain } = book.store.columns;
  const byAccount = loss.risk.byteLength + loss.shortfall.byteLength + loss.total.byteLength;
  const grown = book.store.bytes.columns - columns;
  const kernel = runner('', accounts, () => timed(() => measure(book, scenarios)));
  await inTurn([kernel], Math.min(rounds, LONG_ROUNDS));
  return [
    row('', median(kernel.speeds), 'k accounts/s'),
    row('memory of an account beyond the book', byAccount / accounts, 'bytes'),
    row('memory of all accounts together beyond that', (grown - byAccount) / 1e6, 'MB'),
    row('of which gains of 500 markets', gain.value.byteLength / 1e6, 'MB'),
    row('a matrix of profits would be, an account', SCENARIOS * Float64Array.BYTES_PER_ELEMENT, 'bytes'),
  ];
}

/** Other books, scenarios and questions, by the kernel alone. */
async function variants(rounds: number): Promise<Row[]> {
  const { book } = portfolio(SOME, 'single', { kind: VarBook });
  const scenarios = scenariosOf(book, SCENARIOS);
  const many = portfolio(FEW, 'single', { kind: VarBook }).book;
  const manyScenarios = scenariosOf(many, 10_000);
  const runners = [
    runner('with components', SOME, () =>
      timed(() => valueAtRisk(book, scenarios, { confidence: CONFIDENCE, components: 'expected-shortfall' })),
    ),
    runner('with tails', SOME, () =>
      timed(() => valueAtRisk(book, scenarios, { confidence: CONFIDENCE, tails: true })),
    ),
    runner('10,000 scenarios', FEW, () => timed(() => measure(many, manyScenarios))),
    ...[16, 64].map((some) => {
      const few = portfolio(SOME, 'single', { some, kind: VarBook }).book;
      const their = scenariosOf(few, SCENARIOS);
      return runner(`${some} markets`, SOME, () => timed(() => measure(few, their)));
    }),
  ];
  await inTurn(runners, Math.min(rounds, LONG_ROUNDS));
  return runners.map(({ label, accounts, speeds }) =>
    row(`${label}, ${accounts.toLocaleString('en')} accounts`, median(speeds), 'k accounts/s'),
  );
}

async function questions(rounds: number): Promise<Row[]> {
  const { book } = portfolio(FEW, 'single', { kind: VarBook });
  const scenarios = scenariosOf(book, SCENARIOS);
  const one = portfolio(1, 'single', { kind: VarBook }).book;
  const random = new Random(4);
  const asked = Array.from({ length: QUESTIONS }, () => ({
    account: random.int(0, FEW - 1),
    // One that somebody holds: another one's gains would have to be made first.
    trade: { market: book.store.columns.position.key[random.int(0, FEW - 1)]! >>> 2, size: random.between(-1, 1) },
  }));
  measure(book, scenarios);
  const whatIf = runner('', QUESTIONS, () =>
    timed(() => {
      for (const { account, trade } of asked) riskAfter(book, account, trade, scenarios, { confidence: CONFIDENCE });
    }),
  );
  let tick = 0;
  const held = one.marketId((one.store.columns.position.key[0] ?? 0) >>> 2);
  const mark = one.store.columns.market.mark[(one.store.columns.position.key[0] ?? 0) >>> 2]!;
  const gains = runner('', 1, () =>
    timed(() => {
      one.setMark(held, mark * (1 + (tick++ % 2) / 1000));
      measure(one, scenarios);
    }),
  );
  await inTurn([whatIf, gains], rounds);
  const us = (speeds: readonly number[]): number => median(speeds.map((speed) => 1e3 / speed));
  return [
    row('what-if of a trade, riskAfter', us(whatIf.speeds), 'us a question'),
    row('a tick: gains of 8 markets anew, one account', us(gains.speeds), 'us'),
  ];
}

async function rowsOf({ accounts, rounds }: Options): Promise<Row[]> {
  progress(`${NAME}: ${accounts} accounts x 8 positions`);
  const [whole, ...weights] = await wholeBook(accounts, rounds);
  const [few, ...baselines] = await besideBaselines(rounds);
  if (!whole || !few) throw new Error('a row is missing');
  return [
    { ...whole, ratios: few.ratios },
    { ...few, ratios: {} },
    ...baselines,
    ...(await variants(rounds)),
    ...(await questions(rounds)),
    ...weights,
  ];
}

export const tails: Group = { name: NAME, targets: { typed: 2.5 }, least: 200, run: rowsOf };
