import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {name: 'fast', include: ['test/**/*.test.ts'], exclude: ['test/**/*.full.test.ts']},
      },
      {extends: true, test: {name: 'full', include: ['test/**/*.full.test.ts'], testTimeout: 300_000}},
    ],
  },
})
