import { expect } from 'vitest'
import { Problem } from '../../protocol/errors.ts'
import type { LeaseToken } from '../../protocol/ids.ts'
import { leaseToken, parseLeaseToken } from '../../protocol/lease-token.ts'
import { type Lease, WorkResponse } from '../../protocol/work.ts'
import { decodeWorkResponse } from '../../protocol/work-codec.ts'
import { loadSecret } from '../db/load-secret.ts'
import { createTokens, type Tokens } from '../tokens.ts'
import type { TestDevice } from './device.ts'
import type { TestServer } from './start-test-server.ts'

/** What tests of the wire say to it, and see of the database behind it. */

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

export const countResults = async ({ database }: TestServer): Promise<bigint> =>
  (await database.query<{ count: bigint }>('select count(*) from results')).rows[0]?.count ?? -1n

/** Accounts that have credit, sorted. */
export async function credited({ database }: TestServer): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>('select account_id::text as id from credits')
  return rows.map(({ id }) => id).sort()
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
