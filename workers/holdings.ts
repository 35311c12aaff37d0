import { toHex } from '../protocol/bytes.ts'
import type { LeaseToken } from '../protocol/ids.ts'
import { FinishedLease, Lease } from '../protocol/work.ts'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint-bytes.ts'
import type { Checkpoint } from './run-kernel.ts'
import type { Store } from './store.ts'

/** A lease that is not finished, and how far it came. */
export interface HeldLease {
  readonly lease: Lease
  readonly checkpoint?: Checkpoint
}

/** What an earlier visit left. */
export interface Leftovers {
  readonly held: readonly HeldLease[]
  readonly finished: readonly FinishedLease[]
}

/** What a device owes and is owed, kept between visits. Writes happen in the order of the calls. */
export interface Holdings {
  load(): Promise<Leftovers>
  keepLease(lease: Lease): void
  keepCheckpoint(token: LeaseToken, checkpoint: Checkpoint): void
  /** In place of the lease and its checkpoint. */
  keepResult(finished: FinishedLease): void
  drop(token: LeaseToken): void
  /** Resolves when all writes so far are over. */
  settled(): Promise<void>
}

const kinds = ['lease', 'checkpoint', 'result'] as const
type Kind = (typeof kinds)[number]

/** A token is longer than a file's name may be. */
async function nameOf(kind: Kind, token: LeaseToken): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  return `${kind}-${toHex(new Uint8Array(digest)).slice(0, 32)}`
}

const encodeJson = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value))

/** @returns undefined where the bytes are no JSON: another version of Tidemill wrote them */
function decodeJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

export function createHoldings(store: Store): Holdings {
  let tail: Promise<void> = Promise.resolve()

  // A store that is full, forbidden or broken costs what a reload would lose, never the work under way.
  function write(operation: () => Promise<void>): void {
    tail = tail.then(operation).catch(() => {})
  }

  async function dropKinds(token: LeaseToken, ...dropped: readonly Kind[]): Promise<void> {
    for (const kind of dropped) await store.delete(await nameOf(kind, token))
  }

  async function readHeld(name: string): Promise<HeldLease | undefined> {
    const bytes = await store.get(name)
    const lease = bytes && Lease.safeParse(decodeJson(bytes)).data
    if (!lease) return undefined
    const kept = await store.get(await nameOf('checkpoint', lease.lease))
    const checkpoint = kept && decodeCheckpoint(kept)
    return checkpoint ? { lease, checkpoint } : { lease }
  }

  async function read(): Promise<Leftovers> {
    const names = await store.list()
    const held: HeldLease[] = []
    const finished: FinishedLease[] = []
    for (const name of names.filter(name => name.startsWith('result-'))) {
      const bytes = await store.get(name)
      const result = bytes && FinishedLease.safeParse(decodeJson(bytes)).data
      if (result) finished.push(result)
    }
    const isFinished = new Set(finished.map(({ lease }) => lease))
    for (const name of names.filter(name => name.startsWith('lease-'))) {
      const one = await readHeld(name)
      if (one && !isFinished.has(one.lease.lease)) held.push(one)
    }
    return { held, finished }
  }

  return {
    async load() {
      await tail
      return read().catch(() => ({ held: [], finished: [] }))
    },
    keepLease(lease) {
      write(async () => store.put(await nameOf('lease', lease.lease), encodeJson(lease)))
    },
    keepCheckpoint(token, checkpoint) {
      write(async () => store.put(await nameOf('checkpoint', token), encodeCheckpoint(checkpoint)))
    },
    keepResult(finished) {
      write(async () => {
        await store.put(await nameOf('result', finished.lease), encodeJson(finished))
        await dropKinds(finished.lease, 'lease', 'checkpoint')
      })
    },
    drop(token) {
      write(() => dropKinds(token, ...kinds))
    },
    settled: () => tail,
  }
}
