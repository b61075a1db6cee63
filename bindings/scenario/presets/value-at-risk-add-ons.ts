// What a value-at-risk margin asks for beside the moves of prices: liquidity, concentration, a minimum of each contract. Each is a
// part of its own whose figures are parameters by underlying.
import { MarginError } from '../../errors.js';
import type { PartJSON } from '../types.js';
import type { ByUnderlying } from './parameters.js';

/** Charges of an underlying for selling what is held. */
export interface LiquidityFigures {
  /** Half of the bid-ask spread as a share of the price; of what linear contracts move, at the spot. */
  halfSpread: number;
  /** The same of options, a share of what they are worth at their marks. */
  optionHalfSpread?: number;
  /** Units that can be sold a day, and the share of the exposure that each day costs; at most the share `most`. */
  volume?: number;
  /** Share of the exposure that each day on the market costs; with `volume`. */
  perDay?: number;
  /** Largest share of the exposure that days can cost. */
  most?: number;
  /** Exposure that is sold within the period, and costs nothing for its days; numeraire, default 0. */
  free?: number;
}

/** Charge of a delta beyond a threshold: delta x min(most, slope x units beyond it). */
export interface ConcentrationFigures {
  /** Numeraire. */
  threshold: number;
  /** Share of the delta for each unit beyond. */
  slope: number;
  /** Share of the delta at most. */
  most: number;
}

/** The charges of the options. */
export interface AddOnOptions {
  /** Cost of closing what is held, by underlying; default none. */
  liquidity?: ByUnderlying<LiquidityFigures>;
  /** Charge on exposures beyond a threshold, by underlying; default none. */
  concentration?: ByUnderlying<ConcentrationFigures>;
  /** Marginal rates of the exposure in each underlying, numeraire at the spot. */
  tiers?: readonly { upTo: number | null; rate: number }[];
  /** Least margin of a contract, linear or a short option; numeraire. */
  minimum?: ByUnderlying<number>;
}

/** A figure of every underlying, by its own row over that of all others. @throws MarginError missing-key, unknown-id */
function figuresOf<Row>(rows: ByUnderlying<Row>, names: readonly string[], option: string): (name: string) => Row {
  const unknown = Object.keys(rows).find((name) => name !== '*' && !names.includes(name));
  if (unknown !== undefined)
    throw new MarginError('unknown-id', {
      path: `${option}.${unknown}`,
      expected: 'an underlying that scenarios or proxies name',
      hint: 'Say under "proxies" as which other one it moves',
    });
  return (name) => {
    const row = Object.hasOwn(rows, name) ? rows[name] : rows['*'];
    if (row !== undefined) return row;
    throw new MarginError('missing-key', {
      path: `${option}.${name}`,
      expected: 'figures of this underlying, or of all others under "*"',
    });
  };
}

export interface AddOn {
  parts: PartJSON[];
  /** Parameters of an underlying. */
  figures: (name: string) => Record<string, number>;
}

const NO_ADD_ON: AddOn = { parts: [], figures: () => ({}) };

/** Half of the spread of what is held, and what its days on the market cost. */
export function liquidityOf({ liquidity }: AddOnOptions, names: readonly string[], options: boolean): AddOn {
  if (!liquidity) return NO_ADD_ON;
  const of = figuresOf(liquidity, names, 'liquidity');
  const lasts = Object.entries(liquidity).some(([name, { volume, perDay, most }]) => {
    const given = [volume, perDay, most].filter((figure) => figure !== undefined).length;
    if (given === 0 || given === 3) return given === 3;
    throw new MarginError('missing-key', {
      path: `liquidity.${name}`,
      expected: 'all of volume, perDay and most, or none of them',
    });
  });
  const spread: PartJSON = { id: 'half spread', gross: 'linear', at: 'spot', factor: 'half spread' };
  const ofOptions: PartJSON = {
    id: 'half spread of options',
    gross: 'options',
    at: 'value',
    factor: 'half spread of options',
  };
  const days: PartJSON = {
    id: 'days to liquidate',
    deltaShock: { threshold: 'free of days', slope: 'days a unit', most: 'most of days' },
  };
  return {
    parts: [{ id: 'liquidity', each: { sum: [spread, ...(options ? [ofOptions] : []), ...(lasts ? [days] : [])] } }],
    figures: (name) => {
      const { halfSpread, optionHalfSpread, volume = 1, perDay = 0, most = 0, free = 0 } = of(name);
      if (options && optionHalfSpread === undefined)
        throw new MarginError('missing-key', {
          path: `liquidity.${name}.optionHalfSpread`,
          expected: 'a share: accounts of the model may hold options',
        });
      return {
        'half spread': halfSpread,
        ...(options ? { 'half spread of options': optionHalfSpread ?? 0 } : {}),
        ...(lasts ? { 'free of days': free, 'days a unit': perDay / volume, 'most of days': most } : {}),
      };
    },
  };
}

export function concentrationOf({ concentration, tiers }: AddOnOptions, names: readonly string[]): AddOn {
  const byTiers: PartJSON[] = tiers
    ? [{ id: 'concentration by tiers', each: { tiers: [...tiers], of: { gross: 'linear', at: 'spot' } } }]
    : [];
  if (!concentration) return { ...NO_ADD_ON, parts: byTiers };
  const of = figuresOf(concentration, names, 'concentration');
  const shock = { threshold: 'concentrated from', slope: 'concentration a unit', most: 'most of concentration' };
  return {
    parts: [{ id: 'concentration', each: { deltaShock: shock } }, ...byTiers],
    figures: (name) => {
      const { threshold, slope, most } = of(name);
      return { [shock.threshold]: threshold, [shock.slope]: slope, [shock.most]: most };
    },
  };
}

export function minimumOf({ minimum }: AddOnOptions, names: readonly string[], options: boolean): AddOn {
  if (!minimum) return NO_ADD_ON;
  const of = figuresOf(minimum, names, 'minimum');
  const counts: PartJSON[] = [
    { id: 'contracts', gross: 'linear', at: 'contract', factor: 'minimum' },
    ...(options ? [{ id: 'short options', short: 'options', at: 'contract', factor: 'minimum' } as const] : []),
  ];
  return { parts: [{ id: 'minimum', each: { sum: counts } }], figures: (name) => ({ minimum: of(name) }) };
}
