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

// The page, the longer of the catalogues that are fetched beside it, and the consent sheet, fetched when `/` is idle.
const firstLoad = ['index.html', 'src/messages/zh.ts', 'src/components/ConsentSheet.tsx'].flatMap(key => [...filesOf(key)])

// biome-ignore lint/style/noDefaultExport: size-limit reads the default export
export default [
  {
    name: 'JavaScript of the first load of /',
    path: [...new Set(firstLoad)].map(file => `${folder}/${file}`),
    limit: '150 kB',
    gzip: true,
  },
]
