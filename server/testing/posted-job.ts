import { expect, vi } from 'vitest'
import { fromBase64Url } from '../../protocol/bytes.ts'
import { JobDetail } from '../../protocol/jobs.ts'
import { TaskInput } from '../../protocol/program.ts'
import type { Lease } from '../../protocol/work.ts'
import { finish, registerDevice, type TestDevice } from './device.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'
import { ok } from './wire.ts'

/** An empty server takes its work from posted jobs alone. */
export async function startForPosting() {
  const server = await startTestServer()
  await server.database.query(`update jobs set state = 'canceled'`)
  return { server, poster: await registerDevice(server.url) }
}

export const jobDetail = async ({ url }: TestServer, id: string): Promise<JobDetail> =>
  JobDetail.parse(await (await fetch(`${url}/api/jobs/${id}`)).json())

export const jobInState = (server: TestServer, id: string, state: JobDetail['state']): Promise<JobDetail> =>
  vi.waitFor(
    async () => {
      const job = await jobDetail(server, id)
      expect(job.state).toBe(state)
      return job
    },
    { timeout: 20_000, interval: 50 },
  )

/** Leases until there are so many. */
export const leaseSome = (device: TestDevice, count: number): Promise<readonly Lease[]> =>
  vi.waitFor(
    async () => {
      const { leases } = await ok(await device.work({ lanes: count }))
      expect(leases).toHaveLength(count)
      return leases
    },
    { timeout: 20_000, interval: 50 },
  )

export const taskInputOf = ({ input }: Lease): TaskInput =>
  TaskInput.parse(JSON.parse(new TextDecoder().decode(fromBase64Url(input))))
export const echoOf = (lease: Lease): Uint8Array => {
  const { piece } = taskInputOf(lease)
  return fromBase64Url(piece.kind === 'bytes' ? piece.bytes : '')
}

/** Computes what it is given, and reports it. @param output what it says of a lease */
export async function compute(device: TestDevice, leases: readonly Lease[], output = echoOf): Promise<void> {
  await ok(await device.work({ finished: leases.map(lease => finish(lease.lease, output(lease))) }))
}
