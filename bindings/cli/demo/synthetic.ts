// The invented venue: 51 markets of every kind over 38 coins, with thirty days of history that end on a bad hour.
// All prices come from a seed; only the last ones are set by hand, so that they look like the market.
import type { AssetJSON, Bracket, MarketJSON, Tier } from '../../book/types.js';
import { Random } from './random.js';
import { HISTORY_DAYS, lotsFor, round, type Seat, stepsFor, tenTo, type Venue } from './venue.js';

/** Coin, last price in USD, daily volatility, share of trading, bracket family. */
type Coin = readonly [symbol: string, price: number, volatility: number, popularity: number, family: Family];
type Family = 'major' | 'large' | 'mid' | 'small';

// biome-ignore format: a table reads better in rows
const COINS: readonly Coin[] = [
  ['BTC', 61250, 0.022, 30, 'major'], ['ETH', 2962, 0.027, 22, 'major'], ['SOL', 138.4, 0.038, 12, 'large'],
  ['BNB', 571.2, 0.024, 4, 'large'], ['XRP', 0.5312, 0.03, 5, 'large'], ['DOGE', 0.1194, 0.042, 5, 'large'],
  ['ADA', 0.3641, 0.034, 2, 'large'], ['AVAX', 26.83, 0.04, 2, 'large'], ['LINK', 13.27, 0.036, 2, 'large'],
  ['LTC', 68.9, 0.03, 1.5, 'large'], ['BCH', 352.6, 0.037, 1.2, 'large'], ['DOT', 5.842, 0.034, 1.2, 'large'],
  ['TRX', 0.1261, 0.02, 1, 'mid'], ['NEAR', 4.913, 0.048, 1, 'mid'], ['UNI', 8.014, 0.045, 1, 'mid'],
  ['APT', 6.473, 0.047, 0.9, 'mid'], ['ARB', 0.7182, 0.049, 0.9, 'mid'], ['OP', 1.653, 0.05, 0.9, 'mid'],
  ['SUI', 0.8021, 0.055, 1, 'mid'], ['ATOM', 6.211, 0.038, 0.7, 'mid'], ['FIL', 4.097, 0.044, 0.7, 'mid'],
  ['ETC', 20.42, 0.038, 0.6, 'mid'], ['AAVE', 92.31, 0.045, 0.6, 'mid'], ['INJ', 21.36, 0.055, 0.6, 'mid'],
  ['TIA', 6.228, 0.06, 0.6, 'mid'], ['SEI', 0.3127, 0.056, 0.5, 'mid'], ['RUNE', 3.702, 0.056, 0.5, 'mid'],
  ['STX', 1.484, 0.055, 0.5, 'mid'], ['LDO', 1.517, 0.052, 0.4, 'mid'], ['CRV', 0.2713, 0.06, 0.4, 'small'],
  ['IMX', 1.281, 0.052, 0.3, 'small'], ['GALA', 0.01892, 0.055, 0.3, 'small'], ['PEPE', 0.00000914, 0.075, 2, 'small'],
  ['SHIB', 0.00001643, 0.045, 1, 'small'], ['WIF', 1.713, 0.085, 0.8, 'small'], ['BONK', 0.00002108, 0.075, 0.5, 'small'],
  ['ENA', 0.3684, 0.07, 0.4, 'small'], ['ORDI', 33.42, 0.07, 0.3, 'small'],
];

const COMMON = 0.018; // volatility of the common factor, a day
const OWN = 0.6; // share of a coin's volatility that is its own
const LAST = -0.008; // what the common factor does in the last step, which is an hour
const LAST_OWN = 0.1; // and the share that is the coin's own
const FUNDING = 0.00021; // longs pay this a day, as a share of the mark

const ladder = (rows: readonly (readonly [number | null, number, number])[], scale = 1): Bracket[] =>
  rows.map(([upTo, maintenanceRate, maxLeverage]) => ({
    upTo: upTo === null ? null : upTo * scale,
    maintenanceRate,
    maxLeverage,
  }));

// biome-ignore format: a table reads better in rows
const LADDERS: Record<Family, readonly (readonly [number | null, number, number])[]> = {
  major: [[50e3, 0.004, 125], [600e3, 0.005, 100], [3e6, 0.0065, 75], [12e6, 0.01, 50], [70e6, 0.02, 25], [100e6, 0.025, 20],
    [230e6, 0.05, 10], [480e6, 0.1, 5], [800e6, 0.15, 3], [1200e6, 0.25, 2], [null, 0.5, 1]],
  large: [[10e3, 0.005, 75], [100e3, 0.0065, 50], [500e3, 0.01, 40], [1.5e6, 0.02, 25], [4e6, 0.025, 20], [10e6, 0.05, 10],
    [25e6, 0.1, 5], [50e6, 0.125, 4], [100e6, 0.25, 2], [null, 0.5, 1]],
  mid: [[5e3, 0.01, 50], [50e3, 0.02, 25], [250e3, 0.025, 20], [1e6, 0.05, 10], [2e6, 0.1, 5], [5e6, 0.125, 4],
    [10e6, 0.25, 2], [null, 0.5, 1]],
  small: [[5e3, 0.015, 25], [25e3, 0.025, 20], [100e3, 0.05, 10], [500e3, 0.1, 5], [1e6, 0.125, 4], [3e6, 0.25, 2],
    [null, 0.5, 1]],
};

const haircut = (...steps: [upTo: number | null, initial: number, maintenance: number][]): Tier[] =>
  steps.map(([upTo, initial, maintenance]) => ({ upTo, weight: { initial, maintenance } }));

/** Collateral terms by asset; what is not here backs nothing but its own balance. */
export const COLLATERAL: Record<string, Omit<AssetJSON, 'id' | 'price'>> = {
  USDT: { decimals: 6 },
  USDC: { assetWeight: { initial: 0.99, maintenance: 0.995 }, decimals: 6 },
  BTC: {
    tiers: haircut([5e6, 0.92, 0.95], [20e6, 0.85, 0.9], [null, 0.6, 0.7]),
    liabilityWeight: { initial: 1.1, maintenance: 1.05 },
    decimals: 8,
  },
  ETH: {
    tiers: haircut([5e6, 0.9, 0.93], [20e6, 0.8, 0.85], [null, 0.5, 0.6]),
    liabilityWeight: { initial: 1.1, maintenance: 1.06 },
    decimals: 8,
  },
  SOL: {
    tiers: haircut([1e6, 0.8, 0.85], [null, 0.4, 0.5]),
    liabilityWeight: { initial: 1.2, maintenance: 1.12 },
    cap: 20e6,
    decimals: 8,
  },
};

/** Thirty days back from today's price: each day divides by one plus its return. */
function history(coin: Coin, common: Float64Array, random: Random): Float64Array {
  const [, price, volatility] = coin;
  const path = new Float64Array(HISTORY_DAYS + 1);
  const beta = Math.min(1.8, volatility / 0.022);
  path[HISTORY_DAYS] = price;
  for (let day = HISTORY_DAYS; day > 0; day--) {
    const own = random.normal() * volatility * (day === HISTORY_DAYS ? LAST_OWN : OWN);
    const move = Math.max(-0.45, Math.min(0.6, beta * (common[day] as number) + own));
    path[day - 1] = (path[day] as number) / (1 + move);
  }
  return path;
}

function seat(market: MarketJSON & { settle: string }, path: Float64Array, popularity: number): Seat {
  const mark = path[HISTORY_DAYS] as number;
  const multiplier = Number(market.multiplier ?? 1);
  const ticks = market.kind === 'prediction' ? 1000 : stepsFor(mark, 5);
  const lots = market.kind === 'linear' ? lotsFor(mark * multiplier) : 1;
  const marks = path.map((price) => round(price, ticks));
  let paid = 0;
  const funding = marks.map((price) => {
    paid = round(paid + FUNDING * price * multiplier, tenTo(9));
    return paid;
  });
  const funded = market.kind === 'linear';
  market.mark = marks[HISTORY_DAYS] as number;
  market.tick = 1 / ticks;
  market.lot = 1 / lots;
  if (funded) market.fundingIndex = funding[HISTORY_DAYS] as number;
  return { market, path: marks, funding: funded ? funding : null, lots, ticks, popularity };
}

/** Makes the venue of a seed. */
export function syntheticVenue(seed: number): Venue {
  const random = new Random(seed, 0xffffffff);
  const common = new Float64Array(HISTORY_DAYS + 1).map(() => random.normal() * COMMON);
  common[HISTORY_DAYS] = LAST;
  const paths = new Map(COINS.map((coin) => [coin[0], history(coin, common, random)]));
  const pathOf = (symbol: string): Float64Array => paths.get(symbol) as Float64Array;

  const seats: Seat[] = COINS.map(([symbol, , , popularity, family]) => {
    const units = symbol === 'PEPE' || symbol === 'SHIB' || symbol === 'BONK' ? 1000 : 1;
    const base = units === 1 ? symbol : `${units}${symbol}`;
    const path = pathOf(symbol).map((price) => price * units);
    return seat(
      { ...perpetual(`${base}/USDT:USDT`, 'USDT', symbol), brackets: ladder(LADDERS[family]) },
      path,
      popularity,
    );
  });
  for (const [symbol, popularity] of [
    ['BTC', 4],
    ['ETH', 3],
    ['SOL', 1],
  ] as const) {
    const brackets = ladder(LADDERS[symbol === 'SOL' ? 'mid' : 'large']);
    seats.push(seat({ ...perpetual(`${symbol}/USDC:USDC`, 'USDC', symbol), brackets }, pathOf(symbol), popularity));
  }
  for (const [symbol, dollars, popularity] of [
    ['BTC', 100, 5],
    ['ETH', 10, 3],
    ['SOL', 10, 1],
  ] as const) {
    // The tables of coin-margined contracts are in coin.
    const brackets = ladder(LADDERS.large, symbol === 'BTC' ? 1 / 50_000 : symbol === 'ETH' ? 1 / 2_500 : 1 / 125);
    const market = {
      ...perpetual(`${symbol}/USD:${symbol}`, symbol, symbol),
      kind: 'inverse' as const,
      multiplier: dollars,
    };
    seats.push(seat({ ...market, quote: 'USD', brackets }, pathOf(symbol), popularity));
  }
  const quanto = { ...perpetual('ETH/USD:BTC', 'BTC', 'ETH'), kind: 'quanto' as const, multiplier: 1e-6, quote: 'USD' };
  seats.push(seat({ ...quanto, brackets: ladder(LADDERS.large, 1 / 50_000) }, pathOf('ETH'), 1));
  for (const [id, chance, popularity] of [
    ['BTC-ABOVE-70K-JUNE', 0.312, 1],
    ['RATE-CUT-JULY', 0.587, 1],
  ] as const) {
    const path = pathOf('BTC').map((price, day) => {
      const drift = chance * (price / (pathOf('BTC')[HISTORY_DAYS] as number)) + 0.002 * (HISTORY_DAYS - day);
      return Math.max(0.02, Math.min(0.98, id.startsWith('BTC') ? drift : chance + 0.004 * (HISTORY_DAYS - day)));
    });
    const brackets = ladder([
      [100e3, 0.1, 5],
      [null, 0.5, 1],
    ]);
    const market = { id, kind: 'prediction' as const, underlying: id, settle: 'USDC', mark: chance, brackets };
    seats.push(seat(market, path, popularity));
  }

  const dollars = new Float64Array(HISTORY_DAYS + 1).fill(1);
  const prices = new Map([
    ['USDT', dollars],
    ['USDC', dollars.map(() => 0.9998)],
  ]);
  for (const coin of ['BTC', 'ETH', 'SOL'])
    prices.set(
      coin,
      pathOf(coin).map((p) => round(p, stepsFor(p, 5))),
    );
  const assets = [...prices].map(([id, path]) => ({ id, price: path[HISTORY_DAYS] as number, ...COLLATERAL[id] }));
  // A quote that is only a unit of account: inverse and quanto contracts are quoted in it, nobody holds it.
  assets.push({ id: 'USD', price: 1 });
  const spots = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'BTC/USDC'].map((id): MarketJSON => {
    const [base = '', quote = ''] = id.split('/');
    return { id, kind: 'spot', base, quote, mark: prices.get(base)?.[HISTORY_DAYS] as number };
  });
  return {
    name: 'synthetic venue',
    numeraire: 'USD',
    time: '2024-05-01T00:00:00Z',
    assets,
    markets: [...seats.map((s) => s.market), ...spots],
    seats,
    spots,
    orders: true,
    prices,
    notes: [
      `Invented from seed ${seed}: prices, tables and traders. Margin calls were met an hour ago; the market has fallen since.`,
    ],
    leftOut: [],
  };
}

function perpetual(id: string, settle: string, underlying: string): MarketJSON & { settle: string } {
  return { id, kind: 'linear', underlying, settle, mark: 1 };
}
