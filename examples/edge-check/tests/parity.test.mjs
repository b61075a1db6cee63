// The worker says what the API says in Node on the same book, number by number to the last bit: JSON carries doubles exactly.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  accountMargin,
  Book,
  CHECK_WIDTH,
  check,
  checkBasket,
  checkInto,
  liquidationPrices,
  MarginError,
  REASONS,
} from 'margin-kernel';
import { ask, bytes, exported, put, random, SEED, worker } from './worker.mjs';

const CHECKS = 1500;
const OBJECTS = /** @type {const} */ (['here', 'apart']);

/** Runs a call as the worker does: an answer, or the code of its refusal. */
const answer = (/** @type {() => object} */ run) => {
  try {
    return JSON.parse(JSON.stringify(run()));
  } catch (error) {
    if (error instanceof MarginError) return { code: error.code };
    throw error;
  }
};

for (const objects of OBJECTS) {
  test(`${CHECKS} random checks, while marks and accounts move, the object ${objects}`, async () => {
    const server = await worker({ objects });
    const r = random(SEED);
    const book = Book.decode(bytes);
    const seen = { accepted: 0, refused: 0, wrong: 0 };
    /** @returns {any} */
    const order = () => {
      const market = book.marketId(r.int(0, book.markets - 1));
      const { mark = 1, lot = 1 } = /** @type {any} */ (book.marketJSON(market));
      const wide = 10 ** (6 * r.next() - 2);
      const size = r.chance(0.8) && lot ? Math.max(lot, Math.round(wide / mark / lot) * lot) : (wide / mark) * r.next();
      const price = r.pick([undefined, mark, mark * (0.9 + 0.2 * r.next()), String(mark)]);
      return {
        market: r.chance(0.02) ? 'NONE' : market,
        side: r.pick(['buy', 'sell']),
        size: r.chance(0.3) ? String(size) : size,
        ...(price === undefined ? {} : { price }),
        ...(r.chance(0.2) ? { fee: 0.001 * r.next() } : {}),
        ...(r.chance(0.1) ? { positionSide: r.pick(['net', 'long', 'short']) } : {}),
        ...(r.chance(0.1) ? { reduceOnly: r.chance(0.8) } : {}),
        ...(r.chance(0.05) ? { bucket: r.int(0, 2) } : {}),
      };
    };
    try {
      assert.equal((await put(server.url)).status, 200);
      for (let i = 0; i < CHECKS; i++) {
        const account = book.accountId(r.int(0, book.accounts - 1));
        const kind = r.next();
        let got;
        let want;
        if (kind < 0.5) {
          const o = order();
          got = await ask(server.url, '/check', { account, order: o });
          want = answer(() => check(book, account, o));
        } else if (kind < 0.7) {
          const o = order();
          const [market, side, size, price] = [o.market, o.side, Number(o.size), Number(o.price ?? 1)];
          got = await ask(server.url, '/check', { account, order: { market, side, size, price }, brief: true });
          want = answer(() => {
            const out = new Float64Array(CHECK_WIDTH);
            const code = checkInto(book, book.unit(account), book.market(market), side, size, price, out);
            const risk = (/** @type {number} */ k) => {
              const [equity, initialCollateral, initialMargin, collateral, maintenanceMargin, notional] = out.subarray(
                k,
                k + 6,
              );
              const available = Number(initialCollateral) - Number(initialMargin);
              return { equity, initialCollateral, initialMargin, collateral, maintenanceMargin, notional, available };
            };
            return { accept: code <= 1, reason: REASONS[code], before: risk(0), after: risk(6) };
          });
        } else if (kind < 0.85) {
          const legs = Array.from({ length: r.int(1, 4) }, () => ({ ...order(), bucket: undefined })).map(
            ({ bucket: _, ...leg }) => leg,
          );
          got = await ask(server.url, '/check', { account, legs });
          want = answer(() => checkBasket(book, account, legs));
        } else if (kind < 0.93) {
          got = await ask(server.url, `/accounts/${encodeURIComponent(account)}`);
          want = answer(() => ({
            ...accountMargin(book, account),
            liquidationPrices: liquidationPrices(book, account),
          }));
        } else if (kind < 0.97) {
          const market = book.marketId(r.int(0, book.markets - 1));
          const mark = Number(/** @type {any} */ (book.marketJSON(market)).mark) * (0.98 + 0.04 * r.next());
          const [asset, price] = [book.assetId(0), 0.999 + 0.002 * r.next()];
          got = await ask(server.url, '/marks', { marks: [{ market, mark }], prices: [{ asset, price }] });
          book.setMark(market, mark);
          book.setPrice(asset, price);
          want = { applied: 2 };
        } else {
          const market = book.marketId(r.int(0, 5));
          const { mark = 1, kind: type } = /** @type {any} */ (book.marketJSON(market));
          const size = 0.01 * r.next() * (r.chance(0.5) ? 1 : -1);
          const updates = [
            { kind: 'deposit', account, asset: 'USDT', amount: 10 * r.next() },
            ...(type === 'spot' ? [] : [{ kind: 'fill', account, market, size, price: mark, fee: 0.01 }]),
            { kind: 'terms', account, marginMultiplier: 1 + r.next() },
          ];
          got = await ask(server.url, '/accounts', { updates });
          for (const { kind, account: a, ...u } of /** @type {any[]} */ (updates)) {
            if (kind === 'deposit') book.deposit(a, u.asset, u.amount);
            else if (kind === 'fill') book.fill(a, u);
            else book.setTerms(a, u);
          }
          want = { applied: updates.length };
        }
        const { sequence: _, ...body } = got.json;
        const same = got.status === 200 ? body : { code: body.code };
        assert.deepStrictEqual(same, want, `seed ${SEED}, check ${i}: ${got.text}`);
        if (got.status !== 200) seen.wrong += 1;
        else if (body.accept === true) seen.accepted += 1;
        else if (body.accept === false) seen.refused += 1;
      }
      assert.ok(seen.accepted > 200 && seen.refused > 100 && seen.wrong > 5, JSON.stringify(seen));
      assert.ok(
        Buffer.compare(await exported(server.url), Buffer.from(book.encode())) === 0,
        `seed ${SEED}: another book`,
      );
    } finally {
      await server.stop();
    }
  });
}
