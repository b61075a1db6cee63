// Leverage tiers as ccxt hands them out (fetchLeverageTiers, Binance USD-M) into a book, and what a trader's position needs.
// Run it after `npm run build`: node examples/venues/binance.mjs
import { Book, explain } from 'margin-kernel';
import { account, usdmMarket } from 'margin-kernel/venues/binance';

/** Shape of ccxt's unified tiers: notional in the quote currency, rates as fractions. */
const tiers = [
  { minNotional: 0, maxNotional: 50_000, maintenanceMarginRate: 0.004, maxLeverage: 125 },
  { minNotional: 50_000, maxNotional: 600_000, maintenanceMarginRate: 0.005, maxLeverage: 100 },
  { minNotional: 600_000, maxNotional: 3_000_000, maintenanceMarginRate: 0.0065, maxLeverage: 75 },
];

const market = usdmMarket({
  symbol: 'BTCUSDT',
  marginAsset: 'USDT',
  markPrice: '60000',
  brackets: tiers.map(({ minNotional, maintenanceMarginRate, maxLeverage }) => ({
    notionalFloor: minNotional,
    maintMarginRatio: maintenanceMarginRate,
    initialLeverage: maxLeverage,
  })),
});

// The strings are those of the venue's API: digits stay digits until the book reads them.
const trader = account('trader', {
  assets: [{ asset: 'USDT', crossWalletBalance: '12000.00000000' }],
  positions: [
    { symbol: 'BTCUSDT', positionAmt: '12', entryPrice: '60500', leverage: 75 },
    { symbol: 'BTCUSDT', positionSide: 'SHORT', positionAmt: '-0.5', entryPrice: '61000', isolatedWallet: '800' },
  ],
});

const book = Book.fromJSON({
  format: 'margin-kernel/book@1',
  numeraire: 'USDT',
  assets: [{ id: 'USDT', price: 1 }],
  markets: [market],
  accounts: [trader],
});

for (const { bucket, status, equity, positions } of explain(book, 'trader').units) {
  console.log(`${bucket === 0 ? 'cross' : `isolated ${bucket}`}: ${status}, equity ${equity}`);
  for (const { size, notional, requirement, binding } of positions) {
    const { bracket, rate, deduction } = binding.maintenance;
    console.log(`  ${size} BTC, notional ${notional}: maintenance ${requirement.maintenance}, initial ${requirement.initial}`);
    console.log(`  tier ${bracket + 1}: ${rate} of it less ${deduction}, which the venue prints as cum`);
  }
}
