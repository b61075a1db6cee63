// Leverage tiers of ccxt into bracket tables. Bounds are taken as they are: their unit is the market's business.
import { FRACTION, LEVERAGE, type Range, decimal as real } from '../book/fields.js';
import type { Bracket } from '../book/types.js';
import type { Gaps } from '../cells/gaps.js';
import { MarginError } from '../errors.js';
import { MIN_INPUT } from '../layout.js';
import { Row, rowsOf } from '../venues/rows.js';
import type { LeverageTier } from './shapes.js';
import type { CcxtSources } from './sources.js';

/** A tier with its place in the caller's list. */
interface Step {
  row: Row;
  start: number | null;
  end: number | null;
}

/** A bound, in whatever unit: 0, or what a book can hold. */
const BOUND: Range = { min: 0, least: MIN_INPUT };

const figure = (row: Row, key: string, range: Range): number => real(row.decimal(key), row.at(key), range);

function stepOf(row: Row): Step {
  const open = !row.has('maxNotional') || row.raw('maxNotional') === Number.POSITIVE_INFINITY;
  return {
    row,
    start: row.has('minNotional') ? figure(row, 'minNotional', BOUND) : null,
    end: open ? null : figure(row, 'maxNotional', BOUND),
  };
}

/** Lowest first, by whichever bound all of them have; venues do not promise an order. */
function sorted(steps: Step[]): Step[] {
  if (steps.every(({ start }) => start !== null)) return steps.sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  const end = (step: Step): number => step.end ?? Number.POSITIVE_INFINITY;
  return steps.filter((step) => step.end === null).length <= 1 ? steps.sort((a, b) => end(a) - end(b)) : steps;
}

/**
 * Bracket table of a market from its leverage tiers: maintenance rates marginal, maximum leverage for the whole notional.
 * The last bracket stays open: a position beyond the venue's limit is still margined, at the last rate. A tier that does not
 * say where it starts starts where the one before ends.
 * @param tiers - one market's tiers, in any order
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
  return bracketsOf(rowsOf(tiers, path));
}

function bracketsOf(rows: readonly Row[]): Bracket[] {
  const steps = sorted(rows.map(stepOf));
  let end = 0;
  let rateBefore = 0;
  let leverageBefore = Number.POSITIVE_INFINITY;
  return steps.map(({ row, start, end: upTo }, i) => {
    const maintenanceRate = figure(row, 'maintenanceMarginRate', FRACTION);
    const maxLeverage = figure(row, 'maxLeverage', { ...LEVERAGE, max: 1e6 });
    if (start !== null && start !== end) {
      const expected = i === 0 ? '0, the first tier starts there' : `${end}, where the tier before it ends`;
      throw new MarginError('conflict', { path: row.at('minNotional'), got: start, expected });
    }
    if (maintenanceRate < rateBefore) {
      const expected = `at least ${rateBefore}, the rate of the tier before it`;
      throw new MarginError('not-concave', { path: row.at('maintenanceMarginRate'), got: maintenanceRate, expected });
    }
    if (maxLeverage > leverageBefore) {
      const expected = `at most ${leverageBefore}, the leverage of the tier before it`;
      throw new MarginError('not-concave', { path: row.at('maxLeverage'), got: maxLeverage, expected });
    }
    const last = i === steps.length - 1;
    if (upTo === null && !last) {
      const expected = 'a number, as tiers follow';
      row.need('maxNotional', expected);
      throw new MarginError('range', { path: row.at('maxNotional'), got: row.raw('maxNotional'), expected });
    }
    if (upTo !== null && upTo <= end) {
      const expected = `more than ${end}, where the tier starts`;
      throw new MarginError('range', { path: row.at('maxNotional'), got: upTo, expected });
    }
    end = upTo ?? end;
    rateBefore = maintenanceRate;
    leverageBefore = maxLeverage;
    return { upTo: last ? null : end, maintenanceRate, maxLeverage };
  });
}

/**
 * Brackets by symbol, made when they are asked for: of lists by symbol (`fetchLeverageTiers`), or of one list whose rows name
 * their market (`fetchMarketLeverageTiers`). A row of such a list that names none is a gap, and may be of any market.
 * @throws MarginError type where it is neither
 */
export function tiersOf(source: CcxtSources['tiers'], gaps: Gaps): (symbol: string) => Bracket[] | undefined {
  if (!Array.isArray(source)) {
    const all = new Row(source ?? {}, 'tiers');
    return (symbol) => {
      const steps = all.raw(symbol);
      return steps === undefined ? undefined : bracketsFromTiers(steps as LeverageTier[], `tiers["${symbol}"]`);
    };
  }
  const tables = new Map<string, Row[]>();
  let whole = true;
  for (const [index, value] of source.entries()) {
    const named = gaps.try('row', () => {
      const row = new Row(value, `tiers[${index}]`);
      return { row, symbol: row.text('symbol', 'A list has the tiers of any market; else give lists by symbol') };
    });
    if (named) tables.set(named.symbol, [...(tables.get(named.symbol) ?? []), named.row]);
    else whole = false;
  }
  return (symbol) => {
    const rows = tables.get(symbol);
    if (rows === undefined || whole) return rows && bracketsOf(rows);
    const hint = 'Its own gap, reported before, says which does not';
    throw new MarginError('conflict', { path: 'tiers', expected: 'rows that all name their market', hint });
  };
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
