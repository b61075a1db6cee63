// Answers of the Binance USD-M API, untrimmed, into a book, and what a trader's positions and open order need.
// Run it after `npm run build`: node examples/venues/binance.mjs
import { Book, explain } from 'margin-kernel';
import { account, usdmMarket } from 'margin-kernel/venues/binance';

// GET /fapi/v1/leverageBracket
const leverageBracket = [
  {
    symbol: 'BTCUSDT',
    brackets: [
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
    ],
  },
  {
    symbol: 'ETHUSDT',
    brackets: [
      { bracket: 1, initialLeverage: 100, notionalCap: 50000, notionalFloor: 0, maintMarginRatio: 0.005, cum: 0 },
      { bracket: 2, initialLeverage: 75, notionalCap: 600000, notionalFloor: 50000, maintMarginRatio: 0.0065, cum: 75 },
    ],
  },
];

// Symbols of GET /fapi/v1/exchangeInfo (three keys of many) and GET /fapi/v1/premiumIndex.
const symbols = [
  { symbol: 'BTCUSDT', marginAsset: 'USDT', baseAsset: 'BTC' },
  { symbol: 'ETHUSDT', marginAsset: 'USDT', baseAsset: 'ETH' },
];
const premiumIndex = [
  {
    symbol: 'BTCUSDT',
    markPrice: '60000.00000000',
    indexPrice: '60010.12345678',
    estimatedSettlePrice: '60002.00000000',
    lastFundingRate: '0.00010000',
    interestRate: '0.00010000',
    nextFundingTime: 1720742400000,
    time: 1720736417000,
  },
  {
    symbol: 'ETHUSDT',
    markPrice: '3000.00000000',
    indexPrice: '3000.50000000',
    estimatedSettlePrice: '3000.10000000',
    lastFundingRate: '0.00010000',
    interestRate: '0.00010000',
    nextFundingTime: 1720742400000,
    time: 1720736417000,
  },
];

// assets of GET /fapi/v3/account
const assets = [
  {
    asset: 'USDT',
    walletBalance: '17525.00000000',
    unrealizedProfit: '-5500.00000000',
    marginBalance: '12025.00000000',
    maintMargin: '3880.00000000',
    initialMargin: '11100.00000000',
    positionInitialMargin: '11100.00000000',
    openOrderInitialMargin: '0.00000000',
    crossWalletBalance: '16000.00000000',
    crossUnPnl: '-6000.00000000',
    availableBalance: '400.00000000',
    maxWithdrawAmount: '400.00000000',
    updateTime: 1720736417660,
  },
];

// GET /fapi/v3/positionRisk: a cross position (its wallet is "0"), an isolated one, and a symbol with nothing but orders.
const positions = [
  {
    symbol: 'BTCUSDT',
    positionSide: 'BOTH',
    positionAmt: '12.000',
    entryPrice: '60500.0',
    breakEvenPrice: '60524.2',
    markPrice: '60000.00000000',
    unRealizedProfit: '-6000.00000000',
    liquidationPrice: '59480.5',
    isolatedMargin: '0',
    notional: '720000.00000000',
    marginAsset: 'USDT',
    isolatedWallet: '0',
    initialMargin: '9600.00000000',
    maintMargin: '3730.00000000',
    positionInitialMargin: '9600.00000000',
    openOrderInitialMargin: '0',
    adl: 2,
    bidNotional: '0',
    askNotional: '0',
    updateTime: 1720736417660,
  },
  {
    symbol: 'ETHUSDT',
    positionSide: 'BOTH',
    positionAmt: '-10.000',
    entryPrice: '3050.00',
    breakEvenPrice: '3048.78',
    markPrice: '3000.00000000',
    unRealizedProfit: '500.00000000',
    liquidationPrice: '3186.57',
    isolatedMargin: '2025.00000000',
    notional: '-30000.00000000',
    marginAsset: 'USDT',
    isolatedWallet: '1525.00000000',
    initialMargin: '1500.00000000',
    maintMargin: '150.00000000',
    positionInitialMargin: '1500.00000000',
    openOrderInitialMargin: '0',
    adl: 3,
    bidNotional: '0',
    askNotional: '0',
    updateTime: 1720736417660,
  },
  {
    symbol: 'SOLUSDT',
    positionSide: 'BOTH',
    positionAmt: '0.00',
    entryPrice: '0.0',
    breakEvenPrice: '0.0',
    markPrice: '140.00000000',
    unRealizedProfit: '0.00000000',
    liquidationPrice: '0',
    isolatedMargin: '0',
    notional: '0',
    marginAsset: 'USDT',
    isolatedWallet: '0',
    initialMargin: '0',
    maintMargin: '0',
    positionInitialMargin: '0',
    openOrderInitialMargin: '0',
    adl: 0,
    bidNotional: '0',
    askNotional: '0',
    updateTime: 0,
  },
];

// GET /fapi/v1/openOrders: orders stand in none of the other answers.
const openOrders = /** @type {const} */ ([
  {
    avgPrice: '0.00',
    clientOrderId: 'abc',
    cumQuote: '0',
    executedQty: '0.500',
    orderId: 1917641,
    origQty: '1.500',
    origType: 'LIMIT',
    price: '61000.0',
    reduceOnly: false,
    side: 'SELL',
    positionSide: 'BOTH',
    status: 'PARTIALLY_FILLED',
    stopPrice: '0',
    closePosition: false,
    symbol: 'BTCUSDT',
    time: 1579276756075,
    timeInForce: 'GTC',
    type: 'LIMIT',
    updateTime: 1579276756075,
    workingType: 'CONTRACT_PRICE',
    priceProtect: false,
    priceMatch: 'NONE',
    selfTradePreventionMode: 'NONE',
    goodTillDate: 0,
  },
]);

// GET /fapi/v1/symbolConfig: v3 leaves the leverage out.
const leverage = { BTCUSDT: 75, ETHUSDT: 20, SOLUSDT: 20 };

const book = Book.fromJSON({
  format: 'margin-kernel/book@1',
  numeraire: 'USDT',
  assets: [{ id: 'USDT', price: 1 }],
  markets: symbols.map((symbol, index) => {
    const { markPrice = '' } = premiumIndex[index] ?? {};
    return usdmMarket({ ...symbol, markPrice, brackets: leverageBracket });
  }),
  accounts: [
    account('trader', {
      assets,
      positions: /** @type {import('margin-kernel/venues/binance').PositionRisk[]} */ (
        positions.map((row) => ({ ...row, leverage: Reflect.get(leverage, row.symbol) }))
      ),
      openOrders,
    }),
  ],
});

// The strings of the answers stay strings until the book reads them.
const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
for (const { bucket, status, equity, positions } of explain(book, 'trader').units) {
  console.log(`${bucket === 0 ? 'cross' : `isolated ${bucket}`}: ${status}, equity ${money.format(equity)}`);
  for (const { market, size, notional, requirement, binding } of positions) {
    const { bracket, rate, deduction } = binding.maintenance;
    console.log(`  ${size} ${market}, notional ${money.format(notional)}`);
    console.log(
      `    initial ${money.format(requirement.initial)}, maintenance ${money.format(requirement.maintenance)}`,
    );
    console.log(
      `    tier ${bracket + 1}: ${rate} of it less ${money.format(deduction)}, which the venue prints as cum`,
    );
  }
}
