import { provesWork } from '../protocol/hashcash.ts'
import type { Database, Queryable } from './db/database.ts'
import { lockNetwork, readRegistrations } from './db/read-registrations.ts'
import { type DeviceRow, findDevice, type NewDevice, registerDevice } from './db/register-device.ts'
import { mayRegister, type RegistrationAnswer, registrationsSince } from './domain/registration-limit.ts'
import { SignupWorkError, TooManyRequestsError } from './errors.ts'

/** How the sign-up of a new device proves that it cost something. */
interface SignupWork {
  readonly challenge: string
  readonly nonce: number | undefined
}

function refusal(retryAfterMs: number): TooManyRequestsError {
  const seconds = Math.ceil(retryAfterMs / 1000)
  const hours = Math.ceil(seconds / 3600)
  return new TooManyRequestsError(
    `Too many new devices came from your network lately. Those that are known go on; a new one may come in ${hours === 1 ? 'an hour' : `${hours} hours`}.`,
    seconds,
  )
}

/** Who may have an account: any device that is known, and so many new ones of each network. */
export function createRegistrations(input: {
  readonly database: Database
  readonly now: () => number
  /** Work that a new device owes, in bits; 0: none. */
  readonly workBits: number
}) {
  const { database, now, workBits } = input

  async function ask(db: Queryable, network: bigint): Promise<RegistrationAnswer> {
    const at = now()
    return mayRegister(await readRegistrations(db, network, new Date(registrationsSince(at))), at)
  }

  /** Asks and registers under a lock, so that devices which come together are counted one after the other. */
  const registerLimited = (device: NewDevice) =>
    database.transaction(async (client): Promise<DeviceRow | Extract<RegistrationAnswer, { kind: 'refused' }>> => {
      await lockNetwork(client, device.network)
      const known = await findDevice(client, device.publicKey, new Date(now()))
      if (known !== undefined) return known
      const answer = await ask(client, device.network)
      return answer.kind === 'refused' ? answer : registerDevice(client, device, new Date(now()))
    })

  return {
    /**
     * Finds the device, or registers it.
     *
     * @throws {SignupWorkError} {@link TooManyRequestsError} where it is new
     */
    async findOrRegister(device: NewDevice, work: SignupWork): Promise<DeviceRow> {
      const known = await findDevice(database, device.publicKey, new Date(now()))
      if (known !== undefined) return known
      if (device.isHouse) return registerDevice(database, device, new Date(now()))
      if (workBits > 0 && !(work.nonce !== undefined && (await provesWork(work.challenge, work.nonce, workBits))))
        throw new SignupWorkError(workBits)
      if (device.network === 0n) return registerDevice(database, device, new Date(now()))
      // Without the lock first: who is refused anyway shall not make others wait.
      const early = await ask(database, device.network)
      if (early.kind === 'refused') throw refusal(early.retryAfterMs)
      const answer = await registerLimited(device)
      if ('kind' in answer) throw refusal(answer.retryAfterMs)
      return answer
    },
  }
}

export type Registrations = ReturnType<typeof createRegistrations>
