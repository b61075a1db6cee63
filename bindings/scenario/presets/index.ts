// Scenario models of known venues as data. Each is a function of what differs from account to account and from day to day.
import { derivePmrm } from './derive-pmrm.js';
import { derivePmrm2 } from './derive-pmrm2.js';
import { deriveSrm } from './derive-srm.js';

export const presets = { derivePmrm, derivePmrm2, deriveSrm } as const;
