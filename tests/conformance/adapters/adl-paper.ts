// The ADL paper (arXiv 2512.01112): prices, sizes and fees of liquidations, by position.
import type { Decimal } from 'margin-kernel';
import * as liquidation from 'margin-kernel/liquidation';
import { negate } from 'margin-kernel/venues/decimal';
import { type Adapters, adapter } from './adapter.js';

interface Position {
  q: Decimal;
  collateral: Decimal;
  side: Decimal;
}
interface Positions {
  mark: Decimal;
  mu?: Decimal;
  positions: Record<string, Position>;
}
interface Fill {
  mark: Decimal;
  dq: Decimal;
  side: Decimal;
}
interface PartialSize {
  mark: Decimal;
  q: Decimal;
  e: Decimal;
  mu: Decimal;
  phi: Decimal;
  exec: Decimal;
  side: Decimal;
}

const SIDES: Readonly<Record<string, liquidation.Side>> = { '1': 'long', '-1': 'short' };
const sideOf = (side: Decimal): liquidation.Side => SIDES[String(side)] ?? (String(side) as liquidation.Side);
const signed = ({ q, side }: Position): Decimal => (sideOf(side) === 'short' ? negate(q) : q);

const byName = <T>(record: Record<string, T>, answer: (value: T) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, answer(value)]));

export const paper: Adapters = {
  'liq.bankruptcyPrice': adapter<Positions>(({ mark, positions }) =>
    byName(positions, (position) =>
      liquidation.bankruptcyPrice({ size: signed(position), mark, equity: position.collateral }),
    ),
  ),
  'liq.price': adapter<Positions>(({ mark, mu = 0, positions }) =>
    byName(positions, (position) => {
      const terms = { size: signed(position), price: mark, equity: position.collateral, maintenanceRate: mu };
      return liquidation.liquidationPrice(terms) ?? 0; // the paper writes 0 for none
    }),
  ),
  'liq.execution/bookSweep': adapter<{ asks: liquidation.Depth; q: Decimal }>(({ asks, q }) => ({
    ...liquidation.sweep(asks, { size: q, side: 'short' }),
  })),
  'liq.execution/linearImpact': adapter<{ alpha: Decimal; fills: Fill[] }>(({ alpha, fills }) => ({
    exec: fills.map(
      ({ mark, dq, side }) => liquidation.linearImpact({ side: sideOf(side), mark, size: dq }, alpha).vwap,
    ),
  })),
  'liq.fee': adapter<Record<string, Decimal | Decimal[]> & { mark: Decimal; dq: Decimal; exec: Decimal }>(
    ({ mark, dq, exec, ...venues }) =>
      byName(venues as Record<string, Decimal[]>, ([fixed = 0, ofMark = 0, execution = 0]) => {
        const schedule = { fixed, mark: ofMark, execution };
        return liquidation.liquidationFee({ size: dq, mark, price: exec }, schedule).total;
      }),
  ),
  'liq.partialSize': adapter<PartialSize>(({ mark, q, e, mu, phi, exec, side }) => {
    const position = { side: sideOf(side), size: q, mark, price: exec, equity: e, ratio: mu, feeRate: phi };
    const { needed, size } = liquidation.partialSize(position);
    return { dq: needed, capped: size };
  }),
};
