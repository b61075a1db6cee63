// The ADL paper (arXiv 2512.01112): prices, sizes and fees of liquidations, by position; deleveraging and its haircuts. And the
// budgets of the post on learning them (arXiv 2602.15182).
import type { Decimal } from 'margin-kernel';
import * as liquidation from 'margin-kernel/liquidation';
import { decimal, negate, scaled, sum } from 'margin-kernel/venues/decimal';
import * as waterfall from 'margin-kernel/waterfall';
import { type Adapters, adapter, fractionText } from './adapter.js';

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

/** Decimals that a lot and a minor unit have here. */
const UNIT = 30;
const units = (value: Decimal): bigint => scaled(value, UNIT);
const plain = (value: bigint): string => decimal(value, UNIT);

interface Accounts {
  equity: Decimal[];
  theta: Decimal;
}
interface Endowed {
  cash: Decimal[];
  pnl: Decimal[];
}
interface Winners {
  deficit: Decimal;
  winners: Decimal[];
}
interface Shares {
  leverage: Record<string, Decimal>;
  proRataShare: Record<string, Decimal>;
  cvarThreshold: Decimal;
}
interface Compared {
  equity: Decimal[];
  leverage: Decimal[];
  D: Decimal;
  mu: Decimal[];
}
interface Closed {
  side: Decimal;
  bk: Decimal;
  exec: Decimal;
  dq: Decimal;
}

const accountsOf = (equity: Decimal[]) => equity.map((value, i) => ({ id: String(i + 1), equity: units(value) }));
const endowedOf = ({ cash, pnl }: Endowed) =>
  cash.map((value, i) => ({ id: String(i + 1), cash: units(value), pnl: units(pnl[i] ?? 0) }));

/** An order of numbers from 1 as scores: the first the largest. */
const inOrder = <T extends { id: string }>(accounts: T[], order: number[]) =>
  accounts.map((account, i) => ({ ...account, score: -order.indexOf(i + 1) }));

function queueRound({ equity, theta, queueOrder }: Accounts & { queueOrder: number[] }) {
  const accounts = inOrder(accountsOf(equity), queueOrder);
  const round = waterfall.adlRound(accounts, { allocation: 'queue', severity: theta });
  return { budget: plain(round.budget), haircut: round.haircuts.map(fractionText), eAfter: round.after.map(plain) };
}

function queueOfWinners({ deficit, winners }: Winners) {
  const rule = { allocation: 'listed', space: 'equity' } as const;
  const accounts = accountsOf(winners);
  return { seized: seizedFrom(accounts, waterfall.adl({ loss: units(deficit) }, accounts, rule)) };
}

/** What each gave, in the order of the accounts; closes list only those who gave something. */
function seizedFrom(accounts: readonly { id: string }[], { closes }: waterfall.AdlResult): (string | number)[] {
  const given = new Map(closes.map(({ id, loss }) => [id, plain(loss)]));
  return accounts.map(({ id }) => given.get(id) ?? 0);
}

const fromProfits = (
  inputs: Endowed & { budget: Decimal },
  candidates: waterfall.AdlCandidate[],
  allocation: waterfall.AdlAllocation,
) => {
  const result = waterfall.adl({ loss: units(inputs.budget) }, candidates, { allocation, space: 'pnl' });
  return {
    factor: result.factor && fractionText(result.factor),
    seized: seizedFrom(candidates, result),
    haircut: result.haircuts.map(fractionText),
    eAfter: result.after.map((value) => (value === null ? null : plain(value))),
  };
};

export const post: Adapters = {
  'adl.budget': adapter<{ q: Decimal; bankruptcy: Decimal; execPrice: Decimal; estimatedPrice: Decimal }>(
    ({ q, bankruptcy, execPrice: exec, estimatedPrice: estimated }) =>
      byName({ ...waterfall.adlBudget({ size: units(q), bankruptcy, exec, estimated }) }, plain),
  ),
};

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
  'adl.alloc/proRataEquity': adapter<Accounts>(({ equity, theta }) => {
    const rule = { allocation: 'proRata', severity: theta, credit: 'none' } as const;
    const { factor, after } = waterfall.adlRound(accountsOf(equity), rule);
    return { factor: factor && fractionText(factor), eAfter: after.map(plain) };
  }),
  'adl.alloc/proRataPnl': adapter<Endowed & { budget: Decimal }>((inputs) =>
    fromProfits(inputs, endowedOf(inputs), 'proRata'),
  ),
  'adl.alloc/queueEquity': adapter<(Accounts & { queueOrder: number[] }) | Winners>((inputs) =>
    'winners' in inputs ? queueOfWinners(inputs) : queueRound(inputs),
  ),
  'adl.alloc.negative/queueEquity': adapter<Accounts & { queueOrder: number[] }>(queueRound),
  'adl.alloc/queuePnl': adapter<Endowed & { budget: Decimal; queueOrder: number[] }>((inputs) =>
    fromProfits(inputs, inOrder(endowedOf(inputs), inputs.queueOrder), 'queue'),
  ),
  'adl.alloc/rap': adapter<Shares>(({ leverage, proRataShare, cvarThreshold }) => {
    const ids = Object.keys(leverage);
    const bearers = ids.map((id) => ({ equity: proRataShare[id] ?? 0, leverage: leverage[id] ?? 0 }));
    const shapes: Record<string, waterfall.RiskAversion> = {
      linear: { shape: 'linear' },
      power: { shape: 'power', exponent: 2 },
      cvar: { shape: 'cvar', threshold: cvarThreshold },
    };
    return byName(shapes, (risk) => {
      const shares = waterfall.riskShares(bearers, risk);
      return Object.fromEntries(ids.map((id, i) => [id, fractionText(shares[i]!)]));
    });
  }),
  'adl.alloc/rapVsProRata': adapter<Compared>(({ equity, leverage, D, mu }) => {
    const strict = { method: 'proRata' } as const;
    const bearers = equity.map((value, i) => ({ equity: units(value), leverage: leverage[i] ?? 0 }));
    const byEquity = bearers.map((bearer, i) => ({ id: String(i), weight: bearer.equity }));
    const risk = waterfall.riskShares(bearers, { shape: 'linear' });
    const byRisk = risk.map(({ numerator: weight }, i) => ({ id: String(i), weight }));
    const proRata = waterfall.allocate(units(D), byEquity, strict).shares;
    const rap = waterfall.allocate(units(D), byRisk, strict).shares;
    return {
      proRata: proRata.map(plain),
      proRataUtility: proRata.map((part, i) => sum(mu[i] ?? 0, plain(-part))),
      rap: rap.map(plain),
      rapHaircut: waterfall.haircutsOf(rap, equity.map(units)).map(fractionText),
    };
  }),
  'adl.apply/equity': adapter<{ equity: Decimal[]; haircuts: Decimal[][] }>(({ equity, haircuts }) => {
    const accounts = equity.map((value) => ({ equity: units(value) }));
    return { after: haircuts.map((row) => waterfall.applyHaircuts(accounts, row, 'equity').after.map(plain)) };
  }),
  'adl.apply/pnl': adapter<Endowed & { h: Decimal[] }>(({ h, ...inputs }) => {
    const accounts = endowedOf(inputs).map(({ cash, pnl }) => ({ cash, pnl }));
    const { seized, after } = waterfall.applyHaircuts(accounts, h, 'pnl');
    return { seized: seized.map(plain), eAfter: after.map(plain) };
  }),
  'waterfall.badDebt': adapter<Record<string, Closed>>((positions) =>
    byName(positions, ({ side, bk, exec, dq }) =>
      plain(waterfall.badDebt(units(signed({ side, q: dq, collateral: 0 })), bk, exec)),
    ),
  ),
};
