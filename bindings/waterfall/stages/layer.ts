// The stage of a loss layer: checks that there is somebody to ask, says how much it could give, and asks.
import { MarginError } from '../../errors.js';
import type { Row } from '../../venues/rows.js';
import { absorb, statedCapacity } from '../absorb.js';
import { LAYER, layerOf, type ReadLayer } from '../layer.js';
import { roomOf, rowsAsked, weightOf } from '../participants.js';
import type { Running } from '../running.js';
import { BALANCE, purseKey } from '../state.js';
import { type Because, doneIf, type Work } from '../step.js';

export const LAYER_KEYS = LAYER;

export function layerStage(row: Row): Work {
  const layer = layerOf(row);
  return {
    kind: 'layer',
    id: layer.id,
    path: layer.path,
    check: (run) => check(run, layer),
    absorbs: true,
    run: (run) => {
      const { absorbed, ...done } = absorb(run, layer);
      return { ...doneIf(absorbed > 0n, () => idle(run, layer)), ...done };
    },
  };
}

/** Why nobody has paid. */
function idle(run: Running, layer: ReadLayer): Because {
  const amounts = run.draft.columns.purses.get(purseKey(layer.from, run.asset))?.amounts;
  if (layer.from !== BALANCE && (amounts?.isZero ?? true)) return 'noPurse';
  return layer.who !== 'defaulter' && isNone(rowsAsked(run, layer, undefined)) ? 'nobody' : 'empty';
}

function isNone(rows: Iterable<number>): boolean {
  for (const _ of rows) return false;
  return true;
}

/** Refuses a layer of members without members, or whose weights are all 0. */
function check(run: Running, layer: ReadLayer): void {
  run.other(layer.dust, `${layer.path}.dust`);
  if (layer.who !== 'defaulter' && layer.who !== 'survivors') {
    for (const [i, id] of layer.who.entries()) run.other(id, `${layer.path}.who[${i}]`);
  }
  if (layer.seize?.asset === run.asset) {
    const expected = 'another asset than that of the loss';
    throw new MarginError('conflict', { path: `${layer.path}.seize.asset`, got: run.asset, expected });
  }
  statedCapacity(run, layer);
  if (layer.lazy) {
    const { kind } = run.draft.index(layer.id, `${layer.path}.lazy`);
    if (kind !== layer.lazy) {
      throw new MarginError('conflict', {
        path: `${layer.path}.lazy`,
        got: layer.lazy,
        expected: `${kind}, as in the state`,
      });
    }
  }
  const room = roomOf(run, layer);
  const weight = weightOf(run, layer);
  notBelow0(run, layer);
  if (layer.who === 'defaulter' || layer.whenEmpty === 'skip') return;
  let [members, roomy] = [0, 0];
  for (const row of rowsAsked(run, layer, undefined)) {
    members += 1;
    if (room(row) === 0n) continue;
    roomy += 1;
    if (!weight || weight(row) > 0n) return;
  }
  // An empty fund is a fund: only a layer of members that has none, or whose weights say nothing, is a mistake.
  if (members > 0 && roomy === 0) return;
  throw new MarginError('range', {
    path: members === 0 ? `${layer.path}.who` : `${layer.path}.weight`,
    got: members === 0 ? layer.who : layer.weight,
    expected: members === 0 ? 'somebody who can be asked' : 'a weight above 0 for somebody who has room',
    hint: `Use whenEmpty: "skip" where the layer "${layer.id}" may find nobody`,
  });
}

/** A balance may be owed; a fund, a margin or a capital tranche below 0 is a mistake in the state. */
function notBelow0(run: Running, layer: ReadLayer): void {
  const amounts = run.draft.columns.purses.get(purseKey(layer.from, run.asset))?.amounts;
  if (layer.overdraft || layer.from === BALANCE || !amounts) return;
  const below = new Set<number>();
  for (let row = 0; row < amounts.length; row++) if (amounts.at(row) < 0n) below.add(row);
  if (below.size === 0) return;
  for (const row of layer.who === 'defaulter' ? run.event.defaulters : rowsAsked(run, layer, undefined)) {
    if (!below.has(row)) continue;
    const path = `${run.draft.id(row)}.purses.${layer.from}.${run.asset}`;
    const expected = `>= 0, since the layer "${layer.id}" is paid from it`;
    throw new MarginError('range', { path, got: amounts.at(row), expected });
  }
}
