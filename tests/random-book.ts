// Seeded random books with every feature of the model switched on somewhere: food for the differential, metamorphic and
// fuzz tests. The seed is in every failure message, so a case can be made again.
import type {
  AccountJSON,
  AssetJSON,
  BookJSON,
  Bracket,
  HoldingsJSON,
  Level,
  MarketJSON,
  PerLevel,
} from '../bindings/public.js';

/** mulberry32: one 32-bit state, the same numbers everywhere. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }
  int(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }
  chance(p: number): boolean {
    return this.next() < p;
  }
  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)] as T;
  }
  /** Spread over several decades, as sizes and prices are. */
  wide(low: number, high: number): number {
    let x = low;
    while (x < high && this.chance(0.7)) x *= this.between(1, 6);
    return Math.min(x * this.between(0.5, 1.5), high);
  }
}

export interface Mix {
  /** 0 plain books only, 1 every feature. */
  features: number;
  accounts: number;
}

const levels = (r: Random, of: () => number, sorted: 'rise' | 'fall' | 'any' = 'any'): PerLevel => {
  if (r.chance(0.5)) return of();
  const values = [of(), of(), of()];
  if (sorted !== 'any') values.sort((a, b) => (sorted === 'rise' ? a - b : b - a));
  return { initial: values[0] as number, maintenance: values[1] as number, liquidationEnd: values[2] as number };
};

function guard(r: Random, price: number, on: number): object {
  if (!r.chance(on)) return {};
  const all: Level[] = ['initial', 'maintenance', 'liquidationEnd'];
  return {
    ...(r.chance(0.7) ? { twap: price * r.between(0.9, 1.1) } : {}),
    ...(r.chance(0.4) ? { stable: price * r.between(0.9, 1.1) } : {}),
    ...(r.chance(0.5) ? { guard: all.filter(() => r.chance(0.6)) } : {}),
    ...(r.chance(0.4)
      ? { confidence: r.next(), confidenceThreshold: r.next(), confidenceFactor: r.between(0, 0.5) }
      : {}),
  };
}

function asset(r: Random, id: string, f: number): AssetJSON {
  const price = id === 'USDT' ? 1 : r.chance(0.02) ? 0 : r.wide(0.01, 60000);
  const tiered = r.chance(0.4 * f);
  let upTo = 0;
  let weight = 1;
  let debt = 1;
  const steps = r.int(1, 4);
  const byLevel = r.chance(0.5);
  return {
    id,
    price,
    ...guard(r, price, 0.4 * f),
    ...(tiered
      ? {
          tiers: Array.from({ length: steps }, (_, i) => {
            upTo += r.wide(100, 1e6);
            weight *= r.between(0.5, 1);
            return {
              upTo: i === steps - 1 && r.chance(0.7) ? null : upTo,
              weight: byLevel ? { initial: weight * 0.9, maintenance: weight } : weight,
            };
          }),
        }
      : r.chance(0.6 * f)
        ? { assetWeight: levels(r, () => r.between(0, 1), 'rise') }
        : {}),
    ...(r.chance(0.3 * f)
      ? {
          liabilityTiers: Array.from({ length: steps }, (_, i) => {
            debt += r.between(0, 0.2);
            return { upTo: i === steps - 1 ? null : 1000 * (i + 1) * (i + 1), weight: debt };
          }),
        }
      : r.chance(0.5 * f)
        ? { liabilityWeight: levels(r, () => r.between(1, 1.5), 'fall') }
        : {}),
    ...(r.chance(0.2 * f) ? { cap: r.wide(10, 1e6) } : {}),
    ...(r.chance(0.3 * f)
      ? { curve: { kind: r.pick(['sqrt', 'power'] as const), factor: levels(r, () => r.between(0, 0.01)) } }
      : {}),
    ...(r.chance(0.3 * f) ? { deposits: r.wide(1, 1e7), depositScaleStart: r.wide(10, 1e7) } : {}),
    ...(r.chance(0.3 * f) ? { borrows: r.wide(1, 1e7), borrowScaleStart: r.wide(10, 1e7) } : {}),
    ...(r.chance(0.2 * f) ? { depositIndex: r.between(1, 1.3), borrowIndex: r.between(1, 1.5) } : {}),
    ...(r.chance(0.3 * f) ? { rateFloor: false } : {}),
  };
}

export function brackets(r: Random, lines: number, end: boolean): Bracket[] {
  let upTo = 0;
  let rate = r.between(0.002, 0.02);
  return Array.from({ length: lines }, (_, i) => {
    upTo += r.wide(1000, 1e7);
    rate *= r.between(1, 2);
    return {
      upTo: i === lines - 1 && r.chance(0.5) ? null : upTo,
      maintenanceRate: rate,
      ...(r.chance(0.5) ? { initialRate: rate * 2 } : { maxLeverage: 1 / (rate * 2) }),
      ...(end ? { liquidationEndRate: rate * 1.5 } : {}),
    };
  });
}

function market(r: Random, id: string, assets: AssetJSON[], f: number): MarketJSON {
  const kinds = ['linear', 'linear', 'linear', 'inverse', 'quanto', 'prediction', 'spot'] as const;
  const kind = r.chance(f) ? r.pick(kinds) : r.chance(0.8) ? 'linear' : 'inverse';
  const mark = kind === 'prediction' ? r.between(0.01, 0.99) : r.wide(0.01, 60000);
  const settle = r.pick(assets).id;
  const fees = { takerFee: 0.0005, makerFee: -0.0001 };
  if (kind === 'spot') {
    const base = r.pick(assets.filter((a) => a.id !== settle)).id;
    return {
      id,
      kind,
      base,
      quote: settle,
      mark,
      ...fees,
      spotOrders: r.pick(['fill', 'reserve'] as const),
      ...(r.chance(0.3) ? { orderMargin: 0.01 } : {}),
    };
  }
  if (kind === 'linear' && r.chance(0.15 * f)) {
    // In whole units: sizes and prices of a venue that counts quantums.
    return {
      id,
      kind,
      settle,
      mark: r.chance(0.5) ? Math.ceil(mark) : mark,
      brackets: [{ upTo: null, maintenanceRate: r.int(1, 200) / 1000, initialRate: 0.25 }],
      rounding: {
        notional: r.pick(['trunc', 'exact'] as const),
        requirement: r.pick(['ceil', 'floor', 'trunc'] as const),
        ...(r.chance(0.5) ? { maintenanceFraction: 0.6 } : {}),
      },
      ...(r.chance(0.5) ? { openInterest: r.wide(1, 1e6), openInterestLower: 1e5, openInterestUpper: 1e8 } : {}),
      ...fees,
    };
  }
  const net = r.chance(0.2 * f);
  const basis = (): 'notional' | 'contracts' | 'entry' =>
    r.chance(0.25 * f) ? r.pick(net ? ['entry'] : ['contracts', 'entry']) : 'notional';
  const unit = (): 'settle' | 'quote' | 'numeraire' =>
    r.chance(0.3 * f) && !net ? r.pick(['settle', 'numeraire'] as const) : 'settle';
  const end = r.chance(0.4 * f);
  const same = <T>(of: () => T): PerLevel<T> =>
    r.chance(0.7) ? of() : { initial: of(), maintenance: of(), liquidationEnd: of() };
  const lines = f === 0 && r.chance(0.5) ? 1 : r.int(1, 10);
  return {
    id,
    kind,
    settle,
    ...(r.chance(0.5) ? { base: r.pick(assets).id } : {}),
    ...(kind === 'inverse' && r.chance(0.5) ? { quote: 'USDT' } : {}),
    multiplier: r.pick([1, 1, 0.001, 10, 100]),
    mark,
    ...(kind === 'prediction' ? {} : guard(r, mark, 0.3 * f)),
    brackets: brackets(r, lines, end),
    ...(r.chance(0.15 * f) ? { shortBrackets: brackets(r, r.int(1, 4), end) } : {}),
    tables: {
      form: f === 0 ? 'marginal' : same(() => r.pick(['marginal', 'whole'] as const)),
      basis: same(basis),
      unit: kind === 'inverse' && !net && r.chance(0.3) ? (r.chance(0.5) ? 'numeraire' : 'settle') : same(unit),
    },
    ...(r.chance(0.3 * f)
      ? {
          curve: {
            kind: r.pick(['sqrt', 'power'] as const),
            factor: levels(r, () => r.between(0, 0.001)),
            of: r.pick(['size', 'notional'] as const),
          },
        }
      : {}),
    ...(r.chance(0.3 * f) ? { openInterest: r.wide(1, 1e6), openInterestLower: 1e5, openInterestUpper: 1e8 } : {}),
    ...(r.chance(0.4 * f) ? { pnlWeight: levels(r, () => r.next(), 'rise') } : {}),
    ...(r.chance(0.3 * f) ? { pnlCap: r.chance(0.5) ? r.wide(10, 1e5) : { initial: 100, maintenance: null } } : {}),
    ...(r.chance(0.2 * f) ? { pnlCurve: r.between(0, 0.01) } : {}),
    ...(net ? { pnl: 'net' as const } : r.chance(0.2 * f) ? { pnl: 'separate' as const } : {}),
    ...(kind !== 'inverse' && r.chance(0.3 * f) ? { orderLoss: true } : {}),
    ...(r.chance(0.2 * f) ? { orderMargin: 0.01 } : {}),
    ...(r.chance(0.3 * f) ? { closingFee: levels(r, () => r.between(0, 0.001)) } : {}),
    ...(r.chance(0.4) ? { fundingIndex: r.between(-10, 10) } : {}),
    ...fees,
  };
}

function holdings(r: Random, book: Pick<BookJSON, 'assets' | 'markets'>, f: number): HoldingsJSON {
  const balances: Record<string, number> = {};
  const n = r.int(0, 4);
  for (let i = 0; i < n; i++) {
    const a = r.pick(book.assets);
    const value = r.wide(1, 1e6) * (r.chance(0.2) ? -1 : 1);
    balances[a.id] = (a.price as number) > 0 ? value / (a.price as number) : value;
  }
  const derivatives = book.markets.filter((m) => m.kind !== 'spot');
  const rows = new Set<string>();
  const positions: NonNullable<HoldingsJSON['positions']> = [];
  for (let i = r.int(0, 9); i > 0 && derivatives.length > 0; i--) {
    const m = r.pick(derivatives);
    const side = r.chance(0.8) ? 'net' : r.pick(['long', 'short'] as const);
    if (rows.has(`${m.id} ${side}`)) continue;
    rows.add(`${m.id} ${side}`);
    const contract = ((m.multiplier as number | undefined) ?? 1) * (m.kind === 'inverse' ? 1 : (m.mark as number));
    const size = (r.wide(1, 1e6) / contract) * (side === 'short' || (side === 'net' && r.chance(0.5)) ? -1 : 1);
    const entry = m.kind === 'prediction' ? r.between(0.01, 0.99) : (m.mark as number) * r.between(0.7, 1.4);
    positions.push({
      market: m.id,
      side,
      size: r.chance(0.03) ? 0 : size,
      ...(r.chance(0.05) ? { cost: r.between(-1000, 1000) } : { entry }),
      ...(r.chance(0.3) ? { fundingIndex: r.between(-10, 10) } : {}),
      ...(r.chance(0.2 * f) ? { leverage: r.int(1, 100) } : {}),
    });
  }
  const orders: NonNullable<HoldingsJSON['orders']> = [];
  for (let i = r.chance(0.5 * f) ? r.int(0, 5) : 0; i > 0 && book.markets.length > 0; i--) {
    const m = r.pick(book.markets);
    const price = (m.mark as number) * r.between(0.8, 1.2);
    orders.push({
      market: m.id,
      side: r.pick(['buy', 'sell'] as const),
      size: r.wide(1, 1e5) / price,
      price: Math.min(price, m.kind === 'prediction' ? 0.99 : price),
    });
  }
  return { balances, positions, orders };
}

export function randomBook(seed: number, mix: Mix = { features: 1, accounts: 3 }): BookJSON {
  const r = new Random(seed);
  const f = mix.features;
  const assets = ['USDT', 'BTC', 'ETH', 'SOL', 'USDC'].slice(0, r.int(2, 5)).map((id) => asset(r, id, f));
  const markets = Array.from({ length: r.int(1, 8) }, (_, i) => market(r, `M${i}`, assets, f));
  const accounts = Array.from({ length: mix.accounts }, (_, i): AccountJSON => {
    const at = { assets, markets };
    return {
      id: `a${i}`,
      ...holdings(r, at, f),
      ...(r.chance(0.3 * f) ? { marginMultiplier: r.between(0.5, 3) } : {}),
      ...(r.chance(0.3 * f) ? { liquidationBuffer: r.between(0, 0.05) } : {}),
      ...(r.chance(0.2 * f) ? { initialRateFloor: r.between(0, 1.5) } : {}),
      ...(r.chance(0.3) ? { buckets: [{ bucket: r.int(1, 9), ...holdings(r, at, f) }] } : {}),
    };
  });
  return {
    format: 'margin-kernel/book@1',
    ...(r.chance(0.2) ? { liquidatableWhen: '<=' as const } : {}),
    assets,
    markets,
    accounts,
  };
}
