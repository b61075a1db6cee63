// Mango v4: initial health.
import * as mango from 'margin-kernel/venues/mango';
import { type Adapters, adapter, margined } from './adapter.js';

export const health: Adapters = {
  health: adapter<mango.MangoAccount>((inputs) => ({ initHealth: margined(mango.book('a', inputs)).health.initial })),
};
