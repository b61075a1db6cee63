// Scenario models of known venues as data. Each is a function of what differs from account to account and from day to day.
import { bybit } from './bybit.js';
import { dederi } from './dederi.js';
import { deribit } from './deribit.js';
import { deribitHistorical } from './deribit-historical.js';
import { derivePmrm } from './derive-pmrm.js';
import { derivePmrm2 } from './derive-pmrm2.js';
import { deriveSrm } from './derive-srm.js';
import { nse } from './nse.js';
import { okx } from './okx.js';
import { paradex } from './paradex.js';
import { powertrade } from './powertrade.js';
import { span } from './span.js';
import { tims } from './tims.js';
import { valueAtRisk } from './value-at-risk.js';

export type { BybitFigures, BybitOptions } from './bybit.js';
export type { DederiOptions } from './dederi.js';
export type { DeribitFigures, DeribitOptions } from './deribit.js';
export type { DeribitHistoricalOptions } from './deribit-historical.js';
export type { PmrmParameters } from './derive-pmrm.js';
export type { DeriveMove, DeriveOptions, DeriveScenario, Pmrm2Parameters } from './derive-pmrm2.js';
export type { SrmOptions, SrmParameters } from './derive-srm.js';
export type { NseFigures, NseOptions, NseUnderlying } from './nse.js';
export type { OkxFigures, OkxOptions, OkxTier } from './okx.js';
export type { ParadexFigures, ParadexOptions, ParadexScenario } from './paradex.js';
export type { ByUnderlying } from './parameters.js';
export type { PowertradeOptions } from './powertrade.js';
export type { SpanOptions, SpanRanges } from './span.js';
export type { TimsOptions, TimsUnderlying } from './tims.js';
export type { ValueAtRiskMarginOptions } from './value-at-risk.js';
export type { AddOnOptions, ConcentrationFigures, LiquidityFigures } from './value-at-risk-add-ons.js';
export type { MovesAs, ScenarioSet } from './value-at-risk-table.js';

/** Scenario models of venues and clearing houses, by name: each makes a model from what differs. */
export const presets = {
  /** CME SPAN: 16 scenarios, charges between months, credits between commodities. */
  span,
  /** SPAN as NSE Clearing uses it. */
  nse,
  /** OCC's customer portfolio margin (TIMS). */
  tims,
  /** Deribit portfolio margin of one currency. */
  deribit,
  /** Deribit portfolio margin before 2024. */
  deribitHistorical,
  /** OKX portfolio margin. */
  okx,
  /** Bybit portfolio margin. */
  bybit,
  /** Paradex portfolio margin. */
  paradex,
  /** PowerTrade portfolio margin. */
  powertrade,
  /** Dederi portfolio margin. */
  dederi,
  /** Derive's first portfolio risk manager. */
  derivePmrm,
  /** Derive's second portfolio risk manager. */
  derivePmrm2,
  /** Derive's standard risk manager. */
  deriveSrm,
  /** Initial margin by value at risk or expected shortfall over scenarios that are data. */
  valueAtRisk,
} as const;
