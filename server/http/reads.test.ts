import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Account } from '../../protocol/account.ts'
import { fromBase64Url } from '../../protocol/bytes.ts'
import { Problem } from '../../protocol/errors.ts'
import type { LeaseToken, TaskId } from '../../protocol/ids.ts'
import { JobDetail, JobList, SegmentList } from '../../protocol/jobs.ts'
import { Network, Stats } from '../../protocol/network.ts'
import { Receipt, SealedTask } from '../../protocol/tasks.ts'
import { workMediaType } from '../../protocol/work-codec.ts'
import { quotas } from '../domain/quotas.ts'
import { insertChunk, insertJobs, sealChunk } from '../testing/chunk-log.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { registerDevice, type TestDevice } from '../testing/device.ts'
import { runKernelOnce } from '../testing/run-kernel-once.ts'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'
import { agreed, digestOf } from '../testing/votes.ts'
import { ok } from '../testing/wire.ts'

const read = async <T>(server: TestServer, path: string, schema: { parse(value: unknown): T }): Promise<T> =>
  schema.parse(await (await fetch(server.url + path)).json())

/** Leases a task and returns its true output, computed by the real kernel. */
async function computeOne(server: TestServer, device: TestDevice): Promise<{ taskId: TaskId; lease: LeaseToken }> {
  const { leases } = await ok(await device.work({ lanes: 1 }))
  const lease = leases[0]
  if (lease === undefined) throw new Error('No work came.')
  const kernel = new Uint8Array(await (await fetch(`${server.url}/api/blobs/${lease.kernelDigest}`)).arrayBuffer())
  const outcome = await runKernelOnce(kernel, fromBase64Url(lease.input))
  await device.work({ finished: [{ lease: lease.lease, elapsedMs: 7, outcome: { kind: 'output', output: outcome } }] })
  return lease
}

/** A device whose account has a record: two of them are believed. */
async function registerEstablished(server: TestServer): Promise<TestDevice> {
  const device = await registerDevice(server.url)
  await server.database.query(
    'insert into records (account_id, kernel_digest, passed, strikes) select distinct $1::bigint, kernel_digest, 100, 0 from jobs',
    [device.session.accountId],
  )
  return device
}

async function acceptOne(server: TestServer): Promise<{ taskId: TaskId; devices: TestDevice[] }> {
  const devices = [await registerEstablished(server), await registerEstablished(server)]
  let taskId = '' as TaskId
  for (const device of devices) taskId = (await computeOne(server, device)).taskId
  await until(
    () => read(server, `/api/tasks/${taskId}`, Receipt),
    ({ verdict }) => verdict.state !== 'pending',
  )
  return { taskId, devices }
}

/** Reads again until it is so: counts follow the log by about half a second. */
async function until<T>(readOnce: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await readOnce()
    if (isSo(value)) return value
  }
}

const account = async (device: TestDevice): Promise<Account> =>
  Account.parse(await (await device.request('GET', '/api/account')).json())

describe('GET /api/jobs', () => {
  test('default: an empty database starts with a job of each kernel', async () => {
    const server = await startTestServer()
    const { jobs } = await read(server, '/api/jobs', JobList)
    expect(jobs.map(({ kernelId }) => kernelId).sort()).toEqual(['climate-ebm', 'collatz-records'])
    for (const job of jobs) expect(Number(job.tasks) * job.creditPerTask).toBeGreaterThan(86_400 * 100)
  })

  test('behavior: a second server does not seed again', async () => {
    const server = await startTestServer()
    await startTestServer({ databaseUrl: server.databaseUrl })
    expect((await read(server, '/api/jobs', JobList)).jobs).toHaveLength(2)
  })

  test('behavior: an accepted result shows in counts, summary and downloads', async () => {
    const server = await startTestServer({ smallJobs: true })
    const { taskId } = await acceptOne(server)
    const job = await until(
      () => read(server, `/api/jobs/${taskId.split('-')[0]}`, JobDetail),
      ({ accepted }) => accepted !== '0',
    )
    expect(job.accepted).toBe('1')
    expect(job.summary).toMatchObject({ records: expect.arrayContaining([{ start: '27', maximum: '9232' }]) })
    const csv = await fetch(`${server.url}/api/jobs/${job.id}/results.csv`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect((await csv.text()).split('\r\n').filter(line => line.startsWith('0,')).length).toBeGreaterThan(10)
    const json = (await (await fetch(`${server.url}/api/jobs/${job.id}/results.json`)).json()) as { results: unknown[] }
    expect(json.results).toHaveLength(1)
  })

  test('behavior: the log of a sealed chunk can be taken along, without saying who is who', async () => {
    const { url, database } = await createTestDatabase()
    await insertJobs(database, {})
    await insertChunk(database, { jobId: 1n, lo: 0n }, [...agreed(0, 'zero'), ...agreed(2, 'two')])
    await sealChunk(database, { jobId: 1n, lo: 0n })
    const server = await startTestServer({ databaseUrl: url })
    const { segments } = await read(server, '/api/jobs/1/segments', SegmentList)
    expect(segments.map(({ lo }) => lo)).toEqual(['0'])
    expect((await read(server, '/api/jobs/1/segments?after=0', SegmentList)).segments).toEqual([])
    const answer = await fetch(`${server.url}/api/jobs/1/segments/0`)
    expect(answer.headers.get('content-type')).toBe('application/jsonl')
    const lines = (await answer.text()).trimEnd().split('\n')
    const tasks = lines.map(line => SealedTask.parse(JSON.parse(line)))
    expect(tasks.map(({ taskId, digest, output }) => [taskId, digest, atob(output)])).toEqual([
      ['1-0', digestOf('zero'), 'zero'],
      ['1-2', digestOf('two'), 'two'],
    ])
    const pseudonyms = tasks.flatMap(({ replicas }) => replicas.map(({ pseudonym }) => pseudonym))
    expect(new Set(pseudonyms).size).toBe(4)
  })

  test.each([
    ['/api/jobs/99/segments', 404, 'NotFoundError'],
    ['/api/jobs/1/segments/0', 404, 'NotFoundError'],
    ['/api/jobs/1/segments/none', 400, 'InvalidRequestError'],
    ['/api/jobs/1/segments?after=-1', 400, 'InvalidRequestError'],
    ['/api/jobs/99', 404, 'NotFoundError'],
    ['/api/jobs/99/results.csv', 404, 'NotFoundError'],
    ['/api/jobs/none', 400, 'InvalidRequestError'],
    ['/api/jobs/9999999999999999999', 400, 'InvalidRequestError'],
    ['/api/tasks/1-99999999999', 404, 'NotFoundError'],
    ['/api/tasks/1', 400, 'InvalidRequestError'],
    ['/api/tasks/1-9999999999999999999', 400, 'InvalidRequestError'],
    [`/api/blobs/${'0'.repeat(64)}`, 404, 'NotFoundError'],
    ['/api/blobs/..%2f..%2fetc%2fpasswd', 400, 'InvalidRequestError'],
    ['/api/nothing', 404, 'NotFoundError'],
    ['/api', 404, 'NotFoundError'],
    ['/api/work', 405, 'MethodNotAllowedError'],
    ['/assets/gone.js', 404, 'NotFoundError'],
  ])('error: GET %s is %i %s', async (path, status, code) => {
    const server = await startTestServer()
    const answer = await fetch(server.url + path)
    const problem = Problem.parse(await answer.json())
    expect({ status: answer.status, code: problem.code }).toEqual({ status, code })
    expect(server.logged).toEqual([])
  })
})

describe('GET /api/tasks/:id', () => {
  test('default: the receipt of an accepted task holds all that is needed to run it again', async () => {
    const server = await startTestServer({ smallJobs: true })
    const { taskId, devices } = await acceptOne(server)
    const receipt = await read(server, `/api/tasks/${taskId}`, Receipt)
    if (receipt.verdict.state !== 'accepted') throw new Error(`It is ${receipt.verdict.state}.`)
    const kernel = new Uint8Array(await (await fetch(`${server.url}/api/blobs/${receipt.kernelDigest}`)).arrayBuffer())
    expect(createHash('sha256').update(kernel).digest('hex')).toBe(receipt.kernelDigest)
    const again = fromBase64Url(await runKernelOnce(kernel, fromBase64Url(receipt.input)))
    expect(createHash('sha256').update(again).digest('hex')).toBe(receipt.verdict.digest)
    expect(receipt.verdict.certainty).toBeGreaterThan(receipt.policy.confidence)
    expect(receipt.replicas).toHaveLength(2)
    for (const replica of receipt.replicas) {
      expect(replica).toMatchObject({ standing: 'accepted', result: { kind: 'output', agrees: true } })
      for (const { session } of devices) expect(replica.pseudonym).not.toBe(session.accountId)
    }
  })

  test('behavior: who and what stays hidden until the task is judged', async () => {
    const server = await startTestServer({ smallJobs: true })
    const { taskId } = await computeOne(server, await registerDevice(server.url))
    const receipt = await read(server, `/api/tasks/${taskId}`, Receipt)
    expect(receipt).toMatchObject({ verdict: { state: 'pending' }, replicas: [] })
    expect(receipt.output).toBeUndefined()
  })
})

describe('GET /api/account', () => {
  test('default: returned, then accepted, with its credit', async () => {
    const server = await startTestServer({ smallJobs: true })
    const { taskId, devices } = await acceptOne(server)
    for (const device of devices) {
      const { credit, returned, accepted, rejected, waiting, results, creditHistory, standing } = await until(
        () => account(device),
        own => own.accepted !== '0',
      )
      expect({ returned, accepted, rejected, waiting }).toEqual({
        returned: '1',
        accepted: '1',
        rejected: '0',
        waiting: '0',
      })
      expect(results).toMatchObject([{ taskId, state: 'accepted', credit, others: 1 }])
      expect(creditHistory.map(point => point.credit)).toEqual([credit])
      expect(standing).toMatchObject([{ kernelId: 'collatz-records', level: 'established' }])
      expect(credit).toBeGreaterThan(0)
    }
  })

  test('behavior: a result that waits shows nothing of others', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    await computeOne(server, device)
    const { results, credit } = await until(
      () => account(device),
      own => own.results.length > 0,
    )
    expect(credit).toBe(0)
    expect(results).toMatchObject([{ state: 'returned', credit: 0 }])
    expect(results[0]?.others).toBeUndefined()
  })

  test('error: the account of a device that is gone', async () => {
    const server = await startTestServer()
    const device = await registerDevice(server.url)
    await server.database.query('delete from devices')
    await server.database.query('delete from accounts')
    expect((await device.request('GET', '/api/account')).status).toBe(401)
  })

  test('error: nobody’s account', async () => {
    const server = await startTestServer()
    expect((await fetch(`${server.url}/api/account`)).status).toBe(401)
  })
})

describe('GET /api/stats and /api/events', () => {
  test('default: totals follow what is accepted', async () => {
    const server = await startTestServer({ smallJobs: true })
    await acceptOne(server)
    const stats = await until(
      () => read(server, '/api/stats', Stats),
      ({ accepted, returned }) => accepted === '1' && returned === '2',
    )
    expect(stats).toMatchObject({ activeDevices: 2, devices: '2', returned: '2', accepted: '1', disputed: '0' })
    expect(stats.perMinute.reduce((sum, { returned }) => sum + returned, 0)).toBe(2)
    expect(stats.credit).toBeCloseTo(2 * 0.002)
  })

  test('behavior: whoever asks only for the head of the events is not kept as a watcher', async () => {
    const server = await startTestServer()
    for (let ask = 0; ask < quotas.eventStreams + 1; ask++)
      expect((await fetch(`${server.url}/api/events`, { method: 'HEAD' })).status).toBe(200)
  })

  test('behavior: events carry the same totals', async () => {
    const server = await startTestServer()
    const stop = new AbortController()
    const { body, headers } = await fetch(`${server.url}/api/events`, { signal: stop.signal })
    expect(headers.get('content-type')).toContain('text/event-stream')
    let text = ''
    for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part
      if (text.includes('\n\n')) break
    }
    stop.abort()
    const [event, data] = text.split('\n')
    expect(event).toBe('event: network')
    expect(Network.parse(JSON.parse((data ?? '').replace('data: ', '')))).toMatchObject({ accepted: '0' })
  })
})

describe('what every answer carries', () => {
  test('default: a strict policy, nothing sniffed, no referrer', async () => {
    const server = await startTestServer()
    for (const path of ['/', '/api/jobs', '/nowhere', '/api/nothing']) {
      const { headers } = await fetch(server.url + path)
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('content-security-policy')).not.toContain('unsafe-inline')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups')
    }
  })

  test('behavior: blobs are cached for ever, the page’s entry is not', async () => {
    const server = await startTestServer()
    const { jobs } = await read(server, '/api/jobs', JobList)
    const blob = await fetch(`${server.url}/api/blobs/${jobs[0]?.kernelDigest}`)
    expect(blob.headers.get('cache-control')).toContain('immutable')
    expect((await fetch(server.url)).headers.get('cache-control')).toBe('no-cache')
  })

  test('behavior: the API describes itself, for programs and for people', async () => {
    const server = await startTestServer()
    const spec = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as { paths: Record<string, object> }
    expect(Object.keys(spec.paths)).toEqual(
      expect.arrayContaining(['/api/work', '/api/devices', '/api/leases/return', '/api/blobs/{sha256}', '/api/events']),
    )
    expect(JSON.stringify(spec.paths['/api/work'])).toContain(workMediaType)
    const page = await (await fetch(`${server.url}/api/docs`)).text()
    for (const path of Object.keys(spec.paths)) expect(page).toContain(path)
  })
})
