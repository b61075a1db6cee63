// What each preset is, in a line, and which of its rules are money: a case file writes those in units of the asset.
import type { CcpRules } from './ccp.js';

export interface PresetNote {
  summary: string;
  /** Every rule that the preset has: an amount of money, or anything else. */
  rules: Readonly<Record<string, 'amount' | 'plain'>>;
}

/** By the names of `presets`. */
export const about: Readonly<Record<string, PresetNote>> = {
  ccp: {
    summary:
      "clearing house: defaulter's margin and fund, junior capital, survivors' fund, senior capital, assessments, gains",
    rules: {
      house: 'plain',
      survivors: 'plain',
      assessment: 'plain',
      gainsHaircut: 'plain',
      perDefault: 'amount',
    } satisfies Record<keyof CcpRules, 'amount' | 'plain'>,
  },
};
