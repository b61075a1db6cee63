// Small books for the boxes of a watch: a plain one, and features to switch on in it alone and in pairs, with parameters that are
// as steep as they may be.
import type { AccountJSON, AssetJSON, BookJSON, HoldingsJSON, MarketJSON } from '../bindings/public.js';
import { brackets, type Random } from './random-book.js';

export interface Draft {
  assets: AssetJSON[];
  markets: MarketJSON[];
  accounts: AccountJSON[];
  liquidatableWhen?: '<=';
}
type Feature = (r: Random, draft: Draft) => void;

const some = <T>(r: Random, list: readonly T[], of: (item: T) => object): void => {
  for (const item of list) if (r.chance(0.7)) Object.assign(item as object, of(item));
};
const tables = (m: MarketJSON, more: object): object => ({ tables: { ...(m.tables as object), ...more } });
const holdingsOf = (draft: Draft): HoldingsJSON[] =>
  draft.accounts.flatMap((a) => [a as HoldingsJSON, ...((a.buckets ?? []) as HoldingsJSON[])]);
const near = (r: Random, price: unknown): number => Number(price) * r.between(0.7, 1.4);
const isPrediction = ({ kind }: MarketJSON): boolean => kind === 'prediction';

/** Notionals and requirements that are near the bounds of a table. */
function steps(r: Random, draft: Draft, m: MarketJSON): void {
  const sizes = holdingsOf(draft).flatMap((h) =>
    (h.positions ?? []).filter((p) => p.market === m.id).map((p) => Math.abs(Number(p.size))),
  );
  const settle = draft.assets.find(({ id }) => id === m.settle)?.price;
  const price = r.chance(0.5) ? Number(settle ?? 1) : 1;
  const contract = price * Number(m.multiplier ?? 1) * (m.kind === 'inverse' ? 1 / Number(m.mark) : Number(m.mark));
  const bounds = sizes.map((size) => size * contract * r.between(0.8, 1.3)).sort((a, b) => a - b);
  let rate = r.between(0.001, 0.02);
  const rows = bounds
    .filter((x, i) => x > 0 && x !== bounds[i - 1])
    .map((upTo) => {
      rate = Math.min(rate * r.between(1, 4), 1);
      return { upTo, maintenanceRate: rate, initialRate: rate * 1.5 };
    });
  m.brackets = [...rows, { upTo: null, maintenanceRate: rate * r.between(1, 2), initialRate: rate * 3 }];
}

export const FEATURES: Record<string, Feature> = {
  inverse: (r, d) =>
    some(r, d.markets, ({ id }) => ({
      kind: 'inverse',
      settle: r.pick(d.assets).id,
      multiplier: id === 'M0' ? 100 : 1,
    })),
  quoteTables: (r, d) =>
    some(r, d.markets, (m) => ({ kind: 'inverse', settle: 'BTC', quote: 'USDT', ...tables(m, { unit: 'quote' }) })),
  quotes: (r, d) =>
    some(r, d.markets, (m) => ({ kind: 'inverse', settle: 'USDT', quote: 'BTC', ...tables(m, { unit: 'quote' }) })),
  quanto: (r, d) => some(r, d.markets, () => ({ kind: 'quanto', settle: 'BTC' })),
  coins: (r, d) => some(r, d.markets, () => ({ settle: r.pick(d.assets).id })),
  prediction: (r, d) => some(r, d.markets, () => ({ kind: 'prediction', mark: r.between(0.02, 0.98) })),
  guards: (r, d) =>
    some(
      r,
      d.markets.filter((m) => !isPrediction(m)),
      (m) => ({
        twap: near(r, m.mark),
        ...(r.chance(0.5) ? { stable: near(r, m.mark) } : {}),
        ...(r.chance(0.5) ? { guard: r.pick([['maintenance'], ['initial'], ['initial', 'maintenance']]) } : {}),
      }),
    ),
  assetGuards: (r, d) =>
    some(r, d.assets, (a) => ({
      twap: near(r, a.price),
      ...(r.chance(0.5) ? { stable: near(r, a.price) } : {}),
      ...(r.chance(0.5) ? { guard: r.pick([['maintenance'], ['initial']]) } : {}),
    })),
  weights: (r, d) =>
    some(r, d.assets, () => ({
      tiers: undefined,
      assetWeight: { initial: r.between(0, 0.5), maintenance: r.between(0, 1) },
    })),
  lowWeights: (r, d) => some(r, d.assets, () => ({ tiers: undefined, assetWeight: r.between(0, 0.05) })),
  debts: (r, d) =>
    some(r, d.assets, () => ({
      liabilityTiers: undefined,
      liabilityWeight: { initial: r.between(1, 2), maintenance: r.between(1, 1.5) },
    })),
  tiers: (r, d) =>
    some(r, d.assets, () => ({
      assetWeight: undefined,
      tiers: [
        { upTo: r.wide(100, 1e5), weight: r.between(0.9, 1) },
        { upTo: r.wide(1e5, 1e6) + 1e5, weight: r.between(0.5, 0.9) },
        { upTo: null, weight: r.between(0, 0.5) },
      ],
    })),
  debtTiers: (r, d) =>
    some(r, d.assets, () => ({
      liabilityWeight: undefined,
      liabilityTiers: [
        { upTo: r.wide(100, 1e5), weight: r.between(1, 1.2) },
        { upTo: null, weight: r.between(1.2, 4) },
      ],
    })),
  cap: (r, d) => some(r, d.assets, () => ({ cap: r.wide(10, 1e5) })),
  jumps: (r, d) =>
    some(r, d.markets, (m) => {
      steps(r, d, m);
      return tables(m, {
        form: r.chance(0.7) ? 'whole' : { initial: 'marginal', maintenance: 'whole', liquidationEnd: 'whole' },
      });
    }),
  marginal: (r, d) =>
    some(r, d.markets, (m) => {
      steps(r, d, m);
      return tables(m, { form: 'marginal' });
    }),
  nothingFirst: (r, d) =>
    some(r, d.markets, (m) => {
      steps(r, d, m);
      const rows = m.brackets as { maintenanceRate: number; initialRate?: number }[];
      if (rows.length > 1) Object.assign(rows[0] as object, { maintenanceRate: 0, initialRate: 0 });
      return tables(m, { form: 'marginal' });
    }),
  steep: (r, d) =>
    some(r, d.markets, () => ({ brackets: [{ upTo: null, maintenanceRate: r.between(0.3, 1.2), initialRate: 1.2 }] })),
  numeraire: (r, d) => some(r, d.markets, (m) => tables(m, { unit: 'numeraire' })),
  contracts: (r, d) => some(r, d.markets, (m) => tables(m, { basis: 'contracts' })),
  entries: (r, d) =>
    some(r, d.markets, (m) =>
      tables(m, { basis: { initial: 'entry', maintenance: 'notional', liquidationEnd: 'notional' } }),
    ),
  curve: (r, d) => some(r, d.markets, () => ({ curve: { kind: 'sqrt', factor: 10 ** -r.between(1, 5), of: 'size' } })),
  otherCurves: (r, d) =>
    some(r, d.markets, () => ({ curve: { kind: r.pick(['sqrt', 'power'] as const), factor: 1e-4, of: 'notional' } })),
  fees: (r, d) =>
    some(r, d.markets, () => ({ closingFee: { initial: r.between(0, 0.05), maintenance: r.between(0, 0.5) } })),
  shorts: (r, d) => some(r, d.markets, () => ({ shortBrackets: brackets(r, r.int(1, 3), false) })),
  orders: (r, d) => {
    for (const h of holdingsOf(d)) {
      h.orders = d.markets.flatMap((m) =>
        r.chance(0.7)
          ? Array.from({ length: r.int(1, 2) }, () => ({
              market: m.id,
              side: r.pick(['buy', 'sell'] as const),
              size: (r.wide(1, 1e5) / Number(m.mark)) * (r.chance(0.3) ? 10 : 1),
              price: Math.min(near(r, m.mark), isPrediction(m) ? 0.99 : Number.POSITIVE_INFINITY),
            }))
          : [],
      );
    }
  },
  orderLoss: (r, d) =>
    some(
      r,
      d.markets.filter(({ kind }) => kind !== 'inverse'),
      () => ({ orderLoss: true }),
    ),
  orderMargin: (r, d) => some(r, d.markets, () => ({ orderMargin: r.between(0, 500) })),
  separate: (r, d) => some(r, d.markets, () => ({ pnl: 'separate' })),
  net: (r, d) => some(r, d.markets, (m) => ({ pnl: 'net', ...(m.tables ? { tables: { form: 'marginal' } } : {}) })),
  pnlWeight: (r, d) =>
    some(r, d.markets, () => ({ pnlWeight: { initial: r.between(0, 0.5), maintenance: r.between(0, 1) } })),
  pnlCap: (r, d) => some(r, d.markets, () => ({ pnlCap: r.wide(10, 1e5) })),
  pnlCurve: (r, d) => some(r, d.markets, () => ({ pnlCurve: 0.01 })),
  leverage: (r, d) => {
    for (const h of holdingsOf(d)) some(r, h.positions ?? [], () => ({ leverage: r.int(1, 20) }));
  },
  multiplier: (r, d) =>
    some(r, d.accounts, () => ({ marginMultiplier: r.chance(0.5) ? r.between(0.3, 3) : r.between(3, 30) })),
  floor: (r, d) => some(r, d.accounts, () => ({ initialRateFloor: r.between(0, 1.5) })),
  indices: (r, d) => some(r, d.assets, () => ({ depositIndex: r.between(1, 1.3), borrowIndex: r.between(1, 1.5) })),
  funding: (r, d) => {
    some(r, d.markets, (m) => ({ fundingIndex: r.between(-0.1, 0.1) * Number(m.mark) }));
    for (const h of holdingsOf(d)) some(r, h.positions ?? [], () => ({ fundingIndex: r.between(-10, 10) }));
  },
  hedged: (r, d) => {
    for (const h of holdingsOf(d)) {
      h.positions = (h.positions ?? []).flatMap((p) => [
        { ...p, side: 'long' as const, size: Math.abs(Number(p.size)) },
        { ...p, side: 'short' as const, size: -Math.abs(Number(p.size)) * r.between(0.2, 3) },
      ]);
    }
  },
  buckets: (r, d) => {
    for (const a of d.accounts) a.buckets = [{ bucket: r.int(1, 9), ...(holdings(r, d) as object) }];
  },
  equal: (_, d) => {
    d.liquidatableWhen = '<=';
  },
  confidence: (r, d) =>
    some(r, [...d.assets, ...d.markets.filter((m) => !isPrediction(m))], () => ({
      confidence: 0.5,
      confidenceThreshold: 0.9,
      confidenceFactor: r.between(0, 0.5),
    })),
  openInterest: (r, d) =>
    some(r, d.markets, () => ({ openInterest: r.wide(1, 1e5), openInterestLower: 1e5, openInterestUpper: 1e8 })),
  scales: (r, d) =>
    some(r, d.assets, () => ({
      deposits: 1e4,
      depositScaleStart: r.wide(10, 1e6),
      borrows: 1e4,
      borrowScaleStart: r.wide(10, 1e6),
    })),
  rounding: (r, d) =>
    some(
      r,
      d.markets.filter(({ kind }) => kind === 'linear'),
      () => ({
        tables: undefined,
        shortBrackets: undefined,
        curve: undefined,
        brackets: [{ upTo: null, maintenanceRate: 0.03, initialRate: 0.05 }],
        rounding: { notional: 'trunc', requirement: 'ceil' },
      }),
    ),
  spot: (r, d) => {
    const [base, quote] = r.pick([
      ['BTC', 'USDT'],
      ['ETH', 'BTC'],
    ] as const);
    d.markets.push({ id: 'S', kind: 'spot', base, quote, mark: 100, spotOrders: r.pick(['fill', 'reserve'] as const) });
    for (const h of holdingsOf(d))
      h.orders = [
        ...(h.orders ?? []),
        { market: 'S', side: r.pick(['buy', 'sell'] as const), size: r.wide(1, 100), price: near(r, 100) },
      ];
  },
};

function holdings(r: Random, { assets, markets }: Pick<Draft, 'assets' | 'markets'>): HoldingsJSON {
  const balances: Record<string, number> = {};
  for (const { id, price } of assets) {
    if (r.chance(0.6)) balances[id] = (r.wide(10, 1e5) * (r.chance(0.4) ? -1 : 1)) / Number(price);
  }
  const positions = markets
    .filter(() => r.chance(0.7))
    .map((m) => ({
      market: m.id,
      size: (r.wide(10, 1e5) / Number(m.mark)) * (r.chance(0.5) ? -1 : 1),
      entry: near(r, m.mark),
    }));
  return { balances, positions };
}

/** A book of two or three assets and markets with these features. */
export function featureBook(r: Random, names: readonly string[]): BookJSON {
  const assets: AssetJSON[] = [
    { id: 'USDT', price: r.pick([1, 1, 1.02]) },
    { id: 'BTC', price: r.between(50, 200) },
    { id: 'ETH', price: r.between(5, 20) },
  ].slice(0, r.int(2, 3));
  if (names.includes('spot') && assets.length < 3) assets.push({ id: 'ETH', price: 10 });
  const markets: MarketJSON[] = Array.from({ length: r.int(1, 3) }, (_, i) => {
    const rate = r.between(0.01, 0.1);
    return {
      id: `M${i}`,
      kind: 'linear',
      settle: 'USDT',
      mark: r.between(1, 500),
      brackets: [{ upTo: null, maintenanceRate: rate, initialRate: rate * r.between(1, 3) }],
    };
  });
  const draft: Draft = { assets, markets, accounts: [] };
  draft.accounts = Array.from({ length: 5 }, (_, i) => ({ id: `a${i}`, ...holdings(r, draft) }));
  for (const name of names) (FEATURES[name] as Feature)(r, draft);
  // Entries and orders of predictions, whose marks have become prices below 1.
  for (const m of draft.markets.filter(isPrediction)) {
    for (const h of holdingsOf(draft)) {
      for (const p of h.positions ?? [])
        if (p.market === m.id) Object.assign(p, { size: Number(p.size) * 10, entry: r.between(0.01, 0.99) });
      for (const o of h.orders ?? []) if (o.market === m.id) o.price = Math.min(Number(o.price), 0.99);
    }
  }
  return JSON.parse(JSON.stringify({ format: 'margin-kernel/book@1', ...draft })) as BookJSON;
}
