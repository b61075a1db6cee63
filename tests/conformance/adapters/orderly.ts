// Orderly: maintenance rate by notional, orders before they are sent.
import type { Decimal } from 'margin-kernel';
import * as orderly from 'margin-kernel/venues/orderly';
import { type Adapters, adapter, book, explained } from './adapter.js';

interface Rate {
  baseMMR: Decimal;
  baseIMR: Decimal;
  imrFactor: Decimal;
  notional: Decimal;
  power: Decimal;
}

interface Trade {
  totalCollateral: Decimal;
  positions: { size: Decimal; markPrice: Decimal }[];
  newOrder: { symbolIndex: number | string; qty: Decimal; price: Decimal };
}

export const rates: Adapters = {
  sizeWeight: adapter<Rate>((inputs) => {
    const market = orderly.market({
      symbol: 'X',
      mark_price: 1,
      base_mmr: inputs.baseMMR,
      base_imr: inputs.baseIMR,
      imr_factor: inputs.imrFactor,
      power: inputs.power,
    });
    const account = orderly.account('a', {
      holding: [],
      rows: [{ symbol: 'X', position_qty: inputs.notional, average_open_price: 1 }],
    });
    const { units } = explained(book([{ id: 'USDC', price: 1 }], [market], account));
    // A position of nothing is left out: what it starts with is the market's base rate.
    return { mmr: units[0]!.positions[0]?.binding.maintenance.rate ?? market.brackets?.[0]?.maintenanceRate };
  }),
  liquidationFee: adapter<Parameters<typeof orderly.orderFee>[0]>((inputs) => ({ fee: orderly.orderFee(inputs) })),
  maxOrder: adapter<orderly.IsolatedOrder>((inputs) => ({ maxQty: orderly.maxIsolatedQty(inputs) })),
  preTrade: adapter<Trade>(({ totalCollateral, positions, newOrder: { symbolIndex, ...order } }) => {
    const rows = positions.map(({ size, markPrice }, index) => ({
      symbol: String(index),
      position_qty: size,
      mark_price: markPrice,
    }));
    const leverage = orderly.leverageAfter(
      { totalCollateral, positions: rows },
      { ...order, symbol: String(symbolIndex) },
    );
    return { leverage };
  }),
};
