// OCC's theoretical intermarket margining (TIMS), the customer portfolio margin of FINRA 4210(g) and Cboe 10.4: ten price points, full
// offset within an underlying, a share of gains between the underlyings of a product group, a minimum a contract.
// Source: SEC release 34-46576 (2002). Stock is held as a balance that hedges its underlying.
import type { ModelJSON, PartJSON } from '../types.js';
import { type Check, checked, fields, HEAD, like, number, rowsOf, steps, word } from './options.js';
import { type ByUnderlying, parametersOf, withOwn } from './parameters.js';

/** How far an underlying is valued, and the product group that it is in: a number above 0, or 0 for none. */
export interface TimsUnderlying {
  /** Largest move up, a fraction. */
  up: number;
  /** Largest move down, a fraction without its sign. */
  down: number;
  /** Product group, within which gains are set against losses; 0: none. */
  group: number;
}

/** Ranges of the rule by kind: high-capitalisation broad indices, other broad indices, equities and narrow indices. */
export const timsRanges: Record<'broad' | 'other' | 'equity', TimsUnderlying> = {
  broad: { up: 0.06, down: 0.08, group: 1 },
  other: { up: 0.1, down: 0.1, group: 2 },
  equity: { up: 0.15, down: 0.15, group: 0 },
};

/** What `presets.tims` takes. */
export interface TimsOptions {
  /** Name of the model; default `tims`. */
  id?: string;
  /** Asset that margin is paid in: no collateral of its own. Default none. */
  cash?: string;
  /** Kind or ranges by underlying; all others are equities. */
  underlyings?: ByUnderlying<keyof typeof timsRanges | TimsUnderlying>;
  /** Valuation points each way; the unchanged price is none of them. */
  points?: number;
  /** Share of its gains that an underlying may set against the losses of others in its group. */
  offset?: number;
  /** Least requirement of an option or future, numeraire a unit of its multiplier. */
  minimum?: number;
}

const KIND = word(...Object.keys(timsRanges));
const RANGES = like(timsRanges.broad);
/** A kind or ranges. */
const underlying: Check = (value, path) => (typeof value === 'object' ? RANGES : KIND)(value, path);
const OPTIONS = fields<TimsOptions>({
  ...HEAD,
  underlyings: rowsOf(underlying),
  points: steps,
  offset: number,
  minimum: number,
});

/**
 * The model of TIMS. Points of one number go together although they lie at different distances.
 * @param options - kinds or ranges by underlying
 * @example
 * const model = presets.tims({ underlyings: { SPX: 'broad', AAPL: 'equity' } });
 * console.log(model.scenarios?.map(({ id }) => id)); // [ '+1', '+2', '+3', '+4', '+5', '-1', '-2', '-3', '-4', '-5' ]
 */
export function tims(options: TimsOptions = {}): ModelJSON {
  const { id = 'tims', cash, underlyings = {}, points = 5, offset = 0.9, minimum = 0.375 } = checked(options, OPTIONS);
  const rows = Object.entries(underlyings).map(([name, row]) => [
    name,
    typeof row === 'string' ? timsRanges[row] : row,
  ]);
  const steps = Array.from({ length: points }, (_, i) => i + 1);
  const least = (gross: 'options' | 'linear'): PartJSON => ({ gross, at: 'unit', factor: minimum });
  return {
    id,
    title: 'OCC TIMS, portfolio margin',
    version: 'SEC release 34-46576',
    asOf: '2002-10-01',
    source: 'SEC release 34-46576, SR-NYSE-2002-19; Cboe rule 10.4',
    ...(cash === undefined ? {} : { cash }),
    scenarios: [
      ...steps.map((k) => ({ id: `+${k}`, price: k / points, range: 'up' })),
      ...steps.map((k) => ({ id: `-${k}`, price: -k / points, range: 'down' })),
    ],
    parameters: parametersOf(withOwn({ '*': timsRanges.equity }, Object.fromEntries(rows)), ({ up, down, group }) => ({
      up,
      down,
      group,
    })),
    group: 'group',
    requirement: {
      id: 'product groups',
      each: {
        max: [
          { scan: 'scan', gains: offset },
          { id: 'minimum', sum: [least('options'), least('linear')] },
        ],
      },
      by: 'group',
    },
  };
}
