// Seeded random books with options and scenario models: every kind of part, operation, move, reducer and spread somewhere, several
// underlyings, futures, inverse and coin-settled contracts, hedging balances, open orders, quantised and published arrays.
import type { AccountJSON, AssetJSON, BookJSON, ExpiryJSON, HoldingsJSON, MarketJSON } from '../bindings/public.js';
import type { ModelJSON, PartJSON, ScenarioJSON, VolatilityMoveJSON } from '../bindings/scenario/types.js';
import { Random } from './random-book.js';

const COINS = ['BTC', 'ETH', 'SOL'] as const;
const SPOTS: Record<string, number> = { BTC: 60_000, ETH: 3_000, SOL: 150 };
const DAY = 86_400;
const NO_BRACKETS = [{ upTo: null, maintenanceRate: 0 }];

const some = <T extends object>(r: Random, chance: number, of: () => T): T | object => (r.chance(chance) ? of() : {});

function assetsOf(r: Random, coins: readonly string[]): AssetJSON[] {
  const coin = (id: string): AssetJSON => ({
    id,
    price: (SPOTS[id] ?? 1) * r.between(0.8, 1.2),
    ...some(r, 0.5, () => ({ confidence: r.pick([0.75, r.between(0.5, 1)]) })),
    ...some(r, 0.5, () => ({ hedges: id })),
    ...some(r, 0.4, () => ({ assetWeight: { initial: r.between(0.5, 0.9), maintenance: r.between(0.9, 1) } })),
    ...some(r, 0.4, () => ({ liabilityWeight: r.between(1, 1.3) })),
    ...some(r, 0.2, () => ({ depositIndex: r.between(1, 1.2), borrowIndex: r.between(1, 1.3) })),
  });
  return [
    { id: 'USD', price: 1 },
    { id: 'STABLE', price: r.between(0.9, 1.01) },
    ...coins.map(coin),
    { id: 'WBTC', price: 59_000, hedges: 'BTC', confidence: r.between(0.8, 1), assetWeight: 0.9 },
  ];
}

function expiriesOf(r: Random, assets: AssetJSON[], coins: readonly string[]): ExpiryJSON[] {
  return coins.flatMap((asset) =>
    Array.from({ length: r.int(1, 3) }, (_, i): ExpiryJSON => {
      const spot = Number(assets.find(({ id }) => id === asset)?.price);
      const forward = spot * r.between(0.95, 1.1);
      return {
        id: `${asset}-${i}`,
        asset,
        seconds: r.chance(0.1) ? 0 : r.chance(0.3) ? 30 * DAY : r.wide(600, 2 * 365 * DAY),
        forward,
        ...some(r, 0.3, () => ({ settled: forward * r.next() })),
        ...some(r, 0.6, () => ({ rate: r.between(-0.05, 0.2) })),
        ...some(r, 0.3, () => ({ confidence: r.between(0.5, 1) })),
        ...some(r, 0.2, () => ({ discounted: false })),
      };
    }),
  );
}

function optionsOf(r: Random, { id, asset, forward }: ExpiryJSON, underlying: string): MarketJSON[] {
  return Array.from({ length: r.int(1, 4) }, (_, i): MarketJSON => {
    const settle = r.chance(0.3) ? asset : 'USD';
    const strike = r.chance(0.03) ? 0 : Number(forward) * r.between(0.5, 1.7);
    return {
      id: `${id}-${i}`,
      kind: r.pick(['call', 'put'] as const),
      expiry: id,
      strike: i > 0 && r.chance(0.3) ? Number(forward) : strike,
      volatility: r.chance(0.05) ? 0 : r.between(0.1, 2),
      settle,
      ...some(r, 0.3, () => ({ multiplier: r.pick([0.1, 10]) })),
      ...some(r, 0.3, () => ({ mark: settle === 'USD' ? r.wide(1, 20_000) : r.between(0.001, 0.4) })),
      ...(underlying === asset ? {} : { underlying }),
      takerFee: 0.0003,
    };
  });
}

/** Markets of a coin that are no options. */
function linearOf(
  r: Random,
  base: string,
  spot: number,
  expiries: readonly ExpiryJSON[],
  underlyingOf: (expiry: ExpiryJSON) => string,
): MarketJSON[] {
  const mark = spot * r.between(0.99, 1.01);
  const dated = expiries.filter(({ asset }) => asset === base);
  const confidence = some(r, 0.5, () => ({ confidence: r.between(0.5, 1) }));
  const common = { base, mark, brackets: NO_BRACKETS, takerFee: 0.0005, ...confidence };
  return [
    { id: `${base}-PERP`, kind: 'linear', settle: 'USD', index: spot, ...common },
    ...(r.chance(0.4)
      ? [{ id: `${base}-INV`, kind: 'inverse' as const, settle: base, multiplier: 100, ...common, base } as MarketJSON]
      : []),
    ...dated
      .filter(() => r.chance(0.5))
      .map((expiry): MarketJSON => {
        const { id } = expiry;
        const underlying = underlyingOf(expiry);
        const other = underlying === base ? {} : { underlying };
        return { id: `F-${id}`, kind: 'linear', settle: 'USD', expiry: id, ...other, ...common };
      }),
    ...(r.chance(0.2)
      ? [
          {
            id: `${base}-Q`,
            kind: 'quanto' as const,
            settle: 'STABLE',
            beta: r.between(-1, 2),
            ...common,
          } as MarketJSON,
        ]
      : []),
    ...(r.chance(0.3) ? [{ id: `${base}-SPOT`, kind: 'spot' as const, base, quote: 'USD', mark } as MarketJSON] : []),
  ];
}

function movesOf(r: Random, figure: (x: number) => number | string): Record<string, VolatilityMoveJSON> {
  const term = () => ({
    days: r.pick([30, r.between(7, 60)]),
    ...some(r, 0.5, () => ({ floorDays: r.between(0, 5) })),
    short: r.between(0, 1),
    ...some(r, 0.5, () => ({ long: r.between(0, 1) })),
  });
  const more = (): object => ({
    ...some(r, 0.5, () => ({ term: term() })),
    ...some(r, 0.4, () => ({ least: figure(r.between(0, 0.3)) })),
    ...some(r, 0.3, () => ({ range: 'range' })),
  });
  const skew = (): VolatilityMoveJSON => ({
    skew: {
      cap: r.between(0, 0.5),
      ...some(r, 0.5, () => ({ slope: r.between(0, 0.2) })),
      width: { least: r.between(0, 0.1), factor: r.between(0, 3), level: r.between(0, 1) },
      ...some(r, 0.5, () => ({ symmetric: true })),
    },
  });
  return {
    up: { scale: r.between(0, 1), ...more() },
    down: { scale: r.between(-1.5, 0), ...more() },
    more: { shift: r.between(-0.3, 0.5), ...more() },
    skew: skew(),
  };
}

/** Sets of the table. */
const SETS = ['scan', 'other', 'tail'] as const;

function scenariosOf(r: Random, plain: boolean, figure: (x: number) => number | string): ScenarioJSON[] {
  const row = (set: string): ScenarioJSON => ({
    set,
    ...(r.chance(0.8) ? { price: r.between(-0.4, 0.4) } : {}),
    ...some(r, 0.2, () => ({ range: 'range' })),
    ...some(r, 0.6, () => ({ volatility: r.pick(['up', 'down', 'more', 'skew']) })),
    ...some(r, 0.3, () => ({ weight: figure(r.between(0.2, 1.2)) })),
    ...some(r, 0.2, () => ({ coinWeight: figure(r.between(0.2, 1.2)) })),
    ...(plain
      ? {}
      : {
          ...some(r, 0.2, () => ({ dampener: figure(r.between(0, 5_000)) })),
          ...some(r, 0.5, () => ({ operation: r.pick(['discount', 'loss'] as const) })),
        }),
    ...some(r, 0.2, () => ({ days: r.between(0, 30) })),
    ...some(r, 0.2, () => ({ rate: r.between(-0.05, 0.05) })),
  });
  return SETS.flatMap((set) => Array.from({ length: set === 'tail' ? r.int(8, 40) : r.int(1, 9) }, () => row(set)));
}

interface Mix {
  r: Random;
  coins: readonly string[];
  /** Whole multiples of a quantum: no part may make other numbers of them. */
  whole: boolean;
  grouped: boolean;
}

function confidenceOf({ r, coins }: Mix): object {
  return some(r, 0.4, () => ({
    confidence: {
      threshold: r.pick([0.75, r.next()]),
      factor: r.between(0, 1),
      ...some(r, 0.5, () => ({ linked: true })),
      ...some(r, 0.5, () => ({ feed: r.pick(coins) })),
    },
  }));
}

function termsOf({ r, coins }: Mix, each: boolean): object {
  const factor = (): number | string => (each && r.chance(0.3) ? 'factor' : r.between(-0.2, 1.5));
  return {
    ...some(r, 0.5, () => ({ factor: r.chance(0.5) ? factor() : { initial: factor(), maintenance: factor() } })),
    ...some(r, 0.15, () => ({
      peg: { asset: r.pick(['STABLE', ...coins]), threshold: r.between(0.8, 1.1), factor: r.between(0, 2) },
    })),
  };
}

function scanOf({ r, whole }: Mix): PartJSON {
  const reduce = (): object => {
    const confidence = r.pick(['0.9', '0.95', '0.5', '0.99']);
    return r.pick([
      { rank: r.int(1, 3) },
      { shortfall: confidence },
      { aged: confidence, decay: r.pick([1, r.between(0.8, 1)]) },
    ] as object[]);
  };
  if (r.chance(0.3)) return { scan: 'tail', reduce: reduce() } as PartJSON;
  if (!whole && r.chance(0.3)) {
    const factor = some(r, 0.5, () => ({ expiryFactor: { base: r.between(0, 2), perYear: r.between(0, 2) } }));
    return { scan: r.pick(SETS), by: 'expiry', ...factor };
  }
  return {
    scan: r.pick(SETS),
    ...some(r, 0.3, () => ({ signed: true })),
    ...(whole ? {} : some(r, 0.3, () => ({ gains: r.chance(0.5) ? 'share' : r.next() }))),
  };
}

function chargeOf(mix: Mix, each: boolean): PartJSON {
  const { r } = mix;
  const figure = (x: number): number | string => (each && r.chance(0.4) ? 'rate' : x);
  const at = some(r, 0.6, () => ({ at: r.pick(['spot', 'value', 'contract', 'unit']) }));
  const what = r.pick(['options', 'calls', 'puts', 'linear', 'collateral']);
  const held = { ...(what === 'collateral' ? some(r, 0.5, () => ({ at: 'value' })) : at), ...confidenceOf(mix) };
  const levels = { initial: r.between(0, 0.5), maintenance: r.between(0, 0.3) };
  const parts: (PartJSON | object)[] = [
    { gross: what, ...held },
    { short: what, ...held },
    { netShort: 'options' },
    { offset: 'linear', ...at },
    { delta: { net: figure(r.next()), hedged: figure(r.next()) } },
    { roll: { least: figure(r.between(0, 0.01)), perYear: figure(r.between(0, 0.1)) } },
    { calendar: { rate: figure(r.between(0, 0.3)) } },
    { spreads: r.pick(['months', 'delivery']) },
    { spreads: 'credit', set: r.pick(SETS) },
    {
      options: {
        maxSpot: 0.15,
        minSpot: 0.13,
        callMaintenance: 0.09,
        putMaintenance: 0.09,
        putValue: 0.09,
        putInitialFactor: 1.01,
        unpaired: levels,
      },
    },
  ];
  if (each) parts.push({ deltaShock: { threshold: figure(r.wide(1, 1e6)), slope: r.between(0, 0.1), most: r.next() } });
  return r.pick(parts) as PartJSON;
}

function partOf(mix: Mix, depth: number, each: boolean): PartJSON {
  const { r } = mix;
  const many = (n: number): PartJSON[] => Array.from({ length: n }, () => partOf(mix, depth + 1, each));
  const terms = termsOf(mix, each);
  const kind = depth > 3 ? r.int(4, 9) : depth === 0 ? r.int(0, 4) : r.int(0, 9);
  if (kind === 0) return { sum: many(r.int(2, 6)), ...terms };
  if (kind === 1) return { max: many(r.int(1, 3)), ...terms };
  if (kind === 2) {
    const group = mix.grouped && r.chance(0.4);
    return { each: partOf(mix, depth + 1, !group), ...(group ? { by: 'group' } : {}), ...terms };
  }
  if (kind === 3)
    return {
      tiers: [
        { upTo: r.wide(1, 1e5), rate: 0.5 },
        { upTo: null, rate: 1.5 },
      ],
      of: many(1)[0] as PartJSON,
      ...terms,
    };
  return { ...(kind < 6 ? scanOf(mix) : chargeOf(mix, each)), ...terms };
}

function spreadsOf(r: Random, coins: readonly string[], expiries: readonly ExpiryJSON[]): object {
  const leg = (side: 'A' | 'B') => ({
    side,
    expiries: expiries
      .filter(() => r.chance(0.4))
      .map(({ id }) => id)
      .concat('not in the book'),
    ratio: r.wide(0.1, 10),
  });
  const pair = (side: 'A' | 'B', underlying: string) => ({ side, underlying, ratio: r.wide(0.1, 10), rate: r.next() });
  return {
    spreads: {
      months: Array.from({ length: r.int(0, 3) }, () => ({ charge: r.wide(1, 1e4), legs: [leg('A'), leg('B')] })),
      delivery: expiries
        .filter(() => r.chance(0.3))
        .map(({ id }) => ({ expiry: id, left: r.wide(1, 1e3), used: r.next() })),
      credits: Array.from({ length: r.int(0, 2) }, () => ({
        legs: [
          pair('A', coins[0] as string),
          pair('B', coins[1] ?? 'nothing'),
          ...(r.chance(0.3) ? [pair('B', 'OTHER')] : []),
        ],
      })),
    },
  };
}

function modelOf(r: Random, id: string, coins: readonly string[], expiries: readonly ExpiryJSON[]): ModelJSON {
  const whole = r.chance(0.25);
  const grouped = r.chance(0.4);
  const named = r.chance(0.3);
  const figure = (x: number): number | string => (named && r.chance(0.5) ? 'share' : x);
  const all = { range: r.next(), factor: r.next(), share: r.next(), rate: r.between(0, 0.3), group: r.int(0, 2) };
  const discount = {
    base: r.between(0.5, 1),
    rateFactor: r.next(),
    rateAdd: r.between(0, 0.1),
    ...some(r, 0.5, () => ({ negative: { base: r.between(1, 1.2), rateFactor: r.next(), rateAdd: r.next() } })),
  };
  return {
    id,
    volatility: movesOf(r, figure),
    scenarios: scenariosOf(r, whole, figure),
    discount,
    parameters: { '*': all, ...some(r, 0.7, () => ({ BTC: { range: r.next(), share: r.next(), group: 1 } })) },
    ...(grouped ? { group: 'group' } : {}),
    ...some(r, 0.6, () => spreadsOf(r, coins, expiries)),
    requirement: partOf({ r, coins, whole, grouped }, 0, false),
    ...some(r, 0.3, () => ({ liquidationEnd: 'initial' as const })),
    ...some(r, 0.3, () => ({ orders: 'none' as const })),
    ...some(r, 0.7, () => ({ cash: 'USD' })),
    ...(whole ? { quantum: r.pick([0.01, 1, 0.5]) } : {}),
  };
}

/** A model that comes with its arrays: of some markets, which alone it margins. */
function publishedOf(r: Random, id: string, markets: readonly MarketJSON[]): ModelJSON {
  const scenarios = Array.from({ length: 7 }, (_, i) => ({ price: i === 0 ? 0 : r.between(-0.3, 0.3) }));
  const quantum = r.chance(0.5) ? 0.5 : 0;
  const arrays = markets.map(({ id: market }) => {
    const gains = scenarios.map(() => Math.round(r.between(-1000, 1000)) / 2);
    return [market, { gains, ...some(r, 0.5, () => ({ delta: r.between(-1, 1) })) }] as const;
  });
  return {
    id,
    scenarios,
    arrays: Object.fromEntries(arrays),
    requirement: {
      sum: [{ each: { scan: 'scan' } }, { roll: { least: 0.01, perYear: 0.1 } }, { gross: 'options', at: 'contract' }],
    },
    ...(quantum > 0 ? { quantum } : {}),
  };
}

function holdingsOf(r: Random, book: Pick<BookJSON, 'assets'>, markets: readonly MarketJSON[]): HoldingsJSON {
  const balances = book.assets
    .filter(() => r.chance(0.6))
    .map(({ id, price }) => [id, (r.wide(10, 1e6) * (r.chance(0.15) ? -1 : 1)) / Number(price)] as const);
  const rows = markets.filter(({ kind }) => kind !== 'spot' && r.chance(0.5));
  const positions = rows.flatMap((m) => {
    const mark = Number(m.mark ?? 100);
    const sizes = r.chance(0.1) ? (['long', 'short'] as const) : (['net'] as const);
    return sizes.map((side) => {
      const contracts = r.chance(0.05) ? 0 : r.wide(0.1, 50);
      const sign = side === 'short' || (side === 'net' && r.chance(0.5)) ? -1 : 1;
      return { market: m.id, side, size: sign * contracts, entry: mark * r.between(0.8, 1.2) };
    });
  });
  const orders = markets
    .filter(() => r.chance(0.15))
    .map((m) => ({
      market: m.id,
      side: r.pick(['buy', 'sell'] as const),
      size: r.wide(0.1, 20),
      price: Number(m.mark ?? 100) * r.between(0.9, 1.1),
    }));
  return { balances: Object.fromEntries(balances), positions, orders };
}

/** A book with models; its seed says all of it. */
export function randomModelBook(seed: number, accounts = 4): BookJSON {
  const r = new Random(seed * 7919 + 1);
  const coins = COINS.slice(0, r.int(1, 3));
  const assets = assetsOf(r, coins);
  const expiries = expiriesOf(r, assets, coins);
  // All markets of an expiry are on one underlying; here and there it is not the base asset.
  const others = new Set(expiries.filter(() => r.chance(0.1)));
  const underlyingOf = (expiry: ExpiryJSON): string => (others.has(expiry) ? 'OTHER' : expiry.asset);
  const options = expiries.flatMap((expiry) => optionsOf(r, expiry, underlyingOf(expiry)));
  const linear = coins.flatMap((coin) => {
    const spot = Number(assets.find(({ id }) => id === coin)?.price);
    return linearOf(r, coin, spot, expiries, underlyingOf);
  });
  const markets = r.chance(0.5) ? [...linear, ...options] : [...options, ...linear];
  const models = Array.from({ length: r.int(1, 2) }, (_, i) => modelOf(r, `m${i}`, coins, expiries));
  const published = markets.filter(({ kind }) => kind !== 'spot' && r.chance(0.5));
  if (published.length > 0) models.push(publishedOf(r, 'published', published));
  const holders = Array.from({ length: accounts }, (_, i): AccountJSON => {
    const model = r.chance(0.1) ? undefined : r.pick(models);
    const may = model === undefined ? linear : model.id === 'published' ? published : markets;
    const holds = (): HoldingsJSON => holdingsOf(r, { assets }, may);
    return {
      id: `a${i}`,
      ...(model ? { model: model.id } : {}),
      ...holds(),
      ...some(r, 0.2, () => ({ marginMultiplier: r.between(0.5, 2) })),
      ...some(r, 0.2, () => ({ liquidationBuffer: r.between(0, 0.05) })),
      ...some(r, 0.2, () => ({ buckets: [{ bucket: r.int(1, 9), ...holds() }] })),
    };
  });
  return {
    format: 'margin-kernel/book@1',
    ...(r.chance(0.2) ? { liquidatableWhen: '<=' as const } : {}),
    assets,
    expiries,
    models,
    markets,
    accounts: holders,
  };
}
