// The API's tests, on Node. Under CI the counts also go to build/vitest.json, where .ci/run reads them.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // A busy machine is no failure.
    testTimeout: 20_000,
    // Files share what is loaded and compiled: a sixth of the time. What a test changes for all is taken back.
    isolate: false,
    unstubGlobals: true,
    restoreMocks: true,
    setupFiles: ['tests/setup.ts'],
    // One of two cores would stand idle.
    maxWorkers: '100%',
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'build/vitest.json' }]] : ['default'],
  },
});
