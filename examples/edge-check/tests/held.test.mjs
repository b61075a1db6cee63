// What was stored elsewhere is done here once, whatever of it has come through another way in the meantime.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../scripts/bundle.mjs';

const out = join(root, 'build', 'js');
execFileSync('npx', ['tsc', '-p', '.', '--noEmit', 'false', '--rootDir', '.', '--outDir', out], { cwd: root });
const { applyStored, isSettled } = await import(join(out, 'src', 'held.js'));

/** A book that is at `sequence`, and notes what is done. @param {number} sequence @param {number} stored */
function heldAt(sequence, stored) {
  const done = /** @type {number[]} */ ([]);
  const apply = (/** @type {string} */ _kind, /** @type {number} */ body) => {
    done.push(body);
    state.sequence += 1;
  };
  const state = { sequence, apply };
  return { here: { state, edition: 'e', stored }, done };
}
const batches = (/** @type {number[]} */ ...numbers) =>
  numbers.map((sequence) => ({ sequence, kind: 'marks', body: sequence }));

for (const [name, at, stored, given, did, end] of /** @type {const} */ ([
  ['the next ones are done in their order', 4, 4, [5, 6, 7], [5, 6, 7], 7],
  ['those that are in it are passed over, and stored', 6, 4, [5, 6, 7], [7], 7],
  ['all in it: nothing is done, and they are stored', 6, 4, [5, 6], [], 6],
  ['what lies behind a gap waits', 4, 4, [6, 7], [], 4],
  ['none: nothing happens', 4, 4, [], [], 4],
])) {
  test(name, () => {
    const { here, done } = heldAt(at, stored);
    applyStored(here, batches(...given));
    assert.deepEqual(done, did);
    assert.equal(here.stored, end);
    assert.ok(isSettled(here));
  });
}
