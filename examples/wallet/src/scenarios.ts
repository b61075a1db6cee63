// The scenarios of value at risk: simulated days from a table of volatilities that was made up for the page, or the days of closes
// that somebody pasted.
import { parseCloses } from 'margin-kernel/adapters/closes';
import { filtered, historical, type Scenarios } from 'margin-kernel/reference/var';
import { returnsOf } from 'margin-kernel/statistics';
import type { Driver } from './drivers.ts';
import type { Engine } from './engine.ts';
import type { RiskQuestion } from './state.ts';

/** Daily volatility by underlying, and what holds for all others. Made up, of the order of the last years. */
export const DAILY: Readonly<Record<string, number>> = { BTC: 0.03, ETH: 0.04, SOL: 0.05 };
export const OTHER_DAILY = 0.06;
export const CORRELATION = 0.8;
export const PATHS = 5_000;
/** Degrees of freedom of Student's t: days far worse than a normal distribution knows. */
export const TAIL = 4;

export const dailyOf = (id: string): number => DAILY[id] ?? OTHER_DAILY;

/** What the simulation draws from, as the kernel is told it. */
export function simulationOf(ids: readonly string[], horizon: number) {
  const covariance = ids.map((a) => ids.map((b) => dailyOf(a) * dailyOf(b) * (a === b ? 1 : CORRELATION)));
  return { names: [...ids], covariance, paths: PATHS, seed: 1, distribution: { student: TAIL }, horizon };
}

let last: { key: string; scenarios: Scenarios } | undefined;

/**
 * Scenarios for what a book's prices hang on.
 * @throws MarginError where the closes can not be read
 */
export function scenariosFor(engine: Engine, drivers: readonly Driver[], question: RiskQuestion): Scenarios {
  const ids = drivers.map(({ id }) => id);
  const { source, horizon, closes } = question;
  const key = JSON.stringify([engine.name, ids, source, horizon, source === 'simulated' ? '' : closes]);
  if (last?.key !== key) last = { key, scenarios: made(engine, ids, question) };
  return last.scenarios;
}

function made(engine: Engine, ids: readonly string[], { source, horizon, closes }: RiskQuestion): Scenarios {
  if (source === 'simulated') return engine.monteCarlo(simulationOf(ids, horizon));
  const returns = returnsOf(parseCloses(closes), { kind: 'log' });
  return source === 'historical' ? historical(returns, { horizon }) : filtered(returns, { horizon });
}
