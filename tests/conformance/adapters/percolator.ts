// Percolator: a deficit that warming profit, the insurance fund and everybody's equity bear.
import * as percolator from 'margin-kernel/venues/percolator';
import { type Adapters, adapter, fractionText } from './adapter.js';

const crisis = adapter<Parameters<typeof percolator.crisisHaircut>[0]>((inputs) => {
  const { haircut, ...rest } = percolator.crisisHaircut(inputs);
  return { ...rest, haircut: fractionText(haircut) };
});

export const engine: Adapters = { 'waterfall.layers': crisis, 'waterfall.layers.negative': crisis };
