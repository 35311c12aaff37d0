import { randomBytes, webcrypto } from 'node:crypto'
import { fromBase64Url } from '../protocol/bytes.ts'
import { type Challenge, type DeviceRequest, type DeviceSession, signedText } from '../protocol/devices.ts'
import type { AccountId, DeviceId } from '../protocol/ids.ts'
import type { Database } from './db/database.ts'
import { spendChallenge } from './db/spend-challenge.ts'
import { networkPrefix } from './domain/network-prefix.ts'
import { ChallengeSpentError, InvalidSignatureError, UnauthorizedError } from './errors.ts'
import type { Registrations } from './registrations.ts'
import type { Session, Tokens } from './tokens.ts'

const challengeMs = 60_000
/** A challenge that work is done on lasts long enough for a slow phone. */
const workChallengeMs = 10 * 60_000
const sessionMs = 60 * 60_000

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Who speaks: devices prove their key once, then carry a token that any server can check without the database. */
export function createSessions(input: {
  readonly database: Database
  readonly tokens: Tokens
  readonly registrations: Registrations
  readonly now: () => number
  /** Public key of the operator's own device, where one runs. */
  readonly housePublicKey: string | undefined
  /** Work that a new device owes, in bits; 0: none. */
  readonly workBits: number
}) {
  const { database, tokens, registrations, now, housePublicKey, workBits } = input

  async function isSigned({ publicKey, challenge, signature }: DeviceRequest): Promise<boolean> {
    try {
      const key = await webcrypto.subtle.importKey('raw', fromBase64Url(publicKey), algorithm, false, ['verify'])
      return await webcrypto.subtle.verify(algorithm, key, fromBase64Url(signature), signedText(challenge))
    } catch {
      // Not a point of the curve: the same to the one who sent it as a signature that does not fit.
      return false
    }
  }

  return {
    challenge: (): Challenge => ({
      challenge: tokens.signChallenge({
        nonce: randomBytes(16),
        expiresAt: now() + (workBits > 0 ? workChallengeMs : challengeMs),
      }),
      ...(workBits > 0 && { workBits }),
    }),

    /**
     * Opens a session for the device that proves to hold its key, and registers it if it is new.
     *
     * @throws {InvalidSignatureError} {@link ChallengeSpentError} {@link SignupWorkError} {@link TooManyRequestsError}
     */
    async open(request: DeviceRequest, remoteAddress: string): Promise<DeviceSession> {
      const challenge = tokens.openChallenge(request.challenge)
      if (challenge === undefined) throw new InvalidSignatureError('The challenge is not one of this server.')
      if (challenge.expiresAt <= now())
        throw new InvalidSignatureError('The challenge is too old. Get a new one with POST /api/challenges.')
      if (!(await isSigned(request)))
        throw new InvalidSignatureError('The signature does not fit the public key and the challenge.')
      if (!(await spendChallenge(database, challenge.nonce, new Date(challenge.expiresAt), new Date(now()))))
        throw new ChallengeSpentError()
      const isHouse = request.publicKey === housePublicKey
      const hashed = tokens.hashNetwork(networkPrefix(remoteAddress))
      const device = await registrations.findOrRegister(
        { publicKey: fromBase64Url(request.publicKey), isHouse, network: isHouse ? 0n : hashed },
        { challenge: request.challenge, nonce: request.workNonce },
      )
      const expiresAt = now() + sessionMs
      // The operator's own device stands in no network: it may second anybody.
      const network = device.isHouse ? 0n : hashed
      return {
        deviceId: `${device.deviceId}` as DeviceId,
        accountId: `${device.accountId}` as AccountId,
        token: tokens.signSession({ ...device, network, expiresAt }),
        expiresAt: new Date(expiresAt).toISOString(),
      }
    },

    /** Reads an `Authorization` header. @throws {UnauthorizedError} */
    require(authorization: string | undefined): Session {
      const token = /^Bearer ([\w-]+)$/.exec(authorization ?? '')?.[1]
      if (authorization === undefined) throw new UnauthorizedError('missing')
      const session = token === undefined ? undefined : tokens.openSession(token)
      if (session === undefined) throw new UnauthorizedError('invalid')
      if (session.expiresAt <= now()) throw new UnauthorizedError('expired')
      return session
    },
  }
}

export type Sessions = ReturnType<typeof createSessions>
