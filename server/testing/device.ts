import { randomUUID, webcrypto } from 'node:crypto'
import { toBase64Url } from '../../protocol/bytes.ts'
import { Challenge, DeviceSession, signedText } from '../../protocol/devices.ts'
import type { FinishedLease, WorkRequest } from '../../protocol/work.ts'
import { encodeWorkRequest, workMediaType } from '../../protocol/work-codec.ts'

export interface TestDevice {
  readonly session: DeviceSession
  readonly publicKey: string
  request(method: string, path: string, body?: unknown): Promise<Response>
  /** @param url of another server of the same database */
  work(request: Partial<WorkRequest>, url?: string): Promise<Response>
  /** Sends what is no work request, or nearly one. */
  workBytes(body: RequestInit['body'], url?: string): Promise<Response>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

/** A key and the signature of a fresh challenge with it: what `POST /api/devices` takes. */
export async function signChallenge(url: string, keys?: webcrypto.CryptoKeyPair) {
  const { publicKey, privateKey } = keys ?? (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']))
  const { challenge } = Challenge.parse(await (await fetch(`${url}/api/challenges`, { method: 'POST' })).json())
  const signature = await webcrypto.subtle.sign(algorithm, privateKey, signedText(challenge))
  return {
    publicKey: toBase64Url(new Uint8Array(await webcrypto.subtle.exportKey('raw', publicKey))),
    challenge,
    signature: toBase64Url(new Uint8Array(signature)),
  }
}

/** A device that speaks the wire by hand, so that a test decides every byte of what it says. */
export async function registerDevice(url: string, keys?: webcrypto.CryptoKeyPair): Promise<TestDevice> {
  const signed = await signChallenge(url, keys)
  const session = DeviceSession.parse(await (await post(`${url}/api/devices`, signed)).json())
  const request = (method: string, path: string, body?: unknown) =>
    fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${session.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const workBytes = (body: RequestInit['body'] = null, at = url) =>
    fetch(`${at}/api/work`, {
      method: 'POST',
      headers: { authorization: `Bearer ${session.token}`, 'content-type': workMediaType },
      body,
      // A stream has no length that could be looked at before it comes.
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    })
  return {
    session,
    publicKey: signed.publicKey,
    request,
    workBytes,
    work: (wanted, at) =>
      workBytes(encodeWorkRequest({ requestId: randomUUID(), seconds: 0, lanes: 0, finished: [], ...wanted }), at),
  }
}

export const generateKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

/** A well-formed output of `collatz-records` that says what it is told to: so many steps, and no record. */
export function saying(steps: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(16)
  new DataView(output.buffer).setBigUint64(0, BigInt(steps), true)
  return output
}

/** The report of a lease that came out as these bytes. */
export const finish = (lease: string, output: Uint8Array): FinishedLease => ({
  lease: lease as FinishedLease['lease'],
  elapsedMs: 10,
  outcome: { kind: 'output', output: toBase64Url(output) },
})
