import { expect } from 'vitest'
import { Problem } from '../../protocol/errors.ts'
import { type Lease, WorkResponse } from '../../protocol/work.ts'
import { loadSecret } from '../db/load-secret.ts'
import { createTokens, type LeaseClaims, type Tokens } from '../tokens.ts'
import type { TestDevice } from './device.ts'
import type { TestServer } from './start-test-server.ts'

/** What tests of the wire say to it, and see of the database behind it. */

export async function ok(response: Response): Promise<WorkResponse> {
  expect(response.status).toBe(200)
  return WorkResponse.parse(await response.json())
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

/** The same lease, over since a moment ago. */
export async function expire(server: TestServer, lease: string): Promise<string> {
  const tokens = await serverTokens(server)
  const claims = tokens.openLease(lease) as LeaseClaims
  return tokens.signLease({ ...claims, expiresAt: Date.now() - 1 })
}
