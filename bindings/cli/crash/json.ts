// A fall for machines: one JSON object with stable keys. Amounts are texts: of the numeraire with cents, of assets with all of
// their digits.
import { amountText } from '../../waterfall/case-units.js';
import type { Amount } from '../../waterfall/index.js';
import type { Fallout } from './fallout.js';
import type { Crash } from './model.js';
import { CENTS, DECIMALS } from './reserve.js';
import { openAfter } from './rows.js';

const FORMAT = 'margin-kernel/crash@1';

const value = (cents: Amount): string => amountText({ asset: '', decimals: { '': CENTS } }, cents);
const assetsOf = (amounts: Iterable<readonly [string, Amount]>): Record<string, string> =>
  Object.fromEntries(
    [...amounts].map(([asset, amount]) => [asset, amountText({ asset, decimals: { [asset]: DECIMALS } }, amount)]),
  );

/** @param demo - what the venue was made of */
export function crashJSON(crash: Crash, demo: object): string {
  const { numeraire, time, share, before, after, reserve, fallouts, notes } = crash;
  const whole = {
    format: FORMAT,
    numeraire,
    time,
    demo,
    before,
    after,
    crash: {
      share,
      setAside: {
        value: value(reserve.size),
        assets: assetsOf(reserve.assets),
        owners: reserve.owners.map(({ id, loss }) => ({ account: id, loss: value(loss) })),
      },
      presets: fallouts.map(presetJSON),
    },
    notes,
  };
  return `${JSON.stringify(whole)}\n`;
}

function presetJSON(fallout: Fallout): object {
  const open = openAfter(fallout);
  const { name, rounds, defaulters, owed, layers, residual, residuals, unpaid, left, payers, payerCount } = fallout;
  return {
    name,
    rounds: rounds.length,
    defaultersByRound: rounds,
    defaulters,
    owed: value(owed),
    layers: layers.map(({ stage, kind, bearer, paid, assets, accounts, moved }, i) => ({
      ...{ stage, kind, payer: bearer, paid: value(paid), open: value(open[i] as Amount), accounts },
      ...{ positions: value(moved), assets: assetsOf(Object.entries(assets)) },
    })),
    residual: value(residual),
    residualByAsset: assetsOf(Object.entries(residuals)),
    unpaidAccounts: unpaid,
    stillLiquidatable: left,
    payers: payers.map(({ account, amount }) => ({ account, paid: value(amount) })),
    payerCount,
    conserved: fallout.unbalanced.length === 0,
    postings: fallout.postings,
    assets: fallout.assets.length,
    markets: fallout.markets.length,
  };
}
