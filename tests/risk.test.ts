// What callers do with the answer: the names of the status column, and the order of accounts by risk.
import { describe, expect, it } from 'vitest';
import { accountMargin, Book, compareRisk, INEXACT, margin, type RiskPair, STATUS } from '../bindings/index.js';
import * as dydx from '../bindings/venues/dydx.js';

const pair = (collateral: number, maintenanceMargin: number): RiskPair => ({ collateral, maintenanceMargin });
const sign = Math.sign;

describe('the status column', () => {
  it('names every code, with a bit beside it', () => {
    expect(STATUS).toEqual(['healthy', 'warning', 'liquidatable', 'bankrupt']);
    expect(STATUS.length).toBeLessThanOrEqual(INEXACT);
    const book = Book.create();
    book.addAsset({ id: 'USDT', price: 1 });
    book.addMarket({
      id: 'UNITS',
      kind: 'linear',
      settle: 'USDT',
      mark: 3,
      brackets: [{ upTo: null, maintenanceRate: 0.1, initialRate: 0.2 }],
      rounding: { notional: 'trunc', requirement: 'ceil' },
    });
    for (const [id, size] of Object.entries({ a: 1, b: 2 ** 52 })) {
      book.addAccount({ id, balances: { USDT: -1 }, positions: [{ market: 'UNITS', size, entry: 3 }] });
    }
    const { status } = margin(book);
    ['a', 'b'].forEach((id, u) => {
      const one = accountMargin(book, id);
      expect(STATUS[(status[u] ?? 0) & 3]).toBe(one.status);
      expect(((status[u] ?? 0) & INEXACT) !== 0).toBe(one.inexact);
    });
    expect(Array.from(status, (code) => code & INEXACT)).toEqual([0, INEXACT]);
  });
});

describe('compareRisk', () => {
  it('is positive for the riskier, so that sort puts it last', () => {
    const rising = [pair(5, 0), pair(0, 0), pair(100, 1), pair(100, 50), pair(200, 100), pair(100, 100)];
    rising.push(pair(0, 1), pair(-1, 100), pair(-100, 100), pair(-1, 0), pair(-2, 0));
    rising.forEach((a, i) => {
      rising.forEach((b, j) => {
        expect(sign(compareRisk(a, b)), `${i} and ${j}`).toBe(sign(i - j));
      });
    });
    expect([...rising].reverse().sort(compareRisk)).toEqual(rising);
  });

  it('has the order and the sign of the integer rules', () => {
    const values = [-3, -2, -1, 0, 1, 2, 3];
    const pairs = values.flatMap((c) => values.filter((m) => m >= 0).map((m) => pair(c, m)));
    const whole = ({ collateral, maintenanceMargin }: RiskPair) => ({
      netCollateral: BigInt(collateral),
      maintenanceMargin: BigInt(maintenanceMargin),
    });
    for (const a of pairs)
      for (const b of pairs) expect(sign(compareRisk(a, b))).toBe(dydx.compareRisk(whole(a), whole(b)));
  });

  it('takes an account for its riskiest unit: sums would hide a bankrupt bucket', () => {
    const position = (size: number) => [{ market: 'P', size, entry: 100 }];
    const book = Book.fromJSON({
      format: 'margin-kernel/book@1',
      assets: [{ id: 'USDT', price: 1 }],
      markets: [
        { id: 'P', kind: 'linear', settle: 'USDT', mark: 90, brackets: [{ upTo: null, maintenanceRate: 0.1 }] },
      ],
      accounts: [
        {
          id: 'bucket',
          balances: { USDT: 1e6 },
          buckets: [{ bucket: 1, balances: { USDT: 5 }, positions: position(1) }],
        },
        { id: 'healthy', balances: { USDT: 100 }, positions: position(1) },
        { id: 'short', balances: { USDT: 12 }, positions: position(1) },
      ],
    });
    const accounts = ['bucket', 'healthy', 'short'].map((id) => accountMargin(book, id));
    expect(accounts.map(({ status }) => status)).toEqual(['bankrupt', 'healthy', 'liquidatable']);
    expect(accounts.sort((a, b) => compareRisk(b, a)).map(({ id }) => id)).toEqual(['bucket', 'short', 'healthy']);
    expect(compareRisk(accountMargin(book, 'bucket'), accountMargin(book, 'bucket'))).toBe(0);
  });
});
