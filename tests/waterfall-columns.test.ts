// The columns under the waterfall against plain lists: amounts of any size that grow and are inserted into, holdings by
// account, the first of many, lines of a journal beyond one block.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from '../bindings/liquidation/exact.js';
import { fractionText, ratio } from '../bindings/waterfall/amount.js';
import { AmountColumn } from '../bindings/waterfall/amount-column.js';
import { firstOf, firsts } from '../bindings/waterfall/firsts.js';
import { Holdings } from '../bindings/waterfall/holdings.js';
import { run, verify } from '../bindings/waterfall/index.js';
import { Lines } from '../bindings/waterfall/lines.js';

const amount = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt(-(2n ** 62n), 2n ** 62n) },
  { weight: 1, arbitrary: fc.constantFrom(2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), -(2n ** 63n) - 1n, 10n ** 30n) },
);

const change = fc.oneof(
  fc.record({ kind: fc.constant('push' as const), at: fc.nat(), amount }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), amount }),
  fc.record({ kind: fc.constant('add' as const), at: fc.nat(), amount }),
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), amount }),
);

describe('a column of amounts', () => {
  it('is what a list is, whatever is done to it, and a copy of it stays as it was', () => {
    fc.assert(
      fc.property(fc.array(amount), fc.array(change, { maxLength: 60 }), (start, changes) => {
        const column = AmountColumn.zeros(0);
        for (const amount of start) column.push(amount);
        const first = column.copy();
        const list = [...start];
        for (const { kind, at, amount } of changes) {
          if (kind === 'push') {
            column.push(amount);
            list.push(amount);
          } else if (kind === 'insert') {
            const row = at % (list.length + 1);
            column.insert(row);
            list.splice(row, 0, 0n);
          } else if (list.length > 0) {
            const row = at % list.length;
            list[row] = kind === 'set' ? amount : (list[row] as bigint) + amount;
            if (kind === 'set') column.set(row, amount);
            else column.add(row, amount);
          }
          expect(column.length).toBe(list.length);
        }
        expect([...column]).toEqual(list);
        expect(column.sum()).toBe(list.reduce((sum, each) => sum + each, 0n));
        expect([column.at(-1), column.at(list.length), column.at(list.length + 5)]).toEqual([0n, 0n, 0n]);
        expect([...first]).toEqual(start);
      }),
    );
  });
});

describe('holdings', () => {
  it('have a row for each account that was asked for, rising, and a copy has its own', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40)), fc.array(fc.nat(40)), (accounts, more) => {
        const holdings = Holdings.none();
        for (const account of accounts) holdings.lots.add(holdings.ensure(account), BigInt(account) + 1n);
        const copy = holdings.copy();
        for (const account of more) copy.lots.add(copy.ensure(account), 1000n);
        const known = [...new Set(accounts)].sort((a, b) => a - b);
        expect([...holdings.accounts]).toEqual(known);
        for (const account of known) {
          const times = BigInt(accounts.filter((other) => other === account).length);
          expect(holdings.lots.at(holdings.rowOf(account))).toBe((BigInt(account) + 1n) * times);
        }
        expect(holdings.rowOf(41)).toBe(-1);
        expect([...copy.accounts]).toEqual([...new Set([...accounts, ...more])].sort((a, b) => a - b));
      }),
    );
  });
});

describe('the first of many', () => {
  it('are those that a sort puts first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 200 }), fc.nat(220), (keys, most) => {
        const before = (a: number, b: number): boolean =>
          keys[a] === keys[b] ? a < b : (keys[a] as number) < (keys[b] as number);
        const sorted = keys.map((_, place) => place).sort((a, b) => (before(a, b) ? -1 : 1));
        const wanted = sorted.slice(0, most);
        expect(firsts(keys.length, most, before)).toEqual(wanted);
        const places = keys.map((_, place) => place);
        expect(new Set(firstOf(places, most, before))).toEqual(new Set(wanted));
      }),
    );
  });

  it('are found in an order that spoils the passes', () => {
    // Each pivot is answered as the last but one of what is left, as McIlroy's adversary does.
    let [frozen, next] = [0, 0];
    const keys = new Array<number>(2000).fill(Number.POSITIVE_INFINITY);
    const before = (a: number, b: number): boolean => {
      if (keys[a] === keys[b] && a !== b) {
        keys[a === next ? a : b] = frozen++;
        next = keys[a] === Number.POSITIVE_INFINITY ? a : b;
      }
      return (keys[a] as number) < (keys[b] as number);
    };
    const found = firsts(2000, 1000, before);
    expect(found.length).toBe(1000);
    expect(
      found.every((place, i) => i === 0 || (keys[found[i - 1] as number] as number) < (keys[place] as number)),
    ).toBe(true);
  });
});

describe('lines', () => {
  it('are kept beyond a block', () => {
    const lines = new Lines();
    for (let i = 0; i < 20_000; i++) lines.push(i, i % 7, BigInt(i) * 10n ** BigInt(i % 25), i % 3 === 0 ? -1 : i);
    expect(lines.length).toBe(20_000);
    for (const i of [0, 1, 8, 9, 8191, 8192, 8193, 16_383, 16_384, 19_999]) {
      const line = [lines.account(i), lines.target(i), lines.delta(i), lines.place(i)];
      expect(line).toEqual([i, i % 7, BigInt(i) * 10n ** BigInt(i % 25), i % 3 === 0 ? -1 : i]);
    }
  });

  it('of a layer of 20,000 say by what each was asked, and are replayed', () => {
    const members = Array.from({ length: 20_000 }, (_, i) => {
      return { id: `m${i}`, balances: { USD: BigInt(i % 50) }, measures: { stake: BigInt(1 + (i % 13)) } };
    });
    const state = { accounts: [{ id: 'd', balances: { USD: -40_000n } }, ...members] };
    const stages = [{ id: 'members', who: 'survivors', weight: 'stake' }] as const;
    const outcome = run(state, stages, { defaulter: 'd' });
    expect(outcome.residual).toBe(0n);
    const total = members.reduce((sum, { balances, measures }) => (balances.USD > 0n ? sum + measures.stake : sum), 0n);
    let given = 0n;
    for (const { account, delta, weight, capacity, reason } of outcome.postings) {
      if (account === 'd') continue;
      const { balances, measures } = members[Number(account.slice(1))] as (typeof members)[number];
      expect([weight, capacity, reason.total]).toEqual([measures.stake, balances.USD, total]);
      expect(-delta <= balances.USD).toBe(true);
      given -= delta;
    }
    expect(given).toBe(40_000n);
    expect(verify(outcome, state).problems).toEqual([]);
  });
});

describe('a fraction as text', () => {
  it.each([
    [{ numerator: 3n, denominator: 1n }, '3'],
    [{ numerator: 505n, denominator: 10n }, '50.5'],
    [{ numerator: -6n, denominator: 4n }, '-1.5'],
    [{ numerator: -40n, denominator: 60n }, '-2/3'],
    [{ numerator: 0n, denominator: 7n }, '0'],
  ])('%o is %s', (fraction, text) => {
    expect(fractionText(fraction)).toBe(text);
  });

  it('reads back as what it was, the same of equal ones', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.bigInt(1n, 10n ** 12n), fc.bigInt(1n, 99n), (n, d, k) => {
        const fraction = { numerator: n, denominator: d };
        expect(compare(ratio(fractionText(fraction)), fraction)).toBe(0);
        expect(fractionText({ numerator: n * k, denominator: d * k })).toBe(fractionText(fraction));
      }),
    );
  });
});
