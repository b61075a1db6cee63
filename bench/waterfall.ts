// Ten thousand defaults at once among a million accounts: from the kernel's list over the ledger down two waterfalls and back
// into the book, phase by phase. Marks fall, one account in a hundred is worth less than nothing, all others stand opposite.
import { Book, type Margin, margin } from '../bindings/index.js';
import { defaultsOf, ledgerOf, projectInto, queuesOf } from '../bindings/venue/index.js';
import { ccp, hyperliquid, type Outcome, run, type Stage, type State, verify } from '../bindings/waterfall/index.js';
import { Random } from '../tests/random-book.js';
import { type Group, median, type Options, progress, type Row, timed } from './report.js';

const MARKETS = 20;
const HELD = 4;
/** One account in so many defaults. */
const EACH = 100;
const ROUNDS = 5;
const UNITS = { decimals: 6 };
const LOT = 0.001;

/** Pairs of accounts with opposite positions, so that lots sum to zero; of every fiftieth pair one has lost all it had. */
function bookOf(accounts: number): Book {
  const random = new Random(20251010);
  const rows = accounts * HELD;
  const book = Book.create({ reserve: { accounts, balances: accounts, positions: rows } });
  book.addAsset({ id: 'USDC', price: 1, decimals: UNITS.decimals });
  const marks = Array.from({ length: MARKETS }, () => Math.round(random.wide(1, 60_000) * 100) / 100);
  for (const [i, mark] of marks.entries()) {
    const brackets = [{ upTo: null, maintenanceRate: 0.02, initialRate: 0.05 }];
    book.addMarket({ id: `M${i}`, kind: 'linear', settle: 'USDC', mark, lot: LOT, brackets });
  }
  const balances = {
    account: new Uint32Array(accounts).map((_, a) => a),
    asset: new Uint32Array(accounts),
    amount: new Float64Array(accounts),
  };
  const positions = {
    account: new Uint32Array(rows).map((_, p) => Math.floor(p / HELD)),
    market: new Uint32Array(rows),
    size: new Float64Array(rows),
    entry: new Float64Array(rows),
  };
  for (let a = 0; a < accounts; a += 2) {
    const ill = a % EACH === 0;
    const first = random.int(0, MARKETS - 1);
    let [gross, profit] = [0, 0];
    for (let k = 0; k < HELD; k++) {
      const m = (first + k * (MARKETS / HELD)) % MARKETS;
      const mark = marks[m] as number;
      const lots = Math.max(1, Math.round(random.between(100, 20_000) / mark / LOT));
      const entry = Math.round(mark * random.between(1.01, 1.2) * 100) / 100;
      for (const [side, b] of [
        [1, a],
        [-1, a + 1],
      ] as const) {
        if (b >= accounts) continue;
        positions.market[b * HELD + k] = m;
        positions.size[b * HELD + k] = (side * lots) / 1000;
        positions.entry[b * HELD + k] = entry;
      }
      gross += (lots / 1000) * mark;
      profit += (lots / 1000) * (mark - entry);
    }
    const equity = ill ? -gross * random.between(0.001, 0.05) : gross * random.between(0.1, 1);
    balances.amount[a] = Math.round((equity - profit) * 100) / 100;
    if (a + 1 < accounts) balances.amount[a + 1] = Math.round(gross * random.between(0.1, 1) * 100) / 100;
  }
  book.addColumns({ accounts, balances, positions });
  return book;
}

/** The ledger with a clearing house, its members' fund, and a vault. */
function ledgerFor(book: Book): State {
  const random = new Random(book.accounts);
  const members = Array.from({ length: book.accounts }, () => BigInt(random.int(1_000_000, 9_000_000)));
  const usdc = (perAccount: bigint): Record<string, bigint> => ({ USDC: perAccount * BigInt(book.accounts) });
  return ledgerOf(book, {
    ...UNITS,
    funds: [
      { id: 'ccp', purses: { junior: usdc(10_000n), senior: usdc(1_000n) } },
      { id: 'vault', balances: usdc(2_000_000n) },
      { id: 'insurance', balances: usdc(1_000n) },
    ],
    purses: { fund: { USDC: members } },
    measures: { contribution: members, gains: members },
  });
}

/** Hyperliquid's stages with an insurance fund between vault and deleveraging. */
function stagesOf(): Stage[] {
  const [book, vault, deleverage] = hyperliquid({ bpsOfNav: 4_000n }) as [Stage, Stage, Stage];
  return [book, vault, { id: 'insurance', who: ['insurance'] }, deleverage];
}

/** How many there are, once they sum to zero. */
function postingsOf(outcome: Outcome): number {
  for (const [what, sum] of outcome.postings.sums()) if (sum !== 0n) throw new Error(`${what}: ${sum} too much`);
  return outcome.postings.length;
}

async function waterfallRows(options: Options): Promise<Row[]> {
  const { accounts } = options;
  progress(`waterfall: ${accounts} accounts x ${HELD} positions in ${MARKETS} markets`);
  const bytes = bookOf(accounts).encode();
  const phases = new Map<string, number[]>();
  const phase = <T>(name: string, work: () => T): T => {
    let result: T | undefined;
    const ms = timed(() => {
      result = work();
    });
    phases.set(name, [...(phases.get(name) ?? []), ms]);
    return result as T;
  };
  const counts = new Map<string, number>();
  for (let round = 0; round < Math.min(options.rounds, ROUNDS); round++) {
    const live = Book.decode(bytes);
    const state = phase('ledger', () => ledgerFor(live));
    const [risk, defaulters] = phase('detect', (): [Margin, string[]] => {
      const found = margin(live);
      return [found, defaultsOf(live, found)];
    });
    const event = { asset: 'USDC', defaulters, solvent: 'take' } as const;
    // The portfolio finds a buyer at its marks; who did not bid is junior.
    const bids = { auction: [1, 3, 5].map((row) => ({ bidder: state.id(row), price: -1_000_000n * BigInt(row) })) };
    const cleared = postingsOf(phase('ccp', () => run(state, ccp(), { ...event, bids })));
    const scores = phase('queues', () => queuesOf(live, state, defaulters, 'hyperliquid'));
    const closed = phase('hyperliquid', () => run(state, stagesOf(), { ...event, scores }));
    const postings = postingsOf(closed);
    phase('project', () => projectInto(live, closed.state, closed.postings, UNITS));
    phase('margin afterwards', () => margin(live));
    if (round === 0) {
      counts.set('defaults', defaulters.length);
      counts.set('postings, ccp', cleared);
      counts.set('postings, hyperliquid', postings);
      if (accounts <= 10_000 && verify(closed, state).problems.length > 0) throw new Error('does not verify');
      if (risk.liquidatable.length > 0 && defaultsOf(live, margin(live), { bankrupt: true }).length > 0) {
        throw new Error('somebody is bankrupt afterwards');
      }
    }
  }
  const rows = [...phases].map(([name, ms]) => ({
    name: `waterfall: ${name}`,
    median: median(ms),
    unit: 'ms',
    ratios: {},
  }));
  const total = (...names: string[]): number => names.reduce((sum, name) => sum + median(phases.get(name) ?? []), 0);
  return [
    ...[...counts].map(([name, count]) => ({ name: `waterfall: ${name}`, median: count, unit: '', ratios: {} })),
    ...rows,
    { name: 'waterfall, ccp', median: total('detect', 'ccp'), unit: 'ms', ratios: {} },
    { name: 'waterfall, hyperliquid', median: total('detect', 'queues', 'hyperliquid'), unit: 'ms', ratios: {} },
  ];
}

export const waterfall: Group = { name: 'waterfall', run: waterfallRows };
