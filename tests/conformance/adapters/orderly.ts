// Orderly: maintenance rate by notional, liquidation prices, orders before they are sent.
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

interface Terms {
  baseMMR: Decimal;
  baseIMR: Decimal;
  imrFactor: Decimal;
  power?: Decimal;
}
interface Position {
  symbol?: string;
  size: Decimal;
  markPrice: Decimal;
  mmr: Decimal;
}
interface Cross extends Terms {
  size: Decimal;
  markPrice: Decimal;
  totalCollateral: Decimal;
  others: Position[];
}
interface Estimate extends Terms {
  totalCollateral: Decimal;
  markPrice: Decimal;
  positions: Position[];
  newOrder: { symbol: string; qty: Decimal; price: Decimal };
  orderFee: Decimal;
}
interface Isolated extends Terms {
  isolatedMargin: Decimal;
  costPosition: Decimal;
  positionQty: Decimal;
  orderQty: Decimal;
  referencePrice: Decimal;
  leverage: Decimal;
  feeBuffer: Decimal;
}

const parameters = ({ baseMMR, baseIMR, imrFactor, power }: Terms): orderly.Rates => ({
  base_mmr: baseMMR,
  base_imr: baseIMR,
  imr_factor: imrFactor,
  ...(power === undefined ? {} : { power }),
});
const rated = ({ size, markPrice, ...rest }: Position): orderly.RatedPosition => ({
  position_qty: size,
  mark_price: markPrice,
  ...rest,
});

interface Trade {
  totalCollateral: Decimal;
  positions: { size: Decimal; markPrice: Decimal }[];
  newOrder: { symbolIndex: number | string; qty: Decimal; price: Decimal };
}

export const rates: Adapters = {
  'liquidationPrice/cross': adapter<Cross>((inputs) => ({
    liquidationPrice: orderly.liquidationPrice(
      { mark_price: inputs.markPrice, ...parameters(inputs) },
      {
        position_qty: inputs.size,
        total_collateral_value: inputs.totalCollateral,
        positions: inputs.others.map(rated),
      },
    ),
  })),
  'liquidationPrice/venueEstimate': adapter<Estimate>(({ newOrder: { symbol, ...order }, ...inputs }) => ({
    liquidationPrice: orderly.estimatedLiquidationPrice(
      { symbol, mark_price: inputs.markPrice, ...parameters(inputs) },
      {
        total_collateral_value: inputs.totalCollateral,
        positions: inputs.positions.map(rated),
        order: { ...order, fee: inputs.orderFee },
      },
    ),
  })),
  'liquidationPrice/isolatedPreview': adapter<Isolated>((inputs) => ({
    liquidationPrice: orderly.isolatedLiquidationPrice(parameters(inputs), {
      position_qty: inputs.positionQty,
      isolated_margin: inputs.isolatedMargin,
      cost_position: inputs.costPosition,
      order_qty: inputs.orderQty,
      reference_price: inputs.referencePrice,
      leverage: inputs.leverage,
      fee_buffer: inputs.feeBuffer,
    }),
  })),
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
