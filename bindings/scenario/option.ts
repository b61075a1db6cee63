// What a market of kind call or put has beside the others: strike, volatility, and a mark that may be its value.
import { AT_LEAST_0, type Fields, VOLATILITY } from '../book/fields.js';
import type { Row } from '../book/parameters.js';
import { MarginError } from '../errors.js';

/** Keys that an option has no use for: it is margined by a model, and its index is that of its base asset. */
const USELESS = [
  'base',
  'index',
  'brackets',
  'shortBrackets',
  'tables',
  'curve',
  'pnl',
  'pnlWeight',
  'pnlCap',
  'pnlCurve',
]
  .concat([
    'openInterest',
    'openInterestLower',
    'openInterestUpper',
    'rounding',
    'orderLoss',
    'orderMargin',
    'closingFee',
  ])
  .concat(['twap', 'stable', 'guard', 'fundingIndex', 'spotOrders', 'beta']);

/** @throws MarginError with the path of what is wrong */
export function readOption(f: Fields): Row {
  const useless = USELESS.find((key) => f.has(key));
  if (useless)
    throw new MarginError('conflict', {
      path: f.at(useless),
      expected: 'nothing: an option is margined by the scenarios of a model',
    });
  return {
    strike: f.number('strike', AT_LEAST_0),
    volatility: f.number('volatility', VOLATILITY),
    valued: f.has('mark') ? 0 : 1,
  };
}
