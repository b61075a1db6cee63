// Value at risk of books: the kernel against its definition bit for bit, against an account revalued scenario by scenario through the
// margin of a moved book, conventions against their formulas, components against their sum, what is refused.
import { describe, expect, it } from 'vitest';
import type { BookBase, BookJSON } from '../bindings/public.js';
import { MarginError, margin } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/var.js';
import { portfolioRisk, riskAfter, type Scenarios, type ValueAtRiskOptions, valueAtRisk } from '../bindings/var/public.js';
import { Book } from '../bindings/var.js';
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

const BOOKS = Number(process.env.VAR_BOOKS ?? 300);

describe('kernel and reference', () => {
  it(`agree to the bit on ${BOOKS} books, and components sum to their total`, () => {
    for (let seed = 0; seed < BOOKS; seed++) {
      const r = new Random(seed ^ 0x7a11);
      const json = (r.chance(0.5) ? randomBook(seed, { features: 1, accounts: 4 }) : randomModelBook(seed, 6)) as BookJSON;
      const [book, other] = [Book.fromJSON(json), ReferenceBook.fromJSON(json)];
      book.refresh();
      const weighted = r.chance(0.3);
      const scenarios = randomScenarios(r, namesOf(book, r), r.pick([1, 2, 15, 16, 17, 100, 250, 333]), weighted);
      const options = randomOptions(r, weighted);
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
          if (!Number.isFinite(value) || !Object.is(value, y?.[i])) throw new Error(`${what}: ${value} and ${y?.[i]} at ${i}`);
        });
      }
    }
  });
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
    for (let seed = 0; seed < 90; seed++) {
      const r = new Random(seed ^ 0x6a1);
      const json = randomBook(seed, { features: 1, accounts: 4 });
      // Those markets round what a position is worth.
      if (json.markets.some((m) => 'rounding' in m && m.rounding)) continue;
      // Equity takes spot orders as filled where that is worse.
      for (const account of json.accounts) for (const holdings of [account, ...(account.buckets ?? [])]) delete holdings.orders;
      const book = Book.fromJSON(json);
      book.refresh();
      const scenarios = randomScenarios(r, namesOf(book, r), 5);
      for (let s = 0; s < scenarios.count; s++) {
        const wanted = profitsByHand(json, scenarios, s);
        for (const [account, profit] of wanted) {
          const { profits = [] } = portfolioRisk(book, scenarios, { account, profits: true });
          const scale = Math.abs(accountScale(book, account)) + Math.abs(profit);
          expect(Math.abs((profits[s] ?? Number.NaN) - profit), `seed ${seed}, scenario ${s}, ${account}`).toBeLessThanOrEqual(1e-9 * scale);
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
      scale += (Math.abs(worth) + Math.abs(position.cost[p] ?? 0) + Math.abs((position.size[p] ?? 0) * (market.fundingIndex[m] ?? 0))) * pays;
    }
    for (let b = unit.balanceStart[u] ?? 0, n = unit.balanceCount[u] ?? 0; n > 0; n--, b++)
      scale += Math.abs(balance.amount[b] ?? 0) * (asset.price[balance.asset[b] ?? 0] ?? 0) * 2;
  }
  return scale;
}
void MarginError;
void riskAfter;
