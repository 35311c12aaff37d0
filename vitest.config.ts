import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{protocol,wasm,workers,src,server,cli,examples}/**/*.test.ts'],
    globalSetup: ['server/testing/postgres.ts'],
    testTimeout: 30_000,
    // Two cores: more files at once only make each other slow.
    maxWorkers: 2,
  },
})
