import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import type { HouseData } from './house.ts'

describe('the house device', () => {
  test('error: where it cannot compute, its thread ends and says why', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tidemill-house-'))
    const data: HouseData = { serverUrl: 'http://127.0.0.1:9', keyJwk: { kty: 'EC' }, directory, cores: 1 }
    const thread = new Worker(new URL('./house.ts', import.meta.url), { workerData: data })
    const exited = new Promise(resolve => thread.once('exit', resolve))
    const [error] = (await once(thread, 'error')) as [Error]
    expect(error.message).toMatch(/^The house device cannot compute\. This device cannot hold a key of its own: /)
    expect(await exited).toBe(1)
    await rm(directory, { recursive: true, force: true })
  })
})
