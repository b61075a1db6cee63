// The fixed work of all runtimes: books of one seed through margin, liquidation prices, checks, scenarios, value at risk, options, the
// watch, the engine and the waterfall. Each part has a hash of its own, so that a difference has a name.
import type * as Numeric from 'margin-kernel/numeric';
import type * as Options from 'margin-kernel/options';
import type * as Var from 'margin-kernel/var';
import { Engine, Watch } from 'margin-kernel/watch';
import { presets, run, stateJSON } from 'margin-kernel/waterfall';
import { Random, randomBook } from '../random-book.js';
import { randomModelBook } from '../random-model.js';
import { Digest } from './digest.js';

/** The entries that stand on an engine; those of `margin-kernel/reference` have the same names. */
export interface Entries {
  Book: Pick<typeof Var.Book, 'fromJSON' | 'decode'>;
  risk: Omit<typeof Var, 'Book'>;
  options: typeof Options;
  numeric: typeof Numeric;
}
type Json = Parameters<typeof Var.Book.fromJSON>[0];
type Part = (entries: Entries, digest: Digest) => void;

const SEEDS = Array.from({ length: 16 }, (_, i) => i + 1);
const plain = (seed: number): Json => randomBook(seed, { features: (seed % 5) / 4, accounts: 6 });

/** What a call gives; of a refusal its code. */
function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const parts: Record<string, Part> = {
  margin({ Book, risk }, digest) {
    for (const seed of SEEDS) {
      const book = Book.fromJSON(plain(seed));
      digest.add(risk.margin(book).copy()).add(book.encode());
      digest.add(risk.margin(Book.decode(book.encode())).totals);
    }
  },

  liquidation({ Book, risk }, digest) {
    for (const seed of SEEDS.slice(0, 8)) {
      const book = Book.fromJSON(plain(seed));
      digest.add(risk.liquidationPrices(book));
      for (const level of ['initial', 'maintenance'] as const)
        digest.add(outcome(() => risk.liquidationPrices(book, 'a0', { level })));
      digest.add(outcome(() => risk.closeSizes(book, 'a1', [{ market: 'M0' }])));
    }
  },

  checks({ Book, risk }, digest) {
    for (const seed of SEEDS) {
      const book = Book.fromJSON(plain(seed));
      for (const side of ['buy', 'sell'] as const) {
        const order = { market: 'M0', side };
        digest.add(outcome(() => risk.check(book, 'a0', { ...order, size: 1.5 })));
        digest.add(outcome(() => risk.maxOrder(book, 'a0', order)));
      }
      digest.add(outcome(() => risk.maxWithdraw(book, 'a0', 'USDT')));
    }
  },

  scenarios({ Book, risk }, digest) {
    for (const seed of SEEDS) {
      const book = Book.fromJSON(randomModelBook(seed));
      digest.add(risk.margin(book).copy());
      const moves = { prices: [-0.2, -0.05, 0, 0.1], volatilities: [-0.3, 0, 0.5] };
      digest.add(outcome(() => risk.profitSurface(book, 'a0', moves).profit));
      if (seed <= 3) digest.add(outcome(() => risk.liquidationPrices(book, 'a1')));
    }
  },

  valueAtRisk({ Book, risk }, digest) {
    const r = new Random(7);
    const names = ['one', 'two', 'three'];
    const columns = names.map(() =>
      Float64Array.from({ length: 300 }, () => (r.next() + r.next() + r.next() - 1.5) / 20),
    );
    const dates = Array.from(columns[0]!, (_, i) => new Date(Date.UTC(2023, 0, 1 + i)).toISOString().slice(0, 10));
    const returns = { names, dates, kind: 'log' as const, horizon: 1, columns };
    const sources = [
      risk.historical(returns),
      risk.ageWeighted(returns, { decay: 0.98 }),
      risk.filtered(returns, { volatility: 'garch' }),
      risk.monteCarlo({ returns, paths: 512, seed: 3, distribution: { student: 4 } }),
      risk.monteCarlo({ returns, paths: 512, seed: 4, generator: 'sobol' }),
    ];
    for (const scenarios of sources) digest.add(scenarios.moves);
    for (const seed of SEEDS.slice(0, 4)) {
      const json = randomModelBook(seed) as Exclude<Json, string>;
      const book = Book.fromJSON(json);
      const ids = [...json.markets.flatMap((m) => m.underlying ?? []), ...json.assets, ...json.markets].map((x) =>
        typeof x === 'string' ? x : x.id,
      );
      const factors = Object.fromEntries(ids.map((id, i) => [id, names[i % names.length]!]));
      for (const scenarios of sources) {
        const options = { factors, confidence: '0.975', components: 'expected-shortfall' as const };
        digest.add(outcome(() => risk.valueAtRisk(book, scenarios, options)));
        digest.add(outcome(() => risk.portfolioRisk(book, scenarios, { factors, account: 'a0' })));
      }
    }
  },

  options({ options }, digest) {
    const r = new Random(11);
    const column = (low: number, high: number): Float64Array =>
      Float64Array.from({ length: 700 }, () => r.between(low, high));
    const type = Int8Array.from({ length: 700 }, () => (r.chance(0.5) ? 1 : -1));
    const asked = { type, forward: column(50, 150), strike: column(50, 150), vol: column(0.01, 2), time: column(0, 2) };
    const [status, price, delta, gamma, vega] = [new Uint8Array(700), ...[0, 1, 2, 3].map(() => new Float64Array(700))];
    options.optionGreeksInto(asked, { status, price, delta, gamma, vega } as Options.GreeksInto);
    digest.add([status, price, delta, gamma, vega]);
    const vol = new Float64Array(700);
    const { vol: _, ...priced } = asked;
    options.impliedVolsInto({ ...priced, price: price! }, { vol, status: status! });
    digest.add([vol, status]);
  },

  numeric({ numeric }, digest) {
    const x = Float64Array.from({ length: 2001 }, (_, i) => (i - 1000) / 40);
    for (const call of [numeric.expInto, numeric.logInto, numeric.erfcInto, numeric.normalCdfInto]) digest.add(call(x));
    const p = Float64Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
    digest.add(numeric.normalQuantileInto(p)).add(numeric.studentQuantileInto(p, 4.5)).add(numeric.powInto(p, 3.7));
  },

  watch({ Book }, digest) {
    for (const seed of SEEDS) {
      const r = new Random(seed);
      const json = (seed % 3 === 0 ? randomModelBook(seed) : plain(seed)) as Exclude<Json, string>;
      const marks = new Map(json.markets.flatMap(({ id, mark }) => (mark === undefined ? [] : [[id, Number(mark)]])));
      const watch = new Watch(Book.fromJSON(json));
      for (let tick = 0; tick < 120; tick++) {
        const [id, mark] = r.pick([...marks]) as [string, number];
        const moved = mark * r.between(0.97, 1.03);
        marks.set(id, moved);
        const crossings = outcome(() => watch.tick(id, moved)) as Record<string, unknown>;
        digest.add([
          crossings.liquidatable,
          crossings.backstop,
          crossings.warning,
          crossings.recovered,
          crossings.cleared,
        ]);
      }
      digest.add(watch.liquidatable());
    }
  },

  engine({ Book }, digest) {
    const engine = new Engine(Book.fromJSON(plain(5)));
    for (let i = 0; i < 200; i++) {
      const event = { kind: 'deposit', account: `a${i % 6}`, asset: 'USDT', amount: (i * 37) % 101 } as const;
      digest.add(outcome(() => engine.apply(event).crossings.liquidatable.length));
    }
    digest.add(engine.hash());
  },

  waterfall(_, digest) {
    const members = [3n, 5n, 7n, 11n].map((n, i) => ({
      id: `m${i}`,
      balances: { USD: 1_000_000n * n },
      purses: { fund: { USD: 70_001n * n } },
      measures: { contribution: 70_001n * n },
    }));
    const broke = { id: 'broke', purses: { margin: { USD: 30_003n }, fund: { USD: 100_000n } } };
    const house = { id: 'ccp', house: true, purses: { junior: { USD: 50_000n }, senior: { USD: 100_000n } } };
    const state = { accounts: [broke, ...members, house] };
    const done = run(state, presets.ccp, { defaulter: 'broke', losses: { broke: 1_400_009n } });
    digest.add(stateJSON(done.state)).add(done.residual);
  },
};

/** The hash of each part, and of all. */
export async function hashesOf(entries: Entries): Promise<{ hash: string; parts: Record<string, string> }> {
  const all = new Digest();
  const hashes: Record<string, string> = {};
  for (const [name, part] of Object.entries(parts)) {
    const digest = new Digest();
    part(entries, digest);
    hashes[name] = (await digest.hex()).slice(0, 16);
    all.add(hashes[name]);
  }
  return { hash: await all.hex(), parts: hashes };
}
