// The ledger: nothing is made or lost by any trades, payments and marks; average cost, flips and equity to the minor
// unit.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Ledger } from '../src/ledger.mjs';
import { feeOf, Market } from '../src/market.mjs';

const market = new Market('BTC', 60_000);
const ids = ['a', 'b', 'c', 'fund'];

function opened() {
  const ledger = new Ledger([market], ['fund']);
  for (const id of ids) ledger.open(id, 1_000_000_000n);
  return ledger;
}

test('a lot at a price of a tick is a whole number of minor units, at every scale of prices', () => {
  for (const start of [0.0002, 0.31, 1, 9.99, 10, 160, 999.9, 1000, 64_000, 123_456]) {
    const { digits, unit, start: ticks } = new Market('X', start);
    assert.equal(unit, 100n);
    assert.ok(ticks >= 10_000 && ticks < 100_000, `${start} is ${ticks} ticks`);
    const { lotValue } = new Market('X', start).terms(ticks);
    // A lot is worth its value times the price in minor units, as a waterfall counts it.
    assert.equal(digits >= 0 ? lotValue / 10n ** BigInt(digits) : lotValue * 10n ** BigInt(-digits), unit);
  }
});

test('conserved under any trades, payments and marks', () => {
  const account = fc.constantFrom(...ids);
  const step = fc.record({
    buyer: account,
    seller: account,
    lots: fc.bigInt({ min: 1n, max: 5_000n }),
    price: fc.integer({ min: 1, max: 900_000 }),
    paid: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    mark: fc.integer({ min: 1, max: 900_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const ledger = opened();
      for (const { buyer, seller, lots, price, paid, mark } of steps) {
        const before = new Map(ids.map((id) => [id, ledger.equity(id)]));
        if (buyer !== seller) {
          ledger.trade(buyer, seller, market.id, lots, price);
          // A trade changes equity by the distance of its price from the mark, to the minor unit.
          const gain = ledger.worth(market.id, lots) - market.worth(lots, price);
          assert.equal(ledger.equity(buyer) - /** @type {bigint} */ (before.get(buyer)), gain);
          assert.equal(ledger.equity(seller) - /** @type {bigint} */ (before.get(seller)), -gain);
        }
        ledger.pay(buyer, seller, paid);
        ledger.marks.set(market.id, mark);
        ledger.conserve();
      }
      assert.equal(
        ids.reduce((sum, id) => sum + ledger.equity(id), 0n),
        4_000_000_000n,
      );
    }),
    { numRuns: 300 },
  );
});

test('a partial close takes its part of the cost, a flip closes all and opens the rest', () => {
  const ledger = opened();
  ledger.trade('a', 'b', market.id, 3n, 600_000);
  ledger.trade('b', 'a', market.id, 1n, 630_000);
  const { cash, positions } = ledger.account('a');
  assert.deepEqual(positions.get(market.id), { lots: 2n, cost: -120_000_000n });
  assert.equal(cash, 1_000_000_000n + 3_000_000n);
  ledger.trade('b', 'a', market.id, 5n, 620_000);
  assert.deepEqual(ledger.account('a').positions.get(market.id), { lots: -3n, cost: 186_000_000n });
  assert.equal(ledger.account('a').cash, 1_000_000_000n + 3_000_000n + 4_000_000n);
});

test('what is made or lost is found', () => {
  const ledger = opened();
  ledger.account('a').cash += 1n;
  assert.throws(() => ledger.conserve(), /1 minor units/);
  const other = opened();
  other.account('a').positions.set(market.id, { lots: 1n, cost: -market.worth(1n, other.marks.get(market.id) ?? 0) });
  assert.throws(() => other.conserve(), /1 lots too many/);
});

test('a fee is rounded up', () => {
  assert.deepEqual([feeOf(10_000n, 5n), feeOf(10_001n, 5n), feeOf(-1n, 1n), feeOf(0n, 5n)], [5n, 6n, 1n, 0n]);
});
