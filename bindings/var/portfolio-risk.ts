// Value at risk and expected shortfall of a portfolio with everything that explains them: the scenarios of the tail with their weights,
// the part of each instrument, what one contract more would add, what the risk would be without it.
import type { BookBase } from '../book/book.js';
import { Fields } from '../book/fields.js';
import { checkBook } from '../margin.js';
import { tailEngine } from './gains.js';
import { MEASURE_KEYS, type RiskMeasure } from './measure.js';
import { Question, type QuestionOptions, type RiskTrade, readTrade, type TailLoss } from './question.js';
import type { Scenarios } from './types.js';

/** Whose risk, and what is taken apart. */
export interface PortfolioRiskOptions extends QuestionOptions {
  /** What is taken apart; default `expected-shortfall`. */
  measure?: RiskMeasure;
  /** Measures the portfolio without each instrument too: as many passes as there are instruments. */
  incremental?: boolean;
  /** Gives the profit in every scenario too, also of each component. */
  profits?: boolean;
  /** Trades that are added first. */
  trades?: readonly RiskTrade[];
}

/** Part of an instrument in the measure that is taken apart; numeraire, losses positive. */
export interface RiskComponent {
  /** Id of the market; of an asset none. */
  market?: string;
  /** Id of the asset; of a market none. */
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

/** Risk of a portfolio, taken apart; numeraire, losses positive. */
export interface PortfolioRisk {
  /** Value at risk and expected shortfall, numeraire, losses positive. */
  var: number;
  /** Expected shortfall, numeraire, a loss positive. */
  es: number;
  /** Which of the two is taken apart. */
  measure: RiskMeasure;
  /** The worst first. */
  tail: TailLoss[];
  /** By instrument: positions, then balances whose price moves. */
  components: RiskComponent[];
  /** Sum of the components in their order, to the bit. */
  total: number;
  /** The measure and `total` are no further apart: rounding of both sums. */
  bound: number;
  /** By scenario, gains positive, where asked for. */
  profits?: Float64Array;
  /** Markets and assets that are held and stay where they are in all scenarios. */
  still: string[];
  /** The tail has less than one scenario: both measures are the worst of all. */
  thin: boolean;
}

const KEYS = [...MEASURE_KEYS, 'account', 'factors', 'measure', 'incremental', 'profits', 'trades'] as const;

/** Half a unit in the last place of 1. */
const EPSILON = 1.1102230246251565e-16;

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
  for (const { thing, size, paid } of trades) asked.portfolio.trade(thing, size, paid);
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
    still: asked.open(),
    thin: asked.thin,
  };
}
