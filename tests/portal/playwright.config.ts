import { defineConfig } from '@playwright/test';

// Debian's. As root there is no sandbox to have, and in a container little shared memory.
const chromium = { executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] };

export default defineConfig({
  testDir: 'specs',
  outputDir: '../../.run/log/portal',
  globalSetup: './support/prepare.ts',
  // What is flaky is wrong, and what is not finished is not here.
  retries: 0,
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  // A machine may be busy with something else: these end a test that hangs, and decide nothing else.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: chromium,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    colorScheme: 'light',
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
});
