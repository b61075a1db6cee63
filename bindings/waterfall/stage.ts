// The kinds of stages, and how a list of them is read. A new kind is a file in stages/ and a line here.
import { MarginError } from '../errors.js';
import { Row } from '../venues/rows.js';
import { type Condition, conditionOf } from './condition.js';
import type { Layer } from './layer.js';
import { ADL_KEYS, type Adl, adlStage } from './stages/adl.js';
import { AUCTION_KEYS, type Auction, auctionStage } from './stages/auction.js';
import { COLLATERAL_KEYS, type Collateral, collateralStage } from './stages/collateral.js';
import { CONVERT_KEYS, type Convert, convertStage } from './stages/convert.js';
import { GATE_KEYS, type GateStage, GUARD_KEYS, type Guard, gateStage, guardStage } from './stages/guard.js';
import { LAYER_KEYS, layerStage } from './stages/layer.js';
import { LIQUIDATE_KEYS, type Liquidate, liquidateStage } from './stages/liquidate.js';
import { MINT_KEYS, type Mint, mintStage } from './stages/mint.js';
import { PORTFOLIO_KEYS, type PortfolioStage, portfolioStage } from './stages/portfolio.js';
import { REPLENISH_KEYS, type Replenish, replenishStage } from './stages/replenish.js';
import { SETTLE_KEYS, type Settle, settleStage } from './stages/settle.js';
import { TRANSFER_KEYS, type Transfer, transferStage } from './stages/transfer.js';
import type { StageReader, Work } from './step.js';
import { oneOf } from './words.js';

/** One stage of a waterfall, as data; without a kind it is a layer. Any kind may have a trigger. */
export type Stage = (
  | Layer
  | Guard
  | Liquidate
  | Transfer
  | Auction
  | Convert
  | Collateral
  | PortfolioStage
  | Adl
  | Mint
  | Settle
  | Replenish
  | GateStage
) & {
  /** When the stage acts; default: always. */
  trigger?: Condition;
};

const KINDS: Readonly<Record<string, { keys: readonly string[]; read: StageReader }>> = {
  layer: { keys: LAYER_KEYS, read: layerStage },
  guard: { keys: GUARD_KEYS, read: guardStage },
  liquidate: { keys: LIQUIDATE_KEYS, read: liquidateStage },
  auction: { keys: AUCTION_KEYS, read: auctionStage },
  convert: { keys: CONVERT_KEYS, read: convertStage },
  collateral: { keys: COLLATERAL_KEYS, read: collateralStage },
  portfolio: { keys: PORTFOLIO_KEYS, read: portfolioStage },
  mint: { keys: MINT_KEYS, read: mintStage },
  gate: { keys: GATE_KEYS, read: gateStage },
  adl: { keys: ADL_KEYS, read: adlStage },
  transfer: { keys: TRANSFER_KEYS, read: transferStage },
  settle: { keys: SETTLE_KEYS, read: settleStage },
  replenish: { keys: REPLENISH_KEYS, read: replenishStage },
};

/** Reads stages; ids are unique. @throws MarginError type, missing-key, unknown-key, duplicate, conflict, range */
export function stagesOf(stages: unknown, path = 'stages'): Work[] {
  if (!Array.isArray(stages)) throw new MarginError('type', { path, got: stages, expected: 'a list of stages' });
  const seen = new Set<string>();
  return stages.map((stage: unknown, i) => {
    const at = `${path}[${i}]`;
    const bare = new Row(stage, at);
    const kind = oneOf(bare.has('kind') ? bare.raw('kind') : 'layer', `${at}.kind`, Object.keys(KINDS));
    const { keys, read } = KINDS[kind] as { keys: readonly string[]; read: StageReader };
    const work = triggered(read(new Row(stage, at, [...keys, 'trigger'])), bare);
    if (seen.has(work.id)) {
      throw new MarginError('duplicate', { path: `${at}.id`, got: work.id, expected: 'an id that no other stage has' });
    }
    seen.add(work.id);
    return work;
  });
}

/** A stage with its trigger, which any kind may have: held where it says no, and refused where it can not be answered. */
function triggered(work: Work, row: Row): Work {
  if (!row.has('trigger')) return work;
  const test = conditionOf(row.raw('trigger'), row.at('trigger'));
  return {
    ...work,
    asked: test,
    check: (run) => {
      test(run);
      work.check?.(run);
    },
  };
}
