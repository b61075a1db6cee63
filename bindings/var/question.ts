// A portfolio as it is asked for: whose units, which trades beside them, and its measures, tail and parts once gains are open.
import type { BookBase } from '../book/book.js';
import type { Ref } from '../book/book-rows.js';
import { decimal, Fields, PRICE, SIZE } from '../book/fields.js';
import { entryCost } from '../book/holdings.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { KIND, MEASURE } from '../layout.js';
import { rowOf } from '../reference/var/holding.js';
import type { Factors } from './factors.js';
import { addHeld, openGains, tailEngine } from './gains.js';
import { type Instrument, Portfolio } from './holdings.js';
import { COMPONENTS, type Measure, type MeasureOptions, measureOf, openMeasure } from './measure.js';
import type { Scenarios } from './types.js';

/** A trade that is not in the book. */
export interface RiskTrade {
  /** Id or row. */
  market: Ref;
  /** Contracts, negative where they are sold. */
  size: Decimal;
  /** Quote; default the mark. It matters where the settle asset's price moves. */
  price?: Decimal;
}

/** A scenario of the tail. */
export interface TailLoss {
  /** Number of the scenario, from 0. */
  scenario: number;
  /** Its label, as the scenarios have it. */
  label: string;
  /** Numeraire, a loss positive. */
  loss: number;
  /** Its weight in the measure that is taken apart. */
  weight: number;
}

/** Whose portfolio, and how it is measured. */
export interface QuestionOptions extends MeasureOptions {
  /** The account, or accounts, whose units are the portfolio; default all of the book. */
  account?: Ref | readonly Ref[];
  /** By id of a market, an underlying or an asset: the name of the scenarios that it moves with, or null where it stays. */
  factors?: Factors;
}

function unitsOf(book: BookBase, account: QuestionOptions['account']): number[] {
  if (account === undefined) return Array.from({ length: book.units }, (_, u) => u);
  const accounts = Array.isArray(account) ? (account as readonly Ref[]) : [account as Ref];
  const seen = new Set<number>();
  accounts.forEach((one, i) => {
    const row = book.account(one);
    if (seen.has(row))
      throw new MarginError('duplicate', { path: `options.account[${i}]`, got: one, expected: 'each account once' });
    seen.add(row);
  });
  return accounts.flatMap((one) => book.unitsOf(one));
}

/** @throws MarginError unknown-id, type, range, conflict */
export function readTrade(book: BookBase, value: unknown, path: string): Instrument {
  const f = new Fields(value, path, ['market', 'size', 'price']);
  const market = book.market(f.raw('market') as Ref, f.at('market'));
  // Marks that follow values are read below.
  book.refresh();
  const { market: c } = book.store.columns;
  if (c.kind[market] === KIND.spot)
    throw new MarginError('conflict', {
      path: f.at('market'),
      got: book.marketId(market),
      expected: 'a market that has positions',
    });
  const size = decimal(f.raw('size'), f.at('size'), SIZE);
  const price = f.has('price') ? f.number('price', PRICE) : (c.mark[market] ?? 0);
  return { thing: market, size, paid: entryCost(book.store.columns, market, size, price) };
}

/** A portfolio whose gains are open. */
export class Question {
  readonly #book: BookBase;
  readonly #scenarios: Scenarios;
  readonly #measure: Measure;
  readonly #component: number;
  readonly #factors: Factors | undefined;
  readonly #held: Uint8Array;
  readonly portfolio: Portfolio;

  constructor(
    book: BookBase,
    scenarios: Scenarios,
    options: QuestionOptions,
    trades: readonly Instrument[],
    f: Fields,
  ) {
    const units = unitsOf(book, options.account);
    this.#book = book;
    this.#scenarios = scenarios;
    this.#factors = options.factors;
    this.#held = new Uint8Array(book.markets + book.assets);
    for (const u of units) addHeld(book, u, this.#held);
    for (const { thing } of trades) this.#held[thing] = 1;
    this.open();
    this.#measure = measureOf(options, f, scenarios);
    this.#component = f.word('measure', COMPONENTS, 'expected-shortfall');
    this.portfolio = new Portfolio(book, units);
  }

  get thin(): boolean {
    return this.#measure.thin;
  }

  /** Makes gains, unless they stand. @returns what stays where it is */
  open(): string[] {
    return openGains(this.#book, this.#scenarios, this.#held, this.#factors);
  }

  /** Measures what is held, without an instrument or with trades; the tail stays open. @returns losses in it */
  ask(without?: Instrument, trades: readonly Instrument[] = []): { var: number; es: number; size: number } {
    const { store } = this.#book;
    for (const { thing } of trades) this.#held[thing] = 1;
    this.open();
    const count = this.portfolio.write(without, trades);
    openMeasure(store, this.#measure, this.#scenarios, { component: this.#component });
    store.setCount('loss', 1);
    const size = tailEngine(this.#book).tailOf(store, count, 0);
    const { loss } = store.columns;
    return { var: loss.risk[0] ?? 0, es: loss.shortfall[0] ?? 0, size };
  }

  /** The tail as it is open. */
  tail(size: number): TailLoss[] {
    const { tail } = this.#book.store.columns;
    return Array.from({ length: size }, (_, i) => {
      const scenario = tail.scenario[i] ?? 0;
      const label = this.#scenarios.labels?.[scenario] ?? String((this.#scenarios.first ?? 0) + scenario);
      return { scenario, label, loss: 0 - (tail.gain[i] ?? 0), weight: tail.weight[i] ?? 0 };
    });
  }

  /** Whether anything of an instrument moves in any scenario. */
  moves({ thing, size, paid }: Instrument): boolean {
    const { markets, store } = this.#book;
    if (size !== 0 && rowOf(store, thing) >= 0) return true;
    return thing < markets && paid !== 0 && rowOf(store, markets + (store.columns.market.settle[thing] ?? 0)) >= 0;
  }

  /** Gain of one of a thing in a scenario. */
  #gain(thing: number, scenario: number): number {
    const { gain, measure } = this.#book.store.columns;
    const row = rowOf(this.#book.store, thing);
    return row < 0 ? 0 : (gain.value[row * (measure.term[MEASURE.width] ?? 0) + scenario] ?? 0);
  }

  /** Loss of an instrument in a scenario; a position's cost is paid in its settle asset, whose price may move. */
  #loss({ thing, size, paid }: Instrument, scenario: number): number {
    const { markets } = this.#book;
    const own = 0 - size * this.#gain(thing, scenario);
    if (thing >= markets) return own;
    const settle = this.#book.store.columns.market.settle[thing] ?? 0;
    return own + paid * this.#gain(markets + settle, scenario);
  }

  component(one: Instrument, tail: readonly TailLoss[]): { component: number; marginal: number; size: number } {
    let [component, marginal, magnitude] = [0, 0, 0];
    for (const { scenario, weight } of tail) {
      const loss = weight * this.#loss(one, scenario);
      component += loss;
      magnitude += Math.abs(weight * one.size * this.#gain(one.thing, scenario)) + Math.abs(loss);
      marginal += weight * (0 - this.#gain(one.thing, scenario));
    }
    return { component, marginal, size: magnitude };
  }

  profits(): Float64Array {
    const count = this.portfolio.write();
    const { holding, gain, measure } = this.#book.store.columns;
    const width = measure.term[MEASURE.width] ?? 0;
    return Float64Array.from({ length: this.#scenarios.count }, (_, s) => {
      let sum = 0;
      for (let h = 0; h < count; h++)
        sum += (holding.amount[h] ?? 0) * (gain.value[(holding.row[h] ?? 0) * width + s] ?? 0);
      return sum;
    });
  }

  /** Profit of an instrument by scenario. */
  profitsOf(one: Instrument): Float64Array {
    return Float64Array.from({ length: this.#scenarios.count }, (_, s) => 0 - this.#loss(one, s));
  }

  name(thing: number): { market: string } | { asset: string } {
    const { markets } = this.#book;
    return thing < markets ? { market: this.#book.marketId(thing) } : { asset: this.#book.assetId(thing - markets) };
  }
}
