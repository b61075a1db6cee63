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
export type { DeriveOptions, Pmrm2Parameters } from './derive-pmrm2.js';
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

export const presets = {
  span,
  nse,
  tims,
  deribit,
  deribitHistorical,
  okx,
  bybit,
  paradex,
  powertrade,
  dederi,
  derivePmrm,
  derivePmrm2,
  deriveSrm,
  valueAtRisk,
} as const;
