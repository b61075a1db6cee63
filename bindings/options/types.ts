// What options are described with and answered by. Times are in years, rates and yields continuous per year, vols per square
// root of a year (0.6 is 60 %), money in the unit of strike and underlying.

/** What the option is a right to: buy (call) or sell (put). */
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

/** What the option is on: a forward, or a spot price with its carry. */
export type Underlying = ForwardUnderlying | SpotUnderlying;

/** A European option without vol and price. */
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

/** Answer of `optionPrice`. */
export interface OptionPrice {
  /** `ok`, or why the number is not what was asked for. */
  status: OptionStatus;
  /** NaN where the status is `invalid`; at and after expiry the intrinsic value. */
  price: number;
}

/** Answer of `digitalPrice`. */
export interface DigitalPrice {
  /** `ok`, or why the numbers are not what was asked for. */
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
export type Greek =
  | 'price'
  | 'delta'
  | 'forwardDelta'
  | 'gamma'
  | 'vega'
  | 'theta'
  | 'thetaPerDay'
  | 'rho'
  | 'dividendRho'
  | 'vanna'
  | 'volga'
  | 'elasticity';

/** Answer of `optionGreeks`: each Greek by its name, in the unit that `Greek` says. */
export type Greeks = { status: OptionStatus } & Record<Greek, number>;

/** Answer of `impliedVol`. */
export interface ImpliedVol {
  /** `ok`, or why there is no vol. */
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

/** Underlyings of many options: a number is the same for all rows, an array has one a row. */
export type UnderlyingColumns =
  | { forward: Column; discount?: Column }
  | { spot: Column; rate?: Column; dividendYield?: Column };

/** Terms of many options; a number is the same for all rows, an array has one a row. */
export type TermColumns = UnderlyingColumns & { type: TypeColumn; strike: Column; time: Column };
/** Many options with their vols (>= 0). */
export type OptionColumns = TermColumns & { vol: Column };
/** Many options with their prices, in the unit of the strike. */
export type PricedColumns = TermColumns & { price: Column };

/** Where answers go; every column has a row an option. */
export interface PriceInto {
  /** In the unit of the strike, one a row. */
  price: Float64Array;
  /** Indices of OPTION_STATUS. */
  status: Uint8Array;
}
/** Where values of digital options are written; what is left out is not. */
export interface DigitalInto {
  /** Of 1 unit of money. */
  cash?: Float64Array;
  /** Of one underlying. */
  asset?: Float64Array;
  /** Indices of OPTION_STATUS. */
  status: Uint8Array;
}
/** Where Greeks are written: columns by their names; what is left out is not. */
export type GreeksInto = { status: Uint8Array } & Partial<Record<Greek, Float64Array>>;
/** Where implied vols are written. */
export interface VolInto {
  /** Per square root of a year. */
  vol: Float64Array;
  /** Relative error of the vol for one of the price. */
  condition?: Float64Array;
  /** Indices of OPTION_STATUS. */
  status: Uint8Array;
}
