// Portfolio margin of venues by scenarios: arrays, tables, moves of volatility, contingencies.
import {
  Book,
  explainScenarios,
  presets,
  scenarioGains,
  scenarioTable,
  tieredCharge,
  volatilityMove,
} from 'margin-kernel/scenario';
import * as dederiVenue from 'margin-kernel/venues/dederi';
import * as deribitVenue from 'margin-kernel/venues/deribit';
import * as paradexVenue from 'margin-kernel/venues/paradex';
import * as spanVenue from 'margin-kernel/venues/span';
import { type Adapters, adapter, partOf } from './adapter.js';

type Contracts = Record<string, number>;

/** An answer to one number or to each of a list. */
const mapped = (values: number | number[], answer: (value: number) => number): number | number[] =>
  Array.isArray(values) ? values.map(answer) : answer(values);

export const span: Adapters = {
  'span-risk-array': adapter<{ arrays: Record<string, number[]>; portfolios: Contracts[] }>(
    ({ arrays, portfolios }) => {
      const books = portfolios.map((portfolio) => Book.fromJSON(spanVenue.arraysBook({ arrays, portfolio })));
      const scans = books.map((book) => scenarioGains(book, spanVenue.ACCOUNT));
      return {
        portfolioArray: scans.map(({ gains }) => gains.map(({ gain }) => gain)),
        scanRisk: books.map((book) => explainScenarios(book, spanVenue.ACCOUNT).maintenanceMargin),
        worstScenario: scans.map(({ worst }) => worst),
      };
    },
  ),
  'span-scenarios': adapter<{ extremeMultiple: number; extremeWeight: number }>((extremes) => {
    const rows = scenarioTable(presets.span({ ...extremes, ranges: { '*': { price: 1, volatility: 1 } } }));
    return {
      priceScanMultiple: rows.map(({ multiple }) => multiple),
      volScanSign: rows.map(({ direction }) => direction),
      weight: rows.map(({ weight }) => weight),
    };
  }),
};

export const dederi: Adapters = {
  'scenario-table': adapter<{
    index: number;
    annualBasis: number;
    days: number;
    qty: number;
    shocks: number[];
    futureContingencyFactor: number;
  }>(({ shocks, futureContingencyFactor, ...future }) => {
    const options = { volatility: null, initialFactor: 1, shocks, futureContingencyFactor };
    const book = Book.fromJSON(dederiVenue.futuresBook({ ...future, options }));
    const { requirement } = explainScenarios(book, dederiVenue.ACCOUNT);
    return {
      futurePrice: dederiVenue.futurePrice(future),
      pnl: scenarioGains(book, dederiVenue.ACCOUNT).gains.map(({ gain }) => gain),
      contingency: partOf(requirement, 'future contingency')?.maintenance ?? 0,
    };
  }),
};

export const deribit: Adapters = {
  contingency: adapter<{
    strikeX: { call: number; put: number };
    perShortOptionBtc: number;
    futures: number[];
    offsettingPct: number;
  }>(({ strikeX, perShortOptionBtc: perShortOption, futures, offsettingPct: offsettingFutures }) => {
    const terms = { seconds: 86_400, strike: 1, volatility: 1 };
    const json = deribitVenue.portfolioBook({
      currency: 'BTC',
      // One dollar a coin: amounts are coins.
      index: 1,
      model: presets.deribitHistorical({ perShortOption, offsettingFutures, initialFactor: 1 }),
      positions: [
        { id: 'call', kind: 'call', size: strikeX.call, ...terms },
        { id: 'put', kind: 'put', size: strikeX.put, ...terms },
        ...futures.map((size, i) => ({ id: `${i}`, kind: 'future' as const, size })),
      ],
    });
    const { requirement } = explainScenarios(Book.fromJSON(json), deribitVenue.ACCOUNT);
    const short = partOf(requirement, 'net short options');
    return {
      netShortAtStrike: short?.amount ?? 0,
      optionContingencyBtc: short?.maintenance ?? 0,
      offsettingFuturesContingencyBtc: partOf(requirement, 'offsetting futures')?.maintenance ?? 0,
    };
  }),
  'vol-shock': adapter<{ dte: number | number[] }>(({ dte }) => {
    const model = presets.deribitHistorical({ initialFactor: 1 });
    return { maxIvChange: mapped(dte, (days) => volatilityMove(model, 'up', { days })) };
  }),
};

export const okx: Adapters = {
  'tiered-charge': adapter<{ tiers: [number | null, number][]; raw: number | number[] }>(({ tiers, raw }) => {
    const rows = tiers.map(([upTo, rate]) => ({ upTo, rate }));
    return { marginalTiered: mapped(raw, (amount) => tieredCharge(rows, amount)) };
  }),
};

export const paradex: Adapters = {
  'min-delta': adapter<{
    spot: number;
    positions: { qty: number; delta: number }[];
    netPct: number;
    hedgedPct: number;
  }>(({ netPct: unhedged, hedgedPct: hedged, ...portfolio }) => {
    const book = Book.fromJSON(paradexVenue.minimumDeltaBook({ ...portfolio, unhedged, hedged }));
    const { deltas, initialMargin } = explainScenarios(book, paradexVenue.ACCOUNT);
    const { net = 0, gross = 0, hedged: hedgedDelta = 0 } = deltas[0] ?? {};
    return { netDelta: net, grossDelta: gross, hedgedDelta, minDeltaRisk: initialMargin };
  }),
  'scan-risk': adapter<{
    spot: number;
    positions: paradexVenue.ParadexLeg[];
    scenarios: [number, number, number][];
    vegaPower: { dteBelow30: number; dteFrom30: number };
    dteFloor: number;
  }>(({ spot, positions, ...options }) => {
    const book = Book.fromJSON(paradexVenue.portfolioBook({ spot, positions, options }));
    const { gains, loss, worst } = scenarioGains(book, paradexVenue.ACCOUNT);
    return { weightedPnl: gains.map(({ gain }) => gain), scanRisk: loss, worstScenario: worst };
  }),
};

export const powertrade: Adapters = {
  'vol-shock': adapter<{ days: number | number[] }>((inputs) => ({
    vsf: mapped(inputs.days, (days) => volatilityMove(presets.powertrade(), 'up', { days })),
  })),
};
