import { webcrypto } from 'node:crypto'
import { toBase64Url } from '../../protocol/bytes.ts'
import type { ApiClient } from '../../protocol/client.ts'
import { Challenge, DeviceSession, signedText } from '../../protocol/devices.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A device's key. Each time it proves that it holds it, it gets a session for an hour. */
export interface DeviceKey {
  openSession(api: ApiClient): Promise<DeviceSession>
}

export async function createDeviceKey(): Promise<DeviceKey> {
  const { publicKey, privateKey } = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const rawKey = toBase64Url(new Uint8Array(await webcrypto.subtle.exportKey('raw', publicKey)))
  return {
    async openSession(api) {
      const { challenge } = await api.post('/api/challenges', {}, Challenge)
      const signature = await webcrypto.subtle.sign(algorithm, privateKey, signedText(challenge))
      const request = { publicKey: rawKey, challenge, signature: toBase64Url(new Uint8Array(signature)) }
      return api.post('/api/devices', request, DeviceSession)
    },
  }
}
