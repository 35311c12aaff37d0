import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { inspectModule } from '../../protocol/inspect-module.ts'
import { createNumberMerge } from '../../protocol/merge-numbers.ts'
import { taskInputOf } from '../../protocol/task-input.ts'
import { runCommand } from '../../workers/wasi-command.ts'

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Sequence A008406 of the OEIS: graphs with 7 and 8 vertices by their edges, from 0. */
const published = {
  7: [1, 1, 2, 5, 10, 21, 41, 65, 97, 131, 148, 148, 131, 97, 65, 41, 21, 10, 5, 2, 1, 1],
  8: [
    ...[1, 1, 2, 5, 11, 24, 56, 115, 221, 402, 663, 980, 1312, 1557, 1646],
    ...[1557, 1312, 980, 663, 402, 221, 115, 56, 24, 11, 5, 2, 1, 1],
  ],
}

const compile = async (path: string) => new WebAssembly.Module(await readFile(path))

function run(module: WebAssembly.Module, ...args: string[]): string {
  const input = { kind: 'command', stdin: new Uint8Array(), files: [], seed: new Uint8Array(32) } as const
  const end = runCommand(module, { ...input, arguments: args }, { outputCapBytes: 1 << 20, onProgress: () => {} })
  if (end.kind === 'failed') throw new Error(`${end.reason} ${end.log}`)
  return new TextDecoder().decode(end.output)
}

const numbersOf = (output: string): number[] => output.trimEnd().split('\n').map(Number)
const total = (output: string): number => numbersOf(output).reduce((sum, count) => sum + count, 0)

describe('geng.wasm', () => {
  test('default: counts graphs by edges, as published', async () => {
    const geng = await compile(fileOf('geng.wasm'))
    expect(numbersOf(run(geng, '-uq', '7'))).toEqual(published[7])
    expect(numbersOf(run(geng, '-uq', '8'))).toEqual(published[8])
    // A000088, A001349 (connected) and A006785 (without triangles).
    expect(total(run(geng, '-uq', '9'))).toBe(274668)
    expect(total(run(geng, '-ucq', '8'))).toBe(11117)
    expect(total(run(geng, '-utq', '9'))).toBe(1897)
  })

  test('behavior: the sum of its parts is the whole', async () => {
    const geng = await compile(fileOf('geng.wasm'))
    const sum = createNumberMerge('sum')
    for (let part = 0; part < 64; part++) sum.add(BigInt(part), Buffer.from(run(geng, '-uq', '9', `${part}/64`)))
    expect(Buffer.from(sum.result()).toString()).toBe(run(geng, '-uq', '9'))
  })

  test('behavior: job.json asks for each part of 64 once', async () => {
    const { arguments: given, input } = JSON.parse(await readFile(fileOf('job.json'), 'utf8'))
    const split = { kind: 'range', from: `${input.from}`, to: `${input.to}`, size: '1' } as const
    const parameters = { kind: 'wasi', split, arguments: given, stdin: 'piece', shared: [] } as const
    const parts = Array.from(
      { length: 64 },
      (_, index) =>
        taskInputOf({ ...parameters, arguments: [...given], shared: [] }, undefined, BigInt(index)).arguments,
    )
    expect(parts).toEqual(Array.from({ length: 64 }, (_, index) => ['-uq', '10', `${index}/64`]))
  })

  test('behavior: is the module whose digest the README names, and any device takes it', async () => {
    const bytes = new Uint8Array(await readFile(fileOf('geng.wasm')))
    expect(await readFile(fileOf('README.md'), 'utf8')).toContain(createHash('sha256').update(bytes).digest('hex'))
    expect(inspectModule(bytes)).toMatchObject({ kind: 'fit', program: 'wasi' })
  })

  test('behavior: all sources are here, and where clang is, they make a program of the same answers', async () => {
    const script = await readFile(fileOf('build.sh'), 'utf8')
    const sources = [...script.matchAll(/nauty\/\w+\.c/g)].map(([name]) => name)
    expect(sources).toHaveLength(7)
    for (const source of sources) expect((await stat(fileOf(source))).size).toBeGreaterThan(1000)

    const { status, stdout } = spawnSync('clang', ['--version', '--target=wasm32-wasi'], { encoding: 'utf8' })
    if (status !== 0) {
      console.info('There is no clang here, so geng was not built again: only its sources were looked for.')
      return
    }
    const folder = await mkdtemp(join(tmpdir(), 'tidemill-geng-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const built = join(folder, 'geng.wasm')
    const { status: builtStatus, stderr } = spawnSync(fileOf('build.sh'), [built], { encoding: 'utf8' })
    if (builtStatus !== 0) {
      console.info(`This clang has no WASI to build for, so geng was not built again: ${stderr.split('\n')[0]}`)
      return
    }
    expect(numbersOf(run(await compile(built), '-uq', '7'))).toEqual(published[7])
    if (stdout.includes('14.0.6')) expect(await readFile(built)).toEqual(await readFile(fileOf('geng.wasm')))
  })
})
