// Clearing houses that publish SPAN arrays: contracts that are known by their arrays alone, as a book.
import type { BookJSON, Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { type SpanOptions, span } from '../scenario/presets/span.js';
import { Row } from './rows.js';

/** The account of these books. */
export const ACCOUNT = 'account';
const CASH = 'USD';

/**
 * A book of one account that holds contracts by their risk arrays. Contracts are worth nothing in it: what is asked for is the scan.
 * @param input - arrays by contract: what one long contract gains (positive) in the 16 scenarios, extremes weighted, in the currency of
 *   the margin; portfolio: contracts by name, long positive; options of the model
 * @throws MarginError unknown-id, where a contract has no array; type
 * @example
 * arraysBook({ arrays: { future: [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3, 2, -2] }, portfolio: { future: -10 } })
 *   .accounts[0].positions // [{ market: 'future', size: -10, entry: 1 }]
 */
export function arraysBook(input: {
  arrays: Readonly<Record<string, readonly Decimal[]>>;
  portfolio: Readonly<Record<string, Decimal>>;
  options?: Omit<SpanOptions, 'arrays' | 'cash'>;
}): BookJSON {
  const row = new Row(input, '', ['arrays', 'portfolio', 'options'], 'arraysBook');
  new Row(row.raw('arrays'), 'arrays');
  new Row(row.raw('portfolio'), 'portfolio');
  const { arrays, portfolio, options = {} } = input;
  const alien = Object.keys(portfolio).find((contract) => !Object.hasOwn(arrays, contract));
  if (alien !== undefined) {
    throw new MarginError('unknown-id', {
      path: `portfolio.${alien}`,
      got: alien,
      expected: `a contract with an array: ${Object.keys(arrays).join(', ')}`,
    });
  }
  const published = Object.fromEntries(Object.entries(arrays).map(([contract, gains]) => [contract, { gains }]));
  const model = span({ ...options, cash: CASH, arrays: published });
  return {
    format: 'margin-kernel/book@1',
    assets: [{ id: CASH, price: 1 }],
    models: [model],
    markets: Object.keys(arrays).map((id) => ({
      id,
      kind: 'linear',
      // All contracts are of one commodity.
      underlying: 'commodity',
      settle: CASH,
      mark: 1,
      brackets: [{ upTo: null, maintenanceRate: 0 }],
    })),
    accounts: [
      {
        id: ACCOUNT,
        model: model.id,
        positions: Object.entries(portfolio)
          .filter(([, size]) => Number(size) !== 0)
          .map(([market, size]) => ({ market, size, entry: 1 })),
      },
    ],
  };
}
