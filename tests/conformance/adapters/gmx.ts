// GMX v1: liquidation prices.
import type { Decimal } from 'margin-kernel';
import * as gmx from 'margin-kernel/venues/gmx';
import { type Adapters, adapter } from './adapter.js';

interface Position {
  isLong: boolean;
  size: Decimal;
  collateral: Decimal;
  averagePrice: Decimal;
  fundingFee: Decimal;
}

export const v1: Adapters = {
  liquidationPrice: adapter<Position>((inputs) => ({ liquidationPrice: gmx.liquidationPrice(inputs) })),
};
