// From the import of the package to the first answer: the margin of a small book.
export async function first(): Promise<string> {
  const { Book, margin } = await import('margin-kernel');
  const book = Book.fromJSON({
    format: 'margin-kernel/book@1',
    assets: [{ id: 'USDT', price: 1 }],
    markets: [
      {
        id: 'BTC-PERP',
        kind: 'linear',
        settle: 'USDT',
        mark: 60_000,
        brackets: [{ upTo: null, maintenanceRate: 0.01, initialRate: 0.02 }],
      },
    ],
    accounts: [{ id: 'a1', balances: { USDT: 900 }, positions: [{ market: 'BTC-PERP', size: 0.1, entry: 61_000 }] }],
  });
  return String(margin(book).maintenanceMargin[0]);
}
