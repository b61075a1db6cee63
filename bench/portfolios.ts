// The portfolios that are measured: deterministic columns of a given number of accounts with eight positions each.
import { existsSync, readFileSync } from 'node:fs';
import { parseLeverageTiers } from '../bindings/adapters/ccxt.js';
import { Book } from '../bindings/index.js';
import type { BookBase, BookOptions, Bracket, MarketJSON } from '../bindings/public.js';
import { Random } from '../tests/random-book.js';

export const POSITIONS = 8;
/** The 349 real tables, where they lie beside the project. */
const TABLES = '../shared/data/binance-leverage-tiers.json';

export type Features = 'single' | 'brackets' | 'full';

/** A class of books. */
interface Kind<B> {
  create(options?: BookOptions): B;
  decode(bytes: Uint8Array): B;
}

/** Real tables if they are there, else as many made-up ones of the same lengths (5 to 11 brackets). */
export function bracketTables(random: Random): { name: string; tables: Bracket[][] } {
  if (existsSync(TABLES)) {
    const tables = [...parseLeverageTiers(readFileSync(TABLES, 'utf8')).values()];
    return { name: `${tables.length} real tables`, tables };
  }
  const tables = Array.from({ length: 349 }, () => {
    let upTo = 5000;
    let rate = random.between(0.004, 0.02);
    return Array.from({ length: random.int(5, 11) }, () => {
      upTo *= random.between(1.5, 5);
      rate *= random.between(1.2, 2);
      return { upTo, maintenanceRate: rate, initialRate: rate * 2 };
    });
  });
  return { name: '349 made-up tables', tables };
}

export const tablesName = (): string => bracketTables(new Random(1)).name;

function markets(random: Random, features: Features, some: number): { name: string; list: MarketJSON[] } {
  const { name, tables } = bracketTables(random);
  const count = features === 'single' ? some : tables.length;
  const list = Array.from({ length: count }, (_, i): MarketJSON => {
    const mark = random.wide(0.01, 60_000);
    const rate = random.between(0.004, 0.05);
    const base = { id: `M${i}`, kind: 'linear' as const, settle: 'USDT', mark };
    if (features === 'single')
      return { ...base, brackets: [{ upTo: null, maintenanceRate: rate, initialRate: rate * 2 }] };
    const brackets = tables[i] as Bracket[];
    if (features === 'brackets') return { ...base, brackets, tables: { form: 'marginal' } };
    return {
      ...base,
      brackets,
      fundingIndex: random.between(-0.01, 0.01) * mark,
      pnlWeight: { initial: 0.9, maintenance: 1 },
      pnlCap: { initial: 1e5, maintenance: null },
      closingFee: 0.0005,
      ...(i % 4 === 0 ? { curve: { kind: 'sqrt' as const, factor: 1e-5 } } : {}),
      ...(i % 4 === 1
        ? { openInterest: random.wide(1e5, 1e9) / mark, openInterestLower: 1e7, openInterestUpper: 1e9 }
        : {}),
    };
  });
  return { name: features === 'single' ? `${count} markets, one bracket` : name, list };
}

/** A book of `accounts` x 8 positions. single: in so many markets. full: haircut tiers, three collateral assets, orders, funding, caps, size curves, own leverage, account terms. */
export function portfolio<B extends BookBase = Book>(
  accounts: number,
  features: Features,
  { some = 500, kind = Book as unknown as Kind<B> }: { some?: number; kind?: Kind<B> } = {},
): { book: B; name: string } {
  const random = new Random(20221109);
  const { name, list } = markets(random, features, some);
  const rows = accounts * POSITIONS;
  const full = features === 'full';
  const held = full ? 3 : 1;
  const book = kind.create({
    reserve: { accounts, balances: accounts * held, positions: rows, ...(full ? { orders: accounts } : {}) },
  });
  book.addAsset({ id: 'USDT', price: 1, ...(full ? { assetWeight: 0.999, liabilityWeight: 1.02 } : {}) });
  if (full) {
    const tiers = [0.98, 0.95, 0.9, 0].map((weight, i) => ({
      upTo: i === 3 ? null : ([1e5, 1e6, 1e7][i] as number),
      weight,
    }));
    book.addAsset({ id: 'BTC', price: 16_000, twap: 15_900, tiers, liabilityWeight: 1.05 });
    book.addAsset({ id: 'ETH', price: 1_100, tiers, liabilityWeight: { initial: 1.1, maintenance: 1.05 } });
  }
  for (const market of list) book.addMarket(market);
  const balances = {
    account: new Uint32Array(accounts * held),
    asset: new Uint32Array(accounts * held),
    amount: new Float64Array(accounts * held),
  };
  const positions = {
    account: new Uint32Array(rows),
    market: new Uint32Array(rows),
    size: new Float64Array(rows),
    entry: new Float64Array(rows),
    ...(full ? { fundingIndex: new Float64Array(rows), initialRate: new Float64Array(rows) } : {}),
  };
  const per = Math.floor(list.length / POSITIONS);
  for (let a = 0; a < accounts; a++) {
    let gross = 0;
    for (let i = 0; i < POSITIONS; i++) {
      const p = a * POSITIONS + i;
      const m = i * per + random.int(0, per - 1);
      const mark = list[m]?.mark as number;
      const notional = random.wide(100, 3e6);
      gross += notional;
      positions.account[p] = a;
      positions.market[p] = m;
      positions.size[p] = (random.chance(0.5) ? notional : -notional) / mark;
      positions.entry[p] = mark * random.between(0.9, 1.1);
      if (positions.fundingIndex) positions.fundingIndex[p] = random.between(-0.01, 0.01) * mark;
      if (positions.initialRate && random.chance(0.25)) positions.initialRate[p] = 1 / random.int(2, 50);
    }
    for (let k = 0; k < held; k++) {
      balances.account[a * held + k] = a;
      balances.asset[a * held + k] = k;
      balances.amount[a * held + k] = (gross * random.between(0.05, 0.6)) / ([1, 16_000, 1_100][k] as number) / held;
    }
  }
  book.addColumns({ accounts, balances, positions });
  if (full) {
    for (let a = 0; a < accounts; a++) {
      const m = random.int(0, POSITIONS - 1) * per + random.int(0, per - 1);
      const mark = list[m]?.mark as number;
      if (a % 5 === 0) book.setTerms(a, { marginMultiplier: 1.1, liquidationBuffer: 0.01 });
      if (a % 2 === 0)
        book.placeOrder(a, { market: m, side: random.chance(0.5) ? 'buy' : 'sell', size: 1000 / mark, price: mark });
    }
  }
  // As an engine would have it after a restart: rows without the holes that the orders' insertion left.
  return { book: full ? kind.decode(book.encode()) : book, name };
}
