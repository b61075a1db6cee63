// The report for machines: one JSON object with stable keys, written account by account, so that a million of them never
// become one string. Numbers are plain JSON numbers that read back as the same double.
import type { BookBase } from '../book/book.js';
import { explain, type UnitExplanation } from '../explain.js';
import { STATUS } from '../layout.js';
import { LIQUIDATABLE, marginRatioOf, type Report } from './model.js';
import { contractRows, type PriceColumns, priceAt } from './prices.js';

const FORMAT = 'margin-kernel/report@1';

/** Positions of an account over all its buckets; rows that only carry orders are none. */
function positionsOf(
  book: BookBase,
  account: number,
  units: readonly UnitExplanation[],
  prices: PriceColumns,
): unknown[] {
  const owners = book.unitsOf(account);
  return units.flatMap(({ bucket, positions }, u) => {
    const rows = contractRows(book, owners[u] as number);
    return positions
      .map((p, i) => ({ p, row: rows[i] as number }))
      .filter(({ p }) => p.size !== 0 || p.unrealizedPnl !== 0)
      .map(({ p, row }) => ({
        market: p.market,
        bucket,
        side: p.side,
        size: p.size,
        entry: p.entry,
        mark: p.mark,
        notional: p.notional,
        unrealizedPnl: p.unrealizedPnl,
        initialMargin: p.requirement.initial,
        maintenanceMargin: p.requirement.maintenance,
        liquidationPrice: priceAt(prices, row),
      }));
  });
}

/** The risk of each margin unit: which bucket is to be liquidated, and its own ratio. */
const risksOf = (units: readonly UnitExplanation[]): unknown[] =>
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
    }: UnitExplanation) => ({
      bucket,
      status,
      equity,
      collateral,
      initialMargin,
      maintenanceMargin,
      notional,
      marginRatio,
    }),
  );

/** Amounts are sums over the units, `marginRatio` is the riskiest unit's; the units follow where there are several. */
function accountOf(book: BookBase, { columns }: Report, prices: PriceColumns, account: number): string {
  const at = (column: Float64Array): number => column[account] as number;
  const { units } = explain(book, account);
  return JSON.stringify({
    id: book.accountId(account),
    status: STATUS[columns.status[account] as number],
    equity: at(columns.equity),
    collateral: at(columns.collateral),
    initialMargin: at(columns.initialMargin),
    maintenanceMargin: at(columns.maintenanceMargin),
    notional: at(columns.notional),
    marginRatio: marginRatioOf(columns, account),
    ...(units.length > 1 ? { units: risksOf(units) } : {}),
    positions: positionsOf(book, account, units, prices),
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
 * @param extra - further keys of the outermost object
 * @param done - told how many accounts are written
 */
export function* reportJSON(
  book: BookBase,
  report: Report,
  prices: PriceColumns,
  extra: Record<string, unknown> = {},
  done: (accounts: number) => void = () => {},
): Generator<string> {
  const { numeraire, time, size, counts, totals, exposure, liquidatable, idOf, notes, leftOut } = report;
  const head = { format: FORMAT, numeraire, time, ...extra, size, counts, totals, exposure, notes, leftOut };
  yield `${JSON.stringify(head).slice(0, -1)},\n"liquidatable":`;
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
