// Clearing houses: a default down margin, fund and capital, by the preset of a central counterparty.
import type { Decimal } from 'margin-kernel';
import { decimal, scaled } from 'margin-kernel/venues/decimal';
import { type AccountJSON, ccp, type Outcome, run } from 'margin-kernel/waterfall';
import { type Adapters, adapter } from './adapter.js';

/** Digits after the point that a minor unit has here: more than the cases compare. */
const DECIMALS = 30;
const units = (value: Decimal): bigint => scaled(value, DECIMALS);
const text = (value: bigint): string => decimal(value, DECIMALS);

interface Default {
  members: Record<string, Decimal>;
  defaulter: string;
  loss: Decimal;
  defaulterMargin: Decimal;
  ccpSkinInGame: Decimal;
  ccpAdditionalCapital: Decimal;
}

const LAYERS = {
  defaulterMargin: 'defaulterMargin',
  defaulterFund: 'defaulterFund',
  ccpSkinInGame: 'juniorCapital',
  nonDefaultingFund: 'survivorsFund',
  ccpAdditionalCapital: 'seniorCapital',
};

const absorbed = ({ trace }: Outcome, stage: string): bigint => {
  const step = trace.steps.find((each) => each.stage === stage);
  return step ? step.need - step.open : 0n;
};

/** What an account has paid in a stage. */
const paid = ({ postings }: Outcome, account: string, stage: string): bigint =>
  [...postings.of(account)].reduce((sum, posting) => (posting.stage === stage ? sum - posting.delta : sum), 0n);

const stages = ccp({ assessment: 0, gainsHaircut: 0 });

export const garudax: Adapters = {
  'waterfall.ccp': adapter<Default>((inputs) => {
    const members = Object.entries(inputs.members).map(([id, fund]): AccountJSON => {
      const margin = id === inputs.defaulter ? { margin: { USD: units(inputs.defaulterMargin) } } : {};
      return { id, purses: { fund: { USD: units(fund) }, ...margin } };
    });
    const [junior, senior] = [units(inputs.ccpSkinInGame), units(inputs.ccpAdditionalCapital)];
    const house: AccountJSON = { id: 'ccp', house: true, purses: { junior: { USD: junior }, senior: { USD: senior } } };
    const outcome = run({ accounts: [...members, house] }, stages, {
      defaulter: inputs.defaulter,
      losses: { [inputs.defaulter]: units(inputs.loss) },
    });
    const others = Object.keys(inputs.members).filter((id) => id !== inputs.defaulter);
    return {
      layers: Object.fromEntries(Object.entries(LAYERS).map(([name, stage]) => [name, text(absorbed(outcome, stage))])),
      remaining: text(outcome.residual),
      proRata: Object.fromEntries(others.map((id) => [id, text(paid(outcome, id, 'survivorsFund'))])),
    };
  }),
};

export const nasdaq: Adapters = {
  'waterfall.ccp': adapter<{ lossBeyondDefaulter: Decimal; juniorCapital: Decimal; defaultFund: Decimal }>((inputs) => {
    const [junior, fund] = [units(inputs.juniorCapital), units(inputs.defaultFund)];
    const accounts: AccountJSON[] = [
      { id: 'member', balances: { EUR: 0 } },
      { id: 'survivors', purses: { fund: { EUR: fund } } },
      { id: 'ccp', house: true, purses: { junior: { EUR: junior } } },
    ];
    const outcome = run({ accounts }, stages, {
      defaulter: 'member',
      losses: { member: units(inputs.lossBeyondDefaulter) },
    });
    return {
      junior: text(absorbed(outcome, 'juniorCapital')),
      mutualised: text(absorbed(outcome, 'survivorsFund')),
      fundLeft: text(outcome.state.amount('survivors', 'EUR', 'fund')),
    };
  }),
};
