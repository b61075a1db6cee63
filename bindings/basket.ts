// The pre-trade check of several legs as one order: all or none.
import type { BookBase } from './book/book.js';
import { checkOrder, type OrderCheck, pricesAfter, type Verdict, verdictOf } from './check.js';
import { MarginError } from './errors.js';
import { checkBook } from './margin.js';
import { ANSWER } from './reference/lanes.js';
import type { TradeTerms } from './reference/liquidation/trade.js';
import { checkKeys, checkList, ensureTrial } from './trial.js';
import { accepts, byMargin, REASONS } from './verdict.js';

/** What several legs come to, sent as one order. */
export interface BasketVerdict extends Omit<Verdict, 'liquidationPrice'> {
  /** What each leg would be, tried on what the legs before it leave. */
  legs: Omit<Verdict, 'liquidationPrice'>[];
  /** Of the legs' markets once all have filled. */
  liquidationPrices: Record<string, Verdict['liquidationPrice']>;
}

/**
 * Checks several legs as one order: all or none. Only what is left at the end needs margin; the market's own rules (tick, lot,
 * largest size ...) hold for each leg.
 * @throws MarginError as check; range without legs, conflict where a leg names another bucket
 * @example
 * const spread = checkBasket(book, 'a1', [
 *   { market: 'BTC-PERP', side: 'buy', size: 1 },
 *   { market: 'BTC-FUT', side: 'sell', size: 1 },
 * ]);
 */
export function checkBasket(
  book: BookBase,
  account: string | number,
  legs: readonly OrderCheck[],
  options: { bucket?: number } = {},
): BasketVerdict {
  checkBook(book);
  checkList(legs, 'legs');
  checkKeys(options, 'options', ['bucket']);
  legs.forEach((leg, i) => {
    checkOrder(leg, `legs[${i}]`);
    if ((leg.bucket ?? options.bucket ?? 0) !== (options.bucket ?? 0))
      throw new MarginError('conflict', {
        path: `legs[${i}].bucket`,
        got: leg.bucket,
        expected: `bucket ${options.bucket ?? 0} of the options: a basket is of one margin unit`,
      });
  });
  if (legs.length === 0) throw new MarginError('range', { path: 'legs', got: 0, expected: 'at least one leg' });
  const first = book.unit(account, options.bucket ?? 0);
  book.refresh();
  ensureTrial(book, first, legs.length);
  const verdicts = legs.map((leg, i) => verdictOf(book, i === 0 ? first : book.units, leg, `legs[${i}]`));
  const last = verdicts[verdicts.length - 1] as Verdict & { terms: TradeTerms };
  const { answer } = book.store.columns.house;
  const before = (verdicts[0] as Verdict).before;
  // The whole basket against the account as it is.
  [before.equity, before.initialCollateral, before.initialMargin, before.collateral, before.maintenanceMargin].forEach(
    (x, i) => {
      answer[ANSWER.before + i] = x;
    },
  );
  const refused = verdicts.find(({ reason }) => REASONS.indexOf(reason) > 3);
  const reason = refused?.reason ?? REASONS[byMargin(answer)] ?? 'insufficientMargin';
  const accept = accepts(REASONS.indexOf(reason));
  const markets = [...new Set(verdicts.map(({ terms: t }) => t.market))];
  const prices = markets.map((m) => [book.marketId(m), pricesAfter(book, m)] as const);
  return {
    accept,
    reason,
    before,
    after: last.after,
    reservation: before.available - last.after.available,
    legs: verdicts.map(({ terms: _, liquidationPrice: __, ...verdict }) => verdict),
    liquidationPrices: Object.fromEntries(prices),
  };
}
