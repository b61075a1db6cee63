// Exchanges' own names and units as books: published numbers, refusals, and the examples of the documentation. The venues that
// settle in integers are in venues-integer.test.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { type AccountJSON, accountMargin, Book, type BookJSON, explain, MarginError } from 'margin-kernel';
import * as binance from 'margin-kernel/venues/binance';
import * as bybit from 'margin-kernel/venues/bybit';
import * as cex from 'margin-kernel/venues/cex';
import * as decimals from 'margin-kernel/venues/decimal';
import * as drift from 'margin-kernel/venues/drift';
import * as dydx from 'margin-kernel/venues/dydx';
import * as hyperliquid from 'margin-kernel/venues/hyperliquid';
import * as integers from 'margin-kernel/venues/integer';
import * as mango from 'margin-kernel/venues/mango';
import * as okx from 'margin-kernel/venues/okx';
import * as orderly from 'margin-kernel/venues/orderly';
import * as paradex from 'margin-kernel/venues/paradex';
import * as tiers from 'margin-kernel/venues/tiers';
import * as vega from 'margin-kernel/venues/vega';
import { describe, expect, it } from 'vitest';

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

describe('examples in the documentation', () => {
  const modules: Record<string, Record<string, unknown>> = {
    binance,
    bybit,
    cex,
    decimal: decimals,
    drift,
    dydx,
    hyperliquid,
    integer: integers,
    mango,
    okx,
    orderly,
    paradex,
    tiers,
    vega,
  };
  const folder = new URL('../bindings/venues/', import.meta.url);
  const files = readdirSync(folder).map((name) => name.replace(/\.ts$/, ''));

  /** The parts of a venue (`-book`, `-rules`, ...) are exported with the rest of it. */
  const scopeOf = (name: string): Record<string, unknown> | undefined => modules[name.replace(/-.*$/, '')];
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
