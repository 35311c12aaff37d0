import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findBrowser } from '../e2e/find-browser.ts'

// The journeys need a Chromium. Where there is none, these ways of getting one are tried in turn.
const installers: readonly (readonly string[])[] = [
  ['npx', 'playwright', 'install', 'chromium'],
  ...(process.getuid?.() === 0
    ? [
        ['apt-get', 'update', '-q'],
        ['apt-get', 'install', '-q', '-y', '--no-install-recommends', 'chromium'],
      ]
    : []),
]

for (const [command = '', ...args] of installers) {
  if (findBrowser() !== undefined) break
  process.stdout.write(`No Chromium found; trying ${command} ${args.join(' ')}\n`)
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'], timeout: 300_000 })
}

const browser = findBrowser()
if (browser === undefined || !existsSync(browser)) {
  const where = browser === undefined ? 'No Chromium was found and none could be installed' : `There is no ${browser}`
  process.stderr.write(`${where}: install Chromium or Chrome, or set CHROMIUM_PATH to one.\n`)
  process.exit(1)
}
