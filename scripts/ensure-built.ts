import { spawnSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'

// `npm start` builds what a fresh clone lacks, and builds it again where a source is newer: after a pull, say.
const built = ['dist/kernels/manifest.json', 'dist/page/index.html']
const sources = [
  '{protocol,workers,src}/**/*.{ts,tsx,css,js,svg,webmanifest}',
  'wasm/**/*.ts',
  'index.html',
  'vite.config.ts',
  'package-lock.json',
]

const timeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
const builtAt = Math.min(...built.map(timeOf))

if (globSync(sources).some(file => timeOf(file) > builtAt)) {
  process.stdout.write('Building the page and the kernels...\n')
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}
