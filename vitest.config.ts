import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    // The JSON report is what .ci/run counts.
    reporters: process.env['CI'] ? ['default', 'json'] : ['default'],
    outputFile: { json: '.reports/unit.json' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
