// MetaFlux: liquidation prices, the tier ladder and a sequence of closes, maintenance of the entry notional, deleveraging.
import type { Decimal } from 'margin-kernel';
import * as liquidation from 'margin-kernel/liquidation';
import type { Integer } from 'margin-kernel/venues/integer';
import { adl, type Ratio } from 'margin-kernel/waterfall';
import { type Adapter, type Adapters, adapter } from './adapter.js';

interface Cross {
  entry: Decimal;
  size: Decimal;
  accountValue: Decimal;
  upnl: Decimal;
  maint: Decimal;
}
interface Isolated {
  entry: Decimal;
  size: Decimal;
  isolatedMargin: Decimal;
  mmr: Decimal;
}
interface Account {
  equity: Decimal;
  size: Decimal;
  entry: Decimal;
  mmr: Decimal;
}

function price(position: Cross | Isolated): number | null {
  const { entry, size } = position;
  if ('isolatedMargin' in position) {
    const { isolatedMargin: equity, mmr: maintenanceRate } = position;
    return liquidation.liquidationPrice({ size, price: entry, equity, maintenanceRate, basis: 'entry' });
  }
  const { accountValue: equity, upnl: pnl, maint: maintenance } = position;
  return liquidation.liquidationPrice({ size, price: entry, equity, pnl, maintenance });
}

const account = ({ equity, size, entry, mmr }: Account): liquidation.OnePositionAccount => ({
  equity,
  size,
  entry,
  maintenanceRate: mmr,
  basis: 'entry',
});

interface Haircuts {
  loss: Integer;
  insurance: Integer;
  theta: Ratio;
  capacity: Record<string, Integer>;
}

/** Not through `adapter`, so that a severity of 1/3 stays one. */
const haircuts: Adapter = (inputs) => {
  const { loss, insurance, theta, capacity } = inputs as unknown as Haircuts;
  const candidates = Object.entries(capacity).map(([id, equity]) => ({ id, equity }));
  const need = { loss, covered: insurance, severity: theta };
  const result = adl(need, candidates, { allocation: 'cappedProRata', space: 'equity', round: 'floorThenId' });
  const given = new Map(result.closes.map(({ id, loss: part }) => [id, part]));
  return { deficit: result.needed, haircut: Object.fromEntries(candidates.map(({ id }) => [id, given.get(id) ?? 0n])) };
};

export const tiers: Adapters = {
  'adl.alloc': haircuts,
  'liq.price': adapter<Record<string, Cross | Isolated>>((positions) =>
    Object.fromEntries(Object.entries(positions).map(([name, position]) => [name, price(position)])),
  ),
  'liq.tierLadder': adapter<
    Account & { marks: Decimal[]; thresholds: { safe: Decimal; t0: Decimal; t1: Decimal; t2: Decimal } }
  >(({ marks, thresholds, ...inputs }) => {
    const ladder: liquidation.Ladder = {
      tiers: [
        { tier: 'T0', level: thresholds.safe, action: 'warn' },
        { tier: 'T1', level: thresholds.t0, action: 'partial' },
        { tier: 'T2', level: thresholds.t1, action: 'full' },
        { tier: 'T3', level: thresholds.t2, action: 'backstop' },
      ],
    };
    const health = marks.map((mark) => liquidation.healthAt(account(inputs), mark).health);
    const steps = health.map((ratio) => liquidation.ladderStep(ladder, liquidation.UNARMED, ratio, 0));
    return { health, tier: steps.map(({ tier }) => tier ?? 'Safe') };
  }),
  'liq.sequence': adapter<Account & { steps: { mark: Decimal; close: Decimal }[] }>(({ steps, ...inputs }) => {
    const sequence = liquidation.closeSequence(account(inputs), steps);
    return {
      bucket: sequence.steps.map(({ bucket }) => bucket),
      healthBefore: sequence.steps.map(({ healthBefore }) => healthBefore),
      healthAfter: sequence.steps.map(({ healthAfter }) => healthAfter),
      insuranceUsed: sequence.insuranceUsed,
    };
  }),
};
