import { webcrypto } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { toBase64Url } from '../protocol/bytes.ts'
import type { HouseData, ToHouse } from '../workers/node/house.ts'
import type { Logger } from './logger.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
/** A house device that ended by itself is started again after so long. */
const restartAfterMs = 10_000
/** How long it may take to give its leases back. */
const farewellMs = 3000

export interface HouseKey {
  readonly jwk: webcrypto.JsonWebKey
  /** As a device presents it: the uncompressed point, base64url. */
  readonly publicKey: string
}

/** The key of the operator's own device; made once, kept in the data folder. */
export async function loadHouseKey(dataFolder: string): Promise<HouseKey> {
  const path = join(dataFolder, 'house-key.json')
  const { privateKey } = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const fresh = JSON.stringify(await webcrypto.subtle.exportKey('jwk', privateKey))
  try {
    await writeFile(path, fresh, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const jwk = JSON.parse(await readFile(path, 'utf8')) as webcrypto.JsonWebKey
  const { d: _private, key_ops: _operations, ...publicJwk } = jwk
  const publicKey = await webcrypto.subtle.importKey('jwk', publicJwk, algorithm, true, ['verify'])
  return { jwk, publicKey: toBase64Url(new Uint8Array(await webcrypto.subtle.exportKey('raw', publicKey))) }
}

/**
 * Runs one device of the operator's own beside the server, in a worker thread at low priority: it gives a lone visitor's
 * results their second opinion, and computes nothing where nobody else does.
 */
export function startHouseDevice(input: {
  readonly serverUrl: string
  readonly key: HouseKey
  readonly dataFolder: string
  readonly log: Logger
}): { stop(): Promise<void> } {
  const { serverUrl, key, dataFolder, log } = input
  let isStopping = false
  let restart: NodeJS.Timeout | undefined
  let worker: Worker | undefined = start()

  function start(): Worker {
    const data: HouseData = { serverUrl, keyJwk: key.jwk, directory: join(dataFolder, 'house'), cores: 1 }
    const thread = new Worker(new URL('../workers/node/house.ts', import.meta.url), { workerData: data })
    thread.on('error', error => log.error('The house device failed', { error }))
    thread.on('exit', () => {
      worker = undefined
      if (!isStopping) restart = setTimeout(() => (worker = start()), restartAfterMs)
    })
    return thread
  }

  return {
    async stop() {
      isStopping = true
      clearTimeout(restart)
      const thread = worker
      if (thread === undefined) return
      const message: ToHouse = 'stop'
      thread.postMessage(message)
      const impatience = setTimeout(() => void thread.terminate(), farewellMs)
      await once(thread, 'exit')
      clearTimeout(impatience)
    },
  }
}
