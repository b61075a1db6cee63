// margin-kernel/options: European options by Black-76 and Black-Scholes-Merton to the last digits, on the kernel: prices,
// digitals, Greeks, implied vols, one at a time or in columns. `margin-kernel/reference/options` is the same without WebAssembly.
import { askAll, askOne } from './options/ask.js';
import type { OptionEngine } from './options/engine.js';
import { kernelOptions } from './options/kernel.js';
import { DIGITALS, GREEKS, PRICES, VOLS } from './options/questions.js';
import type {
  DigitalInto,
  DigitalPrice,
  Greeks,
  GreeksInto,
  ImpliedVol,
  Option,
  OptionColumns,
  OptionPrice,
  PricedColumns,
  PricedOption,
  PriceInto,
  VolInto,
} from './options/types.js';

export { MarginError, type MarginErrorCode, type MarginErrorDetails } from './errors.js';
export * from './options/types.js';

let made: OptionEngine | undefined;

function engine(): OptionEngine {
  made ??= kernelOptions();
  return made;
}

/**
 * Price of an option, in the unit of the strike; relative error within 3e-15 on both sides of the money. After expiry the intrinsic
 * value, with status `expired`.
 * @throws MarginError type, missing-key, unknown-key, conflict; numbers of any value are answered by a status
 * @example
 * const { price } = optionPrice({ type: 'call', forward: 60_000, strike: 65_000, vol: 0.6, time: 30 / 365 });
 * console.log(price.toFixed(2)); // 2237.87
 */
export function optionPrice(option: Option): OptionPrice {
  return askOne(engine(), PRICES, option);
}

/**
 * Prices of many options. A column of `into` may be one of `options`, or overlap some, which are then answered as they were before
 * the call; it must not overlap another of `into`.
 * @returns how many rows have another status than ok
 * @throws MarginError as `optionPrice`, range where a column has not as many rows as `into.status`, and conflict where columns of
 *   `into` overlap; nothing is written then
 * @example
 * const strike = Float64Array.of(90, 100, 110);
 * const into = { price: new Float64Array(3), status: new Uint8Array(3) };
 * optionPricesInto({ type: 'put', spot: 100, strike, vol: 0.2, time: 0.5, rate: 0.05 }, into);
 * console.log(Array.from(into.price, (x) => x.toFixed(4)).join(' ')); // 1.2764 4.4197 10.1906
 */
export function optionPricesInto(options: OptionColumns, into: PriceInto): number {
  return askAll(engine(), PRICES, options, into);
}

/**
 * Price and derivatives of an option in closed form; what each is by, and its unit, is at `Greek`. At vol 0, time 0, forward 0 and
 * strike 0 they are limits, which are infinite for gamma at the money and for the elasticity of what is worth 0; never NaN
 * unless the status is `invalid`.
 * @throws MarginError as `optionPrice`
 * @example
 * const { delta, vega, thetaPerDay } = optionGreeks({ type: 'put', spot: 100, strike: 95, vol: 0.3, time: 0.25, rate: 0.04 });
 * console.log(delta.toFixed(4), vega.toFixed(4), thetaPerDay.toFixed(4)); // -0.3143 17.7456 -0.0254
 */
export function optionGreeks(option: Option): Greeks {
  return askOne(engine(), GREEKS, option);
}

/**
 * Prices and derivatives of many options: of `into`, the columns that are there.
 * @returns how many rows have another status than ok
 * @throws MarginError as `optionPricesInto`
 * @example
 * const forward = Float64Array.of(59_000, 60_000, 61_000);
 * const into = { delta: new Float64Array(3), gamma: new Float64Array(3), status: new Uint8Array(3) };
 * optionGreeksInto({ type: Int8Array.of(1, -1, 1), forward, strike: 60_000, vol: 0.6, time: 7 / 365 }, into);
 * console.log(into.delta[1].toFixed(4)); // -0.4834
 */
export function optionGreeksInto(options: OptionColumns, into: GreeksInto): number {
  return askAll(engine(), GREEKS, options, into);
}

/**
 * Value of a digital option: 1 unit of money, or one underlying, where it ends in the money. At vol 0 or time 0 the payoff,
 * discounted; half of it exactly at the strike.
 * @throws MarginError as `optionPrice`
 * @example
 * const { cash } = digitalPrice({ type: 'call', forward: 100, strike: 80, vol: 0.35, time: 0.75, discount: 0.95 });
 * console.log(cash.toFixed(4)); // 0.6846
 */
export function digitalPrice(option: Option): DigitalPrice {
  return askOne(engine(), DIGITALS, option);
}

/**
 * Values of many digital options: of `into`, the columns that are there.
 * @returns how many rows have another status than ok
 * @throws MarginError as `optionPricesInto`
 * @example
 * const into = { cash: new Float64Array(2), status: new Uint8Array(2) };
 * digitalPricesInto({ type: 'put', spot: Float64Array.of(90, 110), strike: 100, vol: 0.2, time: 0.1 }, into);
 * console.log(Array.from(into.cash, (x) => x.toFixed(4)).join(' ')); // 0.9552 0.0701
 */
export function digitalPricesInto(options: OptionColumns, into: DigitalInto): number {
  return askAll(engine(), DIGITALS, options, into);
}

/**
 * The vol at which an option has its price, to the limit of its conditioning: a relative error near (1 + condition) 1e-15.
 * An impossible price is a status, no exception.
 * @throws MarginError as `optionPrice`
 * @example
 * const { vol } = impliedVol({ type: 'call', forward: 60_000, strike: 65_000, time: 30 / 365, price: 2200 });
 * console.log(vol.toFixed(4)); // 0.5941
 * console.log(impliedVol({ type: 'call', forward: 60_000, strike: 50_000, time: 0.1, price: 9_999 }).status); // belowIntrinsic
 */
export function impliedVol(option: PricedOption): ImpliedVol {
  return askOne(engine(), VOLS, option);
}

/**
 * Vols of many options.
 * @returns how many rows have another status than ok; their vol and condition are NaN
 * @throws MarginError as `optionPricesInto`
 * @example
 * const strike = Float64Array.of(90, 100, 110);
 * const price = Float64Array.of(12, 5, -1);
 * const into = { vol: new Float64Array(3), status: new Uint8Array(3) };
 * console.log(impliedVolsInto({ type: 'call', forward: 100, strike, time: 0.25, price }, into)); // 1
 * console.log(Array.from(into.status, (code) => OPTION_STATUS[code]).join(' ')); // ok ok belowIntrinsic
 */
export function impliedVolsInto(options: PricedColumns, into: VolInto): number {
  return askAll(engine(), VOLS, options, into);
}
