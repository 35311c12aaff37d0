import type { ApiClient } from '../protocol/client.ts'
import { Challenge, DeviceSession, signedText } from '../protocol/devices.ts'
import { RefusedError } from '../protocol/errors.ts'
import { solveWork } from '../protocol/hashcash.ts'
import { type KeyStore, publicKeyOf, sign } from './device-key.ts'

/** How long before its end a session is renewed, by the server's clock. */
const renewBeforeMs = 60_000

export interface Session {
  /**
   * A session that still lasts; registers the device the first time.
   *
   * @throws {RefusedError} where the server refuses the key
   * @throws {UnreachableError} where there is no way to the server
   */
  open(): Promise<DeviceSession>
  /** The server refused this token: the next {@link open} gets another. */
  discard(token: string): void
  /** Ends the work of a sign-up under way. */
  close(): void
}

/** One signature an hour: proves the device's key to the server, and keeps the token it gets for that. */
export function createSession(
  api: ApiClient,
  keys: KeyStore,
  onOpened: (session: DeviceSession) => void = () => {},
): Session {
  const closing = new AbortController()
  let current: DeviceSession | undefined
  let opening: Promise<DeviceSession> | undefined

  /** @param isNew whether to do the work that the server may ask of a device it does not know */
  async function prove(isNew: boolean): Promise<DeviceSession> {
    const pair = await keys.findOrCreate()
    const { challenge, workBits } = await api.post('/api/challenges', undefined, Challenge)
    const body = {
      publicKey: await publicKeyOf(pair),
      challenge,
      signature: await sign(pair, signedText(challenge)),
      ...(isNew && workBits && { workNonce: await solveWork(challenge, workBits, closing.signal) }),
    }
    return api.post('/api/devices', body, DeviceSession)
  }

  async function register(): Promise<DeviceSession> {
    current = await prove(false).catch((error: unknown) => {
      if (error instanceof RefusedError && error.problem.code === 'SignupWorkError') return prove(true)
      throw error
    })
    onOpened(current)
    return current
  }

  return {
    async open() {
      if (current && Date.parse(current.expiresAt) - renewBeforeMs > api.now()) return current
      opening ??= register().finally(() => {
        opening = undefined
      })
      return opening
    },
    discard(token) {
      if (current?.token === token) current = undefined
    },
    close: () => closing.abort(),
  }
}
