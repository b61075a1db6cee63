// margin-kernel/reference/options: the calls of margin-kernel/options in plain TypeScript, with the same bits, without WebAssembly.
import { askAll, askOne } from '../options/ask.js';
import type { OptionEngine } from '../options/engine.js';
import { DIGITALS, GREEKS, PRICES, VOLS } from '../options/questions.js';
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
} from '../options/types.js';
import { referenceOptions } from './options/engine.js';

export { MarginError, type MarginErrorCode, type MarginErrorDetails } from '../errors.js';
export * from '../options/types.js';

let made: OptionEngine | undefined;

function engine(): OptionEngine {
  made ??= referenceOptions();
  return made;
}

/** Price of an option. @throws MarginError, see margin-kernel/options */
export function optionPrice(option: Option): OptionPrice {
  return askOne(engine(), PRICES, option);
}

/** Prices of many options. @returns how many rows have another status than ok @throws MarginError, see margin-kernel/options */
export function optionPricesInto(options: OptionColumns, into: PriceInto): number {
  return askAll(engine(), PRICES, options, into);
}

/** Price and derivatives of an option. @throws MarginError, see margin-kernel/options */
export function optionGreeks(option: Option): Greeks {
  return askOne(engine(), GREEKS, option);
}

/** Prices and derivatives of many options. @returns how many rows have another status than ok @throws MarginError, see margin-kernel/options */
export function optionGreeksInto(options: OptionColumns, into: GreeksInto): number {
  return askAll(engine(), GREEKS, options, into);
}

/** Value of a digital option. @throws MarginError, see margin-kernel/options */
export function digitalPrice(option: Option): DigitalPrice {
  return askOne(engine(), DIGITALS, option);
}

/** Values of many digital options. @returns how many rows have another status than ok @throws MarginError, see margin-kernel/options */
export function digitalPricesInto(options: OptionColumns, into: DigitalInto): number {
  return askAll(engine(), DIGITALS, options, into);
}

/** The vol at which an option has its price. @throws MarginError, see margin-kernel/options */
export function impliedVol(option: PricedOption): ImpliedVol {
  return askOne(engine(), VOLS, option);
}

/** Vols of many options. @returns how many rows have another status than ok @throws MarginError, see margin-kernel/options */
export function impliedVolsInto(options: PricedColumns, into: VolInto): number {
  return askAll(engine(), VOLS, options, into);
}
