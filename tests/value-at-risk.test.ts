// Value at risk of books: the kernel against its definition bit for bit, against an account revalued scenario by scenario through the
// margin of a moved book, conventions against their formulas, components against their sum, what is refused.

import { describe, expect, it } from 'vitest';
import { Book as PlainBook } from '../bindings/index.js';
import { optionGreeks, optionPrice } from '../bindings/options.js';
import { type BookBase, type BookJSON, MarginError, margin } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/var.js';
import { tailShare } from '../bindings/statistics/confidence.js';
import { rankOf } from '../bindings/statistics/empirical/quantile.js';
import {
  exposures,
  portfolioRisk,
  riskAfter,
  riskWhatIf,
  type Scenarios,
  type ValueAtRiskOptions,
  valueAtRisk,
} from '../bindings/var/public.js';
import { Book } from '../bindings/var.js';
import { cases } from './cases.js';
import { Random, randomBook } from './random-book.js';
import { randomModelBook } from './random-model.js';

/** Moves of everything that a book may ask for; some equal ones, so that there are ties. */
function randomScenarios(r: Random, names: readonly string[], count: number, weighted = false): Scenarios {
  const coarse = r.chance(0.3);
  const column = (): Float64Array =>
    Float64Array.from({ length: count }, () => {
      const move = r.between(-0.2, 0.2);
      return coarse ? Math.round(move * 20) / 20 : r.chance(0.01) ? -1 : move;
    });
  const raw = Float64Array.from({ length: count }, (_, i) => (i > 0 && r.chance(0.1) ? 0 : r.between(0.1, 1)));
  const sum = raw.reduce((a, b) => a + b, 0);
  return {
    method: 'random',
    names,
    count,
    moves: names.map(column),
    volatilities: names.map(() => (r.chance(0.5) ? column() : undefined)),
    ...(weighted ? { weights: raw.map((w) => w / sum) } : {}),
    horizon: 1,
  };
}

/** Names of what a book has: its underlyings, and some of its assets. */
function namesOf(book: BookBase, r: Random): string[] {
  const underlyings = Array.from({ length: book.markets }, (_, m) =>
    book.underlyingId(book.store.columns.market.underlying[m] ?? 0),
  );
  const assets = Array.from({ length: book.assets }, (_, a) => book.assetId(a)).filter(() => r.chance(0.5));
  return [...new Set([...underlyings, ...assets])];
}

/** Assets that scenarios of such names do not know, nor their underlyings, stay where they are. */
function stillOf(book: BookBase, names: readonly string[]): Record<string, null> {
  const { underlying } = book.store.columns.asset;
  const known = (a: number): boolean =>
    names.includes(book.assetId(a)) ||
    (underlying[a] !== 0xffffffff && names.includes(book.underlyingId(underlying[a] ?? 0)));
  const unknown = Array.from({ length: book.assets }, (_, a) => a).filter((a) => !known(a));
  return Object.fromEntries(unknown.map((a) => [book.assetId(a), null]));
}

const CONVENTIONS = ['acerbi-tasche', 'rockafellar-uryasev', 'at-or-beyond', 'beyond', 'beyond-type-7'] as const;
const LEVELS = ['0.99', '0.975', '0.95', '0.9', '0.5', '1/3', '0.999', 0.01] as const;

function randomOptions(r: Random, weighted: boolean): ValueAtRiskOptions {
  return {
    confidence: r.pick(LEVELS),
    by: r.pick(['unit', 'account'] as const),
    tails: r.chance(0.5),
    ...(r.chance(0.7) ? { components: r.pick(['value-at-risk', 'expected-shortfall'] as const) } : {}),
    ...(weighted ? {} : { type: r.int(1, 9) as 1, convention: r.pick(CONVENTIONS) }),
  };
}

const BOOKS = Number(process.env.VAR_BOOKS ?? 50);

describe('kernel and reference', () => {
  it(
    `agree to the bit on ${BOOKS} books, and components sum to their total`,
    () => {
      for (let seed = 0; seed < BOOKS; seed++) {
        const r = new Random(seed ^ 0x7a11);
        const json = (
          r.chance(0.5) ? randomBook(seed, { features: 1, accounts: 4 }) : randomModelBook(seed, 6)
        ) as BookJSON;
        const [book, other] = [Book.fromJSON(json), ReferenceBook.fromJSON(json)];
        book.refresh();
        const weighted = r.chance(0.3);
        const scenarios = randomScenarios(r, namesOf(book, r), r.pick([1, 2, 15, 16, 17, 100, 250, 333]), weighted);
        const options = { ...randomOptions(r, weighted), factors: stillOf(book, scenarios.names) };
        const [a, b] = [valueAtRisk(book, scenarios, options), valueAtRisk(other, scenarios, options)];
        const what = `seed ${seed} ${JSON.stringify(options)}`;
        for (const [x, y] of [
          [a.var, b.var],
          [a.es, b.es],
          [a.total, b.total],
          [a.component?.position, b.component?.position],
          [a.component?.balance, b.component?.balance],
          [a.tail?.scenario, b.tail?.scenario],
        ] as const) {
          expect(x?.length, what).toBe(y?.length);
          x?.forEach((value, i) => {
            if (!Number.isFinite(value) || !Object.is(value, y?.[i]))
              throw new Error(`${what}: ${value} and ${y?.[i]} at ${i}`);
          });
        }
      }
    },
    20_000 + 50 * BOOKS,
  );
});

/** Profit of each account in scenario `s`, from the equity of a book whose prices are moved by hand. */
function profitsByHand(json: BookJSON, scenarios: Scenarios, s: number): Map<string, number> {
  const move = (...names: (string | undefined)[]): number => {
    const at = scenarios.names.findIndex((name) => names.includes(name));
    return at < 0 ? 0 : Math.max(scenarios.moves[at]?.[s] ?? 0, 1e-6 - 1);
  };
  const book = ReferenceBook.fromJSON(json);
  const equity = (of: BookBase): Map<string, number> => {
    const found = new Map<string, number>();
    const columns = margin(of);
    for (let u = 0; u < of.units; u++) {
      const id = of.accountId(of.unitAccount(u));
      found.set(id, (found.get(id) ?? 0) + (columns.equity[u] ?? 0));
    }
    return found;
  };
  const before = equity(book);
  for (let m = 0; m < book.markets; m++) {
    const { kind, underlying, mark, beta } = book.store.columns.market;
    if ((kind[m] ?? 0) >= 4) continue;
    const name = book.underlyingId(underlying[m] ?? 0);
    const moved = (mark[m] ?? 0) * Math.max(1 + (beta[m] ?? 1) * move(name), 1e-6);
    mark[m] = kind[m] === 3 ? Math.min(1, moved) : moved;
  }
  for (let a = 0; a < book.assets; a++) {
    const { price, underlying } = book.store.columns.asset;
    const id = book.assetId(a);
    const known = scenarios.names.includes(id);
    const name = known ? id : underlying[a] === 0xffffffff ? undefined : book.underlyingId(underlying[a] ?? 0);
    price[a] = (price[a] ?? 0) * (1 + move(name));
  }
  book.touch();
  const after = equity(book);
  return new Map([...after].map(([id, value]) => [id, value - (before.get(id) ?? 0)]));
}

describe('gains', () => {
  it('are what the equity of a moved book has gained, linear, inverse, quanto, predictions, coin balances', () => {
    let compared = 0;
    for (let seed = 0; seed < cases(90); seed++) {
      const r = new Random(seed ^ 0x6a1);
      const json = randomBook(seed, { features: 1, accounts: 4 });
      // Those markets round what a position is worth.
      if (json.markets.some((m) => 'rounding' in m && m.rounding)) continue;
      // Equity takes spot orders as filled where that is worse.
      for (const account of json.accounts)
        for (const holdings of [account, ...(account.buckets ?? [])]) delete holdings.orders;
      const book = Book.fromJSON(json);
      book.refresh();
      const scenarios = randomScenarios(r, namesOf(book, r), 5);
      for (let s = 0; s < scenarios.count; s++) {
        const wanted = profitsByHand(json, scenarios, s);
        for (const [account, profit] of wanted) {
          const { profits = [] } = portfolioRisk(book, scenarios, {
            account,
            profits: true,
            factors: stillOf(book, scenarios.names),
          });
          const scale = Math.abs(accountScale(book, account)) + Math.abs(profit);
          expect(
            Math.abs((profits[s] ?? Number.NaN) - profit),
            `seed ${seed}, scenario ${s}, ${account}`,
          ).toBeLessThanOrEqual(1e-9 * scale);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(300);
  });
});

/** Size of everything that an account holds, for a tolerance. */
function accountScale(book: BookBase, account: string): number {
  const { unit, position, market, balance, asset } = book.store.columns;
  let scale = 0;
  for (const u of book.unitsOf(account)) {
    for (let p = unit.positionStart[u] ?? 0, n = unit.positionCount[u] ?? 0; n > 0; n--, p++) {
      const m = (position.key[p] ?? 0) >>> 2;
      const pays = asset.price[market.settle[m] ?? 0] ?? 0;
      const mark = market.mark[m] ?? 1;
      const worth = (position.size[p] ?? 0) * (market.multiplier[m] ?? 1) * (market.kind[m] === 1 ? 1 / mark : mark);
      scale +=
        (Math.abs(worth) +
          Math.abs(position.cost[p] ?? 0) +
          Math.abs((position.size[p] ?? 0) * (market.fundingIndex[m] ?? 0))) *
        pays;
    }
    for (let b = unit.balanceStart[u] ?? 0, n = unit.balanceCount[u] ?? 0; n > 0; n--, b++)
      scale += Math.abs(balance.amount[b] ?? 0) * (asset.price[balance.asset[b] ?? 0] ?? 0) * 2;
  }
  return scale;
}
/** Value at risk and expected shortfall of a sample, as their definitions are written down. */
function byDefinition(pnl: readonly number[], options: ValueAtRiskOptions): { var: number; es: number } {
  const { numerator, denominator, value } = tailShare(options.confidence ?? '0.99');
  const rising = [...pnl].sort((a, b) => a - b);
  const n = pnl.length;
  const { rank, share } = rankOf(n, { numerator, denominator, value }, options.type ?? 1);
  const at = (r: number, t: number): number => {
    const low = rising[r] ?? Number.NaN;
    return t === 0 ? low : low + t * ((rising[r + 1] ?? low) - low);
  };
  const mass = (Number(numerator) * n) / Number(denominator);
  const k = Math.max(1, Math.ceil(Math.round(mass * 1e9) / 1e9));
  const kth = rising[k - 1] ?? Number.NaN;
  const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  const beyond = (bound: number): number => {
    const list = rising.filter((x) => x < bound);
    return list.length === 0 ? bound : mean(list);
  };
  const shortfalls = {
    'acerbi-tasche': () => {
      const whole = Math.floor(Math.round(mass * 1e9) / 1e9);
      return (rising.slice(0, whole).reduce((a, b) => a + b, 0) + (mass - whole) * (rising[whole] ?? 0)) / mass;
    },
    'rockafellar-uryasev': () => kth - rising.reduce((sum, x) => sum + Math.max(kth - x, 0), 0) / mass,
    'at-or-beyond': () => mean(rising.filter((x) => x <= kth)),
    beyond: () => beyond(kth),
    'beyond-type-7': () => {
      const r7 = rankOf(n, { numerator, denominator, value }, 7);
      return beyond(at(r7.rank, r7.share));
    },
  };
  return { var: -at(rank, share), es: -shortfalls[options.convention ?? 'acerbi-tasche']() };
}

const near = (got: number, want: number, scale: number, what: string): void => {
  if (!(Math.abs(got - want) <= 1e-11 * (scale + Math.abs(want)))) throw new Error(`${what}: ${got}, wanted ${want}`);
};

describe('measures', () => {
  it('are those of the profits of every account, by every type and convention, with ties', () => {
    for (let seed = 0; seed < cases(150); seed++) {
      const r = new Random(seed ^ 0x3ea5);
      const json = (seed % 2 ? randomBook(seed, { features: 1, accounts: 4 }) : randomModelBook(seed, 4)) as BookJSON;
      const book = Book.fromJSON(json);
      book.refresh();
      const scenarios = randomScenarios(r, namesOf(book, r), r.pick([3, 40, 100, 250]));
      const options = {
        ...randomOptions(r, false),
        by: 'account' as const,
        factors: stillOf(book, scenarios.names),
      };
      const columns = valueAtRisk(book, scenarios, options).copy();
      for (let a = 0; a < book.accounts; a++) {
        const { components: measure, by: _, tails: __, ...rest } = options;
        const one = portfolioRisk(book, scenarios, {
          ...rest,
          account: a,
          profits: true,
          ...(measure ? { measure } : {}),
        });
        const pnl = [...(one.profits ?? [])];
        const wanted = byDefinition(pnl, options);
        const scale = Math.max(...pnl.map(Math.abs));
        const what = `seed ${seed}, account ${a}, ${JSON.stringify(options)}`;
        near(one.var, wanted.var, scale, `${what}, value at risk`);
        near(one.es, wanted.es, scale, `${what}, shortfall`);
        near(columns.var[a] ?? Number.NaN, wanted.var, scale * 100, `${what}, column`);
        near(columns.es[a] ?? Number.NaN, wanted.es, scale * 100, `${what}, column of shortfalls`);
        // The tail is the worst scenarios, the earlier of equal ones first.
        const order = pnl.map((x, i) => [x, i] as const).sort(([x, i], [y, j]) => x - y || i - j);
        expect(one.tail.map(({ scenario }) => scenario)).toEqual(order.slice(0, one.tail.length).map(([, i]) => i));
        expect(one.tail.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
      }
    }
  });

  it('of scenarios with weights: the loss at which they reach the tail, and the mean of the tail', () => {
    for (let seed = 0; seed < cases(120); seed++) {
      const r = new Random(seed ^ 0x77e1);
      const book = Book.fromJSON(randomBook(seed, { features: 1, accounts: 3 }));
      book.refresh();
      const scenarios = randomScenarios(r, namesOf(book, r), r.pick([1, 5, 60, 200]), true);
      const confidence = r.pick(LEVELS);
      const alpha = tailShare(confidence).value;
      for (let a = 0; a < book.accounts; a++) {
        const one = portfolioRisk(book, scenarios, {
          account: a,
          confidence,
          profits: true,
          factors: stillOf(book, scenarios.names),
        });
        const order = [...(one.profits ?? [])].map((x, i) => [x, i] as const).sort(([x, i], [y, j]) => x - y || i - j);
        let [reached, sum, last] = [0, 0, 0];
        for (const [i, [x, s]] of order.entries()) {
          const weight = scenarios.weights?.[s] ?? 0;
          last = x;
          if (reached + weight >= alpha || i === order.length - 1) break;
          reached += weight;
          sum += weight * x;
        }
        const scale = Math.max(...order.map(([x]) => Math.abs(x)));
        near(one.var, -last, scale, `seed ${seed}, value at risk`);
        near(one.es, -(sum + (alpha - reached) * last) / alpha, scale, `seed ${seed}, shortfall`);
      }
    }
  });
});

const ATTRIBUTED = Number(process.env.VAR_ATTRIBUTIONS ?? 160);

describe('components', () => {
  it(`sum to their total bit for bit, and that is the measure within its bound, on ${ATTRIBUTED} books`, () => {
    let apart = 0;
    for (let seed = 0; seed < ATTRIBUTED; seed++) {
      const r = new Random(seed ^ 0xa77);
      const json = (seed % 2 ? randomBook(seed, { features: 1, accounts: 2 }) : randomModelBook(seed, 2)) as BookJSON;
      const book = Book.fromJSON(json);
      book.refresh();
      const weighted = r.chance(0.3);
      const scenarios = randomScenarios(r, namesOf(book, r), r.pick([16, 100, 250]), weighted);
      const { confidence, type, convention } = randomOptions(r, weighted);
      const rest = {
        factors: stillOf(book, scenarios.names),
        ...(confidence ? { confidence } : {}),
        ...(type ? { type } : {}),
        ...(convention ? { convention } : {}),
      };
      for (const measure of ['value-at-risk', 'expected-shortfall'] as const) {
        const whole = r.chance(0.3);
        const risk = portfolioRisk(book, scenarios, { ...rest, measure, ...(whole ? {} : { account: 0 }) });
        const figure = measure === 'value-at-risk' ? risk.var : risk.es;
        let fold = 0;
        for (const { component } of risk.components) fold += component;
        const what = `seed ${seed}, ${measure}, ${JSON.stringify(rest)}`;
        if (!Object.is(fold, risk.total))
          throw new Error(`${what}: components sum to ${fold}, the total is ${risk.total}`);
        if (!(Math.abs(risk.total - figure) <= risk.bound))
          throw new Error(`${what}: ${risk.total} and ${figure} are further apart than ${risk.bound}`);
        if (risk.total !== figure) apart++;
      }
    }
    // Rounding of both sums differs: a bound that is never needed would say nothing.
    expect(apart).toBeGreaterThan(ATTRIBUTED / 10);
  }, 300_000);

  it('are size times marginal where nothing was paid in what moves, and columns have the same', () => {
    const { book, scenarios } = simple();
    const risk = portfolioRisk(book, scenarios, { account: 'a1', confidence: '0.9', incremental: true });
    for (const { size, component, marginal } of risk.components) near(component, size * marginal, 1, 'component');
    const columns = valueAtRisk(book, scenarios, { confidence: '0.9', components: 'expected-shortfall' });
    expect([...(columns.component?.position ?? [])]).toEqual(
      risk.components.filter((c) => c.market).map((c) => c.component),
    );
    expect(columns.total?.[0]).toBe(risk.total);
    // Without the hedge the risk is larger: what is incremental is negative.
    const hedge = risk.components.find(({ market }) => market === 'ETH');
    expect(hedge?.incremental?.es).toBeLessThan(0);
    const alone = portfolioRisk(book, scenarios, {
      account: 'a1',
      confidence: '0.9',
      trades: [{ market: 'ETH', size: 5 }],
    });
    expect(alone.es).toBeCloseTo(risk.es - (hedge?.incremental?.es ?? 0), 9);
  });
});

/** Ten scenarios of two coins, one account long of one and short of the other. */
function simple(Engine: typeof Book = Book): { book: Book; scenarios: Scenarios } {
  const book = Engine.fromJSON({
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USDT', price: 1 },
      { id: 'BTC', price: 20_000 },
    ],
    markets: [
      { id: 'BTC', kind: 'linear', settle: 'USDT', mark: 20_000, brackets: [{ upTo: null, maintenanceRate: 0.01 }] },
      { id: 'ETH', kind: 'linear', settle: 'USDT', mark: 1_000, brackets: [{ upTo: null, maintenanceRate: 0.01 }] },
    ],
    accounts: [
      {
        id: 'a1',
        balances: { USDT: 1_000 },
        positions: [
          { market: 'BTC', size: 1, entry: 20_000 },
          { market: 'ETH', size: -5, entry: 1_000 },
        ],
      },
    ],
  });
  const btc = Float64Array.of(0.01, -0.02, 0.03, -0.04, 0.05, -0.06, 0.07, -0.08, 0.09, -0.1);
  const scenarios = {
    method: 'made up',
    names: ['BTC', 'ETH'],
    count: 10,
    moves: [btc, btc.map((x) => 1.5 * x)],
    horizon: 1,
  };
  return { book, scenarios };
}

describe('a book that a person can follow', () => {
  // Profit: 20,000 x move - 5 x 1,000 x 1.5 move = 12,500 x move.
  it('has the losses of its scenarios', () => {
    const { book, scenarios } = simple();
    const risk = valueAtRisk(book, scenarios, { confidence: '0.9', tails: true });
    expect([risk.var[0], risk.es[0]]).toEqual([1250, 1250]);
    expect([...(risk.tail?.scenario ?? [])]).toEqual([9]);
    expect(risk.still).toEqual(['USDT']);
    const wide = portfolioRisk(book, scenarios, { confidence: '0.75', account: 'a1' });
    // 2.5 scenarios: losses of 1,250, 1,000 and half of 750.
    expect(wide.es).toBeCloseTo((1250 + 1000 + 375) / 2.5, 9);
    expect(wide.var).toBeCloseTo(750, 9);
    expect(wide.tail.map(({ scenario, weight }) => [scenario, weight])).toEqual([
      [9, 0.4],
      [7, 0.4],
      [5, 0.2],
    ]);
    expect(risk.thin).toBe(false);
    expect(valueAtRisk(book, scenarios, { confidence: '0.99' }).thin).toBe(true);
  });

  it('is measured before a trade: a hedge takes the risk away, and the book stays as it is', () => {
    const { book, scenarios } = simple();
    const before = book.encode();
    const { incremental, after } = riskAfter(book, 'a1', { market: 'BTC', size: '-0.625' }, scenarios, {
      confidence: '0.9',
    });
    expect(after.es).toBeCloseTo(0, 9);
    expect(incremental.es).toBeCloseTo(-1250, 9);
    expect(book.encode()).toEqual(before);
    book.fill('a1', { market: 'BTC', size: -0.625, price: 20_000 });
    const filled = valueAtRisk(book, scenarios, { confidence: '0.9' });
    expect(filled.es[0]).toBe(after.es);
  });

  it('follows prices, fills and new markets; copies stay', () => {
    const { book, scenarios } = simple();
    const first = valueAtRisk(book, scenarios, { confidence: '0.9' });
    const kept = first.copy();
    book.setMark('BTC', 40_000);
    expect(valueAtRisk(book, scenarios, { confidence: '0.9' }).es[0]).toBeCloseTo(3250, 9);
    expect(kept.es[0]).toBe(1250);
    book.addAccount({ id: 'a2', balances: { BTC: 1 } });
    const two = valueAtRisk(book, scenarios, { confidence: '0.9', by: 'account' });
    expect(two.es.length).toBe(2);
    // A balance in coin moves with the coin.
    expect(two.es[1]).toBeCloseTo(2000, 9);
    expect(portfolioRisk(book, scenarios, { confidence: '0.9' }).es).toBeCloseTo(5250, 9);
  });

  it('moves as the caller says, and says what stays', () => {
    const { book, scenarios } = simple();
    const onlyBtc = { ...scenarios, names: ['BTC'], moves: scenarios.moves.slice(0, 1) };
    expect(() => valueAtRisk(book, onlyBtc)).toThrow(
      /unknown-id at scenarios.names: got "ETH", expected a move of the market or of its underlying "ETH"\. Say what it moves with: factors: \{ "ETH": "\.\.\." \}, or null/,
    );
    const proxied = valueAtRisk(book, onlyBtc, { factors: { ETH: 'BTC' }, confidence: '0.9' });
    expect(proxied.es[0]).toBeCloseTo(1500, 9);
    const still = valueAtRisk(book, onlyBtc, { factors: { ETH: null }, confidence: '0.9' });
    expect(still.es[0]).toBeCloseTo(2000, 9);
    expect(still.still).toEqual(['ETH', 'USDT']);
  });

  it('has options revalued in full at the moved forward and volatility', () => {
    const json: BookJSON = {
      format: 'margin-kernel/book@1',
      assets: [
        { id: 'USD', price: 1 },
        { id: 'BTC', price: 20_000 },
      ],
      expiries: [{ id: 'JUN', asset: 'BTC', seconds: 31_536_000 / 4, forward: 20_000 }],
      models: [{ id: 'pm', scenarios: [{ price: -0.1 }], requirement: { scan: 'scan' } }],
      markets: [
        { id: 'P', kind: 'put', expiry: 'JUN', strike: 18_000, volatility: 0.6, settle: 'USD' },
        { id: 'C', kind: 'call', expiry: 'JUN', strike: 22_000, volatility: 0.6, settle: 'BTC' },
      ],
      accounts: [
        {
          id: 'a1',
          model: 'pm',
          balances: { USD: 0 },
          positions: [
            { market: 'P', size: -2, entry: 1_000 },
            { market: 'C', size: 1, entry: 0.05 },
          ],
        },
      ],
    };
    const moves = [-0.3, -0.05, 0, 0.2];
    const vols = [0.5, 0.1, 0, -0.2];
    const scenarios: Scenarios = {
      method: 'made up',
      names: ['BTC'],
      count: 4,
      moves: [Float64Array.from(moves)],
      volatilities: [Float64Array.from(vols)],
      horizon: 1,
    };
    const value = (type: 'call' | 'put', strike: number, i: number): number =>
      optionPrice({
        type,
        strike,
        forward: 20_000 * (1 + (moves[i] ?? 0)),
        vol: 0.6 * (1 + (vols[i] ?? 0)),
        time: 0.25,
      }).price;
    for (const Engine of [Book, ReferenceBook]) {
      const { profits = [] } = portfolioRisk(Engine.fromJSON(json), scenarios, { profits: true });
      moves.forEach((move, i) => {
        const put = -2 * (value('put', 18_000, i) - value('put', 18_000, 2));
        const call = value('call', 22_000, i) - value('call', 22_000, 2);
        // The call was paid with 0.05 coins, which are worth more or less now.
        expect(profits[i]).toBeCloseTo(put + call - 0.05 * 20_000 * move, 6);
      });
    }
  });
});

describe('what-ifs', () => {
  it('have the bits of the portfolio with the trades in it, whatever was asked in between', () => {
    for (let seed = 0; seed < cases(60); seed++) {
      const r = new Random(seed ^ 0x3f1f);
      const json = (seed % 2 ? randomBook(seed, { features: 1, accounts: 3 }) : randomModelBook(seed, 3)) as BookJSON;
      const book = Book.fromJSON(json);
      book.refresh();
      const names = namesOf(book, r);
      const [scenarios, others] = [randomScenarios(r, names, 60), randomScenarios(r, names, 33)];
      const options = { confidence: '0.9' as const, factors: stillOf(book, names) };
      const markets = Array.from({ length: book.markets }, (_, m) => m).filter(
        (m) => book.store.columns.market.kind[m] !== 4,
      );
      const what = riskWhatIf(book, 0, scenarios, options);
      for (let n = 0; n < 4 && markets.length > 0; n++) {
        const trade = { market: r.pick(markets), size: r.between(-3, 3), ...(r.chance(0.5) ? { price: 0.4 } : {}) };
        const after = what.try(trade.market, trade.size, trade.price);
        valueAtRisk(book, others, { factors: stillOf(book, names) });
        if (r.chance(0.3)) margin(book);
        const { after: once, incremental } = riskAfter(book, 0, trade, scenarios, options);
        const whole = portfolioRisk(book, scenarios, { ...options, account: 0, trades: [trade] });
        expect({ var: after.var, es: after.es }, `seed ${seed}`).toEqual(once);
        expect(after.incremental).toEqual(incremental);
        near(whole.var, once.var, Math.abs(whole.var), `seed ${seed}`);
        const plain = portfolioRisk(book, scenarios, { ...options, account: 0 });
        expect(what.risk).toEqual({ var: plain.var, es: plain.es });
      }
    }
  });

  it('follow the book', () => {
    const { book, scenarios } = simple();
    const what = riskWhatIf(book, 'a1', scenarios, { confidence: '0.9' });
    expect(what.risk.es).toBe(1250);
    expect(what.try('ETH', 5).es).toBeCloseTo(2000, 9);
    expect(what.try('BTC', '-1', 19_000).incremental.es).toBeCloseTo(-575, 9);
    book.fill('a1', { market: 'BTC', size: 1, price: 20_000 });
    expect(what.risk.es).toBeCloseTo(3250, 9);
    expect(() => what.try('BTC', 0.5, -1)).toThrow(/^range at trade\.price/);
    expect(() => what.try('DOGE', 1)).toThrow(/^unknown-id at trade\.market/);
  });
});

describe('exposures', () => {
  it('are worth times size of what is linear, and Black-76 delta and gamma of an option', () => {
    const { book } = simple();
    const { delta, gamma } = exposures(book, ['BTC', 'ETH'], { account: 'a1' });
    near(delta[0] ?? 0, 20_000, 1, 'BTC');
    near(delta[1] ?? 0, -5_000, 1, 'ETH');
    for (const x of gamma) expect(Math.abs(x)).toBeLessThan(1e-6);
    const options = Book.fromJSON({
      format: 'margin-kernel/book@1',
      assets: [
        { id: 'USD', price: 1 },
        { id: 'BTC', price: 20_000 },
      ],
      expiries: [{ id: 'JUN', asset: 'BTC', seconds: 31_536_000 / 4, forward: 20_000 }],
      models: [{ id: 'pm', scenarios: [{ price: -0.1 }], requirement: { scan: 'scan' } }],
      markets: [{ id: 'C', kind: 'call', expiry: 'JUN', strike: 22_000, volatility: 0.6, settle: 'USD' }],
      accounts: [{ id: 'a1', model: 'pm', balances: { USD: 0 }, positions: [{ market: 'C', size: 3, entry: 1_000 }] }],
    });
    const greeks = optionGreeks({ type: 'call', forward: 20_000, strike: 22_000, vol: 0.6, time: 0.25 });
    const found = exposures(options, ['BTC'], { step: 0.001 });
    expect(found.delta[0]).toBeCloseTo(3 * greeks.delta * 20_000, 1);
    expect((found.gamma[0] ?? 0) / (3 * greeks.gamma * 20_000 ** 2)).toBeCloseTo(1, 4);
    expect(() => exposures(book, ['BTC', 'ETH'], { step: 1 })).toThrow(/^range at options\.step/);
    expect(() => exposures(book, 'BTC' as never)).toThrow(/^type at names/);
  });

  it('have the cross gamma of a contract that is paid in another coin', () => {
    const book = Book.fromJSON({
      format: 'margin-kernel/book@1',
      assets: [{ id: 'ETH', price: 1_000 }],
      markets: [
        {
          id: 'Q',
          kind: 'quanto',
          settle: 'ETH',
          underlying: 'BTC',
          mark: 20_000,
          multiplier: 0.0001,
          brackets: [{ upTo: null, maintenanceRate: 0.01 }],
        },
      ],
      accounts: [{ id: 'a1', balances: { ETH: 10 }, positions: [{ market: 'Q', size: 2, entry: 20_000 }] }],
    });
    const { delta, gamma } = exposures(book, ['BTC', 'ETH']);
    // 2 x 0.0001 x 20,000 = 4 ETH of the index, and 10 ETH in cash: 4,000 and 10,000 dollars.
    near(delta[0] ?? 0, 4_000, 1, 'BTC');
    near(delta[1] ?? 0, 10_000, 1, 'ETH');
    expect(gamma[1]).toBeCloseTo(4_000, 4);
    expect(gamma[2]).toBe(gamma[1]);
    expect(gamma[0]).toBeCloseTo(0, 4);
  });
});

describe('what is refused', () => {
  const { book, scenarios } = simple();
  const wrong = (changes: Partial<Scenarios>): Scenarios => ({ ...scenarios, ...changes });
  it.each<[string, () => unknown, RegExp]>([
    [
      'no scenarios',
      () => valueAtRisk(book, undefined as never),
      /^type at scenarios: got undefined, expected scenarios\. historical\(\)/,
    ],
    ['none of them', () => valueAtRisk(book, wrong({ count: 0 })), /^range at scenarios\.count: got 0/],
    [
      'a NaN',
      () =>
        valueAtRisk(
          book,
          wrong({
            moves: [
              Float64Array.from(scenarios.moves[0] ?? []).fill(Number.NaN, 3, 4),
              scenarios.moves[1] as Float64Array,
            ],
          }),
        ),
      /^not-finite at scenarios\.moves\[0\]\[3\]: got NaN/,
    ],
    [
      'a price below nothing',
      () => valueAtRisk(book, wrong({ moves: [new Float64Array(10).fill(-1.01), new Float64Array(10)] })),
      /^range at scenarios\.moves\[0\]\[0\]: got -1\.01/,
    ],
    [
      'a short column',
      () => valueAtRisk(book, wrong({ moves: [new Float64Array(9), new Float64Array(10)] })),
      /^range at scenarios\.moves\[0\]: got 9, expected 10 numbers/,
    ],
    [
      'a column too few',
      () => valueAtRisk(book, wrong({ moves: [new Float64Array(10)] })),
      /^type at scenarios\.moves/,
    ],
    [
      'a name twice',
      () => valueAtRisk(book, wrong({ names: ['BTC', 'BTC'] })),
      /^duplicate at scenarios\.names: got "BTC"/,
    ],
    [
      'weights that do not sum to 1',
      () => valueAtRisk(book, wrong({ weights: new Float64Array(10).fill(0.2) })),
      /^range at scenarios\.weights: got 1\.9999/,
    ],
    [
      'a negative weight',
      () => valueAtRisk(book, wrong({ weights: Float64Array.of(-1, 2, 0, 0, 0, 0, 0, 0, 0, 0) })),
      /^range at scenarios\.weights\[0\]/,
    ],
    [
      'a confidence of 1',
      () => valueAtRisk(book, scenarios, { confidence: 1 }),
      /^range at options\.confidence: got 1, expected a level strictly between 0 and 1/,
    ],
    [
      'a percentage',
      () => valueAtRisk(book, scenarios, { confidence: 99 }),
      /A percentage is given as a share: 99 % is 0\.99/,
    ],
    [
      'a NaN confidence',
      () => valueAtRisk(book, scenarios, { confidence: Number.NaN }),
      /^not-finite at options\.confidence/,
    ],
    [
      'no level',
      () => valueAtRisk(book, scenarios, { confidence: 'high' }),
      /^type at options\.confidence: got "high"/,
    ],
    ['a type beyond 9', () => valueAtRisk(book, scenarios, { type: 10 as 1 }), /^range at options\.type: got 10/],
    [
      'a convention that nobody has',
      () => valueAtRisk(book, scenarios, { convention: 'acerbi' as 'beyond' }),
      /^type at options\.convention: got "acerbi", expected one of acerbi-tasche/,
    ],
    [
      'an option that nobody has',
      () => valueAtRisk(book, scenarios, { level: 0.99 } as never),
      /^unknown-key at options\.level/,
    ],
    [
      'a type of scenarios with weights',
      () => valueAtRisk(book, wrong({ weights: new Float64Array(10).fill(0.1) }), { type: 7 }),
      /^conflict at options\.type: got 7/,
    ],
    [
      'a factor that is not there',
      () => valueAtRisk(book, scenarios, { factors: { ETH: 'BTD' } }),
      /^unknown-id at options\.factors\.ETH: got "BTD".*Did you mean "BTC"\?/,
    ],
    ['an account that is not there', () => portfolioRisk(book, scenarios, { account: 'a9' }), /^unknown-id/],
    [
      'an account twice',
      () => portfolioRisk(book, scenarios, { account: ['a1', 'a1'] }),
      /^duplicate at options\.account\[1\]/,
    ],
    [
      'a trade without a size',
      () => riskAfter(book, 'a1', { market: 'BTC' } as never, scenarios),
      /^type at trade\.size/,
    ],
    [
      'a trade in nothing',
      () => riskAfter(book, 'a1', { market: 'XRP', size: 1 }, scenarios),
      /^unknown-id at trade\.market/,
    ],
    [
      'a book without tails',
      () => valueAtRisk(PlainBook.fromJSON(book.toJSON()), scenarios),
      /^engine at book: expected a book that measures value at risk\. Make it with the Book of 'margin-kernel\/var'/,
    ],
  ])('%s', (_, ask, message) => {
    const before = book.encode();
    expect(ask).toThrow(MarginError);
    expect(ask).toThrow(message);
    expect(book.encode()).toEqual(before);
  });
});
