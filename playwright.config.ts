import { defineConfig } from '@playwright/test'
import { findBrowser } from './e2e/find-browser.ts'

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Each journey has a server and a computing browser of its own; two cores carry one at a time.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: findBrowser() ?? '',
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
    },
    trace: 'retain-on-failure',
  },
})
