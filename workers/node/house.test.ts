import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { FromHouse, ToHouse } from './house-messages.ts'

function startHouse() {
  const house = fork(fileURLToPath(new URL('./house.ts', import.meta.url)), { execArgv: [], serialization: 'advanced' })
  onTestFinished(() => void house.kill('SIGKILL'))
  return { house, tell: (message: ToHouse) => house.send(message) }
}

describe('the house device', () => {
  test('error: where it cannot compute, its process says why and ends', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tidemill-house-'))
    const { house, tell } = startHouse()
    const exited = once(house, 'exit')
    tell({ kind: 'start', data: { serverUrl: 'http://127.0.0.1:9', keyJwk: { kty: 'EC' }, directory, cores: 1 } })
    const [message] = (await once(house, 'message')) as [FromHouse]
    expect(message.reason).toMatch(/^The house device cannot compute\. This device cannot hold a key of its own: /)
    expect((await exited)[0]).toBe(1)
    await rm(directory, { recursive: true, force: true })
  })

  test('behavior: it ends when it is told to, also before it was started', async () => {
    const { house, tell } = startHouse()
    const exited = once(house, 'exit')
    tell({ kind: 'stop' })
    expect((await exited)[0]).toBe(0)
  })

  test('behavior: it ends with the process that began it', async () => {
    const { house } = startHouse()
    const exited = once(house, 'exit')
    house.disconnect()
    expect(await exited).toEqual([0, null])
  })
})
