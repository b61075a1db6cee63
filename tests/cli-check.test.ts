// The command `check`: what a person reads, what a machine gets, and what is wrong with an order.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Book, type BookJSON, check, checkBasket } from '../bindings/index.js';
import { run } from './terminal.js';

const json: BookJSON = {
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USDT', price: 1 }],
  markets: [
    {
      id: 'BTC-PERP',
      kind: 'linear',
      settle: 'USDT',
      mark: 60_000,
      tick: 0.5,
      lot: 0.001,
      takerFee: 0.0005,
      brackets: [
        { upTo: 50_000, maintenanceRate: 0.004, initialRate: 0.008 },
        { upTo: null, maintenanceRate: 0.005, initialRate: 0.01 },
      ],
    },
  ],
  accounts: [
    { id: 'a1', balances: { USDT: 5000 }, positions: [{ market: 'BTC-PERP', size: 1, entry: 60_500 }] },
    { id: 'poor', balances: { USDT: 100 }, positions: [{ market: 'BTC-PERP', size: 1, entry: 60_500 }] },
  ],
};
const folder = mkdtempSync(join(tmpdir(), 'cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const book = join(folder, 'book.json');
writeFileSync(book, JSON.stringify(json));
const asked = (order: unknown, ...more: string[]) => run('check', book, JSON.stringify(order), ...more);

const BUY = { market: 'BTC-PERP', side: 'buy', size: 2, price: 61_000 } as const;
const LEGS = [
  { market: 'BTC-PERP', side: 'buy', size: 2 },
  { market: 'BTC-PERP', side: 'sell', size: 1 },
] as const;

describe('an order', () => {
  it('is accepted in words', async () => {
    const { code, out } = await asked({ account: 'a1', ...BUY });
    expect(code).toBe(0);
    expect(out).toMatch(/^a1: buy 2 BTC-PERP at 61000\naccepted: there is enough initial margin/);
    expect(out).toMatch(/equity +4,500\.00 +2,439\.00\n/);
    expect(out).toMatch(/takes 3,261\.00 of what is available/);
    expect(out).toMatch(/liquidation price after it: down 59,467\.67\d*, up none/);
  });

  it('is refused with 1 and its reason', async () => {
    const { code, out } = await asked({ account: 'a1', ...BUY, size: 200 });
    expect([code, out.split('\n')[1]]).toEqual([
      1,
      'refused: there would be too little initial margin once it has filled',
    ]);
  });

  it('is for machines what the call says', async () => {
    const { out } = await asked({ account: 'a1', ...BUY }, '--json');
    expect(JSON.parse(out)).toEqual(check(Book.fromJSON(json), 'a1', BUY));
  });

  it('comes from a file, or in a list', async () => {
    const path = join(folder, 'orders.json');
    writeFileSync(path, JSON.stringify([{ account: 'a1', ...BUY }]));
    const list = await run('check', book, path, '--json');
    expect(JSON.parse(list.out)).toHaveLength(1);
    const two = await asked([
      { account: 'a1', ...BUY },
      { account: 'poor', ...BUY },
    ]);
    expect(two.code).toBe(1);
    expect(two.out).toMatch(/a1: [\s\S]*accepted[\s\S]*poor: [\s\S]*refused/);
    expect(await asked([])).toMatchObject({ code: 0, out: 'no orders\n' });
  });

  it('of several legs is one', async () => {
    const { code, out } = await asked({ account: 'a1', bucket: 0, legs: LEGS });
    expect(code).toBe(0);
    expect(out).toMatch(/^a1: buy 2 BTC-PERP \+ sell 1 BTC-PERP\naccepted/);
    expect(out).toMatch(/liquidation price of BTC-PERP after it: down 58,060/);
    const machine = await asked({ account: 'a1', legs: LEGS }, '--json');
    expect(JSON.parse(machine.out)).toEqual(checkBasket(Book.fromJSON(json), 'a1', LEGS));
  });
});

describe('what is wrong with an order', () => {
  // biome-ignore format: one case a line
  it.each([
    [{ account: 'a1', ...BUY, market: 'BTC-PREP' }, 'order.market', 'Did you mean "BTC-PERP"?'],
    [{ account: 'a1', ...BUY, side: 'bid' }, 'order.side', 'buy or sell'],
    [{ account: 'a1', ...BUY, sise: 1 }, 'order.sise', 'one of market, side, size'],
    [BUY, 'order.account', 'the id of an account'],
    [5, 'order', 'no such file'],
    [{ account: 'a1', legs: [null] }, 'order.legs[0]', 'an object'],
    [{ account: 'a1', legs: ['x'] }, 'order.legs[0]', 'an object'],
    [{ account: 'a1', legs: {} }, 'order.legs', 'a list of orders'],
    [[{ account: 'a1', ...BUY }, 7], 'orders[1]', 'an object'],
    [{ account: 'nobody', ...BUY }, 'account', 'the id of an account'],
  ])('%j', async (order, where, says) => {
    const { code, err } = await asked(order);
    expect(code).toBe(2);
    if (order !== 5) expect(err).toContain(where);
    expect(err).toContain(says);
  });

  it('is not said of the book', async () => {
    expect((await asked({ account: 'a1', ...BUY, size: 0 })).err).not.toContain(book);
    expect((await run('check', book, '{"account":')).err).toMatch(/the text is not JSON[\s\S]*where +order/);
  });
});
