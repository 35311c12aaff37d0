import type { webcrypto } from 'node:crypto'
import type { Lease } from '../../protocol/work.ts'
import { workLimits } from '../../protocol/work.ts'
import { finish, generateKeys, registerDevice, saying, type TestDevice } from './device.ts'
import type { Acknowledged } from './invariants.ts'
import { ok } from './wire.ts'

/** A device that says what the test tells it to, as fast as the wire takes it. */
export interface HandWorker {
  readonly keys: webcrypto.CryptoKeyPair
  device: TestDevice
  /** Results that it was told are stored. */
  stored: number
}

export async function registerWorker(url: string): Promise<HandWorker> {
  const keys = await generateKeys()
  return { keys, device: await registerDevice(url, keys), stored: 0 }
}

/** Signs again: the clock of the test has gone past the end of its session. */
export async function signAgain(worker: HandWorker, url: string): Promise<void> {
  worker.device = await registerDevice(url, worker.keys)
}

/** Reports these leases, all with the same output, and asks for as many as there may be. */
export async function exchange(
  worker: HandWorker,
  leases: readonly Lease[],
  { steps = 1, lanes = workLimits.leasesPerRequest as number } = {},
): Promise<readonly Lease[]> {
  const finished = leases.map(({ lease }) => finish(lease, saying(steps)))
  const answer = await ok(await worker.device.work({ lanes, finished }))
  worker.stored += finished.length
  return answer.leases
}

/** Honest work until it is enough. */
export async function workUntil(worker: HandWorker, isEnough: () => boolean | Promise<boolean>): Promise<void> {
  let leases: readonly Lease[] = []
  do leases = await exchange(worker, leases)
  while (!(await isEnough()))
  await exchange(worker, leases, { lanes: 0 })
}

export const acknowledgedToHands = (workers: readonly HandWorker[]): Acknowledged =>
  new Map(workers.map(({ device, stored }) => [`${device.session.accountId}`, stored]))
