// The API's tests, on Node. Under CI the counts also go to build/vitest.json, where .ci/run reads them.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // A busy machine is no failure.
    testTimeout: 20_000,
    // Files share what is loaded and compiled: a sixth of the time. None of them changes a module for the others.
    isolate: false,
    // One of two cores would stand idle.
    maxWorkers: '100%',
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'build/vitest.json' }]] : ['default'],
  },
});
