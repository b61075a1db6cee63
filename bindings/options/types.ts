// What options are described with and answered by. Times are in years, rates and yields continuous per year, vols per square
// root of a year (0.6 is 60 %), money in the unit of strike and underlying.
import type { GREEK_COLUMNS } from './layout.js';

export type OptionType = 'call' | 'put';

/** Names of the status codes, by code. */
export const OPTION_STATUS = ['ok', 'belowIntrinsic', 'aboveMaximum', 'expired', 'invalid'] as const;

/**
 * What became of a row or an option:
 * `ok`; `belowIntrinsic`, no vol is low enough for the price; `aboveMaximum`, none is high enough, the price is the underlying
 * (call) or the strike (put), discounted, or more; `expired`, the time is below 0, for a vol also 0; `invalid`, a number is NaN,
 * infinite, beyond 1e150 or of the wrong sign.
 */
export type OptionStatus = (typeof OPTION_STATUS)[number];

/** An underlying with a forward or futures price (Black-76). */
export interface ForwardUnderlying {
  /** Forward price for the expiry, >= 0. */
  forward: number;
  /** Discount factor from expiry to now, > 0; default 1: the premium is margined. */
  discount?: number;
}

/** An underlying with a spot price (Black-Scholes-Merton): its forward is spot e^((rate - dividendYield) time). */
export interface SpotUnderlying {
  /** Spot price, >= 0. */
  spot: number;
  /** Interest rate; default 0. */
  rate?: number;
  /** Yield of the underlying: dividends, the foreign rate of a currency, or minus its cost of carry; default 0. */
  dividendYield?: number;
}

export type Underlying = ForwardUnderlying | SpotUnderlying;

export type OptionTerms = Underlying & {
  type: OptionType;
  /** >= 0. */
  strike: number;
  /** Years to expiry. */
  time: number;
};

/** A European option with its vol (>= 0). */
export type Option = OptionTerms & { vol: number };

/** A European option with its price, in the unit of the strike. */
export type PricedOption = OptionTerms & { price: number };

export interface OptionPrice {
  status: OptionStatus;
  /** NaN where the status is `invalid`; at and after expiry the intrinsic value. */
  price: number;
}

export interface DigitalPrice {
  status: OptionStatus;
  /** Value of 1 unit of money, paid at expiry where the option ends in the money. */
  cash: number;
  /** Value of one underlying, paid there. */
  asset: number;
}

/**
 * Names of the derivatives. `delta` is that of the price by the spot, or by the forward (discounted); `forwardDelta` is
 * N(d1) of a call and N(d1) - 1 of a put, neither discounted nor carried; `gamma` the change of `delta`; `vega` per 1.00 of vol;
 * `theta` per year that passes, `thetaPerDay` a 365th of it; `rho` per 1.00 of the rate and `dividendRho` per 1.00 of the yield;
 * `vanna` the change of `delta` per 1.00 of vol; `volga` that of `vega`; `elasticity` is delta underlying / price.
 */
export type Greek = (typeof GREEK_COLUMNS)[number];

export type Greeks = { status: OptionStatus } & Record<Greek, number>;

export interface ImpliedVol {
  status: OptionStatus;
  /** NaN where the status is not `ok`; 0 where the price is the intrinsic value. */
  vol: number;
  /** price / (vega vol): the relative error of the vol for one of the price; Infinity where the vol is 0. */
  condition: number;
}

/** A value a row, or one for all rows. */
export type Column = Float64Array | number;
/** 1 is a call, -1 a put. */
export type TypeColumn = Int8Array | OptionType;

export type UnderlyingColumns =
  | { forward: Column; discount?: Column }
  | { spot: Column; rate?: Column; dividendYield?: Column };

export type TermColumns = UnderlyingColumns & { type: TypeColumn; strike: Column; time: Column };
export type OptionColumns = TermColumns & { vol: Column };
export type PricedColumns = TermColumns & { price: Column };

/** Where answers go; every column has a row an option. */
export interface PriceInto {
  price: Float64Array;
  /** Indices of OPTION_STATUS. */
  status: Uint8Array;
}
export interface DigitalInto {
  cash?: Float64Array;
  asset?: Float64Array;
  status: Uint8Array;
}
export type GreeksInto = { status: Uint8Array } & Partial<Record<Greek, Float64Array>>;
export interface VolInto {
  vol: Float64Array;
  condition?: Float64Array;
  status: Uint8Array;
}
