// Compiles every kernel of this folder into dist/kernels, named by content: `node wasm/build.ts`.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sha256 } from '../protocol/digest.ts'
import { kernelLimits } from '../protocol/kernel.ts'
import { type KernelManifest, kernelFolder } from './manifest.ts'

const source = import.meta.dirname
const target = join(source, '..', kernelFolder)
const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js')
const pageBytes = 65_536
const maximumPages = 256

const options = [
  '-O3',
  '--runtime=stub',
  '--enable=simd',
  `--maximumMemory=${maximumPages}`,
  // A failed assertion is a plain trap: no import, no message strings in the module.
  '--use=abort=',
]

const run = promisify(execFile)

async function kernelIds(): Promise<string[]> {
  const entries = await readdir(source, { withFileTypes: true })
  return entries
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
}

async function compile(id: string, scratch: string): Promise<Uint8Array<ArrayBuffer>> {
  const outFile = join(scratch, `${id}.wasm`)
  const entry = join('wasm', id, 'assembly', 'index.ts')
  // Paths are relative, so that the module's bytes do not depend on where the repository lies.
  await run(process.execPath, [compiler, entry, '-o', outFile, ...options], { cwd: join(source, '..') }).catch(
    (error: { stderr?: string }) => {
      throw new Error(`${id} does not compile:\n${error.stderr ?? error}`)
    },
  )
  const bytes = new Uint8Array(await readFile(outFile))
  if (bytes.length > kernelLimits.moduleBytes)
    throw new Error(`${id}: ${bytes.length} bytes are more than a device takes.`)
  return bytes
}

/** A reader sees the old file or the new one, never half of it. */
async function write(path: string, bytes: Uint8Array | string, scratch: string): Promise<void> {
  const beside = join(scratch, 'written')
  await writeFile(beside, bytes)
  await rename(beside, path)
}

async function build(): Promise<KernelManifest> {
  if (maximumPages * pageBytes > kernelLimits.memoryBytes)
    throw new Error('The declared memory exceeds the default cap.')
  await mkdir(target, { recursive: true })
  const scratch = await mkdtemp(join(target, '.building-'))
  try {
    const ids = await kernelIds()
    const compiled = await Promise.allSettled(ids.map(async id => ({ id, bytes: await compile(id, scratch) })))
    const modules = compiled.map(outcome => {
      if (outcome.status === 'rejected') throw outcome.reason
      return outcome.value
    })
    const manifest: KernelManifest = {}
    for (const { id, bytes } of modules) {
      const digest = await sha256(bytes)
      await write(join(target, `${digest}.wasm`), bytes, scratch)
      manifest[id] = { digest, bytes: bytes.length }
    }
    await write(join(target, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`, scratch)
    const current = new Set(Object.values(manifest).map(({ digest }) => `${digest}.wasm`))
    for (const name of await readdir(target)) {
      if (name.endsWith('.wasm') && !current.has(name)) await rm(join(target, name), { force: true })
    }
    return manifest
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

for (const [id, { digest, bytes }] of Object.entries(await build()))
  console.log(`${id}  ${digest.slice(0, 12)}  ${bytes} bytes`)
