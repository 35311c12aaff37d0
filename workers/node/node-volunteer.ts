import { createApiClient } from '../../protocol/client.ts'
import { createMemoryKeyStore, type KeyStore } from '../device-key.ts'
import { createMemoryStore } from '../memory-store.ts'
import { createVolunteer, type Volunteer } from '../volunteer.ts'
import { createFolderStore } from './folder-store.ts'
import { spawnNodeRunner } from './spawn-runner.ts'

export interface NodeVolunteerOptions {
  /** Without a slash at its end. */
  readonly serverUrl: string
  /** Where leases, checkpoints and results outlive the process; absent: they do not. */
  readonly directory?: string | undefined
  /** Absent: a key, and so an account, for this process alone. */
  readonly keys?: KeyStore | undefined
  /** Of the runners' threads, Linux only; 19 is the lowest priority. */
  readonly niceness?: number
  readonly stallSeconds?: number
}

/**
 * A volunteer on worker threads. Nothing runs before its `start`.
 *
 * @example
 * const volunteer = createNodeVolunteer({ serverUrl: 'http://127.0.0.1:8787' })
 * await volunteer.start({ cores: 2, cpuPercent: 100 })
 */
export function createNodeVolunteer(options: NodeVolunteerOptions): Volunteer {
  const { serverUrl, directory, keys, niceness = 0, stallSeconds } = options
  return createVolunteer({
    api: createApiClient(serverUrl),
    keys: keys ?? createMemoryKeyStore(),
    store: directory === undefined ? createMemoryStore() : createFolderStore(directory),
    spawnRunner: () => spawnNodeRunner({ niceness }),
    ...(stallSeconds === undefined ? {} : { stallSeconds }),
  })
}
