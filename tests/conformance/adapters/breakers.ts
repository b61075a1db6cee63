// Guards of several systems: ADL triggers, price bands and breakers, gates on withdrawals, bounds on parameters, capacities.
import type { Decimal } from 'margin-kernel';
import * as guards from 'margin-kernel/guards';
import { decimal, negate, product, scaled } from 'margin-kernel/venues/decimal';
import { assessmentCap, fundCovers } from 'margin-kernel/waterfall';
import type { Adapter, Adapters, Answer } from './adapter.js';

/** Digits that amounts of the cases are taken to. */
const DIGITS = 18;
const minor = (amount: Decimal): bigint => scaled(amount, DIGITS);
/** Minor units as text, which may be a quotient, in the unit of the case. */
const major = (text: string): string => (text.includes('/') ? `${text}e${DIGITS}` : product(text, `1e-${DIGITS}`));

/** Names the inputs' types; fractions stay exact. */
function adapter<Inputs>(answer: (inputs: Inputs) => Answer): Adapter {
  return (inputs) => answer(inputs as Inputs);
}

interface Drawdown {
  op: guards.Operator;
  balance: Decimal;
  adlTriggerThreshold: Decimal;
  maxBalance8h: Decimal;
  symbolPnl: Decimal;
  symbolPnlMax8h: Decimal;
  insurancePnlRatio: Decimal;
  adlStopRatio: Decimal;
}

export const bybit: Adapters = {
  'adl.trigger/equity': adapter<{ op: guards.Operator; balance: Decimal[] }>(({ op, balance }) => ({
    trigger: balance.map((fund) => guards.depleted(minor(fund), op)),
  })),
  'adl.trigger/drawdown': adapter<Drawdown>((inputs) => {
    const { ratio, start, stop, adlCloses } = guards.drawdownAt(
      {
        value: minor(inputs.symbolPnl),
        reference: minor(inputs.symbolPnlMax8h),
        base: minor(inputs.maxBalance8h),
        fund: minor(inputs.balance),
      },
      {
        start: { operator: inputs.op, level: inputs.insurancePnlRatio },
        stop: { operator: '>', level: inputs.adlStopRatio },
        counts: { operator: '>', level: minor(inputs.adlTriggerThreshold) },
      },
    );
    return { pnlRatio: ratio, trigger: start, stop, adlCloses: decimal(adlCloses, DIGITS) };
  }),
};

export const okx: Adapters = {
  'adl.trigger': adapter<{
    op: guards.Operator;
    avg8h: Decimal;
    reserve: Decimal[];
    dropPct: Decimal;
    dropUsd: Decimal;
  }>(({ op, avg8h, reserve, dropPct, dropUsd }) => {
    const reference = minor(avg8h);
    const start = { operator: op, level: negate(dropPct), least: minor(dropUsd) };
    const at = (value: bigint): guards.Drawdown => guards.drawdownAt({ value, reference }, { start });
    return { threshold: major(at(reference).threshold), trigger: reserve.map((value) => at(minor(value)).start) };
  }),
};

export const gmxV2: Adapters = {
  'adl.trigger': adapter<{
    op: guards.Operator;
    poolUsd: Decimal;
    sizeTokens: Decimal;
    entry: Decimal;
    maxPnlFactorForAdl: Decimal;
    prices: Decimal[];
  }>(({ op, poolUsd: pool, sizeTokens: size, entry, maxPnlFactorForAdl, prices }) => ({
    enabled: prices.map(
      (price) =>
        guards.pnlFactor({ side: 'long', size, entry, price, pool }, { operator: op, level: maxPnlFactorForAdl }).on,
    ),
  })),
};

export const luld: Adapters = {
  'breaker.band': adapter<{ reference: Decimal; pct: Decimal }>(({ reference, pct }) => ({
    ...guards.priceBand(reference, pct),
  })),
};

export const dexSim: Adapters = {
  'breaker.multiplier': adapter<{ soft: Decimal; hard: Decimal; multipliers: Decimal[]; ratio: Decimal[] }>(
    ({ soft, hard, multipliers, ratio }) => ({
      multiplier: ratio.map((stress) => guards.stressMultiplier(stress, { levels: [soft, hard], multipliers })),
    }),
  ),
};

export const clipperMom: Adapters = {
  'breaker.priceTolerance': adapter<{
    op: guards.Operator;
    tolerance: Decimal;
    prices: [current: Decimal, next: Decimal][];
  }>(({ op, tolerance, prices }) => ({
    trip: prices.map(([current, next]) => guards.priceTolerance({ current, next }, { tolerance, operator: op }).trip),
  })),
};

export const deriveV2: Adapters = {
  'gate.withdrawal': adapter<{ op: guards.Operator; totalInsolventMM: Decimal; smBalances: Decimal[] }>(
    ({ op, totalInsolventMM, smBalances }) => ({
      blocked: smBalances.map((balance) => {
        const state = { now: 0, insolvent: minor(totalInsolventMM), fund: minor(balance) };
        return guards.withdrawalGate(state, { insolvency: { operator: op } }).withdraw === 'blocked';
      }),
    }),
  ),
};

interface Bounded {
  current: Decimal;
  proposed: Decimal[];
}

export const riskSteward: Adapters = {
  'governance.bound': adapter<{ cap: Bounded & { maxRelBps: Decimal }; ltvBps: Bounded & { maxAbsBps: Decimal } }>(
    ({ cap, ltvBps }) => {
      const share = product(cap.maxRelBps, '1e-4');
      const flags = ({ current, proposed }: Bounded, bound: guards.ChangeBound): boolean[] =>
        proposed.map((value) => guards.withinBound(current, value, bound));
      return {
        cap: flags(cap, { kind: 'relative', max: share, step: 1 }),
        ltv: flags(ltvBps, { kind: 'absolute', max: ltvBps.maxAbsBps }),
      };
    },
  ),
};

export const dydxV4: Adapters = {
  'waterfall.capacity': adapter<{ balance: Decimal[]; delta: Decimal[] }>(({ balance, delta }) => ({
    valid: balance.map((fund, i) => fundCovers(fund, delta[i] as Decimal)),
  })),
};

export const cme: Adapters = {
  'waterfall.assessment': adapter<{
    gfContribution: Decimal;
    singleMultiple: Decimal;
    multipleMultiple: Decimal;
    defaults: number[];
  }>(({ gfContribution, singleMultiple: single, multipleMultiple: multiple, defaults }) => ({
    cap: defaults.map((count) => decimal(assessmentCap(minor(gfContribution), count, { single, multiple }), DIGITS)),
  })),
};
