// Rows of a market's side: the unit values of its longs or of its shorts.
import { SIDE_VALUE_WIDTH } from '../layout.js';

/** First slot of the unit values of the side that a signed size is on. */
export const sideRow = (market: number, size: number): number => (market * 2 + (size < 0 ? 1 : 0)) * SIDE_VALUE_WIDTH;

export const isShort = (row: number): boolean => (row / SIDE_VALUE_WIDTH) % 2 === 1;
