// Dederi: futures on an index with a basis, as a book. Source: wiki.dederi.io/RiskControlRules/portfolio_margin.
import type { BookJSON, Decimal } from '../book/types.js';
import { exp } from '../reference/numeric/exp.js';
import { type DederiOptions, dederi } from '../scenario/presets/dederi.js';
import { Row } from './rows.js';

/** The account of these books. */
export const ACCOUNT = 'account';
const CASH = 'USDC';
const DAYS_PER_YEAR = 365;

/**
 * Mark price of a future: index e^(basis days / 365).
 * @param future - index, basis of a year, days to expiry
 * @throws MarginError missing-key, type, range
 * @example
 * futurePrice({ index: 2243.3, annualBasis: 0.08, days: 20 }).toFixed(1) // '2253.2'
 */
export function futurePrice(future: { index: Decimal; annualBasis: Decimal; days: Decimal }): number {
  const row = new Row(future, '', undefined, 'futurePrice');
  return row.positive('index') * exp((row.number('annualBasis') * row.number('days')) / DAYS_PER_YEAR);
}

/**
 * A book of one account that holds futures of one expiry.
 * @param portfolio - index, annualBasis, days, qty (base, long positive); options of the model
 * @throws MarginError missing-key, type, range
 * @example
 * futuresBook({ index: 2000, annualBasis: 0, days: 20, qty: 10, options: { volatility: null, initialFactor: 1 } })
 *   .accounts[0].positions // [{ market: 'future', size: 10, entry: 2000 }]
 */
export function futuresBook(portfolio: {
  index: Decimal;
  annualBasis: Decimal;
  days: Decimal;
  qty: Decimal;
  options: Omit<DederiOptions, 'cash'>;
}): BookJSON {
  const row = new Row(portfolio, '', ['index', 'annualBasis', 'days', 'qty', 'options'], 'futuresBook');
  const mark = futurePrice(portfolio);
  const size = row.decimal('qty');
  const model = dederi({ ...portfolio.options, cash: CASH });
  return {
    format: 'margin-kernel/book@1',
    assets: [{ id: CASH, price: 1 }],
    models: [model],
    markets: [
      {
        id: 'future',
        kind: 'linear',
        underlying: 'index',
        settle: CASH,
        mark,
        index: row.decimal('index'),
        brackets: [{ upTo: null, maintenanceRate: 0 }],
      },
    ],
    accounts: [
      {
        id: ACCOUNT,
        model: model.id,
        positions: Number(size) === 0 ? [] : [{ market: 'future', size, entry: mark }],
      },
    ],
  };
}
