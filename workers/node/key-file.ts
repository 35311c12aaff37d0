import { chmod, readFile, writeFile } from 'node:fs/promises'
import { TidemillError } from '../../protocol/errors.ts'
import { createKeyPair, importKeyPair, type KeyStore } from '../device-key.ts'
import { isAbsent } from './is-absent.ts'

/** The key file is there, but holds no key that we could use. */
export class KeyFileError extends TidemillError {
  override readonly name = 'KeyFileError'
  constructor(file: string, options?: ErrorOptions) {
    super(`The key file ${file} must hold a private P-256 key as JSON Web Key, or not exist yet.`, options)
  }
}

/**
 * A device key in a file that only its owner can read (mode 0600), made when it is first asked for.
 *
 * @throws {KeyFileError} from both methods
 */
export function createKeyFile(file: string): KeyStore {
  let found: Promise<CryptoKeyPair | undefined> | undefined

  async function read(): Promise<CryptoKeyPair | undefined> {
    try {
      const jwk: unknown = JSON.parse(await readFile(file, 'utf8'))
      return await importKeyPair(jwk as JsonWebKey)
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw new KeyFileError(file, { cause: error })
    }
  }

  async function create(): Promise<CryptoKeyPair> {
    const pair = await createKeyPair(true)
    const jwk = await crypto.subtle.exportKey('jwk', pair.privateKey)
    try {
      await writeFile(file, JSON.stringify(jwk), { mode: 0o600, flag: 'wx' })
      await chmod(file, 0o600)
    } catch (error) {
      // Another process made one at the same time: that one counts.
      const other = await read()
      if (other) return other
      throw new KeyFileError(file, { cause: error })
    }
    return pair
  }

  return {
    find: () => read(),
    findOrCreate() {
      found ??= read().then(pair => pair ?? create())
      return found as Promise<CryptoKeyPair>
    },
  }
}
