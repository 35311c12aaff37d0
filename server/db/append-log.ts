import type { Queryable } from './database.ts'
import type { ChunkKey } from './read-chunk.ts'

/** Votes for one chunk, encoded. */
export interface NewEntries extends ChunkKey {
  readonly entries: Buffer
}

/** The same, for a chunk that the writer owns: `seq` follows the last row of its log. */
export interface OwnEntries extends NewEntries {
  readonly seq: number
}

/**
 * Appends to the logs of chunks that `owner` holds, and to the inbox for the owners of others, in one commit. The locks
 * keep a chunk from being sealed meanwhile; claims are renewed and counts written beside them.
 *
 * @returns what was stored: not where another server has taken the chunk over, or it is sealed
 */
export async function appendLog(
  db: Queryable,
  { owner, own, foreign }: { owner: string; own: readonly OwnEntries[]; foreign: readonly NewEntries[] },
): Promise<{ readonly own: ChunkKey[]; readonly foreign: ChunkKey[] }> {
  // All entries as one binary value: an array of them would travel as text, twice as long, which takes longer to write
  // and to read than all else here.
  const all = [...own, ...foreign]
  let end = 1
  const places = all.map(({ entries }) => {
    const place = end
    end += entries.length
    return place
  })
  const { rows } = await db.query<ChunkKey & { isOwn: boolean }>(
    `with own as (
       insert into log (job_id, lo, seq, entries)
       select g.job_id, g.lo, g.seq, substring($11::bytea from g.place for g.bytes)
       from unnest($2::bigint[], $3::bigint[], $4::integer[], $5::integer[], $6::integer[]) g (job_id, lo, seq, place, bytes)
         join chunks c on c.job_id = g.job_id and c.lo = g.lo and c.owner = $1 and c.sealed_at is null
       for key share of c
       on conflict do nothing
       returning job_id, lo),
     received as (
       insert into inbox (job_id, lo, entries)
       select g.job_id, g.lo, substring($11::bytea from g.place for g.bytes)
       from unnest($7::bigint[], $8::bigint[], $9::integer[], $10::integer[]) g (job_id, lo, place, bytes)
         join chunks c on c.job_id = g.job_id and c.lo = g.lo and c.sealed_at is null
       for key share of c
       returning job_id, lo)
     select job_id as "jobId", lo, true as "isOwn" from own
     union all select job_id, lo, false from received`,
    [
      owner,
      own.map(({ jobId }) => jobId),
      own.map(({ lo }) => lo),
      own.map(({ seq }) => seq),
      places.slice(0, own.length),
      own.map(({ entries }) => entries.length),
      foreign.map(({ jobId }) => jobId),
      foreign.map(({ lo }) => lo),
      places.slice(own.length),
      foreign.map(({ entries }) => entries.length),
      Buffer.concat(all.map(({ entries }) => entries)),
    ],
  )
  return { own: rows.filter(({ isOwn }) => isOwn), foreign: rows.filter(({ isOwn }) => !isOwn) }
}

/**
 * Moves what other servers received for a chunk that `owner` holds to its log, from `seq` on.
 *
 * @returns what was moved, in the log's order; nothing where another server has the chunk
 * @throws where the log has gone on
 */
export async function drainInbox(
  db: Queryable,
  { jobId, lo, owner, seq }: ChunkKey & { owner: string; seq: number },
): Promise<{ readonly seq: number; readonly entries: Buffer }[]> {
  const { rows } = await db.query<{ seq: number; entries: Buffer }>(
    `with held as materialized (
       select job_id, lo from chunks where job_id = $1 and lo = $2 and owner = $4 and sealed_at is null for key share),
     moved as (delete from inbox i using held where i.job_id = held.job_id and i.lo = held.lo returning i.id, i.entries)
     insert into log (job_id, lo, seq, entries)
     select $1, $2, $3 + (row_number() over (order by id))::integer - 1, entries from moved
     returning seq, entries`,
    [jobId, lo, seq, owner],
  )
  return rows.toSorted((a, b) => a.seq - b.seq)
}

/** Which of these chunks have something in the inbox. */
export async function findInbox(db: Queryable, chunks: readonly ChunkKey[]): Promise<ChunkKey[]> {
  if (chunks.length === 0) return []
  const { rows } = await db.query<ChunkKey>(
    `select job_id as "jobId", lo from unnest($1::bigint[], $2::bigint[]) held (job_id, lo)
     where exists (select 1 from inbox i where i.job_id = held.job_id and i.lo = held.lo)`,
    [chunks.map(({ jobId }) => jobId), chunks.map(({ lo }) => lo)],
  )
  return rows
}
