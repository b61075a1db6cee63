// Other venues' money: funds that stand behind one another, a default at several venues, pools in several roles, lenders of last
// resort. Pure functions; `mutualFunds` and `mutualLayers` make layers of a run of them.
export type { Agreement } from './agreement.js';
export { type Injection, type InjectionCaps, type InjectionPool, injection } from './injection.js';
export {
  type CommonLayer,
  type JointCase,
  type JointDefault,
  type JointExposure,
  type JointVenue,
  jointDefault,
  type LayerUse,
} from './joint.js';
export { type MutualFundsRule, type MutualLayersRule, mutualFunds, mutualLayers } from './layers.js';
export { type LoanAward, type LoanOffer, type LoanRule, type Loans, lenderOfLastResort } from './lender.js';
export {
  type ByVenue,
  type MutualOutcome,
  type MutualRounding,
  type MutualRule,
  type MutualTransfer,
  type MutualVenue,
  mutualNetwork,
} from './network.js';
export { type PoolExposure, type PoolRole, poolExposure, type RoleCap, type RoleExposure } from './pool.js';
export { breakEvenPremium, mutualPremium, type PremiumTerms } from './premium.js';
