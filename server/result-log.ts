import type { ActiveJob, HeldChunk } from './active-job.ts'
import { createBatcher } from './batcher.ts'
import { appendLog, drainInbox, type NewEntries, type OwnEntries } from './db/append-log.ts'
import type { Database } from './db/database.ts'
import { decodeEntries, encodeBlock } from './db/entry-codec.ts'
import type { ChunkKey } from './db/read-chunk.ts'
import { chunkKey } from './db/write-books.ts'
import type { Folded } from './domain/chunk.ts'
import type { LoggedVote, Report } from './domain/task.ts'

/** Votes of one report for one chunk. */
export interface Append {
  readonly job: ActiveJob
  readonly lo: bigint
  readonly report: Report
  readonly votes: readonly LoggedVote[]
}

/** What became of them: all are durable now, but where the chunk is `closed`: sealed, and its log final. */
export type Appended =
  | { readonly kind: 'folded'; readonly folded: readonly Folded[] }
  /** The chunk's owner, another server, will fold them. */
  | { readonly kind: 'sent' }
  | { readonly kind: 'closed' }

type Item = ({ readonly kind: 'append' } & Append) | { readonly kind: 'drain'; readonly held: HeldChunk }

interface Row {
  readonly key: ChunkKey
  readonly held: HeldChunk | undefined
  readonly blocks: Buffer[]
}

/** Bytes of output that weigh as much as a vote does. */
const bytesPerVote = 4096

function weightOf(item: Item): number {
  if (item.kind === 'drain') return 1
  let weight = item.votes.length
  for (const { said } of item.votes) if (said.kind === 'output') weight += said.output.length / bytesPerVote
  return weight
}

/**
 * The one way into the log: group commit, one commit at a time. Votes are folded in the order of the log, right after
 * their commit and before anybody is told.
 */
export function createResultLog(input: {
  readonly database: Database
  readonly serverId: string
  readonly onFolded: (held: HeldChunk, vote: LoggedVote, folded: Folded) => void
  /** Another server has the chunk. */
  readonly onLost: (held: HeldChunk) => void
  /** Votes for chunks of other servers are in the inbox. */
  readonly onSent: (chunks: readonly ChunkKey[]) => void
}) {
  const { database, serverId, onFolded, onLost, onSent } = input

  function fold(held: HeldChunk, votes: Iterable<LoggedVote>): Folded[] {
    const all: Folded[] = []
    for (const vote of votes) {
      const folded = held.chunk.fold(vote)
      onFolded(held, vote, folded)
      all.push(folded)
    }
    return all
  }

  async function drain(held: HeldChunk): Promise<void> {
    if (held.job.chunks.get(held.chunk.lo) !== held) return
    const { job, chunk, nextSeq } = held
    const place = { jobId: job.jobId, lo: chunk.lo, owner: serverId, seq: nextSeq }
    const rows = await drainInbox(database, place).catch(error => {
      onLost(held)
      throw error
    })
    held.nextSeq += rows.length
    for (const { entries } of rows) fold(held, decodeEntries(entries))
  }

  /** One row a chunk. */
  function toRows(appends: readonly Append[]): Map<string, Row> {
    const rows = new Map<string, Row>()
    for (const { job, lo, report, votes } of appends) {
      const key = chunkKey({ jobId: job.jobId, lo })
      const row = rows.get(key) ?? { key: { jobId: job.jobId, lo }, held: job.chunks.get(lo), blocks: [] }
      row.blocks.push(encodeBlock(report, votes))
      rows.set(key, row)
    }
    return rows
  }

  /** @returns how each chunk took its row */
  async function store(rows: ReadonlyMap<string, Row>): Promise<Map<string, HeldChunk | 'sent'>> {
    const own: OwnEntries[] = []
    const foreign: NewEntries[] = []
    for (const { key, held, blocks } of rows.values()) {
      const entries = Buffer.concat(blocks)
      if (held === undefined) foreign.push({ ...key, entries })
      else own.push({ ...key, seq: held.nextSeq, entries })
    }
    const stored = await appendLog(database, { owner: serverId, own, foreign })
    const taken = new Map<string, HeldChunk | 'sent'>()
    for (const key of stored.own.map(chunkKey)) {
      const { held } = rows.get(key) as Row
      if (held === undefined) continue
      taken.set(key, held)
    }
    const lost = own.filter(entries => !taken.has(chunkKey(entries)))
    for (const entries of lost) onLost((rows.get(chunkKey(entries)) as Row).held as HeldChunk)
    const sent = [...stored.foreign, ...(lost.length === 0 ? [] : await send(lost, own, rows))]
    for (const key of sent) taken.set(chunkKey(key), 'sent')
    if (sent.length > 0) onSent(sent)
    return taken
  }

  /** Leaves votes to those who have taken their chunks over. */
  async function send(
    lost: readonly OwnEntries[],
    own: readonly OwnEntries[],
    rows: ReadonlyMap<string, Row>,
  ): Promise<readonly ChunkKey[]> {
    try {
      return (await appendLog(database, { owner: serverId, own: [], foreign: lost })).foreign
    } catch (error) {
      // What the first statement stored will not be folded here: whoever claims these chunks next reads it in the log.
      for (const entries of own) onLost((rows.get(chunkKey(entries)) as Row).held as HeldChunk)
      throw error
    }
  }

  async function write(items: readonly Item[]): Promise<(Appended | undefined)[]> {
    for (const held of new Set(items.flatMap(item => (item.kind === 'drain' ? [item.held] : [])))) await drain(held)
    const appends = items.filter(item => item.kind === 'append')
    const taken = appends.length === 0 ? new Map<string, HeldChunk | 'sent'>() : await store(toRows(appends))
    // From here on nothing is waited for: a chunk that counts a row of its log has folded it too.
    for (const place of taken.values()) if (place !== 'sent') place.nextSeq++
    return items.map(item => {
      if (item.kind === 'drain') return undefined
      const place = taken.get(chunkKey({ jobId: item.job.jobId, lo: item.lo }))
      if (place === undefined) return { kind: 'closed' }
      return place === 'sent' ? { kind: 'sent' } : { kind: 'folded', folded: fold(place, item.votes) }
    })
  }

  const batcher = createBatcher<Item, Appended | undefined>(write, weightOf)
  return {
    /** Resolves once they are durable. @throws {DatabaseUnavailableError} */
    async append(appends: readonly Append[]): Promise<Appended[]> {
      if (appends.length === 0) return []
      return (await batcher.add(appends.map(append => ({ kind: 'append', ...append })))) as Appended[]
    },
    /** Moves what is in the inbox of a chunk to its log, and folds it. */
    async drain(held: HeldChunk): Promise<void> {
      await batcher.add([{ kind: 'drain', held }])
    },
    /** Reports of chunks that wait for their commit. */
    queued: batcher.queued,
    /** Resolves when nothing waits any more. */
    idle: batcher.idle,
  }
}
