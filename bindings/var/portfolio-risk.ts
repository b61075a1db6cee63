// Value at risk and expected shortfall of a portfolio with everything that explains them: the scenarios of the tail with their weights,
// the part of each instrument, what one contract more would add, what the risk would be without it; and what a trade would make of it.
import type { BookBase } from '../book/book.js';
import type { Ref } from '../book/book-rows.js';
import { decimal, Fields, PRICE, SIZE } from '../book/fields.js';
import { entryCost } from '../book/holdings.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { KIND, MEASURE } from '../layout.js';
import { checkBook } from '../margin.js';
import { rowOf } from '../reference/var/holding.js';
import type { Factors } from './factors.js';
import { addHeld, openGains, tailEngine } from './gains.js';
import { type Instrument, Portfolio } from './holdings.js';
import {
  COMPONENTS,
  MEASURE_KEYS,
  type Measure,
  type MeasureOptions,
  measureOf,
  openMeasure,
  type RiskMeasure,
} from './measure.js';
import type { Scenarios } from './types.js';

/** A trade that is not in the book. */
export interface RiskTrade {
  market: Ref;
  /** Contracts, negative where they are sold. */
  size: Decimal;
  /** Quote; default the mark. It matters where the settle asset's price moves. */
  price?: Decimal;
}

export interface PortfolioRiskOptions extends MeasureOptions {
  /** The account, or accounts, whose units are the portfolio; default all of the book. */
  account?: Ref | readonly Ref[];
  factors?: Factors;
  /** What is taken apart; default `expected-shortfall`. */
  measure?: RiskMeasure;
  /** Measures the portfolio without each instrument too: as many passes as there are instruments. */
  incremental?: boolean;
  /** Gives the profit in every scenario too, also of each component. */
  profits?: boolean;
  /** Trades that are added first. */
  trades?: readonly RiskTrade[];
}

/** A scenario of the tail. */
export interface TailLoss {
  scenario: number;
  label: string;
  /** Numeraire, a loss positive. */
  loss: number;
  /** Its weight in the measure that is taken apart. */
  weight: number;
}

/** Part of an instrument in the measure that is taken apart; numeraire, losses positive. */
export interface RiskComponent {
  market?: string;
  asset?: string;
  /** Contracts, or units of the asset. */
  size: number;
  /** Its weighted loss in the tail: by Euler's theorem size times the derivative, and all of them sum to the measure. */
  component: number;
  /** The derivative: what one contract (unit) more adds. */
  marginal: number;
  /** The measures with it less those without it, where they were asked for. */
  incremental?: { var: number; es: number };
  /** By scenario, gains positive, where asked for. */
  profits?: Float64Array;
}

export interface PortfolioRisk {
  /** Value at risk and expected shortfall, numeraire, losses positive. */
  var: number;
  es: number;
  measure: RiskMeasure;
  /** The worst first. */
  tail: TailLoss[];
  components: RiskComponent[];
  /** Sum of the components in their order, to the bit. */
  total: number;
  /** The measure and `total` are no further apart: rounding of both sums. */
  bound: number;
  /** By scenario, gains positive, where asked for. */
  profits?: Float64Array;
  still: string[];
  /** The tail has less than one scenario: both measures are the worst of all. */
  thin: boolean;
}

const KEYS = [...MEASURE_KEYS, 'account', 'factors', 'measure', 'incremental', 'profits', 'trades'] as const;

/** Half a unit in the last place of 1. */
const EPSILON = 1.1102230246251565e-16;

function unitsOf(book: BookBase, account: PortfolioRiskOptions['account']): number[] {
  if (account === undefined) return Array.from({ length: book.units }, (_, u) => u);
  const accounts = Array.isArray(account) ? (account as readonly Ref[]) : [account as Ref];
  const twice = accounts.findIndex((one, i) =>
    accounts.some((other, j) => j < i && book.account(other) === book.account(one)),
  );
  if (twice >= 0)
    throw new MarginError('duplicate', {
      path: `options.account[${twice}]`,
      got: accounts[twice],
      expected: 'each account once',
    });
  return accounts.flatMap((one) => book.unitsOf(one));
}

interface Trade {
  market: number;
  size: number;
  price: number;
}

function readTrade(book: BookBase, value: unknown, path: string): Trade {
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
  return { market, size, price };
}

/** A portfolio whose gains are open. */
class Question {
  readonly #book: BookBase;
  readonly #scenarios: Scenarios;
  readonly #measure: Measure;
  readonly #component: number;
  readonly portfolio: Portfolio;
  readonly still: string[];

  constructor(
    book: BookBase,
    scenarios: Scenarios,
    options: PortfolioRiskOptions,
    trades: readonly Trade[],
    f: Fields,
  ) {
    const units = unitsOf(book, options.account);
    const held = new Uint8Array(book.markets + book.assets);
    for (const u of units) addHeld(book, u, held);
    for (const { market } of trades) held[market] = 1;
    this.#book = book;
    this.#scenarios = scenarios;
    this.still = openGains(book, scenarios, held, options.factors);
    this.#measure = measureOf(options, f, scenarios);
    this.#component = f.word('measure', COMPONENTS, 'expected-shortfall');
    this.portfolio = new Portfolio(book, units);
  }

  get thin(): boolean {
    return this.#measure.thin;
  }

  trade({ market, size, price }: Trade): void {
    this.portfolio.trade(market, size, entryCost(this.#book.store.columns, market, size, price));
  }

  /** Measures what is held; the tail stays open. @returns losses in it */
  ask(without?: Instrument): { var: number; es: number; size: number } {
    const { store } = this.#book;
    const count = this.portfolio.write(without);
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
      const label = this.#scenarios.labels?.[scenario] ?? String(scenario);
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

/**
 * Value at risk and expected shortfall of one account, of several, or of a whole book as one portfolio, taken apart. Positions of
 * all its buckets are one portfolio here; open orders do not count.
 * @param scenarios - moves of underlyings, markets or assets by name
 * @returns numeraire, losses positive
 * @throws MarginError with the path of what is wrong; unknown-id where the scenarios do not say how something held moves
 * @see D. Tasche, Risk contributions and performance measurement (1999): the derivative of a tail's mean is the mean of the derivatives
 * @example
 * const { es, components, total } = portfolioRisk(book, scenarios, { account: 'a1', confidence: '0.99' });
 */
export function portfolioRisk(book: BookBase, scenarios: Scenarios, options: PortfolioRiskOptions = {}): PortfolioRisk {
  checkBook(book);
  tailEngine(book);
  const f = new Fields(options, 'options', KEYS);
  const trades = Array.from(f.list('trades'), (trade, i) => readTrade(book, trade, `${f.at('trades')}[${i}]`));
  const incremental = f.boolean('incremental', false);
  const profits = f.boolean('profits', false);
  const asked = new Question(book, scenarios, options, trades, f);
  for (const trade of trades) asked.trade(trade);
  const { var: risk, es, size } = asked.ask();
  const tail = asked.tail(size);
  const instruments = asked.portfolio.instruments.filter((one) => asked.moves(one));
  let [total, magnitude] = [0, 0];
  const components = instruments.map((one): RiskComponent => {
    const { component, marginal, size: terms } = asked.component(one, tail);
    total += component;
    magnitude += terms;
    const own = profits ? { profits: asked.profitsOf(one) } : {};
    return { ...asked.name(one.thing), size: one.size, component, marginal, ...own };
  });
  if (incremental)
    instruments.forEach((one, i) => {
      const without = asked.ask(one);
      (components[i] as RiskComponent).incremental = { var: risk - without.var, es: es - without.es };
    });
  return {
    var: risk,
    es,
    measure: options.measure ?? 'expected-shortfall',
    tail,
    components,
    total,
    // Each term is rounded at most as often as there are instruments and scenarios in the tail, in either sum.
    bound: 2 * (instruments.length + tail.length + 4) * EPSILON * magnitude,
    ...(profits ? { profits: asked.profits() } : {}),
    still: asked.still,
    thin: asked.thin,
  };
}

/** Both measures, and how much more they are than before. */
export interface RiskAfterTrade {
  before: { var: number; es: number };
  after: { var: number; es: number };
  incremental: { var: number; es: number };
}

/**
 * What trades would make of the risk of an account: with them less without them. Gains are made once for a book and its prices, so a
 * question costs two passes over the scenarios.
 * @param account - id or row
 * @throws MarginError as portfolioRisk
 * @example
 * const { incremental } = riskAfter(book, 'a1', { market: 'BTC-PERP', size: -1 }, scenarios);
 */
export function riskAfter(
  book: BookBase,
  account: Ref,
  trades: RiskTrade | readonly RiskTrade[],
  scenarios: Scenarios,
  options: Omit<PortfolioRiskOptions, 'account' | 'trades' | 'measure' | 'incremental' | 'profits'> = {},
): RiskAfterTrade {
  checkBook(book);
  tailEngine(book);
  const f = new Fields(options, 'options', [...MEASURE_KEYS, 'factors']);
  const list = Array.isArray(trades) ? (trades as readonly RiskTrade[]) : [trades as RiskTrade];
  const read = Array.from(list, (trade, i) => readTrade(book, trade, list.length === 1 ? 'trade' : `trades[${i}]`));
  // Without one it would be the whole book.
  const asked = new Question(book, scenarios, { ...options, account: book.account(account) }, read, f);
  const before = asked.ask();
  for (const trade of read) asked.trade(trade);
  const after = asked.ask();
  return {
    before: { var: before.var, es: before.es },
    after: { var: after.var, es: after.es },
    incremental: { var: after.var - before.var, es: after.es - before.es },
  };
}
