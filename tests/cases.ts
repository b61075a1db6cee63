// How many random cases a test looks at: `npm test` has a share of them, the long suite ten times as many and on.

const SHARE = Number(process.env.CASES ?? 0.4);

/** @param all - cases of a full run; a coverage that is counted over them shrinks with it, so ask for its share here too */
export const cases = (all: number): number => Math.ceil(all * SHARE);
