import { toBase64Url } from '../protocol/bytes.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** Where a device's key lives. The private key never leaves it in readable form but to its own file. */
export interface KeyStore {
  find(): Promise<CryptoKeyPair | undefined>
  /** Two callers at once get the same key. */
  findOrCreate(): Promise<CryptoKeyPair>
}

/** @param extractable only where the key is to be written to a file */
export const createKeyPair = (extractable: boolean): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(algorithm, extractable, ['sign', 'verify'])

/** A key for one visit: a new account each time. */
export function createMemoryKeyStore(): KeyStore {
  let pair: Promise<CryptoKeyPair> | undefined
  return {
    find: async () => pair,
    findOrCreate: () => {
      pair ??= createKeyPair(false)
      return pair
    },
  }
}

/** @returns the uncompressed point, base64url, as the server knows the device */
export async function publicKeyOf({ publicKey }: CryptoKeyPair): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)))
}

/** @returns r || s, base64url */
export async function sign({ privateKey }: CryptoKeyPair, text: Uint8Array<ArrayBuffer>): Promise<string> {
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, text)
  return toBase64Url(new Uint8Array(signature))
}

/** Both halves of a private P-256 JWK, as the key file and the house device hold it. */
export async function importKeyPair(jwk: JsonWebKey): Promise<CryptoKeyPair> {
  const { d: _, key_ops: __, ...publicJwk } = jwk
  return {
    privateKey: await crypto.subtle.importKey('jwk', { ...jwk, key_ops: ['sign'] }, algorithm, true, ['sign']),
    publicKey: await crypto.subtle.importKey('jwk', publicJwk, algorithm, true, ['verify']),
  }
}
