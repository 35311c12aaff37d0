import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { toBase64Url } from '../protocol/bytes.ts'
import { createApiClient } from '../protocol/client.ts'
import { type Digest, sha256 } from '../protocol/digest.ts'
import type { TaskInput } from '../protocol/program.ts'
import { encodeTaskInput } from '../protocol/task-input.ts'
import { createBlobSource } from './blob-source.ts'
import { createKernels } from './kernels.ts'
import { type LaneRun, startLaneRun } from './lane-run.ts'
import { createMemoryStore } from './memory-store.ts'
import { spawnNodeRunner } from './node/spawn-runner.ts'
import { createPool } from './pool.ts'
import { assembleKernel, countingKernel, countTo, sumOf, sumTo } from './testing/assemble.ts'
import { leaseOf } from './testing/leases.ts'

/** A lane whose lease is of an uploaded reactor. @param answer what becomes of requests for its input, by their number */
async function startLane(answer: (attempt: number) => 'bytes' | 'away' | 'silence', lineOf?: number) {
  const [kernel, input] = [await assembleKernel(countingKernel), countTo(1000)]
  const [kernelDigest, inputDigest] = [await sha256(kernel), await sha256(input)]
  let asked = 0
  const server = createServer((request, response) => {
    if (request.url?.endsWith(kernelDigest)) return void response.end(kernel)
    const what = answer(asked++)
    if (what === 'bytes') response.end(input)
    else if (what === 'away') response.writeHead(503).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const api = createApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const pool = createPool({ spawn: () => spawnNodeRunner({ niceness: 0 }) })
  onTestFinished(() => {
    pool.close()
    server.close().closeAllConnections()
  })
  const store = createMemoryStore()
  const piece: TaskInput['piece'] =
    lineOf === undefined
      ? { kind: 'blob', digest: inputDigest, bytes: input.length }
      : { kind: 'line', pack: inputDigest as Digest, bytes: input.length, line: lineOf }
  const task: TaskInput = { index: '0', kind: 'reactor', arguments: [], piece, files: [] }
  const lease = leaseOf(0, { kernelId: 'program', kernelDigest, input: toBase64Url(encodeTaskInput(task)) })
  const run: LaneRun = startLaneRun({ lease }, 100, {
    ...{ pool, kernels: createKernels(api, store), blobs: createBlobSource(api, store) },
    onChange() {},
    onCheckpoint() {},
  })
  return { run, asked: () => asked }
}

describe('startLaneRun', () => {
  test('default: a task of an uploaded program is run on the blob that it names', async () => {
    const { run } = await startLane(() => 'bytes')
    const end = await run.end
    expect(end.kind === 'done' && sumOf(end.output)).toBe(sumTo(1000))
  })

  test('behavior: an input that cannot be had now is asked for again', async () => {
    const { run, asked } = await startLane(attempt => (attempt === 0 ? 'away' : 'bytes'))
    expect((await run.end).kind).toBe('done')
    expect(asked()).toBe(2)
  })

  test('behavior: paused or aborted while its input comes', async () => {
    for (const act of ['pause', 'abort'] as const) {
      const { run, asked } = await startLane(() => 'silence')
      await expect.poll(asked).toBe(1)
      run[act]()
      expect(await run.end).toEqual({ kind: act === 'pause' ? 'paused' : 'aborted' })
    }
  })

  test('error: an input that cannot be read is a failure of the task, which every device finds the same', async () => {
    const { run } = await startLane(() => 'bytes', 1_000_000)
    expect(await run.end).toEqual({
      kind: 'failed',
      reason: 'The task’s input cannot be read: pack: expected a pack with a line 1000000.',
      elapsedMs: 0,
      log: '',
    })
  })
})
