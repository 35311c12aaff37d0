import type { LoggedVote } from '../domain/task.ts'
import type { Queryable } from './database.ts'
import { type ChunkKey, readChunkVotes } from './read-chunk.ts'

export interface SegmentRow {
  readonly lo: bigint
  readonly digest: Buffer
  readonly bytes: number
}

/** Segments of a job in the order of their tasks, those after the chunk that begins at `after`. */
export async function listSegments(
  db: Queryable,
  { jobId, after, limit }: { jobId: bigint; after: bigint; limit: number },
): Promise<SegmentRow[]> {
  const { rows } = await db.query<SegmentRow>(
    `select lo, digest, octet_length(bytes) as bytes from segments
     where job_id = $1 and lo > $2 order by lo limit $3`,
    [jobId, after, limit],
  )
  return rows
}

/** All votes of a sealed chunk. @returns undefined where no such chunk is sealed */
export async function readSegment(db: Queryable, key: ChunkKey): Promise<readonly LoggedVote[] | undefined> {
  const { rows } = await db.query('select 1 from segments where job_id = $1 and lo = $2', [key.jobId, key.lo])
  return rows.length === 0 ? undefined : readChunkVotes(db, key)
}
