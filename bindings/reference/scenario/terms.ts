// What instruments are worth to a model: an option, anything linear, a balance. Risk arrays, exposures and rules read it here.
import { KIND, NONE } from '../../layout.js';
import type { Columns } from '../../memory.js';
import { larger, smaller } from '../lanes.js';
import { exp } from '../numeric/exp.js';

export const SECONDS_PER_YEAR = 31536000;

export const isOption = ({ market }: Columns, m: number): boolean => market.kind[m]! >= KIND.call;

/** Whether an option pays its own base asset: its mark is in coin, its strike and its forward are in quote. */
export const paysCoin = ({ market, expiry }: Columns, m: number): boolean =>
  market.settle[m] === expiry.asset[market.expiry[m]!];

/** Numeraire per unit of the settle asset that a contract pays. */
export const payUnit = ({ market, asset }: Columns, m: number): number =>
  market.multiplier[m]! * asset.price[market.settle[m]!]!;

/** Numeraire per unit of the underlying, at the spot. */
export const unitSpot = (columns: Columns, m: number): number => {
  const { market, asset } = columns;
  const coin = market.kind[m] === KIND.inverse || (isOption(columns, m) && paysCoin(columns, m));
  return coin ? asset.price[market.settle[m]!]! : asset.price[market.settle[m]!]! * spotOf(columns, m);
};

/** Value of a long contract at its mark, numeraire. */
export const markValue = (columns: Columns, m: number): number => {
  const { market } = columns;
  const mark = market.mark[m]!;
  return payUnit(columns, m) * (market.kind[m] === KIND.inverse ? 1 / mark : mark);
};

/** What a contract moves, at the spot: the price of the base asset of an option, the index of anything else. */
export const spotOf = (columns: Columns, m: number): number => {
  const { market, asset, expiry } = columns;
  if (isOption(columns, m)) return asset.price[expiry.asset[market.expiry[m]!]!]!;
  return market.kind[m] === KIND.inverse ? 1 / market.index[m]! : market.index[m]!;
};

/** What a contract moves, at the spot, in the numeraire. An option that pays coin is on so many units of it. */
export const contractSpot = (columns: Columns, m: number): number => {
  const coin = isOption(columns, m) && paysCoin(columns, m);
  return coin ? payUnit(columns, m) : payUnit(columns, m) * spotOf(columns, m);
};

/** Forward of an expiry at `times` its spot: what averaging has fixed stays. */
export const forwardOf = ({ asset, expiry }: Columns, e: number, times: number): number =>
  expiry.carry[e]! * asset.price[expiry.asset[e]!]! * times + expiry.settled[e]!;

/** Exponents of discounts stop here, so that products of them stay far from infinity. */
const MOST_EXPONENT = 50;

/** e^x of a rate times a time. */
export const grown = (x: number): number => exp(larger(-MOST_EXPONENT, smaller(MOST_EXPONENT, x)));

export const yearsOf = (seconds: number): number => (seconds > 0 ? seconds : 0) / SECONDS_PER_YEAR;

/** Parameter of a model for an underlying; 1 where none is named. */
export const parameterOf = ({ model, parameter }: Columns, k: number, underlying: number, index: number): number =>
  index === NONE ? 1 : parameter.value[model.parameter[k]! + underlying * model.parameters[k]! + index]!;

/** A number of a model for an underlying: of its own, times a parameter. */
export const figureOf = (columns: Columns, k: number, underlying: number, value: number, by: number): number =>
  value * parameterOf(columns, k, underlying, by);

/** Amount of a balance after its index. */
export const amountOf = ({ balance, asset }: Columns, b: number): number => {
  const a = balance.asset[b]!;
  const amount = balance.amount[b]!;
  return amount * (amount < 0 ? asset.borrowIndex[a]! : asset.depositIndex[a]!);
};
