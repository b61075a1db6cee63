// Orderly: maintenance rate by notional.
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
};
