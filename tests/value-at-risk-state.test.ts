// Value at risk of a book that lives: whatever was asked and changed before, the answer is that of a book made anew, on the other
// engine. VAR_LIVES sets the number of books.
import { describe, expect, it } from 'vitest';
import { type BookBase, type BookJSON, liquidationPrices, MarginError, margin } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/var.js';
import { whatIf } from '../bindings/scenario/public.js';
import {
  exposures,
  portfolioRisk,
  riskAfter,
  type Scenarios,
  type ValueAtRisk,
  type ValueAtRiskOptions,
  valueAtRisk,
} from '../bindings/var/public.js';
import { Book } from '../bindings/var.js';
import { Random, randomBook } from './random-book.js';
import { randomModelBook } from './random-model.js';
import { refusedAt } from './refusal.js';

const LIVES = Number(process.env.VAR_LIVES ?? 3);
const STEPS = 30;

/** Answers of calls; a refusal is one too. */
function tried(call: () => unknown, what: string): unknown {
  try {
    return call();
  } catch (error) {
    if (error instanceof MarginError) return error.message;
    throw new Error(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

function scenariosOf(r: Random, names: readonly string[], count: number): Scenarios {
  const column = (): Float64Array =>
    Float64Array.from({ length: count }, () => (r.chance(0.02) ? r.pick([-1, 0, 1e4]) : r.between(-0.3, 0.3)));
  return {
    method: 'random',
    names,
    count,
    moves: names.map(column),
    volatilities: names.map(() => (r.chance(0.5) ? column() : undefined)),
    ...(r.chance(0.3) ? { weights: Float64Array.from({ length: count }, (_, i) => (i === count - 1 ? 1 : 0)) } : {}),
    horizon: 1,
  };
}

function change(book: BookBase, r: Random): void {
  const market = (): number => r.int(0, book.markets - 1);
  const asset = (): number => r.int(0, book.assets - 1);
  const account = (): number => r.int(0, book.accounts - 1);
  const { columns } = book.store;
  const json = (): BookJSON => book.toJSON() as BookJSON;
  const m = market();
  const mark = columns.market.mark[m] ?? 1;
  const calls = [
    () => book.setMark(m, mark * r.between(0.5, 1.5)),
    () => book.setMark(m, null),
    () => book.setPrice(asset(), r.pick([0, 1, 2, r.between(0.1, 1e4)])),
    () => book.setVolatility(m, r.pick([0, 1e-30, r.between(0.1, 3), 1e6])),
    () => book.setExpiry(0, { seconds: r.pick([0, 1, 1e6, 1e8]) }),
    () => book.setFundingIndex(m, r.between(-10, 10)),
    () => book.deposit(account(), asset(), r.between(-100, 100)),
    () => book.fill(account(), { market: m, size: r.between(-5, 5), price: mark }),
    () => book.replaceMarket({ ...(json().markets?.[m] as object), multiplier: r.between(0.1, 10) } as never),
    () => book.addMarket({ ...(json().markets?.[m] as object), id: `new ${book.markets}` } as never),
    () => book.addAccount({ ...(json().accounts?.[0] as object), id: `new ${book.accounts}` } as never),
    () => book.addAccount({ id: `empty ${book.accounts}` } as never),
    () => margin(book),
    () => liquidationPrices(book, account()),
    () => whatIf(book, account()),
    // Refused ones.
    () => book.fill(account(), { market: m, size: Number.NaN, price: mark }),
    () => book.setPrice(asset(), -1),
  ];
  tried(r.pick(calls), 'a change');
}

/** Without the rows that updates have left empty, which an encoded book has no more. */
function plain(risk: unknown): unknown {
  if (typeof risk !== 'object' || risk === null) return risk;
  const { copy, component, ...rest } = (risk as ValueAtRisk).copy?.() ?? (risk as ValueAtRisk);
  const rows = (column: Float64Array): Float64Array => column.filter((part) => part !== 0).sort();
  return component ? { ...rest, position: rows(component.position), balance: rows(component.balance) } : rest;
}

it(
  `is that of a book made anew, in ${LIVES} lives`,
  () => {
    for (let seed = 0; seed < LIVES; seed++) {
      const r = new Random(seed ^ 0x11fe);
      const json = (
        r.chance(0.5) ? randomBook(seed, { features: 1, accounts: 4 }) : randomModelBook(seed, 5)
      ) as BookJSON;
      const book = Book.fromJSON(json);
      const names = [
        ...new Set([
          ...Array.from({ length: book.markets }, (_, m) =>
            book.underlyingId(book.store.columns.market.underlying[m] ?? 0),
          ),
          ...Array.from({ length: book.assets }, (_, a) => book.assetId(a)).filter(() => r.chance(0.5)),
        ]),
      ];
      const sets = [1, 3, 40, 700].map((count) => scenariosOf(r, names, count));
      const factors: Record<string, string | null> = {};
      for (let step = 0; step < STEPS; step++) {
        const what = `seed ${seed}, step ${step}`;
        for (let n = r.int(0, 3); n > 0; n--) change(book, r);
        if (r.chance(0.1)) factors[book.marketId(r.int(0, book.markets - 1))] = r.pick([null, ...names]);
        const scenarios = r.pick(sets);
        const measure = {
          confidence: r.pick(['0.99', '0.5', '0.999999999', '1/3', 1e-12]),
          ...(scenarios.weights ? {} : { type: r.int(1, 9) as 1 }),
          ...(r.chance(0.5) ? { factors } : {}),
        };
        const options: ValueAtRiskOptions = {
          ...measure,
          by: r.pick(['unit', 'account'] as const),
          tails: r.chance(0.3),
          ...(r.chance(0.5) ? { components: 'expected-shortfall' as const } : {}),
        };
        const account = r.int(0, book.accounts - 1);
        const trade = { market: r.int(0, book.markets - 1), size: r.between(-3, 3) };
        const questions: ((asked: BookBase) => unknown)[] = [
          (asked) => valueAtRisk(asked, scenarios, options),
          (asked) => portfolioRisk(asked, scenarios, { ...measure, account, incremental: true, profits: true }),
          (asked) => portfolioRisk(asked, scenarios, { ...measure, trades: [trade] }),
          (asked) => riskAfter(asked, account, trade, scenarios, measure),
        ];
        const question = r.pick(questions);
        const before = book.encode();
        const answer = plain(tried(() => question(book), what));
        expect(Buffer.compare(book.encode(), before), `${what}: the book`).toBe(0);
        const anew = r.chance(0.5) ? ReferenceBook.decode(before) : Book.decode(before);
        expect(answer, what).toEqual(plain(tried(() => question(anew), what)));
        const text = JSON.stringify(answer, (_, x) =>
          typeof x === 'number' && !Number.isFinite(x) ? 'not finite' : x,
        );
        expect(text.includes('not finite'), what).toBe(false);
      }
    }
  },
  60_000 + LIVES * 1000,
);

describe('an answer', () => {
  const json = {
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USD', price: 1 },
      { id: 'BTC', price: 50_000 },
    ],
    markets: [
      { id: 'P', kind: 'linear', settle: 'USD', mark: 50_000, brackets: [{ upTo: null, maintenanceRate: 0.05 }] },
    ],
    accounts: [
      { id: 'a', balances: { USD: 100 }, positions: [{ market: 'P', size: 1, entry: 50_000 }] },
      { id: 'b', balances: { BTC: 1 } },
    ],
  };
  const open = (): Book => Book.fromJSON(JSON.stringify(json));
  const scenarios = (): Scenarios => ({
    method: 'hand',
    names: ['P', 'Q'],
    count: 2,
    moves: [Float64Array.of(-0.1, 0.1), Float64Array.of(-0.5, 0.5)],
    horizon: 1,
  });

  it('follows factors that were written to', () => {
    const [book, set] = [open(), scenarios()];
    const factors: Record<string, string | null> = { P: 'P', BTC: null };
    expect(valueAtRisk(book, set, { factors }).var[0]).toBe(5_000);
    factors.P = 'Q';
    expect(valueAtRisk(book, set, { factors }).var[0]).toBe(25_000);
  });

  it('says of a portfolio what stays in it, whatever was asked before', () => {
    const [book, set] = [open(), scenarios()];
    const factors = { BTC: null };
    expect(valueAtRisk(book, set, { factors }).still).toEqual(['USD', 'BTC']);
    expect(portfolioRisk(book, set, { factors, account: 'b' }).still).toEqual(['BTC']);
    expect(portfolioRisk(book, set, { factors, account: 'a' }).still).toEqual(['USD']);
  });

  it('is refused where scenarios were written to', () => {
    const [book, set] = [open(), scenarios()];
    const factors = { BTC: null };
    valueAtRisk(book, set, { factors });
    set.moves[0]?.fill(Number.NaN);
    book.deposit('a', 'USD', 1);
    expect(refusedAt(() => valueAtRisk(book, set, { factors }))).toBe('not-finite scenarios.moves[0]');
  });

  it('is of an account, and of trades that are there', () => {
    const [book, set] = [open(), scenarios()];
    expect(refusedAt(() => riskAfter(book, undefined as never, { market: 'P', size: 1 }, set))).toBe(
      'unknown-id account',
    );
    expect(refusedAt(() => riskAfter(book, 'a', new Array(2) as never, set))).toBe('type trades[0]');
    expect(refusedAt(() => portfolioRisk(book, set, { trades: new Array(2) as never }))).toBe('type options.trades[0]');
    expect(refusedAt(() => exposures(book, new Array(2) as never))).toBe('type scenarios.names');
  });
});
