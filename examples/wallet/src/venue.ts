// The venue and the portfolio that the page opens with. All figures are made up for the example; prices are where they were put.
import type { AccountJSON, BookJSON, Bracket, MarketJSON, ModelJSON } from 'margin-kernel/reference/var';

/** A book without its accounts: what a venue says. */
export type Venue = Omit<BookJSON, 'format' | 'accounts'>;

export const BRACKETS: Bracket[] = [
  { upTo: 50_000, maintenanceRate: 0.004, maxLeverage: 125 },
  { upTo: 250_000, maintenanceRate: 0.005, maxLeverage: 100 },
  { upTo: 1_000_000, maintenanceRate: 0.01, maxLeverage: 50 },
  { upTo: null, maintenanceRate: 0.025, maxLeverage: 20 },
];

const perpetual = (base: string, mark: number, tick: number, lot: number): MarketJSON => ({
  id: `${base}-PERP`,
  kind: 'linear',
  base,
  settle: 'USDT',
  mark,
  tick,
  lot,
  takerFee: 0.0005,
  brackets: BRACKETS,
});

const option = (kind: 'call' | 'put', expiry: string, strike: number, volatility: number): MarketJSON => ({
  id: `${expiry}-${strike}-${kind === 'call' ? 'C' : 'P'}`,
  kind,
  expiry,
  strike,
  volatility,
  settle: 'USDT',
  lot: 0.01,
  takerFee: 0.0003,
});

const STEPS = [1, 2 / 3, 1 / 3, 0, -1 / 3, -2 / 3, -1];

/** Portfolio margin: the worst of 21 moves of price and volatility by coin, an extreme one beside them, and charges by size. */
const PORTFOLIO: ModelJSON = {
  id: 'portfolio',
  title: 'Portfolio margin',
  version: '1',
  source: 'figures made up for this example',
  cash: 'USDT',
  parameters: { BTC: { range: 0.15 }, ETH: { range: 0.18 }, '*': { range: 0.25 } },
  volatility: {
    up: { scale: 0.45, term: { days: 30, floorDays: 1, short: 0.3 } },
    down: { scale: -0.3, term: { days: 30, floorDays: 1, short: 0.3 } },
  },
  scenarios: [
    ...STEPS.flatMap((price) => [
      { price, range: 'range', volatility: 'up' },
      { price, range: 'range' },
      { price, range: 'range', volatility: 'down' },
    ]),
    { id: 'crash', price: -3, range: 'range', volatility: 'up', weight: 0.33 },
    { id: 'squeeze', price: 3, range: 'range', volatility: 'up', weight: 0.33 },
  ],
  requirement: {
    sum: [
      { id: 'loss', each: { scan: 'scan' }, factor: { initial: 1.25, maintenance: 1 } },
      { id: 'short options', short: 'options', factor: { initial: 0.01, maintenance: 0.0075 } },
      { id: 'perpetuals', gross: 'linear', factor: { initial: 0.01, maintenance: 0.005 } },
    ],
  },
};

const DAY = 86_400;
const haircut = { initial: 0.92, maintenance: 0.95 };

export const EXAMPLE_VENUE: Venue = {
  numeraire: 'USD',
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 60_000, assetWeight: haircut, hedges: 'BTC' },
    { id: 'ETH', price: 3_000, assetWeight: haircut, hedges: 'ETH' },
    { id: 'SOL', price: 150, assetWeight: { initial: 0.85, maintenance: 0.9 }, hedges: 'SOL' },
  ],
  expiries: [
    { id: 'BTC-30D', asset: 'BTC', seconds: 30 * DAY, forward: 60_240 },
    { id: 'ETH-30D', asset: 'ETH', seconds: 30 * DAY, forward: 3_012 },
  ],
  models: [PORTFOLIO],
  markets: [
    perpetual('BTC', 60_000, 0.5, 0.001),
    perpetual('ETH', 3_000, 0.05, 0.01),
    perpetual('SOL', 150, 0.01, 0.1),
    option('call', 'BTC-30D', 60_000, 0.54),
    option('call', 'BTC-30D', 66_000, 0.55),
    option('put', 'BTC-30D', 54_000, 0.6),
    option('call', 'ETH-30D', 3_300, 0.62),
    option('put', 'ETH-30D', 2_700, 0.66),
  ],
};

/** Perpetuals and a written call on one margin, and an isolated position beside them. */
export const EXAMPLE_ACCOUNTS: AccountJSON[] = [
  {
    id: 'me',
    model: 'portfolio',
    balances: { USDT: 14_500, BTC: 0.1 },
    positions: [
      { market: 'BTC-PERP', size: 0.8, entry: 58_250 },
      { market: 'ETH-PERP', size: -6, entry: 3_085 },
      { market: 'BTC-30D-66000-C', size: -1 },
    ],
    buckets: [{ bucket: 1, balances: { USDT: 2_400 }, positions: [{ market: 'SOL-PERP', size: 40, entry: 158.4 }] }],
  },
];
