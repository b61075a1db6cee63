// Exchanges' own names and units as books: published numbers, refusals, and the examples of the documentation. The venues that
// settle in integers are in venues-integer.test.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { type AccountJSON, accountMargin, Book, type BookJSON, explain, MarginError } from 'margin-kernel';
import * as binance from 'margin-kernel/venues/binance';
import * as bybit from 'margin-kernel/venues/bybit';
import * as cex from 'margin-kernel/venues/cex';
import * as decimals from 'margin-kernel/venues/decimal';
import * as dederi from 'margin-kernel/venues/dederi';
import * as deribit from 'margin-kernel/venues/deribit';
import * as derive from 'margin-kernel/venues/derive';
import * as drift from 'margin-kernel/venues/drift';
import * as dydx from 'margin-kernel/venues/dydx';
import * as frozenTier from 'margin-kernel/venues/frozen-tier';
import * as gmx from 'margin-kernel/venues/gmx';
import * as hyperliquid from 'margin-kernel/venues/hyperliquid';
import * as integers from 'margin-kernel/venues/integer';
import * as liquidation from 'margin-kernel/venues/liquidation';
import * as mango from 'margin-kernel/venues/mango';
import * as okx from 'margin-kernel/venues/okx';
import * as orderly from 'margin-kernel/venues/orderly';
import * as paradex from 'margin-kernel/venues/paradex';
import * as rows from 'margin-kernel/venues/rows';
import * as span from 'margin-kernel/venues/span';
import * as tick from 'margin-kernel/venues/tick';
import * as tiers from 'margin-kernel/venues/tiers';
import * as vega from 'margin-kernel/venues/vega';
import { describe, expect, it } from 'vitest';
import { refusedWith } from './refusal.js';

const FORMAT = 'margin-kernel/book@1';

const code = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return error instanceof MarginError ? error.code : String(error);
  }
  return 'no error';
};

/** Explains the only account of a book. */
const explained = (json: BookJSON): ReturnType<typeof explain> =>
  explain(Book.fromJSON(json), json.accounts[0]?.id ?? '');
const bookOf = (assets: BookJSON['assets'], markets: BookJSON['markets'], account: AccountJSON): BookJSON => ({
  format: FORMAT,
  assets,
  markets,
  accounts: [account],
});

describe('exchanges', () => {
  // Binance FAQ b3c689c1f50a44cabb3a84e663b81d93: the third bracket's maintenance amount is 1,300
  const brackets = [
    { notionalFloor: 0, initialLeverage: 125, maintMarginRatio: '0.004' },
    { notionalFloor: 50_000, initialLeverage: 100, maintMarginRatio: '0.005' },
    { notionalFloor: 250_000, initialLeverage: 50, maintMarginRatio: '0.01' },
  ];
  const btc = binance.usdmMarket({ symbol: 'BTCUSDT', marginAsset: 'USDT', markPrice: 60_000, brackets });
  const usdt = { id: 'USDT', price: 1 };

  it('binance: the kernel derives the published maintenance amounts', () => {
    const accounts = tiers.tierAccounts(btc);
    const book = Book.fromJSON({ format: FORMAT, assets: [usdt], markets: [btc], accounts });
    const deductions = accounts.map(
      ({ id }) => explain(book, id).units[0]?.positions[0]?.binding.maintenance.deduction,
    );
    expect(deductions.map((amount) => Math.round((amount ?? 0) * 1e6) / 1e6)).toEqual([0, 50, 1_300]);
    expect(tiers.nextDeduction({ rate: 0.005, deduction: 50 }, 250_000, 0.01)).toBe(1_300);
  });

  it('binance: hedge sides, leverage and isolated wallets arrive where they belong', () => {
    const account = binance.account('a', {
      assets: [{ asset: 'USDT', crossWalletBalance: '1000' }],
      positions: [
        { symbol: 'BTCUSDT', positionSide: 'LONG', positionAmt: '0.1', entryPrice: '60000', leverage: 20 },
        { symbol: 'BTCUSDT', positionSide: 'SHORT', positionAmt: '-0.2', entryPrice: '60000' },
        { symbol: 'BTCUSDT', positionAmt: '1', entryPrice: '50000', isolatedWallet: '500', marginAsset: 'USDT' },
      ],
    });
    const { units } = accountMargin(Book.fromJSON(bookOf([usdt], [btc], account)), 'a');
    expect(units.map(({ bucket }) => bucket)).toEqual([0, 1]);
    expect(units[0]?.initialMargin).toBeCloseTo(6_000 / 20 + 12_000 / 125, 9);
    expect(units[0]?.maintenanceMargin).toBeCloseTo(18_000 * 0.004, 9);
    expect(units[1]?.equity).toBeCloseTo(10_500, 9);
    expect(units[1]?.maintenanceMargin).toBeCloseTo(60_000 * 0.005 - 50, 9);
  });

  it('binance: multi-assets mode values assets at the bid and debts at the ask buffer', () => {
    const asset = binance.multiAssetsAsset({ asset: 'ETH', index: 2_000, bidBuffer: '0.1', askBuffer: '0.2' });
    const of = (amount: number): number =>
      accountMargin(Book.fromJSON(bookOf([asset], [], { id: 'a', balances: { ETH: amount } })), 'a').health.maintenance;
    expect(of(1)).toBeCloseTo(1_800, 9);
    expect(of(-1)).toBeCloseTo(-2_400, 9);
  });

  // bybit-exchange/docs v5/position: short 300 USD at 27464.50441675, marked at 28224.5
  it('bybit: inverse value and PnL in coin', () => {
    const market = (markPrice: number): BookJSON['markets'][number] =>
      bybit.market({
        symbol: 'BTCUSD',
        contractType: 'InversePerpetual',
        settleCoin: 'BTC',
        markPrice,
        riskLimits: [{ riskLimitValue: 150, maintenanceMargin: '0.005', initialMargin: '0.01' }],
        initialMarginAt: 'entry',
      });
    const position = { symbol: 'BTCUSD', side: 'Sell', size: '300', avgPrice: '27464.50441675', leverage: 10 } as const;
    const account = bybit.account('a', {
      coin: [],
      positions: [position, { ...position, symbol: 'X', side: '', size: '0' }],
    });
    const unit = explained(bookOf([{ id: 'BTC', price: 1 }], [market(28_224.5)], account)).units[0]!;
    expect(unit.positions[0]!.unrealizedPnl).toBeCloseTo(-0.00029413, 8);
    expect(unit.initialMargin).toBeCloseTo(0.01092319 / 10, 8);
  });

  it('okx: the rate of the tier by contracts holds for the whole position', () => {
    const market = okx.market({
      instId: 'BTC-USDT-SWAP',
      ctType: 'linear',
      ctVal: 0.01,
      settleCcy: 'USDT',
      markPx: 50_000,
      tiers: [
        { maxSz: 100, mmr: 0.004, imr: 0.01 },
        { maxSz: '', mmr: 0.01, imr: 0.02 },
      ],
    });
    const of = (pos: number): number => {
      const positions = [{ instId: 'BTC-USDT-SWAP', posSide: 'short' as const, pos, avgPx: 50_000 }];
      const account = okx.account('a', { details: [], positions });
      return accountMargin(Book.fromJSON(bookOf([usdt], [market], account)), 'a').maintenanceMargin;
    };
    expect(of(100)).toBeCloseTo(50_000 * 0.004, 9);
    expect(of(101)).toBeCloseTo(50_500 * 0.01, 9);
  });

  it('okx and bybit: haircut tiers in coin become tiers in value', () => {
    const eth = okx.discountAsset({
      ccy: 'ETH',
      price: 2_000,
      details: [
        { maxAmt: 10, discountRate: 0.9 },
        { maxAmt: '', discountRate: 0.5 },
      ],
    });
    const same = bybit.asset({
      currency: 'ETH',
      usdPrice: 2_000,
      collateralRatioList: [
        { maxQty: 10, collateralRatio: 0.9 },
        { maxQty: '', collateralRatio: 0.5 },
      ],
    });
    for (const asset of [eth, same]) {
      const json = bookOf([asset], [], { id: 'a', balances: { ETH: 12 } });
      expect(accountMargin(Book.fromJSON(json), 'a').collateral).toBeCloseTo(20_000 * 0.9 + 4_000 * 0.5, 9);
    }
  });

  // gate.com unified account help: 2 % to 2 million, 4 % to 5 million; 30 BTC at 100,000 need 80,000
  it('gate: loans are asked tier by tier and nothing beyond the limit', () => {
    const btcLoan = okx.unifiedAsset({
      currency: 'BTC',
      price: 100_000,
      loanTiers: [
        { lower: 0, rate: 0.02 },
        { lower: 2_000_000, rate: 0.04 },
      ],
    });
    const of = (owed: number): number => {
      const balances = { BTC: okx.loanBalance(owed, 100_000, 5_000_000) };
      return accountMargin(Book.fromJSON(bookOf([btcLoan], [], { id: 'a', balances })), 'a').maintenanceMargin;
    };
    expect(of(30)).toBeCloseTo(80_000, 6);
    expect(of(80)).toBeCloseTo(160_000, 6);
  });

  it('hyperliquid: equity is the account value, tiers hold from their bound', () => {
    const marginTiers = [
      { lowerBound: 0, maxLeverage: 40 },
      { lowerBound: 150_000_000, maxLeverage: 20 },
    ];
    expect(hyperliquid.maintenanceLeverage(marginTiers, 150_000_000)).toBe(40);
    expect(hyperliquid.maintenanceLeverage(marginTiers, 149_999_999)).toBe(80);
    const market = hyperliquid.market({ name: 'BTC', markPx: 50_000, marginTiers });
    const account = hyperliquid.account('a', {
      totalRawUsd: -400_000,
      positions: [
        { coin: 'BTC', szi: 10, entryPx: 45_000, leverage: { type: 'cross', value: 10 } },
        { coin: 'BTC', szi: -1, entryPx: 45_000, leverage: { type: 'isolated', value: 5, rawUsd: 60_000 } },
      ],
    });
    const { units } = accountMargin(Book.fromJSON(bookOf([{ id: 'USDC', price: 1 }], [market], account)), 'a');
    expect(units.map((unit) => [unit.equity, unit.initialMargin, unit.maintenanceMargin])).toEqual([
      [100_000, 50_000, 6_250],
      [10_000, 10_000, 625],
    ]);
    expect(code(() => hyperliquid.maintenanceRate(0))).toBe('range');
    expect(code(() => tiers.tierAt(marginTiers, (tier) => tier.lowerBound, -1))).toBe('range');
  });

  // docs.paradex.trade, cross margin: long 10 at 100, marked at 98, IMF 10 %, cash 100
  it('paradex: requirement and account value', () => {
    const market = paradex.market({
      symbol: 'P',
      settlement_currency: 'USDC',
      mark_price: 98,
      imf_base: 0.1,
      mmf_factor: 0.5,
    });
    const account = paradex.account('a', {
      balances: [{ token: 'USDC', size: 100 }],
      positions: [{ market: 'P', size: 10, average_entry_price: 100 }],
    });
    const risk = accountMargin(Book.fromJSON(bookOf([paradex.cash('USDC')], [market], account)), 'a');
    expect([risk.initialMargin, risk.maintenanceMargin, risk.equity]).toEqual([98, 49, 80]);
  });

  // vegaprotocol/vega core/risk tests: short 1 at 15,900, linear slippage 0.25, risk factor 0.1
  it('vega: slippage and the side of the risk factor', () => {
    const market = vega.market({
      id: 'BTC',
      settlementAsset: 'USDT',
      markPrice: 15_900,
      linearSlippageFactor: 0.25,
      riskFactors: { long: 0.05, short: 0.1 },
      scalingFactors: { initialMargin: 1.5 },
    });
    const party = vega.party('p', {
      asset: 'USDT',
      balance: 10_000,
      positions: [{ market: 'BTC', openVolume: -1, averageEntryPrice: 15_900 }],
    });
    const risk = accountMargin(Book.fromJSON(bookOf([usdt], [market], party)), 'p');
    expect(risk.maintenanceMargin).toBeCloseTo(5_565, 9);
    expect(risk.initialMargin).toBeCloseTo(1.5 * 5_565, 9);
  });

  it('orderly: rates and collateral bend with the value', () => {
    const market = orderly.market({ symbol: 'P', mark_price: 1, base_mmr: 0.05, base_imr: 0.1, imr_factor: 1e-5 });
    const eth = orderly.asset({
      token: 'ETH',
      index_price: 1,
      base_weight: 0.9,
      discount_factor: 1e-4,
      user_max_qty: 2e6,
    });
    const account = orderly.account('a', {
      holding: [{ token: 'ETH', holding: 1e6 }],
      rows: [{ symbol: 'P', position_qty: 1e6, average_open_price: 1 }],
    });
    const risk = accountMargin(Book.fromJSON(bookOf([{ id: 'USDC', price: 1 }, eth], [market], account)), 'a');
    const power = 63_095.73444801933; // (10^6)^0.8
    expect(risk.initialMargin).toBeCloseTo(1e-5 * power * 1e6, 3);
    expect(risk.maintenanceMargin).toBeCloseTo(0.5e-5 * power * 1e6, 3);
    expect(risk.collateral).toBeCloseTo((1.2 / (1 + 1e-4 * power)) * 1e6, 3);
  });

  it('isolated margin is what opening the position takes', () => {
    const market = cex.perpetual({
      id: 'ETH',
      settle: 'USDT',
      mark: 1_483,
      maintenanceRate: 0.01,
      initialRate: 0,
      atEntry: { initial: true, maintenance: true },
    });
    const position = { market: 'ETH', size: 10, entry: 1_500, leverage: 50 };
    const opening = accountMargin(Book.fromJSON(bookOf([usdt], [market], cex.isolated('a', position))), 'a');
    const held = cex.isolated('a', position, { USDT: opening.initialMargin });
    // Toobit's worked example: 300 margin, 150 maintenance, -170 profit: 115.38 %
    const risk = accountMargin(Book.fromJSON(bookOf([usdt], [market], held)), 'a');
    expect(opening.initialMargin).toBeCloseTo(300, 9);
    expect((risk.marginRatio ?? 0) * 100).toBeCloseTo(115.38, 2);
  });

  it('tables that do not start at 0 or are read otherwise are refused', () => {
    expect(code(() => tiers.upperBounds([]))).toBe('range');
    expect(code(() => tiers.upperBounds([10, 20]))).toBe('range');
    expect(code(() => tiers.tierAccounts({ ...btc, tables: { basis: 'contracts' } }))).toBe('conflict');
    expect(code(() => tiers.nextDeduction({ rate: 'x', deduction: 0 }, 1, 1))).toBe('type');
  });
});

describe('answers of the APIs as they come', () => {
  /** Text of an answer: what a client parses, with every key that it has. */
  const parsed = (text: string) => JSON.parse(text);
  const usdt = { id: 'USDT', price: 1 };
  const brackets = [
    { bracket: 1, initialLeverage: 125, notionalCap: 50_000, notionalFloor: 0, maintMarginRatio: 0.004, cum: 0 },
    { bracket: 2, initialLeverage: 100, notionalCap: 6e5, notionalFloor: 50_000, maintMarginRatio: 0.005, cum: 50 },
    { bracket: 3, initialLeverage: 75, notionalCap: 3e6, notionalFloor: 6e5, maintMarginRatio: 0.0065, cum: 950 },
  ];
  const usdm = { symbol: 'ADAUSDT', marginAsset: 'USDT', markPrice: '0.41047590', brackets };
  const v3 = (change: object): object => ({
    ...parsed(`{ "symbol": "ADAUSDT", "positionSide": "BOTH", "positionAmt": "30", "entryPrice": "0.385",
      "breakEvenPrice": "0.385077", "markPrice": "0.41047590", "unRealizedProfit": "0.76427700", "liquidationPrice": "0",
      "isolatedMargin": "0", "notional": "12.31427700", "marginAsset": "USDT", "isolatedWallet": "0",
      "initialMargin": "0.61571385", "maintMargin": "0.08004280", "positionInitialMargin": "0.61571385",
      "openOrderInitialMargin": "0", "adl": 2, "bidNotional": "0", "askNotional": "0", "updateTime": 1720736417660 }`),
    ...change,
  });
  const v2 = (change: object): object => ({
    ...parsed(`{ "entryPrice": "0.00000", "breakEvenPrice": "0.0", "marginType": "isolated", "isAutoAddMargin": "false",
      "isolatedMargin": "0.00000000", "leverage": "10", "liquidationPrice": "0", "markPrice": "6679.50671178",
      "maxNotionalValue": "20000000", "positionAmt": "0.000", "notional": "0", "isolatedWallet": "0",
      "symbol": "BTCUSDT", "unRealizedProfit": "0.00000000", "positionSide": "BOTH", "updateTime": 0 }`),
    ...change,
  });
  const coin = (change: object): object => ({
    ...parsed(`{ "symbol": "BTCUSD_201225", "positionAmt": "1", "entryPrice": "11707.70000003",
      "breakEvenPrice": "11707.80000005", "markPrice": "11788.66626667", "unRealizedProfit": "0.00005866",
      "liquidationPrice": "11667.63509587", "leverage": "125", "maxQty": "50", "marginType": "cross",
      "isolatedMargin": "0.00000000", "isAutoAddMargin": "false", "positionSide": "LONG", "updateTime": 1627026881327 }`),
    ...change,
  });
  const assets = parsed(`[{ "asset": "USDT", "walletBalance": "23.72469206", "crossWalletBalance": "23.72469206",
    "crossUnPnl": "0.00000000", "availableBalance": "23.72469206", "updateTime": 1625474304765 },
    { "asset": "BNFCR", "walletBalance": "0.00000000", "crossWalletBalance": "0.00000000", "updateTime": 0 }]`);
  const binanceOf = (...positions: object[]): AccountJSON =>
    binance.account('a', { assets, positions: positions as binance.PositionRisk[] });

  it('binance: a wallet of 0 is cross, in one-way and in hedge mode, v2 and v3', () => {
    for (const side of ['BOTH', 'LONG', 'SHORT']) {
      const amount = side === 'SHORT' ? '-30' : '30';
      for (const row of [v3({}), v2({ marginType: 'cross', symbol: 'ADAUSDT', entryPrice: '0.385' })]) {
        const account = binanceOf({ ...row, positionSide: side, positionAmt: amount });
        expect(account.buckets).toEqual([]);
        expect(account.positions).toHaveLength(1);
        const { units } = accountMargin(Book.fromJSON(bookOf([usdt], [binance.usdmMarket(usdm)], account)), 'a');
        expect(units).toHaveLength(1);
        expect(units[0]?.status).toBe('healthy');
        expect(units[0]?.equity).toBeCloseTo(23.72469206 + (side === 'SHORT' ? -0.764277 : 0.764277), 6);
      }
    }
  });

  it('binance: what says cross is cross, whatever stands in the wallet', () => {
    const wallet = { isolatedWallet: '5', isolatedMargin: '5' };
    for (const said of [{ marginType: 'cross' }, { marginType: 'CROSSED' }, { isolated: false }]) {
      expect(binanceOf(v3({ ...wallet, ...said })).buckets).toEqual([]);
    }
    for (const said of [{}, { marginType: 'isolated' }, { marginType: 'ISOLATED' }, { isolated: true }]) {
      const { buckets, positions } = binanceOf(v3({ ...wallet, ...said }));
      expect(positions).toEqual([]);
      expect(buckets?.map(({ balances }) => balances)).toEqual([{ USDT: '5' }]);
    }
  });

  it('binance: flat rows and empty wallets are left out, also of what the book does not know', () => {
    const flat = { symbol: 'NOBODYUSDT', positionAmt: '0.000', entryPrice: '0.0' };
    const account = binanceOf(v2({}), v2(flat), v3(flat), v3({ ...flat, positionSide: 'SHORT' }), coin(flat), v3({}));
    expect(account.positions?.map(({ market }) => market)).toEqual(['ADAUSDT']);
    expect(account.balances).toEqual({ USDT: '23.72469206' });
    expect(account.buckets).toEqual([]);
    Book.fromJSON(bookOf([usdt], [binance.usdmMarket(usdm)], account));
  });

  it('binance: isolated positions of COIN-M have their wallet in coin, margin less profit', () => {
    expect(binanceOf(coin({})).buckets).toEqual([]);
    const isolated = { marginType: 'isolated', isolatedMargin: '0.00105866' };
    const { buckets } = binanceOf(coin(isolated), coin({ ...isolated, symbol: 'ETHUSD_PERP', positionAmt: '-2' }));
    expect(buckets?.map(({ balances }) => balances)).toEqual([{ BTC: '0.001' }, { ETH: '0.001' }]);
    expect(buckets?.map(({ bucket }) => bucket)).toEqual([1, 2]);
    const bare = { symbol: 'X', positionAmt: '1', entryPrice: '1', isolatedWallet: '1' };
    expect(refusedWith(() => binanceOf(bare))).toMatchObject({ code: 'missing-key', path: 'positions[0].marginAsset' });
    const noWallet = { symbol: 'X', positionAmt: '1', entryPrice: '1', isolated: true };
    expect(refusedWith(() => binanceOf(noWallet))).toMatchObject({ path: 'positions[0].isolatedWallet' });
  });

  const open = (change: object): binance.OpenOrder => ({
    ...parsed(`{ "avgPrice": "0.00000", "clientOrderId": "abc", "cumQuote": "0", "executedQty": "0.10",
      "orderId": 1917641, "origQty": "0.40", "origType": "LIMIT", "price": "9000", "reduceOnly": false, "side": "BUY",
      "positionSide": "BOTH", "status": "NEW", "stopPrice": "0", "closePosition": false, "symbol": "BTCUSDT",
      "timeInForce": "GTC", "type": "LIMIT", "workingType": "CONTRACT_PRICE", "priceProtect": false }`),
    ...change,
  });

  it('binance: open orders are what is left of limit orders that may enlarge a position', () => {
    const rows = [
      open({}),
      open({ side: 'SELL', positionSide: 'SHORT' }),
      open({ side: 'BUY', positionSide: 'SHORT' }),
      open({ reduceOnly: true }),
      open({ closePosition: true }),
      open({ type: 'TRAILING_STOP_MARKET', price: '0' }),
      open({ executedQty: '0.40' }),
    ];
    const orders = [
      { market: 'BTCUSDT', positionSide: 'net', side: 'buy', size: '0.3', price: '9000' },
      { market: 'BTCUSDT', positionSide: 'short', side: 'sell', size: '0.3', price: '9000' },
    ];
    expect(binance.orders(rows)).toEqual(orders);
    const account = binance.account('a', { assets, positions: [], openOrders: rows.slice(0, 1) });
    expect(account.orders).toEqual(orders.slice(0, 1));
    const market = binance.usdmMarket({ ...usdm, symbol: 'BTCUSDT', markPrice: 9_000 });
    const risk = accountMargin(Book.fromJSON(bookOf([usdt], [market], account)), 'a');
    expect(risk.initialMargin).toBeCloseTo((0.3 * 9_000) / 125, 9);
    expect(refusedWith(() => binance.orders([open({ side: 'buy' })]))).toMatchObject({ path: 'openOrders[0].side' });
  });

  it('binance: brackets are taken out of the answer that has them', () => {
    const own = { symbol: 'ADAUSDT', notionalCoef: 1.5, brackets };
    const plain = binance.usdmMarket(usdm);
    expect(binance.usdmMarket({ ...usdm, brackets: own })).toEqual(plain);
    expect(binance.usdmMarket({ ...usdm, brackets: [{ symbol: 'X', brackets: [] }, own] })).toEqual(plain);
    const other = refusedWith(() => binance.usdmMarket({ ...usdm, symbol: 'ADAUSDC', brackets: [own] }));
    expect(other).toMatchObject({ code: 'unknown-id', path: 'brackets', hint: 'Did you mean "ADAUSDT"?' });
  });

  const loose = (venue: object): Record<string, (...given: unknown[]) => unknown> => venue as never;
  const without = (row: object, key: string): object =>
    Object.fromEntries(Object.entries(row).filter(([name]) => name !== key));

  it('binance: refusals name the key that the caller wrote', () => {
    const { usdmMarket, coinmMarket, account } = loose(binance);
    const coinm = { symbol: 'BTCUSD_PERP', marginAsset: 'BTC', contractSize: 100, markPrice: 9e4 };
    const gap = brackets.map((row, index) => (index === 2 ? without(row, 'notionalFloor') : row));
    const cases: [call: () => unknown, code: string, path: string, hint?: string][] = [
      [() => account?.('me', { assets }), 'missing-key', 'positions', 'GET /fapi/v3/positionRisk is this list'],
      [() => account?.('me', { positions: [] }), 'missing-key', 'assets'],
      [() => account?.('me', [v3({})]), 'type', 'account'],
      [() => account?.('me'), 'type', 'account'],
      [() => account?.('me', { assets, positions: [{ symbol: 'X' }] }), 'missing-key', 'positions[0].positionAmt'],
      [() => account?.('me', { assets: [...assets, ...assets], positions: [] }), 'duplicate', 'assets[2].asset'],
      [() => usdmMarket?.(without(usdm, 'brackets')), 'missing-key', 'brackets'],
      [() => usdmMarket?.(without(usdm, 'marginAsset')), 'missing-key', 'marginAsset'],
      [() => usdmMarket?.(without(usdm, 'markPrice')), 'missing-key', 'markPrice'],
      [() => usdmMarket?.([usdm]), 'type', 'usdmMarket'],
      [() => usdmMarket?.({ ...usdm, brackets: {} }), 'missing-key', 'brackets.brackets'],
      [() => usdmMarket?.({ ...usdm, brackets: [] }), 'range', 'brackets'],
      [() => usdmMarket?.({ ...usdm, brackets: gap }), 'missing-key', 'brackets[2].notionalFloor'],
      [() => usdmMarket?.({ ...usdm, brackets: [...brackets].reverse() }), 'range', 'brackets[0].notionalFloor'],
      [() => usdmMarket?.({ ...usdm, brackets: [brackets[0], brackets[0]] }), 'range', 'brackets[1].notionalFloor'],
      [
        () => coinmMarket?.({ ...coinm, brackets: [{ qtyFloor: 0, maintMarginRatio: 0.004 }] }),
        'missing-key',
        'brackets[0].qtylFloor',
        'There is "qtyFloor". Did you mean "qtylFloor"?',
      ],
      [
        () => coinmMarket?.({ ...coinm, brackets: [{ qtylFloor: 0, maintMarginRatio: '0.4%' }] }),
        'type',
        'brackets[0].maintMarginRatio',
      ],
    ];
    for (const [call, code, path, hint] of cases) {
      expect(refusedWith(call), path).toMatchObject({ code, path, ...(hint === undefined ? {} : { hint }) });
    }
  });

  it('bybit: empty texts, spot debts, other symbols, isolated margin', () => {
    const row = parsed(`{ "positionIdx": 0, "riskId": 1, "riskLimitValue": "150", "symbol": "BTCUSD", "side": "Sell",
      "size": "300", "avgPrice": "27464.50441675", "positionValue": "0.01092319", "tradeMode": 0,
      "positionStatus": "Normal", "leverage": "", "liqPrice": "", "positionMM": "", "createdTime": "1676538056258" }`);
    const flat = { ...row, symbol: 'NOBODY', side: '', size: '0', avgPrice: '0' };
    const coins = parsed(`[{ "coin": "BTC", "walletBalance": "1", "spotBorrow": "0.25", "borrowAmount": "0.25",
      "availableToBorrow": "", "totalOrderIM": "" }, { "coin": "ETH", "walletBalance": "0", "spotBorrow": "0" },
      { "coin": "SOL", "walletBalance": "2.50", "spotBorrow": "0" }]`);
    const positions = [row, flat, { ...flat, side: 'None' }, { ...flat, size: '' }];
    expect(bybit.account('a', { coin: coins, positions })).toEqual({
      id: 'a',
      balances: { BTC: '0.75', SOL: '2.50' },
      positions: [{ market: 'BTCUSD', side: 'net', size: -300, entry: '27464.50441675' }],
    });
    const bad = (change: object): MarginError =>
      refusedWith(() => bybit.account('a', { coin: [], positions: [flat, { ...row, ...change }] }));
    expect(bad({ tradeMode: 1 })).toMatchObject({ code: 'conflict', path: 'positions[1].tradeMode' });
    expect(bad({ side: 'sell' })).toMatchObject({ code: 'type', path: 'positions[1].side' });
    expect(bad({ positionIdx: 3 })).toMatchObject({ code: 'type', path: 'positions[1].positionIdx' });

    const limit = parsed(`{ "id": 1, "symbol": "BTCUSD", "riskLimitValue": "150", "maintenanceMargin": "0.005",
      "initialMargin": "0.01", "isLowestRisk": 1, "maxLeverage": "100.00", "mmDeduction": "" }`);
    const contract = { symbol: 'BTCUSD', contractType: 'InversePerpetual', settleCoin: 'BTC', markPrice: '28224.50' };
    const marketOf = (...riskLimits: object[]) => loose(bybit).market?.({ ...contract, riskLimits });
    expect(marketOf(limit, { ...limit, symbol: 'ETHUSD' })).toMatchObject({
      brackets: [{ upTo: null, maintenanceRate: '0.005', initialRate: '0.01' }],
    });
    const percent = { ...limit, maintenanceMargin: '0.5', initialMargin: '1' };
    expect(refusedWith(() => marketOf(percent))).toMatchObject({ path: 'riskLimits[0].maintenanceMargin' });
    expect(refusedWith(() => marketOf({ ...limit, symbol: 'X' }))).toMatchObject({ path: 'riskLimits' });
    expect(refusedWith(() => loose(bybit).market?.(contract))).toMatchObject({ path: 'riskLimits' });
  });

  it('okx: an empty margin is cross, an isolated one a bucket', () => {
    const row = parsed(`{ "instType": "SWAP", "instId": "BTC-USDT-SWAP", "mgnMode": "cross", "posId": "1",
      "posSide": "short", "pos": "10", "posCcy": "", "avgPx": "60000", "lever": "5", "margin": "", "imr": "120",
      "mmr": "24", "liab": "", "ccy": "USDT", "optVal": "", "closeOrderAlgo": [] }`);
    const details = parsed(`[{ "ccy": "USDT", "cashBal": "1000.5", "eq": "1010", "isoEq": "0", "liab": "" },
      { "ccy": "ETH", "cashBal": "0", "eq": "0" }, { "ccy": "OKB", "cashBal": "" }]`);
    const flat = { ...row, instId: 'NOBODY', pos: '0', avgPx: '', mgnMode: 'isolated', margin: '0' };
    const isolated = { ...row, mgnMode: 'isolated', posSide: 'net', pos: '-3', lever: '', margin: '50' };
    expect(okx.account('a', { details, positions: [row, flat, isolated] })).toEqual({
      id: 'a',
      balances: { USDT: '1000.5' },
      positions: [{ market: 'BTC-USDT-SWAP', side: 'short', size: -10, entry: '60000', leverage: '5' }],
      buckets: [
        {
          bucket: 1,
          balances: { USDT: '50' },
          positions: [{ market: 'BTC-USDT-SWAP', side: 'net', size: -3, entry: '60000' }],
        },
      ],
    });
    const bad = (change: object): MarginError =>
      refusedWith(() => okx.account('a', { details, positions: [{ ...row, ...change }] }));
    expect(bad({ instType: 'OPTION' })).toMatchObject({ code: 'conflict', path: 'positions[0].instType' });
    expect(bad({ mgnMode: 'isolated', margin: '50', ccy: '' })).toMatchObject({ path: 'positions[0].ccy' });
    const instrument = {
      instId: 'X',
      ctType: 'linear',
      ctVal: '0.01',
      settleCcy: 'USDT',
      uly: '',
      markPx: '1',
    } as const;
    const tiers = [{ maxSz: '100', mmr: '0.004', imr: '0.01' }];
    expect(okx.market({ ...instrument, ctMult: '10', tiers })).toMatchObject({ multiplier: '0.1' });
    expect(okx.market({ ...instrument, ctMult: '1', tiers })).toMatchObject({ multiplier: '0.01' });
  });

  it('orderly: settled positions count from their settlement, funding only against a known index', () => {
    const row = parsed(`{ "symbol": "PERP_ETH_USDC", "position_qty": -2, "cost_position": -6200, "mark_price": 3000,
      "average_open_price": 3500, "last_sum_unitary_funding": 840, "settle_price": 3100, "leverage": 10,
      "pending_long_qty": 0, "est_liq_price": null, "timestamp": 1685429350571 }`);
    const flat = { ...row, symbol: 'NOBODY', position_qty: 0, cost_position: 0, average_open_price: 0 };
    const holding = parsed(`[{ "token": "USDC", "holding": 1000, "frozen": 0, "pending_short": 0 },
      { "token": "WOO", "holding": 0 }]`);
    const symbol = { symbol: row.symbol, mark_price: 3000, base_mmr: 0.05, base_imr: 0.1, imr_factor: 0 };
    const equity = (known: boolean): number => {
      const info = known ? { ...symbol, sum_unitary_funding: 845 } : symbol;
      const account = orderly.account('a', { holding, rows: [row, flat] }, [info]);
      const json = bookOf([{ id: 'USDC', price: 1 }], [orderly.market(info)], account);
      return accountMargin(Book.fromJSON(json), 'a').equity;
    };
    expect(equity(false)).toBe(1_000 + 200);
    expect(equity(true)).toBe(1_000 + 200 + 2 * 5);
    expect(refusedWith(() => loose(orderly).account?.('a', { rows: [] }))).toMatchObject({ path: 'holding' });
  });

  it('paradex: closed rows, nested parameters, sides, funding only against a known index', () => {
    const row = parsed(`{ "id": "1", "account": "0x", "market": "BTC-USD-PERP", "status": "OPEN", "side": "SHORT",
      "size": "-0.5", "average_entry_price": "98000", "average_entry_price_usd": "98000",
      "cached_funding_index": "1500", "unrealized_pnl": "0", "liquidation_price": "" }`);
    const closed = { ...row, market: 'NOBODY', status: 'CLOSED', size: '0', average_entry_price: '0' };
    const perpetual = parsed(`{ "symbol": "BTC-USD-PERP", "base_currency": "BTC", "settlement_currency": "USDC",
      "mark_price": "97000", "delta1_cross_margin_params": { "imf_base": "0.02", "imf_shift": "0", "imf_factor": "0",
      "mmf_factor": "0.5" } }`);
    const state = { balances: [{ token: 'USDC', size: '10000' }], positions: [row, closed] };
    const equity = (known: object, given = state): number => {
      const info = { ...perpetual, ...known };
      const json = bookOf([paradex.cash('USDC')], [paradex.market(info)], paradex.account('a', given, [info]));
      return accountMargin(Book.fromJSON(json), 'a').equity;
    };
    expect(equity({})).toBe(10_500);
    expect(equity({}, { ...state, positions: [{ ...row, size: '0.5' }] })).toBe(10_500);
    expect(equity({ funding_index: '1510' })).toBe(10_505);
    expect(paradex.market(perpetual).brackets).toEqual([{ upTo: null, maintenanceRate: 0.01, initialRate: '0.02' }]);
    const growing = { ...perpetual, delta1_cross_margin_params: { imf_base: '0.02', imf_factor: '0.1' } };
    expect(refusedWith(() => paradex.market(growing))).toMatchObject({ path: 'delta1_cross_margin_params.imf_factor' });
  });

  it('hyperliquid: the whole answer, wrapped positions, flat ones left out, rawUsd needed', () => {
    const position = (coin: string, szi: string, leverage: object): object => ({
      type: 'oneWay',
      position: { coin, szi, entryPx: szi === '0.0' ? null : '50', leverage, positionValue: '1', returnOnEquity: '0' },
    });
    const cross = { type: 'cross', value: 10 };
    const state = (...assetPositions: object[]) => ({
      marginSummary: { accountValue: '1060', totalNtlPos: '1', totalRawUsd: '-3940', totalMarginUsed: '1' },
      crossMarginSummary: { accountValue: '1000', totalNtlPos: '1', totalRawUsd: '-4000', totalMarginUsed: '1' },
      assetPositions: assetPositions as { position: hyperliquid.Position }[],
      withdrawable: '0',
    });
    const isolated = position('BTC', '-1', { type: 'isolated', value: 5, rawUsd: '60' });
    const answer = state(position('SOL', '100', cross), position('NOBODY', '0.0', cross), isolated);
    expect(hyperliquid.account('a', answer)).toEqual({
      id: 'a',
      balances: { USDC: '-4000' },
      positions: [{ market: 'SOL', size: '100', cost: 0, leverage: 10 }],
      buckets: [
        { bucket: 1, balances: { USDC: '60' }, positions: [{ market: 'BTC', size: '-1', cost: 0, leverage: 5 }] },
      ],
    });
    const bad = (leverage: object): MarginError =>
      refusedWith(() => hyperliquid.account('a', state(position('SOL', '1', leverage))));
    const path = 'assetPositions[0].position.leverage';
    expect(bad({ type: 'isolated', value: 5 })).toMatchObject({ code: 'missing-key', path: `${path}.rawUsd` });
    expect(bad({ type: 'strict', value: 5 })).toMatchObject({ code: 'type', path: `${path}.type` });
  });

  it('what a person writes may not have keys that nobody reads', () => {
    const factors = { long: 0.1, short: 0.1 };
    const vegan = { id: 'X', settlementAsset: 'USDT', markPrice: 1, linearSlippageFactor: 0, riskFactors: factors };
    const cases: [venue: object, name: string, given: unknown[], path: string][] = [
      [vega, 'market', [{ ...vegan, fundingindex: 1 }], 'fundingindex'],
      [vega, 'market', [{ ...vegan, riskFactors: { ...factors, Long: 1 } }], 'riskFactors.Long'],
      [
        vega,
        'party',
        ['p', { asset: 'USDT', balance: 1, positions: [{ market: 'X', openVol: 1 }] }],
        'positions[0].openVol',
      ],
      [cex, 'perpetual', [{ id: 'X', settle: 'USDT', mark: 1, maintenanceRate: 0.1, initialrate: 1 }], 'initialrate'],
      [cex, 'haircutAsset', [{ id: 'X', price: 1, hairCut: 0.1 }], 'hairCut'],
      [okx, 'unifiedAsset', [{ currency: 'X', price: 1, discounttiers: [] }], 'discounttiers'],
    ];
    for (const [venue, name, given, path] of cases) {
      const error = refusedWith(() => loose(venue)[name]?.(...given));
      expect(error, path).toMatchObject({ code: 'unknown-key', path });
      expect(error.hint).toMatch(/^Did you mean/);
    }
  });
});

describe('examples in the documentation', () => {
  const modules: Record<string, Record<string, unknown>> = {
    binance,
    bybit,
    cex,
    decimal: decimals,
    dederi,
    deribit,
    derive,
    drift,
    dydx,
    'frozen-tier': frozenTier,
    gmx,
    hyperliquid,
    integer: integers,
    liquidation,
    mango,
    okx,
    orderly,
    paradex,
    rows,
    span,
    tick,
    tiers,
    vega,
  };
  const folder = new URL('../bindings/venues/', import.meta.url);
  const files = readdirSync(folder).map((name) => name.replace(/\.ts$/, ''));

  /** The parts of a venue (`-book`, `-rules`, ...) are exported with the rest of it. */
  const scopeOf = (name: string): Record<string, unknown> | undefined =>
    modules[name] ?? modules[name.replace(/-.*$/, '')];
  /** A file that only gathers others has nothing to show. */
  const gathers = (name: string): boolean =>
    !/^export (function|const)/m.test(readFileSync(new URL(`${name}.ts`, folder), 'utf8'));

  it.each(files.filter((name) => scopeOf(name) && !gathers(name)))('%s', (name) => {
    const scope = scopeOf(name) ?? {};
    const source = readFileSync(new URL(`${name}.ts`, folder), 'utf8');
    const examples = [...source.matchAll(/@example\n((?: \* .*\n)+) \*\//g)].map(([, lines = '']) =>
      lines.replace(/^ \* /gm, ''),
    );
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const at = example.lastIndexOf('// ');
      const code = `return [(${example.slice(0, at)}), (${example.slice(at + 3)})]`;
      const [got, want] = new Function(...Object.keys(scope), code)(...Object.values(scope));
      expect(got, example).toEqual(want);
    }
  });
});
