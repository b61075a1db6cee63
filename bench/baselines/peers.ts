// npm packages that price options or take quantiles, called as their users call them: one option, one account at a time. What is not
// installed is left out.

import type { TailPeer } from './tails.js';

/** Black-76 without discount. */
export interface OptionPeer {
  name: string;
  price(call: boolean, forward: number, strike: number, vol: number, time: number): number;
  /** Price and the Greeks that it has. */
  greeks?(call: boolean, forward: number, strike: number, vol: number, time: number): number;
  vol(call: boolean, forward: number, strike: number, price: number, time: number): number;
  /** What a price may be off, as a part of the forward, and a vol, as a part of itself. */
  tolerance: { price: number; vol: number };
}

type Module = Record<string, never>;

/** By a name that the compiler does not look up. */
const load = (name: string): Promise<Module | undefined> => import(name).catch(() => undefined);

interface BlackScholesTerms {
  rate: number;
  strike: number;
  time: number;
  type: 'call' | 'put';
  underlying: number;
}
interface BlackScholes {
  option(terms: BlackScholesTerms & { sigma: number }): { price: number; delta: number };
  sigma(terms: BlackScholesTerms & { price: number }): number;
}

async function uqee(): Promise<OptionPeer | undefined> {
  const module = (await load('@uqee/black-scholes')) as
    | { BlackScholes: new (args: object) => BlackScholes }
    | undefined;
  if (!module) return undefined;
  const black = new module.BlackScholes({
    sigmaToPricePrecision: 'double',
    priceToSigmaMethod: 'newton-raphson',
    priceToSigmaNRIteractions: 20,
  });
  const terms = (call: boolean, underlying: number, strike: number, time: number): BlackScholesTerms => ({
    rate: 0,
    strike,
    time,
    type: call ? 'call' : 'put',
    underlying,
  });
  return {
    name: '@uqee/black-scholes',
    price: (call, forward, strike, sigma, time) => black.option({ ...terms(call, forward, strike, time), sigma }).price,
    greeks: (call, forward, strike, sigma, time) => {
      const { price, delta } = black.option({ ...terms(call, forward, strike, time), sigma });
      return price + delta;
    },
    vol: (call, forward, strike, price, time) => black.sigma({ ...terms(call, forward, strike, time), price }),
    tolerance: { price: 1e-12, vol: 0.1 },
  };
}

interface QuantLib {
  Option: { Type: { Call: number; Put: number } };
  blackFormula1(type: number, strike: number, forward: number, sd: number): number;
  blackFormulaImpliedStdDevLiRS1(
    type: number,
    strike: number,
    forward: number,
    price: number,
    discount: number,
    displacement: number,
    guess: number | undefined,
    w: number,
    accuracy: number,
    maxIterations: number,
  ): number;
}

async function quantlib(): Promise<OptionPeer | undefined> {
  const ql = (await load('@quantlib/ql')) as QuantLib | undefined;
  if (!ql) return undefined;
  const { Call, Put } = ql.Option.Type;
  return {
    name: '@quantlib/ql',
    price: (call, forward, strike, vol, time) =>
      ql.blackFormula1(call ? Call : Put, strike, forward, vol * Math.sqrt(time)),
    vol: (call, forward, strike, price, time) =>
      ql.blackFormulaImpliedStdDevLiRS1(call ? Call : Put, strike, forward, price, 1, 0, undefined, 1, 1e-10, 100) /
      Math.sqrt(time),
    tolerance: { price: 1e-12, vol: 1e-3 },
  };
}

export async function optionPeers(): Promise<OptionPeer[]> {
  const peers = await Promise.all([uqee(), quantlib()]);
  return peers.filter((peer) => peer !== undefined);
}

interface SimpleStatistics {
  quantile(values: number[], p: number): number;
  mean(values: number[]): number;
}

async function simpleStatistics(): Promise<TailPeer | undefined> {
  const module = (await load('simple-statistics')) as SimpleStatistics | undefined;
  return (
    module && {
      name: 'simple-statistics',
      means: { type: 7, convention: 'beyond-type-7' },
      measure: (profits, confidence) => {
        const quantile = module.quantile(profits, 1 - confidence);
        return { var: -quantile, es: -module.mean(profits.filter((profit) => profit <= quantile)) };
      },
    }
  );
}

interface FinanceToolkit {
  calculateHistoricalVaR(returns: number[], confidence: number): { value: number; cvar: number };
}

async function financeToolkit(): Promise<TailPeer | undefined> {
  const module = (await load('@railpath/finance-toolkit')) as FinanceToolkit | undefined;
  return (
    module && {
      name: '@railpath/finance-toolkit',
      means: { convention: 'at-or-beyond' },
      measure: (profits, confidence) => {
        const { value, cvar } = module.calculateHistoricalVaR(profits, confidence);
        return { var: value, es: cvar };
      },
    }
  );
}

export async function tailPeers(): Promise<TailPeer[]> {
  const peers = await Promise.all([simpleStatistics(), financeToolkit()]);
  return peers.filter((peer) => peer !== undefined);
}
