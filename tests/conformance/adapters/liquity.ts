// Liquity v1: the stability pool and the redistribution, event by event.
import { type Integer, integer } from 'margin-kernel/venues/integer';
import * as liquity from 'margin-kernel/venues/liquity';
import * as waterfall from 'margin-kernel/waterfall';
import { type Adapters, type Answer, adapter } from './adapter.js';

type PoolEvent = ['deposit', string, Integer] | ['liquidate', Integer, Integer] | ['withdraw', string];

interface PoolCase {
  events: PoolEvent[];
  gasCompDivisor: Integer;
}

/** The pool after each liquidation, what was paid to whom, and who is still there. */
function pools({ events, gasCompDivisor }: PoolCase): { after: waterfall.ProductSum[]; answer: Answer } {
  let pool = waterfall.EMPTY_PRODUCT_SUM;
  const after: waterfall.ProductSum[] = [];
  const positions = new Map<string, waterfall.PoolPosition>();
  const answer: Answer = {};
  for (const event of events) {
    if (event[0] === 'deposit') {
      const { position, ...next } = waterfall.poolDeposit(pool, positions.get(event[1]) ?? null, event[2]);
      positions.set(event[1], position);
      pool = next.pool;
    } else if (event[0] === 'liquidate') {
      const collateral = integer(event[2]) - liquity.gasCompensation(event[2], gasCompDivisor);
      pool = waterfall.poolOffset(pool, event[1], collateral);
      after.push(pool);
    } else {
      const { deposit, gain, ...next } = waterfall.poolWithdraw(pool, positions.get(event[1])!);
      answer[event[1]] = { deposit, eth: gain };
      positions.delete(event[1]);
      pool = next.pool;
    }
  }
  for (const [who, position] of positions) {
    const { deposit, gain } = waterfall.poolWorth(pool, position);
    answer[who] = { deposit, eth: gain };
  }
  return { after, answer };
}

type TroveEvent = ['open', string, Integer] | ['liq', string];

function troves({ events, gasCompDivisor }: { events: TroveEvent[]; gasCompDivisor: Integer }): Answer {
  let state = waterfall.EMPTY_REDISTRIBUTION;
  const positions = new Map<string, waterfall.StakedPosition>();
  for (const event of events) {
    if (event[0] === 'open') {
      const opened = waterfall.redistributionOpen(state, event[2]);
      positions.set(event[1], opened.position);
      state = opened.state;
    } else {
      const position = positions.get(event[1])!;
      const { collateral } = waterfall.redistributionWorth(state, position);
      state = waterfall.redistribute(state, position, liquity.gasCompensation(collateral, gasCompDivisor));
      positions.delete(event[1]);
    }
  }
  return Object.fromEntries(
    [...positions].map(([who, position]) => [who, waterfall.redistributionWorth(state, position).collateral]),
  );
}

export const v1: Adapters = {
  'loss.stabilityPool': adapter<PoolCase>((inputs) => pools(inputs).answer),
  'loss.stabilityPool.scale': adapter<PoolCase>((inputs) => {
    const { after } = pools(inputs);
    return { P: after.map(({ product }) => product), scale: after.map(({ scale }) => scale) };
  }),
  'loss.redistribution': adapter<{ events: TroveEvent[]; gasCompDivisor: Integer }>(troves),
};
