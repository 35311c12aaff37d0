import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

// `npm start` builds what a fresh clone lacks; after a change of the sources, `npm run build` builds it anew.
const isBuilt = ['dist/kernels/manifest.json', 'dist/page/index.html'].every(file => existsSync(file))
if (!isBuilt) {
  process.stdout.write('Building the page and the kernels, once...\n')
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
}
