// Answers of venues' APIs, written by hand after their documentation, parsed by ccxt's own exchange objects without a network.
// Each venue has the same account: 16,000 of the settle asset in the cross wallet, a long position in it with a loss, and an
// isolated short of 1 BTC with 3,000 of its own and a profit of 1,000. `total` and `collateral` say so in each venue's way.
import ccxt from 'ccxt';

/** What the account holds, whatever the venue calls it. */
export const TRUTH = {
  cross: 16_000,
  crossProfit: -6_000,
  isolated: 3_000,
  isolatedProfit: 1_000,
  size: 12,
  mark: 60_000,
};
const { cross, crossProfit, isolated, isolatedProfit } = TRUTH;
const equity = cross + crossProfit + isolated + isolatedProfit;

function binance() {
  const exchange = new ccxt.binance();
  const market = exchange.parseMarket({
    symbol: 'BTCUSDT',
    pair: 'BTCUSDT',
    contractType: 'PERPETUAL',
    deliveryDate: 4133404800000,
    onboardDate: 1569398400000,
    status: 'TRADING',
    baseAsset: 'BTC',
    quoteAsset: 'USDT',
    marginAsset: 'USDT',
    filters: [
      { filterType: 'PRICE_FILTER', tickSize: '0.10', minPrice: '556.80', maxPrice: '4529764' },
      { filterType: 'LOT_SIZE', stepSize: '0.001', minQty: '0.001', maxQty: '1000' },
      { filterType: 'MIN_NOTIONAL', notional: '100' },
    ],
  });
  exchange.setMarkets([market]);
  const brackets = [
    { bracket: 1, initialLeverage: 125, notionalCap: 50000, notionalFloor: 0, maintMarginRatio: 0.004, cum: 0 },
    { bracket: 2, initialLeverage: 100, notionalCap: 600000, notionalFloor: 50000, maintMarginRatio: 0.005, cum: 50 },
    {
      bracket: 3,
      initialLeverage: 75,
      notionalCap: 3000000,
      notionalFloor: 600000,
      maintMarginRatio: 0.0065,
      cum: 950,
    },
  ];
  const position = {
    symbol: 'BTCUSDT',
    positionSide: 'LONG',
    positionAmt: '12.000',
    entryPrice: '60500.0',
    markPrice: '60000.00000000',
    unRealizedProfit: '-6000.00000000',
    // (16000 - 726000 + 950) / (12 * 0.0065 - 12), the isolated one apart
    liquidationPrice: '59473.24',
    isolatedMargin: '0',
    isolatedWallet: '0',
    notional: '720000.00000000',
    marginAsset: 'USDT',
    initialMargin: '9600.00000000',
    maintMargin: '3730.00000000',
    updateTime: 1720736417660,
  };
  const short = {
    ...position,
    positionSide: 'SHORT',
    positionAmt: '-1.000',
    entryPrice: '61000.0',
    unRealizedProfit: '1000.00000000',
    liquidationPrice: '63731.34', // (3000 + 61000 + 50) / (1 + 0.005)
    isolatedMargin: '4000.00000000',
    isolatedWallet: '3000.00000000',
    notional: '-60000.00000000',
    initialMargin: '3000.00000000',
    maintMargin: '250.00000000',
  };
  const flat = {
    ...position,
    positionSide: 'BOTH',
    positionAmt: '0.000',
    notional: '0',
    entryPrice: '0.0',
    unRealizedProfit: '0',
  };
  const asset = {
    asset: 'USDT',
    walletBalance: String(cross + isolated),
    marginBalance: String(equity),
    initialMargin: '12600',
    availableBalance: '400',
    updateTime: 1720736417660,
  };
  return {
    exchange,
    tiers: exchange.parseMarketLeverageTiers({ symbol: 'BTCUSDT', brackets }, market),
    positions: [position, short, flat].map((row) => exchange.parsePositionRisk(row)),
    balances: exchange.parseBalanceCustom({ assets: [asset] }, 'linear'),
  };
}

function okx() {
  const exchange = new ccxt.okx();
  const market = exchange.parseMarket({
    instType: 'SWAP',
    instId: 'BTC-USDT-SWAP',
    uly: 'BTC-USDT',
    instFamily: 'BTC-USDT',
    baseCcy: '',
    quoteCcy: '',
    settleCcy: 'USDT',
    ctVal: '0.01',
    ctMult: '1',
    ctValCcy: 'BTC',
    optType: '',
    stk: '',
    listTime: '1573557408000',
    expTime: '',
    lever: '125',
    tickSz: '0.1',
    lotSz: '0.01',
    minSz: '0.01',
    ctType: 'linear',
    alias: '',
    state: 'live',
  });
  exchange.setMarkets([market]);
  const tiers = [
    { instId: '', tier: '1', minSz: '0', maxSz: '500', mmr: '0.004', imr: '0.01', maxLever: '100' },
    { instId: '', tier: '2', minSz: '500', maxSz: '2000', mmr: '0.005', imr: '0.0133', maxLever: '75' },
  ];
  const row = {
    instId: 'BTC-USDT-SWAP',
    posSide: 'long',
    pos: '1200',
    avgPx: '60500',
    markPx: '60000',
    upl: '-6000',
    mgnMode: 'cross',
    margin: '',
    imr: '9600',
    mmr: '3600',
    lever: '75',
    notionalUsd: '720000',
    liqPx: '',
    uplRatio: '-0.625',
    cTime: '1720736417660',
    uTime: '1720736417660',
  };
  const short = {
    ...row,
    posSide: 'short',
    pos: '100',
    avgPx: '61000',
    upl: '1000',
    mgnMode: 'isolated',
    margin: String(isolated),
    imr: '',
    mmr: '240',
    lever: '20',
    notionalUsd: '60000',
    liqPx: '63745.01',
  };
  const details = [{ ccy: 'USDT', eq: String(equity), availEq: '400', cashBal: '19000', upl: '-6000', isoEq: '4000' }];
  return {
    exchange,
    tiers: exchange.parseMarketLeverageTiers(tiers, market),
    positions: [row, short].map((one) => exchange.parsePosition(one)),
    balances: exchange.parseTradingBalance({ code: '0', data: [{ uTime: '1720736417660', details }], msg: '' }),
  };
}

function gate() {
  const exchange = new ccxt.gate();
  /** @type {any} */
  const market = exchange.parseContractMarket(
    {
      name: 'BTC_USDT',
      type: 'direct',
      quanto_multiplier: '0.0001',
      mark_price: '60000',
      order_price_round: '0.1',
      order_price_deviate: '0.5',
      order_size_min: 1,
      order_size_max: 1000000,
      leverage_max: '100',
      leverage_min: '1',
      maker_fee_rate: '-0.0001',
      taker_fee_rate: '0.0005',
      in_delisting: false,
    },
    'usdt',
  );
  exchange.setMarkets([market]);
  const tiers = [
    { tier: 1, risk_limit: '1000000', maintenance_rate: '0.004', initial_rate: '0.008', leverage_max: '125' },
    { tier: 2, risk_limit: '2000000', maintenance_rate: '0.005', initial_rate: '0.01', leverage_max: '100' },
  ];
  const row = {
    contract: 'BTC_USDT',
    size: '120000',
    leverage: '0',
    cross_leverage_limit: '75',
    margin: '0',
    unrealised_pnl: '-6000',
    entry_price: '60500',
    mark_price: '60000',
    value: '720000',
    liq_price: '0',
    initial_margin: '9600',
    maintenance_margin: '2880',
    mode: 'dual_long',
    realised_pnl: '0',
    update_time: 1720736417,
  };
  const short = {
    ...row,
    size: '-10000',
    leverage: '20',
    margin: String(isolated),
    unrealised_pnl: '1000',
    entry_price: '61000',
    value: '60000',
    liq_price: '63745.01',
    initial_margin: '3030',
    maintenance_margin: '240',
    mode: 'dual_short',
  };
  return {
    exchange,
    tiers: exchange.parseMarketLeverageTiers(tiers, market),
    positions: [row, short].map((one) => exchange.parsePosition(one)),
    balances: exchange.safeBalance({
      info: {},
      USDT: exchange.parseBalanceHelper({
        currency: 'USDT',
        total: String(cross + isolated),
        available: '6400',
        freeze: '12600',
      }),
    }),
  };
}

function bybit() {
  const exchange = new ccxt.bybit();
  /** @type {any} */
  const market = exchange.safeMarketStructure({
    id: 'BTCUSDT',
    symbol: 'BTC/USDT:USDT',
    base: 'BTC',
    quote: 'USDT',
    settle: 'USDT',
    type: 'swap',
    spot: false,
    swap: true,
    contract: true,
    linear: true,
    inverse: false,
    contractSize: 1,
    active: true,
  });
  exchange.setMarkets([market]);
  const tiers = [
    {
      id: 1,
      symbol: 'BTCUSDT',
      riskLimitValue: '2000000',
      maintenanceMargin: '0.005',
      initialMargin: '0.01',
      maxLeverage: '100.00',
    },
    {
      id: 2,
      symbol: 'BTCUSDT',
      riskLimitValue: '2600000',
      maintenanceMargin: '0.0056',
      initialMargin: '0.0111',
      maxLeverage: '90.00',
    },
  ];
  const short = {
    symbol: 'BTCUSDT',
    side: 'Sell',
    size: '1',
    leverage: '20',
    avgPrice: '61000',
    markPrice: '60000',
    positionValue: '61000',
    unrealisedPnl: '1000',
    positionBalance: String(isolated),
    positionIM: '3000',
    positionMM: '250',
    liqPrice: '63681.59',
    bustPrice: '64000',
    positionIdx: 0,
    createdTime: '1720736417660',
    updatedTime: '1720736417660',
  };
  const coin = {
    coin: 'USDT',
    walletBalance: String(cross + isolated),
    equity: '20000',
    totalPositionIM: '3000',
    totalOrderIM: '0',
    locked: '0',
    borrowAmount: '0',
  };
  return {
    exchange,
    tiers: exchange.parseMarketLeverageTiers(tiers, market),
    positions: [exchange.parsePosition(short)],
    balances: exchange.parseBalance({
      result: { list: [{ accountType: 'UNIFIED', coin: [coin] }] },
      time: 1720736417660,
    }),
    marginMode: /** @type {const} */ ('isolated'), // the account's setting
  };
}

function hyperliquid() {
  const exchange = new ccxt.hyperliquid();
  /** @type {any} */
  const market = exchange.safeMarketStructure({
    id: '0',
    baseName: 'BTC',
    symbol: 'BTC/USDC:USDC',
    base: 'BTC',
    quote: 'USDC',
    settle: 'USDC',
    type: 'swap',
    spot: false,
    swap: true,
    contract: true,
    linear: true,
    inverse: false,
    contractSize: 1,
    active: true,
  });
  exchange.setMarkets([market]);
  const short = {
    coin: 'BTC',
    szi: '-1.0',
    entryPx: '61000.0',
    leverage: { type: 'isolated', value: 20, rawUsd: '64000.0' },
    liquidationPx: '63209.87', // 64000 / (1 + 1/80)
    marginUsed: String(isolated + isolatedProfit),
    maxLeverage: 40,
    positionValue: '60000.0',
    returnOnEquity: '0.3',
    unrealizedPnl: '1000.0',
  };
  return {
    exchange,
    positions: [exchange.parsePosition({ type: 'oneWay', position: short })],
    balances: exchange.safeBalance({ info: {}, USDC: { total: cross + isolated + isolatedProfit, used: 4000 } }),
    // Hyperliquid's tiers are not among ccxt's: half of the initial rate at the largest leverage.
    brackets: [{ upTo: null, maintenanceRate: 0.0125, maxLeverage: 40 }],
    marks: 60_000,
  };
}

/** Each venue's account by the id that ccxt has for it. */
export const VENUES = { binance, okx, gate, bybit, hyperliquid };
