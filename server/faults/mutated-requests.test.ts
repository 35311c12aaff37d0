import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { Lease } from '../../protocol/work.ts'
import { encodeWorkRequest, workMediaType } from '../../protocol/work-codec.ts'
import { finish, saying, signChallenge } from '../testing/device.ts'
import { acknowledgedToHands, exchange, type HandWorker, registerWorker } from '../testing/hand-work.ts'
import { invariantsHold } from '../testing/invariants.ts'
import { mutate } from '../testing/mutate.ts'
import { seededRandom, wholeBelow } from '../testing/seeded-random.ts'
import { startTestServer } from '../testing/start-test-server.ts'
import { establish } from '../testing/wire.ts'

const requests = 10_000
/** The server's own caches are full by then. */
const warm = 3000
const atOnce = 8
const heapGrowsAtMost = 24 << 20

function collectedHeap(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

/** A body of 16 random bytes in the spelling of a UUID. */
function requestId(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => wholeBelow(random, 16).toString(16)).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

describe('requests that are not quite right', () => {
  test('default: ten thousand of them break nothing and leave nothing behind', { timeout: 120_000 }, async () => {
    const server = await startTestServer({ smallJobs: { chunkSize: 256 } })
    const random = seededRandom(9)
    const senders: { worker: HandWorker; leases: readonly Lease[] }[] = []
    for (let sender = 0; sender < atOnce; sender++) {
      const worker = await registerWorker(server.url)
      senders.push({ worker, leases: await exchange(worker, []) })
    }
    const signed = await signChallenge(server.url)

    /** Valid bodies of every route that takes one. */
    const originals: readonly ((leases: readonly Lease[]) => { path: string; type: string; body: Uint8Array })[] = [
      () => ({ path: '/api/challenges', type: 'application/json', body: json({}) }),
      () => ({ path: '/api/devices', type: 'application/json', body: json(signed) }),
      leases => ({
        path: '/api/leases/return',
        type: 'application/json',
        body: json({ leases: leases.map(({ lease }) => lease) }),
      }),
      leases => ({
        path: '/api/work',
        type: workMediaType,
        body: encodeWorkRequest({
          requestId: requestId(random),
          seconds: 0,
          lanes: wholeBelow(random, 8),
          finished: leases.map(({ lease }) => finish(lease, saying(1))),
        }),
      }),
    ]

    const answers = new Map<number, number>()
    async function send({ worker, leases }: (typeof senders)[number]): Promise<void> {
      const original = originals[wholeBelow(random, originals.length)] as (typeof originals)[number]
      const { path, type, body } = original(leases)
      const { status } = await fetch(server.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${worker.device.session.token}`, 'content-type': type },
        body: new Uint8Array(mutate(body, random)),
      }).then(async response => ({ status: response.status, text: await response.text() }))
      answers.set(status, (answers.get(status) ?? 0) + 1)
    }

    let heapBefore = 0
    for (let sent = 0; sent < requests; sent += atOnce) {
      if (sent === warm) heapBefore = collectedHeap()
      await Promise.all(senders.map(send))
    }
    expect(collectedHeap() - heapBefore).toBeLessThan(heapGrowsAtMost)
    expect([...answers.keys()].filter(status => status >= 500)).toEqual([])
    expect(answers.get(400)).toBeGreaterThan(requests / 4)
    expect(server.logged.filter(line => line.includes('"level":"error"'))).toEqual([])

    const honest = [await registerWorker(server.url), await registerWorker(server.url)]
    await establish(server, ...honest.map(({ device }) => device))
    for (const worker of honest) await exchange(worker, await exchange(worker, []), { lanes: 0 })
    await invariantsHold(server.database, acknowledgedToHands(honest))
  })
})
