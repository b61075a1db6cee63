// What `var` tells, in whatever form: the portfolio by every method, its tail and its parts, and all accounts.
import { KIND } from '../../layout.js';
import { margin } from '../../margin.js';
import { modifiedRisk } from '../../statistics/analytic/modified.js';
import { normalRisk } from '../../statistics/analytic/parametric.js';
import { moments } from '../../statistics/estimation/moments.js';
import type { Returns } from '../../statistics/estimation/returns.js';
import {
  type Book,
  type DeficitRisk,
  deficitRisk,
  type Factors,
  type MeasureOptions,
  type PortfolioRisk,
  type PortfolioRiskOptions,
  portfolioRisk,
  type RiskMeasure,
  type Scenarios,
  valueAtRisk,
} from '../../var.js';
import type { Method } from './methods.js';
import type { Panel } from './panel.js';

/** Value at risk and expected shortfall by one method. Losses positive. */
export interface MethodRisk {
  name: string;
  label: string;
  scenarios: number;
  var: number;
  es: number;
  /** What a reader should know of it: a tail of less than one scenario, an expansion that is no quantile. */
  flags: string[];
}

export interface AccountRisk {
  id: string;
  equity: number;
  var: number;
  es: number;
  /** The scenario of its largest loss; null of a distribution. */
  worst: string | null;
}

/** Everything that was measured. */
export interface Measured {
  title: string;
  time: string | null;
  numeraire: string;
  /** The account that was asked for, or null: all as one portfolio. */
  account: string | null;
  confidence: string;
  measure: RiskMeasure;
  horizon: number;
  method: Method;
  returns: Returns;
  symbols: string[];
  equity: number;
  portfolio: PortfolioRisk;
  methods: MethodRisk[];
  accounts: AccountRisk[];
  /** Some of what is measured are options. */
  options: boolean;
  /** What all accounts may leave unpaid; null of one account, and of a distribution. */
  deficit: DeficitRisk | null;
}

export interface Asked extends MeasureOptions {
  title: string;
  account: string | null;
  confidence: string;
  measure: RiskMeasure;
  methods: Method[];
  /** Told how many accounts are done. */
  done?(accounts: number): void;
}

/** Both measures of the profits of a portfolio by a distribution that is laid over them. */
function parametric(
  kind: NonNullable<Method['parametric']>,
  profits: Float64Array,
  confidence: string,
): { var: number; es: number; flags: string[] } {
  if (profits.every((profit) => profit === 0)) return { var: 0, es: 0, flags: [] };
  if (kind === 'normal') {
    const { mean, deviation } = moments(profits, 'n');
    const { valueAtRisk: risk, shortfall } = normalRisk({ mean, deviation }, confidence);
    return { var: risk, es: shortfall ?? risk, flags: [] };
  }
  const { valueAtRisk: risk, shortfall, monotone, capped } = modifiedRisk(profits, confidence);
  const flags = [
    ...(monotone ? [] : ['the expansion does not rise everywhere, so it is no quantile']),
    ...(capped ? ['the expansion puts the shortfall inside the value at risk, which stands for it'] : []),
  ];
  return { var: risk, es: shortfall, flags };
}

const THIN = 'the tail has less than one scenario: both figures are the worst of all';

/** Measures a book. @throws MarginError */
export function measure(book: Book, panel: Panel, returns: Returns, asked: Asked): Measured {
  const { confidence, methods, account } = asked;
  const { type, convention } = asked;
  const { factors, symbols } = panel;
  const how: MeasureOptions = {
    confidence,
    ...(type === undefined ? {} : { type }),
    ...(convention === undefined ? {} : { convention }),
  };
  const whose: PortfolioRiskOptions = { ...how, factors, ...(account === null ? {} : { account }) };
  const [first] = methods as [Method];
  const made = methods.map((method) => ({ method, scenarios: method.scenarios(returns) }));
  const rows = made.map(({ method, scenarios }): MethodRisk & { risk: PortfolioRisk } => {
    const weighted = scenarios.weights === undefined ? whose : { ...whose, ...UNWEIGHTED };
    const incremental = method === first && method.parametric === null;
    const risk = portfolioRisk(book, scenarios, { ...weighted, measure: asked.measure, profits: true, incremental });
    const found = method.parametric
      ? parametric(method.parametric, risk.profits as Float64Array, confidence)
      : { var: risk.var, es: risk.es, flags: risk.thin ? [THIN] : [] };
    return { name: method.name, label: method.label, scenarios: scenarios.count, ...found, risk };
  });
  const [shown] = rows as [MethodRisk & { risk: PortfolioRisk }];
  const ids = account === null ? Array.from({ length: book.accounts }, (_, a) => a) : [book.account(account)];
  const equity = equities(book);
  const scenarios = (made[0] as { scenarios: Scenarios }).scenarios;
  return {
    title: asked.title,
    time: book.time ?? null,
    numeraire: book.numeraire,
    account,
    confidence,
    measure: asked.measure,
    horizon: returns.horizon,
    method: first,
    returns,
    symbols,
    equity: ids.reduce((sum, a) => sum + (equity[a] as number), 0),
    portfolio: { ...shown.risk, var: shown.var, es: shown.es },
    methods: rows.map(({ risk: _, ...row }) => row),
    options: shown.risk.components.some(({ market }) => market !== undefined && isOption(book, market)),
    deficit:
      account !== null || first.parametric !== null
        ? null
        : deficitRisk(book, scenarios, { ...how, ...(scenarios.weights === undefined ? {} : UNWEIGHTED), factors }),
    accounts:
      account !== null
        ? [alone(account, shown, equity[ids[0] as number] as number, first)]
        : accountRisks(book, ids, equity, scenarios, {
            method: first,
            confidence,
            how: { ...how, ...(scenarios.weights === undefined ? {} : UNWEIGHTED), factors },
            ...(asked.done ? { done: asked.done } : {}),
          }),
  };
}

const isOption = (book: Book, market: string): boolean =>
  (book.store.columns.market.kind[book.market(market)] as number) >= KIND.call;

/** Scenarios with weights have one quantile and one shortfall. */
const UNWEIGHTED = { type: 1, convention: 'acerbi-tasche' } as const;

function equities(book: Book): Float64Array {
  const columns = margin(book);
  const equity = new Float64Array(book.accounts);
  for (let u = 0; u < book.units; u++) {
    const a = book.unitAccount(u);
    equity[a] = (equity[a] as number) + (columns.equity[u] as number);
  }
  return equity;
}

/** The only account that was asked for: what else the book holds is not looked at. */
function alone(
  id: string,
  { var: risk, es, risk: { tail } }: MethodRisk & { risk: PortfolioRisk },
  equity: number,
  method: Method,
): AccountRisk {
  return { id, equity, var: risk, es, worst: method.parametric === null ? (tail[0]?.label ?? null) : null };
}

interface EachAsked {
  method: Method;
  confidence: string;
  how: MeasureOptions & { factors: Factors };
  done?(accounts: number): void;
}

function accountRisks(
  book: Book,
  ids: readonly number[],
  equity: Float64Array,
  scenarios: Scenarios,
  { method, confidence, how, done }: EachAsked,
): AccountRisk[] {
  if (method.parametric) {
    const kind = method.parametric;
    return ids.map((a, i) => {
      const { profits } = portfolioRisk(book, scenarios, { ...how, account: a, profits: true });
      done?.(i + 1);
      const { var: risk, es } = parametric(kind, profits as Float64Array, confidence);
      return { id: book.accountId(a), equity: equity[a] as number, var: risk, es, worst: null };
    });
  }
  const columns = valueAtRisk(book, scenarios, { ...how, by: 'account', tails: true });
  const length = columns.tail?.length ?? 0;
  return ids.map((a) => {
    const scenario = columns.tail?.scenario[a * length] ?? 0;
    return {
      id: book.accountId(a),
      equity: equity[a] as number,
      var: columns.var[a] as number,
      es: columns.es[a] as number,
      worst: scenarios.labels?.[scenario] ?? `path ${scenario}`,
    };
  });
}

/** Riskiest first: by shortfall over equity, those without equity before all others. */
export const byRisk = (a: AccountRisk, b: AccountRisk): number => shareOf(b) - shareOf(a) || b.es - a.es;

/** Shortfall over equity; beyond all numbers where there is none left. */
export const shareOf = ({ es, equity }: AccountRisk): number =>
  equity > 0 ? es / equity : es > 0 ? Number.MAX_VALUE : 0;
