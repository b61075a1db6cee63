// How many random cases a test looks at: `npm test` has a share of them, the long suite ten times as many and on.

const SHARE = Number(process.env.CASES ?? 0.25);

/** @param all - cases of a full run; a coverage that is counted over them shrinks with it, so ask for its share here too */
export const cases = (all: number): number => Math.ceil(all * SHARE);

/** Evenly spread ones of a list of cases. */
export const shareOf = <T>(all: readonly T[]): T[] =>
  all.filter((_, i) => SHARE >= 1 || Math.floor((i + 1) * SHARE) > Math.floor(i * SHARE));
