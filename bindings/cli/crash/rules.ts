// The presets that a venue of positions can be put under, what the venue adds to each, and who holds the money that is set
// aside. All of them have the same money, so that what differs is who pays.

import { partsOf } from '../../venue/resolve.js';
import { type PresetName, presets, type Stage } from '../../waterfall/index.js';
import { namesIn, suggest, UsageError } from '../command.js';

/** A part of what is set aside: an account's, or that of all members in proportion to their requirements. */
export interface Pot {
  /** Account of the venue; null: the members. */
  holder: string | null;
  purse: string;
  /** Of what is set aside, in 1/100. */
  percent: bigint;
}

const INSURANCE: readonly Pot[] = [{ holder: 'insurance', purse: 'balance', percent: 100n }];

/** By preset; the others manage loans or pools. */
const POTS = {
  binance: INSURANCE,
  bybit: INSURANCE,
  okx: INSURANCE,
  bitmex: INSURANCE,
  hyperliquid: [{ holder: 'vault', purse: 'balance', percent: 100n }],
  dydx: INSURANCE,
  drift: [
    { holder: 'insurance', purse: 'balance', percent: 90n },
    { holder: 'feePool', purse: 'balance', percent: 10n },
  ],
  mango: INSURANCE,
  ccp: [
    { holder: 'ccp', purse: 'junior', percent: 10n },
    { holder: null, purse: 'fund', percent: 80n },
    { holder: 'ccp', purse: 'senior', percent: 10n },
  ],
  gen1: [],
  gen2: INSURANCE,
  gen3: [
    { holder: 'vault', purse: 'balance', percent: 40n },
    { holder: 'insurance', purse: 'balance', percent: 40n },
    { holder: null, purse: 'fund', percent: 20n },
  ],
} satisfies Partial<Record<PresetName, readonly Pot[]>>;

export type CrashPreset = keyof typeof POTS;

export const DEFAULT_PRESETS = 'binance,hyperliquid,dydx,ccp,gen3';

export interface Rules {
  name: CrashPreset;
  stages: readonly Stage[];
  pots: readonly Pot[];
  /** What is to be known about it here. */
  note: string;
}

const NOTES: Partial<Record<CrashPreset, string>> = {
  okx: 'okx: deleverages at the mark, as published, which closes positions but covers no deficit: that stays open once the reserve is spent.',
  hyperliquid:
    'hyperliquid: no mark of before the fall is given, so it deleverages at the bankruptcy price; its vault takes over positions, not loans.',
  ccp: 'ccp: the portfolio is auctioned first; every account is a member, its margin is its collateral.',
  gen1: 'gen1: has no fund.',
  drift: 'drift: what the order book does not take stays with the defaulters, whom others have made whole.',
  mango: 'mango: what the order book does not take stays with the defaulters, whom others have made whole.',
};

/** @throws UsageError where a name is not known, or the preset manages something else */
export function rulesOf(text: string): Rules[] {
  const names = namesIn(text);
  if (names.length === 0) throw new UsageError('--presets names none', `Known: ${Object.keys(POTS).join(', ')}`);
  return names.map((name) => {
    if (isKnown(name)) return { name, stages: stagesOf(name), pots: POTS[name], note: NOTES[name] ?? '' };
    if (Object.hasOwn(presets, name)) {
      throw new UsageError(
        `--presets ${name}: it manages loans or pools, not the positions of a venue`,
        `Known: ${Object.keys(POTS).join(', ')}`,
      );
    }
    throw new UsageError(`--presets ${name}: there is no such preset`, suggest(name, Object.keys(POTS)));
  });
}

const isKnown = (name: string): name is CrashPreset => Object.hasOwn(POTS, name);

/** A preset's stages, with the one that resolving puts in where it has none: the demo's tables name all that are run. */
function stagesOf(name: CrashPreset): readonly Stage[] {
  const { selling, rest } = partsOf(presets[name]);
  return [...selling, ...rest];
}
