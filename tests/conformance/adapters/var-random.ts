// Random numbers: words of Philox for counters and keys, and points of Sobol.
import { directionNumbers, directionsOf, philox, sobol, unit } from 'margin-kernel/statistics';
import { type Adapters, type Answer, adapter } from './adapter.js';

/** A table of counters and keys in hex, or a stream: one key, and first words of counters. */
type Words = { fields: string[]; rows: (number | string)[][] };
type Stream = { key: number[]; counters: number[] };

const hex = (word: number): string => word.toString(16).padStart(8, '0');
/** A word in hex, or a number of rounds, which is one already. */
const wordOf = (cell: number | string | undefined): number =>
  typeof cell === 'string' ? Number.parseInt(cell, 16) : Number(cell);

export const random123: Adapters = {
  'rng-kat': adapter<Words | Stream>((inputs): Answer => {
    if ('rows' in inputs) {
      const words = inputs.rows.map((row) => {
        const at = (name: string): number => wordOf(row[inputs.fields.indexOf(name)]);
        const counter = ['c0', 'c1', 'c2', 'c3'].map(at);
        return Array.from(philox(counter, ['k0', 'k1'].map(at), new Uint32Array(4), at('rounds')), hex);
      });
      return { words };
    }
    const words = inputs.counters.map((c0) => Array.from(philox([c0, 0, 0, 0], inputs.key)));
    const units = words.map(([c0 = 0, c1 = 0, c2 = 0, c3 = 0]) => [unit(c0, c1), unit(c2, c3)]);
    return { words, uniform53: units };
  }),
};

const POINT = 2 ** 32;

export const scipy: Adapters = {
  sobol: adapter<{ dim: number; n: number; directionNumbers?: number[][] }>(({ dim, n, directionNumbers: rows }) => {
    const directions = Array.from({ length: dim }, (_, d) => {
      const [degree, a, ...m] = rows?.[d - 1] ?? [];
      return degree === undefined || a === undefined ? directionsOf(d) : directionNumbers({ degree, a, m });
    });
    return {
      points: Array.from({ length: n }, (_, i) => directions.map((v) => sobol(v ?? new Uint32Array(32), i) / POINT)),
    };
  }),
};
