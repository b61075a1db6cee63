// The random suites for longer than `npm test` runs them, and on other seeds: kernel against reference, the doors under fire,
// liquidation prices against bisections and scans, waterfalls of random crises, value at risk and its components, the watch against rescans.
// The variables below set how much; arguments go to vitest.
import { spawnSync } from 'node:child_process';

const defaults = {
  DIFFERENTIAL_BOOKS: '100000',
  DIFFERENTIAL_SEED: '1000000',
  FUZZ_CASES: '20000',
  FUZZ_SEED: '1000000',
  LIQUIDATION_POSITIONS: '100000',
  LIQUIDATION_ACCOUNTS: '10000',
  LIQUIDATION_POINTS: '10000',
  LIQUIDATION_SEED: '1000000',
  WATERFALL_RUNS: '100000',
  WATERFALL_SEED: '1000000',
  ENGINE_BOOKS: '100',
  ENGINE_EVENTS: '2000',
  WATCH_BOOKS: '1000',
  WATCH_TICKS: '1000',
  WATCH_SEED: '1000000',
  BOX_BOOKS: '20',
  BOX_SEED: '1000',
  VIEWS_BOOKS: '100',
  VAR_BOOKS: '20000',
  VAR_ATTRIBUTIONS: '10000',
  VAR_LIVES: '1000',
  CHECK_BOOKS: '200',
  SIZE_BOOKS: '200',
  WHOLE_CASES: '100000',
};
const suites = [
  'tests/differential.test.ts',
  'tests/scenario-kernel.test.ts',
  'tests/fuzz.test.ts',
  'tests/scenario-fuzz.test.ts',
  'tests/liquidation-real-tables.test.ts',
  'tests/liquidation-mixed.test.ts',
  'tests/waterfall-run.test.ts',
  'tests/waterfall-presets.test.ts',
  'tests/waterfall-stacks.test.ts',
  'tests/watch.test.ts',
  'tests/watch-boxes.test.ts',
  'tests/watch-lives.test.ts',
  'tests/engine.test.ts',
  'tests/views.test.ts',
  'tests/value-at-risk.test.ts',
  'tests/value-at-risk-state.test.ts',
  'tests/statistics-fuzz.test.ts',
  'tests/check.test.ts',
  'tests/sizes.test.ts',
  'tests/whole-units.test.ts',
];
const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...suites, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, vitest, { env: { ...defaults, ...process.env }, stdio: 'inherit' });
process.exitCode = status ?? 1;
