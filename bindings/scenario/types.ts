// A scenario model as JSON: a table of scenarios, and the requirement that is made of it. docs/scenarios.md explains every key.
import type { Decimal } from '../book/types.js';

/** A number, or the name of a parameter: each underlying has its own value of it. */
export type Figure = Decimal | string;

/** A number for both levels, or one for each: maintenance defaults to initial. The name of a parameter stands for its value. */
export type LevelFactor = Decimal | { initial: Decimal; maintenance?: Decimal };

/** A row of the table. */
export interface ScenarioJSON {
  /** Name in reports; default its number. */
  id?: string;
  /** Scans name the set of rows that they read; default `scan`. */
  set?: string;
  /** Relative move of the spot, e.g. -0.15; with `range` a multiple of that parameter. Forwards and linear markets move with it. */
  price?: Decimal;
  /** Name of a parameter of the underlying that `price` is a multiple of. */
  range?: string;
  /** Name of a move of `volatility`; default: it stays. */
  volatility?: string;
  /** Factor of the profit or loss, e.g. of extreme moves; default 1. */
  weight?: Figure;
  /** Factor of what instruments that pay coin gain, before anything is summed; default 1. */
  coinWeight?: Figure;
  /** Taken off the size of what each underlying gains or loses, at most all of it (numeraire); default 0. */
  dampener?: Figure;
  /**
   * What happens to the value of each expiry: `none`; `discount`, the static discount of the model; `loss`, the difference
   * that is left of it counts as a loss either way.
   */
  operation?: 'none' | 'discount' | 'loss';
  /** Days that pass; default 0. */
  days?: Decimal;
  /** Shift of the continuous rate a year; default 0. */
  rate?: Decimal;
}

/** How a move depends on the time to expiry: (days / max(time, floorDays))^exponent, `short` up to `days`, `long` beyond. */
export interface TermJSON {
  /** Time to expiry at which the term is 1. */
  days: Decimal;
  /** Time below which it grows no more; default 0. */
  floorDays?: Decimal;
  /** Exponent up to `days`. */
  short: Decimal;
  /** Exponent beyond `days`; default `short`. */
  long?: Decimal;
}

/** A move of volatility. */
export type VolatilityMoveJSON =
  | {
      /** volatility * max(0, 1 + scale * term), at least `least`. */
      scale: Decimal;
      range?: string;
      term?: TermJSON;
      least?: Figure;
    }
  | {
      /** max(0, volatility + shift * term), at least `least`. */
      shift: Decimal;
      range?: string;
      term?: TermJSON;
      least?: Figure;
    }
  | {
      /**
       * By moneyness k = ln(strike / forward): volatility * max(0, 1 + x), x = k cap / width, at most the cap for k >= 0 and at
       * least -cap below; cap = slope sqrt(t) + cap, width = max(least, sqrt(t) factor (level + rise sqrt(t))). Symmetric: by |k|.
       */
      skew: {
        cap: Decimal;
        slope?: Decimal;
        width: { least: Decimal; factor: Decimal; level: Decimal; rise?: Decimal };
        symmetric?: boolean;
      };
    };

/** A static discount of the value of an expiry of t years and rate r: base exp(-t (r rateFactor + rateAdd)); at most exp(r t) for a debt. */
export interface DiscountJSON {
  /** Share of the value that counts before time and rate. */
  base: Decimal;
  /** Factor of the rate in the exponent; default 0. */
  rateFactor?: Decimal;
  /** Added to the rate in the exponent, a year; default 0. */
  rateAdd?: Decimal;
  /** Of a negative value: base exp(t (r rateFactor + rateAdd)); default: not discounted. */
  negative?: { base: Decimal; rateFactor?: Decimal; rateAdd?: Decimal };
}

/** What every part of a requirement may have. */
export interface PartTerms {
  /** Name in reports and attributions. */
  id?: string;
  /** Factor by level, or the name of a parameter by underlying; default 1. */
  factor?: LevelFactor | string | { initial: Decimal | string; maintenance?: Decimal | string };
  /** Adds (threshold - price) * factor of an asset below its peg to the factor. */
  peg?: { asset: string; threshold: Decimal; factor: LevelFactor };
}

/** Counts only below a confidence, for the part that is missing to 1: (1 - confidence) * factor. */
export interface ConfidenceJSON {
  /** Confidence below which it counts, in [0, 1]. */
  threshold: Decimal;
  /** Of the part that is missing to 1. */
  factor: Decimal;
  /** The confidence of linear markets that are held bounds that of options and collateral. */
  linked?: boolean;
  /** Asset whose confidence bounds all others. */
  feed?: string;
}

/** A part of a requirement: one of these keys, and what every part may have. What each comes to is in docs/scenarios.md, Requirement. */
export type PartJSON = PartTerms &
  (
    | { sum: PartJSON[] }
    | { max: PartJSON[] }
    /** The part for each underlying on its own, summed; by group: for all underlyings of a group together. */
    | { each: PartJSON; by?: 'underlying' | 'group' }
    /** Marginal tiers of a part: the slice up to `upTo` counts with `rate`. */
    | { tiers: { upTo: Decimal | null; rate: Decimal }[]; of: PartJSON }
    /** Largest loss over the scenarios of a set, at least 0 unless `signed`; by expiry: the sum over expiries. */
    | {
        scan: string;
        signed?: boolean;
        by?: 'all' | 'expiry';
        expiryFactor?: { base: Decimal; perYear: Decimal };
        /** Share of its gains that an underlying may set against the losses of others; default 1. */
        gains?: Figure;
        /** What the losses of the scenarios come to: the worst (default), the k-th, or a tail; see docs/scenarios.md. */
        reduce?: 'worst' | { rank: number } | { shortfall: Decimal } | { aged: Decimal; decay: Decimal };
      }
    /** Sum of |position|; of its short part; of what is net short at each strike of an expiry. */
    | { gross: Instruments; at?: ExposureBase; confidence?: ConfidenceJSON }
    | { short: Instruments; at?: ExposureBase; confidence?: ConfidenceJSON }
    | { netShort: 'options'; at?: 'spot' }
    /** The lesser of all that is long and all that is short. */
    | { offset: 'linear'; at?: ExposureBase }
    /** net * |net delta| + hedged * (gross delta - |net delta|) / 2, times the spot. */
    | { delta: { net: Figure; hedged: Figure } }
    /** Sum over expiries (perpetuals are one of their own) of |net delta| * max(least, perYear * years), at the spot. */
    | { roll: { least: Figure; perYear: Figure } }
    /** Net deltas of expiries held against one another, the first long against the first short: delta * years between * rate. */
    | { calendar: { rate: Figure } }
    /**
     * |net delta| * min(most, slope * (units of the underlying beyond the threshold)), at the spot; the threshold is in the numeraire.
     * Long options only lessen it.
     */
    | { deltaShock: { threshold: Figure; slope: Figure; most: Figure } }
    /** Charges of the spreads between months, of deliveries, and the credits between underlyings: see SpreadsJSON. */
    | { spreads: 'months' | 'delivery' }
    | { spreads: 'credit'; set?: string }
    | { options: StandardOptionsJSON }
  );

/** What a part sums over. */
export type Instruments = 'options' | 'calls' | 'puts' | 'linear' | 'collateral';
/** The spot, the mark, the number of contracts, or of units in them (their multiplier). */
export type ExposureBase = 'spot' | 'value' | 'contract' | 'unit';

/**
 * Spreads of net deltas (units of the underlying), each formed as often as its legs allow, in the order of the list, out of what
 * those before have left. Legs of side A are long where those of side B are short, or the other way round.
 */
export interface SpreadsJSON {
  /** Between expiries of one underlying; a leg has one expiry or a tier of several. Expiries that the book does not have are none. */
  months?: { charge: Decimal; legs: { side: 'A' | 'B'; expiries: readonly string[]; ratio: Decimal }[] }[];
  /** Of an expiry that delivers: rates of the net delta that spreads of months have left, and of what they have used. */
  delivery?: { expiry: string; left: Decimal; used?: Decimal }[];
  /**
   * Between underlyings: each leg is credited `rate` of the price risk of its delta, ratio * (price risk of the underlying's scan) /
   * (its net delta).
   */
  credits?: { legs: { side: 'A' | 'B'; underlying: string; ratio: Decimal; rate: Decimal }[] }[];
}

/** Options by rule (Derive's standard manager): each short one by itself, or the largest loss at any settlement price, whichever is milder. */
export interface StandardOptionsJSON {
  /** Rate of the spot of a short option at or in the money, initial. */
  maxSpot: Decimal;
  /** Least rate of the spot of a short option far out of the money, initial. */
  minSpot: Decimal;
  /** Rate of the spot of a short call, maintenance. */
  callMaintenance: Decimal;
  /** Rate of the spot of a short put, maintenance. */
  putMaintenance: Decimal;
  /** Most that a short put asks for beside its mark, a multiple of the mark, maintenance. */
  putValue: Decimal;
  /** Most that a short put asks for initially, a multiple of its maintenance. */
  putInitialFactor: Decimal;
  /** Rate of the forward for each call short beyond those held long, by level. */
  unpaired: LevelFactor;
}

/** A scenario model: its table, and the requirement that is made of it. */
export interface ModelJSON {
  /** What accounts name; unique among models. */
  id: string;
  /** Where the figures come from, and the day on which they were read there. Carried. */
  title?: string;
  /** Of the figures. Carried. */
  version?: string;
  /** Day on which they were read. Carried. */
  asOf?: string;
  /** Where they were read. Carried. */
  source?: string;
  /** Moves of volatility by name, for scenarios to name. */
  volatility?: Record<string, VolatilityMoveJSON>;
  /** The table. */
  scenarios?: ScenarioJSON[];
  /** Static discount that operations of scenarios use; default none. */
  discount?: DiscountJSON;
  /**
   * Published risk arrays by market: what a long contract gains in each scenario (numeraire), weights applied. With them nothing is
   * repriced, and no other market can be held. Delta in units of the underlying; default: that of the market.
   */
  arrays?: Record<string, { gains: readonly Decimal[]; delta?: Decimal }>;
  /** Parameters by underlying; `*` is what holds for all others. */
  parameters?: Record<string, Record<string, Decimal>>;
  /**
   * `named`: its accounts can hold only what is on underlyings that `parameters` name, and `*` may be missing; default `all`. For
   * tables whose parameters are data, such as moves of history, of which an underlying has its own or none.
   */
  underlyings?: 'all' | 'named';
  /** Name of a parameter: underlyings with an equal value of it are a group; those with 0 are each on their own. */
  group?: string;
  /** Spreads of deltas that parts `spreads` read; default none. */
  spreads?: SpreadsJSON;
  /** What an account has to have: a tree of parts. */
  requirement: PartJSON;
  /** The requirement at which a liquidation ends; default maintenance. */
  liquidationEnd?: 'initial' | 'maintenance';
  /** Open orders: `sides`, the worst of none, all bids and all asks filled (default); `none`. */
  orders?: 'sides' | 'none';
  /** false: an account of this model can not hold options, of which its scenarios say nothing; default true. */
  options?: boolean;
  /** Asset that is cash: no part of collateral. */
  cash?: string;
  /** Risk arrays are rounded to whole multiples of this (numeraire), their weights applied: sums are exact then, in any order. */
  quantum?: Decimal;
}
