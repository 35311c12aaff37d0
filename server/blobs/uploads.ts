import type { BlobJoin } from '../../protocol/blobs.ts'
import type { Digest } from '../../protocol/digest.ts'
import { announceBlob, disownBlobs, ownBlob, readStoredBytes, renewBlobs } from '../db/blobs.ts'
import type { Database } from '../db/database.ts'
import { lockAccount } from '../db/lock-account.ts'
import { quotas } from '../domain/quotas.ts'
import {
  BlobTooLargeError,
  NotFoundError,
  OverloadedError,
  QuotaExceededError,
  StorageUnavailableError,
  TooManyRequestsError,
} from '../errors.ts'
import type { BlobStore, ByteSource, StoredBlob } from './blob-store.ts'
import { createRecentCalls } from './recent-calls.ts'

/** Questions to the store at the same time: one in a bucket takes a round trip. */
const questions = 16

/** A join of a long file outlasts the patience of most proxies; whoever asks again within this time is answered. */
const joinKeptMs = 10 * 60_000

const gibibytes = (bytes: number | bigint): string => `${(Number(bytes) / 2 ** 30).toFixed(2)} GiB`

export interface BlobQuotas {
  /** Of one blob. */
  readonly blobBytes: number
  /** Of all blobs of an account. */
  readonly postingBlobBytes: number
}

interface Recorded {
  readonly accountId: bigint
  readonly blob: StoredBlob
  /** Blobs of the account that this one stands for, and that go. */
  readonly replaced?: readonly Digest[]
}

/**
 * What accounts store. There is no state of an upload but blobs: one that broke goes on with those that are missing, on
 * any server.
 */
export function createUploads(input: {
  readonly database: Database
  readonly blobs: BlobStore
  readonly now: () => number
  readonly limits?: BlobQuotas
}) {
  const { database, blobs, now, limits = quotas } = input
  const joins = createRecentCalls<StoredBlob>({ now, keptMs: joinKeptMs })
  /** Uploads under way, by account. */
  const open = new Map<bigint, number>()
  let openInAll = 0

  const toQuotaError = (used: bigint) =>
    new QuotaExceededError({
      what: 'stored files',
      used: gibibytes(used),
      most: gibibytes(limits.postingBlobBytes),
      advice: 'Files that no job needs go a day after they were stored; files of a job go with it.',
    })

  async function taking<T>(accountId: bigint, act: () => Promise<T>): Promise<T> {
    if (openInAll >= quotas.blobUploads) throw new OverloadedError()
    const own = open.get(accountId) ?? 0
    if (own >= quotas.blobUploadsPerAccount)
      throw new TooManyRequestsError(`${own} files of this account come already. Send the next when one is there.`, 2)
    open.set(accountId, own + 1)
    openInAll++
    try {
      return await act()
    } finally {
      openInAll--
      const left = (open.get(accountId) ?? 1) - 1
      if (left === 0) open.delete(accountId)
      else open.set(accountId, left)
    }
  }

  /** Most bytes that the next blob may have, and the refusal where it has more. */
  async function roomFor(accountId: bigint, except: readonly Digest[]): Promise<{ most: number; refuse(): never }> {
    const used = await readStoredBytes(database, accountId, except)
    const left = Number(BigInt(limits.postingBlobBytes) - used)
    return {
      most: Math.max(0, Math.min(limits.blobBytes, left)),
      refuse() {
        throw left < limits.blobBytes ? toQuotaError(used) : new BlobTooLargeError(limits.blobBytes)
      },
    }
  }

  /** Writes down whose a blob is, if it fits the quota and its bytes are there. */
  const record = ({ accountId, blob, replaced = [] }: Recorded): Promise<void> =>
    database.transaction(async client => {
      await lockAccount(client, accountId)
      const used = await readStoredBytes(client, accountId, [blob.digest, ...replaced])
      if (used + BigInt(blob.bytes) > limits.postingBlobBytes) throw toQuotaError(used)
      await ownBlob(client, { accountId, ...blob, now: new Date(now()) })
      // Its bytes may have come just before the collector deleted those of an earlier time.
      if (!(await blobs.has(blob.digest))) throw new StorageUnavailableError()
      await disownBlobs(client, accountId, replaced)
    })

  async function* read(digests: readonly Digest[]): AsyncGenerator<Uint8Array> {
    for (const digest of digests) {
      const part = await blobs.read(digest)
      if (part === undefined) throw new NotFoundError(`No blob has the SHA-256 ${digest}. Store it, and join again.`)
      yield* part
    }
  }

  async function sizesOf(digests: readonly Digest[]): Promise<(number | undefined)[]> {
    const sizes: (number | undefined)[] = []
    for (let at = 0; at < digests.length; at += questions)
      sizes.push(...(await Promise.all(digests.slice(at, at + questions).map(digest => blobs.size(digest)))))
    return sizes
  }

  async function joinParts(accountId: bigint, { digest, parts, keep }: BlobJoin): Promise<StoredBlob> {
    const distinct = [...new Set(parts)]
    const replaced = distinct.filter(part => part !== digest && !keep.includes(part))
    const room = await roomFor(accountId, [...replaced, ...(digest === undefined ? [] : [digest])])
    const known = digest && (await blobs.size(digest))
    if (digest !== undefined && known !== undefined) {
      const blob = { digest, bytes: known }
      await record({ accountId, blob, replaced })
      return blob
    }
    const sizes = new Map<Digest, number>()
    for (const [at, size] of (await sizesOf(distinct)).entries()) sizes.set(distinct[at] as Digest, size ?? 0)
    if (parts.reduce((sum, part) => sum + (sizes.get(part) as number), 0) > room.most) room.refuse()
    if (digest !== undefined) await announceBlob(database, digest, new Date(now()))
    const blob = await blobs.putStream(read(parts), { expected: digest, mostBytes: room.most })
    await record({ accountId, blob, replaced: replaced.filter(part => part !== blob.digest) })
    return blob
  }

  return {
    /**
     * Stores a blob for an account. What is known already is not read.
     *
     * @param length of the body, where it says so
     * @throws {QuotaExceededError} {@link BlobTooLargeError}, and what {@link BlobStore.putStream} throws
     */
    store: (accountId: bigint, digest: Digest, body: { length: number | undefined; source: ByteSource }) =>
      taking(accountId, async (): Promise<StoredBlob> => {
        const room = await roomFor(accountId, [digest])
        if ((body.length ?? 0) > room.most) room.refuse()
        const known = await blobs.size(digest)
        if (known !== undefined) {
          const blob = { digest, bytes: known }
          await record({ accountId, blob })
          return blob
        }
        await announceBlob(database, digest, new Date(now()))
        const blob = await blobs
          .putStream(body.source, { expected: digest, mostBytes: room.most })
          .catch((error: unknown) => {
            if (error instanceof BlobTooLargeError) room.refuse()
            throw error
          })
        await record({ accountId, blob })
        return blob
      }),

    /**
     * Makes one blob of several, and lets those go. Who asks for the same again is told what came of it.
     *
     * @throws {NotFoundError} where a part is not there, and what {@link store} throws
     */
    join: (accountId: bigint, wanted: BlobJoin): Promise<StoredBlob> =>
      joins(JSON.stringify([`${accountId}`, wanted.digest ?? '', wanted.parts, wanted.keep]), () =>
        taking(accountId, () => joinParts(accountId, wanted)),
      ),

    /** Which of these an account has to send. The others are kept for another day. */
    async missing(accountId: bigint, digests: readonly Digest[]): Promise<Digest[]> {
      const distinct = [...new Set(digests)]
      const owned = (await renewBlobs(database, accountId, distinct, new Date(now()))).map(({ digest }) => digest)
      const sizes = await sizesOf(owned)
      const there = new Set(owned.filter((_, at) => sizes[at] !== undefined))
      return distinct.filter(digest => !there.has(digest))
    },
  }
}

export type Uploads = ReturnType<typeof createUploads>
