import { expect, vi } from 'vitest'
import { Problem } from '../../protocol/errors.ts'
import type { LeaseToken } from '../../protocol/ids.ts'
import { leaseToken, parseLeaseToken } from '../../protocol/lease-token.ts'
import { Receipt, type Verdict } from '../../protocol/tasks.ts'
import { type Lease, WorkResponse } from '../../protocol/work.ts'
import { decodeWorkResponse } from '../../protocol/work-codec.ts'
import { loadSecret } from '../db/load-secret.ts'
import { type ChunkKey, readChunkVotes } from '../db/read-chunk.ts'
import type { LoggedVote } from '../domain/task.ts'
import { createTokens, type Tokens } from '../tokens.ts'
import type { TestDevice } from './device.ts'
import type { TestServer } from './start-test-server.ts'

/** What tests of the wire say to it, and see of the database behind it. */

const patience = { timeout: 20_000, interval: 20 }

export async function ok(response: Response): Promise<WorkResponse> {
  expect(response.status).toBe(200)
  return WorkResponse.parse(decodeWorkResponse(new Uint8Array(await response.arrayBuffer())))
}

export async function refused(response: Response, status: number, code: string): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = Problem.parse(await response.json())
  expect({ status: response.status, code: problem.code }).toEqual({ status, code })
  expect(problem.status).toBe(status)
  return problem
}

export const leaseOne = async (device: TestDevice): Promise<Lease> =>
  (await ok(await device.work({ lanes: 1 }))).leases[0] as Lease

/** Votes in the logs of all chunks. */
export async function votesOf({ database }: TestServer): Promise<LoggedVote[]> {
  const { rows } = await database.query<ChunkKey>('select job_id as "jobId", lo from chunks order by job_id, lo')
  const votes: LoggedVote[] = []
  for (const chunk of rows) votes.push(...(await readChunkVotes(database, chunk)))
  return votes
}

/** Accounts that have credit, sorted, once the books have all that the logs have. */
export async function credited(server: TestServer): Promise<string[]> {
  const returned = (await votesOf(server)).length
  return vi.waitFor(async () => {
    const { rows } = await server.database.query<{ id: string; returned: number; accepted: number }>(
      'select account_id::text as id, returned, accepted from contributions',
    )
    expect(rows.reduce((sum, row) => sum + row.returned, 0)).toBe(returned)
    return rows.flatMap(({ id, accepted }) => (accepted > 0 ? [id] : [])).sort()
  }, patience)
}

/** The verdict on a task, once there is one. */
export const judged = ({ url }: TestServer, taskId: string): Promise<Verdict> =>
  vi.waitFor(async () => {
    const { verdict } = Receipt.parse(await (await fetch(`${url}/api/tasks/${taskId}`)).json())
    expect(verdict.state).not.toBe('pending')
    return verdict
  }, patience)

/** Checks that an established account of a test has passed. */
export const establishedPassed = 1000

/** Gives accounts a long clean record on every kernel, before they ask for work. */
export async function establish(
  { database }: Pick<TestServer, 'database'>,
  ...devices: readonly (TestDevice | undefined)[]
): Promise<void> {
  await database.query(
    `insert into records (account_id, kernel_digest, passed, strikes)
     select id, kernel_digest, $2, 0 from unnest($1::bigint[]) id, (select distinct kernel_digest from jobs) kernels`,
    [devices.map(device => device?.session.accountId), establishedPassed],
  )
}

export const accountsOf = (...devices: readonly (TestDevice | undefined)[]): string[] =>
  devices.map(device => `${device?.session.accountId}`).sort()

/** The server's own signing, to make tokens that only time or holder is wrong with. */
export const serverTokens = async ({ database }: TestServer): Promise<Tokens> =>
  createTokens(await loadSecret(database, 'tokens'))

/** The same lease of the device, over since a moment ago. */
export async function expire(server: TestServer, { session }: TestDevice, lease: string): Promise<LeaseToken> {
  const tokens = await serverTokens(server)
  const { grant, place } = parseLeaseToken(lease as LeaseToken)
  const holder = { deviceId: BigInt(session.deviceId), accountId: BigInt(session.accountId) }
  const claims = tokens.openGrant(grant, holder)
  if (claims === undefined) throw new Error('The lease is not the device’s.')
  return leaseToken(tokens.signGrant({ ...claims, ...holder, expiresAt: Date.now() - 1 }), place)
}
