import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import type { LoggedVote } from '../domain/task.ts'
import type { Queryable } from './database.ts'
import { decodeEntries } from './entry-codec.ts'

const decompress = promisify(zstdDecompress)

export interface ChunkKey {
  readonly jobId: bigint
  readonly lo: bigint
}

/** The rows of an open chunk's log, in their order. */
export async function readLog(
  db: Queryable,
  { jobId, lo }: ChunkKey,
): Promise<{ readonly seq: number; readonly entries: Buffer }[]> {
  const { rows } = await db.query<{ seq: number; entries: Buffer }>(
    'select seq, entries from log where job_id = $1 and lo = $2 order by seq',
    [jobId, lo],
  )
  return rows
}

/** All votes of a chunk in their order, from its segment or its log; of one task only, where `offset` is given. */
export async function readChunkVotes(
  db: Queryable,
  { jobId, lo }: ChunkKey,
  offset?: number,
): Promise<readonly LoggedVote[]> {
  // One statement: a chunk may be sealed between two.
  const { rows } = await db.query<{ segment: Buffer | null; entries: Buffer | null }>(
    `select bytes as segment, null::bytea as entries, 0 as seq from segments where job_id = $1 and lo = $2
     union all
     select null, entries, seq from log where job_id = $1 and lo = $2 order by seq`,
    [jobId, lo],
  )
  const votes: LoggedVote[] = []
  for (const { segment, entries } of rows) {
    const part = segment === null ? entries : await decompress(segment)
    if (part === null) continue
    for (const vote of decodeEntries(part)) if (offset === undefined || vote.offset === offset) votes.push(vote)
  }
  return votes
}
