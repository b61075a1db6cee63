// Bytes of JavaScript heap that one scan and one pre-trade check leave behind, as JSON: `node --expose-gc --single-threaded`.
// A program of its own: what the engine inlines, and so which numbers it boxes between functions, depends on what ran before
// and, where its compiler works beside the program, on how busy the machine is.
import { Book, CHECK_WIDTH, checkInto, marginInto } from 'margin-kernel';
import { randomBook } from './random-book.js';

const CALLS = 10_000;
const ROUNDS = 5;

/** Bytes a call before any collection: the least of several rounds, as the compiler allocates too. */
function allocated(call: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < CALLS; i++) call();
    least = Math.min(least, Math.abs(process.memoryUsage().heapUsed - before) / CALLS);
  }
  return least;
}

function scan(features: number): number {
  const book = Book.fromJSON(randomBook(11, { features, accounts: 50 }));
  const column = (): Float64Array => new Float64Array(book.units);
  const into = {
    equity: column(),
    collateral: column(),
    initialCollateral: column(),
    endCollateral: column(),
    initialMargin: column(),
    maintenanceMargin: column(),
    endMargin: column(),
    notional: column(),
    status: new Uint32Array(book.units),
  };
  return allocated(() => marginInto(book, into));
}

function check(features: number): number {
  const book = Book.fromJSON(randomBook(11, { features, accounts: 20 }));
  const out = new Float64Array(CHECK_WIDTH);
  const marks = book.store.columns.market.mark.slice();
  let i = 0;
  return allocated(() => {
    i++;
    const market = i % book.markets;
    checkInto(book, i % book.units, market, i % 3 ? 'buy' : 'sell', 1 + (i % 7), marks[market] as number, out);
  });
}

console.log(
  JSON.stringify({ plain: { scan: scan(0), check: check(0) }, features: { scan: scan(1), check: check(1) } }),
);
