// EMIR's tools against procyclicality: margins of several days, each through the public functions.
import { buffered, floored, stressWeighted } from 'margin-kernel/statistics';
import { type Adapters, adapter } from './adapter.js';

type Column = number | readonly number[];

interface Inputs {
  baseMargin: Column;
  stressedMargin?: Column;
  margin10y?: Column;
  bufferPct?: number;
  stressWeight?: number;
}

/** A number of every day, or the same on all of them. */
const at = (column: Column, day: number): number => Number(typeof column === 'number' ? column : column[day]);

export const emir: Adapters = {
  'anti-procyclicality': adapter<Inputs>(({ baseMargin, stressedMargin, margin10y, bufferPct, stressWeight }) => {
    const each = (of: (margin: number, day: number) => number): unknown =>
      typeof baseMargin === 'number' ? of(baseMargin, 0) : baseMargin.map((margin, day) => of(Number(margin), day));
    return {
      buffered: each((margin) => buffered(margin, bufferPct)),
      ...(stressedMargin === undefined
        ? {}
        : { stressWeighted: each((margin, day) => stressWeighted(margin, at(stressedMargin, day), stressWeight)) }),
      ...(margin10y === undefined ? {} : { floored: each((margin, day) => floored(margin, at(margin10y, day))) }),
    };
  }),
};
