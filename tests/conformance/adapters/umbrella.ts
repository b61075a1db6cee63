// Aave Umbrella: a slash, or one for each of several fees.
import type { Integer } from 'margin-kernel/venues/integer';
import * as umbrella from 'margin-kernel/venues/umbrella';
import { type Adapters, adapter, answers } from './adapter.js';

type Reserve = Omit<Parameters<typeof umbrella.slash>[0], 'liquidationFeeBps'>;

const slashed = adapter<Reserve & { liquidationFeeBps: Integer | Integer[] }>((inputs) =>
  answers(inputs.liquidationFeeBps, (liquidationFeeBps) => umbrella.slash({ ...inputs, liquidationFeeBps })),
);

export const reserves: Adapters = { 'waterfall.layers': slashed, 'waterfall.fee': slashed };
