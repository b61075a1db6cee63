// What a check takes inside workerd, for the load test alone: its clocks stand still while code runs, so many checks run in one
// request and whoever asks looks at a clock of their own.
import { Book, CHECK_WIDTH, check, checkInto } from 'margin-kernel';
import { checkOf } from '../src/checks.js';

let book: Book | undefined;
const out = new Float64Array(CHECK_WIDTH);
const order = { market: 'BTC/USDT:USDT', side: 'buy', size: 0.01, price: 61_250 } as const;

/** Runs `n` checks of one order, each of another account. */
function run(book: Book, kind: string | null, n: number): number {
  const market = book.market(order.market);
  let accepted = 0;
  for (let i = 0; i < n; i++) {
    const row = i % book.accounts;
    if (kind === 'into')
      accepted += checkInto(book, row, market, order.side, order.size, order.price, out) <= 1 ? 1 : 0;
    else if (kind === 'check') accepted += check(book, row, order).accept ? 1 : 0;
    else {
      const answer = checkOf(
        book,
        JSON.parse(JSON.stringify({ account: book.accountId(row), order, brief: kind === 'brief' || undefined })),
      );
      accepted += JSON.stringify(answer).length > 0 ? 1 : 0;
    }
  }
  return accepted;
}

export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method === 'PUT') {
      book = Book.decode(new Uint8Array(await request.arrayBuffer()));
      return new Response('ok');
    }
    const { searchParams } = new URL(request.url);
    if (!book) return new Response('no book', { status: 503 });
    return new Response(String(run(book, searchParams.get('kind'), Number(searchParams.get('n')))));
  },
};
