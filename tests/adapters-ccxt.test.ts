import { expect, it } from 'vitest';
import { ccxtBook, compareVenue } from '../bindings/adapters/ccxt.js';
import * as kernel from '../bindings/index.js';

it('makes a book', () => {
  const r = ccxtBook({
    venue: 'binance',
    numeraire: 'USDT',
    markets: {
      'BTC/USDT:USDT': {
        symbol: 'BTC/USDT:USDT',
        base: 'BTC',
        quote: 'USDT',
        settle: 'USDT',
        type: 'swap',
        contract: true,
        linear: true,
        inverse: false,
        contractSize: 1,
      },
    },
    tiers: {
      'BTC/USDT:USDT': [{ minNotional: 0, maxNotional: 50000, maintenanceMarginRate: 0.004, maxLeverage: 125 }],
    },
    accounts: [
      {
        id: 'a',
        balances: { info: {}, USDT: { total: 1000, free: 0, used: 0 } },
        positions: [
          {
            symbol: 'BTC/USDT:USDT',
            contracts: 0.5,
            side: 'short',
            entryPrice: 20000,
            markPrice: 21000,
            unrealizedPnl: -500,
            marginMode: 'cross',
            liquidationPrice: 22000,
          },
          {
            symbol: 'BTC/USDT:USDT',
            contracts: 0.1,
            side: 'long',
            entryPrice: 20000,
            markPrice: 21000,
            unrealizedPnl: 100,
            marginMode: 'isolated',
            collateral: 300,
            liquidationPrice: 0,
          },
        ],
      },
    ],
  });
  expect(r.gaps).toEqual([]);
});
