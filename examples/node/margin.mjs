// A book of three accounts: margined as a whole, followed through a falling market, one account explained.
// Run it after `npm run build`: node examples/node/margin.mjs
import { accountMargin, Book, compareRisk, explain, explainText, MarginError, margin } from 'margin-kernel';

const book = Book.fromJSON({
  format: 'margin-kernel/book@1',
  numeraire: 'USD',
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 60_000, assetWeight: { initial: 0.92, maintenance: 0.95 }, liabilityWeight: 1.05 },
  ],
  markets: [
    {
      id: 'BTC-PERP',
      kind: 'linear',
      base: 'BTC',
      settle: 'USDT',
      mark: 60_000,
      brackets: [
        { upTo: 50_000, maintenanceRate: 0.004, maxLeverage: 125 },
        { upTo: 250_000, maintenanceRate: 0.005, maxLeverage: 100 },
        { upTo: null, maintenanceRate: 0.01, maxLeverage: 50 },
      ],
    },
  ],
  accounts: [
    { id: 'cautious', balances: { USDT: 20_000 }, positions: [{ market: 'BTC-PERP', size: 0.5, entry: 58_000 }] },
    {
      id: 'bold',
      balances: { USDT: '9000.50', BTC: 0.1 },
      positions: [{ market: 'BTC-PERP', size: 5, entry: 61_000 }],
    },
    {
      id: 'isolated',
      balances: { USDT: 5000 },
      buckets: [{ bucket: 1, balances: { USDT: 700 }, positions: [{ market: 'BTC-PERP', size: 0.5, entry: 60_000 }] }],
    },
  ],
});

/**
 * One line a margin unit, the riskiest first: an isolated position can be lost while its account is not.
 * @param {string} title
 */
function show(title) {
  const { totals, liquidatable } = margin(book); // columns, one entry a margin unit
  const units = ['cautious', 'bold', 'isolated'].flatMap((id) =>
    accountMargin(book, id).units.map((unit) => ({ ...unit, name: unit.bucket === 0 ? id : `${id}/${unit.bucket}` })),
  );
  console.log(`${title}: equity ${totals.equity.toFixed(2)}, ${liquidatable.length} to liquidate`);
  for (const { name, status, equity, maintenanceMargin } of units.sort((a, b) => compareRisk(b, a))) {
    console.log(
      `  ${name.padEnd(10)} ${status.padEnd(12)} equity ${equity.toFixed(2)}, needs ${maintenanceMargin.toFixed(2)}`,
    );
  }
}

show('at 60,000');

book.setMark('BTC-PERP', 58_500);
book.setPrice('BTC', 58_500);
show('at 58,500');

console.log(explainText(explain(book, 'bold')));

book.fill('bold', { market: 'BTC-PERP', size: -3, price: 58_450, fee: 90 });
book.deposit('bold', 'USDT', 5000);
show('after a deleveraging');

try {
  book.fill('bold', { market: 'BTC-PREP', size: 1, price: 58_450 });
} catch (error) {
  if (!(error instanceof MarginError)) throw error;
  console.log(`refused, and the book is as it was: ${error.message}`);
}

const bytes = book.encode();
console.log(`${bytes.length} bytes carry the book: ${Book.decode(bytes).accounts} accounts came back`);
