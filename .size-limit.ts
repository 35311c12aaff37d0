import { readFileSync } from 'node:fs'

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
}

const folder = 'dist/page'
const manifest = JSON.parse(readFileSync(`${folder}/.vite/manifest.json`, 'utf8')) as Record<string, Chunk>

/** Files that a chunk makes the browser fetch before it runs. */
function filesOf(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (chunk === undefined) throw new Error(`${key} is not in the build: mend the list in .size-limit.ts`)
  if (seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const imported of chunk.imports ?? []) filesOf(imported, seen)
  return seen
}

// What `/` fetches: the page, and the longer of the two catalogues beside it.
const first = new Set(['index.html', 'src/messages/zh.ts'].flatMap(key => [...filesOf(key)]))
// What pressing Start fetches on top.
const consent = [...filesOf('src/components/ConsentSheet.tsx')].filter(file => !first.has(file))
const inFolder = (files: Iterable<string>) => [...files].map(file => `${folder}/${file}`)

// biome-ignore lint/style/noDefaultExport: size-limit reads the default export
export default [
  { name: 'JavaScript of the first load of /', path: inFolder(first), limit: '150 kB', gzip: true },
  { name: 'JavaScript of the consent sheet', path: inFolder(consent), limit: '25 kB', gzip: true },
]
