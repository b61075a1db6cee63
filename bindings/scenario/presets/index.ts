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
} as const;
