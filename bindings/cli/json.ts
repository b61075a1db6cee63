// The report for machines: one JSON object with stable keys, written account by account, so that a million of them never
// become one string. Numbers are plain JSON numbers that read back as the same double.
import type { BookBase } from '../book/book.js';
import { explain } from '../explain.js';
import type { PositionExplanation, UnitExplanation } from '../explanation.js';
import { KIND, STATUS } from '../layout.js';
import { markValue } from '../reference/scenario/terms.js';
import { kindOf } from './exposure.js';
import { LIQUIDATABLE, marginRatioOf, type Report } from './model.js';
import { contractRows, type PriceColumns, priceAt, priceNow } from './prices.js';
import { entryAt, entryOf, type Reach, SHARES } from './reach.js';
import { modelId, modelledOf, scenarioJSON } from './scenario/modelled.js';

const FORMAT = 'margin-kernel/report@1';
const DAY = 86_400;

const asked = ({ requirement }: PositionExplanation): { initialMargin: number; maintenanceMargin: number } => ({
  initialMargin: requirement.initial,
  maintenanceMargin: requirement.maintenance,
});

/** What a row has beside the others where it is an option; its mark is in what it settles in. */
function optionOf(book: BookBase, row: number): Record<string, unknown> {
  const { position, market, expiry } = book.store.columns;
  const m = (position.key[row] as number) >>> 2;
  if ((market.kind[m] as number) < KIND.call) return {};
  const e = market.expiry[m] as number;
  return {
    value: (position.size[row] as number) * markValue(book.store.columns, m),
    option: {
      kind: market.kind[m] === KIND.call ? 'call' : 'put',
      underlying: book.underlyingId(market.underlying[m] as number),
      expiry: book.expiryId(e),
      days: (expiry.seconds[e] as number) / DAY,
      strike: market.strike[m],
      volatility: market.volatility[m],
      forward: expiry.forward[e],
      spot: priceNow(book, m),
    },
  };
}

/** Positions of an account over all its buckets; rows that only carry orders are none. */
function positionsOf(
  book: BookBase,
  account: number,
  units: readonly UnitExplanation[],
  prices: PriceColumns,
): unknown[] {
  const owners = book.unitsOf(account);
  return units.flatMap(({ bucket, positions, scenarios }, u) => {
    const rows = contractRows(book, owners[u] as number);
    // Legs of a model come in the order of all rows; those of spot orders have no requirement of their own.
    const contracts = new Set(positions.map(({ market }) => market));
    const legs = (scenarios?.legs ?? []).filter(({ market }) => market !== undefined && contracts.has(market));
    return positions
      .map((p, i) => ({ p, row: rows[i] as number, leg: legs[i] }))
      .filter(({ p }) => p.size !== 0 || p.unrealizedPnl !== 0)
      .map(({ p, row, leg }) => ({
        market: p.market,
        bucket,
        side: p.side,
        size: p.size,
        entry: p.entry,
        mark: p.mark,
        notional: p.notional,
        unrealizedPnl: p.unrealizedPnl,
        ...(leg ? { initialMargin: leg.initial, maintenanceMargin: leg.maintenance } : asked(p)),
        ...(leg ? { delta: leg.delta } : {}),
        ...optionOf(book, row),
        liquidationPrice: priceAt(prices, row),
      }));
  });
}

/** The risk of each margin unit: which bucket is to be liquidated, and its own ratio. */
const risksOf = (book: BookBase, account: number, units: readonly UnitExplanation[]): unknown[] =>
  units.map(
    ({
      bucket,
      status,
      equity,
      collateral,
      initialMargin,
      maintenanceMargin,
      notional,
      marginRatio,
      scenarios,
    }: UnitExplanation) => ({
      bucket,
      status,
      equity,
      collateral,
      initialMargin,
      maintenanceMargin,
      notional,
      marginRatio,
      ...(scenarios ? { scenario: scenarioJSON(modelledOf(book, account, scenarios)) } : {}),
    }),
  );

/** Amounts are sums over the units, `marginRatio` is the riskiest unit's; the units follow where there are several. */
function accountOf(book: BookBase, { columns }: Report, prices: PriceColumns, account: number): string {
  const at = (column: Float64Array): number => column[account] as number;
  const { units } = explain(book, account);
  const [cross] = units;
  return JSON.stringify({
    id: book.accountId(account),
    status: STATUS[columns.status[account] as number],
    equity: at(columns.equity),
    collateral: at(columns.collateral),
    initialMargin: at(columns.initialMargin),
    maintenanceMargin: at(columns.maintenanceMargin),
    notional: at(columns.notional),
    marginRatio: marginRatioOf(columns, account),
    model: modelId(book, account),
    ...(cross?.scenarios ? { scenario: scenarioJSON(modelledOf(book, account, cross.scenarios)) } : {}),
    ...(units.length > 1 ? { units: risksOf(book, account, units) } : {}),
    positions: positionsOf(book, account, units, prices),
  });
}

/** Moves of `markets[]`, rising. */
const MOVES = [...SHARES.map((share) => -share).reverse(), ...SHARES];

/** A market, and what becomes liquidatable as it moves alone; of one that nobody holds nothing does. */
function marketOf(book: BookBase, { views }: Report, { ladder }: Reach, m: number): string {
  const at = (column: Float64Array | Uint32Array): number => column[m] as number;
  const sides = ({ long, short }: { long: Float64Array; short: Float64Array }): Record<string, number> => ({
    long: at(long),
    short: at(short),
  });
  const moves = at(views.positions) === 0 ? [] : MOVES;
  return JSON.stringify({
    id: book.marketId(m),
    kind: kindOf(book, m),
    mark: at(book.store.columns.market.mark),
    openInterest: sides(views.openInterest),
    notional: sides(views.notional),
    positions: at(views.positions),
    accounts: at(views.accounts),
    initialMargin: at(views.initialMargin),
    maintenanceMargin: at(views.maintenanceMargin),
    liquidatable: entryOf(ladder.now, m),
    moves: moves.map((share) => ({
      share,
      price: ladder.price[m * ladder.moves.length + ladder.moves.indexOf(share)],
      ...entryAt(ladder, m, share),
    })),
  });
}

/** Items of a list, each on a line of its own. */
function* list(count: number, item: (i: number) => string): Generator<string> {
  yield '[';
  for (let i = 0; i < count; i++) yield `${i === 0 ? '\n' : ',\n'}${item(i)}`;
  yield count === 0 ? ']' : '\n]';
}

/**
 * The report's JSON, in pieces.
 * @param prices - liquidation prices of all positions
 * @param reach - of all margin units
 * @param extra - further keys of the outermost object
 * @param done - told how many accounts are written
 */
export function* reportJSON(
  book: BookBase,
  report: Report,
  prices: PriceColumns,
  reach: Reach,
  extra: Record<string, unknown> = {},
  done: (accounts: number) => void = () => {},
): Generator<string> {
  const { numeraire, time, size, counts, totals, exposure, liquidatable, idOf, notes, leftOut } = report;
  const head = {
    format: FORMAT,
    numeraire,
    time,
    ...extra,
    size,
    counts,
    totals,
    exposure,
    equityAtRisk: reach.risk,
    notes,
    leftOut,
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"markets":`;
  yield* list(book.markets, (m) => marketOf(book, report, reach, m));
  yield ',\n"liquidatable":';
  yield* list(liquidatable.length, (i) => JSON.stringify(idOf(liquidatable[i] as number)));
  yield ',\n"accounts":';
  yield* list(report.size.accounts, (account) => {
    done(account);
    return accountOf(book, report, prices, account);
  });
  yield '}\n';
}

/** Whether a report has something to liquidate. */
export const hasFinding = ({ columns }: Report): boolean => columns.status.some((status) => status >= LIQUIDATABLE);
