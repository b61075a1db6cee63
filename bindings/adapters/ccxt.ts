// Shapes of ccxt into parts of a book: leverage tiers into bracket tables, unified symbols into their parts.
// Shapes only, no package: what ccxt hands out is checked here, and a missing field is named instead of guessed.
import type { Bracket } from '../book/types.js';
import { MarginError } from '../errors.js';

/** A step of ccxt's `fetchLeverageTiers`: notional in units of `currency`, rates as fractions. */
export interface LeverageTier {
  /** Number of the step, from 1 at most venues. Not read: the order of the list counts. */
  tier?: number | undefined;
  /** Market that it is a step of, in ccxt's spelling (`BTC/USDT:USDT`). */
  symbol?: string | undefined;
  /** Currency of the two notionals. */
  currency?: string | undefined;
  /** Notional from which the step holds, in `currency`. */
  minNotional?: number | undefined;
  /** The last step of some venues has none: it is open. */
  maxNotional?: number | null | undefined;
  /** Fraction of the notional. */
  maintenanceMarginRate?: number | undefined;
  /** Largest leverage of a position in this step; its inverse is the initial rate. */
  maxLeverage?: number | undefined;
  /** The venue's own row. Not read. */
  info?: unknown;
}

/** A unified symbol taken apart: `BTC/USDT:USDT-241227` is base/quote:settle-expiry. */
export interface SymbolParts {
  /** Base currency, as the venue writes it: `BTC`, `1000SHIB`. */
  base: string;
  /** Currency that prices are in. */
  quote: string;
  /** Currency that profit and loss are paid in. */
  settle: string;
  /** YYMMDD of a dated contract, null for a perpetual one. */
  expiry: string | null;
  /** The rest of an option's symbol (`65000-C`), null for futures. */
  option: string | null;
}

const SYMBOL = /^([^/:]+)\/([^/:]+):([^/:-]+)(?:-(\d{6})(?:-(.+))?)?$/;

/**
 * Takes a unified derivative symbol apart; null where it is not one (spot symbols have no settle asset).
 * @example
 * parseSymbol('BTC/USDT:USDT-241227-100000-C')?.option; // 100000-C
 */
export function parseSymbol(symbol: string): SymbolParts | null {
  const parts = SYMBOL.exec(symbol);
  if (!parts) return null;
  const [, base = '', quote = '', settle = '', expiry = null, option = null] = parts;
  return { base, quote, settle, expiry, option };
}

/**
 * The multiplier that venues put before a base of tiny price: 1000SHIB is 1,000 SHIB, 1MBABYDOGE 1,000,000 BABYDOGE.
 * A number that belongs to the name (1INCH) is none of these.
 * @example
 * unitsOf('1000SHIB').units; // 1000
 */
export function unitsOf(base: string): { asset: string; units: number } {
  const parts = /^(1(?:0{3})+|1M)(?=[A-Z])(.+)$/.exec(base);
  if (!parts) return { asset: base, units: 1 };
  return { asset: parts[2] ?? base, units: parts[1] === '1M' ? 1_000_000 : Number(parts[1]) };
}

function field(tier: LeverageTier, name: keyof LeverageTier, path: string, low: number, high: number): number {
  const got = tier[name];
  if (got === undefined || got === null) {
    throw new MarginError('missing-key', { path: `${path}.${name}`, got, expected: 'a number' });
  }
  if (typeof got !== 'number') throw new MarginError('type', { path: `${path}.${name}`, got, expected: 'a number' });
  if (Number.isFinite(got) && got >= low && got <= high) return got;
  throw new MarginError(Number.isFinite(got) ? 'range' : 'not-finite', {
    path: `${path}.${name}`,
    got,
    expected: `a number in [${low}, ${high}]`,
  });
}

/**
 * Bracket table of a market from its leverage tiers: maintenance rates marginal, maximum leverage for the whole notional.
 * The last bracket stays open: a position beyond the venue's limit is still margined, at the last rate.
 * @param tiers - one market's tiers, lowest first
 * @param path - what to call the table in errors, such as the market's symbol
 * @throws MarginError missing-key, type, range; conflict where a tier does not start at the end of the one before;
 *   not-concave where a rate falls or a leverage rises
 * @example
 * bracketsFromTiers([{ minNotional: 0, maxNotional: 50000, maintenanceMarginRate: 0.004, maxLeverage: 125 }]);
 * // [{ upTo: null, maintenanceRate: 0.004, maxLeverage: 125 }]
 */
export function bracketsFromTiers(tiers: readonly LeverageTier[], path = 'tiers'): Bracket[] {
  if (!Array.isArray(tiers) || tiers.length === 0) {
    throw new MarginError('type', { path, got: tiers, expected: 'a list of at least one leverage tier' });
  }
  const all: readonly LeverageTier[] = tiers;
  let end = 0;
  let rateBefore = 0;
  let leverageBefore = Number.POSITIVE_INFINITY;
  return all.map((tier, i) => {
    const here = `${path}[${i}]`;
    if (typeof tier !== 'object' || tier === null) {
      throw new MarginError('type', { path: here, got: tier, expected: 'a leverage tier' });
    }
    const start = field(tier, 'minNotional', here, 0, 1e30);
    const maintenanceRate = field(tier, 'maintenanceMarginRate', here, 0, 1);
    const maxLeverage = field(tier, 'maxLeverage', here, 1e-3, 1e6);
    if (start !== end) {
      const expected = i === 0 ? '0, the first tier starts there' : `${end}, where the tier before it ends`;
      throw new MarginError('conflict', { path: `${here}.minNotional`, got: start, expected });
    }
    if (maintenanceRate < rateBefore) {
      const expected = `at least ${rateBefore}, the rate of the tier before it`;
      throw new MarginError('not-concave', { path: `${here}.maintenanceMarginRate`, got: maintenanceRate, expected });
    }
    if (maxLeverage > leverageBefore) {
      const expected = `at most ${leverageBefore}, the leverage of the tier before it`;
      throw new MarginError('not-concave', { path: `${here}.maxLeverage`, got: maxLeverage, expected });
    }
    const last = i === all.length - 1;
    const open = tier.maxNotional === undefined || tier.maxNotional === null || tier.maxNotional === Infinity;
    if (!(last && open)) {
      end = field(tier, 'maxNotional', here, 0, 1e30);
      if (end <= start) {
        const expected = `more than its minNotional ${start}`;
        throw new MarginError('range', { path: `${here}.maxNotional`, got: end, expected });
      }
    }
    rateBefore = maintenanceRate;
    leverageBefore = maxLeverage;
    return { upTo: last ? null : end, maintenanceRate, maxLeverage };
  });
}

/**
 * Tables of many markets, as `fetchLeverageTiers` gives them or a file keeps them.
 * @throws MarginError syntax, type, and what `bracketsFromTiers` refuses
 * @example
 * const text = '{"BTC/USDT:USDT":[{"minNotional":0,"maintenanceMarginRate":0.004,"maxLeverage":125}]}';
 * parseLeverageTiers(text).get('BTC/USDT:USDT')?.[0]?.maintenanceRate; // 0.004
 */
export function parseLeverageTiers(text: string, path = 'brackets'): Map<string, Bracket[]> {
  let tables: unknown;
  try {
    tables = JSON.parse(text);
  } catch (error) {
    const hint = error instanceof Error ? error.message : String(error);
    throw new MarginError('syntax', { path, expected: 'JSON', hint });
  }
  if (typeof tables !== 'object' || tables === null || Array.isArray(tables)) {
    const expected = 'an object of markets: {"BTC/USDT:USDT": [{ "minNotional": 0, ... }]}';
    throw new MarginError('type', { path, got: tables, expected });
  }
  return new Map(
    Object.entries(tables).map(([symbol, tiers]) => [
      symbol,
      bracketsFromTiers(tiers as LeverageTier[], `${path}["${symbol}"]`),
    ]),
  );
}
