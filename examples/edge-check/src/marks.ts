// A tick: marks of markets, prices of assets, funding indices. Read once, then applied to any book with these markets.
import type { Book } from 'margin-kernel';
import { at, list, object, type Shape, text, without } from './validation.js';

const MOST = 4096;
const MARK = ['market', 'mark', 'index', 'twap', 'stable', 'fundingIndex'] as const;
const PRICE = ['asset', 'price', 'twap', 'stable'] as const;

type Number = number | string;
type More = { index?: Number; twap?: Number; stable?: Number };

/** Applies a tick in its order. @throws MarginError; what was before it has been applied then, see rehearsal.ts */
export function applyMarks(book: Book, body: Shape): number {
  const marks = list(body, 'body', 'marks', MOST);
  const prices = list(body, 'body', 'prices', MOST);
  marks.forEach((entry, i) => {
    const path = `marks[${i}]`;
    const shape = object(entry, path, MARK);
    const market = book.market(text(shape, path, 'market'), `${path}.market`);
    at(path, () => {
      // Where only funding has moved no mark is said.
      if (shape.mark !== undefined || shape.fundingIndex === undefined)
        book.setMark(market, shape.mark as Number, without(shape, 'market', 'mark', 'fundingIndex') as More);
      if (shape.fundingIndex !== undefined) book.setFundingIndex(market, shape.fundingIndex as Number);
    });
  });
  prices.forEach((entry, i) => {
    const path = `prices[${i}]`;
    const shape = object(entry, path, PRICE);
    const asset = book.asset(text(shape, path, 'asset'), `${path}.asset`);
    at(path, () => book.setPrice(asset, shape.price as Number, without(shape, 'asset', 'price') as More));
  });
  return marks.length + prices.length;
}
