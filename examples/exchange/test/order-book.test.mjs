// The order book against its own definition: what must hold whatever orders come, on random streams of them.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { OrderBook, other } from '../src/order-book.mjs';

/** @typedef {import('../src/order-book.mjs').Side} Side */

const accounts = ['a', 'b', 'c'];
const order = fc.record({
  kind: fc.constantFrom('limit', 'limit', 'ioc', 'cancel'),
  account: fc.constantFrom(...accounts),
  side: /** @type {fc.Arbitrary<Side>} */ (fc.constantFrom('buy', 'sell')),
  lots: fc.integer({ min: 1, max: 20 }),
  price: fc.integer({ min: 95, max: 105 }),
  which: fc.nat(),
});

/** All that is open, best price first, the oldest first. @param {OrderBook} book @param {Side} side */
const open = (book, side) => book.levels(side).flatMap(({ orders }) => orders);

/** @param {OrderBook} book */
function checked(book) {
  const [bid, ask] = [book.best('buy'), book.best('sell')];
  if (bid !== undefined && ask !== undefined) assert.ok(bid < ask, `crossed: ${bid} and ${ask}`);
  for (const side of /** @type {const} */ (['buy', 'sell'])) {
    const levels = book.levels(side);
    levels.forEach(({ price, orders }, i) => {
      const next = levels[i + 1];
      if (next) assert.ok(side === 'buy' ? price > next.price : price < next.price, 'levels are not best first');
      assert.ok(orders.length > 0, 'a level without orders');
      orders.forEach((one, j) => {
        assert.ok(one.lots > 0 && one.price === price && one.side === side && book.order(one.id) === one);
        if (j > 0)
          assert.ok(one.id > /** @type {number} */ (orders[j - 1]?.id), 'an older order stands behind a newer one');
      });
    });
  }
}

test('price-time priority, no crossed book, quantity conserved', () => {
  fc.assert(
    fc.property(fc.array(order, { maxLength: 80 }), (orders) => {
      const book = new OrderBook();
      for (const { kind, account, side, lots, price, which } of orders) {
        const standing = [...open(book, 'buy'), ...open(book, 'sell')];
        if (kind === 'cancel') {
          const one = standing[which % Math.max(1, standing.length)];
          if (one) assert.equal(book.cancel(one.id), one);
          checked(book);
          continue;
        }
        const against = open(book, other(side)).map((one) => ({ ...one }));
        const { trades, cancelled, left } = book.match(account, side, lots, price);
        const traded = trades.reduce((sum, trade) => sum + trade.lots, 0);
        assert.equal(traded + left, lots, 'lots were made or lost');
        // What the definition says: down the list in order, own orders away, others by what is left, as long as the price is within the limit.
        let rest = lots;
        const expected = [];
        const gone = [];
        for (const one of against) {
          if (rest === 0 || (side === 'buy' ? one.price > price : one.price < price)) break;
          if (one.account === account) gone.push(one.id);
          else {
            const part = Math.min(rest, one.lots);
            expected.push([one.id, part, one.price]);
            rest -= part;
          }
        }
        assert.deepEqual(
          trades.map((trade) => [trade.maker.id, trade.lots, trade.price]),
          expected,
        );
        assert.deepEqual(
          cancelled.map(({ id }) => id),
          gone,
        );
        const before = against.reduce((sum, one) => sum + one.lots, 0);
        const after = open(book, other(side)).reduce((sum, one) => sum + one.lots, 0);
        assert.equal(before - after, traded + cancelled.reduce((sum, one) => sum + one.lots, 0));
        if (kind === 'limit' && left > 0) assert.equal(book.rest(account, side, left, price).lots, left);
        checked(book);
      }
    }),
    { numRuns: 500 },
  );
});

test('the older of two orders at a price trades first, a better price before both', () => {
  const book = new OrderBook();
  const [first, second] = [book.rest('a', 'sell', 5, 100), book.rest('b', 'sell', 5, 100)];
  const better = book.rest('c', 'sell', 1, 99);
  const { trades, left } = book.match('d', 'buy', 8, 100);
  assert.deepEqual(
    trades.map(({ maker, lots, price }) => [maker.id, lots, price]),
    [
      [better.id, 1, 99],
      [first.id, 5, 100],
      [second.id, 2, 100],
    ],
  );
  assert.equal(left, 0);
  assert.equal(book.depth('sell', 100), 3);
});

test('an own order goes, and the newer one trades on behind it', () => {
  const book = new OrderBook();
  const own = book.rest('a', 'buy', 5, 100);
  book.rest('b', 'buy', 5, 99);
  const { trades, cancelled, left } = book.match('a', 'sell', 7, 99);
  assert.deepEqual([cancelled.map(({ id }) => id), trades.map(({ lots }) => lots), left], [[own.id], [5], 2]);
});

test('an order that would cross can not rest, one that is gone can not be cancelled', () => {
  const book = new OrderBook();
  const { id } = book.rest('a', 'buy', 5, 100);
  assert.throws(() => book.rest('b', 'sell', 1, 100), /cross/);
  book.cancel(id);
  assert.throws(() => book.cancel(id), /no open order/);
});
