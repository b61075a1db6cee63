// Derive's portfolio margin: whole portfolios through the managers' models, and taken apart.
import { accountMargin, Book, type BookJSON, explainScenarios } from 'margin-kernel/scenario';
import {
  ACCOUNT,
  type DeriveOption,
  type Pmrm2Portfolio,
  type PmrmPortfolio,
  pmrm2Book,
  pmrmBook,
  type SrmPortfolio,
  srmBook,
} from 'margin-kernel/venues/derive';
import { type Adapters, type Answer, adapter, partOf } from './adapter.js';

/** Rows of a table as objects. */
const named = (fields: readonly string[], rows: readonly (readonly number[])[]): Record<string, number>[] =>
  rows.map((row) => Object.fromEntries(fields.map((field, i) => [field, row[i] ?? 0])));

function margined(json: BookJSON): { book: Book; answer: Answer } {
  const book = Book.fromJSON(json);
  const { health, equity } = accountMargin(book, ACCOUNT);
  return {
    book,
    answer: { initialMargin: health.initial, maintenanceMargin: health.maintenance, markToMarket: equity },
  };
}

/** What both portfolio managers print beside the margins; basis add-ons are written as what is lost. */
function apart(json: BookJSON, scenarios: number): Answer {
  const { book, answer } = margined(json);
  const explained = explainScenarios(book, ACCOUNT);
  return {
    ...answer,
    portfolioMtm: answer.markToMarket,
    optionMtm: explained.optionValue,
    collateralMtm: explained.collateralValue,
    forwardContingency: -(partOf(explained.requirement, 'basis')?.amount ?? 0),
    scenarioPnl: explained.scenarios.filter(({ set }) => set === 'scan').map(({ gain }) => gain),
    // Where the basis is the larger part, no scenario of the scan decides.
    worstScenarioIndex:
      explained.deciding.find(({ index }) => explained.scenarios[index]?.set === 'scan')?.index ?? scenarios,
  };
}

type Case2 = Omit<Pmrm2Portfolio, 'expiries' | 'parameters'> & {
  expiries: (Omit<Pmrm2Portfolio['expiries'][number], 'options'> & { options: number[][] })[];
  optionFields: string[];
  params: Pmrm2Portfolio['parameters'];
};

export const pmrm2: Adapters = {
  'portfolio-margin': adapter<Case2>(({ params, optionFields, expiries, ...portfolio }) => {
    const read = expiries.map(({ options, ...expiry }) => ({
      ...expiry,
      options: named(optionFields, options).map((row) => ({
        ...row,
        isCall: row.isCall === 1,
      })) as never as DeriveOption[],
    }));
    const json = pmrm2Book({ ...portfolio, expiries: read, ...(params ? { parameters: params } : {}) });
    return apart(json, portfolio.scenarios?.length ?? 0);
  }),
};

type Flag = 0 | 1;
type Flagged<E extends { options: readonly DeriveOption[] }> = Omit<E, 'options'> & {
  options: (Omit<DeriveOption, 'isCall'> & { isCall: Flag })[];
};
const calls = <E extends { options: readonly DeriveOption[] }>({ options, ...expiry }: Flagged<E>): E =>
  ({ ...expiry, options: options.map((row) => ({ ...row, isCall: row.isCall === 1 })) }) as never as E;

type Case1 = Omit<PmrmPortfolio, 'expiries' | 'parameters' | 'scenarios'> & {
  expiries: Flagged<PmrmPortfolio['expiries'][number]>[];
  params: NonNullable<PmrmPortfolio['parameters']> & { scenarios: [number, 'Up' | 'None' | 'Down'][] };
};

export const pmrm1: Adapters = {
  'portfolio-margin': adapter<Case1>(({ params, expiries, ...portfolio }) => {
    const { scenarios: moves, ...parameters } = params;
    const scenarios = moves.map(([multiple, move]) => [multiple, move, 1] as const);
    const json = pmrmBook({ ...portfolio, expiries: expiries.map(calls), parameters, scenarios });
    return apart(json, scenarios.length);
  }),
};

type Markets = Omit<SrmPortfolio['markets'][number], 'expiries'> & {
  expiries: Flagged<SrmPortfolio['markets'][number]['expiries'][number]>[];
};
type CaseS = Omit<SrmPortfolio, 'markets' | 'parameters'> & {
  markets: Markets[];
  params: NonNullable<SrmPortfolio['parameters']>;
};

export const srm: Adapters = {
  'standard-margin': adapter<CaseS>(({ params, markets, ...portfolio }) => {
    const read = markets.map(({ expiries, ...market }) => ({ ...market, expiries: expiries.map(calls) }));
    return margined(srmBook({ ...portfolio, markets: read as never as SrmPortfolio['markets'], parameters: params }))
      .answer;
  }),
};

type Names<T> = Record<string, T>;
interface StandardCase {
  spot: Names<number>;
  perpPrice: Names<number>;
  confidence: Names<{ spot: number; perp: number }>;
  stable: number;
  cash: number;
  perps: Names<number>;
  perpEntry: Names<number | null>;
  fundingIndex: Names<number>;
  accountFundingIndex: Names<number | null>;
  base: Names<number>;
  options: {
    u: string;
    secondsToExpiry: number;
    strike: number;
    isCall: boolean;
    amount: number;
    vol: number;
    volConfidence: number;
    forward: number;
    forwardConfidence: number;
  }[];
  params: {
    perpMaintenance: number;
    perpInitial: number;
    baseFactor: number;
    baseInitialScale: number;
    contingencyThreshold: number;
    contingencyFactor: number;
    depegThreshold: number;
    depegFactor: number;
    option: Record<
      | 'maxSpot'
      | 'minSpot'
      | 'mmCall'
      | 'mmPut'
      | 'mmPutMtM'
      | 'unpairedInitial'
      | 'unpairedMaintenance'
      | 'putInitialOverMaintenance',
      number
    >;
  };
}

function standardPortfolio({ params, options, ...rest }: StandardCase): SrmPortfolio {
  const threshold = params.contingencyThreshold;
  const markets = Object.keys(rest.spot).map((name) => {
    const own = options.filter(({ u }) => u === name);
    const seconds = [...new Set(own.map(({ secondsToExpiry }) => secondsToExpiry))];
    return {
      name,
      spot: rest.spot[name] ?? 0,
      spotConf: rest.confidence[name]?.spot ?? 1,
      perpConf: rest.confidence[name]?.perp ?? 1,
      perp: rest.perps[name] ?? 0,
      perpPrice: rest.perpPrice[name] ?? 0,
      perpEntry: rest.perpEntry[name] ?? null,
      fundingIndex: rest.fundingIndex[name] ?? 0,
      accountFundingIndex: rest.accountFundingIndex[name] ?? null,
      base: rest.base[name] ?? 0,
      expiries: seconds.map((sec) => {
        const listed = own.filter(({ secondsToExpiry }) => secondsToExpiry === sec);
        const { forward = 0, forwardConfidence = 1, volConfidence = 1 } = listed[0] ?? {};
        return { sec, forward, fwdConf: forwardConfidence, volConf: volConfidence, options: listed };
      }),
    };
  });
  return {
    cash: rest.cash,
    stablePrice: rest.stable,
    markets,
    parameters: {
      perp: { mm: params.perpMaintenance, im: params.perpInitial },
      opt: {
        maxSpotReq: params.option.maxSpot,
        minSpotReq: params.option.minSpot,
        mmCallSpotReq: params.option.mmCall,
        mmPutSpotReq: params.option.mmPut,
        MMPutMtMReq: params.option.mmPutMtM,
        unpairedIMScale: params.option.unpairedInitial,
        unpairedMMScale: params.option.unpairedMaintenance,
        mmOffsetScale: params.option.putInitialOverMaintenance,
      },
      oc: {
        perpThreshold: threshold,
        optionThreshold: threshold,
        baseThreshold: threshold,
        OCFactor: params.contingencyFactor,
      },
      base: { marginFactor: params.baseFactor, IMScale: params.baseInitialScale },
      depeg: { threshold: params.depegThreshold, factor: params.depegFactor },
    },
  };
}

export const standard: Adapters = {
  margin: adapter<StandardCase>((inputs) => {
    const { answer } = margined(srmBook(standardPortfolio(inputs)));
    return { initial: answer.initialMargin, maintenance: answer.maintenanceMargin, markToMarket: answer.markToMarket };
  }),
};
