// Seeded streams of events for an engine's book: every kind, most of them events that the book takes, some that it refuses.
import type { BookBase } from '../bindings/public.js';
import type { EngineEvent, Outcome } from '../bindings/watch.js';
import type { Random } from './random-book.js';
import { randomBook } from './random-book.js';

/** Crossings without the rows of units, which depend on where they lie. */
export function said({ sequence, crossings, held, released }: Outcome): string {
  const names = (units: readonly { account: string; bucket: number }[]): string =>
    units.map(({ account, bucket }) => `${account}:${bucket}`).join(' ');
  const lists = [
    ...(['liquidatable', 'backstop', 'warning', 'recovered', 'cleared'] as const).map((key) => names(crossings[key])),
    names(held),
    names(released),
  ];
  return `${sequence} ${lists.join(' | ')}`;
}

/** An event that may or may not be one that the book takes. `n` grows with every call. */
export function randomEvent(r: Random, book: BookBase, n: number): EngineEvent {
  const { market: markets, asset: assets } = book.store.columns;
  const m = r.int(0, book.markets - 1);
  const a = r.int(0, book.assets - 1);
  const account = r.chance(0.5) ? r.int(0, book.accounts - 1) : book.accountId(r.int(0, book.accounts - 1));
  const market = r.chance(0.5) ? m : book.marketId(m);
  const asset = r.chance(0.5) ? a : book.assetId(a);
  const mark = markets.mark[m] as number;
  const price = assets.price[a] as number;
  const near = (x: number, by: number): number => x * (1 + r.between(-by, by));
  const allow = r.chance(0.15) ? { liquidate: false } : {};
  const bucket = r.chance(0.25) ? r.int(1, 3) : 0;
  const size = (r.wide(1, 1e5) / Math.max(mark, 1e-3)) * (r.chance(0.5) ? -1 : 1);
  const prediction = markets.kind[m] === 3;
  const at = prediction ? Math.min(0.99, Math.max(0.01, near(mark, 0.2))) : near(mark, 0.1);
  const guards = (x: number): object => ({
    ...(r.chance(0.1) ? { twap: near(x, 0.05) } : {}),
    ...(r.chance(0.1) ? { stable: near(x, 0.05) } : {}),
  });
  const order = {
    account,
    market,
    bucket,
    side: r.pick(['buy', 'sell'] as const),
    size: Math.abs(size),
    price: at,
  };
  const amount = (r.wide(1, 1e5) / Math.max(price, 1e-3)) * (r.chance(0.5) ? -1 : 1);
  const expiries = book.store.count('expiry');
  if (r.chance(0.05)) {
    const marks = Array.from({ length: book.markets }, (_, i): [number | string, number] => {
      const x = (markets.mark[i] as number) * r.between(0.93, 1.07);
      return [r.chance(0.5) ? i : book.marketId(i), markets.kind[i] === 3 ? Math.min(x, 0.99) : x];
    });
    return { kind: 'marks', marks, ...allow };
  }
  if (expiries > 0 && r.chance(0.2)) {
    const expiry = r.int(0, expiries - 1);
    const changes = {
      seconds: r.between(0, 1e7),
      forward: (book.store.columns.expiry.forward[expiry] as number) * r.between(0.9, 1.1),
    };
    return r.pick<() => EngineEvent>([
      () => ({ kind: 'volatility', market, volatility: r.between(0.1, 2) }),
      () => ({ kind: 'unquote', market }),
      () => ({ kind: 'changeExpiry', expiry, json: changes }),
      () =>
        r.chance(0.2)
          ? { kind: 'expire', expiry, price: changes.forward }
          : { kind: 'volatility', market, volatility: 0.5 },
    ])();
  }
  const pick = r.int(0, 99);
  if (pick < 30)
    return {
      kind: 'mark',
      market,
      mark: at,
      allow,
      ...(r.chance(0.2) ? { index: near(mark, 0.1) } : {}),
      ...guards(mark),
    };
  if (pick < 38) return { kind: 'price', asset, price: near(price, 0.1), allow, ...guards(price) };
  if (pick < 55)
    return {
      kind: 'fill',
      account,
      market,
      bucket,
      size,
      price: at,
      positionSide: r.chance(0.8) ? 'net' : r.pick(['long', 'short'] as const),
      ...(r.chance(0.5) ? { fee: r.between(-1, 5) } : {}),
    };
  if (pick < 61) return { kind: 'deposit', account, asset, bucket, amount };
  if (pick < 65)
    return {
      kind: 'transfer',
      account,
      to: r.int(0, book.accounts - 1),
      asset,
      bucket,
      toBucket: r.int(0, 2),
      amount: Math.abs(amount),
    };
  if (pick < 69) return { kind: 'placeOrder', ...order };
  if (pick < 72) return { kind: 'cancelOrder', ...order };
  if (pick < 76) return { kind: 'funding', market, index: r.between(-20, 20) };
  if (pick < 79) return { kind: 'interest', asset, depositIndex: r.between(1, 1.2), borrowIndex: r.between(1, 1.3) };
  if (pick < 81) return { kind: 'totals', asset, deposits: r.wide(1, 1e7), borrows: r.wide(1, 1e7) };
  if (pick < 83) return { kind: 'openInterest', market, contracts: r.wide(1, 1e6) };
  if (pick < 85)
    return r.chance(0.5)
      ? { kind: 'confidence', market, confidence: r.next() }
      : { kind: 'confidence', asset, confidence: r.next() };
  if (pick < 87) return { kind: 'leverage', account, market, bucket, leverage: r.int(1, 50) };
  if (pick < 89)
    return { kind: 'terms', account, marginMultiplier: r.between(0.5, 2), liquidationBuffer: r.between(0, 0.02) };
  if (pick < 90) return { kind: 'delist', market };
  if (pick < 91)
    return { kind: 'settle', market, price: prediction ? r.pick([0, 1, 0.5]) : r.chance(0.1) ? 0 : near(mark, 0.1) };
  const fresh = randomBook(n + 1, { features: 0.7, accounts: 2 });
  const had = (list: readonly { id: string }[], i: number): unknown => ({ ...list[i % list.length], id: `new${n}` });
  switch (pick) {
    case 91:
      return { kind: 'addAsset', json: had(fresh.assets, n) as never };
    case 92:
    case 93:
      return { kind: 'addMarket', json: had(fresh.markets, n) as never };
    case 94:
    case 95:
      return { kind: 'addAccount', json: had(fresh.accounts, n) as never };
    case 96:
      return { kind: 'replaceAsset', json: { ...book.assetJSON(a), price: near(price, 0.01) } };
    case 97:
    case 98:
      return {
        kind: 'replaceMarket',
        json: {
          ...book.marketJSON(m),
          takerFee: r.next() / 100,
          ...(r.chance(0.5) ? { underlying: r.pick(['X', 'Y', 'Z']) } : {}),
        },
      };
    default:
      return { kind: 'checkpoint', hash: '0123456789abcdef' };
  }
}
