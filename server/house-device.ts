import type { ChildProcess } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { toBase64Url } from '../protocol/bytes.ts'
import type { FromHouse, ToHouse } from '../workers/node/house-messages.ts'
import type { Logger } from './logger.ts'
import { startChild } from './start-child.ts'

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
 * Runs one device of the operator's own beside the server, in a process of its own at low priority: it gives a lone
 * visitor's results their second opinion, and computes nothing where nobody else does.
 */
export function startHouseDevice(input: {
  readonly serverUrl: string
  readonly key: HouseKey
  readonly dataFolder: string
  readonly log: Logger
}): { stop(): Promise<void> } {
  const { serverUrl, key, dataFolder, log } = input
  const directory = resolve(dataFolder, 'house')
  // Permission for a folder is given for one that is there.
  mkdirSync(directory, { recursive: true })
  let isStopping = false
  let restart: NodeJS.Timeout | undefined
  let child: ChildProcess | undefined = start()

  function start(): ChildProcess {
    const house = startChild({ entry: 'workers/node/house.ts', folders: [directory] })
    const message: ToHouse = { kind: 'start', data: { serverUrl, keyJwk: key.jwk, directory, cores: 1 } }
    house.on('message', ({ reason }: FromHouse) => log.error('The house device failed', { reason }))
    house.on('error', error => {
      log.error('The house device failed', { error })
      // What was never started does not exit either.
      if (house.pid === undefined) again()
      else house.kill('SIGKILL')
    })
    house.stderr?.setEncoding('utf8').on('data', (text: string) => log.error('The house device failed', { text }))
    house.once('exit', again)
    house.send(message, () => {})
    return house
  }

  function again(): void {
    child = undefined
    if (!isStopping) restart = setTimeout(() => (child = start()), restartAfterMs)
  }

  return {
    async stop() {
      isStopping = true
      clearTimeout(restart)
      const house = child
      if (house === undefined) return
      const exited = once(house, 'exit')
      const message: ToHouse = { kind: 'stop' }
      // It may be ending by itself at this moment.
      house.send(message, () => {})
      const impatience = setTimeout(() => house.kill('SIGKILL'), farewellMs)
      await exited
      clearTimeout(impatience)
    },
  }
}
