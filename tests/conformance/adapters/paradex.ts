// Paradex: cross margin of one position, the check of new orders.
import type { Decimal } from 'margin-kernel';
import * as paradex from 'margin-kernel/venues/paradex';
import { type Adapters, adapter, book, explained } from './adapter.js';

interface Position {
  cash: Decimal;
  imf: Decimal;
  position: Decimal;
  entryPrice: Decimal;
  markPrice: Decimal;
}

interface Orders {
  accountValue: Decimal;
  imf: Decimal;
  position: Decimal;
  openBuys: Decimal;
  openSells: Decimal;
  newBuys: Decimal;
  newSells: Decimal;
  markPrice: Decimal;
}

export const cross: Adapters = {
  preTrade: adapter<Orders>((inputs) => ({
    ...paradex.orderCheck(
      { mark_price: inputs.markPrice, imf_base: inputs.imf },
      {
        account_value: inputs.accountValue,
        size: inputs.position,
        open: { buys: inputs.openBuys, sells: inputs.openSells },
        new: { buys: inputs.newBuys, sells: inputs.newSells },
      },
    ),
  })),
  margin: adapter<Position>(({ cash, imf, position, entryPrice, markPrice }) => {
    const market = paradex.market({
      symbol: 'X',
      settlement_currency: 'USDC',
      mark_price: markPrice,
      imf_base: imf,
    });
    const account = paradex.account('a', {
      balances: [{ token: 'USDC', size: cash }],
      positions: [{ market: 'X', size: position, average_entry_price: entryPrice }],
    });
    const unit = explained(book([paradex.cash('USDC')], [market], account)).units[0]!;
    return { imr: unit.initialMargin, unrealizedPnl: unit.positions[0]?.unrealizedPnl ?? 0, accountValue: unit.equity };
  }),
};
