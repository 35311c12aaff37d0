import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Health } from '../protocol/network.ts'
import { checkFolder, createHealth } from './health.ts'
import { startTestServer, type TestServer } from './testing/start-test-server.ts'

async function read({ url }: TestServer) {
  const response = await fetch(`${url}/api/health`)
  return { http: response.status, ...Health.parse(await response.json()) }
}

describe('createHealth', () => {
  test('default: what each part says, under its name', async () => {
    const health = createHealth()
    health.watch('claims', () => ({ ok: true, detail: 'Renewed.' }))
    health.watch('disk', async () => ({ ok: false, detail: 'Full.' }))
    expect(await health.read()).toEqual([
      { name: 'claims', ok: true, detail: 'Renewed.' },
      { name: 'disk', ok: false, detail: 'Full.' },
    ])
  })

  test('behavior: who asks while it is being looked at gets the same answers', async () => {
    const health = createHealth()
    const gate = Promise.withResolvers<void>()
    let looks = 0
    health.watch('slow', async () => {
      looks++
      await gate.promise
      return { ok: true, detail: '' }
    })
    const both = [health.read(), health.read()]
    gate.resolve()
    await Promise.all(both)
    expect(looks).toBe(1)
    await health.read()
    expect(looks).toBe(2)
  })

  test('error: a check that throws, or never answers, is not well, and the reason stays inside', async () => {
    const health = createHealth()
    health.watch('thrower', () => {
      throw new Error('secret at 10.0.0.1')
    })
    health.watch('sleeper', () => new Promise(() => {}))
    const checks = await health.read()
    expect(checks.map(({ ok }) => ok)).toEqual([false, false])
    expect(JSON.stringify(checks)).not.toContain('10.0.0.1')
  })
})

describe('checkFolder', () => {
  test('error: where a file stands in place of the folder', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'tidemill-test-'))
    onTestFinished(() => rm(parent, { recursive: true, force: true }))
    const folder = join(parent, 'blobs')
    let now = 0
    const check = checkFolder(folder, () => now)
    expect(await check()).toMatchObject({ ok: true })
    await rm(folder, { recursive: true })
    await writeFile(folder, '')
    now += 60_000
    expect(await check()).toMatchObject({ ok: false, detail: expect.stringMatching(/EEXIST|ENOTDIR/) })
  })
})

describe('GET /api/health', () => {
  test('default', async () => {
    const server = await startTestServer()
    const health = await read(server)
    expect(health).toMatchObject({ http: 200, status: 'ok' })
    expect(health.checks.map(({ name }) => name)).toEqual(expect.arrayContaining(['database', 'blobs']))
  })

  test('error: a data folder that cannot be written to, without its path', async () => {
    const server = await startTestServer()
    await rm(join(server.dataFolder, 'blobs'), { recursive: true })
    await writeFile(join(server.dataFolder, 'blobs'), '')
    const health = await read(server)
    expect(health).toMatchObject({ http: 503, status: 'unavailable' })
    expect(health.checks.find(({ name }) => name === 'blobs')).toMatchObject({ ok: false })
    expect(JSON.stringify(health)).not.toContain(server.dataFolder)
  })
})
