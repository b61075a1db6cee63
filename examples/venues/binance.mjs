// Leverage tiers as ccxt hands them out (fetchLeverageTiers, Binance USD-M) into a book, and what a trader's positions
// need.
// Run it after `npm run build`: node examples/venues/binance.mjs
import { Book, explain } from 'margin-kernel';
import { account, usdmMarket } from 'margin-kernel/venues/binance';

/** ccxt's unified tiers: notional in the quote currency, rates as fractions. */
const tiers = {
  BTCUSDT: [
    { minNotional: 0, maxNotional: 50_000, maintenanceMarginRate: 0.004, maxLeverage: 125 },
    { minNotional: 50_000, maxNotional: 600_000, maintenanceMarginRate: 0.005, maxLeverage: 100 },
    { minNotional: 600_000, maxNotional: 3_000_000, maintenanceMarginRate: 0.0065, maxLeverage: 75 },
  ],
  ETHUSDT: [
    { minNotional: 0, maxNotional: 50_000, maintenanceMarginRate: 0.005, maxLeverage: 100 },
    { minNotional: 50_000, maxNotional: 600_000, maintenanceMarginRate: 0.0065, maxLeverage: 75 },
  ],
};
const marks = { BTCUSDT: '60000', ETHUSDT: '3000' };

/** A market from its tiers. @param {keyof typeof tiers} symbol */
const marketOf = (symbol) =>
  usdmMarket({
    symbol,
    marginAsset: 'USDT',
    markPrice: marks[symbol],
    brackets: tiers[symbol].map(({ minNotional, maintenanceMarginRate, maxLeverage }) => ({
      notionalFloor: minNotional,
      maintMarginRatio: maintenanceMarginRate,
      initialLeverage: maxLeverage,
    })),
  });

// Rows of the venue's API. Its strings stay strings until the book reads them.
const trader = account('trader', {
  assets: [{ asset: 'USDT', crossWalletBalance: '16000.00000000' }],
  positions: [
    { symbol: 'BTCUSDT', positionAmt: '12', entryPrice: '60500', leverage: 75 },
    { symbol: 'ETHUSDT', positionAmt: '-10', entryPrice: '3050', leverage: 20, isolatedWallet: '1525' },
  ],
});

const book = Book.fromJSON({
  format: 'margin-kernel/book@1',
  numeraire: 'USDT',
  assets: [{ id: 'USDT', price: 1 }],
  markets: [marketOf('BTCUSDT'), marketOf('ETHUSDT')],
  accounts: [trader],
});

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
