import type { Digest } from '../../protocol/digest.ts'
import { forgetUnusedBlob, listUnusedBlobs } from '../db/blobs.ts'
import type { Database } from '../db/database.ts'
import { DatabaseUnavailableError } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { BlobStore } from './blob-store.ts'

/** So long a blob stays that nothing needs: time to make a trial and a job of it. */
const keptMs = 24 * 3_600_000
const everyMs = 3_600_000
const listed = 500

interface CollectorInput {
  readonly database: Database
  readonly blobs: BlobStore
  readonly now: () => number
}

/**
 * Deletes blobs that nobody has needed for a day. The bytes go while the row is locked, so that whoever stores the same
 * bytes meanwhile comes before, and they stay, or after, and brings them anew.
 *
 * @returns how many
 */
export async function collectBlobs({ database, blobs, now }: CollectorInput): Promise<number> {
  const before = new Date(now() - keptMs)
  let collected = 0
  let after: Digest | undefined
  for (;;) {
    const unused = await listUnusedBlobs(database, { before, after, limit: listed })
    for (const digest of unused)
      await database.transaction(async client => {
        if (!(await forgetUnusedBlob(client, digest, before))) return
        await blobs.delete(digest)
        collected++
      })
    after = unused.at(-1)
    if (unused.length < listed) return collected
  }
}

/** Collects once an hour; of servers that share a database, one does it at a time. */
export function startCollector(input: CollectorInput & { readonly log: Logger }): { stop(): Promise<void> } {
  const { database, blobs, now, log } = input
  let collecting: Promise<void> | undefined

  async function collect(): Promise<void> {
    try {
      await blobs.sweep(new Date(now() - keptMs))
      await database.session(async client => {
        const lock = `hashtext('tidemill collect blobs')`
        const { rows } = await client.query<{ isMine: boolean }>(`select pg_try_advisory_lock(${lock}) as "isMine"`)
        if (!rows[0]?.isMine) return
        try {
          const collected = await collectBlobs({ database, blobs, now })
          if (collected > 0) log.info('Blobs that nobody needed are gone', { blobs: collected })
        } finally {
          await client.query(`select pg_advisory_unlock(${lock})`)
        }
      })
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) log.error('Blobs could not be collected', { error })
    }
  }

  const timer = setInterval(() => {
    collecting ??= collect().finally(() => {
      collecting = undefined
    })
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await collecting
    },
  }
}
