// A central counterparty: an auction of the portfolio, the defaulter's margin and fund contribution, the house's junior capital, the survivors' fund, its
// senior capital, assessments, the haircut of gains, and a tear-up. Order as in CPSS-IOSCO; sizes of assessments as in CME Rule 802.
import type { Integer } from '../../venues/integer.js';
import type { Allocation } from '../allocate.js';
import { type Ratio, ratio } from '../amount.js';
import type { Stage } from '../stage.js';
import { rulesOf } from './rules.js';

/** Rules of a clearing house. */
export interface CcpRules {
  /** Account of the clearing house, with purses `junior` and `senior`; default `ccp`. */
  house?: string;
  /** How survivors share: in proportion, or by the groups that bids in the auction gave them. Default juniority. */
  survivors?: Allocation;
  /** Most that a member is assessed, as a multiple of its contribution at the start; default 2.75 (CME, one default). */
  assessment?: Ratio;
  /** Most that gains are cut by, as a share of each; default 1. 0: no haircut. */
  gainsHaircut?: Ratio;
  /** Most that the survivors' fund gives for one defaulter, minor units. */
  perDefault?: Integer;
}

/**
 * Stages of a clearing house. Members have purses `margin` and `fund`; measures `contribution` (of the fund, at the start) and
 * `gains` (of the period) set assessments and haircuts.
 * @param rules - where the defaults do not fit
 * @returns stages for `run`
 * @see CPSS-IOSCO, "Principles for financial market infrastructures", 2012; CME Rulebook, rule 802
 * @throws MarginError type, unknown-key where a rule is none of its own
 * @example
 * ccp({ gainsHaircut: 0 }).map(({ id }) => id)
 *   // ['auction', 'defaulterMargin', 'defaulterFund', 'juniorCapital', 'survivorsFund', 'seniorCapital', 'assessments', 'tearUp']
 */
export function ccp(rules: CcpRules = {}): Stage[] {
  const {
    house = 'ccp',
    survivors = 'juniority',
    assessment = '2.75',
    gainsHaircut = 1,
    perDefault,
  } = rulesOf('ccp', rules);
  const stages: Stage[] = [
    { kind: 'auction', id: 'auction', mandatory: 'survivors' },
    { id: 'defaulterMargin', who: 'defaulter', from: 'margin' },
    { id: 'defaulterFund', who: 'defaulter', from: 'fund' },
    { id: 'juniorCapital', who: [house], from: 'junior' },
    {
      id: 'survivorsFund',
      who: 'survivors',
      from: 'fund',
      allocate: survivors,
      whenEmpty: 'skip',
      ...(perDefault === undefined ? {} : { caps: { perDefault } }),
    },
    { id: 'seniorCapital', who: [house], from: 'senior' },
  ];
  for (const [id, from, of, times] of [
    ['assessments', 'assessed', 'contribution', assessment],
    ['gainsHaircut', 'balance', 'gains', gainsHaircut],
  ] as const) {
    if (ratio(times, id).numerator === 0n) continue;
    const caps = { perMember: { of, times } };
    stages.push({ id, who: 'survivors', from, overdraft: true, whenEmpty: 'skip', weight: of, caps });
  }
  // What nobody has bid for goes to the other side of it, in proportion and at the mark: the partial tear-up.
  return [...stages, { kind: 'adl', id: 'tearUp', allocate: 'cappedProRata', price: 'mark' }];
}
